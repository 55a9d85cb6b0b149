"""Bytes of one file to blocks of text: which loader reads what.

A loader knows a file format and nothing about official documents; joining, elements and clauses are
``rag.parsing``'s. A new format adds a module, a line in ``load`` and its signs in ``detection``.
"""

from __future__ import annotations

from rag.errors import EmptyDocument
from rag.loaders.detection import SUFFIXES, detect
from rag.loaders.raw import MediaType, RawDocument

__all__ = ["SUFFIXES", "load"]


def load(data: bytes, source: str) -> RawDocument:
    """Read a file into blocks, choosing the loader by its content, then by its suffix.

    Libraries for a format are imported when the first file of that format is read.

    Args:
        data: The whole file.
        source: Its path, for the suffix and for errors.

    Raises:
        EmptyDocument: The file holds no text.
        UnsupportedFormat: No loader reads this kind of file.
        UnreadableSource: It is damaged, encrypted or too large.
    """
    if not data.strip():
        raise EmptyDocument(source, "文件为空 (the file is empty)")
    media_type = detect(data, source)
    raw = _load(media_type, data, source)
    if not raw.blocks:
        raise EmptyDocument(source, "文件中没有文字 (the file holds no text)")
    return raw


def _load(media_type: MediaType, data: bytes, source: str) -> RawDocument:
    match media_type:
        case MediaType.TEXT:
            from rag.loaders.markup import load_text as load_it
        case MediaType.MARKDOWN:
            from rag.loaders.markdown import load_markdown as load_it
        case MediaType.HTML:
            from rag.loaders.html import load_html as load_it
        case MediaType.PDF:
            from rag.loaders.pdf import load_pdf as load_it
        case MediaType.OFD:
            from rag.loaders.ofd import load_ofd as load_it
        case MediaType.DOCX:
            from rag.loaders.docx import load_docx as load_it
        case MediaType.DOC | MediaType.RTF | MediaType.ODT:
            from rag.loaders.office import load_office as load_it
        case MediaType.PNG | MediaType.JPEG | MediaType.TIFF:
            from rag.loaders.images import load_image as load_it
    return load_it(data, source)
