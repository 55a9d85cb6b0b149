"""The layout of a document: every word is there once, and the cited ones are marked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.app.layout import Look, Paragraph, Segment, Table, contents, lay_out
from rag.domain.document import Block, BlockRole, Elements, Kind, OfficialDocument
from rag.domain.passage import Clause
from rag.domain.span import Span

LINES = (
    ("鹤鸣市教育局", BlockRole.HEAD),
    ("鹤教发〔2024〕5号", BlockRole.HEAD),
    ("鹤鸣市教育局关于校车的通知", BlockRole.HEAD),
    ("各县区：", BlockRole.HEAD),
    ("九、附录………1", BlockRole.CONTENTS),
    ("一、安排", BlockRole.BODY),
    ("（一）车辆。换新三十台。一是看路况；二是看学校。", BlockRole.BODY),
    ("（二）全年检修两次。", BlockRole.BODY),
    ("县区\t车辆\t", BlockRole.TABLE),
    ("东县\t12\t新", BlockRole.TABLE),
    ("鹤鸣市教育局", BlockRole.FOOT),
    ("2024年3月1日", BlockRole.FOOT),
    ("抄送：市公安局。", BlockRole.FOOT),
)
TEXT = "\n".join(line for line, _ in LINES)


def _at(words: str, after: int = 0) -> Span:
    start = TEXT.index(words, after)
    return Span(start, start + len(words))


def _blocks() -> tuple[Block, ...]:
    blocks, at = [], 0
    for line, role in LINES:
        blocks.append(Block(Span(at, at + len(line)), role))
        at += len(line) + 1
    return tuple(blocks)


ONE, FIRST, SECOND = _at("一、安排"), _at("（一）车辆"), _at("（二）全年检修两次")
ITEMS = (_at("一是看路况"), _at("二是看学校"))
BODY = Span(ONE.start, _at("县区\t").start - 1)

DOCUMENT = OfficialDocument(
    document_id="0" * 16,
    source="a.txt",
    sha256="0" * 64,
    kind=Kind.NOTICE,
    text=TEXT,
    elements=Elements(
        title="鹤鸣市教育局关于校车的通知",
        document_number="鹤教发〔2024〕5号",
        issuer="鹤鸣市教育局",
        issued_on=date(2024, 3, 1),
        spans={
            "title": (_at("鹤鸣市教育局关于校车的通知"),),
            "document_number": (_at("鹤教发〔2024〕5号"),),
            "issuer": (_at("鹤鸣市教育局"),),
            "issued_on": (_at("2024年3月1日"),),
        },
    ),
    blocks=_blocks(),
    clauses=(
        Clause(BODY, ONE, 1, ("一、安排",)),
        Clause(Span(FIRST.start, SECOND.start - 1), FIRST, 2, ("一、安排", "（一）车辆")),
        Clause(Span(ITEMS[0].start, ITEMS[1].start), ITEMS[0], 3, ("一、安排", "（一）车辆", "一是看路况")),
        Clause(Span(ITEMS[1].start, SECOND.start - 1), ITEMS[1], 3, ("一、安排", "（一）车辆", "二是看学校")),
        Clause(Span(SECOND.start, BODY.end), SECOND, 2, ("一、安排", "（二）全年检修两次")),
    ),
    duties=(),
)


def _segments(parts: list[Paragraph | Table]) -> list[list[Segment]]:
    """Each paragraph's and each cell's segments, in reading order."""
    found: list[list[Segment]] = []
    for part in parts:
        if isinstance(part, Table):
            found.extend(list(cell) for row in part.rows for cell in row.cells)
        else:
            found.append(list(part.segments))
    return found


def _words(parts: list[Paragraph | Table]) -> str:
    lines = []
    for part in parts:
        if isinstance(part, Table):
            lines += ["\t".join("".join(s.text for s in cell) for cell in row.cells) for row in part.rows]
        else:
            lines.append("".join(s.text for s in part.segments))
    return "\n".join(lines)


def test_each_paragraph_is_set_for_what_it_is():
    looks = [part.look for part in lay_out(DOCUMENT) if isinstance(part, Paragraph)]
    assert looks == [
        Look.ISSUER,
        Look.NUMBER,
        Look.TITLE,
        Look.HEAD,
        Look.CONTENTS,
        Look.HEADING,
        Look.BODY,
        Look.BODY,  # ended by a stop: a sentence, not a title
        Look.SIGNATURE,
        Look.SIGNATURE,
        Look.FOOT,
    ]


def test_neighbouring_rows_are_one_table():
    (table,) = [part for part in lay_out(DOCUMENT) if isinstance(part, Table)]
    assert [["".join(s.text for s in cell) for cell in row.cells] for row in table.rows] == [
        ["县区", "车辆", ""],
        ["东县", "12", "新"],
    ]


def test_a_run_in_heading_stands_out_and_a_whole_item_does_not():
    headed = [s.text for line in _segments(lay_out(DOCUMENT)) for s in line if s.is_heading]
    assert headed == ["一、安排", "（一）车辆", "一是看路况"]


def test_contents_are_the_clause_tree():
    (one,) = contents(DOCUMENT)
    assert (one.text, one.anchor) == ("一、安排", ONE.start)
    assert [entry.text for entry in one.children] == ["（一）车辆", "（二）全年检修两次"]
    assert [entry.text for entry in one.children[0].children] == ["一是看路况", "二是看学校"]


def test_every_line_of_the_contents_has_its_place_in_the_text():
    parts = lay_out(DOCUMENT)
    anchors = {part.anchor for part in parts if isinstance(part, Paragraph)}
    anchors |= {s.anchor for line in _segments(parts) for s in line if s.anchor is not None}
    assert {clause.span.start for clause in DOCUMENT.clauses} <= anchors


spans = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(lambda pair: Span(min(pair), max(pair)))


@given(spans)
def test_every_word_is_there_once_whatever_is_marked(marked):
    assert _words(lay_out(DOCUMENT, marked)) == TEXT


@given(spans)
def test_exactly_the_cited_words_are_marked(marked):
    segments = [s for line in _segments(lay_out(DOCUMENT, marked)) for s in line]
    words = marked.of(TEXT).replace("\n", "").replace("\t", "")
    assert "".join(s.text for s in segments if s.is_marked) == words
    assert [s.is_first_mark for s in segments if s.is_marked] == ([True] + [False] * len(segments))[
        : sum(s.is_marked for s in segments)
    ]


def test_nothing_is_marked_unless_asked():
    assert not any(s.is_marked or s.is_first_mark for line in _segments(lay_out(DOCUMENT)) for s in line)


@pytest.mark.parametrize("level", [1, 3])
def test_contents_of_an_item_without_a_parent_stand_alone(level):
    lone = Clause(BODY, ONE, level, ("一、安排",))
    assert [e.text for e in contents(_with_clauses(lone))] == ["一、安排"]


def _with_clauses(*clauses: Clause) -> OfficialDocument:
    return OfficialDocument(
        document_id=DOCUMENT.document_id,
        source=DOCUMENT.source,
        sha256=DOCUMENT.sha256,
        kind=DOCUMENT.kind,
        text=DOCUMENT.text,
        elements=DOCUMENT.elements,
        blocks=DOCUMENT.blocks,
        clauses=clauses,
        duties=(),
    )


STATUTE = (
    "鹤鸣市校车条例\n（2020年5月6日鹤鸣市人民代表大会常务委员会第三次会议通过）\n第一章　总则\n第一条　为了安全，制定本条例。\n"
    "第二条　校车应当：\n（一）有牌；\n（二）有证。\n第三条　适用范围\n校车适用本条例。"
)


def _statute() -> OfficialDocument:
    def at(words: str) -> Span:
        start = STATUTE.index(words)
        return Span(start, start + len(words))

    lines = STATUTE.split("\n")
    ends = [sum(len(x) + 1 for x in lines[: n + 1]) - 1 for n in range(len(lines))]
    chapter, end = at("第一章　总则"), len(STATUTE)
    clauses = (
        Clause(Span(chapter.start, end), chapter, 1, ("第一章",)),
        Clause(Span(at("第一条").start, ends[3]), at("第一条"), 2, ()),
        Clause(Span(at("第二条").start, ends[6]), at("第二条"), 2, ()),
        Clause(Span(at("（一）").start, ends[5]), at("（一）有牌"), 3, ()),
        Clause(Span(at("（二）").start, ends[6]), at("（二）有证"), 3, ()),
        Clause(Span(at("第三条").start, end), at("第三条　适用范围"), 2, ()),
    )
    blocks = tuple(
        Block(Span(e - len(x), e), BlockRole.HEAD if n < 2 else BlockRole.BODY)
        for n, (x, e) in enumerate(zip(lines, ends, strict=True))
    )
    spans = {"title": (at("鹤鸣市校车条例"),), "issuer": (at("鹤鸣市人民代表大会常务委员会"),)}
    elements = Elements(title=lines[0], issuer="鹤鸣市人民代表大会常务委员会", spans=spans)
    return OfficialDocument("0" * 16, "b.txt", "0" * 64, Kind.LAW, STATUTE, elements, blocks, clauses, ())


def test_contents_of_a_statute_leave_out_the_items_of_its_articles():
    (chapter,) = contents(_statute())
    assert [(e.text, e.is_number, e.children) for e in chapter.children] == [
        ("第一条", True, []),
        ("第二条", True, []),
        ("第三条　适用范围", False, []),
    ]


def test_the_note_under_the_title_of_a_statute_is_no_letterhead():
    looks = [part.look for part in lay_out(_statute()) if isinstance(part, Paragraph)]
    assert looks[:2] == [Look.TITLE, Look.HEAD]
