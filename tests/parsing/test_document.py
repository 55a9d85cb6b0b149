from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain.document import BlockRole, OfficialDocument
from rag.loaders import MediaType, RawBlock, RawDocument
from rag.parsing.document import parse
from rag.parsing.sheet import value_of

from .builders import document

WORDS = st.sampled_from(
    [
        *(
            "汉州市卫生健康局",
            "文件",
            "汉卫函〔2025〕3号",
            "关于印发某方案的通知",
            "各有关单位：",
            "类别：A类",
            "签发人：某某",
            "附件：1.表",
        ),
        *(
            "一、总则",
            "（一）目的",
            "1.甲",
            "（1）乙",
            "①丙",
            "第一条　",
            "一是加强。",
            "二是提高。",
            "第三条规定",
            "2025年5月17日",
            "印发",
        ),
        *(
            "〔",
            "〕",
            "（",
            "）",
            "《",
            "》",
            "“",
            "”",
            "市教育局牵头",
            "市财政局配合",
            "负责",
            "由市卫健局主办，市教育局协办",
            "收悉",
        ),
        *(
            "，",
            "、",
            "。",
            "；",
            "：",
            "\n",
            "\n\n",
            "\t",
            "\f",
            " ",
            "　",
            "# ",
            "## ",
            "| a | b |\n",
            "- 3 -",
            "抄送：市政府办公室。",
        ),
        *(
            "（此件公开发布）",
            "依申请公开",
            "联系人：某某",
            "电话：2600000",
            "为加强管理，健全机制",
            "提案",
            "建設",
            "的",
            "某某委员：",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=150), st.lists(WORDS, max_size=60).map("".join))


def parsed(text: str, source: str = "a.md") -> OfficialDocument | None:
    from rag.errors import SourceError
    from rag.loaders import load

    try:
        return parse(load(text.encode("utf-8", "surrogatepass"), source), source=source, sha256="ab" * 32)
    except SourceError:
        return None


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_parses_and_every_span_holds(text):
    doc = parsed(text)
    if doc is None:
        return
    assert "\n".join(block.span.of(doc.text) for block in doc.blocks) == doc.text
    for name, spans in doc.elements.spans.items():
        words = [span.of(doc.text) for span in spans]
        assert all(words), name
        value = getattr(doc.elements, name, None)
        if isinstance(value, str) and name not in ("reply_category", "disclosure"):
            assert " ".join(map(value_of, words)) == value  # 签发人 may be several
        elif isinstance(value, tuple):
            assert tuple(map(value_of, words)) == value
    for duty in doc.duties:
        assert value_of(duty.task_span.of(doc.text)) == duty.task != ""
        assert duty.lead or duty.cooperating
        assert all("".join(unit.split()) in "".join(doc.text.split()) for unit in duty.lead)
        assert len(duty.lead) == len(duty.lead_normalized)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_clauses_are_a_tree(text):
    doc = parsed(text)
    if doc is None:
        return
    for before, clause in pairwise(doc.clauses):
        assert before.span.start < clause.span.start
        if clause.level > before.level:
            assert clause.level == before.level + 1
            assert before.span.contains(clause.span) or before.span.end <= clause.span.start
        else:
            assert before.span.end <= clause.span.start
    for clause in doc.clauses:
        assert clause.span.contains(clause.heading)
        assert len(clause.path) == clause.level
        assert all(clause.path)
        assert " ".join(map(value_of, clause.heading.of(doc.text).split("\n", 1))) == clause.path[-1]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_parsing_its_own_text_again_keeps_the_words(text):
    doc = parsed(text)
    if doc is None or not doc.text.strip():
        return
    again = parsed(doc.text)
    if again is not None:
        assert set(again.text) <= set(doc.text) | {" ", "\t"}  # |0| alone on a line is a row of Markdown


def test_identity_comes_from_the_hash():
    doc = document("正文。")
    assert (doc.document_id, doc.source, doc.sha256) == ("0123456789abcdef", "a.txt", "0123456789abcdef" * 4)
    assert doc.pages is None
    assert document("甲。\f乙。").pages == 2


def test_a_file_of_furniture_only_parses_to_nothing():
    raw = RawDocument((RawBlock("（此页无正文）"), RawBlock("\u200b")), MediaType.TEXT)
    doc = parse(raw, source="a.txt", sha256="ab" * 32)
    assert (doc.text, doc.blocks, doc.clauses, doc.duties) == ("", (), (), ())


def test_traditional_script_is_read_and_kept():
    doc = document(
        "漢州市衛生健康局文件\n漢衛函〔2025〕3號\n關於開展某項工作的通知\n各有關單位：\n一、任務\n健全網絡。設立工作室。〔市衛健局牽頭，市教育局按職責分工負責〕\n（此件主動公開）"
    )
    assert doc.elements.title == "關於開展某項工作的通知"
    assert doc.elements.issuer == "漢州市衛生健康局"
    assert doc.elements.place == "漢州市"
    (duty,) = doc.duties
    assert (duty.task, duty.lead, duty.lead_normalized) == ("健全網絡", ("市衛健局",), ("市卫生健康委员会",))


# What made earlier drafts slow; each is about 100,000 characters.
HEAVY = {
    "one paragraph": "市卫健委负责推进工作，各部门配合（试行）。" * 5000,
    "no stop": "加强社会心理服务体系建设" * 8000,
    "open brackets": "（" * 100_000 + "负责",
    "open duties": "〔市卫健委牵头，" * 12_000,
    "lines of organs": "市卫生健康委员会\n" * 11_000,
    "numbers": "1234567 " * 12_000,
    "contacts": "联系人：某某，电话：2600000；" * 6000,
    "inline clauses": "一是加强。二是推进。" * 10_000,
    "units": "市教育局、" * 20_000 + "负责",
    "attachments": "附件：\n1.甲\n" * 10_000,
    "numbered": "一、甲\n（一）乙\n1.丙\n" * 7000,
    "articles": "第一条　甲。\n第二条　乙。\n" * 7000,
    "quotes": "《" * 100_000 + "提案收悉",
    "blanks": "市 " * 50_000,
    "rows": "联系人\t甲\t电话\n" * 9000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_texts_are_parsed_whole(name):
    """Each of these once took minutes; how long they take is measured in benchmarks/."""
    doc = document(HEAVY[name])
    assert doc.blocks
    assert all(doc.text[b.span.start : b.span.end].strip() for b in doc.blocks)


def test_roles_of_a_document_without_head_or_foot():
    assert {block.role for block in document("第一段。\n第二段。").blocks} == {BlockRole.BODY}
