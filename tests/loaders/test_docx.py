from __future__ import annotations

import io
import itertools
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders import MediaType, load
from rag.loaders.docx import load_docx
from rag.loaders.docx.figures import written
from rag.text import chinese_number

from .docx_files import (
    DECLARATIONS,
    DOCUMENT,
    blocks,
    field,
    level,
    listed,
    lists,
    notes,
    num,
    p,
    pack,
    r,
    runs,
    table,
    tc,
    text_box,
    texts,
    tr,
    unpacked,
    word_file,
)

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
FONTS = [
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
]
BODY = "各有关单位要按照职责分工抓好落实。"


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


# ------------------------------------------------------------------------------------- plain documents


def test_document_as_python_docx_writes_it():
    document = docx.Document()
    title = document.add_paragraph("关于做好防汛工作的通知")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("")
    body = document.add_paragraph("为做好今年防汛工作，现通知如下：")
    body.paragraph_format.first_line_indent = Pt(32)
    body.runs[0].font.size = Pt(16)
    grid = document.add_table(2, 2, style="Table Grid")
    for cell, text in zip(
        itertools.chain(*(row.cells for row in grid.rows)), ("任务", "单位", "巡查", "水务局"), strict=True
    ):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    raw = load(saved(document), "a.docx")
    assert raw.media_type is MediaType.DOCX
    assert raw.pages is None
    assert [block.text for block in raw.blocks] == [
        "关于做好防汛工作的通知",
        "为做好今年防汛工作，现通知如下：",
        "任务\t单位",
        "巡查\t水务局",
    ]
    assert [block.is_table_row for block in raw.blocks] == [False, False, True, True]
    assert raw.blocks[1].follows_blank
    assert raw.blocks[1].indent == 2.0


@pytest.mark.parametrize(
    ("properties", "text", "indent"),
    [
        ('<w:ind w:firstLineChars="200" w:firstLine="420"/>', "正文", 2.0),
        ('<w:ind w:firstLine="640"/>', "正文", 2.0),  # of 16 points
        ('<w:ind w:start="32pt"/>', "正文", 2.0),  # strict files
        ('<w:ind w:left="640" w:hanging="640"/>', "正文", 0.0),
        ('<w:ind w:left="640" w:hanging="320"/>', "正文", 1.0),
        ('<w:ind w:firstLine="640" w:firstLineChars="0"/>', "正文", 2.0),
        ('<w:ind w:firstLine="很多"/>', "正文", 0.0),
        ("", "　　正文", 2.0),
        ('<w:jc w:val="center"/><w:ind w:firstLine="640"/>', "标题", 0.0),
    ],
)
def test_indents(properties, text, indent):
    block = blocks(runs(r(text, '<w:sz w:val="32"/>'), properties=properties))[0]
    assert (block.text, block.indent) == (text.strip("　"), indent)


@pytest.mark.parametrize(
    ("properties", "text", "expected"),
    [
        ('<w:pStyle w:val="Heading1"/>', "一、总体要求", 1),
        ('<w:pStyle w:val="Heading2"/>', "（一）基本原则", 2),
        ('<w:outlineLvl w:val="2"/>', "1.目标", 3),
        ('<w:outlineLvl w:val="9"/>', "正文", 0),
        ('<w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/>', "正文", 0),
        ('<w:pStyle w:val="Named"/>', "三、保障措施", 3),  # the name alone says so
        ('<w:pStyle w:val="Under1"/>', "四、附则", 1),  # inherited
        ('<w:pStyle w:val="Heading1"/>', "要加强领导。要明确责任。要抓好落实。", 0),  # no heading has sentences
        ('<w:pStyle w:val="Heading1"/>', "甲" * 90, 0),
        ('<w:pStyle w:val="没有"/>', "正文", 0),
    ],
)
def test_heading_levels(properties, text, expected):
    styles = (
        '<w:style w:type="paragraph" w:styleId="Named"><w:name w:val="标题 3"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Under1"><w:name w:val="我的"/><w:basedOn w:val="Heading1"/></w:style>'
    )
    assert blocks(p(text, properties), styles=styles)[0].level == expected


def test_outline_levels_on_everything_mean_nothing():
    body = "".join(p(f"第{n}项工作有序推进", '<w:outlineLvl w:val="0"/>') for n in range(12))
    assert {block.level for block in blocks(body + p("其他"))} == {0}


def test_paragraphs_without_a_style_have_the_default_one():
    default = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="N1"><w:name w:val="n"/>'
        '<w:pPr><w:ind w:firstLineChars="200"/></w:pPr></w:style>'
    )
    assert blocks(p("正文"), styles=default)[0].indent == 2.0


def test_styles_in_a_circle_end():
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{own}"><w:name w:val="{own}"/><w:basedOn w:val="{base}"/></w:style>'
        for own, base in (("A1", "B1"), ("B1", "A1"))
    )
    assert texts(p("正文", '<w:pStyle w:val="A1"/>'), styles=styles) == ["正文"]


# ----------------------------------------------------------------------------------- paragraphs and lines


@pytest.mark.parametrize(
    ("first", "second", "properties", "expected"),
    [
        (
            "某某市人民政府",
            "关于印发行动计划的通知",
            '<w:jc w:val="center"/>',
            ["某某市人民政府关于印发行动计划的通知"],
        ),
        ("Annual", "Report", '<w:jc w:val="center"/>', ["Annual Report"]),
        (
            "某某市消防条例",
            "（2020年5月1日通过）",
            '<w:jc w:val="center"/>',
            ["某某市消防条例", "（2020年5月1日通过）"],
        ),
        ("某某规划", "——面向未来", '<w:jc w:val="center"/>', ["某某规划", "——面向未来"]),
        ("某某市文件", "某发〔2024〕5号", '<w:jc w:val="center"/>', ["某某市文件", "某发〔2024〕5号"]),
        ("一、健全体系，", "完善机制", '<w:outlineLvl w:val="0"/>', ["一、健全体系，完善机制"]),
        ("某某市卫生局", "2024年5月6日", '<w:jc w:val="right"/>', ["某某市卫生局", "2024年5月6日"]),
        ("1.第一项工作；", "2.第二项工作。", "", ["1.第一项工作；", "2.第二项工作。"]),
    ],
)
@pytest.mark.parametrize("line_break", ["<w:br/>", "<w:cr/>", '<w:br w:type="page"/>'])
def test_line_breaks_by_hand(first, second, properties, expected, line_break):
    assert texts(runs(r(first), f"<w:r>{line_break}</w:r>", r(second), properties=properties)) == expected


