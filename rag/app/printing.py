"""What the command line prints for people (终端输出)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer
from pydantic import BaseModel

from rag.app.commitment_views import CommitmentsView
from rag.app.document_views import DocumentsView, DocumentView
from rag.app.event_views import EventsView
from rag.app.exporting import COMMITMENTS, DUTIES, EVENTS, Table
from rag.app.precedent_views import PrecedentsView
from rag.app.provenance import reading_in_words
from rag.app.schemas import AnswerView, DutiesView, HitsView
from rag.app.words.catalogue import Texts
from rag.app.words.message import Language
from rag.domain.reading import Reading
from rag.errors import InvalidRequest

if TYPE_CHECKING:
    from rag.evaluation.judging import Changes
    from rag.evaluation.significance import Comparison
    from rag.ingest import IngestReport

_View = TypeVar("_View", bound=BaseModel)
_Item = TypeVar("_Item")

_PLACES_PRINTED = 3

_PRINTED_APART = {"text", "spans", "sources", "also_in", "reading"}


def ingest_report(report: IngestReport) -> None:
    """Print what an ingest did, and on stderr what it could not take in."""
    typer.echo(
        f"新增 {report.added}，更新 {report.updated}，未变 {report.unchanged}，移动 {report.moved}，"
        f"删除 {report.removed}，失败 {len(report.failed)}；"
        f"共 {report.documents} 份文件、{report.passages} 个段落，用时 {report.seconds:.1f} 秒"
    )
    for failure in report.failed:
        typer.echo(f"失败 failed: {failure.source}: {failure.reason}", err=True)


def answer(view: AnswerView) -> None:
    """Print an answer with its sources, or a refusal with the nearest documents."""
    is_english = view.language == "en"
    texts, colon = Texts(Language.of(view.language)), ": " if is_english else "："
    typer.echo(f"{texts('print.question')}{colon}{view.question}\n")
    for note in view.notes or []:
        typer.echo(f"{texts('print.note')}{colon}{note}\n")
    if view.status == "no_evidence":
        typer.echo(f"没有依据 no evidence{colon}{view.answer}")
        for lead in view.leads or []:
            typer.echo(f"  {texts('print.lead')}{colon}{lead.title or lead.document_id}（{lead.document_id}）")
        return
    if view.mode == "llm":
        typer.echo(
            "语言模型代拟，逐句核对过引文 (written by a language model, each sentence checked against its citations)\n"
        )
    typer.echo(view.answer)
    _duties_found(view)
    _unverified(view)
    typer.echo(f"\n{texts('print.sources')}{colon.rstrip()}")
    for c in view.citations:
        title = f"《{c.title}》" if c.title else c.source
        number = f"（{c.document_number}）" if c.document_number else ""
        page = f" {texts('answer.page', page=c.page)}" if c.page else ""
        section = f" {' > '.join(c.section)}" if c.section else ""
        typer.echo(
            f"  [{c.id}] {'' if c.title and c.issuer and c.title.startswith(c.issuer) else c.issuer or ''}{title}{number}{page}{section}"
        )
        typer.echo(f"      “{c.quote}”")
        typer.echo(f"      {c.source} {c.start}:{c.end}")
        if c.also_in:
            typer.echo(f"      同文：{'、'.join(twin.source for twin in c.also_in)}")


def _duties_found(view: AnswerView) -> None:
    if not view.duties:
        return
    texts, colon = Texts(Language.of(view.language)), ": " if view.language == "en" else "："
    typer.echo(f"\n{texts('answer.duties')}{colon.rstrip()}")
    for duty in view.duties:
        marks = "".join(f"[{i}]" for i in duty.citations)
        typer.echo(f"  {duty.task}{marks}")
        led_by = texts("list.separator").join(_glossed(duty.lead, view.glosses)) or texts("print.none")
        typer.echo(f"    {texts('answer.lead')}{colon}{led_by}")
        if duty.cooperating:
            helping = texts("list.separator").join(_glossed(duty.cooperating, view.glosses))
            typer.echo(f"    {texts('answer.cooperating')}{colon}{helping}")


def _unverified(view: AnswerView) -> None:
    if not view.unverified:
        return
    typer.echo("\n未核实，不作为答案 not verified, no part of the answer：")
    for sentence in view.unverified:
        marks = "".join(f"[{i}]" for i in sentence.citations)
        typer.echo(f"  {sentence.text}{marks}（{'；'.join(sentence.reasons)}）")


def _glossed(names: Iterable[str], glosses: Mapping[str, str] | None) -> list[str]:
    return [f"{name} ({glosses[name]})" if glosses and name in glosses else name for name in names]


def hits(view: HitsView, *, explain: bool) -> None:
    """Print passages found, best first."""
    for note in view.notes:
        typer.echo(f"注：{note}")
    for rank, hit in enumerate(view.hits, 1):
        number = f"（{hit.document_number}）" if hit.document_number else ""
        typer.echo(f"{rank}. {hit.title or hit.source}{number}  {' > '.join(hit.section)}  [{hit.score:.3f}]")
        if explain:
            typer.echo("   " + "  ".join(f"{name} {value:.3f}" for name, value in hit.parts.items()))
        typer.echo(f"   {hit.clause.text if hit.clause else hit.text}\n   {hit.source} {hit.start}:{hit.end}")
        if hit.also_in:
            typer.echo(f"   同文：{'、'.join(twin.source for twin in hit.also_in)}")
        if hit.repeated_in:
            typer.echo(f"   相同段落见于：{'、'.join(repeat.source for repeat in hit.repeated_in)}")
    if not view.hits:
        typer.echo("没有找到 nothing found")


def precedents(view: PrecedentsView) -> None:
    """Print precedents, best first, each with where it stands."""
    texts = Texts(Language.ZH)
    for rank, found in enumerate(view.precedents, 1):
        times = f"，{found.count} 处" if found.count > 1 else ""
        typer.echo(f"{rank}. {found.text}\n   【{texts(f'function.{found.function}')}】[{found.score:.3f}]{times}")
        for each in found.occurrences[:_PLACES_PRINTED]:
            number = f"（{each.document_number}）" if each.document_number else ""
            typer.echo(f"   {f'《{each.title}》' if each.title else each.source}{number} {each.start}:{each.end}")
        if found.count > _PLACES_PRINTED:
            typer.echo(f"   另有 {found.count - _PLACES_PRINTED} 处")
    typer.echo(f"共 {view.total} 句" if view.total else "没有找到 nothing found")


def documents(view: DocumentsView) -> None:
    """Print a list of documents."""
    for d in view.documents:
        day = d.issued_on or d.printed_on
        typer.echo(
            f"{d.document_id}  {day or '----------'}  {d.kind.value:<6}  {d.disclosure:<10}  "
            f"{d.title or d.source}{f'（{d.document_number}）' if d.document_number else ''}"
            f"{f'  同文 {len(d.also_in)}' if d.also_in else ''}"
        )
    typer.echo(f"共 {view.total} 份")


def document(view: DocumentView) -> None:
    """Print a document's elements, how it was read, its other files, and its text."""
    for name, value in view.model_dump(mode="json", exclude=_PRINTED_APART).items():
        if value not in (None, [], ""):
            typer.echo(f"{name}: {_in_words(value)}")
    if len(view.sources) > 1:
        typer.echo(f"sources: {_in_words(view.sources)}")
    for twin in view.also_in:
        typer.echo(f"also_in: {twin.source}（{twin.document_id}）")
    reading = Reading(
        view.reading.media_type,
        tuple(view.reading.ocr_pages),
        view.reading.confidence,
        view.reading.hidden_characters,
        tuple(view.reading.attachments),
    )
    said = reading_in_words(reading, view.pages, Texts(Language.ZH))
    typer.echo(f"reading: {'；'.join((reading.media_type, *said))}")
    if reading.attachments:
        typer.echo(f"packed: {_in_words(view.reading.attachments)}")
    typer.echo(f"\n{view.text}")


