"""The command line (命令行): ``rag`` and its commands, of which some stand in modules of their own.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 some inputs failed, 2 usage or
configuration, 3 index missing or damaged, 130 interrupted.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

import rag
from rag.app import printing
from rag.app.audit_commands import audit_app
from rag.app.backup_commands import backup_command, restore_command
from rag.app.document_views import DocumentsView, DocumentView
from rag.app.evaluating import evaluate
from rag.app.exits import FAILED, UNAVAILABLE, exit_code
from rag.app.fact_commands import commitments, duties, events
from rag.app.ingest_views import IngestView
from rag.app.interruption import resumable
from rag.app.key_commands import keys_app
from rag.app.options import (
    IndexOption,
    JsonOption,
    first_fault,
    opened,
    print_json,
    with_filters,
    words_of,
)
from rag.app.precedent_views import PrecedentsView
from rag.app.progress import progress
from rag.app.requests import MOST_ROWS, BatchLine
from rag.app.schemas import AnswerView, HitsView
from rag.app.session_commands import sessions_app
from rag.domain.filters import Filters
from rag.domain.sentence import SentenceFunction
from rag.errors import ConfigurationError, IndexMissing, InvalidRequest, RagError

app = typer.Typer(
    help="Cited answers from Chinese government documents. 依据公文原文作答，句句有出处。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_MOST_OCCURRENCES = 1_000

_GIVES_WAY = 10  # added to the niceness of a long run: who asks a server beside it does not wait for it

_UNSEALED = (
    "目录库尚未封记, 只核对了内容, 未逐字节核对; 下次 rag ingest 会封记"
    " (the catalog is not sealed: a run goes on, was cut off, or was of an earlier version; its contents were checked,"
    " not its bytes)"
)
_BEHIND = (
    "有已读入但尚未索引的文件, 下次 rag ingest 会补上"
    " (a run was cut off: documents are stored that are not indexed yet; the next rag ingest does it)"
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rag {rag.__version__}")
        raise typer.Exit


@app.callback()
def _everywhere(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options without a command."""


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    prune: Annotated[bool, typer.Option("--prune", help="Also remove documents whose files are gone.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take files and folders into the index; unchanged ones are skipped."""
    with resumable("rag ingest"), opened(index) as engine, progress(for_machine=as_json) as on_progress:
        report = engine.ingest(paths, prune=prune, on_progress=on_progress)
    if as_json:
        print_json(IngestView.of(report).model_dump(mode="json"))
    else:
        printing.ingest_report(report)
    if report.failed:
        raise typer.Exit(FAILED)


@app.command()
@with_filters
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help='File of {"id","question"} lines; one answer object a line.')
    ] = None,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", help="A question asked before; give several oldest first. 追问据此补全。"),
    ] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=100, help="Most citations wanted.")] = 10,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with cited statements, or say that the documents do not."""
    if (question is None) == (batch is None):
        raise InvalidRequest("give either a question or --batch FILE")
    with opened(index) as engine:

        def answer(text: str, before: Sequence[str]) -> AnswerView:
            started = time.perf_counter()
            reader = engine.reader()
            found = reader.answerer.answer(
                words_of(text), scope=engine.operator_scope, filters=filters, top_k=top_k, history=before
            )
            twins = reader.twins_of(found, scope=engine.operator_scope)
            return AnswerView.of(found, elapsed_ms=(time.perf_counter() - started) * 1000, twins=twins)

        if batch is not None:
            _answer_batch(batch, answer)
        elif question is not None:
            view = answer(question, [words_of(asked) for asked in history or ()])
            if as_json:
                print_json(view.as_json())
            else:
                printing.answer(view)


def _answer_batch(batch: Path, answer: Callable[[str, Sequence[str]], AnswerView]) -> None:
    """Answer each line; one that cannot be answered gets an error object, and the rest goes on."""
    try:
        lines = batch.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InvalidRequest(f"{batch}: cannot be read: {reason}") from error
    has_failed = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = BatchLine.model_validate_json(line)
        except ValidationError as error:
            has_failed = True
            value: dict[str, object] = {"id": _id_of(line), "error": f"line {number}: {first_fault(error)}"}
        else:
            try:
                value = {"id": asked.id, **answer(asked.question, asked.history).as_json()}
            except InvalidRequest as error:
                has_failed = True
                value = {"id": asked.id, "error": f"line {number}: {error}"}
        typer.echo(json.dumps(value, ensure_ascii=False))
    if has_failed:
        raise typer.Exit(FAILED)


def _id_of(line: str) -> object:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str | int) else None


@app.command()
@with_filters
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=200, help="Most passages wanted.")] = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show what each leg of the search gave.")] = False,
    clauses: Annotated[bool, typer.Option("--clauses", help="Show the whole clause of each passage.")] = False,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages."""
    with opened(index) as engine:
        found = engine.reader().find_passages(
            words_of(query), scope=engine.operator_scope, filters=filters, top_k=top_k, with_clauses=clauses
        )
        view = HitsView.of(found)
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        printing.hits(view, explain=explain)


