from __future__ import annotations

import contextlib
import io
import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rag.domain.layout import Box
from rag.errors import EmptyDocument, SourceError, UnreadableSource
from rag.loaders.ofd import load_ofd
from rag.loaders.ofd.content import Budget, Drawing, Picture, page_matrix
from rag.loaders.ofd.geometry import Matrix, box_of, deltas, lines_of_path, matrix_of, number
from rag.loaders.ofd.package import Package
from rag.loaders.ofd.pictures import page_image
from rag.loaders.ofd.resources import Resources, resource_parts
from rag.loaders.ofd.structure import layers_of
from rag.loaders.raw import MediaType, RawDocument
from rag.parsing.canonical import canonicalize

from . import notices
from .ofd_files import (
    DOCUMENT_RESOURCES,
    POINTS,
    SAMPLE_TEXT,
    Sheet,
    document_xml,
    element,
    entry_xml,
    grid,
    image_object,
    image_resources,
    jbig2,
    members,
    ofd,
    page_xml,
    path_object,
    text_object,
    zipped,
)
from .scans import body, draw, needs_font, stamp


def texts(data: bytes) -> list[str]:
    return [block.text for block in load_ofd(data, "a.ofd").blocks]


def lines(data: bytes) -> list[tuple[str, Box]]:
    """Return the words of each line of a file, and where it stands."""
    return [
        (block.text[part.start : part.end], part.box)
        for block in load_ofd(data, "a.ofd").blocks
        for part in block.fragments
    ]


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


# Text and its places


def test_words_stand_where_the_page_has_them():
    raw = load_ofd(ofd(text_object(SAMPLE_TEXT, 50, 40, size=6)), "a.ofd")
    assert (raw.media_type, raw.pages) == (MediaType.OFD, 1)
    (block,) = raw.blocks
    assert (block.text, block.page) == (SAMPLE_TEXT, 1)
    (part,) = block.fragments
    assert part.box.left == pytest.approx(50 * POINTS)
    assert part.box.right == pytest.approx((50 + 6 * len(SAMPLE_TEXT)) * POINTS)
    # The baseline is at 46 mm; the type stands on it.
    assert part.box.top < 42 * POINTS < 46 * POINTS < part.box.bottom
    assert part.edges == pytest.approx([(50 + 6 * at) * POINTS for at in range(len(SAMPLE_TEXT) + 1)])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3 3 1.5", [3, 3, 1.5]),
        ("g 3 3.175", [3.175] * 3),
        ("g 2 3 1.5 g 2 4", [3, 3, 1.5, 4, 4]),
        ("1.5  g 1 2", [1.5, 2]),  # two blanks
        ("3,3", [3, 3]),
        ("g 0 5 1", [1]),
        ("g -4 5 1", [1]),
        ("g 2", []),  # cut off
        ("x 3", [0, 3]),
        ("nan inf 1e999 3", [0, 0, 0, 3]),
        ("", []),
        (None, []),
    ],
)
def test_offsets_are_read_in_both_forms(written, expected):
    assert deltas(written, 10) == expected


def test_a_repeat_of_billions_is_read_no_further_than_the_text():
    assert deltas("g 999999999 1 5", 3) == [1, 1, 1]


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(-50, 50, width=16)), max_size=20), st.integers(0, 60))
def test_offsets_written_short_are_those_written_out(groups, most):
    short = " ".join(f"g {count} {value}" for count, value in groups)
    out = " ".join(f"{value}" for count, value in groups for _ in range(count))
    assert deltas(short, most) == deltas(out, most)
    assert len(deltas(short, most)) == min(most, sum(count for count, _ in groups))


@pytest.mark.parametrize(
    ("attributes", "text", "edges"),
    [
        ('X="0" Y="5" DeltaX="5 5"', "通知书", [0, 5, 10, 15]),
        ('X="2" Y="5" DeltaX="g 2 5"', "通知书", [2, 7, 12, 17]),
        ('X="0" Y="5" DeltaX="5"', "通知书", [0, 5, 10, 15]),  # too few: the last goes on
        ('X="0" Y="5" DeltaX="5 5 5 5"', "通知书", [0, 5, 10, 15]),  # too many
        ('X="0" Y="5"', "通知A1", [0, 5, 10, 12.5, 15]),  # none: characters have their usual width
        ('X="0" Y="5" DeltaX="5 -1 4"', "通知书A", [0, 5, 5, 8, 10.5]),  # edges never go back
    ],
)
def test_places_of_characters(attributes, text, edges):
    code = f"<ofd:TextCode {attributes}>{text}</ofd:TextCode>"
    (block,) = load_ofd(ofd(text_object(text, 20, 20, size=5, codes=code)), "a.ofd").blocks
    assert block.text == text
    assert [(edge / POINTS) - 20 for edge in block.fragments[0].edges] == pytest.approx(edges)


def test_one_text_code_may_hold_several_lines():
    # As invoices set their cipher: back to the left and down.
    code = (
        '<ofd:TextCode X="0" Y="5" DeltaX="g 4 5 -20 g 4 5" DeltaY="g 4 0 8 g 4 0">第一行文字第二行文字</ofd:TextCode>'
    )
    (first, upper), (second, lower) = lines(ofd(text_object("", 20, 20, size=5, codes=code)))
    assert (first, second) == ("第一行文字", "第二行文字")
    assert lower.top - upper.top == pytest.approx(8 * POINTS)


def test_the_next_text_code_may_leave_its_start_out():
    codes = '<ofd:TextCode X="0" Y="5" DeltaX="5 5">通知书</ofd:TextCode><ofd:TextCode X="15" DeltaX="5">附件</ofd:TextCode>'
    assert texts(ofd(text_object("", 20, 20, size=5, codes=codes))) == ["通知书附件"]


