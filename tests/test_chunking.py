"""Passages are stretches of the text, whole by clause, and lose nothing: on made-up and on real documents."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.chunking import PASSAGE_CHARACTERS, TINY_CHARACTERS, cut
from rag.domain.document import BlockRole, OfficialDocument
from rag.domain.obligation import DutyForm
from rag.domain.passage import Passage
from rag.loaders import load
from rag.parsing.document import parse

CORPUS = Path(__file__).parents[1] / "corpus"
SEEDS = Path(__file__).parents[1].parent / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real documents are not in this checkout")


def document(text: str, source: str = "a.txt") -> OfficialDocument:
    return parse(load(text.encode(), source), source=source, sha256="0123456789abcdef" * 4)


SAMPLES = sorted(p for p in CORPUS.rglob("*") if p.suffix in {".txt", ".md"} and p.name != "README.md")


def read(path: Path) -> OfficialDocument:
    return document(path.read_text(encoding="utf-8"), path.name)


def plan(*body: str) -> OfficialDocument:
    head = "临洲市人民政府关于印发《临洲市行动方案》的通知\n\n各县（区）人民政府：\n\n"
    return document(head + "\n\n".join(body))


def texts(passages: Sequence[Passage]) -> list[str]:
    return [passage.text for passage in passages]


# --------------------------------------------------------------------------------------- invariants


def check(doc: OfficialDocument, passages: Sequence[Passage], most: int = PASSAGE_CHARACTERS) -> None:
    """Assert what holds for the passages of any document."""
    brackets = [duty.span for duty in doc.duties if duty.form is DutyForm.BRACKET]
    for ordinal, passage in enumerate(passages):
        assert passage.text == passage.span.of(doc.text) == passage.text.strip() != ""
        assert (passage.ordinal, passage.document_id) == (ordinal, doc.document_id)
        assert passage.passage_id == f"{doc.document_id}-{ordinal}"
        has_bracket = any(passage.span.overlaps(bracket) for bracket in brackets)
        assert len(passage.span) <= most or has_bracket
        inside = [c for c in doc.clauses if passage.span.start < c.span.start < passage.span.end]
        assert not inside or len(passage.span) <= TINY_CHARACTERS or has_bracket
    assert all(one.span.end <= other.span.start for one, other in pairwise(passages))
    body = [b.span for b in doc.blocks if b.role in (BlockRole.BODY, BlockRole.TABLE)] or [b.span for b in doc.blocks]
    bare = {c.heading for c in doc.clauses} & set(body)
    held = {at for passage in passages for at in range(passage.span.start, passage.span.end)}
    wanted = {at for span in body if span not in bare for at in range(span.start, span.end)}
    lost = [at for at in sorted(wanted - held) if not doc.text[at].isspace()]
    assert not lost, doc.text[lost[0] : lost[0] + 30]
    # A heading left out is carried by the passages under it.
    for span in bare:
        if not held & set(range(span.start, span.end)):
            assert any("".join(span.of(doc.text).split()) in "".join("".join(p.section).split()) for p in passages)


SENTENCE = st.builds(
    lambda words, times, stop: words * times + stop,
    st.sampled_from(["推进城乡社区建设", "完善服务网络，", "每年检查2次、", "ABC 12356 热线", "第三方（评估）"]),
    st.integers(1, 25),
    st.sampled_from(["。", "；", "", "！", "。”"]),
)
BRACKET = st.sampled_from(
    [
        "",
        "",
        "〔市教育局牵头，市公安局按职责分工负责〕",
        "（责任单位：市民政局）",
        "〔市财政局、各县（区）人民政府负责〕",
    ]
)
NUMBER = st.sampled_from(
    [
        "",
        "一、",
        "二、",
        "三、",
        "（一）",
        "（二）",
        "1.",
        "2.",
        "（1）",
        "第一条　",
        "第二条　",
        "一是",
        "## ",
        "附件1：",
    ]
)
PARAGRAPH = st.builds(
    lambda number, sentences, bracket: number + "".join(sentences) + bracket,
    NUMBER,
    st.lists(SENTENCE, min_size=1, max_size=4),
    BRACKET,
)
LINE = PARAGRAPH | st.sampled_from(
    [
        "一、总体要求",
        "（一）加强领导",
        "二、保障措施",
        "地区\t数量",
        "甲镇\t12",
        "公开属性：主动公开",
        "2024年5月6日",
        "| 甲 | 乙 |",
    ]
)


@example(lines=["一、总体要求", "一、总体要求", "一、推进城乡社区建设。"], headed=False, suffix=".txt", most=60)
@settings(max_examples=150, deadline=None)
@given(
    lines=st.lists(LINE, min_size=1, max_size=14),
    headed=st.booleans(),
    suffix=st.sampled_from([".txt", ".md"]),
    most=st.sampled_from([60, 300]),
)
def test_passages_of_any_document_lose_nothing(lines: list[str], headed: bool, suffix: str, most: int) -> None:
    head = ["临洲市民政局文件", "临民发〔2024〕3号", "关于印发《办法》的通知", "各县（区）民政局："] if headed else []
    doc = document("\n\n".join(head + lines), f"a{suffix}")
    check(doc, cut(doc, passage_characters=most), most)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_passages_of_the_sample_corpus_lose_nothing(path: Path) -> None:
    doc = read(path)
    passages = cut(doc)
    check(doc, passages)
    assert cut(doc) == passages


@needs_seeds
def test_passages_of_the_real_documents_lose_nothing() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        doc = read(path)
        check(doc, cut(doc))


# ----------------------------------------------------------------------------------------- brackets


def parted(doc: OfficialDocument) -> list[str]:
    """Return the tasks of brackets that no passage holds together with their bracket."""
    passages = cut(doc)
    found = []
    for duty in doc.duties:
        if duty.form is not DutyForm.BRACKET:
            continue
        home = next((p for p in passages if p.span.contains(duty.span)), None)
        together = home is not None and (
            home.span.contains(duty.task_span) or any(duty.task in heading for heading in home.section)
        )
        if not together:
            found.append(duty.task)
    return found


def test_every_bracket_of_the_sample_corpus_stays_with_its_task() -> None:
    documents = [read(path) for path in SAMPLES]
    assert sum(duty.form is DutyForm.BRACKET for doc in documents for duty in doc.duties) >= 60
    assert [task for doc in documents for task in parted(doc)] == []


@needs_seeds
def test_all_brackets_of_the_real_plan_stay_with_their_tasks() -> None:
    path = next(SEEDS.glob("003_*.txt"))
    doc = read(path)
    assert sum(duty.form is DutyForm.BRACKET for duty in doc.duties) == 26
    assert parted(doc) == []


def test_a_long_task_is_not_cut_from_its_bracket() -> None:
    task = "（一）完善网络。" + "依托综治中心建设心理服务场所，配备专兼职人员。" * 20
    doc = plan("一、工作任务", task + "〔市卫健委牵头，市民政局按职责分工负责〕", "（二）做好宣传。")
    long, short = cut(doc)
    assert len(long.span) > PASSAGE_CHARACTERS
    assert long.text.startswith("（一）完善网络")
    assert long.text.endswith("按职责分工负责〕")
    assert short.text == "（二）做好宣传。"


# ------------------------------------------------------------------------------------------ clauses


def test_a_heading_alone_is_carried_by_the_section_and_not_by_the_text() -> None:
    (passage,) = cut(plan("一、总体要求", "坚持以人民为中心。"))
    assert (passage.section, passage.text) == (("一、总体要求",), "坚持以人民为中心。")


def test_a_heading_with_nothing_under_it_is_kept() -> None:
    passages = cut(plan("一、总体要求", "坚持以人民为中心，全面加强各项工作。" * 8, "二、保障措施"))
    assert texts(passages)[-1] == "二、保障措施"


def test_tiny_siblings_share_a_passage_under_their_parent() -> None:
    (passage,) = cut(plan("一、目标", "（一）建站10个。", "（二）培训200人。"))
    assert passage.text == "（一）建站10个。\n（二）培训200人。"
    assert passage.section == ("一、目标",)


def test_siblings_that_are_not_tiny_stand_alone() -> None:
    first, second = "（一）" + "建设站点。" * 12, "（二）" + "培训人员。" * 12
    passages = cut(plan("一、目标", first, second))
    assert texts(passages) == [first, second]
    assert [p.section[-1] for p in passages] == ["（一）建设站点", "（二）培训人员"]


def test_clauses_of_different_parents_never_share_a_passage() -> None:
    passages = cut(plan("一、目标", "（一）建站10个。", "二、保障", "（一）安排经费。"))
    assert texts(passages) == ["（一）建站10个。", "（一）安排经费。"]


def test_an_oversize_clause_is_cut_at_ends_of_sentences() -> None:
    sentence = "市级财政每年安排专项经费，支持基层站点开展服务并接受年度审计监督。"
    passages = cut(plan("一、经费", sentence * 25))
    assert len(passages) > 2
    assert all(len(p.span) <= PASSAGE_CHARACTERS and p.text.endswith("。") for p in passages)
    assert {p.section for p in passages} == {("一、经费",)}
    # Even pieces: no stub is left at the end.
    assert min(len(p.span) for p in passages) > PASSAGE_CHARACTERS / 2


def test_a_sentence_longer_than_a_passage_is_cut_at_its_commas() -> None:
    passages = cut(plan("一、范围", "包括甲类场所以及其他公共服务场所，" * 40 + "以及其他。"))
    assert len(passages) > 1
    assert all(p.text.endswith(("，", "。")) for p in passages)


@pytest.mark.parametrize("most", [50, 120, 600])
def test_the_length_aimed_at_can_be_set(most: int) -> None:
    passages = cut(plan("一、经费", "市级财政每年安排专项经费。" * 60), passage_characters=most)
    assert max(len(p.span) for p in passages) <= most
    assert max(len(p.span) for p in passages) > most / 2


def test_elements_above_and_below_the_body_are_left_out() -> None:
    doc = document(
        "临洲市民政局\n\n临民函〔2024〕3号\n\n关于第12号提案的答复\n\n提案委员：\n\n"
        "您提出的提案收悉。现已建成助餐点30个。\n\n临洲市民政局\n\n2024年5月6日\n\n公开属性：主动公开\n"
    )
    (passage,) = cut(doc)
    assert passage.text == "您提出的提案收悉。现已建成助餐点30个。"


def test_a_document_without_a_body_is_cut_whole() -> None:
    doc = document("关于停水的公告\n")
    assert all(block.role not in (BlockRole.BODY, BlockRole.TABLE) for block in doc.blocks)
    assert texts(cut(doc)) == ["关于停水的公告"]


def test_rows_of_a_table_are_kept_in_order() -> None:
    (passage,) = cut(plan("一、分配", "地区\t数量", "甲镇\t12", "乙镇\t30"))
    assert passage.text.splitlines()[-2:] == ["甲镇\t12", "乙镇\t30"]


def test_a_task_too_long_for_any_reader_is_cut_all_the_same() -> None:
    task = "（一）完善网络。" + "依托综治中心建设心理服务场所，配备专兼职人员。" * 80
    passages = cut(plan("一、工作任务", task + "〔市卫健委牵头〕"))
    assert len(passages) > 1
    assert max(len(p.span) for p in passages) <= PASSAGE_CHARACTERS
