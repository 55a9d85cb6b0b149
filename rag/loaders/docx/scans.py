"""Scans pasted into a Word document (扫描件): where it holds pictures and not a word, the pictures are its pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rag.domain.reading import Reading
from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.docx.names import A, R, V
from rag.loaders.docx.package import Package
from rag.loaders.raw import MediaType, RawBlock, RawDocument

_MOST_PICTURES = 1_000
_LEAST_BYTES = 4_096
"""A picture of fewer is no page of print."""


def read_scans(package: Package, body: Any, source: str) -> RawDocument | None:
    """Return the words on the pictures of a document, each a page, in order; ``None`` where none shows words.

    Raises:
        UnreadableSource: There are pictures, and none of them can be read.
    """
    # Recognition loads its models; documents with words in them never come here.
    from rag.loaders.images import load_image

    blocks: list[RawBlock] = []
    pages: list[int] = []
    shares: list[tuple[float, int]] = []
    damaged: UnreadableSource | None = None
    before, is_any_read = 0, False
    for data in _pictures(package, body):
        try:
            scan = load_image(data, source)
        except EmptyDocument:
            is_any_read = True
            continue
        except UnreadableSource as error:
            damaged = damaged or error
            continue
        is_any_read = True
        blocks.extend(_moved(block, before) for block in scan.blocks)
        pages.extend(page + before for page in scan.reading.ocr_pages)
        if scan.reading.confidence is not None:
            shares.append((scan.reading.confidence, sum(len(block.text) for block in scan.blocks)))
        before += scan.pages or 1
    if damaged is not None and not is_any_read:
        raise damaged
    if not blocks:
        return None
    characters = sum(count for _, count in shares)
    confidence = sum(mean * count for mean, count in shares) / characters if characters else None
    return RawDocument(tuple(blocks), MediaType.DOCX, before, Reading(ocr_pages=tuple(pages), confidence=confidence))


def _pictures(package: Package, body: Any) -> Iterator[bytes]:
    """Yield the picture files in the order they stand; the copy for older programs is the same file."""
    names: dict[str, str] = {}
    for element in body.iter(f"{A}blip", f"{V}imagedata"):
        identity = element.get(f"{R}embed") or element.get(f"{R}id")
        if (related := package.related(identity)) is not None:
            names.setdefault(related.target, identity)
    for identity in list(names.values())[:_MOST_PICTURES]:
        data = package.read(identity)
        if data is not None and len(data) >= _LEAST_BYTES:
            yield data


def _moved(block: RawBlock, pages: int) -> RawBlock:
    return replace(
        block,
        page=None if block.page is None else block.page + pages,
        fragments=tuple(replace(part, page=part.page + pages) for part in block.fragments),
    )
