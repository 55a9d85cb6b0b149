"""Corpus sync (语料入库): files are loaded, parsed, cut, stored and indexed; unchanged ones are left alone."""

from rag.ingest.files import MOST_BYTES, is_document_name
from rag.ingest.report import IngestReport, Progress
from rag.ingest.sync import ingest, remove
from rag.ingest.taking import RECIPE

__all__ = ["MOST_BYTES", "RECIPE", "IngestReport", "Progress", "ingest", "is_document_name", "remove"]