def test_paragraphs_that_look_different_are_two_whatever_their_words_say():
    indent = '<w:ind w:firstLineChars="200"/>'
    found = blocks(
        p("各县（市、区）人民政府", indent)
        + runs(r("坚持统筹推进，"), properties=indent)
        + runs(r("加粗的一句", "<w:b/>"), properties=indent)
        + p("落款单位", '<w:jc w:val="right"/>')
    )
    assert [block.continues for block in found] == [False, False, False, False]


def test_lines_of_print_that_a_converter_made_paragraphs_are_left_to_the_words():
    lines = [
        "为进一步加强和改进全市基层公共卫生服务体系建设提高应急",
        "处置能力和水平保障人民群众身体健康和生命安全维护社会稳",
        "定，现就有关事项通知如下。",
        "第二段在逗号处断开，",
        "或者在书名号中断开《关于",
        "工作的通知》。",
    ]
    found = blocks("".join(p(line, '<w:ind w:firstLine="640"/>') for line in lines))
    assert [block.continues for block in found] == [False, None, None, False, None, None]


def test_long_headings_and_entries_are_paragraphs_whatever_their_words_say():
    lines = [
        "1-01-00-00各级机关和人民团体以及事业单位的负责人员",
        "在各级机关和人民团体中担任领导职务的人员。",
        "坚持预防为主",
    ]
    assert [block.continues for block in blocks("".join(map(p, lines)))] == [False, False, False]


def test_bracket_of_the_responsible_units_is_left_to_the_words():
    found = blocks(p("加强巡查。") + runs(r("（市水务局负责）", "<w:b/>"), properties='<w:ind w:firstLine="640"/>'))
    assert found[1].continues is None


# ------------------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('<w:hyperlink r:id="rId99">' + r("网址") + "</w:hyperlink>", "网址"),
        ("<w:smartTag>" + r("北京市") + "</w:smartTag>", "北京市"),
        ("<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>" + r("张某") + "</w:sdtContent></w:sdt>", "张某"),
        ('<w:customXml w:element="x">' + r("甲") + "</w:customXml>", "甲"),
        ("<w:r><w:t>疫情</w:t><w:noBreakHyphen/><w:t>19</w:t><w:softHyphen/></w:r>", "疫情-19"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r("是"), "☑是"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>' + r("否"), "□否"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + r("5%"), "≥5%"),
        ('<w:r><w:sym w:font="Wingdings" w:char="坏"/></w:r>' + r("甲"), "甲"),
        (r("\uf0fe是", '<w:rFonts w:ascii="Wingdings"/>'), "☑是"),
        (
            "<w:r><w:ruby><w:rubyPr/><w:rt>"
            + r("zhōng")
            + "</w:rt><w:rubyBase>"
            + r("中")
            + "</w:rubyBase></w:ruby></w:r>",
            "中",
        ),
        (r("甲") + "<w:r><w:tab/></w:r>" + r("乙"), "甲\t乙"),
        (r("甲\n乙\t丙"), "甲 乙 丙"),  # blanks of the XML, not of the words
        (r("甲") + '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>', "甲"),
        ('<w:fldSimple w:instr=" DATE ">' + r("2024年") + "</w:fldSimple>", "2024年"),
        (field(' HYPERLINK "http://x" ', "详见附件"), "详见附件"),
        (field(" PAGE ", None) + r("甲"), "甲"),
        (field(r" eq \o\ac(○,3) ", None), "③"),
        (field(r" EQ \* jc2 \o\ad(\s\up 9(zhōng),中) ", None) + r("国"), "中国"),
        (field(r" EQ \f(1,2) ", None), "1/2"),
        (field(r" SYMBOL 254 \f Wingdings \s 12 ", None) + r("同意"), "☑同意"),
        (
            field("FORMCHECKBOX", None, '<w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData>')
            + r("是"),
            "☑是",
        ),
        (
            field(
                "FORMCHECKBOX",
                None,
                '<w:ffData><w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox></w:ffData>',
            ),
            "□",
        ),
        (
            field(
                "FORMDROPDOWN",
                None,
                '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData>',
            ),
            "乙",
        ),
        # the inner field is part of the outer one's question
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            + field("MERGEFIELD x", "问")
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + r("答")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "答",
        ),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("甲"), "甲"),
        (
            "<mc:AlternateContent><mc:Choice Requires='x'>"
            + r("甲")
            + "</mc:Choice><mc:Fallback>"
            + r("乙")
            + "</mc:Fallback></mc:AlternateContent>",
            "甲",
        ),
        (
            "<mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback>"
            + r("乙")
            + "</mc:Fallback></mc:AlternateContent>",
            "乙",
        ),
    ],
)
def test_words_of_a_paragraph(inside, text):
    assert texts(runs(inside)) == [text]


