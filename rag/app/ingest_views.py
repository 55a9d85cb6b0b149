"""How what an ingest or an upload did is presented (导入结果). Fields may be added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import Field

from rag.app.strict import StrictModel

if TYPE_CHECKING:  # a question must not wait for what only ingestion needs
    from rag.ingest import IngestReport


class FailureView(StrictModel):
    """A file that could not be taken in."""

    source: str
    reason: str


class IngestView(StrictModel):
    """What an ingest did."""

    added: int
    updated: int
    unchanged: int
    moved: int
    removed: int
    failed: list[FailureView]
    documents: int
    passages: int
    seconds: float

    @classmethod
    def of(cls, report: IngestReport) -> IngestView:
        """Present a report."""
        return cls(
            added=report.added,
            updated=report.updated,
            unchanged=report.unchanged,
            moved=report.moved,
            removed=report.removed,
            failed=[FailureView(source=f.source, reason=f.reason) for f in report.failed],
            documents=report.documents,
            passages=report.passages,
            seconds=report.seconds,
        )


class StoredView(StrictModel):
    """A file that was taken in."""

    source: str
    document_id: str


class UploadView(IngestView):
    """What an upload did."""

    stored: list[StoredView] = Field(description="The files that are documents now, in the order sent.")

    @classmethod
    def of_upload(cls, report: IngestReport, stored: Mapping[str, str]) -> UploadView:
        """Present a report, and the ids of the documents by the names of their files."""
        files = [StoredView(source=source, document_id=document_id) for source, document_id in stored.items()]
        return cls(**IngestView.of(report).model_dump(), stored=files)
