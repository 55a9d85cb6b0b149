"""Bytes of one file to what is stored of it (读取一份文件): loaded, parsed and cut. Runs in the sandbox's workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.chunking import cut
from rag.domain.document import OfficialDocument
from rag.domain.layout import pack
from rag.domain.passage import Passage
from rag.errors import EmptyDocument
from rag.loaders.base import load
from rag.parsing.corrections import NONE, Corrections
from rag.parsing.document import parse
from rag.parsing.likeness import Signature, shingles, signature_of

RECIPE = "16"
"""Changes when loading, parsing or cutting gives another result for the same bytes: files are then taken in anew."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file read and parsed, ready to be stored.

    Attributes:
        document: Without its regions.
        signature: Of its text, by which its twins are found.
        regions: Of the document, packed: they are its bulk, and come from another process.
    """

    document: OfficialDocument
    passages: Sequence[Passage]
    signature: Signature
    regions: bytes


def take(data: bytes, source: str, sha256: str, corrections: Corrections = NONE) -> Taken:
    """Load, parse and cut a file.

    Args:
        data: The whole file.
        source: Its path, as the document will bear it.
        sha256: Hash of the bytes, hex.
        corrections: Elements stated by hand.

    Raises:
        SourceError: It cannot be read as a document.
    """
    document = parse(load(data, source), source=source, sha256=sha256, corrections=corrections)
    if not document.text:
        raise EmptyDocument(source, "文件中没有正文 (nothing but page numbers and the like is in the file)")
    signature = signature_of(shingles(document.text))
    return Taken(replace(document, regions=()), cut(document), signature, pack(document.regions))