def test_words_set_down_the_page_are_read_down_the_page():
    code = '<ofd:TextCode X="0" Y="5" DeltaY="6 6">购买方</ofd:TextCode>'
    blocks = load_ofd(ofd(text_object("", 20, 20, size=5, codes=code)), "a.ofd").blocks
    assert "".join(block.text for block in blocks) == "购买方"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("第1号", "第1号"),
        ("A&amp;B", "A&B"),
        ("甲\\0020乙", "甲 乙"),  # blanks may be escaped (11.3)
        ("C:\\1234", "C:\\1234"),  # a backslash like any other
        ("\n    通知\n  ", "通知"),  # the file's own line breaks
        ("甲<!-- x -->乙", "甲乙"),
        ("𠮷林", "𠮷林"),
        ("⼀、⼯作⻓", "一、工作长"),  # radicals, as converters name the characters of their shape
        ("\u200b甲\ufeff乙\u00a0丙", "甲乙 丙"),
        ("ﬁle", "file"),
        ("¤5", "¤5"),  # no glyph is given for it: it means itself
    ],
)
def test_spelling_of_characters(written, read):
    code = f'<ofd:TextCode X="0" Y="5">{written}</ofd:TextCode>'
    assert texts(ofd(text_object("", 20, 20, size=5, codes=code))) == [read]


def test_two_characters_drawn_as_one_glyph_share_its_width():
    inside = (
        '<ofd:CGTransform CodePosition="1" CodeCount="2" GlyphCount="1"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>'
    )
    code = '<ofd:TextCode X="0" Y="5" DeltaX="5 5">甲fi乙</ofd:TextCode>'
    (block,) = load_ofd(ofd(text_object("", 20, 20, size=5, codes=code, inside=inside)), "a.ofd").blocks
    assert block.text == "甲fi乙"
    assert [(edge / POINTS) - 20 for edge in block.fragments[0].edges] == pytest.approx([0, 5, 7.5, 10, 15])


def test_a_few_glyphs_without_names_leave_the_others():
    inside = (
        '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>'
    )
    sign = text_object("¤", 20, 20, inside=inside)
    assert texts(ofd(sign + text_object(SAMPLE_TEXT, 30, 40))) == [SAMPLE_TEXT]
    with pytest.raises(UnreadableSource, match="glyphs name no characters"):
        load_ofd(ofd(sign * 3 + text_object(SAMPLE_TEXT, 30, 40)), "a.ofd")


def test_glyphs_belong_to_the_next_text_code():
    transform = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="1"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>'
    )
    codes = f'<ofd:TextCode X="0" Y="5" DeltaX="5">甲乙</ofd:TextCode>{transform}<ofd:TextCode X="10" Y="5" DeltaX="5">fi丙</ofd:TextCode>'
    (block,) = load_ofd(ofd(text_object("", 20, 20, size=5, codes=codes)), "a.ofd").blocks
    assert block.text == "甲乙fi丙"
    assert [(edge / POINTS) - 20 for edge in block.fragments[0].edges] == pytest.approx([0, 5, 10, 12.5, 15, 20])


def test_glyphs_for_the_same_characters_change_nothing():
    inside = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>7 8</ofd:Glyphs></ofd:CGTransform>'
    )
    assert texts(ofd(text_object("通知", 20, 20, inside=inside))) == ["通知"]


def test_glyphs_that_name_no_character_are_no_text():
    inside = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><ofd:Glyphs>7 8</ofd:Glyphs></ofd:CGTransform>'
    )
    with pytest.raises(UnreadableSource, match="glyphs name no characters"):
        load_ofd(ofd(text_object("¤¤", 20, 20, inside=inside)), "a.ofd")


def drawing_of(data: bytes) -> Drawing:
    """Return what the first page of a file draws, in points."""
    package = Package(data, "a.ofd")
    document = package.part("Doc_0/Document.xml")
    resources = Resources().with_parts(package, resource_parts(package, document, document.root[0]))
    drawing = Drawing(resources, Budget("a.ofd"), 210 * POINTS, 297 * POINTS)
    drawing.draw(layers_of(package.part("Doc_0/Pages/Page_0/Content.xml")), page_matrix(0, 0))
    return drawing


@pytest.mark.parametrize(
    ("attributes", "is_bold"),
    [
        ({}, False),
        ({"Weight": "400"}, False),
        ({"Weight": "700"}, True),
        ({"Font": "2"}, True),  # 黑体
        ({"Font": "3"}, True),  # says it is bold
        ({"Font": "4"}, False),  # Heiti Light
        ({"Font": "99"}, False),  # none such
    ],
)
def test_heavy_type_is_told(attributes, is_bold):
    fonts = (
        '<ofd:Fonts><ofd:Font ID="1" FontName="仿宋_GB2312"/><ofd:Font ID="2" FontName="方正黑体_GBK"/>'
        '<ofd:Font ID="3" FontName="宋体" Bold="true"/><ofd:Font ID="4" FontName="Heiti SC Light"/></ofd:Fonts>'
    )
    data = ofd(text_object("重要通知", 20, 20, **attributes), added={"Doc_0/PublicRes.xml": element("Res", fonts)})
    assert [piece.is_bold for piece in drawing_of(data).pieces] == [is_bold]


def test_a_word_drawn_twice_to_look_bold_is_read_once():
    assert texts(ofd(text_object("通知", 20, 20) + text_object("通知", 20.1, 20) + text_object("通知", 20, 60))) == [
        "通知",
        "通知",
    ]


# Where objects are


def test_matrices_place_and_scale():
    # 22 units of type at 0.3528 mm the unit, as printer drivers write it.
    code = '<ofd:TextCode X="1" Y="20" DeltaX="22">通知</ofd:TextCode>'
    data = ofd(text_object("", 70, 25, size=22, codes=code, CTM="0.3528 0 0 0.3528 0 0"))
    (block,) = load_ofd(data, "a.ofd").blocks
    box = block.fragments[0].box
    assert box.left == pytest.approx((70 + 0.3528) * POINTS)
    assert box.right == pytest.approx((70 + 45 * 0.3528) * POINTS)
    assert box.bottom - box.top == pytest.approx(22 * 0.3528 * POINTS)


def test_narrow_type_is_as_wide_as_it_is():
    code = '<ofd:TextCode X="0" Y="5">通知</ofd:TextCode>'
    (block,) = load_ofd(ofd(text_object("", 20, 20, size=5, codes=code, HScale="0.6")), "a.ofd").blocks
    assert [(edge / POINTS) - 20 for edge in block.fragments[0].edges] == pytest.approx([0, 3, 6])


