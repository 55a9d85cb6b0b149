"""The operator's pages (管理): upload, sync, failed files, state of the index, checks, corrections, another encoder."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from rag.app import runs
from rag.app.access import operator_scope
from rag.app.correcting import Value, correct
from rag.app.dependencies import EngineHere, OperatorScope
from rag.app.ingest_views import IngestView
from rag.app.pages.links import Links
from rag.app.pages.navigation import Entry, Section
from rag.app.pages.rendering import NOT_KEPT, LanguageHere, fragment, page
from rag.app.runs import Run, RunKind, Runs
from rag.app.trail import note_changed
from rag.app.uploads import store_upload
from rag.app.wiring import Engine
from rag.app.words.message import Language
from rag.domain.access import Disclosure, Scope
from rag.domain.document import Elements, Kind, OfficialDocument
from rag.errors import IndexUnavailable, InvalidRequest, SourceError
from rag.indexes.generation import live_manifest

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router, Entry("admin", "/admin", is_for_operators=True))

CORRECTABLE = (
    "title", "document_number", "issuer", "co_issuers", "place", "reply_category", "addressees", "cc", "signatory",
    "issued_on", "printed_on", "attachments", "lead_unit", "cooperating_units",
)  # fmt: skip
"""Elements that the form shows as text; beside them ``kind`` and ``disclosure``."""
_LISTS = frozenset({"co_issuers", "addressees", "cc", "attachments", "cooperating_units"})
_DAYS = frozenset({"issued_on", "printed_on"})


def _runs(request: Request) -> Runs:
    held: Runs = request.app.state.runs
    return held


RunsHere = Annotated[Runs, Depends(_runs)]


@router.get("/admin")
def admin_page(
    request: Request, engine: EngineHere, held: RunsHere, scope: OperatorScope, busy: bool = False
) -> HTMLResponse:
    """Show the state of the index, and what can be done."""
    return _page(request, engine, held, scope, is_busy=busy)


def _page(
    request: Request,
    engine: Engine,
    held: Runs,
    scope: Scope,
    *,
    is_busy: bool = False,
    uploaded: IngestView | None = None,
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    state: dict[str, Any] = {
        "missing": None,
        "counts": None,
        "generation": None,
        "failures": [],
        "is_behind": False,
        "made_with": None,
    }
    try:
        reader = engine.reader()
        state |= {
            "counts": reader.catalog.counts(scope=scope),
            "generation": reader.generation.number,
            "made_with": live_manifest(engine.settings.index_dir).recipe,
            "failures": reader.catalog.failures(),
            "is_behind": engine.is_behind(),
        }
    except IndexUnavailable as error:
        state["missing"] = str(error)
    return page(
        request,
        "admin.html",
        status=status,
        twin="/admin/run.json",
        run=held.last,
        is_busy=is_busy,
        uploaded=uploaded,
        corpus=engine.settings.corpus_dir,
        megabytes=engine.settings.upload_megabytes,
        encoder=engine.settings.encoder or "",
        note=engine.note,
        **state,
    )


@router.post("/admin/upload")
def upload(
    request: Request, engine: EngineHere, held: RunsHere, scope: OperatorScope, files: list[UploadFile]
) -> HTMLResponse:
    """Take files in, and show the page with what became of each; for browsers without JavaScript."""
    note_changed(request, (file.filename or "" for file in files))
    try:
        uploaded = IngestView.of(store_upload(engine, files).report)
    except SourceError as error:
        failed = [{"source": error.source, "reason": error.reason}]
        nothing = dict.fromkeys(
            ("added", "updated", "unchanged", "moved", "removed", "documents", "passages", "seconds"), 0
        )
        uploaded = IngestView.model_validate({**nothing, "failed": failed})
    status = HTTPStatus.OK if not uploaded.failed else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, engine, held, scope, uploaded=uploaded, status=status)


# --------------------------------------------------------------------------------------------- runs


@router.post("/admin/run", dependencies=[Depends(operator_scope)])
def start(
    engine: EngineHere,
    held: RunsHere,
    language: LanguageHere,
    kind: Annotated[RunKind, Form()],
    prune: Annotated[bool, Form()] = False,
    encoder: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Start a run, and go back to the page."""
    work = {
        RunKind.SYNC: runs.sync(engine, prune=prune),
        RunKind.VERIFY: runs.verify(engine),
        RunKind.REPAIR: runs.repair(engine),
        RunKind.REBUILD: runs.rebuild(engine, encoder.strip() or None),
    }[kind]
    is_started = held.start(kind, work)
    back = Links(language).to("/admin", busy=None if is_started else "true") + "#run"
    return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)