def _in_words(value: object) -> str:
    """Return an element's value on one line."""
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return "  ".join(f"{name} {part}" for name, part in value.items() if part is not None)
    return str(value)


def duty_exporter(file_format: str, output: Path | None) -> Callable[[DutiesView], None]:
    """Return what writes duties in a format, to a file or to stdout.

    Raises:
        InvalidRequest: The format is unknown, or it is binary and no file is named.
    """
    return _exporter(DUTIES, _duties_text, file_format, output)


def commitment_exporter(file_format: str, output: Path | None) -> Callable[[CommitmentsView], None]:
    """Return what writes commitments in a format, to a file or to stdout.

    Raises:
        InvalidRequest: The format is unknown, or it is binary and no file is named.
    """
    return _exporter(COMMITMENTS, _commitments_text, file_format, output)


def event_exporter(file_format: str, output: Path | None) -> Callable[[EventsView], None]:
    """Return what writes events in a format, to a file or to stdout.

    Raises:
        InvalidRequest: The format is unknown, or it is binary and no file is named.
    """
    return _exporter(EVENTS, _events_text, file_format, output)


def _exporter(
    table: Table[_View, _Item], as_text: Callable[[_View], bytes], file_format: str, output: Path | None
) -> Callable[[_View], None]:
    writers: dict[str, Callable[[_View], bytes]] = {
        "json": lambda view: (view.model_dump_json(indent=2) + "\n").encode(),
        "csv": table.csv,
        "xlsx": table.xlsx,
        "text": as_text,
    }
    if file_format not in writers:
        raise InvalidRequest(f"--format {file_format}: choose from {', '.join(writers)}")
    if file_format == "xlsx" and output is None and sys.stdout.isatty():
        raise InvalidRequest("--format xlsx is binary: name a file with --output")

    def write(view: _View) -> None:
        data = writers[file_format](view)
        if output is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        try:
            output.write_bytes(data)
        except OSError as error:
            raise InvalidRequest(f"--output {output}: cannot be written: {error.strerror}") from error

    return write


