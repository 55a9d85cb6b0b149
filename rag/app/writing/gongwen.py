"""Drafts as Word documents in the form of GB/T 9704-2012 (党政机关公文格式).

What the standard says of the page, with its clause:

- 5.2.1: A4; 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm, so 35 mm below and 26 mm on the right.
- 5.2.2, 5.2.3: 3号仿宋 unless said otherwise; 22 lines a page of 28 characters. A line is 28 pt.
- 7.3.1: the title is 2号小标宋, centred. 7.3.3: 一、 in 黑体, （一） in 楷体, 1. and （1） in 仿宋.
- 7.5: page numbers are 4号宋体 between two dashes, 7 mm below the text: odd pages right, even pages left, one character in.

Sources stand in footnotes, which the standard does not know: in 小五号, as books have them.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import NamedTuple

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION_START
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer
from docx.shared import Mm
from docx.styles.style import BaseStyle
from docx.text.paragraph import Paragraph as WordParagraph

from rag.app.writing.characters import one_line
from rag.app.writing.draft import Draft, Paragraph, Passage, Table
from rag.app.writing.footnotes import REFERENCE_STYLE, TEXT_STYLE, Footnotes
from rag.text import squeeze

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Typeface(NamedTuple):
    """A typeface (字体) and what takes its place where it is not installed, best first."""

    name: str
    others: tuple[str, ...]
    family: str = "roman"


SONG = Typeface("宋体", ("SimSun", "华文宋体", "STSong", "Noto Serif CJK SC", "Source Han Serif SC"))
TITLE_SONG = Typeface(
    "方正小标宋简体",
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "小标宋体", "华文中宋", "STZhongsong", "Noto Serif CJK SC", "宋体"),
)
FANG_SONG = Typeface(
    "仿宋", ("仿宋_GB2312", "FangSong", "华文仿宋", "STFangsong", "方正仿宋_GBK", "Noto Serif CJK SC"), "modern"
)
HEI = Typeface("黑体", ("SimHei", "华文黑体", "STHeiti", "方正黑体_GBK", "Noto Sans CJK SC"), "modern")
KAI = Typeface("楷体", ("楷体_GB2312", "KaiTi", "华文楷体", "STKaiti", "方正楷体_GBK", "Noto Serif CJK SC"), "modern")

_TYPEFACES = (SONG, TITLE_SONG, FANG_SONG, HEI, KAI)

# Sizes in half points (字号): 2号 22 pt, 3号 16 pt, 4号 14 pt, 小四 12 pt, 小五 9 pt.
_SIZE_2, _SIZE_3, _SIZE_4, _SIZE_S4, _SIZE_S5 = 44, 32, 28, 24, 18

# Twentieths of a point. A 2号 title needs more than the 28 pt of a line.
_LINE, _TITLE_LINE = 560, 700
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'

_GRID = f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{_LINE}"/>'

# 28 characters of 16 pt are 448 pt, the line is 442.2 pt: each gives up a quarter of a point (in twentieths). A grid of
# characters (17.6.5) would say the same, and LibreOffice sets it twice as wide.
_TIGHTER = -5

_HEADING_FACES = {1: HEI, 2: KAI, 3: FANG_SONG, 4: FANG_SONG}

_TEMPLATE_REMARK = ("author", "comments", "keywords", "last_modified_by", "category", "subject")


def as_docx(draft: Draft, *, written_at: datetime) -> bytes:
    """Return a draft as a Word document.

    Args:
        draft: The draft. Its words may be anything: what XML cannot carry is left out.
        written_at: What the file says of its making, UTC.
    """
    document = docx.Document()
    _describe(document, draft.title, written_at)
    _set_page(document)
    _set_styles(document)
    _set_typefaces(document)
    notes = Footnotes(document)
    document.add_paragraph(one_line(draft.title), style="Title")
    for part in draft.parts:
        if isinstance(part, Table):
            _add_table(document, part, notes)
        else:
            _add_paragraph(document, part, notes)
    if draft.sources_heading and draft.sources:
        document.add_paragraph(one_line(draft.sources_heading), style="Heading 1")
        for number, source in enumerate(draft.sources, 1):
            document.add_paragraph(f"{number}. {source.note.removesuffix('。')}")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Document, title: str, written_at: datetime) -> None:
    properties = document.core_properties
    for name in _TEMPLATE_REMARK:
        setattr(properties, name, "")
    properties.title = one_line(title)[:255]
    properties.language = "zh-CN"
    properties.created = properties.modified = written_at


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION_START.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    # The number's dash stands 7 mm below the text: 28 mm above the edge, in the middle of a line of some 6 mm.
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    properties = section._sectPr  # noqa: SLF001 - python-docx has no grid
    for grid in properties.findall(qn("w:docGrid")):
        properties.remove(grid)
    properties.append(parse_xml(_GRID))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _number(footer: _Footer, side: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Footer"
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - indents in characters
    properties.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="280"/>'))
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
    paragraph.add_run("— ")
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
    paragraph.add_run(" —")


# ------------------------------------------------------------------------------------------ styles


def _set_styles(document: Document) -> None:
    line = f'<w:spacing w:before="0" w:after="0" w:line="{_LINE}" w:lineRule="exact"/>'
    body = f'<w:widowControl w:val="0"/>{line}{_INDENT}<w:jc w:val="both"/>'
    _set_style(document, "Normal", FANG_SONG, _SIZE_3, body, tighter=_TIGHTER)
    wide = f'<w:spacing w:before="0" w:after="{_LINE}" w:line="{_TITLE_LINE}" w:lineRule="exact"/>'
    _set_style(document, "Title", TITLE_SONG, _SIZE_2, f'<w:keepNext/>{wide}{_NO_INDENT}<w:jc w:val="center"/>')
    for level, face in _HEADING_FACES.items():
        _set_style(
            document,
            f"Heading {level}",
            face,
            _SIZE_3,
            f'<w:keepNext/>{line}{_INDENT}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>',
            tighter=_TIGHTER,
        )
    single = '<w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    _set_style(document, "Footer", SONG, _SIZE_4, f'<w:snapToGrid w:val="0"/>{single}{_NO_INDENT}')
    _add_style(document, "Cell", WD_STYLE_TYPE.PARAGRAPH)
    _set_style(
        document, "Cell", FANG_SONG, _SIZE_S4, f'<w:snapToGrid w:val="0"/>{single}{_NO_INDENT}<w:jc w:val="left"/>'
    )
    _add_style(document, TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    _set_style(
        document, TEXT_STYLE, SONG, _SIZE_S5, f'<w:snapToGrid w:val="0"/>{single}{_NO_INDENT}<w:jc w:val="left"/>'
    )
    _add_style(document, REFERENCE_STYLE, WD_STYLE_TYPE.CHARACTER)
    raised = document.styles[REFERENCE_STYLE].element.get_or_add_rPr()
    raised.append(parse_xml(f'<w:vertAlign {nsdecls("w")} w:val="superscript"/>'))


def _add_style(document: Document, name: str, kind: WD_STYLE_TYPE) -> None:
    style = document.styles.add_style(name, kind)
    if kind is WD_STYLE_TYPE.PARAGRAPH:
        style.base_style = document.styles["Normal"]


def _set_style(
    document: Document, name: str, face: Typeface, half_points: int, paragraph: str, *, tighter: int = 0
) -> None:
    """Replace what a style says; the template's blue headings and borders go."""
    style: BaseStyle = document.styles[name]
    element = style.element
    for old in (*element.findall(qn("w:pPr")), *element.findall(qn("w:rPr"))):
        element.remove(old)
    for old in element.findall(qn("w:link")):  # to a character style that still looks as it did
        element.remove(old)
    element.append(parse_xml(f"<w:pPr {nsdecls('w')}>{paragraph}</w:pPr>"))
    fonts = " ".join(f'w:{slot}="{face.name}"' for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
    # w:lang last: quotation marks “ ” are of the Chinese typeface only where the text is said to be Chinese.
    element.append(
        parse_xml(
            f'<w:rPr {nsdecls("w")}><w:rFonts w:hint="eastAsia" {fonts}/><w:b w:val="0"/><w:i w:val="0"/>'
            f'<w:color w:val="000000"/><w:spacing w:val="{tighter}"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
            '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
        )
    )


def _set_typefaces(document: Document) -> None:
    """Name in the table of fonts (17.8.3) what stands in for a typeface that is not installed."""
    part = next(r.target_part for r in document.part.rels.values() if r.reltype.endswith("/fontTable"))
    table = parse_xml(part.blob)
    for face in _TYPEFACES:
        for old in table.findall(qn("w:font")):
            if old.get(qn("w:name")) == face.name:
                table.remove(old)
        table.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{face.name}"><w:altName w:val="{",".join(face.others)}"/>'
                f'<w:charset w:val="86"/><w:family w:val="{face.family}"/><w:pitch w:val="variable"/></w:font>'
            )
        )
    from lxml import etree

    part._blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


# ------------------------------------------------------------------------------------------- parts


def _add_paragraph(document: Document, part: Paragraph, notes: Footnotes) -> None:
    style = f"Heading {min(part.level, max(_HEADING_FACES))}" if part.level else None
    _fill(document.add_paragraph(style=style), part.passages, notes)


def _fill(paragraph: WordParagraph, passages: tuple[Passage, ...], notes: Footnotes) -> None:
    for passage in passages:
        paragraph.add_run(squeeze(one_line(passage.text)))
        notes.add(paragraph, [source.note for source in passage.sources])


def _add_table(document: Document, part: Table, notes: Footnotes) -> None:
    table = document.add_table(rows=1, cols=len(part.headings), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, part.headings, strict=True):
        cell.paragraphs[0].style = "Cell"
        cell.paragraphs[0].add_run(one_line(heading)).bold = True
    header = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no heading rows
    header.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for row in part.rows:
        for cell, passage in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].style = "Cell"
            _fill(cell.paragraphs[0], (passage,), notes)