def test_blocks_nest_and_composite_units_are_drawn_in_their_place():
    unit = f'<ofd:CompositeGraphicUnit ID="30" Width="100" Height="100"><ofd:Content>{text_object("印发", 10, 10)}</ofd:Content></ofd:CompositeGraphicUnit>'
    outer = '<ofd:CompositeGraphicUnit ID="31" Width="9" Height="9"><ofd:Content><ofd:CompositeObject ResourceID="30" Boundary="10 100 50 50"/></ofd:Content></ofd:CompositeGraphicUnit>'
    resources = element("Res", f"<ofd:CompositeGraphicUnits>{unit}{outer}</ofd:CompositeGraphicUnits>")
    objects = (
        f"<ofd:PageBlock><ofd:PageBlock>{text_object(SAMPLE_TEXT, 30, 30)}</ofd:PageBlock></ofd:PageBlock>"
        '<ofd:CompositeObject ResourceID="31" Boundary="20 20 90 90" CTM="2 0 0 2 0 0"/>'
    )
    raw = load_ofd(ofd(objects, common=DOCUMENT_RESOURCES, added={"Doc_0/DocumentRes.xml": resources}), "a.ofd")
    assert [block.text for block in raw.blocks] == [SAMPLE_TEXT, "印发"]
    box = raw.blocks[1].fragments[0].box
    assert box.left == pytest.approx((20 + 2 * (10 + 10)) * POINTS)
    assert box.bottom - box.top == pytest.approx(2 * 5.6 * POINTS)


def test_a_page_may_bring_resources_of_its_own():
    resources = composites(unit(40).replace("<ofd:Content>", "<ofd:Content>" + text_object("印发", 10, 10)))
    page = Sheet('<ofd:CompositeObject ResourceID="40"/>', "<ofd:PageRes>../../DocumentRes.xml</ofd:PageRes>")
    assert texts(ofd(page, added=resources)) == ["印发"]


def test_templates_lie_below_and_above_the_page():
    page = Sheet(
        text_object("正文内容", 30, 60),
        '<ofd:Template TemplateID="7" ZOrder="Background"/><ofd:Template TemplateID="8" ZOrder="Foreground"/>',
    )
    common = (
        '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Head.xml"/><ofd:TemplatePage ID="8" BaseLoc="Tpls/Foot.xml"/>'
        '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Missing.xml"/>'
    )
    added = {
        "Doc_0/Tpls/Head.xml": page_xml(text_object("某市人民政府文件", 30, 30)),
        "Doc_0/Tpls/Foot.xml": page_xml(text_object("某市人民政府办公室印发", 30, 90)),
    }
    assert texts(ofd(page, common=common, added=added)) == ["某市人民政府文件", "正文内容", "某市人民政府办公室印发"]


@pytest.mark.parametrize(
    ("area", "place"),
    [("0 0 210 297", 20), ("10 10 210 297", 10), ("0 0 420 297", 20), ("0 0 0 0", 20), ("0 0 1e9 5", 20), ("x", 20)],
)
def test_places_count_from_the_corner_of_the_page(area, place):
    (block,) = load_ofd(ofd(Sheet(text_object("通知", 20, 30), area=area)), "a.ofd").blocks
    assert block.fragments[0].box.left == pytest.approx(place * POINTS)


def turned(text: str, x: float, y: float, quarter: int, size: float = 6) -> str:
    """Return words whose baseline starts at (x, y) and which are turned clockwise by quarters."""
    a, b, c, d = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))[quarter]
    code = f'<ofd:TextCode X="0" Y="0" DeltaX="g {len(text) - 1} {size}">{text}</ofd:TextCode>'
    return text_object("", x, y, size=size, codes=code, CTM=f"{a} {b} {c} {d} 0 0")


@pytest.mark.parametrize(
    ("quarter", "starts"),
    # Where 第一行 and 第二行 start, 30 mm from the left and 40 and 55 mm from the top of the upright page.
    [(1, ((170, 30), (155, 30))), (2, ((180, 257), (180, 242))), (3, ((40, 267), (55, 267)))],
)
def test_a_page_on_its_side_is_read_upright(quarter, starts):
    words = ("第一行文字", "第二行文字")
    found = lines(ofd("".join(turned(text, *start, quarter) for text, start in zip(words, starts, strict=True))))
    assert [text for text, _ in found] == ["第一行文字", "第二行文字"]
    box = found[0][1]
    assert box.left == pytest.approx(30 * POINTS)
    assert box.right == pytest.approx(60 * POINTS)
    assert box.top < 40 * POINTS < box.bottom


def test_direction_of_characters_turns_them_too():
    code = '<ofd:TextCode X="0" Y="0" DeltaY="g 4 6">第一行文字</ofd:TextCode>'
    more = '<ofd:TextCode X="-15" Y="0" DeltaY="g 4 6">第二行文字</ofd:TextCode>'
    data = ofd(text_object("", 170, 30, size=6, codes=code + more, CharDirection="90", ReadDirection="90"))
    assert [text for text, _ in lines(data)] == ["第一行文字", "第二行文字"]


def test_a_word_on_its_side_does_not_turn_the_page():
    found = texts(ofd(text_object(SAMPLE_TEXT, 30, 30) + turned("附件", 200, 150, 1)))
    assert SAMPLE_TEXT in found
    assert any("附件" in text for text in found)


def test_a_watermark_across_the_page_is_no_text():
    slant = f"{math.cos(0.6):.4f} {-math.sin(0.6):.4f} {math.sin(0.6):.4f} {math.cos(0.6):.4f} 0 0"
    mark = text_object("内部资料", 60, 150, size=20, CTM=slant)
    raw = load_ofd(ofd(text_object(SAMPLE_TEXT, 30, 30) + mark), "a.ofd")
    assert [block.text for block in raw.blocks] == [SAMPLE_TEXT]
    assert raw.reading.hidden_characters == 4
    assert "".join(texts(ofd(mark))) == "内部资料"  # nothing else is there


# What does not show


