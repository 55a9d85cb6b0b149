"""The rig of the leak test: a server, and for each principal a twin over a corpus without what that principal may not see.

Every document can be hidden and holds words of its own that stand nowhere else (canaries): in title, text, 文号, agency,
file name, a duty, a commitment and a figure. Whatever a principal asks, the answer must be the twin's, and hold no
canary of a hidden document.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from fastapi.testclient import TestClient
from hypothesis import strategies as st

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Role
from rag.settings import Settings

LABELS = ("public", "on_request", "internal", "unlabelled")

# Rare characters, two a document: no other word of the corpus holds them.
_CANARIES = ("鸑鷟", "麒麟", "螭吻", "狻猊", "饕餮", "貔貅", "獬豸", "穷奇", "梼杌", "夔牛", "毕方", "句芒")

_PLACES = ("临洲市", "汐川县")
_FOLDERS = ("plans", "replies", "notices")


class Source(NamedTuple):
    """A document of the corpus.

    Attributes:
        source: Its path.
        canary: Its own words.
        number: Its own figure.
        place: Where it is of.
        label: Its disclosure at first.
        text: What it says.
    """

    source: str
    canary: str
    number: str
    place: str
    label: str
    text: str

    @property
    def words(self) -> tuple[str, str]:
        """What no other document holds."""
        return self.canary, self.number


def _document(n: int, canary: str) -> Source:
    place, folder, label = _PLACES[n % 2], _FOLDERS[n % 3], LABELS[n % 4]
    number = str(710_003 + 1_117 * n)
    agency = f"{place}{canary}工作办公室"
    text = f"""{agency}文件

{canary}办发〔2024〕{n + 11}号

{agency}关于印发{canary}托育服务工作方案的通知

各有关单位：

为做好{canary}托育服务，现提出如下意见。

一、工作目标

到2026年，全{place[-1]}新增托育机构{number}家，普惠托位占比达到六成。

二、重点任务

（一）建设{canary}普惠托位。〔{agency}牵头，{place}教育局、{place}财政局按职责分工负责〕

（二）开展{canary}从业人员培训。由{place}卫生健康局牵头，{place}民政局配合。

三、保障措施

{place}财政局将于2025年底前安排{canary}专项补助{number}元。我们将继续完善{canary}托育服务体系。

{agency}

2024年{n % 9 + 1}月8日
"""
    return Source(f"{folder}/{canary}-{n}.txt", canary, number, place, label, text)


DOCUMENTS = tuple(_document(n, canary) for n, canary in enumerate(_CANARIES))
_BY_SOURCE = {document.source: document for document in DOCUMENTS}


class Who(NamedTuple):
    """A principal of the test."""

    name: str
    labels: frozenset[str]
    place: str | None = None
    folder: str | None = None
    role: Role | None = None

    def sees(self, document: Source, label: str) -> bool:
        """Tell, on its own grounds, whether a document of a label is within what the principal may see."""
        return (
            label in self.labels
            and self.place in (None, document.place)
            and self.folder in (None, document.source.partition("/")[0])
        )


_STAFF = frozenset({"public", "on_request", "unlabelled"})
PRINCIPALS = (
    Who("anonymous", frozenset({"public"})),
    Who("reader", frozenset({"public"}), role=Role.READER),
    Who("staff", _STAFF, role=Role.STAFF),
    Who("staff of a folder", _STAFF, folder="replies", role=Role.STAFF),
    Who("admin of a place", frozenset(LABELS), place="汐川县", role=Role.ADMIN),
    Who("admin", frozenset(LABELS), role=Role.ADMIN),
)

Asked = tuple[str, str, dict[str, Any]]
"""Method, path, and the keywords of the request."""


class Seen(NamedTuple):
    """A response, without what differs from one moment to the next."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: object


