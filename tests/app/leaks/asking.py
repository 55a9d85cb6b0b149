"""What may be asked of each route: every parameter that it has, drawn evenly, with words that hidden documents alone hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from fastapi import FastAPI

from .documents import CANARIES, DOCUMENTS, FOLDERS, UPLOADED
from .rig import Asked

Route = tuple[str, str]
Parameters = dict[str, Any]

UNSCOPED: frozenset[Route] = frozenset(
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

_IDS = [*(document.document_id for document in DOCUMENTS), "0" * 16, "nothing"]
_QUESTIONS = (
    "托育服务由哪个部门牵头？",
    "谁负责从业人员培训？",
    "专项补助多少元？",
    "有多少份文件？",
    "有多少份文件是民政局印发的？",
    "有哪些通知？",
    "到2026年新增托育机构多少家？",
    "现有公办幼儿园多少所？",
    "汐川县有哪些方案？",
    "公开属性为不予公开的文件有几份？",
    "托育服务的工作目标是什么？",
    "Who leads childcare services?",
    "How many childcare institutions will be added by 2026?",
    "托育服务体细",
    "从业人员陪训",
    "心里健康教育检查几次？",
    "心里健康课程",
    "2024年印发了哪些文件？",
    "2025年时现有公办幼儿园多少所？",
    "临洲市和汐川县的补助各是多少？",
    "临洲市和汐川县有什么不同？",
    "临洲市民政局托育补助发放办法还有效吗？",
    "托育补助发放办法第二条规定了什么？",
    "托育机构每个托位补助多少元？",
    "哪些文件被废止了？",
    "什么文件同时废止？",
    "最新的通知是哪一份？",
    "第3005号提案是怎么答复的？",
    "哪些机构牵头？哪些地方有培训班？",
    "2024年5月举办了什么？",
    "什么时候完成检查？",
    "感谢您对我市托育服务工作的关心和支持。",
    "我们将继续完善托育服务体系。",
    "火星移民由谁负责？",
    "   ",
)
_FOLLOW_UPS = ("那汐川县呢？", "由谁配合？", "还有效吗？", "那2025年呢？", "多少元？", "它是哪个机关印发的？")
_WORDS = ("", "托育", "补助", "培训", "牵头", "办发", "2024", "通知 托育", "提案", "财政局", "办法", "同文", "检查")
_HEADERS = (
    {"Accept": "application/json"},
    {"Accept": "text/html"},
    {"Accept": "text/event-stream"},
    {"Accept": "*/*", "Accept-Language": "en"},
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "gzip"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"0"'},
    {"If-Modified-Since": "Wed, 01 Jan 2020 00:00:00 GMT"},
    {"Range": "bytes=0-9"},
    {"Cache-Control": "only-if-cached"},
)
_SOMETIMES = 0.12


class Asking:
    """Draws requests from one source of chance."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._drawn: dict[Route, Callable[[], Asked]] = {
            ("POST", "/api/v1/ask"): self._ask,
            ("POST", "/api/v1/search"): self._search,
            ("GET", "/api/v1/documents"): lambda: self._got(
                "/api/v1/documents",
                self._browsed(),
                self._listed(),
                self._maybe("facets", ["true"]),
            ),
            ("GET", "/api/v1/documents/suggest"): lambda: self._got(
                "/api/v1/documents/suggest", {"q": self._typed()}, self._maybe("limit", [1, 3, 50])
            ),
            ("GET", "/api/v1/documents/{document_id}"): lambda: self._of("/api/v1/documents/{}"),
            ("GET", "/api/v1/documents/{document_id}/text"): lambda: self._of("/api/v1/documents/{}/text"),
            ("GET", "/api/v1/documents/{document_id}/file"): lambda: self._of("/api/v1/documents/{}/file"),
            ("GET", "/api/v1/duties"): lambda: self._got("/api/v1/duties", self._facts(), self._duties(), self._form()),
            ("GET", "/api/v1/commitments"): lambda: self._got(
                "/api/v1/commitments", self._facts(), self._commitments(), self._form()
            ),
            ("GET", "/api/v1/events"): lambda: self._got(
                "/api/v1/events",
                self._facts(),
                self._maybe("date_from", ["2024-05-01", "2025-01-01"]),
                self._maybe("date_to", ["2024-05-31", "2020-01-01"]),
                self._form(),
            ),
            ("GET", "/api/v1/precedents"): lambda: self._got(
                "/api/v1/precedents",
                {"q": self._question()},
                self._filters(),
                self._listed(most=100),
                self._function(),
                self._maybe("occurrences", [1, 1000]),
            ),
            # As an administrator they change something; see the walk for that.
            ("POST", "/api/v1/documents"): lambda: (
                "POST",
                "/api/v1/documents",
                {"files": {"files": (chance.choice(["a.txt", UPLOADED.source, *_names()]), b"")}},
            ),
            ("DELETE", "/api/v1/documents/{document_id}"): lambda: (
                "DELETE",
                f"/api/v1/documents/{chance.choice(['0' * 16, 'nothing'])}",
                {},
            ),
            ("GET", "/"): lambda: self._got("/", self._answered() if chance.random() < 0.8 else {}, self._language()),
            ("GET", "/ask/stream"): lambda: self._got("/ask/stream", self._answered(), self._language()),
            ("GET", "/ask/answer.json"): lambda: self._got("/ask/answer.json", self._answered()),
            ("GET", "/ask/answer.docx"): lambda: self._got("/ask/answer.docx", self._answered(), self._language()),
            ("GET", "/documents/{document_id}/source"): lambda: self._of(
                "/documents/{}/source", self._span(), self._maybe("citation", [1])
            ),
            ("GET", "/precedents"): lambda: self._got(
                "/precedents",
                {"q": self._question()},
                self._filters(),
                self._function(),
                self._maybe("page", [2, 50]),
                self._picks() if chance.random() < 0.5 else {},
                self._language(),
            ),
            ("GET", "/precedents/export.docx"): lambda: self._got(
                "/precedents/export.docx", self._picks(), self._language()
            ),
            ("GET", "/duties"): lambda: self._got("/duties", self._facts(), self._duties(), self._paged()),
            ("GET", "/commitments"): lambda: self._got(
                "/commitments", self._facts(), self._commitments(), self._paged()
            ),
            ("GET", "/documents"): lambda: self._got("/documents", self._browsed(), self._paged()),
            ("GET", "/documents/{document_id}"): lambda: self._of(
                "/documents/{}",
                self._span() if chance.random() < 0.5 else {},
                self._maybe("page", [1, 2]),
                self._language(),
            ),
            ("GET", "/documents/{document_id}/pages/{number:page}.png"): lambda: self._of(
                f"/documents/{{}}/pages/{chance.randrange(4)}.png", self._maybe("width", [600, 1800, 700])
            ),
            ("GET", "/documents/{document_id}/pages/{number:page}.json"): lambda: self._of(
                f"/documents/{{}}/pages/{chance.randrange(4)}.json", self._span() if chance.random() < 0.5 else {}
            ),
            # The operator's pages: those that change something change nothing here.
            ("GET", "/admin"): lambda: self._got("/admin"),
            ("GET", "/admin/run.json"): lambda: self._got("/admin/run.json"),
            ("GET", "/admin/correct"): lambda: self._got(
                "/admin/correct", {"which": chance.choice([*_IDS, *_sources(), *_numbers(), self._question()])}
            ),
            ("GET", "/admin/documents/{document_id}"): lambda: self._of("/admin/documents/{}"),
            ("POST", "/admin/run"): lambda: ("POST", "/admin/run", {"data": {"kind": "nothing"}}),
            ("POST", "/admin/upload"): lambda: ("POST", "/admin/upload", {"files": {"files": ("a.txt", b"")}}),
            ("POST", "/admin/documents/{document_id}"): lambda: (
                "POST",
                f"/admin/documents/{chance.choice(['0' * 16, 'nothing'])}",
                {"data": {"title": "a"}},
            ),
        }

    @property
    def routes(self) -> list[Route]:
        """The routes that can be asked, in order. One of the application that is not here fails the test."""
        return sorted(self._drawn)

    def draw(self, route: Route) -> Asked:
        """Return a request of a route: now and then with unusual headers, or another method of its path."""
        method, path, keywords = self._drawn[route]()
        if self._chance.random() < _SOMETIMES:
            keywords = {**keywords, "headers": self._chance.choice(_HEADERS)}
        if method == "GET" and self._chance.random() < _SOMETIMES:
            method = self._chance.choice(["HEAD", "OPTIONS"])
        return method, path, keywords

    # ------------------------------------------------------------------------------------- requests

    def _got(self, path: str, *parts: Parameters) -> Asked:
        return "GET", path, {"params": {name: value for part in parts for name, value in part.items()}}

    def _of(self, pattern: str, *parts: Parameters) -> Asked:
        return self._got(pattern.format(self._chance.choice(_IDS)), *parts)

    def _ask(self) -> Asked:
        body = {"question": self._question(), "filters": self._filters(), "top_k": self._chance.choice([1, 10, 50])}
        if self._chance.random() < 0.3:
            body |= {"question": self._chance.choice(_FOLLOW_UPS), "history": [self._question()]}
        headers = {"headers": {"Accept": "text/event-stream"}} if self._chance.random() < 0.3 else {}
        return "POST", "/api/v1/ask", {"json": body, **headers}

    def _search(self) -> Asked:
        body = {
            "query": self._question(),
            "filters": self._filters(),
            # A place among nearly equal passages may be another's; so either one of them is wanted, or all.
            "top_k": self._chance.choice([1, 200, 200]),
            "clauses": self._chance.random() < 0.5,
        }
        return "POST", "/api/v1/search", {"json": body}

    # ----------------------------------------------------------------------------------- parameters

    def _maybe(self, name: str, values: Sequence[Any]) -> Parameters:
        return {name: self._chance.choice(values)} if self._chance.random() < 0.4 else {}

    def _question(self) -> str:
        word, document = self._chance.choice(CANARIES), self._chance.choice(DOCUMENTS)
        return self._chance.choice(
            [
                *(self._chance.choice(_QUESTIONS) for _ in range(6)),
                word,
                f"{word}托育服务由谁牵头？",
                f"{word}是什么？",
                f"{word[:1]}的补助有多少？",
                f"{document.number}是什么文件？",
                f"{document.number}还有效吗？",
                f"《{document.title}》被哪个文件废止？",
                document.title,
                f"{document.place}{word}工作办公室牵头哪些工作？",
            ]
        )

    def _typed(self) -> str:
        document = self._chance.choice(DOCUMENTS)
        name = self._chance.choice([document.title, document.number, document.place, *document.words])
        start = self._chance.choice([0, 0, self._chance.randrange(len(name))])
        return self._chance.choice([name[start : start + self._chance.randint(1, 6)], self._chance.choice(_WORDS)])

    def _words(self) -> str:
        return self._chance.choice([self._chance.choice(_WORDS), self._chance.choice(CANARIES)])

    def _filters(self) -> Parameters:
        """Return up to two conditions."""
        document, canary = self._chance.choice(DOCUMENTS), self._chance.choice(CANARIES)
        all_of_them = {
            "issuer": self._chance.choice([canary, "工作办公室", "民政局", f"{document.place}民政局"]),
            "place": self._chance.choice([canary, "临洲", "汐川", "川"]),
            "kind": self._chance.choice(["notice", "plan", "reply", "law", "other"]),
            "year_from": self._chance.choice([2020, 2024, 2025]),
            "year_to": self._chance.choice([2022, 2024]),
            "topic": self._chance.choice([canary, "托育", "重点任务"]),
            "document_number": document.number,
            "source": self._chance.choice([*_sources(), *FOLDERS, "elsewhere"]),
        }
        names = self._chance.sample(sorted(all_of_them), self._chance.choice([0, 0, 1, 1, 2]))
        return {name: all_of_them[name] for name in names}

    def _browsed(self) -> Parameters:
        disclosure = self._maybe("disclosure", ["public", "on_request", "internal", "unlabelled"])
        return {**self._filters(), "q": self._typed(), **disclosure}

    def _facts(self) -> Parameters:
        agency = [self._chance.choice(CANARIES), "市财政局", "临洲市教育局", "汐川县财政局", "民政局"]
        return {**self._filters(), "q": self._words(), **self._maybe("agency", agency)}

    def _duties(self) -> Parameters:
        order = ["document", "-document", "task", "-lead", "place", "date"]
        return self._maybe("role", ["lead", "cooperating"]) | self._maybe("sort", order)

    def _commitments(self) -> Parameters:
        order = ["document", "-text", "status", "actor", "-deadline", "date"]
        return (
            self._maybe("status", ["done", "planned", "target"])
            | self._maybe("due_from", ["2024-01-01", "2026-01-01"])
            | self._maybe("due_to", ["2025-12-31"])
            | self._maybe("sort", order)
        )

    def _form(self) -> Parameters:
        return self._chance.choice([{}, {"format": "csv"}, {"format": "xlsx"}, self._listed()])

    def _listed(self, most: int = 1000) -> Parameters:
        return self._maybe("limit", [1, 3, most]) | self._maybe("offset", [0, 2, 900])

    def _paged(self) -> Parameters:
        return self._maybe("page", [1, 2, 99]) | self._language()

    def _language(self) -> Parameters:
        return self._maybe("lang", ["en"])

    def _function(self) -> Parameters:
        return self._maybe("function", ["thanks", "next_steps", "refusal"])

    def _answered(self) -> Parameters:
        if self._chance.random() < 0.3:
            return {"q": self._chance.choice(_FOLLOW_UPS), "after": self._question()}
        return {"q": self._question()}

    def _span(self) -> Parameters:
        start = self._chance.choice([0, self._chance.randrange(300), 100_000])
        return {"start": start, "end": start + self._chance.choice([1, 30, 200])}

    def _picks(self) -> Parameters:
        places = ((self._chance.choice(_IDS), self._chance.randrange(200)) for _ in range(self._chance.randint(1, 4)))
        return {"pick": [f"{document_id}:{start}-{start + 30}" for document_id, start in places]}


def _sources() -> list[str]:
    return [source for document in DOCUMENTS for source in document.sources]


def _names() -> list[str]:
    return [source.rpartition("/")[2] for source in _sources()]


def _numbers() -> list[str]:
    return [document.number for document in DOCUMENTS]


def routes_of(app: FastAPI) -> set[Route]:
    """Return method and path of every route of the application."""

    def walk(routes: Any) -> Iterator[Route]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes)
            else:
                methods = (getattr(route, "methods", None) or {"GET"}) - {"HEAD", "OPTIONS"}
                yield from ((method, route.path) for method in methods)

    return set(walk(app.routes))
