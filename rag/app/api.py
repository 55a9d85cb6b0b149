"""The HTTP interface (接口), under ``/api/v1``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, File, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from fastapi.routing import APIRoute

import rag
from rag.answering.question_limits import check_history, check_question
from rag.app import description, fact_routes, health, problems, streaming
from rag.app.access import operator_scope
from rag.app.admission import Admission
from rag.app.dependencies import EngineHere, OperatorScope, ReadScope
from rag.app.description import ADMINISTRATOR, OPTIONAL_KEY, Tag, binary, links
from rag.app.document_views import DocumentsView, DocumentView, SuggestionsView, TextView
from rag.app.guard import Guard
from rag.app.ingest_views import IngestView, UploadView
from rag.app.lanes import Kind, Lane, Lanes, cores, lanes_for
from rag.app.pages import site
from rag.app.pages.security import SecurityHeaders
from rag.app.precedent_views import PrecedentsView
from rag.app.requests import AskBody, DocumentsQuery, FilterQuery, PrecedentsQuery, SearchBody, Words
from rag.app.schemas import AnswerView, HitsView
from rag.app.trail import Trail, note_changed
from rag.app.uploads import MOST_FILES, remove_document, store_upload
from rag.app.wiring import Engine
from rag.errors import NotFound
from rag.indexes.manifest import file_hash

_OCTETS = "application/octet-stream"

_MEGABYTE = 1024 * 1024

router = APIRouter(prefix="/api/v1", responses=description.ANY_ERRORS)

_NOT_FOUND = description.errors(404)

InAddress = Annotated[FilterQuery, Query()]
"""Filters in the address of a POST; where its body names the same, the body's hold."""

DocumentId = Annotated[str, Path(description="Id of a document (文件标识), as lists, hits and citations give it.")]


@router.post(
    "/ask",
    tags=[Tag.ANSWERS],
    summary="Answer a question 问答",
    response_description="The answer (回答) with its citations, or a refusal with the nearest documents.",
    response_model=None,
    responses={
        200: {
            "model": AnswerView,
            "content": description.text(streaming.MEDIA_TYPE, "The same as server-sent events."),
            "links": links("/citations/0/document_id"),
        },
        **description.BODY_ERRORS,
    },
    openapi_extra=OPTIONAL_KEY,
)
def ask(request: Request, body: AskBody, in_address: InAddress, engine: EngineHere, scope: ReadScope) -> Response:
    """Answer a question with cited statements, or say that the documents do not.

    With ``Accept: text/event-stream`` the answer comes as events: ``begin`` at once, a ``statement`` each, then the
    whole as ``answer``; a failure on the way is a ``problem``.
    """
    reader = engine.reader().within(scope)
    filters = body.filters.to_domain(in_address)

    def answered() -> AnswerView:
        started = time.perf_counter()
        answer = reader.answerer.answer(
            body.question, scope=scope, filters=filters, top_k=body.top_k, history=body.history
        )
        twins = reader.twins_of(answer, scope=scope)
        return AnswerView.of(answer, elapsed_ms=(time.perf_counter() - started) * 1000, twins=twins)

    if streaming.MEDIA_TYPE not in request.headers.get("Accept", ""):
        return JSONResponse(answered().as_json())
    check_question(body.question)
    check_history(body.history)
    return StreamingResponse(streaming.events_of(request, answered), media_type=streaming.MEDIA_TYPE)


@router.post(
    "/search",
    tags=[Tag.ANSWERS],
    summary="Find passages 检索",
    response_description="Passages (段落), best first.",
    response_model=None,
    responses={200: {"model": HitsView, "links": links("/hits/0/document_id")}, **description.BODY_ERRORS},
    openapi_extra=OPTIONAL_KEY,
)
def search(body: SearchBody, in_address: InAddress, engine: EngineHere, scope: ReadScope) -> Response:
    """Find the passages that words or a question are about, best first, each with its place in its document."""
    filters = body.filters.to_domain(in_address)
    found = (
        engine.reader()
        .within(scope)
        .find_passages(body.query, scope=scope, filters=filters, top_k=body.top_k, with_clauses=body.clauses)
    )
    # Written here, in the thread of the search, and once: a model returned would be checked and copied again.
    return Response(HitsView.of(found).model_dump_json(), media_type="application/json")