class Rig:
    """The server, its twins, and the state that both are in."""

    def __init__(self, folder: Path) -> None:
        """Take the corpus in."""
        self._folder = folder
        self._closing = ExitStack()
        self.labels = {document.source: document.label for document in DOCUMENTS}
        self._main = self._engine("main")
        self._write(self._main, self.labels)
        self._main.ingest([self._main.settings.corpus_dir])
        self.keys = {w.name: self._key(w) for w in PRINCIPALS if w.role is not None}
        self.client = _client(self._main)
        self._twins: dict[frozenset[tuple[str, str]], TestClient] = {}
        listed = self.ask(PRINCIPALS[-1], ("GET", "/api/v1/documents", {"params": {"limit": 100}})).json()["documents"]
        self.ids = {document["source"]: document["document_id"] for document in listed}
        assert set(self.ids) == set(self.labels)
        for who in PRINCIPALS:  # the scopes of the product are those of the test, and none is of all or of nothing
            total = self.ask(who, ("GET", "/api/v1/documents", {})).json()["total"]
            assert total == sum(who.sees(document, document.label) for document in DOCUMENTS) > 0
        self.has_changed = False

    def close(self) -> None:
        """End everything."""
        self._closing.close()

    def reset(self) -> None:
        """Bring everything back to how it was at first."""
        if self.has_changed:
            self.change({document.source: document.label for document in DOCUMENTS})
            self.has_changed = False

    def change(self, labels: Mapping[str, str]) -> None:
        """Make these the documents, with these labels."""
        self.has_changed = True
        if set(labels) - set(self.labels):
            # Equals are put in the order in which they were taken in; a document that comes back would be last.
            self._write(self._main, {})
            self._main.ingest([self._main.settings.corpus_dir], prune=True)
        self.labels = dict(labels)
        self._write(self._main, self.labels)
        report = self._main.ingest([self._main.settings.corpus_dir], prune=True)
        assert not report.failed
        assert report.documents == len(labels)

    def delete(self, source: str) -> None:
        """Delete a document as an administrator does, over HTTP."""
        self.has_changed = True
        response = self.ask(PRINCIPALS[-1], ("DELETE", f"/api/v1/documents/{self.ids[source]}", {}))
        assert response.status_code == 200
        del self.labels[source]

    def ask(self, who: Who, asked: Asked, client: TestClient | None = None) -> Any:
        """Send a request."""
        method, path, keywords = asked
        headers = {"X-API-Key": self.keys[who.name]} if who.role is not None else {}
        if path.startswith("/api/") is False:
            headers["Accept"] = "text/html"
        return (client or self.client).request(method, path, headers=headers, **keywords)

    def check(self, who: Who, asked: Asked) -> None:
        """Ask server and twin, and hold that neither answer nor what it is about gives anything away."""
        hidden = [d for d in DOCUMENTS if not (d.source in self.labels and who.sees(d, self.labels[d.source]))]
        response = self.ask(who, asked)
        said = _words_of(response)
        told = json.dumps(asked, ensure_ascii=False, default=repr)
        for document in hidden:
            for word in (*document.words, self.ids[document.source]):
                assert word in told or word not in said, f"{who.name} was told {word} by {asked}"
        assert response.status_code < 500, (who.name, asked, response.text)
        if all(who.sees(_BY_SOURCE[source], label) for source, label in self.labels.items()):
            return  # nothing is hidden
        expected = self.ask(who, asked, self.twin(who))
        ours, theirs = seen(response), seen(expected)
        assert ours == theirs, f"{who.name} can tell by {asked}: {_difference(ours, theirs)}"

    def twin(self, who: Who) -> TestClient:
        """Return the server over what a principal may see, and nothing else."""
        visible = {s: label for s, label in self.labels.items() if who.sees(_BY_SOURCE[s], label)}
        key = frozenset(visible.items())
        if key not in self._twins:
            engine = self._engine(f"twin-{len(self._twins)}")
            self._write(engine, visible)
            engine.ingest([engine.settings.corpus_dir])
            self._twins[key] = _client(engine)
        return self._twins[key]

    def _engine(self, name: str) -> Engine:
        folder = self._folder / name
        settings = Settings(
            index_dir=folder / "index", corpus_dir=folder / "corpus", state_dir=self._folder / "state", audit=False,
            parse_workers=1,
        )  # fmt: skip
        engine = self._closing.enter_context(Engine(settings))
        if name != "main":  # one encoder and one process that reads files are enough
            engine.models, engine._sandbox = self._main.models, self._main.sandbox
        return engine

    def _key(self, who: Who) -> str:
        assert who.role is not None
        secret, _ = self._main.keys.create(
            who.name, who.role, places=who.place and [who.place], collections=who.folder and [who.folder]
        )
        return secret

    def _write(self, engine: Engine, labels: Mapping[str, str]) -> None:
        folder = engine.settings.corpus_dir
        for kind in _FOLDERS:
            (folder / kind).mkdir(parents=True, exist_ok=True)
        for path in folder.rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix().removesuffix(".meta.toml") not in labels:
                path.unlink()
        for source, label in labels.items():
            path = folder / source
            if not path.exists():
                path.write_text(_BY_SOURCE[source].text, encoding="utf-8")
                _set_time(path)
            sidecar = path.with_name(path.name + ".meta.toml")
            said = f'disclosure = "{label}"\nplace = "{_BY_SOURCE[source].place}"\n'
            if not sidecar.exists() or sidecar.read_text(encoding="utf-8") != said:
                sidecar.write_text(said, encoding="utf-8")