def test_field_over_several_paragraphs():
    body = (
        runs('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
             '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', r("第一章 总则"), "<w:r><w:tab/></w:r>", r("1"))
        + runs(r("第二章 附则"), "<w:r><w:tab/></w:r>", r("9"))
        + runs('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
        + p(BODY)
    )  # fmt: skip
    assert texts(body) == ["第一章 总则\t1", "第二章 附则\t9", BODY]


def test_field_left_open_does_not_hide_what_follows():
    assert texts(runs('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', r("丢失")) + p(BODY)) == [BODY]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>", "(a+b)/2"),
        ("<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "x^2"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>x+1</m:t></m:r></m:e></m:rad>", "√(x+1)"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub><m:r><m:t>i=1</m:t></m:r></m:sub><m:sup><m:r><m:t>n</m:t></m:r></m:sup>'
         "<m:e><m:r><m:t>x</m:t></m:r></m:e></m:nary>", "∑_(i=1)^nx"),
        ('<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e><m:r><m:t>y</m:t></m:r></m:e></m:d>', "[y]"),
        ("<m:r><m:t>得分=100×</m:t></m:r><m:sSub><m:e><m:r><m:t>k</m:t></m:r></m:e><m:sub><m:r><m:t>10</m:t></m:r></m:sub></m:sSub>", "得分=100×k_10"),
    ],
)  # fmt: skip
def test_formulas_on_one_line(formula, text):
    assert texts(runs(f"<m:oMathPara><m:oMath>{formula}</m:oMath></m:oMathPara>")) == [text]


# -------------------------------------------------------------------------------------- tracked changes


def test_tracked_changes_are_accepted():
    body = (
        runs(r("同意"), "<w:del><w:r><w:delText>不</w:delText></w:r></w:del>", f"<w:ins>{r('批准')}</w:ins>")
        + runs(f"<w:moveFrom>{r('旧处')}</w:moveFrom>", r("甲"))
        + runs(f"<w:moveTo>{r('新处')}</w:moveTo>")
        + runs(f"<w:ins><w:del>{r('插入又删除')}</w:del></w:ins>", r("乙"))
    )
    assert texts(body) == ["同意批准", "甲", "新处", "乙"]


@pytest.mark.parametrize("mark", ["<w:del/>", "<w:moveFrom/>", "<w:vanish/>"])
def test_paragraph_without_its_end_goes_on_in_the_next(mark):
    numbered = lists(level(0, "decimal", "%1."))
    deleted = runs(r("前半句"), properties=f'<w:numPr><w:numId w:val="1"/></w:numPr><w:rPr>{mark}</w:rPr>')
    body = listed("首项", 1) + deleted + listed("后半句", 1) + table(tr("甲", "乙"))
    assert texts(body, numbering=numbered) == ["1.首项", "2.前半句后半句", "甲\t乙"]


def test_paragraph_without_its_end_stays_before_a_table_and_at_the_end():
    deleted = runs(r("留下"), properties="<w:rPr><w:del/></w:rPr>")
    assert texts(deleted + table(tr("甲", "乙")) + deleted) == ["留下", "甲\t乙", "留下"]


def test_deleted_rows_and_cells_are_dropped():
    body = table(tr("甲", "乙"), tr("丙", "丁", properties="<w:del/>"), tr("戊", tc(p("己"), "<w:cellDel/>"), "庚"))
    assert texts(body) == ["甲\t乙", "戊\t庚"]


# ----------------------------------------------------------------------------------------- hidden words


HIDING = (
    '<w:style w:type="character" w:styleId="H1"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="i"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("body", "shown", "hidden"),
    [
        (runs(r("公开"), r("隐藏", "<w:vanish/>")), ["公开"], 2),
        (runs(r("公开"), r("隐藏", '<w:vanish w:val="0"/>')), ["公开隐藏"], 0),
        (runs(r("公开"), r("隐藏", '<w:rStyle w:val="H1"/>')), ["公开"], 2),
        (runs(r("隐藏了"), properties='<w:pStyle w:val="H2"/>') + p("公开"), ["公开"], 3),
        (runs(r("看得见", '<w:vanish w:val="false"/>'), properties='<w:pStyle w:val="H2"/>'), ["看得见"], 0),
        (p("公开") + table(tr("甲", "乙", properties="<w:hidden/>"), tr("丙", "丁")), ["公开", "丙\t丁"], 2),
        (runs(r("公开"), r("<!-- -->", "<w:vanish/>")), ["公开"], 0),
        (runs(r("公开"), text_box(p("框内")).replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)), ["公开"], 2),
    ],
)
def test_hidden_words_are_left_out_and_counted(body, shown, hidden):
    raw = load_docx(word_file(body, styles=HIDING), "a.docx")
    assert [block.text for block in raw.blocks] == shown
    assert raw.reading.hidden_characters == hidden


# -------------------------------------------------------------------------------------------- numbering


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {1: "01", 12: "12"}),
        ("decimalFullWidth", {1: "１", 12: "１２"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "㉑", 50: "㊿", 51: "51"}),
        ("decimalEnclosedCircleChinese", {10: "⑩"}),
        ("decimalEnclosedParen", {2: "⑵", 21: "21"}),
        ("decimalEnclosedFullstop", {3: "⒊"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 101: "一百〇一"}),
        ("chineseCountingThousand", {10: "十", 21: "二十一", 101: "一百零一", 110: "一百一十", 1001: "一千零一", 10010: "一万零一十"}),
        ("japaneseCounting", {12: "十二"}),
        ("ideographDigital", {10: "一〇", 25: "二五"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 25: "贰拾伍"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "甲"}),
        ("ideographZodiac", {1: "子", 12: "亥"}),
        ("ideographEnclosedCircle", {1: "㊀"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa", 28: "bb"}),
        ("upperLetter", {3: "C"}),
        ("lowerRoman", {4: "iv", 19: "xix"}),
        ("upperRoman", {9: "IX", 2024: "MMXXIV"}),
        ("ordinal", {1: "1st", 2: "2nd", 11: "11th", 23: "23rd"}),
        ("none", {5: ""}),
        ("没有的格式", {7: "7"}),
    ],
)  # fmt: skip
def test_figures(style, expected):
    assert {count: written(count, style) for count in expected} == expected


@given(st.integers(1, 9_999_999))
def test_chinese_figures_are_read_back(count):
    assert chinese_number(written(count, "chineseCountingThousand")) == count


@given(
    st.integers(-5, 10**12),
    st.sampled_from(["lowerLetter", "upperRoman", "chineseCounting", "ideographZodiac", "decimalEnclosedCircle"]),
)
def test_every_count_is_written_shortly(count, style):
    assert 0 < len(written(count, style)) <= 40