@app.command()
@with_filters
def precedents(
    text: Annotated[str, typer.Argument(help="What is to be said: a sentence or a few.")],
    function: Annotated[SentenceFunction | None, typer.Option("--function", help="What the sentence is for.")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=100, help="Most sentences wanted.")] = 20,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find sentences of past documents worded like TEXT; identical ones are grouped."""
    words = words_of(text)
    with opened(index) as engine:
        found = engine.reader().find_precedents(
            words, scope=engine.operator_scope, filters=filters, function=function, limit=top_k
        )
    view = PrecedentsView.of(words, found, most_occurrences=_MOST_OCCURRENCES)
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        printing.precedents(view)


for _facts in (duties, commitments, events):  # the help lists commands in this order
    app.command()(_facts)


@app.command()
@with_filters
def documents(
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, max=MOST_ROWS, help="Most documents wanted.", show_default="all")
    ] = None,
    offset: Annotated[int, typer.Option("--offset", min=0, max=MOST_ROWS, help="Documents to skip.")] = 0,
    *,
    filters: Filters,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List documents, newest first."""
    with opened(index) as engine:
        catalog = engine.reader().catalog
        page = catalog.list_documents(scope=engine.operator_scope, filters=filters, limit=limit, offset=offset)
        twins = catalog.twins((d.document_id for d in page.documents), scope=engine.operator_scope)
    view = DocumentsView.of(page, twins, limit=limit, offset=offset)
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        printing.documents(view)


@app.command()
def show(
    document_id: Annotated[str, typer.Argument(help="Id, source path or 发文字号 of the document.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one document's elements and text."""
    with opened(index) as engine:
        reader = engine.reader()
        document = reader.find_document(words_of(document_id), scope=engine.operator_scope)
        files = reader.files_of(document.document_id, scope=engine.operator_scope)
    view = DocumentView.of(document, sources=files.sources, twins=files.twins)
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        printing.document(view)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port.", show_default="8000")] = None,
    index: IndexOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as JSON on stdout.")] = False,
) -> None:
    """Serve the web page and the API."""
    from rag.app.serving import address_of, listen, serve_on
    from rag.app.starting import start

    with opened(index) as engine:
        host, port = host or engine.settings.host, port or engine.settings.port
        engine.models.load()  # also where there is no index yet: a wrong name is told now, not at the first question
        if engine.openid is not None:
            engine.openid.grants.now()  # likewise a wrong file, not at the first sign-in
        with listen(host, port, has_keys=engine.keys.are_any) as socket:
            try:
                start(engine)
            except IndexMissing as error:  # documents may come over HTTP
                typer.echo(f"rag: {error}\n  → {error.remedy}", err=True)
            if as_json:
                print_json({"url": address_of(socket)})
            else:
                typer.echo(address_of(socket), err=True)
            serve_on(socket, engine)


@app.command()
def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild what is wrong from the catalog.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check catalog, generation, hashes, counts and offsets."""
    with opened(index) as engine:
        if repair:
            report = engine.repair()
            for failure in report.failed if report else ():
                typer.echo(f"失败 failed: {failure.source}: {failure.reason}", err=True)
        problems = engine.problems()
        notes = [_BEHIND] if not problems and engine.is_behind() else []
        notes += [_UNSEALED] if not problems and not engine.is_sealed() else []
        notes += [engine.note] if engine.note else []
    if as_json:
        print_json({"ok": not problems, "problems": problems} | ({"notes": notes} if notes else {}))
    else:
        typer.echo("\n".join(problems or [*notes, "完好 (all is well)"]))
    if problems:
        raise typer.Exit(UNAVAILABLE)


app.command(name="eval")(evaluate)
app.add_typer(keys_app, name="key")
app.add_typer(sessions_app, name="session")
app.add_typer(audit_app, name="audit")
app.command("backup")(backup_command)
app.command("restore")(restore_command)


def _check_names() -> None:
    """Check that files may have Chinese names, as they may unless Python is told to keep to ASCII.

    Raises:
        ConfigurationError: They may not.
    """
    encoding = sys.getfilesystemencoding()
    try:
        "公文".encode(encoding)
    except UnicodeEncodeError as error:
        raise ConfigurationError(
            f"file names are {encoding} here, which has no Chinese", remedy="unset PYTHONUTF8, or PYTHONUTF8=1"
        ) from error


def main() -> None:
    """Run the command line; every error we raise on purpose becomes one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the console's code page, and names that are no text
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if sys.argv[1:2] == ["ingest"] and hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
    try:
        _check_names()
        app()
    except RagError as error:
        typer.echo(f"rag: {error}" + (f"\n  → {error.remedy}" if error.remedy else ""), err=True)
        raise SystemExit(exit_code(error)) from None
