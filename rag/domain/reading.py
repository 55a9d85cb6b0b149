"""How a file was read (读取方式): what a reader must know to judge the text taken from it."""

from __future__ import annotations

from dataclasses import dataclass

from rag.domain.layout import Box, PageGeometry


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file's text came about.

    Attributes:
        media_type: IANA media type of the content, whatever the file is called; ``""`` when unknown.
        ocr_pages: 1-based pages whose words were recognised from an image (OCR); the others hold them as text.
        confidence: Mean confidence of the recognised characters, 0..1; ``None`` when none were.
        hidden_characters: Characters the file holds but does not show; they are not part of the text.
        attachments: Names of files packed into it, which are not part of the text.
        geometry: Of each page, by which its picture can be shown; ``None`` for one that cannot. Empty for a format
            without pages, and for a document taken in before this was kept.
        covered: Page (1-based) and place of personal data (个人信息) in what was left out of the text as furniture of
            the page.
    """

    media_type: str = ""
    ocr_pages: tuple[int, ...] = ()
    confidence: float | None = None
    hidden_characters: int = 0
    attachments: tuple[str, ...] = ()
    geometry: tuple[PageGeometry | None, ...] = ()
    covered: tuple[tuple[int, Box], ...] = ()