OFFICIAL = lists(
    level(0, "japaneseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircle", "%4"),
)


def test_levels_count_and_begin_again_under_each_heading():
    body = "".join(
        listed(text, 1, at)
        for text, at in (("要求", 0), ("原则", 1), ("目标", 1), ("近期", 2), ("甲", 3), ("乙", 3), ("任务", 0), ("产业", 1), ("近期", 2))
    )  # fmt: skip
    assert texts(body, numbering=OFFICIAL) == [
        *("一、要求", "（一）原则", "（二）目标", "1.近期", "①甲", "②乙", "二、任务", "（一）产业", "1.近期"),
    ]


@pytest.mark.parametrize(
    ("shown", "more", "words", "expected"),
    [
        ("第%1条", "", "为了规范", "第一条 为了规范"),
        ("第%1章", '<w:suff w:val="space"/>', "总则", "第一章 总则"),
        ("%1、", "", "　总则", "一、总则"),
        ("%1、", '<w:suff w:val="nothing"/>', "总则", "一、总则"),
        ("第%1条", '<w:suff w:val="nothing"/>', "总则", "第一条总则"),
        ("（%1）", "", "总则", "（一）总则"),
        ("%1.", "", "Introduction", "一. Introduction"),
        ("附件%1", "", "名单", "附件一 名单"),
    ],
)
def test_number_and_words_are_typed_as_a_clerk_does(shown, more, words, expected):
    assert texts(listed(words, 1), numbering=lists(level(0, "chineseCountingThousand", shown, more))) == [expected]


def test_lists_start_where_they_say_and_again_where_they_say():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = lists(level(0, "decimal", "%1."), more=num(2, override) + num(3))
    body = "".join(listed(str(n), n) for n in (1, 1, 2, 2, 3, 1))
    # The third list shares its count with the first two and starts no new one.
    assert [text.split(".")[0] for text in texts(body, numbering=numbering)] == ["1", "2", "1", "2", "3", "4"]
    five = lists(level(0, "decimal", "%1)", start=5))
    assert texts(listed("甲", 1) + listed("乙", 1), numbering=five) == ["5)甲", "6)乙"]


