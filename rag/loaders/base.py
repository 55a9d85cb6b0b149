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
        case MediaType.MARKDOWN:
            from rag.loaders.markup import load_markdown

            return load_markdown(data, source)
        case _:
            from rag.loaders.markup import load_text

            return load_text(data, source)
