"""The pages, over a small real index: what they show, to whom, and that every mark leads to its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from starlette.testclient import TestClient

import rag.app
from rag.app.api import create_app
from rag.app.pages import documents
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings

KEY = "a-key-of-this-test"
QUESTION = "鹤鸣市哪些部门牵头校园安全工作？"
PAGE = {"Accept": "text/html,application/xhtml+xml"}

PLAN = """鹤鸣市教育局文件
鹤教发〔2024〕5号

鹤鸣市教育局关于印发《鹤鸣市校园安全工作实施方案》的通知

各县区教育局：
现将《鹤鸣市校园安全工作实施方案》印发给你们，请认真贯彻执行。

一、工作目标
到2025年底，全市校园安全检查覆盖率达到100%。

二、主要任务
（一）校园安全工作。建立校园安全排查制度，每学期排查两次。〔市教育局牵头，市公安局、市应急管理局按职责分工负责〕
（二）校车安全工作。更换老旧校车30辆，写作<b>&三十</b>辆。〔市公安局牵头，市交通运输局按职责分工负责〕

鹤鸣市教育局
2024年3月1日

（此件主动公开）
"""

REPLY = """鹤鸣市卫生健康委员会
鹤卫函〔2025〕8号
答复类型：A类

关于市政协五届三次会议第12号提案的答复

提案委员：
您提出的《关于增设助浴点的提案》收悉，现答复如下：
一、基本情况
全市已建成助浴点14个，服务老年人2600人次。
二、下一步打算
2026年再建助浴点6个。

鹤鸣市卫生健康委员会
2025年6月3日

公开属性：依申请公开
"""

SUMMARY = """雁栖县民政局2023年工作总结

2023年，全县新增养老床位210张。

雁栖县民政局
2024年1月8日

