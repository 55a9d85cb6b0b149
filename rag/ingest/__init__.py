"""Corpus sync (语料入库): files are loaded, parsed, cut, stored and indexed; unchanged ones are left alone."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.ingest.files import MOST_BYTES, is_document_name
    from rag.ingest.report import IngestReport, Progress
    from rag.ingest.sync import ingest, remove
    from rag.ingest.taking import RECIPE

__all__ = ["MOST_BYTES", "RECIPE", "IngestReport", "Progress", "ingest", "is_document_name", "remove"]

_MODULES = {
    "MOST_BYTES": "files",
    "is_document_name": "files",
    "IngestReport": "report",
    "Progress": "report",
    "ingest": "sync",
    "remove": "sync",
    "RECIPE": "taking",
}


def __getattr__(name: str) -> object:
    """Import at first use: the processes that parse files need ``taking`` alone, not the indexes."""
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(name)