@router.get("/admin/run.json", dependencies=[Depends(operator_scope)], response_class=JSONResponse)
def run_json(request: Request, held: RunsHere) -> JSONResponse:
    """Tell how the last run stands; ``html`` is how the page shows it."""
    run = held.last
    if run is None:
        return JSONResponse({"run": None}, headers=NOT_KEPT)
    return JSONResponse({"run": _run_data(run), "html": fragment(request, "_run.html", run=run)}, headers=NOT_KEPT)


def _run_data(run: Run) -> dict[str, object]:
    return {
        "kind": run.kind.value,
        "is_done": run.is_done,
        "stage": run.progress.stage if run.progress else None,
        "done": run.progress.done if run.progress else None,
        "total": run.progress.total if run.progress else None,
        "report": IngestView.of(run.report).model_dump() if run.report else None,
        "problems": run.problems,
        "failure": run.failure,
    }


# --------------------------------------------------------------------------------------- corrections


@router.get("/admin/correct")
def find_to_correct(engine: EngineHere, scope: OperatorScope, language: LanguageHere, which: str) -> RedirectResponse:
    """Go to the corrections of a document by its id, 文号 or file."""
    found = engine.reader().find_document(which.strip(), scope=scope)
    return RedirectResponse(Links(language).to(f"/admin/documents/{found.document_id}"))


@router.get("/admin/documents/{document_id}")
def correction_page(request: Request, engine: EngineHere, scope: OperatorScope, document_id: str) -> HTMLResponse:
    """Show a document's elements to be corrected."""
    return _correction_page(request, engine.reader().catalog.document(document_id, scope=scope))


def _correction_page(
    request: Request,
    document: OfficialDocument,
    *,
    wrong: str | None = None,
    given: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HTMLResponse:
    return page(
        request,
        "correction.html",
        status=status,
        twin=f"/api/v1/documents/{document.document_id}",
        document=document,
        values=given or _values_of(document),
        names=CORRECTABLE,
        lists=_LISTS,
        days=_DAYS,
        kinds=[kind.value for kind in Kind],
        labels=[label.value for label in Disclosure],
        wrong=wrong,
    )


def _values_of(document: OfficialDocument) -> dict[str, str]:
    """Return what the form shows, as it shows it: lists a line each, dates in ISO form."""
    elements: Elements = document.elements
    shown = {"kind": document.kind.value, "disclosure": elements.disclosure.value}
    for name in CORRECTABLE:
        value = getattr(elements, name)
        shown[name] = "\n".join(value) if name in _LISTS else str(value or "")
    return shown


@router.post("/admin/documents/{document_id}", response_model=None)
async def save_corrections(
    request: Request, document_id: str, scope: OperatorScope, language: LanguageHere
) -> Response:
    """Write what was changed on the form beside the file, and take it in again."""
    form = await request.form()
    given = {name: str(value).replace("\r\n", "\n").strip() for name, value in form.multi_items() if name != "withdraw"}
    withdrawn = [str(name) for name in form.getlist("withdraw")]
    return await run_in_threadpool(_save, request, document_id, given, withdrawn, scope, language)


def _save(
    request: Request, document_id: str, given: dict[str, str], withdrawn: list[str], scope: Scope, language: Language
) -> Response:
    engine: Engine = request.app.state.engine
    document = engine.reader().catalog.document(document_id, scope=scope)
    before = _values_of(document)
    try:
        stated = {
            name: _value(name, value)
            for name, value in given.items()
            if name in before and name not in withdrawn and value != before[name]
        }
        correct(engine, document_id, stated, withdrawn, scope=scope)
    except InvalidRequest as error:
        return _correction_page(
            request, document, wrong=str(error), given=before | given, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    note_changed(request, [document_id])
    return RedirectResponse(Links(language).document(document_id), status_code=HTTPStatus.SEE_OTHER)


def _value(name: str, written: str) -> Value:
    if name in _LISTS:
        return [line.strip() for line in written.split("\n") if line.strip()]
    if name in _DAYS and written:
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise InvalidRequest(f"{name}: not a date such as 2024-06-20") from error
    return written