@pytest.mark.parametrize(
    "attributes",
    [
        {"Visible": "false"},
        {"Alpha": "0"},
        {"Fill": "false"},
        {"Size": "0"},
        {"inside": '<ofd:FillColor Value="0 0 0" Alpha="0"/>'},
        {"inside": '<ofd:FillColor Value="255 255 255"/>'},
        {"inside": '<ofd:FillColor Value="#FF #ff #FF"/>'},
        {"inside": '<ofd:FillColor Value="0 0 0 0"/>'},  # CMYK
        {"Boundary": "300 20 60 8"},  # beside the page
        {"CTM": "0 0 0 0 0 0"},
    ],
    ids=str,
)
def test_what_does_not_show_is_counted_and_no_text(attributes):
    raw = load_ofd(ofd(text_object("看不见的", 20, 100, **attributes) + text_object(SAMPLE_TEXT, 20, 20)), "a.ofd")
    assert [block.text for block in raw.blocks] == [SAMPLE_TEXT]
    assert raw.reading.hidden_characters == 4


@pytest.mark.parametrize(
    ("below", "attributes"),
    [
        ("", {"Alpha": "128"}),
        ("", {"Stroke": "true", "Fill": "false"}),
        ("", {"inside": '<ofd:FillColor Value="255 0 0"/>'}),
        ("", {"inside": '<ofd:FillColor Value="254 255 255"/>'}),
        ("", {"inside": '<ofd:FillColor Value="#zz 0 0"/>'}),
        ("", {"inside": "<ofd:FillColor><ofd:AxialShd/></ofd:FillColor>"}),
        # White on a dark strip
        (
            path_object("M 0 0 L 210 0 L 210 40 L 0 40 C", Fill="true", inside='<ofd:FillColor Value="0 0 128"/>'),
            {"inside": '<ofd:FillColor Value="255 255 255"/>'},
        ),
    ],
    ids=str,
)
def test_what_shows_is_text(below, attributes):
    raw = load_ofd(ofd(below + text_object("看得见的", 20, 20, **attributes)), "a.ofd")
    assert ([block.text for block in raw.blocks], raw.reading.hidden_characters) == (["看得见的"], 0)


def test_what_a_hidden_block_holds_does_not_show():
    block = f'<ofd:PageBlock Visible="false">{text_object("看不见的", 20, 100)}</ofd:PageBlock>'
    raw = load_ofd(ofd(block + text_object(SAMPLE_TEXT, 20, 20)), "a.ofd")
    assert ([b.text for b in raw.blocks], raw.reading.hidden_characters) == ([SAMPLE_TEXT], 4)


# Notes, attachments, several documents


def notes(kind: str, text: str) -> dict[str, str | bytes]:
    appearance = f'<ofd:Appearance Boundary="100 10 50 10">{text_object(text, 0, 0)}</ofd:Appearance>'
    return {
        "Doc_0/Annots/Annotations.xml": element(
            "Annotations", '<ofd:Page PageID="100"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page>'
        ),
        "Doc_0/Annots/Page_0/Annotation.xml": element("PageAnnot", f"<ofd:Annot {kind}>{appearance}</ofd:Annot>"),
    }


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ('Type="Stamp" Subtype="FreeText"', ["同意", SAMPLE_TEXT]),
        ('Type="FreeText"', ["同意", SAMPLE_TEXT]),
        ('Type="FreeText" Visible="false"', [SAMPLE_TEXT]),
        ('Type="Stamp" Subtype="Stamp"', [SAMPLE_TEXT]),
        ('Type="Watermark"', [SAMPLE_TEXT]),
        ('Type="Link"', [SAMPLE_TEXT]),
    ],
)
def test_of_annotations_only_typed_notes_are_text(kind, read):
    more = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    assert texts(ofd(text_object(SAMPLE_TEXT, 20, 60), more=more, added=notes(kind, "同意"))) == read


@pytest.mark.parametrize("broken", ["<not xml", "<ofd:PageAnnot/>"])
def test_broken_annotations_do_not_cost_the_document(broken):
    added = notes("", "x") | {"Doc_0/Annots/Page_0/Annotation.xml": broken}
    more = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    assert texts(ofd(text_object(SAMPLE_TEXT, 20, 60), more=more, added=added)) == [SAMPLE_TEXT]


def test_attached_files_are_named():
    listed = element(
        "Attachments",
        '<ofd:Attachment ID="1" Name="original_invoice" Format="xml" Visible="false"><ofd:FileLoc>a.xml</ofd:FileLoc></ofd:Attachment>'
        '<ofd:Attachment ID="2" Name="名单.xlsx"><ofd:FileLoc>/Doc_0/Attachs/b.xlsx</ofd:FileLoc></ofd:Attachment>'
        '<ofd:Attachment ID="3"><ofd:FileLoc>Attachs\\附图.png</ofd:FileLoc></ofd:Attachment>',
    )
    data = ofd(
        text_object(SAMPLE_TEXT, 20, 60),
        more="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
        added={"Doc_0/Attachs/Attachments.xml": listed},
    )
    assert load_ofd(data, "a.ofd").reading.attachments == ("original_invoice.xml", "名单.xlsx", "附图.png")
    empty = ofd(
        "",
        more="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
        added={"Doc_0/Attachs/Attachments.xml": listed},
    )
    with pytest.raises(EmptyDocument, match="3 个"):
        load_ofd(empty, "a.ofd")


def test_several_documents_are_read_one_after_another():
    second = {
        "OFD.xml": entry_xml("Doc_0/Document.xml", "Doc_1/Document.xml"),
        "Doc_1/Document.xml": document_xml(["Pages/P.xml"]),
        "Doc_1/Pages/P.xml": page_xml(text_object("第二份文件", 20, 20)),
    }
    data = zipped(members(text_object("第一份文件", 20, 20), text_object("第二页内容", 20, 20)) | second)
    raw = load_ofd(data, "a.ofd")
    assert [(block.page, block.text) for block in raw.blocks] == [
        (1, "第一份文件"),
        (2, "第二页内容"),
        (3, "第二份文件"),
    ]
    assert raw.pages == 3


# Ways of writing paths and names


