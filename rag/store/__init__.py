"""The catalog: documents, passages and facts in SQLite, the truth that the indexes are derived from."""

from rag.store.records import Counts, Failure, Page, SourceRecord, Tally, Twin
from rag.store.repository import Catalog

__all__ = ["Catalog", "Counts", "Failure", "Page", "SourceRecord", "Tally", "Twin"]
