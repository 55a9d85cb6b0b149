"""The commands that list extracted facts (摘录事项): ``rag duties commitments events``."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from rag.app import printing
from rag.app.commitment_views import CommitmentsView
from rag.app.event_views import EventsView
from rag.app.options import (
    DAY,
    IndexOption,
    JsonOption,
    opened,
    with_filters,
    words_of,
)
from rag.app.schemas import DutiesView
from rag.domain.commitment import CommitmentQuery, CommitmentStatus
from rag.domain.event import EventQuery
from rag.domain.filters import Filters
from rag.domain.obligation import DutyQuery


@with_filters
def duties(
    query: Annotated[str, typer.Argument(help="Words of the task or the unit; none for all.")] = "",
    file_format: Annotated[str, typer.Option("--format", help="json | csv | xlsx | text.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write (needed for xlsx).")] = None,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List duties with their lead and cooperating units."""
    exporter = printing.duty_exporter("json" if as_json else file_format, output)
    with opened(index) as engine:
        reader, scope = engine.reader(), engine.operator_scope
        found = list(reader.catalog.duties(scope=scope, filters=filters, query=DutyQuery(words_of(query))))
        texts = reader.texts_of(found, scope=scope)
    exporter(DutiesView.of(found, texts, total=len(found)))


@with_filters
def commitments(
    query: Annotated[str, typer.Argument(help="Words of the commitment or of who makes it; none for all.")] = "",
    status: Annotated[CommitmentStatus | None, typer.Option("--status", help="How far it has come.")] = None,
    due_from: Annotated[datetime | None, typer.Option("--due-from", formats=DAY, help="Due then or later.")] = None,
    due_to: Annotated[datetime | None, typer.Option("--due-to", formats=DAY, help="Due then or before.")] = None,
    file_format: Annotated[str, typer.Option("--format", help="json | csv | xlsx | text.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write (needed for xlsx).")] = None,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List commitments: what is planned, aimed at and done, with date and figures."""
    exporter = printing.commitment_exporter("json" if as_json else file_format, output)
    with opened(index) as engine:
        reader, scope = engine.reader(), engine.operator_scope
        wanted = CommitmentQuery(status, _day(due_from), _day(due_to), words_of(query))
        found = list(reader.catalog.commitments(scope=scope, filters=filters, query=wanted))
        texts = reader.texts_of(found, scope=scope)
    exporter(CommitmentsView.of(found, texts, total=len(found)))


@with_filters
def events(
    query: Annotated[str, typer.Argument(help="Words of the event or of who acted; none for all.")] = "",
    date_from: Annotated[
        datetime | None, typer.Option("--date-from", formats=DAY, help="Some of it happened then or later.")
    ] = None,
    date_to: Annotated[
        datetime | None, typer.Option("--date-to", formats=DAY, help="Some of it happened then or before.")
    ] = None,
    file_format: Annotated[str, typer.Option("--format", help="json | csv | xlsx | text.")] = "text",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write (needed for xlsx).")] = None,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List events: who did what, when and where."""
    exporter = printing.event_exporter("json" if as_json else file_format, output)
    with opened(index) as engine:
        reader, scope = engine.reader(), engine.operator_scope
        wanted = EventQuery(_day(date_from), _day(date_to), words_of(query))
        found = list(reader.catalog.events(scope=scope, filters=filters, query=wanted))
        texts = reader.texts_of(found, scope=scope)
    exporter(EventsView.of(found, texts, total=len(found)))


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None
