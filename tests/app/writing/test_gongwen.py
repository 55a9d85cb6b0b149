"""Drafts as Word documents: what GB/T 9704-2012 says of the page, footnotes that are footnotes, hostile words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from rag.app.writing.characters import one_line, printable
from rag.app.writing.draft import Draft, Paragraph, Passage, Source, Table
from rag.app.writing.gongwen import as_docx
from rag.loaders import load

WHEN = datetime(2025, 6, 1, 9, 30, tzinfo=UTC)
PLAN = Source("关于印发行动方案的通知", "临政办发〔2024〕8号", date(2024, 3, 8), "临洲市人民政府办公室")
REPLY = Source("关于第0077号提案的答复", "临教函〔2024〕31号", date(2024, 6, 20), "临洲市教育局")

DRAFT = Draft(
    "学生心理工作摘句",
    (
        Paragraph.of("一、工作情况", level=1),
        Paragraph.of("（一）课程", level=2),
        Paragraph((Passage("每两周安排1课时。", (PLAN,)), Passage("已有136所学校建成食堂。", (REPLY, PLAN)))),
        Table(("任务", "牵头"), ((Passage("开齐心理课程", (PLAN,)), Passage("市教育局")),)),
    ),
    "引用文件",
)


def written(draft=DRAFT):
    return docx.Document(io.BytesIO(as_docx(draft, written_at=WHEN)))


def notes_of(data):
    """Return the notes by number, and the numbers of the marks in the text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        footnotes = etree.fromstring(package.read("word/footnotes.xml"))
        body = etree.fromstring(package.read("word/document.xml"))
    notes = {int(n.get(qn("w:id"))): "".join(n.itertext()).strip() for n in footnotes}
    return notes, [int(m.get(qn("w:id"))) for m in body.iter(qn("w:footnoteReference"))]


def fonts_of(style):
    return style.element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))


def test_the_page_is_that_of_the_standard():
    section = written().sections[0]
    millimetres = {
        name: round(getattr(section, name).mm)
        for name in ("page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin")
    }
    assert millimetres == {
        "page_width": 210,
        "page_height": 297,
        "top_margin": 37,
        "bottom_margin": 35,
        "left_margin": 28,
        "right_margin": 26,
    }


@pytest.mark.parametrize(
    ("style", "typeface", "points"),
    [
        ("Title", "方正小标宋简体", 22),  # 2号小标宋
        ("Normal", "仿宋", 16),  # 3号仿宋
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体", 16),
        ("Heading 3", "仿宋", 16),
        ("Heading 4", "仿宋", 16),
        ("Footer", "宋体", 14),  # 4号
    ],
)
def test_typefaces_and_sizes(style, typeface, points):
    found = written().styles[style]
    assert fonts_of(found) == typeface
    assert found.font.size.pt == points
    assert found.font.bold is False


def test_a_line_is_28_points_and_a_paragraph_begins_two_characters_in():
    normal = written().styles["Normal"]
    assert normal.paragraph_format.line_spacing.pt == 28
    assert normal.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    # 22 lines: no more fit on 225 mm
    assert 225 / 25.4 * 72 // 28 == 22


def test_the_title_is_centred_and_headings_have_their_level():
    document = written()
    title, first, second, *_ = document.paragraphs
    assert (title.text, title.style.name) == ("学生心理工作摘句", "Title")
    assert title.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert (first.text, first.style.name) == ("一、工作情况", "Heading 1")
    assert (second.text, second.style.name) == ("（一）课程", "Heading 2")


