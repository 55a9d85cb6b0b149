"""Blocks of text to official documents: canonical text, elements, clauses, duties, agency names."""

from rag.parsing.document import parse

__all__ = ["parse"]