@pytest.mark.parametrize(
    ("restart", "labels"),
    [
        ("", ["1.1", "2.1"]),
        ('<w:lvlRestart w:val="0"/>', ["1.1", "2.2"]),
        ('<w:lvlRestart w:val="1"/>', ["1.1", "2.1"]),
    ],
)
def test_levels_that_do_not_begin_again(restart, labels):
    numbering = lists(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2", restart))
    found = texts("".join(listed("条", 1, at) for at in (0, 1, 0, 1)), numbering=numbering)
    assert [text.split()[0] for text in found[1::2]] == labels


def test_legal_numbering_shows_figures_for_levels_above():
    numbering = lists(level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert texts(listed("总则", 1) + listed("目的", 1, 1), numbering=numbering) == ["第一章 总则", "1.1 目的"]


def test_level_without_its_upper_level_shows_where_that_starts():
    numbering = lists(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"))
    assert texts(listed("甲", 1, 1) + listed("乙", 1, 0), numbering=numbering) == ["1.1 甲", "1 乙"]


def test_numbers_of_styles():
    styles = (
        '<w:style w:type="paragraph" w:styleId="Article"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="项"/><w:basedOn w:val="Article"/></w:style>'
    )
    numbering = lists(
        level(0, "chineseCountingThousand", "第%1条", '<w:pStyle w:val="Article"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="Item"/>'),
    )
    body = (
        p("为了规范。", '<w:pStyle w:val="Article"/>')
        + p("适用范围：", '<w:pStyle w:val="Article"/>')
        + p("其一；", '<w:pStyle w:val="Item"/>')
        + p("没有编号", '<w:pStyle w:val="Article"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("另有规定。", '<w:pStyle w:val="Article"/>')
    )
    assert texts(body, styles=styles, numbering=numbering) == [
        *("第一条 为了规范。", "第二条 适用范围：", "（一）其一；", "没有编号", "第三条 另有规定。"),
    ]


def test_list_of_a_list_style():
    styles = '<w:style w:type="numbering" w:styleId="L"><w:name w:val="l"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = lists(
        level(0, "upperLetter", "%1."),
        more='<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="L"/></w:abstractNum>' + num(2, abstract=8),
    )
    assert texts(listed("甲", 2) + listed("乙", 2), styles=styles, numbering=numbering) == ["A.甲", "B.乙"]


@pytest.mark.parametrize(
    ("shown", "font", "expected"),
    [
        ("\uf06c", "Wingdings", "● 甲"),
        ("\uf0b7", "Symbol", "• 甲"),
        ("●", "宋体", "● 甲"),
        ("o", "Courier New", "○ 甲"),
        ("\uf0ee", "没有", "• 甲"),
    ],
)
def test_bullets(shown, font, expected):
    one = level(0, "bullet", shown).replace("</w:lvl>", f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr></w:lvl>')
    assert texts(listed("甲", 1), numbering=lists(one)) == [expected]


def test_numbers_alone():
    body = listed("", 1) + table(tr(tc(listed("", 1)), "甲"), tr(tc(listed("", 1)), "乙")) + listed("丙", 1)
    numbering = lists(level(0, "decimal", "%1"))
    # In the text a number without words is counted and not said; a table's first column is made of them.
    assert texts(body, numbering=numbering) == ["2\t甲", "3\t乙", "4 丙"]


@pytest.mark.parametrize("broken", ["", num(1, abstract=99), lists('<w:lvl w:ilvl="坏"/>')])
def test_broken_lists_cost_the_number_alone(broken):
    assert texts(listed("甲", 1), numbering=broken) == ["甲"]


def test_numbering_part_missing():
    parts = unpacked(word_file(listed("甲", 1)))
    del parts["word/numbering.xml"]
    assert [block.text for block in load_docx(pack(parts), "a.docx").blocks] == ["甲"]


# ----------------------------------------------------------------------------------------------- tables


def test_cells_stay_apart_and_empty_ones_stay():
    body = table(
        tr("序号", "任务", "单位"), tr("1", "", "水务局"), tr("", "", ""), tr("2", tc(p("建网络") + p("抓培训")), "")
    )
    assert texts(body) == ["序号\t任务\t单位", "1\t\t水务局", "2\t建网络 抓培训\t"]


def test_merged_cells():
    body = table(
        tr(tc(p("任务分工"), '<w:gridSpan w:val="2"/>'), "单位"),
        tr(tc(p("一"), '<w:vMerge w:val="restart"/>'), "巡查", "水务局"),
        tr(tc(p(""), "<w:vMerge/>"), "抢险", "应急局"),
        tr(tc(p("合计"), '<w:hMerge w:val="restart"/>'), tc(p("看不见"), "<w:hMerge/>"), "2"),
    )
    assert texts(body) == ["任务分工\t\t单位", "一\t巡查\t水务局", "\t抢险\t应急局", "合计\t\t2"]


def test_rows_that_begin_further_in():
    body = table(tr("甲", "乙", "丙"), tr("丁", "戊", properties='<w:gridBefore w:val="1"/>'))
    assert texts(body) == ["甲\t乙\t丙", "\t丁\t戊"]


def test_strips_between_lines_a_little_out_of_line_are_no_columns():
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (1500, 90, 1500, 1600))
    rows = [
        tr("姓名", tc(p("某甲"), '<w:gridSpan w:val="2"/>'), "男"),
        tr(tc(p("单位"), '<w:gridSpan w:val="2"/>'), tc(p("某局"), '<w:gridSpan w:val="2"/>')),
    ]
    assert texts(table(*rows, properties="").replace("<w:tr>", f"<w:tblGrid>{grid}</w:tblGrid><w:tr>", 1)) == [
        "姓名\t某甲\t男",
        "单位\t某局\t",
    ]


def test_absurd_spans_do_no_harm():
    body = table(tr(*(tc(p("甲"), '<w:gridSpan w:val="99999999"/>') for _ in range(3)), "乙"))
    assert [block.replace("\t", "") for block in texts(body)] == ["甲甲甲乙"]


def test_heads_set_one_character_a_line():
    assert texts(table(tr(tc(p("责") + p("任") + p("人")), "张某"))) == ["责任人\t张某"]


def test_no_line_end_or_tab_within_a_cell():
    cell = tc(runs(r("甲"), "<w:r><w:tab/></w:r>", r("乙"), "<w:r><w:br/></w:r>", r("丙")))
    assert texts(table(tr(cell, "丁"))) == ["甲 乙 丙\t丁"]


def test_table_within_a_table():
    inner = table(tr("内一", "内二"), tr("内三", "内四"))
    assert texts(table(tr("外", tc(p("说明") + inner + p(""))))) == ["外\t说明 内一 内二 内三 内四"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (table(tr(tc(p("通知如下。") + p("特此通知。")))), ["通知如下。", "特此通知。"]),  # one cell
        (table(tr("抄送：市委办"), tr("印发")), ["抄送：市委办", "印发"]),  # one column
        (table(tr("", "某某局", ""), tr("", "通知", ""), borders="none"), ["某某局", "通知"]),  # blank cells for room
        (table(tr("文号", "签发人"), borders="none"), ["文号\t签发人"]),
        (table(tr(tc("".join(p(f"第{n}段。") for n in range(4))), tc(p("右栏"))), borders="none"), ["第0段。", "第1段。", "第2段。", "第3段。", "右栏"]),
        (table(tr("甲", ""), tr("", "乙")), ["甲\t", "\t乙"]),  # ruled: a table
    ],
)  # fmt: skip
def test_tables_that_only_frame_text(body, expected):
    assert texts(body) == expected


def test_frame_keeps_the_table_within_it():
    assert texts(table(tr(tc(p("名单如下：") + table(tr("甲", "乙")) + p(""))))) == ["名单如下：", "甲\t乙"]


def test_borders_of_a_style_make_a_table():
    plain = "<w:tbl><w:tblPr>{}</w:tblPr>" + tr("", "甲") + tr("乙", "") + "</w:tbl>"
    assert texts(plain.format("")) == ["甲", "乙"]
    assert texts(plain.format('<w:tblStyle w:val="TableGrid"/>')) == ["\t甲", "乙\t"]


def test_head_row_that_stands_again():
    head = tr("序号", "任务", properties="<w:tblHeader/>")
    assert texts(table(head, tr("1", "甲"), head, tr("2", "乙"))) == ["序号\t任务", "1\t甲", "2\t乙"]


def test_rows_and_cells_in_content_controls():
    row = "<w:sdt><w:sdtContent>" + tr("甲", "乙") + "</w:sdtContent></w:sdt>"
    cell = "<w:tr><w:sdt><w:sdtContent>" + tc(p("丙")) + "</w:sdtContent></w:sdt>" + tc(p("丁")) + "</w:tr>"
    assert texts(table(row, cell)) == ["甲\t乙", "丙\t丁"]


def test_blocks_in_content_controls_and_wrappers():
    body = (
        "<w:sdt><w:sdtPr/><w:sdtContent>" + p("目录") + "</w:sdtContent></w:sdt>"
        '<w:customXml w:element="x"><w:ins>' + p("正文") + "</w:ins></w:customXml>"
    )
    either = (
        "<mc:AlternateContent><mc:Choice>"
        + p("甲")
        + "</mc:Choice><mc:Fallback>"
        + p("乙")
        + "</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(body + either) == ["目录", "正文", "甲"]


# ------------------------------------------------------------------------------------ boxes, notes, more


def test_text_box_is_read_once_before_its_paragraph():
    assert texts(runs(text_box(p("某某市文件"), p("特急")), r("某发〔2024〕5号"))) == [
        "某某市文件",
        "特急",
        "某发〔2024〕5号",
    ]


def test_boxes_of_one_paragraph_from_the_top_down():
    body = runs(text_box(p("某某市文件"), top=90), text_box(p("000001"), top=40), text_box(p("机密"), top=60))
    assert texts(body) == ["000001", "机密", "某某市文件"]


def test_box_below_the_first_line_comes_after():
    assert texts(runs(text_box(p("图注"), frame="paragraph", top=80), r(BODY))) == [BODY, "图注"]


def test_box_in_a_box_and_table_in_a_box():
    inside = p("外框") + runs(text_box(p("内框"))) + table(tr("甲", "乙"))
    assert texts(runs(text_box(inside), r(BODY))) == ["外框", "内框", "甲\t乙", BODY]


def test_vml_text_box_and_word_art():
    shape = '<v:shape style="position:absolute;margin-top:{}pt;mso-position-vertical-relative:page">{}</v:shape>'
    word_art = shape.format("20", '<v:textpath string="某某市人民政府文件"/>')
    box = shape.format("10", f"<v:textbox><w:txbxContent>{p('特急')}</w:txbxContent></v:textbox>")
    body = runs(f"<w:r><w:pict>{word_art}</w:pict></w:r><w:r><w:pict>{box}</w:pict></w:r>") + p(BODY)
    assert texts(body) == ["特急", "某某市人民政府文件", BODY]


def test_field_open_around_a_box_does_not_reach_into_it():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert texts(runs(begin, text_box(runs('<w:r><w:fldChar w:fldCharType="end"/></w:r>', r("框"))), r("问"))) == ["框"]


def test_diagram():
    data = (
        f"<dgm:dataModel {DECLARATIONS}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>指挥部</a:t></a:r></a:p></dgm:t></dgm:pt>"
        '<dgm:pt type="parTrans"><dgm:t><a:p><a:r><a:t>不显示</a:t></a:r></a:p></dgm:t></dgm:pt>'
        "<dgm:pt><dgm:t><a:p><a:r><a:t>办公</a:t></a:r><a:r><a:t>室</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )
    drawing = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds r:dm="rId77"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    found = texts(
        runs(drawing), parts={"word/diagrams/data1.xml": data}, related={"rId77": ("diagramData", "diagrams/data1.xml")}
    )
    assert found == ["指挥部", "办公室"]


def reference(kind: str, identity: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{identity}"/></w:r>'


def test_notes_stand_below_the_paragraph_that_refers_to_them():
    body = (
        runs(r("推进标准地"), reference("footnote", 2), r("改革。"), reference("endnote", 2))
        + runs(r("再次提到"), reference("footnote", 2), reference("footnote", 99))
        + table(tr(tc(runs(r("甲"), reference("footnote", 3))), "乙"), tr("丙", "丁"))
        + p("落款")
    )
    found = texts(
        body,
        parts={
            "word/footnotes.xml": notes("footnote", _2="指带标准的用地。", _3="注：见附表。"),
            "word/endnotes.xml": notes("endnote", _2="见办法。"),
        },
        related={"rId81": ("footnotes", "footnotes.xml"), "rId82": ("endnotes", "endnotes.xml")},
    )
    assert found == [
        *("推进标准地改革。", "注：指带标准的用地。", "注：见办法。", "再次提到"),
        *("甲\t乙", "丙\t丁", "注：见附表。", "落款"),
    ]


def test_embedded_files_are_listed():
    def embedded(identity: str, program: str) -> str:
        return f'<w:r><w:object><o:OLEObject ProgID="{program}" r:id="{identity}"/></w:object></w:r>'

    body = runs(
        r(BODY), embedded("rId71", "Excel.Sheet.12"), embedded("rId72", "Equation.3"), embedded("rId73", "Package")
    )
    raw = load_docx(
        word_file(
            body,
            parts={"word/embeddings/sheet1.xlsx": b"x", "word/embeddings/oleObject1.bin": b"x"},
            related={
                "rId71": ("package", "embeddings/sheet1.xlsx"),
                "rId72": ("oleObject", "embeddings/oleObject1.bin"),
            },
        ),
        "a.docx",
    )
    assert raw.reading.attachments == ("sheet1.xlsx",)


# ---------------------------------------------------------------------------------------- packed texts

PAGE = (
    "<html><head><title>无关</title><style>p{}</style></head><body><h1>某某条例</h1>"
    "<p>（2020年5月1日通过）</p><h2>第一章 总则</h2><p>第一条 为了规范，制定本条例。<br />\n第二条 适用范围：<br />（一）甲；</p>"
    "<table><tr><td>项目</td><td>标准</td></tr><tr><td>甲</td><td>5</td></tr></table></body></html>"
)
PAGE_BLOCKS = [
    *(("某某条例", 1), ("（2020年5月1日通过）", 0), ("第一章 总则", 2), ("第一条 为了规范，制定本条例。", 0)),
    *(("第二条 适用范围：", 0), ("（一）甲；", 0), ("项目\t标准", 0), ("甲\t5", 0)),
]


def archive(page: bytes, encoding: str = "8bit", charset: str = "utf-8") -> bytes:
    head = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
        f'Content-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    )
    return head.encode() + page + b"\r\n--x--\r\n"


def packed(data: bytes, name: str = "chunk.bin") -> bytes:
    return word_file(
        '<w:altChunk r:id="rId50"/>' + p("后记"), parts={f"word/{name}": data}, related={"rId50": ("aFChunk", name)}
    )


@pytest.mark.parametrize(
    "data",
    [PAGE.encode(), archive(PAGE.encode()), PAGE.encode("gb18030"), archive(PAGE.encode("gb18030"), charset="gbk")],
)
def test_packed_page_is_part_of_the_text(data):
    found = load_docx(packed(data), "a.docx").blocks
    assert [(block.text, block.level) for block in found] == [*PAGE_BLOCKS, ("后记", 0)]


def test_packed_text_and_packed_document():
    assert [b.text for b in load_docx(packed("第一行\n\n第二行".encode()), "a.docx").blocks] == [
        "第一行",
        "第二行",
        "后记",
    ]
    assert [b.text for b in load_docx(packed(word_file(p("内文"))), "a.docx").blocks] == ["内文", "后记"]


def nested_documents() -> bytes:
    data = word_file(p("内文"))
    for _ in range(5):
        data = packed(data)
    return data


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (packed(b"{\\rtf1 x}"), "RTF"),
        (packed(archive(b"")[:40]), "packed page"),
        (packed(b"<html><body>" + b"<div>" * 5000 + b"x</body></html>"), "too deep"),
        (nested_documents(), "too deep"),
        (word_file('<w:altChunk r:id="rId50"/>'), "missing"),
    ],
)
def test_packed_text_that_cannot_be_read_is_an_error(data, word):
    with pytest.raises(UnreadableSource, match=word):
        load_docx(data, "a.docx")


# --------------------------------------------------------------------------------------- kinds of packages


def strict(data: bytes) -> bytes:
    parts = unpacked(data)
    for usual, own in (
        (
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument"),
    ):
        parts = {name: text.replace(usual, own) for name, text in parts.items()}
    return pack(parts)


def test_strict_files():
    body = listed("甲", 1) + p("一、总则", '<w:pStyle w:val="Heading1"/>') + table(tr("乙", "丙"))
    found = load_docx(strict(word_file(body, numbering=OFFICIAL)), "a.docx").blocks
    assert [(block.text, block.level) for block in found] == [("一、甲", 0), ("一、总则", 1), ("乙\t丙", 0)]


@pytest.mark.parametrize("kind", ["macroEnabled.main", "template.main", "macroEnabledTemplate.main"])
def test_templates_and_files_with_macros(kind):
    parts = unpacked(word_file(p(BODY)))
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"document.main", kind.encode())
    assert [block.text for block in load_docx(pack(parts), "a.docm").blocks] == [BODY]


def test_main_part_elsewhere_and_names_in_another_case():
    parts = unpacked(word_file(p("甲", '<w:pStyle w:val="Heading1"/>')))
    moved = {
        name.replace("word/", "Doc/").replace("document.xml", "Document2.xml"): data for name, data in parts.items()
    }
    moved["_rels/.rels"] = moved["_rels/.rels"].replace(b"word/document.xml", b"/doc/document2.xml")
    found = load_docx(pack(moved), "a.docx").blocks
    assert [(block.text, block.level) for block in found] == [("甲", 1)]


@pytest.mark.parametrize(
    "name", ["word/styles.xml", "word/_rels/document.xml.rels", "[Content_Types].xml", "_rels/.rels"]
)
def test_package_with_a_part_missing_gives_what_is_there(name):
    parts = unpacked(word_file(p(BODY) + runs('<w:hyperlink r:id="rId404">' + r("网址") + "</w:hyperlink>")))
    del parts[name]
    assert [block.text for block in load_docx(pack(parts), "a.docx").blocks] == [BODY, "网址"]


def test_parts_are_found_by_relationship_and_where_word_puts_them():
    parts = unpacked(word_file(p("一、总则", '<w:pStyle w:val="Heading1"/>')))
    rels = "word/_rels/document.xml.rels"
    moved = {
        name.replace("styles.xml", "own.xml"): data.replace(b'"styles.xml"', b'"own.xml"')
        for name, data in parts.items()
    }
    assert "word/own.xml" in moved
    alone = {name: data for name, data in parts.items() if name != rels}
    for packed_parts in (moved, alone):
        assert load_docx(pack(packed_parts), "a.docx").blocks[0].level == 1


def changed(name: str, data: bytes) -> bytes:
    return pack({**unpacked(word_file(p(BODY))), name: data})


BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t>'
    b"</w:r></w:p></w:body></w:document>"
)
DEEP = f"<w:document {DECLARATIONS}><w:body>{'<w:sdt><w:sdtContent>' * 10_000}".encode()
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 not a package", "damaged"),
        (word_file(p(BODY))[:2000], "damaged"),
        (ENCRYPTED, "encrypted"),
        (ENCRYPTED.replace(b"E\0n\0c", b"X\0n\0c"), "not a DOCX"),
        (changed(DOCUMENT, BOMB), "document type"),
        (changed("word/styles.xml", BOMB), "document type"),
        (changed("word/numbering.xml", b"<w:numbering"), "well-formed"),
        (changed("word/_rels/document.xml.rels", b"<a>"), "well-formed"),
        (changed(DOCUMENT, DEEP), "well-formed"),
        (changed(DOCUMENT, b"<html/>"), "no document body"),
        (pack({"a.txt": b"x"}), "no document body"),
    ],
)
def test_files_that_cannot_be_read(data, word):
    with pytest.raises(UnreadableSource, match=word):
        load_docx(data, "a.docx")


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    data = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode() + BOMB.partition(b"]>")[2].replace(
        b"&b;", b"&x;"
    )
    with pytest.raises(UnreadableSource, match="document type"):
        load_docx(changed(DOCUMENT, data), "a.docx")