@pytest.mark.parametrize(
    ("root", "page", "packed"),
    [
        ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("/Doc_0/Document.xml", "/Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0\\Document.xml", "Pages\\Page_0\\Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0\\Pages\\Page_0\\Content.xml"),
        ("doc_0/document.XML", "pages/page_0/content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("./Doc_0/Document.xml", "./Pages/./Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0/Document.xml", "../Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),  # from the root
        ("Doc_0/Document.xml", "/Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),  # no leading folder
        ("Document.xml", "Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0/Document.xml", " Pages/Page_0/Content.xml\n", "Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0/Document.xml", "页面/第一页.xml", "Doc_0/页面/第一页.xml"),
        ("Doc_0/Document.xml", "%E9%A1%B5/a%20b.xml", "Doc_0/页/a b.xml"),
    ],
)
def test_paths_are_found_however_they_are_written(root, page, packed):
    parts = members(text_object(SAMPLE_TEXT, 20, 20))
    content = parts.pop("Doc_0/Pages/Page_0/Content.xml")
    parts |= {"OFD.xml": entry_xml(root), "Doc_0/Document.xml": document_xml([page]), packed: content}
    assert texts(zipped(parts)) == [SAMPLE_TEXT]


@pytest.mark.parametrize("entry", ["ofd.xml", "OFD.XML", "folder/OFD.xml"])
def test_the_entry_is_found_however_it_is_packed(entry):
    folder = entry.removesuffix("OFD.xml") if "/" in entry else ""
    parts = members(text_object(SAMPLE_TEXT, 20, 20))
    assert texts(zipped({entry if name == "OFD.xml" else folder + name: data for name, data in parts.items()})) == [
        SAMPLE_TEXT
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("http://www.ofdspec.org/2016", "http://www.ofdspec.org"),
        ("http://www.ofdspec.org/2016", "urn:x"),
        ("ofd:", "a:"),
        ("ofd:", ""),
    ],
)
def test_any_namespace_will_do(before, after):
    parts = members(text_object(SAMPLE_TEXT, 20, 20))
    changed = {}
    for name, data in parts.items():
        text = str(data).replace("xmlns:ofd=", f"xmlns:{after[:-1]}=" if after == "a:" else "xmlns:ofd=")
        if after == "":
            text = text.replace("xmlns:ofd=", "xmlns=")
        changed[name] = (
            text.replace("<" + before, "<" + after)
            .replace("</" + before, "</" + after)
            .replace(f'="{before}"', f'="{after}"')
        )
    assert texts(zipped(changed)) == [SAMPLE_TEXT]


# Tables


def test_lines_drawn_on_the_page_make_a_table():
    widths, heights = (40, 60, 40), (10, 10)
    cells = [
        ("序号", 22, 52),
        ("单位", 65, 52),
        ("数量", 125, 52),
        ("1", 22, 62),
        ("市教育局", 65, 62),
        ("25", 125, 62),
    ]
    objects = text_object("任务分工表如下", 20, 30) + grid(20, 50, widths, heights)
    objects += "".join(text_object(text, x, y, size=4) for text, x, y in cells)
    raw = load_ofd(ofd(objects), "a.ofd")
    rows = [block.text for block in raw.blocks if block.is_table_row]
    assert rows == ["序号\t单位\t数量", "1\t市教育局\t25"]


@pytest.mark.parametrize(
    ("data", "strokes"),
    [
        ("M 0 0.2 L 73 0.2 ", [[(0, 0.2), (73, 0.2)]]),
        ("S 0 0 L 156 0 C", [[(0, 0), (156, 0), (0, 0)]]),
        ("M0 0L10 0L10 5L0 5C", [[(0, 0), (10, 0), (10, 5), (0, 5), (0, 0)]]),
        ("M 0 0 L 1 0 M 5 5 L 6 5", [[(0, 0), (1, 0)], [(5, 5), (6, 5)]]),
        ("M 0 0 B 1 1 2 2 3 3 L 9 3", [[(3, 3), (9, 3)]]),
        ("M 0 0 Q 1 1 2 0 A 1 1 0 0 1 5 5", []),
        ("M 1e1 -.5 L 2.5E1 -.5", [[(10, -0.5), (25, -0.5)]]),
        ("L 5 5", []),
        ("M 0 0 L 10 0 20 0", [[(0, 0), (10, 0), (20, 0)]]),
        ("garbage ~~ M", []),
        ("", []),
    ],
)
def test_paths_are_read_as_strokes(data, strokes):
    assert lines_of_path(data) == strokes


@pytest.mark.parametrize(
    ("objects", "lines"),
    [
        (path_object("M 20 30 L 120 30"), 1),
        (path_object("M 20 30 L 120 80"), 0),  # neither level nor upright
        (path_object("M 0 0 L 50 0 L 50 30 L 0 30 C", 20, 20), 4),
        (path_object("M 0 0 L 50 0 L 50 0.3 L 0 0.3 C", 20, 20, Stroke="false", Fill="true"), 1),  # a filled strip
        (path_object("M 0 0 L 50 0 L 50 30 L 0 30 C", 20, 20, Stroke="false", Fill="true"), 0),
        (path_object("M 20 30 L 120 30", Stroke="false"), 0),
        (path_object("M 20 30 L 120 30", Visible="false"), 0),
        (path_object("M 20 30 L 20.5 30"), 0),
        (path_object("M 20 30 L 120 30", inside='<ofd:StrokeColor Value="0 0 0" Alpha="0"/>'), 0),
    ],
)
def test_rules_are_the_straight_lines_that_show(objects, lines):
    assert len(drawing_of(ofd(objects)).rules) == lines


# One notice, set in the ways that programs set words


def in_pieces(length: int):
    def set_line(text, left, top, size):
        cuts = range(0, len(text), length)
        places = [left + notices.width_of(text[:cut], size) for cut in cuts]
        drawn = [notices.ofd_line(text[cut : cut + length], x, top, size) for cut, x in zip(cuts, places, strict=True)]
        return "".join(reversed(drawn))  # the order of drawing says nothing

    return set_line


def scaled(text, left, top, size):
    """As printer drivers do, in units of 1/72 inch."""
    unit = 1 / POINTS
    line = notices.ofd_line(text, 0, 0, size / unit)
    return line.replace('Boundary="0 0', f'CTM="{unit} 0 0 {unit} 0 0" Boundary="{left} {top}', 1)


def without_offsets(text, left, top, size):
    code = f'<ofd:TextCode X="0" Y="{0.88 * size}">{text}</ofd:TextCode>'
    return text_object(text, left, top, size=size, codes=code)


def with_typed_indent(text, left, top, size):
    if abs(left * POINTS - (notices.LEFT + 2 * notices.SIZE)) < 0.1:
        return notices.ofd_line("　　" + text, left - 2 * size, top, size)
    return notices.ofd_line(text + "  ", left, top, size)


