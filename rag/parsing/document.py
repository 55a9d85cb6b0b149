"""A loaded file to an official document (公文): the one way into ``rag.parsing``."""

from __future__ import annotations

from rag.domain.document import Block, BlockRole, Elements, Kind, OfficialDocument
from rag.loaders import RawDocument
from rag.parsing.canonical import canonicalize

DOCUMENT_ID_DIGITS = 16


def parse(raw: RawDocument, *, source: str, sha256: str) -> OfficialDocument:
    """Parse a loaded file.

    Args:
        raw: The file's blocks.
        source: Path relative to the corpus folder, ``/`` between parts.
        sha256: Hash of the file's bytes, hex.
    """
    canonical = canonicalize(raw)
    blocks = tuple(
        Block(line.span, BlockRole.TABLE if line.is_table_row else BlockRole.BODY, line.page)
        for line in canonical.lines
    )
    return OfficialDocument(
        document_id=sha256[:DOCUMENT_ID_DIGITS],
        source=source,
        sha256=sha256,
        kind=Kind.OTHER,
        text=canonical.text,
        elements=Elements(),
        blocks=blocks,
        clauses=(),
        duties=(),
        pages=raw.pages,
    )
