"""What poisoned documents come to: taken in for real, asked, exported and shown, with every connection on record."""

from __future__ import annotations

import csv
import io
import re
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import openpyxl
from lxml import html
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.pages.exporting_answers import answer_docx
from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.app.words.catalogue import Language, Texts
from rag.domain.access import Scope
from rag.domain.answer import Answer, Mode
from rag.domain.document import DocumentSummary
from rag.settings import Settings
from tests.answering.drafting.chat_server import ChatServer

from .obedience import obey
from .poisoned import MARK, Poisoned, poisoned

_ALL = Scope.everything()
# These stand in a document as what it says, and tell nobody to do anything: quoted word for word they are a quote.
_CONTENT = frozenset({"forged", "number", "link"})
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_RUNS = re.compile(r"^\s*(?:javascript|data|vbscript):", re.IGNORECASE)
# Told anew: what the product knows as such is what is judged here.
_MATTER = re.compile(r"https?:|www\.|javascript:|\bcmd\b|[<>`{}|＜＞=＝]|!\[|\]\(|\"\s*:", re.IGNORECASE)
_CITED = re.compile(r"\[(\d{1,3})\]")


class Listener:
    """A server that every link leads to, and that nobody may ask."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_HEAD = do_PUT = do_OPTIONS = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"


_watching: list[list[str]] = []


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        address = arguments[1] if event != "socket.getaddrinfo" else arguments[:2]
        if isinstance(address, tuple):
            _watching[-1].append(f"{event} {address[0]}:{address[1]}")


@contextmanager
def connections() -> Iterator[list[str]]:
    """Record whom this process connects to or looks up. The hook stays for good (PEP 578) and is idle otherwise."""
    if not getattr(sys, "_rag_tests_watch", False):
        sys.addaudithook(_on_event)
        sys._rag_tests_watch = True  # type: ignore[attr-defined]
    _watching.append([])
    try:
        yield _watching[-1]
    finally:
        _watching.pop()


@dataclass
class Verdict:
    """What was found.

    Attributes:
        counted: What was looked at, by what it is.
        faults: What should not have been, each with the file it is of.
    """

    counted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, of: Poisoned, what: str) -> None:
        self.faults.append(f"{of.name}: {what}")


def judged(folder: Path, *, every: int = 1, pages: bool = True) -> Verdict:
    """Take in poisoned documents and ask for each of them, with and without a model that obeys them.

    Args:
        folder: An empty one.
        every: Take one of so many of each family, and the first of each in any case.
        pages: Whether pages are looked at too.
    """
    verdict = Verdict()
    with Listener() as listener, ChatServer(obey) as model, connections() as connected:
        documents = list(_chosen(poisoned(listener.url), every))
        corpus = folder / "corpus"
        corpus.mkdir()
        for each in documents:
            (corpus / each.name).write_bytes(each.data)
            if each.sidecar is not None:
                (corpus / f"{each.name}.meta.toml").write_text(each.sidecar, encoding="utf-8")
        settings = Settings(index_dir=folder / "index", corpus_dir=corpus)
        with Engine(settings) as engine, ExitStack() as clients:
            plain: dict[str, frozenset[str]] = {}
            report = engine.ingest([corpus])
            refused = {failure.source for failure in report.failed if failure.reason}
            reader = engine.reader()
            taken = {
                Path(d.source).name: d
                for d in reader.catalog.list_documents(scope=_ALL, limit=len(documents)).documents
            }
            client = clients.enter_context(TestClient(create_app(engine), base_url="http://127.0.0.1:8000"))
            for each in documents:
                verdict.counted["documents"] += 1
                verdict.counted[f"documents, {each.family}"] += 1
                if each.name not in taken:
                    verdict.counted["refused with a reason"] += each.name in refused
                    if each.name not in refused:
                        verdict.fault(each, "neither taken in nor refused")
                    continue
                plain[each.name] = _look_at(each, taken[each.name], reader, verdict)
                if pages:
                    _look_at_pages(each, taken[each.name], client, verdict)
            _look_at_tables(client, verdict)
        with Engine(settings.model_copy(update={"llm_base_url": model.base_url, "llm_model": "m"})) as engine:
            family_of = {each.mark: each.family for each in documents}
            for each in documents:
                if each.name in taken:
                    _look_at_draft(each, engine.reader(), plain[each.name], family_of, verdict)
        verdict.counted["questions put to the model"] = model.asked
        seen = sum(MARK in model.words(number) for number in range(model.asked))
        verdict.counted["questions that showed the model poison"] = seen
        verdict.faults += [f"fetched: {path}" for path in listener.asked]
        allowed = model.base_url.split("/")[2]
        verdict.faults += [f"connected: {event}" for event in connected if not event.endswith(allowed)]
        verdict.counted["connections but to the model"] = sum(not event.endswith(allowed) for event in connected)
    return verdict


def _chosen(documents: Iterable[Poisoned], every: int) -> Iterator[Poisoned]:
    seen: Counter[str] = Counter()
    for each in documents:
        if seen[each.family] % every == 0:
            yield each
        seen[each.family] += 1


def _look_at(each: Poisoned, document: DocumentSummary, reader: Reader, verdict: Verdict) -> frozenset[str]:
    """Return what the answer in the documents' own words states."""
    text = reader.catalog.text(document.document_id, scope=_ALL)
    if each.is_hidden and each.mark in text:
        verdict.fault(each, "what is hidden is part of the text")
    answer = reader.answerer.answer(each.question, scope=_ALL)
    _look_at_answer(each, answer, reader, verdict)
    if each.fact not in answer.text:
        verdict.fault(each, f"the true figure is not given: {answer.text}")
    verdict.counted["answered in the documents' words"] += 1
    _look_at_file(each, answer, verdict)
    return frozenset(statement.text for statement in answer.statements)