def test_page_numbers_stand_outside_between_dashes():
    document = written()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert "".join(t.text for t in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


def test_sources_are_footnotes_with_number_and_date():
    data = as_docx(DRAFT, written_at=WHEN)
    notes, marks = notes_of(data)
    assert marks == [1, 2, 3, 4]
    of_plan = "临洲市人民政府办公室《关于印发行动方案的通知》（临政办发〔2024〕8号），2024年3月8日。"
    assert notes[1] == notes[3] == notes[4] == of_plan
    assert notes[2] == "临洲市教育局《关于第0077号提案的答复》（临教函〔2024〕31号），2024年6月20日。"
    assert notes.keys() == {-1, 0, 1, 2, 3, 4}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        kinds = package.read("[Content_Types].xml").decode()
        settings = etree.fromstring(package.read("word/settings.xml"))
    assert "wordprocessingml.footnotes+xml" in kinds
    # the schema's sequence: what says how footnotes are comes before compat
    order = [etree.QName(child).localname for child in settings]
    assert order.index("footnotePr") < order.index("compat")


def test_each_document_is_listed_once_at_the_end():
    texts = [p.text for p in written().paragraphs]
    assert texts[-3:] == [
        "引用文件",
        "1. 临洲市人民政府办公室《关于印发行动方案的通知》（临政办发〔2024〕8号），2024年3月8日",
        "2. 临洲市教育局《关于第0077号提案的答复》（临教函〔2024〕31号），2024年6月20日",
    ]
    without = written(Draft("题", (Paragraph.of("句。", PLAN),)))
    assert [p.text for p in without.paragraphs] == ["题", "句。"]


def test_a_table_has_its_words_and_notes():
    (table,) = written().tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["任务", "牵头"], ["开齐心理课程", "市教育局"]]


def test_stand_ins_are_named_for_typefaces_that_are_not_installed():
    with zipfile.ZipFile(io.BytesIO(as_docx(DRAFT, written_at=WHEN))) as package:
        table = etree.fromstring(package.read("word/fontTable.xml"))
    named = {font.get(qn("w:name")): font.find(qn("w:altName")) for font in table}
    assert "华文中宋" in named["方正小标宋简体"].get(qn("w:val"))
    assert "仿宋_GB2312" in named["仿宋"].get(qn("w:val"))


def test_the_file_says_nothing_of_who_made_the_program():
    properties = written().core_properties
    assert properties.title == "学生心理工作摘句"
    assert properties.author == properties.comments == properties.last_modified_by == ""
    assert properties.created == properties.modified == WHEN


def test_our_own_reading_of_it_finds_the_words_and_the_numbers():
    text = "\n".join(block.text for block in load(as_docx(DRAFT, written_at=WHEN), "draft.docx").blocks)
    for words in ("每两周安排1课时。", "开齐心理课程", "临政办发〔2024〕8号", "临教函〔2024〕31号"):
        assert words in text


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (Source("某办法"), "《某办法》。"),
        (Source("临洲市教育局通知", None, None, "临洲市教育局"), "《临洲市教育局通知》。"),  # not twice
        (Source("files/a.txt", is_titled=False), "files/a.txt。"),
        (Source("题\x00目", "临教函\n〔2024〕3号"), "《题目》（临教函 〔2024〕3号）。"),
    ],
)
def test_what_a_note_says(source, note):
    assert source.note == note


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("甲\x00乙\x0b丙\x1b", "甲乙丙"),
        ("甲\ud800乙\uffff", "甲乙"),  # half a character; no character
        ("\u202e反\u202c\u2066写\u2069", "反写"),  # would turn the line round
        ("甲\u3000乙\n丙\t", "甲 乙 丙"),
        ("𠮷与🀄", "𠮷与🀄"),  # beyond the first plane
    ],
)
def test_characters_that_stay(text, kept):
    assert one_line(text) == kept


words = st.text(st.characters(), max_size=30)


@settings(max_examples=30)
@given(words, words, words)
def test_no_words_break_the_file(title, text, number):
    """Whatever a document holds, the file opens and has its words."""
    draft = Draft(title, (Paragraph.of(f"始{text}终", Source(title, number)),), text)
    data = as_docx(draft, written_at=WHEN)
    paragraph = docx.Document(io.BytesIO(data)).paragraphs[1].text
    assert paragraph[0] + paragraph[-1] == "始终"
    assert [c for c in paragraph if not c.isspace()] == [c for c in f"始{printable(text)}终" if not c.isspace()]
    notes, marks = notes_of(data)
    assert marks == [1]
    assert notes[1].endswith("。")