@router.get(
    "/documents",
    tags=[Tag.DOCUMENTS],
    summary="List documents 文件列表",
    response_description="One page of the list, with the number of all.",
    responses={200: {"links": links("/documents/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def documents(query: Annotated[DocumentsQuery, Query()], engine: EngineHere, scope: ReadScope) -> DocumentsView:
    """List the documents whose names hold the words and that meet the filters, newest first."""
    catalog = engine.reader().catalog
    wanted = query.to_browse()
    page = catalog.browse(wanted, scope=scope, limit=query.limit, offset=query.offset)
    twins = catalog.twins((d.document_id for d in page.documents), scope=scope)
    facets = catalog.facets(wanted, scope=scope) if query.facets else None
    return DocumentsView.of(page, twins, limit=query.limit, offset=query.offset, facets=facets)


@router.get(
    "/documents/suggest",
    tags=[Tag.DOCUMENTS],
    summary="Suggest documents while typing 联想",
    response_description="Documents that are perhaps meant.",
    response_model=None,
    responses={200: {"model": SuggestionsView, "links": links("/suggestions/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def suggest(
    engine: EngineHere,
    scope: ReadScope,
    q: Annotated[Words, Query(max_length=200, description="Words as typed so far.")] = "",
    limit: Annotated[int, Query(ge=1, le=50, description="Most documents wanted.")] = 10,
) -> Response:
    """Suggest documents whose title, 发文字号 or 发文机关 hold the words, while they are typed."""
    found = engine.reader().catalog.suggest(q, scope=scope, limit=limit)
    return Response(SuggestionsView.of(found).model_dump_json(), media_type="application/json")


@router.get(
    "/documents/{document_id}",
    tags=[Tag.DOCUMENTS],
    summary="One document 单份文件",
    response_description="Its elements (公文要素) and text.",
    responses={200: {"links": links("", changes=True)}, **_NOT_FOUND},
    openapi_extra=OPTIONAL_KEY,
)
def document(document_id: DocumentId, engine: EngineHere, scope: ReadScope) -> DocumentView:
    """Return one document's elements and text, its files, and how they were read."""
    reader = engine.reader()
    files = reader.files_of(document_id, scope=scope)
    return DocumentView.of(reader.catalog.document(document_id, scope=scope), sources=files.sources, twins=files.twins)


@router.get(
    "/documents/{document_id}/text",
    tags=[Tag.DOCUMENTS],
    summary="Its text 规范文本",
    response_description="The canonical text.",
    responses=_NOT_FOUND,
    openapi_extra=OPTIONAL_KEY,
)
def document_text(document_id: DocumentId, engine: EngineHere, scope: ReadScope) -> TextView:
    """Return one document's canonical text, into which all offsets point."""
    return TextView(text=engine.reader().catalog.text(document_id, scope=scope))


@router.get(
    "/documents/{document_id}/file",
    tags=[Tag.DOCUMENTS],
    summary="Its original file 原文件",
    response_description="The file.",
    response_class=FileResponse,
    responses={
        200: {"content": binary(_OCTETS), "headers": description.FILE_HEADERS},
        206: {
            "description": "The parts of it that `Range` asks for.",
            "content": binary(_OCTETS, "multipart/byteranges"),
        },
        **_NOT_FOUND,
        **description.errors(403, 416),
    },
    openapi_extra=ADMINISTRATOR,
)
def document_file(document_id: DocumentId, engine: EngineHere, scope: OperatorScope) -> FileResponse:
    """Return the original file. It is as it was taken in, contact data included, so it needs full scope.

    With ``Range`` (RFC 9110, 14) it gives parts of it.
    """
    records = engine.reader().catalog.sources_of(document_id, scope=scope)
    path = next((r.path for r in records if r.path.is_file() and file_hash(r.path) == r.sha256), None)
    if path is None:
        raise NotFound(f"no file of document {document_id} is as it was taken in")
    return FileResponse(path, filename=path.name, media_type=_OCTETS, content_disposition_type="attachment")


@router.get(
    "/precedents",
    tags=[Tag.ANSWERS],
    summary="Find sentences of past documents 先例",
    response_description="Sentences, best first, with the places where each stands.",
    responses={200: {"links": links("/precedents/0/occurrences/0/document_id")}},
    openapi_extra=OPTIONAL_KEY,
)
def precedents(query: Annotated[PrecedentsQuery, Query()], engine: EngineHere, scope: ReadScope) -> PrecedentsView:
    """Find sentences of past documents worded like a text, identical ones taken together."""
    found = (
        engine.reader()
        .within(scope)
        .find_precedents(
            query.q,
            scope=scope,
            filters=query.filter_body().to_domain(),
            function=query.function,
            limit=query.limit,
            offset=query.offset,
        )
    )
    return PrecedentsView.of(query.q, found, most_occurrences=query.occurrences)


@router.post(
    "/documents",
    status_code=201,
    tags=[Tag.DOCUMENTS],
    summary="Take files in 上传",
    response_description="What was taken in, and what was not.",
    dependencies=[Depends(operator_scope)],
    responses={201: {"links": links("/stored/0/document_id", changes=True)}, **description.BODY_ERRORS},
    openapi_extra=ADMINISTRATOR,
)
def upload(
    files: Annotated[
        list[UploadFile],
        File(description="The files, with their names.", json_schema_extra={"minItems": 1, "maxItems": MOST_FILES}),
    ],
    request: Request,
    engine: EngineHere,
) -> UploadView:
    """Store files in the corpus and take them into the index; what cannot be taken in is listed in ``failed``.

    A file of the same name is replaced. Where none of the files can be taken in, nothing changes, and the answer is 422.
    """
    note_changed(request, (file.filename or "" for file in files))
    return UploadView.of_upload(*store_upload(engine, files))


@router.delete(
    "/documents/{document_id}",
    tags=[Tag.DOCUMENTS],
    summary="Remove a document 删除",
    response_description="What was removed.",
    responses={**_NOT_FOUND, **description.errors(403)},
    openapi_extra=ADMINISTRATOR,
)
def delete(document_id: DocumentId, request: Request, engine: EngineHere, scope: OperatorScope) -> IngestView:
    """Remove a document from the index, and its file from the corpus folder."""
    note_changed(request, [document_id])
    return IngestView.of(remove_document(engine, document_id, scope=scope))


def create_app(engine: Engine, lanes: Mapping[Kind, Lane] | None = None) -> FastAPI:
    """Build the application over an engine; ``lanes`` by default as this machine bears."""
    app = FastAPI(
        title="rag",
        version=rag.__version__,
        summary="Question answering over Chinese government documents, every sentence cited to its exact words.",
        # Their pages load scripts from a CDN; /openapi.json says the same.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.engine = engine
    description.install(app)
    problems.install(app)
    app.include_router(router)
    app.include_router(fact_routes.router)
    app.include_router(health.router)
    site.install(app)
    drafts = engine.settings.llm_calls if engine.settings.llm_base_url is not None else 0
    app.add_middleware(Lanes, lanes=lanes or lanes_for(cores(), drafts=drafts))
    app.add_middleware(
        Admission,
        keys=engine.keys,
        per_key=engine.settings.requests_per_minute,
        per_address=engine.settings.anonymous_per_minute,
        seconds=engine.settings.request_seconds,
    )
    if engine.audit is not None:
        app.add_middleware(Trail, recorder=engine.audit)
    # Around all else, but for what sets headers on every response.
    app.add_middleware(
        Guard,
        keys=engine.keys,
        upload_bytes=engine.settings.upload_megabytes * _MEGABYTE,
    )
    app.add_middleware(SecurityHeaders)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
