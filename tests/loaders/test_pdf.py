"""PDF: what a page shows, hides and draws; broken and hostile files."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from rag.errors import EmptyDocument, SourceError, UnreadableSource
from rag.loaders.pdf import load_pdf
from rag.loaders.raw import RawDocument
from rag.parsing.canonical import canonicalize

from .pdf_files import LEFT, PdfFile, set_paragraphs

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


def scan(words: str, height: int = 44) -> tuple[int, int, bytes]:
    """Return a page that shows words of a height in dots, as a grey image of 100 dots an inch."""
    image = Image.new("L", (827, 1169), 255)
    ImageDraw.Draw(image).text((120, 300), words, 0, ImageFont.load_default(height))
    return image.width, image.height, image.tobytes()


def loaded(file: PdfFile) -> RawDocument:
    return load_pdf(file.data(), "甲.pdf")


def texts(file: PdfFile) -> list[str]:
    return [block.text for block in loaded(file).blocks]


def paragraphs(file: PdfFile) -> list[str]:
    return canonicalize(loaded(file)).text.split("\n")


class TestWords:
    def test_characters_have_places(self) -> None:
        file = PdfFile()
        file.page().text(100, 200, "某市2023年", 20)
        (block,) = loaded(file).blocks
        (part,) = block.fragments
        assert block.text == "某市2023年"
        assert [round(edge) for edge in part.edges] == [100, 120, 140, 150, 160, 170, 180, 200]
        assert (round(part.box.top), round(part.box.bottom)) == (200, 220)

    @pytest.mark.parametrize(
        ("drawn", "meant"),
        [
            ("⼀⼆⽉⽇", "一二月日"),  # Kangxi radicals
            ("⻓⻔⻚⺠", "长门页民"),  # radicals without a decomposition
            ("二〇二三年", "二〇二三年"),
            ("更換\uf9d1", "更換六"),  # compatibility ideograph
            ("eﬃcient", "efficient"),
            ("2014\u00ad2020", "2014-2020"),  # a soft hyphen that is drawn
            ("〔２０２３〕１号", "〔２０２３〕１号"),  # width stays
        ],
    )
    def test_odd_characters_are_ordinary(self, drawn: str, meant: str) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, drawn)
        assert texts(file) == [meant]

    @pytest.mark.parametrize("turns", [1, 2, 3])
    def test_turned_words_are_upright(self, turns: int) -> None:
        file = PdfFile()
        page = file.page()
        for number, line in enumerate(["甲市人民政府", "乙县人民政府", "丙镇人民政府"]):
            # Below each other for one who turns the sheet.
            down = {1: (100 + 40 * number, 500), 2: (400, 500 - 40 * number), 3: (400 - 40 * number, 300)}[turns]
            page.text(*down, line, turns=turns)
        raw = loaded(file)
        assert "".join(block.text for block in raw.blocks) == "甲市人民政府乙县人民政府丙镇人民政府"
        for part in (part for block in raw.blocks for part in block.fragments):
            assert part.box.right - part.box.left == pytest.approx(6 * 16, abs=1)

    @pytest.mark.parametrize("rotate", [90, 180, 270])
    def test_turned_page_is_read_by_its_words(self, rotate: int) -> None:
        file = PdfFile()
        file.page(rotate=rotate).text(200, 300, "一行文字", turns=rotate // 90).text(
            230, 300, "另行文字", turns=rotate // 90
        )
        assert sorted("".join(texts(file))) == sorted("一行文字另行文字")

    def test_landscape_table_on_a_sheet_numbered_upright(self) -> None:
        file = PdfFile()
        page = file.page()
        for number, line in enumerate(["一、重点任务清单内容", "二、责任单位分工内容"]):
            page.text(150 + 40 * number, 600, line, turns=1)
        page.text(290, 780, "— 7 —", 14)
        assert texts(file) == ["一、重点任务清单内容", "二、责任单位分工内容"]

    def test_slanted_watermark_is_no_text(self) -> None:
        file = PdfFile()
        page = file.page().text(LEFT, 300, "正文一行文字。")
        page.content.append(b"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm <51855BA1> Tj ET")
        assert texts(file) == ["正文一行文字。"]

    def test_heavy_faces_do_not_break_a_line(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "一是加强领导。", bold=True).text(LEFT + 7 * 16, 300, "各单位要落实责任。")
        assert texts(file) == ["一是加强领导。各单位要落实责任。"]

    def test_word_drawn_twice_to_look_bold_is_one(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "加粗标题").text(LEFT + 0.4, 300, "加粗标题")
        assert texts(file) == ["加粗标题"]

    def test_raised_note_mark_stays_with_its_word(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "面积十平方米").text(LEFT + 96, 298, "2", 8).text(LEFT + 100, 300, "以上")
        assert texts(file) == ["面积十平方米2以上"]


class TestBlanks:
    def test_justified_line_has_none(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "国务院办公厅关于某事", spacing=6)
        assert texts(file) == ["国务院办公厅关于某事"]

    def test_letters_spaced_out_evenly_are_one_word(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 100, "某市人民政府文件", 30, spacing=30)
        assert texts(file) == ["某市人民政府文件"]

    def test_letters_typed_apart_are_one_word(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 100, "某 市 人 民 政 府", 30)
        assert texts(file) == ["某市人民政府"]

    def test_whole_blank_stays(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "第一条　为了规范管理").text(LEFT, 340, "目　录")
        assert texts(file) == ["第一条　为了规范管理", "目　录"]

    def test_latin_words_keep_theirs(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "Word and PDF files").text(LEFT, 340, "增长2.48%，达1,200万元")
        assert texts(file) == ["Word and PDF files", "增长2.48%，达1,200万元"]

    def test_figures_set_apart_are_one(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "2").text(LEFT + 13, 300, ".").text(LEFT + 26, 300, "48")
        assert texts(file) == ["2.48"]


class TestHidden:
    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"mode": 3}, "看不见"),
            ({"mode": 7}, "裁剪用"),
            ({"grey": 1.0}, "白纸白字"),
            ({"size": 0.2}, "极小"),
        ],
    )
    def test_is_left_out_and_counted(self, how: dict[str, float], words: str) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "看得见的文字。").text(LEFT, 400, words, **how)  # type: ignore[arg-type]
        raw = loaded(file)
        assert [block.text for block in raw.blocks] == ["看得见的文字。"]
        assert raw.reading.hidden_characters == len(words)

    def test_off_the_page(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "页内。").text(LEFT, -100, "页外")
        raw = loaded(file)
        assert [block.text for block in raw.blocks] == ["页内。"]
        assert raw.reading.hidden_characters == 2

    def test_white_words_on_a_dark_ground_are_shown(self) -> None:
        file = PdfFile()
        file.page().ground(70, 290, 400, 330, 0.3).text(LEFT, 300, "表头文字", grey=1.0)
        assert texts(file) == ["表头文字"]

    def test_only_hidden_text_is_an_empty_document(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "看不见", mode=3)
        with pytest.raises(EmptyDocument):
            loaded(file)


class TestParagraphs:
    def test_page_break_within_a_paragraph(self) -> None:
        long = "各单位要认真落实责任，" * 70 + "确保完成。"
        file = set_paragraphs(PdfFile(), ["一、总体要求", long, "二、工作任务"])
        assert len(file.pages) == 2
        assert paragraphs(file) == ["一、总体要求", long, "二、工作任务"]
        assert [block.continues for block in loaded(file).blocks][2] is True

    def test_page_break_between_paragraphs(self) -> None:
        first = "各单位要认真落实责任。" * 56  # 22 full lines
        file = set_paragraphs(PdfFile(), [first[: 22 * 28 - 2], "下一段从新的一页开始，首行缩进。"])
        assert paragraphs(file) == [first[: 22 * 28 - 2], "下一段从新的一页开始，首行缩进。"]

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.text(
                "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会",
                min_size=4,
                max_size=140,
            ),
            min_size=3,
            max_size=14,
        )
    )
    def test_indented_paragraphs_come_back_whole(self, words: list[str]) -> None:
        given_paragraphs = [f"{text}。" for text in words]
        assert paragraphs(set_paragraphs(PdfFile(), given_paragraphs)) == given_paragraphs

    def test_level_comes_from_the_outline(self) -> None:
        file = set_paragraphs(PdfFile(outline=[("一、总体要求", 1)]), ["一、总体要求", "要认真落实。" * 12])
        assert [block.level for block in loaded(file).blocks] == [1, 0]


class TestDocument:
    def test_pages_and_attachments(self) -> None:
        file = PdfFile(attachments=["附表.xlsx", "说明.docx"])
        file.page().text(LEFT, 300, "第一页文字。")
        file.page()
        raw = loaded(file)
        assert raw.pages == 2
        assert raw.reading.attachments == ("附表.xlsx", "说明.docx")
        assert raw.reading.ocr_pages == ()

    def test_what_was_filled_into_a_form_stands_beside_its_label(self) -> None:
        file = PdfFile()
        page = file.page().text(LEFT, 300, "单位名称：").fill_in(165, 296, 400, 320, "某市某某局")
        page.text(LEFT, 340, "备注：").fill_in(165, 336, 400, 360, "不显示", flags=2)
        assert texts(file) == ["单位名称：某市某某局", "备注："]

    @pytest.mark.parametrize("filled", [False, True])
    def test_ruled_table(self, *, filled: bool) -> None:
        file = PdfFile()
        page = file.page().text(LEFT, 200, "任务分工如下：").grid([80, 200, 400], [300, 330, 360], filled=filled)
        for top, row in ((305, ("序号", "单位")), (335, ("1", "某市某某局"))):
            for left, words in zip((90, 210), row, strict=True):
                page.text(left, top, words, 12)
        assert texts(file) == ["任务分工如下：", "序号\t单位", "1\t某市某某局"]

    def test_places_count_from_the_corner_of_the_visible_page(self) -> None:
        file = PdfFile()
        file.page().text(100, 200, "某市", 20)
        data = file.data().replace(b"/Rotate 0 ", b"/CropBox [50 0 595 742] ")
        (block,) = load_pdf(data, "甲.pdf").blocks
        box = block.fragments[0].box
        assert (round(box.left), round(box.top)) == (50, 100)

    def test_seal_on_a_page_of_text_is_not_recognised(self) -> None:
        file = PdfFile()
        page = file.page().text(LEFT, 300, "正文一行文字。").text(350, 500, "某市人民政府")
        page.picture(340, 440, 460, 560, (2, 2, b"\x00\xff\xff\x00"))
        raw = loaded(file)
        assert raw.reading.ocr_pages == ()
        assert [block.text for block in raw.blocks] == ["正文一行文字。", "某市人民政府"]

    def test_blank_image_is_an_empty_document(self) -> None:
        file = PdfFile()
        file.page().picture(0, 0, 595, 842, (2, 2, b"\xff\xff\xff\xff"))
        with pytest.raises(EmptyDocument):
            loaded(file)


class TestScans:
    def test_only_pages_without_words_are_recognised(self) -> None:
        file = PdfFile()
        file.page().text(LEFT, 300, "第一页是文字。")
        file.page().picture(0, 0, 595, 842, scan("ANNUAL REPORT 2023"))
        # What another program recognised lies invisible on its scan.
        file.page().picture(0, 0, 595, 842, scan("WORK PLAN 2024")).text(100, 200, "WQRK P1AN", mode=3)
        file.page().text(LEFT, 300, "第四页是文字。")
        raw = loaded(file)
        assert raw.reading.ocr_pages == (2, 3)
        assert raw.reading.confidence is not None
        assert raw.reading.confidence > 0.8
        assert [(block.page, block.text.replace(" ", "")) for block in raw.blocks] == [
            (1, "第一页是文字。"),
            (2, "ANNUALREPORT2023"),
            (3, "WORKPLAN2024"),
            (4, "第四页是文字。"),
        ]
        assert raw.reading.hidden_characters == 0

    @pytest.mark.parametrize("width", [60.0, 595.0, 3000.0])
    def test_small_print_of_a_scan_is_read_whatever_size_its_page_is_said_to_have(self, width: float) -> None:
        file = PdfFile()
        size = (width, width * 1169 / 827)
        file.page(size).picture(0, 0, *size, scan("ANNUAL REPORT 2023", 18))
        raw = loaded(file)
        assert [block.text.replace(" ", "") for block in raw.blocks] == ["ANNUALREPORT2023"]
        (part,) = raw.blocks[0].fragments
        assert part.box.left == pytest.approx(width * 120 / 827, rel=0.1)


class TestSamples:
    """The real files, where they are at hand."""

    @pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not in this checkout")
    @pytest.mark.parametrize("path", sorted((SAMPLES / "laws").glob("*.pdf")), ids=lambda path: path.stem)
    def test_statute_has_its_articles_in_order_and_no_furniture(self, path: Path) -> None:
        lines = canonicalize(load_pdf(path.read_bytes(), path.name)).text.split("\n")
        assert all(len(line) > 1 and not line.isdigit() for line in lines)
        assert lines[0].replace(" ", "") == path.stem
        # A paragraph broken by the page would begin with a comma or end without a stop before an article.
        articles = [at for at, line in enumerate(lines) if line.startswith("第") and "条" in line[:8]]
        assert len(articles) > 20
        assert all(lines[at - 1][-1] in "。；：）" or lines[at - 1].startswith("第") for at in articles[1:])


class TestBroken:
    def test_encrypted(self) -> None:
        file = PdfFile(encrypted=True)
        file.page().text(LEFT, 300, "机密")
        with pytest.raises(UnreadableSource, match="encrypted"):
            loaded(file)

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(range(256)) * 40, b"%PDF-1.7\ntrailer<<>>\n%%EOF"]
    )
    def test_damaged(self, data: bytes) -> None:
        with pytest.raises(UnreadableSource):
            load_pdf(data, "甲.pdf")

    def test_no_pages(self) -> None:
        with pytest.raises(SourceError):
            loaded(PdfFile())

    def test_too_many_pages(self) -> None:
        data = (
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
            b"2 0 obj\n<< /Type /Pages /Count 1000000 /Kids [3 0 R] >>\nendobj\n"
            b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
            b"trailer << /Root 1 0 R >>\n%%EOF"
        )
        with pytest.raises(UnreadableSource, match=r"too many pages|damaged"):
            load_pdf(data, "甲.pdf")

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_changed_bytes_raise_nothing_but_source_errors(self, data: st.DataObject) -> None:
        file = set_paragraphs(PdfFile(outline=[("一、", 1)], attachments=["附.txt"]), ["一、", "要认真落实。" * 12])
        file.pages[0].grid([80, 200, 300], [600, 630, 660])
        body = bytearray(file.data())
        for _ in range(data.draw(st.integers(1, 20))):
            body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
        kept = data.draw(st.integers(len(body) // 2, len(body)))
        with contextlib.suppress(SourceError):
            load_pdf(bytes(body[:kept]), "甲.pdf")