def with_smaller_figures(text, left, top, size):
    """Latin words and figures in a face of their own, a little smaller and lower."""
    drawn = []
    for part in re.finditer(r"[ -~]+|[^ -~]+", text):
        x = left + notices.width_of(text[: part.start()], size)
        small = part[0].isascii()
        drawn.append(notices.ofd_line(part[0], x, top + 0.12 * small, size * (0.97 if small else 1)))
    return "".join(drawn)


def drawn_twice(text, left, top, size):
    return notices.ofd_line(text, left, top, size) + notices.ofd_line(text, left + 0.1, top, size)


@pytest.mark.parametrize(
    "set_line",
    [in_pieces(1), in_pieces(5), scaled, without_offsets, with_typed_indent, with_smaller_figures, drawn_twice],
    ids=["characters", "pieces", "scaled", "without offsets", "typed indent", "smaller figures", "twice"],
)
def test_a_notice_is_the_same_however_its_words_are_set(set_line):
    raw = load_ofd(notices.as_ofd(set_line), "a.ofd")
    assert canonicalize(raw).text.split("\n") == notices.TEXT.split("\n")


# Pages that are images


@needs_font
def test_a_page_that_is_an_image_is_recognised():
    scan = draw(body("关于做好防汛工作的通知", "各镇人民政府，各有关单位："), dpi=150)
    data = ofd(image_object(0, 0, 210, 297), common=DOCUMENT_RESOURCES, added=image_resources(png(scan)))
    raw = load_ofd(data, "a.ofd")
    assert [block.text for block in raw.blocks] == ["关于做好防汛工作的通知", "各镇人民政府，各有关单位："]
    assert raw.reading.ocr_pages == (1,)
    assert raw.reading.confidence is not None
    assert raw.reading.confidence > 0.8
    box = raw.blocks[0].fragments[0].box
    assert box.left == pytest.approx(80, abs=6)
    assert box.top == pytest.approx(100, abs=6)


@needs_font
@pytest.mark.parametrize(
    ("packed", "name"),
    [
        (lambda scan: png(scan.convert("L"), "JPEG"), "page.jpg"),
        (lambda scan: png(scan.convert("1"), "TIFF"), "page.tif"),
        (lambda scan: png(scan.convert("P")), "page.png"),
        (lambda scan: png(scan.convert("CMYK"), "JPEG"), "page.jpg"),
        (lambda scan: png(scan, "BMP"), "page.bmp"),
        (jbig2, "page.jb2"),  # what black-and-white scanners write
    ],
    ids=["grey", "fax", "palette", "cmyk", "bmp", "jbig2"],
)
def test_images_of_every_kind_are_recognised(packed, name):
    scan = draw(body("关于做好防汛工作的通知"), dpi=150).crop((0, 0, 1240, 440))
    page = Sheet(image_object(0, 0, 210, 74.5), area="0 0 210 74.5")
    data = ofd(page, common=DOCUMENT_RESOURCES, added=image_resources(packed(scan), name))
    assert texts(data) == ["关于做好防汛工作的通知"]


@needs_font
def test_words_below_a_scan_do_not_show():
    """双层 OFD: recognised words lie below the image, and the image is what a reader sees."""
    scan = draw(body("关于做好防汛工作的通知"), dpi=150)
    data = ofd(
        text_object("关干做好防讯工作的逋知这些文字被图像盖住了看不见" * 2, 20, 30, size=4)
        + image_object(0, 0, 210, 297),
        common=DOCUMENT_RESOURCES,
        added=image_resources(png(scan, "JPEG"), "page.jpg"),
    )
    raw = load_ofd(data, "a.ofd")
    assert [block.text for block in raw.blocks] == ["关于做好防汛工作的通知"]
    assert raw.reading.hidden_characters == 48


@needs_font
def test_a_page_number_over_a_scan_does_not_hide_it():
    scan = draw(body("关于做好防汛工作的通知"), dpi=150)
    data = ofd(
        image_object(0, 0, 210, 297) + text_object("收文", 150, 60) + turned("X", 200, 100, 1),
        common=DOCUMENT_RESOURCES,
        added=image_resources(png(scan)),
    )
    assert texts(data)[:2] == ["关于做好防汛工作的通知", "收文"]


@needs_font
def test_a_seal_on_a_page_of_text_is_not_read():
    seal = Image.new("RGBA", (300, 300))
    stamp(seal.convert("RGB"), (72, 72))
    data = ofd(
        text_object(SAMPLE_TEXT, 20, 30) + image_object(100, 200, 42, 42),
        common=DOCUMENT_RESOURCES,
        added=image_resources(png(seal)),
    )
    raw = load_ofd(data, "a.ofd")
    assert ([block.text for block in raw.blocks], raw.reading.ocr_pages) == ([SAMPLE_TEXT], ())


@pytest.mark.parametrize("colour", ["white", (250, 249, 240)])
def test_a_blank_page_image_is_empty(colour):
    image = png(Image.new("RGB", (300, 400), colour))
    with pytest.raises(EmptyDocument):
        load_ofd(ofd(image_object(0, 0, 210, 297), common=DOCUMENT_RESOURCES, added=image_resources(image)), "a.ofd")


@pytest.mark.parametrize("data", [b"", b"not an image", b"\x97JB2\r\n\x1a\n\x01\x00\x00\x00\x01", b"\x97JB2\r\n\x1a\n"])
def test_a_page_image_that_cannot_be_read_is_said_so(data):
    with pytest.raises(UnreadableSource, match="page images cannot be read"):
        load_ofd(ofd(image_object(0, 0, 210, 297), common=DOCUMENT_RESOURCES, added=image_resources(data)), "a.ofd")


def test_an_ornament_that_cannot_be_read_does_not_cost_the_document():
    objects = image_object(20, 20, 100, 80)
    data = ofd(objects, text_object(SAMPLE_TEXT, 20, 40), common=DOCUMENT_RESOURCES, added=image_resources(b"?"))
    assert texts(data) == [SAMPLE_TEXT]