@pytest.mark.parametrize(
    "body",
    [
        p("甲", '<w:ind w:firstLine="1e999" w:left="inf"/>'),
        p("甲", f'<w:ind w:firstLine="{"9" * 5000}"/>'),
        p("甲", f'<w:outlineLvl w:val="{"9" * 5000}"/><w:numPr><w:ilvl w:val="-7"/><w:numId w:val="1"/></w:numPr>'),
        runs(text_box(p("甲"), top=10**4000)),
        runs('<w:r><w:sym w:char="FFFFFFFFFF"/></w:r>', r("甲")),
        runs(
            field("SYMBOL 0123 ", None),
            field(f"SYMBOL {'9' * 5000}", None),
            field("EQ " + r"\o(" * 5000, None),
            r("甲"),
        ),
    ],
)
def test_absurd_values_do_no_harm(body):
    found = blocks(body, numbering=lists(level(0, "decimal", "%1.", start=-5)))
    assert found[0].text[-1:] == "甲"
    assert 0 <= found[0].indent <= 100


@pytest.mark.parametrize("levels", [10, 60, 78])
def test_tables_nested_as_deep_as_the_parser_lets_pass(levels):
    body = p("底")
    for _ in range(levels):
        body = table(tr(tc(p("层") + body)))
    assert texts(body) == [*["层"] * levels, "底"]


