"""The page: what it shows, that nothing of a document acts in it, and that it loads nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation import html_report
from rag.evaluation.answers import AnswersReport
from rag.evaluation.harness import RetrievalReport, evaluate_retrieval
from rag.evaluation.html_report import answers_page, retrieval_page
from rag.evaluation.judging import Verdict, changes
from rag.evaluation.questions import JudgedQuestion
from rag.evaluation.runs import compare_runs
from rag.indexes.encoder import Encoder
from rag.retrieval.terms import TermTable
from rag.store.records import Failure

HOSTILE = '<script>alert("1")</script>&amp;<img src=x onerror=alert(1)>{{ 7*7 }}'
Write = Callable[[Path, Sequence[Mapping[str, object]]], Path]


@pytest.fixture
def report(
    collection: Path, tmp_path: Path, encoder: Encoder, no_terms: Callable[[], TermTable], write_jsonl: Write
) -> RetrievalReport:
    """Three queries: one found, one whose document is last, one whose document is not there."""
    rows = [
        {"_id": "d1", "title": "养老服务条例", "text": "市民政部门负责全市养老服务工作。"},
        {"_id": f"<d2>{HOSTILE}", "title": HOSTILE, "text": f"电梯加装补贴每台二十万元。{HOSTILE}"},
        {"_id": "d3", "title": "", "text": "电梯使用管理人应当每日巡查。" + "乡道由乡级人民政府管理。" * 40},
    ]
    write_jsonl(collection / "corpus.jsonl", rows)
    write_jsonl(
        collection / "queries.jsonl",
        [
            {"_id": "q1", "text": "哪个部门负责养老服务？"},
            {"_id": "q2", "text": f"电梯加装补贴多少钱？{HOSTILE}"},
            {"_id": "q3", "text": "乡道由谁管理？"},
        ],
    )
    (collection / "qrels.tsv").write_text("q1\td1\t1\nq2\td3\t1\nq3\tgone\t1\n", encoding="utf-8")
    return evaluate_retrieval(collection, cache_dir=tmp_path / "cache", encoder=encoder, load_terms=no_terms)


def text_of(page: str) -> str:
    return " ".join(lxml.html.document_fromstring(page).text_content().split())


def check_self_contained(page: str) -> None:
    """Nothing that runs or is fetched, every link leads somewhere in the page, ids are unique, charts have names."""
    tree = lxml.html.document_fromstring(page)
    assert {e.tag for e in tree.iter() if isinstance(e.tag, str)}.isdisjoint(
        {"script", "img", "link", "iframe", "object"}
    )
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"src", "xlink:href"}
            if name == "href":
                assert value.startswith("#")
                assert value[1:] in ids
            if name in {"aria-labelledby", "aria-describedby"}:
                assert value in ids
    assert "url(" not in page
    assert "@import" not in page
    assert tree.find(".//html") is None
    assert tree.get("lang") == "zh-CN"
    assert len(tree.findall(".//svg")) >= 2
    for table in tree.findall(".//table"):
        widths = {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr")}
        assert len(widths) == 1


def test_the_page_of_a_run_shows_what_was_found_instead(report: RetrievalReport) -> None:
    page = retrieval_page(report)
    check_self_contained(page)
    said = text_of(page)
    assert "nDCG@10" in said
    assert HOSTILE in said  # as words
    assert "不在文件集中" in said  # the right document of q3
    tree = lxml.html.document_fromstring(page)
    worst = [row for row in tree.findall(".//tbody/tr") if "电梯加装补贴" in row.findtext("th", "")]
    assert len(worst) == 1
    assert "#" in worst[0].find(".//td/ol/li/a").get("href")
    # q1 was found at once: it is in no table of queries.
    assert not [row for row in tree.findall(".//tbody/tr") if "养老" in row.findtext("th", "")]
    assert "与对照相比" not in said


def test_openings_are_short_and_printable(report: RetrievalReport) -> None:
    tree = lxml.html.document_fromstring(retrieval_page(report))
    openings = [dd.text_content() for dd in tree.findall(".//dd")]
    assert max(map(len, openings)) == html_report._OPENING + 1
    assert all(c.isprintable() for opening in openings for c in opening)


def test_two_runs_stand_side_by_side(report: RetrievalReport) -> None:
    first, second, third = report.ranked
    nothing = dict.fromkeys(first.measures, 0.0)
    everything = dict.fromkeys(first.measures, 1.0)
    before = [replace(first, documents=(), measures=nothing), replace(second, measures=everything), third]
    page = retrieval_page(report, before=before, compared=compare_runs(before, report.ranked))
    check_self_contained(page)
    said = text_of(page)
    assert "与对照相比" in said
    assert "Worse than before" in said
    assert "Better than before" in said
    assert len(lxml.html.document_fromstring(page).findall(".//polyline")) == 2


def test_a_perfect_run_has_no_worst(report: RetrievalReport) -> None:
    perfect = [replace(q, measures=dict.fromkeys(q.measures, 1.0)) for q in report.ranked]
    assert "每题都满分" in text_of(retrieval_page(replace(report, ranked=tuple(perfect))))


@given(st.lists(st.floats(0, 1), min_size=1), st.lists(st.integers(1, 100) | st.just(math.inf)))
def test_every_value_belongs_to_one_class(values: list[float], ranks: list[float]) -> None:
    for given_values, classes in (
        (values, html_report._VALUES),
        (ranks, html_report._RANKS),
        (values, html_report._TIMES),
    ):
        assert all(sum(belongs(value) for _, belongs in classes) == 1 for value in given_values)


def test_the_page_of_a_question_set_shows_failures_and_changes() -> None:
    def verdict(name: str, *reasons: str) -> Verdict:
        question = JudgedQuestion(name, "fact", f"{name}？{HOSTILE}", answerable=True)
        return Verdict(question, reasons, HOSTILE, ("b.txt",), "b.txt", is_first_right=True, seconds=0.02)

    after = (verdict("一"), verdict("二", f"missing: {HOSTILE}"), verdict("三"))
    found = AnswersReport("q.jsonl", 2, (Failure("x.pdf", "坏了"),), after, 3, 3, 1.0, 2.0)
    page = answers_page(found, changed=changes([verdict("一", "missing: 甲"), verdict("二")], after))
    check_self_contained(page)
    said = text_of(page)
    assert "3 题中通过 2 题" in said
    assert f"missing: {HOSTILE}" in said
    assert "x.pdf: 坏了" in said
    for words in ("现在不过", "现在通过", "新题 not asked before : 三"):
        assert words in said.replace("before:", "before :")
    check_self_contained(answers_page(found))