def _duties_text(view: DutiesView) -> bytes:
    lines = []
    for d in view.duties:
        lines.append(f"{d.task}\n  牵头：{'、'.join(d.lead) or '（未写明）'}")
        if d.cooperating:
            lines.append(f"  配合：{'、'.join(d.cooperating)}")
        lines.append(
            f"  {d.title or d.source}{f'（{d.document_number}）' if d.document_number else ''} {d.start}:{d.end}"
        )
    lines.append(f"共 {view.total} 条")
    return ("\n".join(lines) + "\n").encode()


_STATUS_WORDS = {"done": "已完成", "planned": "计划", "target": "目标"}


def _commitments_text(view: CommitmentsView) -> bytes:
    lines = []
    for c in view.commitments:
        when = f"　时限 {c.deadline or '未能换算'}（{c.deadline_text}）" if c.deadline_text else ""
        when = when or (f"　时限 {c.deadline}" if c.deadline else "")
        lines.append(f"【{_STATUS_WORDS[c.status]}】{c.actor or '（未写明）'}{when}\n  {c.text}")
        lines.append(
            f"  {c.title or c.source}{f'（{c.document_number}）' if c.document_number else ''} {c.start}:{c.end}"
        )
    lines.append(f"共 {view.total} 条")
    return ("\n".join(lines) + "\n").encode()


def _events_text(view: EventsView) -> bytes:
    lines = []
    for e in view.events:
        when = e.resolved if e.resolved and e.resolved != e.when else None
        lines.append(f"【{e.when}{f' = {when}' if when else ''}】{e.actor or '（未写明）'}\n  {e.text}")
        lines.append(
            f"  {e.title or e.source}{f'（{e.document_number}）' if e.document_number else ''} {e.start}:{e.end}"
        )
    lines.append(f"共 {view.total} 条")
    return ("\n".join(lines) + "\n").encode()


def measures(report: Mapping[str, object]) -> None:
    """Print what an evaluation measured, a line each, with the interval of a mean behind it."""
    intervals = report.get("interval_95")
    bounds = intervals if isinstance(intervals, dict) else {}
    for name, value in report.items():
        if value is intervals and bounds:
            continue
        if isinstance(value, float):
            typer.echo(
                f"{name}: {value:.4f}" + ("  (95 %: {:.4f}–{:.4f})".format(*bounds[name]) if name in bounds else "")
            )
        elif isinstance(value, list):
            for item in value:
                typer.echo(f"{name}: {item}")
        else:
            typer.echo(f"{name}: {value}")


def comparison(run: str, compared: Mapping[str, Comparison]) -> None:
    """Print how a run differs from one kept before, a measure a line."""
    typer.echo(f"\n与 {run} 相比 (against it; p is of a paired randomisation test):")
    width = max(map(len, compared))
    for name, found in compared.items():
        typer.echo(
            f"{name:<{width}}  {found.before:.4f} → {found.after:.4f}  {_difference(found)}"
            f"  更好 better {found.better}, 更差 worse {found.worse}"
        )


def changes(run: str, changed: Changes) -> None:
    """Print which questions came out otherwise than in a run kept before."""
    found = changed.comparison
    typer.echo(f"\n与 {run} 相比 (against it): {found.before:.1%} → {found.after:.1%}  {_difference(found)}")
    for verdict in changed.passed_now:
        typer.echo(f"现在通过 passes now: {verdict.question.id} {verdict.question.question}")
    for verdict in changed.failed_now:
        typer.echo(
            f"现在不过 fails now: {verdict.question.id} {verdict.question.question}: {'; '.join(verdict.reasons)}"
        )
    if changed.added:
        typer.echo(f"新题 not asked before: {'、'.join(changed.added)}")
    if changed.dropped:
        typer.echo(f"未再问 not asked now: {'、'.join(changed.dropped)}")


def _difference(found: Comparison) -> str:
    return (
        f"{found.difference:+.4f} (95 %: {found.interval.low:+.4f}…{found.interval.high:+.4f}), p {found.p_value:.4f}"
    )