def test_tables_nested_deeper_are_refused():
    inside = "<w:tbl><w:tr><w:tc>" * 10_000
    with pytest.raises(UnreadableSource):
        load_docx(changed(DOCUMENT, f"<w:document {DECLARATIONS}><w:body>{inside}".encode()), "a.docx")


def test_boxes_nested_as_deep_as_the_parser_lets_pass():
    body = p("底")
    for _ in range(30):
        shape = f"<v:shape><v:textbox><w:txbxContent>{body}</w:txbxContent></v:textbox></v:shape>"
        body = runs(f"<w:r><w:pict>{shape}</w:pict></w:r>", r("层"))
    assert texts(body) == [*["层"] * 30, "底"]


def test_document_without_words_is_empty():
    with pytest.raises(EmptyDocument):
        load_docx(word_file(p("") + table(tr("", ""))), "a.docx")


@pytest.mark.parametrize(
    "inside",
    [
        "<w:r>" * 240 + "<w:t>底</w:t>" + "</w:r>" * 240,
        "<m:oMath>" + "<m:f><m:num>" * 118 + "<m:r><m:t>x</m:t></m:r>" + "</m:num></m:f>" * 118 + "</m:oMath>",
    ],
)
def test_words_nested_as_deep_as_the_parser_lets_pass_end_well(inside):
    try:
        found = texts(runs(inside))[0][0]
    except UnreadableSource as error:
        found = error.reason
    assert found in ("底", "x", "(") or "too deep" in found