def _set_time(path: Path) -> None:
    os.utime(path, (1_700_000_000, 1_700_000_000))


def _client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine), base_url="http://127.0.0.1", raise_server_exceptions=False)


# --------------------------------------------------------------------------------------- responses

_ELAPSED = re.compile(r'"elapsed_ms": ?[0-9.]+')
_PASSING = frozenset({"date", "content-length"})
# A score is divided by the mean length of a passage of the whole index, hidden ones too; see SECURITY.md. Order is by score.
_STATISTICS = frozenset({"elapsed_ms", "score", "parts"})


def seen(response: Any) -> Seen:
    """Return what a response says."""
    headers = tuple(sorted((n, v) for n, v in response.headers.items() if n not in _PASSING))
    kind = response.headers.get("content-type", "")
    if "json" in kind:
        return Seen(response.status_code, headers, _steady(response.json()))
    if response.content[:2] == b"PK":
        return Seen(response.status_code, headers, tuple(_members(response.content)))
    return Seen(response.status_code, headers, _ELAPSED.sub("", response.text))


def _steady(value: Any) -> Any:
    if isinstance(value, dict):
        steady = {name: _steady(inner) for name, inner in value.items() if name not in _STATISTICS}
        if "hits" in steady:
            steady["hits"] = sorted(steady["hits"], key=lambda hit: hit["passage_id"])
        return steady
    return [_steady(inner) for inner in value] if isinstance(value, list) else value


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name != "docProps/core.xml":  # when it was made
                yield name, archive.read(name)


def _words_of(response: Any) -> str:
    """Return all that a response says, exports unpacked."""
    parts = [str(dict(response.headers)), response.text]
    if response.content[:2] == b"PK":
        parts += [data.decode("utf-8", "replace") for _, data in _members(response.content)]
    return "\n".join(parts)


def _difference(ours: Seen, theirs: Seen) -> str:
    if ours.status != theirs.status or ours.headers != theirs.headers:
        return f"{ours[:2]} and not {theirs[:2]}"
    one, other = (
        (
            s.body if isinstance(s.body, str) else json.dumps(s.body, ensure_ascii=False, indent=1, default=repr)
        ).splitlines()
        for s in (ours, theirs)
    )
    return "\n".join(f"{a}   |   {b}" for a, b in zip(one, other, strict=False) if a != b)[:2_000] or "longer"


# ---------------------------------------------------------------------------------------- requests