def test_a_cut_off_page_image_is_said_so():
    image = png(Image.effect_noise((300, 400), 90))
    with pytest.raises(UnreadableSource, match="page images cannot be read"):
        load_ofd(
            ofd(image_object(0, 0, 210, 297), common=DOCUMENT_RESOURCES, added=image_resources(image[:2000])), "a.ofd"
        )


def test_the_picture_of_a_page_is_put_together_from_its_images():
    # Two strips, the lower one upside down by its matrix.
    strip = Image.new("L", (200, 100), 255)
    strip.paste(0, (0, 0, 100, 50))
    package = Package(
        ofd("x", common=DOCUMENT_RESOURCES, added=image_resources(png(strip)) | {"OFD.xml": entry_xml()}), "a.ofd"
    )
    path = "Doc_0/Res/page.png"
    upper, lower = Matrix(200, 0, 0, 100, 0, 0), Matrix(-200, 0, 0, -100, 200, 200)
    image = page_image(package, [Picture(path, upper, True, 0), Picture(path, lower, True, 0)], 200, 200)
    assert image is not None
    scale = image.width / 200
    dark = [(50, 25), (150, 175)]
    light = [(150, 25), (50, 75), (50, 175), (150, 125)]
    assert [image.getpixel((round(x * scale), round(y * scale))) for x, y in dark] == [(0, 0, 0)] * 2
    assert [image.getpixel((round(x * scale), round(y * scale))) for x, y in light] == [(255, 255, 255)] * 4


# The real files


SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "ofd"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real OFD files are not in this checkout")


@needs_samples
@pytest.mark.parametrize(
    ("name", "pages", "words"),
    [
        ("ofdrw-converter__999", 5, ["发票号码：12235358", "销售货物或者提供应税劳务、服务清单"]),  # templates
        ("ofdrw-converter__helloworld", 1, ["你好呀，OFD Reader&Writer！"]),
        ("ofdrw-converter__n", 2, ["路卫发〔2011〕76号", "区中医院：", "2011年3月10日"]),
        ("ofdrw-converter__signout", 1, ["市政府文件处理", "测试文本注释", "府办专督〔2020〕24号"]),  # typed note
        ("ofdrw-converter__y", 3, ["勇立潮头 真抓实干", "与做法，以供大家学习借鉴。"]),  # composite units
        ("ofdrw-layout__SplitParagraph", 2, ["报告：", "第四段：K*"]),
        ("ofdrw-reader__AddAttachment", 1, ["这是一个带有附件的OFD文件"]),
        ("ofdrw-reader__chineseDir", 1, ["你好呀，OFD Reader&Writer！"]),
        ("ofdrw-reader__keyword2", 2, ["重庆市马上融资担保有限公司"]),
        ("ofdrw-reader__multiKeywordInTextCode", 1, ["打发打发打发打发打发哈哈打发哈哈哈哈哈哈哈哈哈打发"]),
        ("ofdrw-sign__namespace_no_std", 1, ["你好呀，OFD Reader&Writer！"]),
        ("ofdrw-sign__signedFile", 1, ["江苏增值税电子普通发票", "购买方", "壹|贰佰圆整"]),
    ],
)
def test_real_files_give_their_words(name, pages, words):
    raw = load_ofd((SAMPLES / f"{name}.ofd").read_bytes(), f"{name}.ofd")
    text = "\n".join(block.text for block in raw.blocks)
    assert raw.pages == pages
    assert not raw.reading.ocr_pages
    for word in words:
        assert any(spelling in text for spelling in word.split("|"))


@needs_samples
@pytest.mark.parametrize("name", ["ofdrw-converter__h", "ofdrw-layout__Page5"])
def test_real_files_of_drawings_alone_are_empty(name):
    with pytest.raises(EmptyDocument, match="no text"):
        load_ofd((SAMPLES / f"{name}.ofd").read_bytes(), f"{name}.ofd")


@needs_samples
@pytest.mark.parametrize(
    ("name", "attachments"),
    [("ofdrw-reader__AddAttachment", ("Gao.jpg",)), ("ofdrw-sign__signedFile", ("original_invoice.xml",))],
)
def test_real_files_name_what_is_attached(name, attachments):
    assert load_ofd((SAMPLES / f"{name}.ofd").read_bytes(), "a.ofd").reading.attachments == attachments


@needs_samples
def test_a_jbig2_image_is_read():
    package = Package((SAMPLES / "ofdrw-sign__signedFile.ofd").read_bytes(), "a.ofd")
    picture = Picture("Doc_0/Res/image_80.jb2", Matrix(100, 0, 0, 100), True, 0)
    image = page_image(package, [picture], 100, 100)
    assert image is not None
    # A QR code: dark marks in three corners, a light strip beside them.
    scale = image.width / 100
    dark, light = [(8, 8), (90, 8), (8, 90)], [(8, 20), (90, 20)]
    grey = image.convert("L")
    assert [grey.getpixel((round(x * scale), round(y * scale))) < 50 for x, y in dark] == [True] * 3
    assert [grey.getpixel((round(x * scale), round(y * scale))) > 200 for x, y in light] == [True] * 2


# Damage and hostility


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"OFD.xml": None}, "not an OFD file"),
        ({"OFD.xml": "<broken"}, "not well-formed"),
        ({"OFD.xml": entry_xml("Doc_9/Other.xml")}, "document part is missing"),
        ({"OFD.xml": entry_xml("Doc_0/PublicRes.xml")}, "document part is missing"),
        ({"Doc_0/Document.xml": None}, "document part is missing"),
        ({"Doc_0/Document.xml": "text"}, "not well-formed"),
        ({"Doc_0/Pages/Page_0/Content.xml": None}, "content is missing"),
        ({"Doc_0/Pages/Page_0/Content.xml": "<a><b></a>"}, "not well-formed"),
        ({"Doc_0/Pages/Page_0/Content.xml": b"\x00\x01\x02 ciphertext"}, "not well-formed"),
        ({"Doc_0/Pages/Page_0/Content.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}, "document type"),
        ({"Encryptions.xml": "<x/>"}, "encrypted"),
        (
            {"OFD.xml": entry_xml("Doc_0/Document.xml", more="<ofd:Encryptions>Encrypt.xml</ofd:Encryptions>")},
            "encrypted",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value),
)
def test_damage_is_said(change, reason):
    parts = members(text_object(SAMPLE_TEXT, 20, 20)) | change
    with pytest.raises(UnreadableSource, match=reason):
        load_ofd(zipped({name: data for name, data in parts.items() if data is not None}), "a.ofd")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ofd(), "no pages"),
        (ofd(""), "no text"),
        (ofd(path_object("M 20 30 L 120 30")), "no text"),
        (ofd(text_object("　 　", 20, 20)), "no text"),
        (zipped({"OFD.xml": entry_xml()}), "no pages"),
    ],
)
def test_a_file_without_text_is_empty(data, reason):
    with pytest.raises(EmptyDocument, match=reason):
        load_ofd(data, "a.ofd")