def picture(identity: str) -> str:
    return f'<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip r:embed="{identity}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'


def scan(text: str) -> bytes:
    font = next((path for path in FONTS if path.exists()), None)
    if font is None:
        pytest.skip("no font with Chinese characters is installed")
    page = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(page).text((200, 300), text, "black", ImageFont.truetype(str(font), 50))
    saved_page = io.BytesIO()
    page.save(saved_page, "PNG")
    return saved_page.getvalue()


def test_scans_in_a_document_without_words_are_its_pages():
    names = {"rId61": "media/image1.png", "rId62": "media/image2.png"}
    parts = {"word/media/image1.png": scan("关于防汛工作的通知"), "word/media/image2.png": scan("各有关单位抓好落实")}
    related = {identity: ("image", name) for identity, name in names.items()}
    body = runs(picture("rId61")) + runs(picture("rId62"))
    raw = load_docx(word_file(body, parts=parts, related=related), "a.docx")
    assert [(block.text, block.page) for block in raw.blocks] == [("关于防汛工作的通知", 1), ("各有关单位抓好落实", 2)]
    assert raw.pages == 2
    assert raw.reading.ocr_pages == (1, 2)
    assert raw.reading.confidence is not None
    assert all(part.page == block.page for block in raw.blocks for part in block.fragments)
    # With words in it the pictures are pictures.
    assert [b.text for b in load_docx(word_file(body + p(BODY), parts=parts, related=related), "a.docx").blocks] == [
        BODY
    ]


def test_pictures_that_cannot_be_read_are_an_error():
    parts = {"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(5000)}
    with pytest.raises(UnreadableSource):
        load_docx(
            word_file(runs(picture("rId61")), parts=parts, related={"rId61": ("image", "media/image1.png")}), "a.docx"
        )


# --------------------------------------------------------------------------------------------- invariants

WORDS = st.text("甲乙丙丁，。ab1", min_size=1, max_size=6)
INLINE = st.one_of(
    st.tuples(st.just("run"), WORDS),
    st.tuples(st.just("link"), WORDS),
    st.tuples(st.just("inserted"), WORDS),
    st.tuples(st.just("deleted"), WORDS),
)
PARAGRAPHS = st.tuples(st.just("p"), st.lists(INLINE, max_size=4))
TREES = st.recursive(
    PARAGRAPHS,
    lambda inner: st.one_of(
        st.tuples(st.just("sdt"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(
            st.just("tbl"),
            st.lists(st.lists(st.lists(inner, max_size=2), min_size=1, max_size=3), min_size=1, max_size=3),
        ),
    ),
    max_leaves=12,
)


def xml_of(node) -> str:
    kind, inside = node
    if kind == "p":
        return runs(*map(inline_xml, inside))
    if kind == "sdt":
        return f"<w:sdt><w:sdtContent>{''.join(map(xml_of, inside))}</w:sdtContent></w:sdt>"
    return table(*(tr(*(tc("".join(map(xml_of, cell)) + p()) for cell in row)) for row in inside))


def inline_xml(part) -> str:
    kind, words = part
    return {
        "run": "{}",
        "link": "<w:hyperlink>{}</w:hyperlink>",
        "inserted": "<w:ins>{}</w:ins>",
        "deleted": "<w:del>{}</w:del>",
    }[kind].format(r(words))


def words_of(node) -> str:
    kind, inside = node
    if kind == "p":
        return "".join(words for what, words in inside if what != "deleted")
    if kind == "sdt":
        return "".join(map(words_of, inside))
    return "".join(words_of(part) for row in inside for cell in row for part in cell)


@settings(max_examples=60, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=5))
def test_every_run_is_read_once_and_in_order(nodes):
    data = word_file("".join(map(xml_of, nodes)) + p("终"))
    found = load_docx(data, "a.docx").blocks
    assert "".join("".join(block.text.split()) for block in found) == "".join(map(words_of, nodes)) + "终"
    for block in found:
        assert "\n" not in block.text
        assert block.is_table_row or "\t" not in block.text


# ------------------------------------------------------------------------------------------- real files


@pytest.mark.parametrize("name", ["docx", "laws"])
def test_samples_are_read(name):
    files = sorted((SAMPLES / name).glob("*.docx"))
    if not files:
        pytest.skip("the sample files are not in this checkout")
    for path in files:
        raw = load(path.read_bytes(), path.name)
        assert raw.media_type is MediaType.DOCX
        assert len(raw.blocks) > 20, path.name
        assert not any("\n" in block.text for block in raw.blocks)