def requests(rig: Rig) -> dict[tuple[str, str], st.SearchStrategy[Asked]]:
    """Return, for each route, what may be asked of it. A route that is not here fails the test."""
    ids = st.sampled_from([*rig.ids.values(), "0" * 16, "nothing"])
    own = st.sampled_from([word for d in DOCUMENTS for word in d.words])
    questions = st.one_of(
        st.sampled_from(
            [
                "托育服务由哪个部门牵头？",
                "谁负责从业人员培训？",
                "专项补助多少元？",
                "有多少份文件？",
                "有哪些通知？",
                "到2026年新增托育机构多少家？",
                "汐川县有哪些方案？",
                "公开属性为不予公开的文件有几份？",
                "托育服务的工作目标是什么？",
                "Who leads childcare services?",
                "托育服务体细",
                "从业人员陪训",
                "2024年印发了哪些文件？",
                "临洲市和汐川县的补助各是多少？",
            ]
        ),
        own.map(lambda word: f"{word}托育服务由谁牵头？"),
        own.map(lambda word: f"{word}是什么？"),
        own.map(lambda word: f"{word[:1]}的补助有多少？"),
        st.sampled_from([f"{d.canary}办发〔2024〕{n + 11}号是什么文件？" for n, d in enumerate(DOCUMENTS)]),
        own,
    )
    filters = st.fixed_dictionaries(
        {},
        optional={
            "issuer": st.one_of(own, st.just("工作办公室")),
            "place": st.one_of(own, st.sampled_from(["临洲", "汐川", "川"])),
            "kind": st.sampled_from(["notice", "plan", "reply"]),
            "year_from": st.sampled_from([2020, 2024, 2025]),
            "topic": st.one_of(own, st.just("托育")),
            "document_number": st.sampled_from([f"{d.canary}办发〔2024〕{n + 11}号" for n, d in enumerate(DOCUMENTS)]),
            "source": st.sampled_from([*rig.ids, *_FOLDERS, "elsewhere"]),
        },
    ).map(lambda chosen: dict(list(chosen.items())[:2]))
    pages = st.fixed_dictionaries(
        {}, optional={"limit": st.sampled_from([1, 3, 100]), "offset": st.sampled_from([0, 2])}
    )
    form = st.sampled_from([{}, {"format": "csv"}, {"format": "xlsx"}, {"format": "json"}])
    words = st.one_of(st.just(""), own, st.sampled_from(["托育", "补助", "培训", "牵头"]))

    def got(path: str, *parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Asked]:
        return st.tuples(*parts).map(lambda many: ("GET", path, {"params": {k: v for p in many for k, v in p.items()}}))

    def named(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return values.map(lambda value: {name: value})

    def of_document(pattern: str, method: str = "GET") -> st.SearchStrategy[Asked]:
        return ids.map(lambda document_id: (method, pattern.format(document_id), {}))

    picks = st.lists(st.tuples(ids, st.integers(0, 200)), min_size=1, max_size=4).map(
        lambda many: {"pick": [f"{document_id}:{start}-{start + 30}" for document_id, start in many]}
    )
    return {
        ("POST", "/api/v1/ask"): st.tuples(questions, filters).map(
            lambda q: ("POST", "/api/v1/ask", {"json": {"question": q[0], "filters": q[1], "top_k": 50}})
        ),
        ("POST", "/api/v1/search"): st.tuples(questions, filters, st.booleans()).map(
            lambda q: (
                "POST",
                "/api/v1/search",
                {"json": {"query": q[0], "filters": q[1], "top_k": 200, "clauses": q[2]}},
            )
        ),
        ("GET", "/api/v1/documents"): got(
            "/api/v1/documents", filters, pages, named("q", words), st.sampled_from([{}, {"facets": "true"}])
        ),
        ("GET", "/api/v1/documents/suggest"): got("/api/v1/documents/suggest", named("q", words)),
        ("GET", "/api/v1/documents/{document_id}"): of_document("/api/v1/documents/{}"),
        ("GET", "/api/v1/documents/{document_id}/text"): of_document("/api/v1/documents/{}/text"),
        ("GET", "/api/v1/documents/{document_id}/file"): of_document("/api/v1/documents/{}/file"),
        ("GET", "/api/v1/duties"): got("/api/v1/duties", named("q", words), filters, pages, form),
        ("GET", "/api/v1/commitments"): got("/api/v1/commitments", named("q", words), filters, pages, form),
        ("GET", "/api/v1/events"): got("/api/v1/events", named("q", words), filters, pages, form),
        ("GET", "/api/v1/precedents"): got("/api/v1/precedents", named("q", questions), filters),
        # As an administrator they change something; see the rules of the test for that.
        ("POST", "/api/v1/documents"): st.just(("POST", "/api/v1/documents", {"files": {"files": ("a.txt", b"")}})),
        ("DELETE", "/api/v1/documents/{document_id}"): st.sampled_from(["0" * 16, "nothing"]).map(
            lambda document_id: ("DELETE", f"/api/v1/documents/{document_id}", {})
        ),
        ("GET", "/"): got("/", st.one_of(st.just({}), named("q", questions)), st.sampled_from([{}, {"lang": "en"}])),
        ("GET", "/ask/stream"): got("/ask/stream", named("q", questions), st.sampled_from([{}, {"lang": "en"}])),
        ("GET", "/ask/answer.json"): got("/ask/answer.json", named("q", questions)),
        ("GET", "/ask/answer.docx"): got("/ask/answer.docx", named("q", questions)),
        ("GET", "/documents/{document_id}/source"): st.tuples(ids, st.integers(0, 300)).map(
            lambda q: ("GET", f"/documents/{q[0]}/source", {"params": {"start": q[1], "end": q[1] + 30}})
        ),
        ("GET", "/precedents"): got("/precedents", named("q", questions), picks),
        ("GET", "/precedents/export.docx"): got("/precedents/export.docx", picks),
        ("GET", "/duties"): got("/duties", named("q", words), filters),
        ("GET", "/commitments"): got("/commitments", named("q", words), filters),
        ("GET", "/documents"): got("/documents", filters, named("q", words)),
        ("GET", "/documents/{document_id}"): of_document("/documents/{}"),
        ("GET", "/documents/{document_id}/pages/{number:page}.png"): of_document("/documents/{}/pages/1.png"),
        ("GET", "/documents/{document_id}/pages/{number:page}.json"): of_document("/documents/{}/pages/1.json"),
        # The operator's pages: those that change something change nothing here.
        ("GET", "/admin"): got("/admin"),
        ("GET", "/admin/run.json"): got("/admin/run.json"),
        ("GET", "/admin/correct"): got("/admin/correct", named("which", st.one_of(ids, questions))),
        ("GET", "/admin/documents/{document_id}"): of_document("/admin/documents/{}"),
        ("POST", "/admin/run"): st.just(("POST", "/admin/run", {"data": {"kind": "nothing"}})),
        ("POST", "/admin/upload"): st.just(("POST", "/admin/upload", {"files": {"files": ("a.txt", b"")}})),
        ("POST", "/admin/documents/{document_id}"): st.sampled_from(["0" * 16, "nothing"]).map(
            lambda document_id: ("POST", f"/admin/documents/{document_id}", {"data": {"title": "a"}})
        ),
    }


UNSCOPED = frozenset(
    {
        ("GET", "/signin"),
        ("POST", "/signin"),
        ("GET", "/signin/begin"),
        ("GET", "/signin/callback"),
        ("POST", "/signout"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/openapi.json"),
        ("GET", "/static"),
    }
)
"""Routes that read no document."""


def routes_of(client: TestClient) -> set[tuple[str, str]]:
    """Return method and path of every route of the application."""

    def walk(routes: Any) -> Iterator[tuple[str, str]]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes)
            else:
                methods = (getattr(route, "methods", None) or {"GET"}) - {"HEAD", "OPTIONS"}
                yield from ((method, route.path) for method in methods)

    return set(walk(client.app.routes))  # type: ignore[attr-defined]


def removed(folder: Path) -> None:
    """Remove what a rig left."""
    shutil.rmtree(folder, ignore_errors=True)