def composites(*units: str) -> dict[str, str | bytes]:
    return {
        "Doc_0/DocumentRes.xml": element(
            "Res", f"<ofd:CompositeGraphicUnits>{''.join(units)}</ofd:CompositeGraphicUnits>"
        )
    }


def unit(identity: int, *others: int) -> str:
    inside = "".join(f'<ofd:CompositeObject ResourceID="{other}"/>' for other in others)
    return f'<ofd:CompositeGraphicUnit ID="{identity}"><ofd:Content>{inside}</ofd:Content></ofd:CompositeGraphicUnit>'


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        ([unit(1, 1)], "nest too deep"),  # a unit that holds itself
        ([unit(1, 2), unit(2, 1)], "nest too deep"),
        ([*(unit(at, *[at + 1] * 10) for at in range(1, 9)), unit(9)], "too many objects"),  # ten to the eighth
    ],
)
def test_units_that_draw_one_another_without_end_are_refused(units, reason):
    objects = '<ofd:CompositeObject ResourceID="1"/>'
    with pytest.raises(UnreadableSource, match=reason):
        load_ofd(ofd(objects, common=DOCUMENT_RESOURCES, added=composites(*units)), "a.ofd")


def test_deep_blocks_are_refused():
    objects = "<ofd:PageBlock>" * 100 + "</ofd:PageBlock>" * 100
    with pytest.raises(UnreadableSource, match="nest too deep"):
        load_ofd(ofd(objects), "a.ofd")


def test_a_large_part_named_over_and_over_is_refused():
    parts = members(text_object("通知", 20, 20))
    page = str(parts["Doc_0/Pages/Page_0/Content.xml"])
    parts["Doc_0/Pages/Page_0/Content.xml"] = page.replace(
        "<ofd:Content>", "<!--" + "x" * 9_000_000 + "--><ofd:Content>"
    )
    parts["Doc_0/Document.xml"] = document_xml(["Pages/Page_0/Content.xml"] * 100)
    with pytest.raises(UnreadableSource, match="too often"):
        load_ofd(zipped(parts), "a.ofd")


def test_more_pages_than_a_document_has_are_refused():
    parts = members(text_object("通知", 20, 20))
    parts["Doc_0/Document.xml"] = document_xml(["Pages/Page_0/Content.xml"] * 5_001)
    with pytest.raises(UnreadableSource, match="too many pages"):
        load_ofd(zipped(parts), "a.ofd")


@pytest.mark.parametrize(
    ("read", "written", "expected"),
    [
        (box_of, "1 2 3 4", (1, 2, 3, 4)),
        (box_of, "1 2 3", None),
        (box_of, None, None),
        (matrix_of, "2 0 0 2 1 1", Matrix(2, 0, 0, 2, 1, 1)),
        (matrix_of, "2 0 0", Matrix()),
        (lambda text: number(text, 7), "1e400", 7),
        (lambda text: number(text, 7), "-3.5", -3.5),
        (lambda text: number(text, 7), "", 7),
    ],
)
def test_numbers_that_are_none_are_not_taken(read, written, expected):
    assert read(written) == expected


@given(*(st.floats(-4, 4, width=16) for _ in range(6)), st.floats(-100, 100), st.floats(-100, 100))
def test_a_matrix_and_its_inverse_lead_back(a, b, c, d, e, f, x, y):
    matrix = Matrix(a, b, c, d, e, f)
    back = matrix.inverse()
    if back is not None and abs(a * d - b * c) > 1e-3:
        assert back.apply(*matrix.apply(x, y)) == pytest.approx((x, y), abs=1e-3)


# Whatever becomes of the bytes, a document or a reason comes out.

VALID = members(
    Sheet(text_object(SAMPLE_TEXT, 20, 20) + grid(20, 50, (40, 60), (10, 10)), '<ofd:Template TemplateID="7"/>'),
    common='<ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/>' + DOCUMENT_RESOURCES,
    more="<ofd:Attachments>Attachments.xml</ofd:Attachments><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
    added={
        "Doc_0/Tpls/T.xml": page_xml(text_object("某市人民政府文件", 30, 30)),
        "Doc_0/Attachments.xml": element("Attachments", '<ofd:Attachment Name="a"/>'),
    }
    | composites(unit(1))
    | notes('Type="FreeText"', "同意"),
)
VALID_BYTES = zipped(VALID)


def outcome(data: bytes) -> None:
    with contextlib.suppress(SourceError):
        assert isinstance(load_ofd(data, "a.ofd"), RawDocument)


def test_the_file_that_is_mutated_is_valid():
    assert len(load_ofd(VALID_BYTES, "a.ofd").blocks) == 3


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(VALID_BYTES) - 1), st.integers(0, 255)), max_size=8), st.integers(0, 400))
def test_changed_bytes_give_a_document_or_a_reason(changes, cut):
    data = bytearray(VALID_BYTES)
    for at, value in changes:
        data[at] = value
    outcome(bytes(data[: len(data) - cut]))


_VALUES = st.sampled_from(
    ["", "0", "-1", "1e308", "nan", "x", "999999999", "0 0 0 0", "1 2", "g 9 9", "../..", "7", "1"]
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(VALID)), st.integers(0, 400), _VALUES, st.booleans())
def test_changed_xml_gives_a_document_or_a_reason(name, which, value, in_tag):
    parts = str(VALID[name]).split('"' if not in_tag else ">")
    at = which % len(parts)
    parts[at] = value if not in_tag else parts[at] + ">" + value
    outcome(zipped(VALID | {name: ('"' if not in_tag else ">").join(parts)}))
