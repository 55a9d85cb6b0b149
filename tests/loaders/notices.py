"""One notice (通知) in every format: what it says, and files that say it."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from PIL import Image

from . import scans
from .ofd_files import POINTS, ofd, path_object, text_object
from .pdf_files import A4, CHARACTERS, LEFT, PITCH, SIZE, TOP, PdfFile, width_of

MARGIN_BOTTOM = 730.0


class Place(Enum):
    """How a paragraph is set."""

    CENTRED = auto()
    FLUSH = auto()
    INDENTED = auto()
    SIGNED = auto()


@dataclass(frozen=True)
class Paragraph:
    text: str
    place: Place = Place.INDENTED
    size: float = SIZE
    lines: tuple[str, ...] = ()
    level: int = 0


Row = tuple[str, ...]

TITLE = "青云市人民政府办公室关于印发汛期安全工作方案的通知"
NUMBER = "青政办发〔2024〕15号"
ISSUER = "青云市人民政府办公室"

NOTICE: tuple[Paragraph | Row, ...] = (
    Paragraph("青云市人民政府办公室文件", Place.CENTRED, 28),
    Paragraph(NUMBER, Place.CENTRED),
    Paragraph(TITLE, Place.CENTRED, 22, ("青云市人民政府办公室关于印发", "汛期安全工作方案的通知"), level=1),
    Paragraph("各县（区）人民政府，市政府各部门：", Place.FLUSH),
    Paragraph("为做好今年汛期安全工作，保障人民群众生命财产安全，经市政府同意，现将有关事项通知如下。"),
    Paragraph("一、总体要求", level=2),
    Paragraph("坚持安全第一、预防为主，落实各级各部门防汛责任，做到早部署、早检查、早整改，确保安全度汛。"),
    Paragraph("二、重点任务", level=2),
    Paragraph(
        "（一）排查隐患。各县（区）要在5月31日前完成水库、河道、低洼地带排查，建立问题台账，逐项整改销号。"
        "〔市水利局牵头，市应急管理局配合〕"
    ),
    Paragraph(
        "（二）完善预案。修订防汛应急预案，组织不少于2次演练，落实抢险队伍30支、人员1200名，备足沙袋、"
        "编织袋、救生衣等物资，确保汛情发生时拉得出、用得上、打得赢。〔市应急管理局负责〕"
    ),
    Paragraph("（三）加强值守。严格执行领导带班和24小时值班制度，重要情况第一时间报告。"),
    Paragraph("三、任务分工", level=2),
    Paragraph("各项任务的分工见下表，请认真落实。"),
    ("序号", "任务", "责任单位"),
    ("1", "检查水库大坝和溢洪道，落实抢险队伍", "市水利局"),
    ("2", "清理城市排水管网", "市住房和城乡建设局"),
    ("3", "储备抢险物资", "市应急管理局"),
    Paragraph("附件：防汛物资储备标准"),
    Paragraph(ISSUER, Place.SIGNED),
    Paragraph("2024年5月20日", Place.SIGNED),
    Paragraph("（此件公开发布）"),
)

TEXT = "\n".join(part.text if isinstance(part, Paragraph) else "\t".join(part) for part in NOTICE)
"""Its canonical text."""

COLUMNS = (56.0, 216.0, 176.0)
_CELL_SIZE, _CELL_PITCH, _CELL_PAD = 14.0, 20.0, 5.0


@dataclass
class SetPage:
    """A page with words and lines in places, in points from the top left corner."""

    words: list[tuple[str, float, float, float]] = field(default_factory=list)  # text, left, top, size
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


def broken(text: str, characters: float, first: float) -> list[str]:
    """Return the lines of a paragraph, the first shorter by its indent."""
    lines, line, room = [], "", characters - first
    for character in text:
        if width_of(line + character, 1) > room:
            lines.append(line)
            line, room = "", characters
        line += character
    return [*lines, line]


def set_pages() -> list[SetPage]:
    """Set the notice in pages as GB/T 9704 has them: 28 characters a line, numbers below."""
    pages = [SetPage()]
    top = TOP
    for at, part in enumerate(NOTICE):
        if isinstance(part, Paragraph):
            indent = 2.0 if part.place is Place.INDENTED else 0.0
            lines = part.lines or tuple(broken(part.text, CHARACTERS, indent))
            for number, line in enumerate(lines):
                if top > MARGIN_BOTTOM:
                    pages.append(SetPage())
                    top = TOP
                pages[-1].words.append((line, _left_of(part, line, indent if number == 0 else 0.0), top, part.size))
                top += PITCH * max(1.0, part.size / 20)
            if part.size > SIZE:
                top += PITCH / 2
            continue
        cells = [
            broken(cell, (width - 2 * _CELL_PAD) / _CELL_SIZE, 0) for cell, width in zip(part, COLUMNS, strict=True)
        ]
        height = max(map(len, cells)) * _CELL_PITCH + 2 * _CELL_PAD
        if top + height > MARGIN_BOTTOM + PITCH:
            pages.append(SetPage())
            top = TOP
        edges = [LEFT + sum(COLUMNS[:number]) for number in range(len(COLUMNS) + 1)]
        pages[-1].rules.extend((edges[0], y, edges[-1], y) for y in (top, top + height))
        pages[-1].rules.extend((x, top, x, top + height) for x in edges)
        for left, lines in zip(edges, cells, strict=False):
            for number, line in enumerate(lines):
                pages[-1].words.append((line, left + _CELL_PAD, top + _CELL_PAD + 3 + number * _CELL_PITCH, _CELL_SIZE))
        top += height
        if isinstance(NOTICE[at + 1], Paragraph):
            top += PITCH / 2
    for number, page in enumerate(pages, start=1):
        page.words.append((f"— {number} —", 275.0, 775.0, 14.0))
    return pages


def _left_of(part: Paragraph, line: str, indent: float) -> float:
    width, measure = width_of(line, part.size), CHARACTERS * SIZE
    if part.place is Place.CENTRED:
        return LEFT + (measure - width) / 2
    if part.place is Place.SIGNED:  # in the middle of a column that ends four characters from the margin
        return LEFT + measure - 4 * SIZE - (width_of(ISSUER) + width) / 2
    return LEFT + indent * SIZE


def as_text() -> bytes:
    lines = [
        f"　　{part.text}" if part.place is Place.INDENTED else part.text
        for part in NOTICE
        if isinstance(part, Paragraph)
    ]
    rows = ["\t".join(part) for part in NOTICE if not isinstance(part, Paragraph)]
    at = next(number for number, part in enumerate(NOTICE) if not isinstance(part, Paragraph))
    return "\n".join([*lines[:at], *rows, *lines[at:]]).encode()


def as_markdown() -> bytes:
    out: list[str] = []
    in_table = False
    for part in NOTICE:
        if isinstance(part, Paragraph):
            out += ["", "#" * part.level + " " * bool(part.level) + part.text]
            in_table = False
            continue
        out += [] if in_table else [""]
        out.append("| " + " | ".join(part) + " |")
        out += [] if in_table else ["|" + " --- |" * len(part)]
        in_table = True
    return "\n".join(out).encode()


def as_html() -> bytes:
    out: list[str] = []
    for part in NOTICE:
        if isinstance(part, Paragraph):
            tag = f"h{part.level}" if part.level else "p"
            out.append(f"<{tag}>{html.escape(part.text)}</{tag}>")
        else:
            out.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in part) + "</tr>")
    body = "\n".join(out).replace("<tr>", "<table><tr>", 1)
    last = body.rindex("</tr>") + len("</tr>")
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("首页", "新闻", "政务公开", "政务服务"))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><div class='nav'><ul>{menu}</ul></div>"
        f"<div class='article-content'>{body[:last]}</table>{body[last:]}</div>"
        "<div class='footer'><p>主办单位：青云市人民政府办公室 网站标识码：0000000000</p></div></body></html>"
    ).encode()


def as_docx() -> bytes:
    document = docx.Document()
    table = None
    for part in NOTICE:
        if isinstance(part, Paragraph):
            paragraph = document.add_paragraph(part.text)
            if part.place is Place.CENTRED:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif part.place is Place.SIGNED:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            elif part.place is Place.INDENTED:
                paragraph.paragraph_format.first_line_indent = docx.shared.Pt(2 * SIZE)
            continue
        table = table or document.add_table(rows=0, cols=len(part))
        for cell, text in zip(table.add_row().cells, part, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_pdf() -> bytes:
    file = PdfFile()
    for page in set_pages():
        drawn = file.page()
        for text, left, top, size in page.words:
            drawn.text(left, top, text, size)
        for rule in page.rules:
            drawn.rule(*rule)
    return file.data()


def ofd_line(text: str, left: float, top: float, size: float) -> str:
    """Return a line of words as one text object; all in millimetres."""
    steps = " ".join(f"{width_of(character, size):.3f}" for character in text[:-1])
    code = f'<ofd:TextCode X="0" Y="{0.88 * size:.3f}" DeltaX="{steps}">{html.escape(text)}</ofd:TextCode>'
    return text_object(text, left, top, size=size, codes=code)


def as_ofd(set_line: Callable[[str, float, float, float], str] = ofd_line) -> bytes:
    """Return the notice as OFD, its lines set as ``set_line`` does."""
    pages = []
    for page in set_pages():
        objects = [set_line(text, left / POINTS, top / POINTS, size / POINTS) for text, left, top, size in page.words]
        objects += [
            path_object(f"M {left / POINTS} {top / POINTS} L {right / POINTS} {bottom / POINTS}", LineWidth="0.25")
            for left, top, right, bottom in page.rules
        ]
        pages.append("".join(objects))
    return ofd(*pages)


def page_images(dpi: int = 150) -> list[Image.Image]:
    images = []
    for page in set_pages():
        image = scans.draw([scans.Line(*words) for words in page.words], size=A4, dpi=dpi)
        for rule in page.rules:
            scans.rule(image, rule, dpi=dpi)
        images.append(image)
    return images


def as_tiff() -> bytes:
    buffer = io.BytesIO()
    first, *others = page_images()
    first.save(buffer, "TIFF", save_all=True, append_images=others, dpi=(150, 150), compression="tiff_lzw")
    return buffer.getvalue()


def as_rtf() -> bytes:
    def written(text: str) -> str:
        return "".join(
            character if " " <= character <= "~" else f"\\u{ord(character) - 65536 * (ord(character) > 32767)}?"
            for character in text
        )

    out = ["{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 SimSun;}}\\f0 "]
    for part in NOTICE:
        if isinstance(part, Paragraph):
            how = {Place.CENTRED: "\\qc", Place.SIGNED: "\\qr"}.get(
                part.place, "\\fi640" if part.place is Place.INDENTED else ""
            )
            out.append(f"\\pard{how} {written(part.text)}\\par\n")
        else:
            edges = "".join(f"\\cellx{round(20 * sum(COLUMNS[: number + 1]))}" for number in range(len(part)))
            cells = "".join(f"{written(cell)}\\intbl\\cell " for cell in part)
            out.append(f"\\trowd{edges}\\pard\\intbl {cells}\\row\n")
    return ("".join(out) + "}").encode("ascii")
