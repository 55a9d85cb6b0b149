"""Bytes of a file to a ``RawDocument``."""

from rag.loaders.base import SUFFIXES, load
from rag.loaders.raw import Box, MediaType, RawBlock, RawDocument

__all__ = ["SUFFIXES", "Box", "MediaType", "RawBlock", "RawDocument", "load"]