（此件主动公开）
"""


@dataclass
class Page(HTMLParser):
    """A page read back: its elements with their attributes, and the words of some."""

    html: str
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    marked: str = ""
    text: str = ""
    _open: list[str] = field(default_factory=list)
    _hidden: int = 0

    VOID = frozenset({"meta", "link", "input", "option", "br"})

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.html)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a in self.elements if t == tag and all(a.get(k) == v for k, v in wanted.items())]

    @property
    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.elements if "id" in a]

    @property
    def links(self) -> list[str]:
        return [a["href"] for a in self.all("a")]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("pages")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in (("plan.txt", PLAN), ("reply.txt", REPLY), ("summary.txt", SUMMARY)):
        (corpus / name).write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=folder / "index", corpus_dir=corpus)) as engine:
        report = engine.ingest([corpus])
    assert (report.added, report.failed) == (3, [])
    return folder / "index", corpus


@pytest.fixture(scope="module")
def engine(folders) -> Iterator[Engine]:
    with Engine(Settings(index_dir=folders[0], corpus_dir=folders[1])) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(engine) -> TestClient:
    return TestClient(create_app(engine), base_url="http://127.0.0.1", headers=PAGE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def guarded(folders) -> Iterator[TestClient]:
    """A server with a key configured; requests bear none unless a test adds it."""
    with Engine(Settings(index_dir=folders[0], corpus_dir=folders[1], api_keys=[KEY])) as opened:
        yield TestClient(create_app(opened), base_url="http://127.0.0.1", headers=PAGE, raise_server_exceptions=False)


def _read(client: TestClient, url: str, status: int = 200, **parameters: object) -> Page:
    response = client.get(url, params=parameters or None)
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(response.text)


def _document(engine: Engine, source: str):
    page = engine.reader().catalog.list_documents(scope=Scope.everything())
    (found,) = (d.document_id for d in page.documents if d.source == source)
    return engine.reader().catalog.document(found, scope=Scope.everything())


# ------------------------------------------------------------------------------- question and answer


def test_the_front_page_asks(client):
    page = _read(client, "/")
    assert page.all("html", lang="zh-CN")
    assert page.all("form", action="/", method="get")
    assert page.all("label", **{"for": "q"})
    (box,) = page.all("input", id="q")
    assert box["maxlength"] == "2000"
    examples = [parse_qs(urlsplit(link).query)["q"][0] for link in page.links if link.startswith("/?q=")]
    assert "鹤鸣市校园安全工作由哪个部门牵头？" in examples
    assert "3 份文件" in page.text


def test_every_mark_leads_to_the_very_words_cited(client):
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    quotes = {str(c["id"]): c["quote"] for c in answer["citations"]}
    page = _read(client, "/", q=QUESTION)
    marks = page.all("a", **{"class": "mark"})
    assert len(marks) >= len(answer["statements"]) > 0
    for mark in marks:
        number = re.search(r"\d+", mark["aria-label"])
        assert number is not None
        source = _read(client, mark["href"])
        assert source.marked == quotes[number[0]].replace("\n", "").replace("\t", "")
        assert urlsplit(mark["href"]).fragment == "quote"
        assert source.ids.count("quote") == 1


def test_an_answer_shows_statements_duties_and_citations(client):
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    page = _read(client, "/", q=QUESTION)
    for statement in answer["statements"]:
        assert statement["text"] in page.text
    for citation in answer["citations"]:
        assert citation["quote"] in page.text
        assert page.all("li", id=f"c{citation['id']}", value=str(citation["id"]))
    assert "《鹤鸣市教育局关于印发《鹤鸣市校园安全工作实施方案》的通知》（鹤教发〔2024〕5号）" in page.text
    assert page.all("aside", id="source")
    assert page.marked == answer["citations"][0]["quote"]
    assert answer["duties"]
    for duty in answer["duties"]:
        assert duty["task"] in page.text
        assert "、".join(duty["lead"]) in page.text
    assert [a["data-label"] for a in page.all("td")][:3] == ["牵头", "配合", "出处"]
    (box,) = page.all("input", id="q")
    assert box["value"] == QUESTION


def test_a_refusal_says_so_and_offers_leads(client):
    page = _read(client, "/", q="火星移民补贴每人多少元？")
    assert "没有依据，不作答" in page.text
    assert not page.all("a", **{"class": "mark"})
    leads = [link for link in page.links if link.startswith("/documents/")]
    assert leads
    _read(client, leads[0])


@pytest.mark.parametrize("question", ["", "   ", "问" * 2001], ids=["empty", "blank", "too long"])
def test_a_wrong_question_is_told_beside_the_box(client, question):
    page = _read(client, "/?" + f"q={question}", 422)
    (box,) = page.all("input", id="q")
    assert box["aria-invalid"] == "true"
    assert box["aria-describedby"] in page.ids
    assert "2000" in page.text


def test_a_question_is_shown_as_words_not_as_markup(client):
    page = _read(client, "/", q='"><script>alert(1)</script>校园安全由谁负责？')
    assert all("src" in a for a in page.all("script"))
    (box,) = page.all("input", id="q")
    assert box["value"].startswith('"><script>')


@pytest.fixture(scope="module")
def sample_client(tmp_path_factory) -> Iterator[TestClient]:
    """A server over the sample corpus of this repository."""
    corpus = Path(__file__).parents[3] / "corpus"
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("sample"), corpus_dir=corpus)) as sample:
        sample.ingest([corpus])
        yield TestClient(create_app(sample), base_url="http://127.0.0.1", headers=PAGE)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_examples_are_from_the_documents_and_are_answered(sample_client, lang):
    front = _read(sample_client, "/", lang=lang)
    examples = [link for link in front.links if link.startswith("/?q=")]
    assert len(examples) >= 3
    for example in examples:
        page = _read(sample_client, example)
        marks = page.all("a", **{"class": "mark"})
        assert marks
        assert _read(sample_client, marks[0]["href"]).marked


def test_the_examples_are_of_what_the_asker_may_see(client, guarded):
    everything = {link for link in _read(client, "/").links if link.startswith("/?q=")}
    public = {link for link in _read(guarded, "/").links if link.startswith("/?q=")}
    assert any(quote("〔2025〕8号") in link or quote("助浴点") in link for link in everything)
    assert not any(quote("〔2025〕8号") in link or quote("助浴点") in link for link in public)


# ----------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", "/documents?kind=plan", "/nothing"])
def test_each_page_is_there_in_both_languages(client, path):
    chinese = Page(client.get(path).text)
    (switch,) = chinese.all("a", **{"class": "switch"})
    english = Page(client.get(switch["href"]).text)
    assert (chinese.all("html")[0]["lang"], english.all("html")[0]["lang"]) == ("zh-CN", "en")
    (back,) = english.all("a", **{"class": "switch"})
    assert Page(client.get(back["href"]).text).text == chinese.text


def test_english_pages_link_to_english_pages(client):
    page = _read(client, "/", q=QUESTION, lang="en")
    assert page.all("input", name="lang", value="en")
    own = [link for link in page.links if link.startswith(("/documents", "/?"))]
    outside = {a["href"] for a in page.all("a", **{"class": "switch"})}
    assert all("lang=en" in link for link in own if link not in outside)


def test_the_documents_words_are_marked_as_chinese_on_an_english_page(client, engine):
    page = _read(client, f"/documents/{_document(engine, 'plan.txt').document_id}", lang="en")
    assert page.all("article", lang="zh-CN")
    assert "Document number" in page.text


# ------------------------------------------------------------------------------------- list of documents


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"鹤教发〔2024〕5号", "鹤卫函〔2025〕8号"}),
        ("place=鹤鸣", {"鹤教发〔2024〕5号", "鹤卫函〔2025〕8号"}),
        ("place=雁栖", set()),
        ("issuer=教育局", {"鹤教发〔2024〕5号"}),
        ("kind=reply", {"鹤卫函〔2025〕8号"}),
        ("year_from=2025&year_to=2025", {"鹤卫函〔2025〕8号"}),
        ("place=&issuer=&kind=&year_from=&year_to=", {"鹤教发〔2024〕5号", "鹤卫函〔2025〕8号"}),
        ("document_number=鹤教发[2024]5号", {"鹤教发〔2024〕5号"}),
        ("topic=不存在的词", set()),
    ],
)
def test_the_list_holds_what_the_filters_admit(client, query, numbers):
    page = _read(client, f"/documents?{query}")
    assert set(re.findall(r"鹤\w+〔\d+〕\d+号", page.text)) == numbers
    (twin,) = page.all("link", rel="alternate")
    listed = client.get(twin["href"]).json()
    assert {d["document_number"] for d in listed["documents"]} - {None} == numbers


def test_the_form_keeps_what_was_asked_for(client):
    page = _read(client, "/documents?q=校园&place=鹤鸣&kind=plan&year_from=2020&document_number=鹤教发〔2024〕5号")
    assert page.all("input", name="q")[0]["value"] == "校园"
    kept = {field["name"]: field["value"] for field in page.all("input", type="hidden")}
    assert kept == {"place": "鹤鸣", "kind": "plan", "year_from": "2020", "document_number": "鹤教发〔2024〕5号"}


def test_a_facet_chosen_is_told_and_can_be_taken_back(client):
    chosen = _read(client, "/documents?kind=plan&q=方案").all("a", **{"aria-current": "true"})
    (back,) = [link["href"] for link in chosen]
    assert parse_qs(urlsplit(back).query) == {"q": ["方案"]}


def test_the_number_beside_a_choice_is_what_it_shows(client):
    page = _read(client, "/documents")
    choices = [link for link in page.links if link.startswith("/documents?") and "lang=" not in link]
    assert any("year_from=2024&year_to=2024" in link for link in choices)
    for link in choices:
        shown = _read(client, link)
        assert shown.all("a", **{"aria-current": "true"})
        assert 0 < len(shown.all("li", **{"class": "result"})) <= 3


def test_pages_of_the_list_follow_one_another(client, monkeypatch):
    monkeypatch.setattr(documents, "DOCUMENTS_A_PAGE", 1)
    seen, url = [], "/documents?year_from=2000"
    while url:
        page = _read(client, url)
        seen += [link for link in page.links if link.startswith("/documents/")]
        following = page.all("a", rel="next")
        url = following[0]["href"] if following else ""
        assert not url or "year_from=2000" in url
    assert len(seen) == len(set(seen)) == 3
    beyond = _read(client, "/documents?page=9")
    assert "这一页没有文件" in beyond.text


@pytest.mark.parametrize("query", ["kind=poem", "year_from=abc", "page=0", "page=x", "colour=red"])
def test_a_wrong_filter_is_refused_not_ignored(client, query):
    assert "请求的内容有误" in _read(client, f"/documents?{query}", 422).text


# ---------------------------------------------------------------------------------------- one document


def test_a_document_shows_elements_contents_and_text(client, engine):
    document = _document(engine, "plan.txt")
    page = _read(client, f"/documents/{document.document_id}")
    for line in document.text.splitlines():
        assert line in page.text
    assert "发文字号" in page.text
    assert not page.marked
    contents = [link.removeprefix("#") for link in page.links if link.startswith("#p")]
    assert len(contents) == len(document.clauses) > 0
    assert set(contents) <= set(page.ids)


def test_an_element_leads_to_where_it_stands(client, engine):
    document = _document(engine, "reply.txt")
    page = _read(client, f"/documents/{document.document_id}")
    (number,) = [a for a in page.all("a") if "鹤卫函〔2025〕8号" in a.get("title", "")]
    assert _read(client, number["href"]).marked == "鹤卫函〔2025〕8号"


@pytest.mark.parametrize("query", ["start=5&end=5", "start=9&end=3", "start=0&end=999999", "start=-1&end=4", "start=3"])
def test_a_place_outside_the_text_is_told(client, engine, query):
    page = _read(client, f"/documents/{_document(engine, 'plan.txt').document_id}?{query}")
    assert not page.marked
    assert "quote" not in page.ids
    assert "不在本文之内" in page.text


def test_a_documents_words_are_not_markup(client, engine):
    page = _read(client, f"/documents/{_document(engine, 'plan.txt').document_id}")
    assert "<b>&三十</b>" in page.text


def test_the_original_file_is_offered_where_it_can_be_had(client, guarded, engine):
    document_id = _document(engine, "plan.txt").document_id
    url = f"/api/v1/documents/{document_id}/file"
    assert url in _read(client, f"/documents/{document_id}").links
    assert client.get(url).content.decode() == PLAN
    assert url not in _read(guarded, f"/documents/{document_id}").links


# ---------------------------------------------------------------------------------------------- access


def test_without_a_key_only_public_documents_are_there(guarded, engine):
    hidden = _document(engine, "reply.txt").document_id
    assert "没有这个文件" in _read(guarded, f"/documents/{hidden}", 404).text
    listed = _read(guarded, "/documents")
    assert f"/documents/{hidden}" not in listed.links
    assert "只显示主动公开的文件" in listed.text
    assert "鹤鸣市卫生健康委员会" not in [a["value"] for a in listed.all("option")]
    asked = _read(guarded, "/", q="鹤鸣市已建成助浴点多少个？")
    assert "14" not in asked.text
    assert not [link for link in asked.links if hidden in link]


def test_with_a_key_all_are_there(guarded, engine):
    hidden = _document(engine, "reply.txt").document_id
    response = guarded.get(f"/documents/{hidden}", headers={"Authorization": f"Bearer {KEY}"})
    assert response.status_code == 200
    assert "14个" in response.text


def test_a_wrong_key_is_told_on_a_page(guarded):
    response = guarded.get("/", headers={"Authorization": "Bearer wrong"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "密钥不符" in response.text


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "没有这个文件或页面"),
        ("/documents/0123456789abcdef", 404, "没有这个文件或页面"),
        ("/documents/0123456789abcdef?start=x", 422, "请求的内容有误"),
        ("/nothing?lang=en", 404, "no such document or page"),
    ],
)
def test_errors_on_pages_are_pages(client, path, status, words):
    page = _read(client, path, status)
    assert words in page.text
    assert any(link in ("/", "/?lang=en") for link in page.links)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/api/v1/documents/0123456789abcdef", "text/html"),
        ("/api/v1/nothing", "text/html"),
        ("/documents/0123456789abcdef", "application/json"),
        ("/nothing", "*/*"),
    ],
)
def test_other_errors_stay_problem_documents(client, path, accept):
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["instance"] == path


def test_a_missing_index_is_told_with_what_mends_it(tmp_path):
    with Engine(Settings(index_dir=tmp_path / "none", corpus_dir=tmp_path)) as empty:
        client = TestClient(create_app(empty), base_url="http://127.0.0.1", headers=PAGE)
        page = _read(client, "/", 503)
    assert "文件库暂不可用" in page.text
    assert "rag ingest" in page.text


@pytest.mark.parametrize("path", ["/", "/documents"])
def test_an_empty_index_leads_who_may_to_uploading(tmp_path, path):
    (tmp_path / "corpus").mkdir()
    settings = Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")

    def shown(settings: Settings) -> str:
        with Engine(settings) as empty:
            empty.ingest([settings.corpus_dir])
            client = TestClient(create_app(empty), base_url="http://127.0.0.1", headers=PAGE)
            return client.get(path).text

    assert '<a class="button" href="/admin">上传文件</a>' in shown(settings)
    assert "/admin" not in shown(settings.model_copy(update={"api_keys": ["a-key-of-this-test"]}))


def test_an_unexpected_error_is_a_page_without_its_words(folders, monkeypatch):
    def fail() -> None:
        raise RuntimeError("words of a document")

    with Engine(Settings(index_dir=folders[0])) as broken:
        monkeypatch.setattr(broken, "reader", fail)
        app = create_app(broken)
        client = TestClient(app, base_url="http://127.0.0.1", headers=PAGE, raise_server_exceptions=False)
        response = client.get("/")
    assert response.status_code == 500
    assert "系统出错" in Page(response.text).text
    assert "words of a document" not in response.text
    assert _has_security_headers(response)


# ---------------------------------------------------------------------------------- safety and form


def _has_security_headers(response) -> bool:
    policy = response.headers.get("Content-Security-Policy", "")
    return (
        "default-src 'self'" in policy
        and "frame-ancestors 'none'" in policy
        and "unsafe" not in policy
        and response.headers.get("X-Content-Type-Options") == "nosniff"
        and response.headers.get("Referrer-Policy") == "no-referrer"
    )


@pytest.mark.parametrize(
    "path", ["/", "/documents", "/nothing", "/static/style.css", "/healthz", "/api/v1/documents", "/openapi.json"]
)
def test_every_response_bears_the_security_headers(client, path):
    assert _has_security_headers(client.get(path))


@pytest.mark.parametrize("path", ["/", "/documents", "/nothing"])
def test_pages_are_not_kept_by_caches(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_loads_from_elsewhere_by_way_of_the_framework(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["/", f"/?q={QUESTION}", "/?q=火星移民补贴每人多少元？", "/documents", "document"])
def test_pages_are_whole_and_safe(client, engine, name):
    path = f"/documents/{_document(engine, 'plan.txt').document_id}?start=0&end=9" if name == "document" else name
    page = _read(client, path)
    assert len(page.ids) == len(set(page.ids))
    assert all(a["type"] == "module" and a["src"].startswith("/static/") for a in page.all("script"))
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert not [a for a in attributes if a.startswith("on")]
        for where in ("href", "src", "action"):
            assert attributes.get(where, "/").startswith(("/", "#")), attributes
            assert not attributes.get(where, "").startswith("//")
    for landmark in ("header", "nav", "main", "footer"):
        assert page.all(landmark)
    assert len(page.all("h1")) == 1
    labelled = {a["for"] for a in page.all("label")}
    fields = [a for t, a in page.elements if t in ("input", "select") and a.get("type") != "hidden"]
    assert {a["id"] for a in fields} <= labelled
    for _, attributes in page.elements:
        assert set(attributes.get("aria-labelledby", "").split()) <= set(page.ids)
    for link in page.links:
        if link.startswith("#"):
            assert link.removeprefix("#") in page.ids


def test_every_link_of_a_page_opens(client, engine):
    document_id = _document(engine, "plan.txt").document_id
    for path in ("/", f"/?q={QUESTION}", "/documents", f"/documents/{document_id}"):
        page = _read(client, path)
        for link in {*page.links, *(a["href"] for a in page.all("link"))}:
            if not link.startswith("#"):
                assert client.get(link.partition("#")[0]).status_code == 200, link


# ------------------------------------------------------------------------------------------ stylesheet

STYLE = (Path(rag.app.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")


def _colours(theme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    pairs = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    return pairs[0] if theme == "light" else pairs[0] | pairs[1]


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((ink, ground) for ink in ("ink", "soft", "red", "link") for ground in ("paper", "sheet", "notice")),
        ("mark-ink", "mark"),
        ("on-red", "red"),
        ("soft", "field"),
    ],
)
def test_words_can_be_read_on_their_ground(theme, ink, ground):
    colours = _colours(theme)
    light, dark = sorted((_luminance(colours[ink]), _luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, 1.4.3, level AA


def test_the_stylesheet_loads_nothing_from_elsewhere():
    assert "://" not in STYLE
    assert "@import" not in STYLE


def test_the_next_question_may_follow_up_the_one_before(client):
    page = client.get("/", params={"q": "汐川县冲锋舟有多少艘？"}).text
    assert '<input type="hidden" name="after" value="汐川县冲锋舟有多少艘？">' in page
    page = client.get("/", params={"q": "那临洲市呢？", "after": "汐川县冲锋舟有多少艘？"}).text
    assert "理解为：临洲市冲锋舟有多少艘？" in page