def _look_at_answer(each: Poisoned, answer: Answer, reader: Reader, verdict: Verdict) -> None:
    """Every statement cited, every quote the document's words, no mark of a citation but ours."""
    known = {citation.id: citation for citation in answer.citations}
    for citation in answer.citations:
        text = reader.catalog.text(citation.document.document_id, scope=_ALL)
        if citation.span.of(text) != citation.quote:
            verdict.fault(each, f"not the words at its place: {citation.quote!r}")
    for statement in answer.statements:
        verdict.counted["statements"] += 1
        if not statement.citations or not set(statement.citations) <= set(known):
            verdict.fault(each, f"uncited: {statement.text!r}")
        if _CITED.search(statement.text):
            verdict.fault(each, f"a forged mark: {statement.text!r}")
        if answer.mode is Mode.EXTRACTIVE and MARK in statement.text:
            cited = [known[i] for i in statement.citations]
            said = "".join(f"{c.quote}{c.document.title}{c.document.document_number}{c.document.issuer}" for c in cited)
            if not set(re.findall(rf"{MARK}\d*", statement.text)) <= set(re.findall(rf"{MARK}\d*", said)):
                verdict.fault(each, f"words of nobody: {statement.text!r}")


def _look_at_draft(
    each: Poisoned, reader: Reader, plain: frozenset[str], family_of: Mapping[str, str], verdict: Verdict
) -> None:
    answer = reader.answerer.answer(each.question, scope=_ALL)
    _look_at_answer(each, answer, reader, verdict)
    verdict.counted[f"answered with a model at hand: {answer.mode}"] += 1
    verdict.counted["sentences of the model held back"] += len(answer.unverified)
    known = {citation.id: citation for citation in answer.citations}
    for statement in answer.statements:
        if answer.mode is not Mode.LLM or statement.text in plain:
            continue
        verdict.counted["sentences of the model let through"] += 1
        quotes = _CITED.sub("", "".join(known[i].quote for i in statement.citations))
        if _MATTER.search(statement.text):
            verdict.fault(each, f"an address, picture, mark-up or code: {statement.text!r}")
        for mark in re.findall(rf"{MARK}\d{{3}}", statement.text):
            is_content = family_of.get(mark) in _CONTENT and statement.text.rstrip("。") in quotes
            if not is_content:
                verdict.fault(each, f"obeyed: {statement.text!r}")


def _look_at_file(each: Poisoned, answer: Answer, verdict: Verdict) -> None:
    """The answer as a Word file holds no field, link or part from elsewhere."""
    with zipfile.ZipFile(io.BytesIO(answer_docx(answer, Texts(Language.ZH)))) as opened:
        for name in opened.namelist():
            if name.startswith("word/footer"):
                continue  # the number of the page is a field of ours
            part = opened.read(name)
            if re.search(rb'TargetMode="External"|<w:(?:instrText|fldSimple|hyperlink|altChunk|object)[ >/]', part):
                verdict.fault(each, f"something live in {name}")
    verdict.counted["files of answers"] += 1


def _look_at_tables(client: TestClient, verdict: Verdict) -> None:
    """No cell of an export is run by a spreadsheet."""
    for facts in ("duties", "commitments", "events"):
        for query in ({}, {"q": MARK}):
            address = f"/api/v1/{facts}"
            written = client.get(address, params={"format": "csv", "limit": 1000, **query})
            rows = list(csv.reader(io.StringIO(written.content.decode("utf-8-sig"))))
            verdict.counted["rows of tables"] += len(rows) - 1
            verdict.faults += [f"{address}: {cell!r}" for row in rows for cell in row if _FORMULA.match(cell)]
            book = openpyxl.load_workbook(
                io.BytesIO(client.get(address, params={"format": "xlsx", "limit": 1000, **query}).content)
            )
            for row in book.active.iter_rows():
                verdict.faults += [f"{address}: {c.value!r}" for c in row if c.data_type == "f" or c.hyperlink]


def _look_at_pages(each: Poisoned, document: DocumentSummary, client: TestClient, verdict: Verdict) -> None:
    """Nothing of a document is mark-up on a page, and nothing on it is of another host."""
    for path, query in (("/", {"q": each.question}), (f"/documents/{document.document_id}", {})):
        page = client.get(path, params=query)
        verdict.counted["pages"] += 1
        if page.status_code != 200 or "default-src 'self'" not in page.headers["content-security-policy"]:
            verdict.fault(each, f"{path}: {page.status_code}")
        for element in html.fromstring(page.content).iter("*"):
            for name, value in element.attrib.items():
                is_live = name in ("src", "href", "action", "formaction", "data", "poster", "srcset", "style")
                if name.startswith("on") or (is_live and (_RUNS.match(value) or "127.0.0.1" in value)):
                    verdict.fault(each, f"{path}: {element.tag} {name}={value!r}")
            if element.tag in ("iframe", "object", "embed", "base") or (
                element.tag == "script" and MARK in (element.text or "")
            ):
                verdict.fault(each, f"{path}: {element.tag}")
