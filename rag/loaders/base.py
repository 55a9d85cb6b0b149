"""Bytes of one file to blocks of text: which loader reads what.

A loader knows a file format and nothing about official documents; joining, elements and clauses are
``rag.parsing``'s. A new format adds a module, a line in ``load`` and its signs in ``detection``.
"""

from __future__ import annotations

from rag.errors import EmptyDocument, UnsupportedFormat
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
            from rag.loaders.markup import load_text

            return load_text(data, source)
        case MediaType.PDF:
            from rag.loaders.pdf import load_pdf

            return load_pdf(data, source)
        case MediaType.MARKDOWN:
            from rag.loaders.markup import load_markdown

            return load_markdown(data, source)
        case MediaType.HTML:
            from rag.loaders.html import load_html

            return load_html(data, source)
        case MediaType.OFD:
            from rag.loaders.ofd import load_ofd

            return load_ofd(data, source)
        case _:
            raise UnsupportedFormat(source, f"不支持 {media_type.name} 格式 (no loader reads {media_type.name})")
