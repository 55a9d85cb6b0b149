"""Bytes of a file to a ``RawDocument``."""

from rag.loaders.base import SUFFIXES, load
from rag.loaders.raw import Fragment, MediaType, RawBlock, RawDocument

__all__ = ["SUFFIXES", "Fragment", "MediaType", "RawBlock", "RawDocument", "load"]
