"""How a file was read, in words (读取说明), for pages and terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rag.app.words.catalogue import Texts
from rag.domain.reading import Reading


def reading_in_words(reading: Reading, pages: int | None, texts: Texts) -> list[str]:
    """Return what a reader must know of how the text came about, a sentence each; nothing for plain typed text.

    Args:
        reading: How it was read.
        pages: Pages of the file.
        texts: The language.
    """
    said = []
    if reading.ocr_pages:
        if reading.confidence is None:
            said.append(texts("reading.recognised"))
        else:
            # Rounded down: 99.97 % is not all.
            share = f"{int(reading.confidence * 1000) / 10:.1f}"
            said.append(texts("reading.confidence", share=share))
        if len(reading.ocr_pages) != (pages or 1):
            said.append(texts("reading.pages", pages=page_ranges(reading.ocr_pages, texts("list.separator"))))
    if reading.hidden_characters:
        said.append(texts("reading.hidden", characters=reading.hidden_characters))
    return said


def page_ranges(pages: Sequence[int], separator: str) -> str:
    """Return pages in ascending order as ranges: 1–3、7."""
    ranges: list[list[int]] = []
    for page in sorted(set(pages)):
        if ranges and ranges[-1][1] == page - 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    return separator.join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)
