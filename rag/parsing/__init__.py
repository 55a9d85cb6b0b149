"""Blocks of text to official documents: canonical text, elements, clauses, duties, agency names."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.parsing.document import parse

__all__ = ["parse"]


def __getattr__(name: str) -> object:
    """Import the parser at first use: questions need agency names alone, and its patterns take .3 s to compile."""
    if name == "parse":
        from rag.parsing.document import parse

        return parse
    raise AttributeError(name)
