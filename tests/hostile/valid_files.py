"""One valid file of each format, small, all of the same words; what hostile ones are made from."""

from __future__ import annotations

import base64
import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from tests.loaders import ofd_files
from tests.loaders.docx_files import p, word_file
from tests.loaders.pdf_files import PdfFile, set_paragraphs
from tests.loaders.test_office import odt, rtf

TITLE = "关于做好防汛工作的通知"
LINES = (
    TITLE,
    "各县（区）人民政府，市政府各部门：",
    "为切实做好今年防汛工作，保障人民群众生命财产安全，现将有关事项通知如下。",
    "一、落实防汛责任。各级各部门要压实责任，加强值班值守。〔市应急局牵头，市水务局配合〕",
    "二、备足抢险物资。储备冲锋舟42艘、编织袋3万条。",
    "汉州市人民政府",
    "2025年5月17日",
)


@cache
def pdf() -> bytes:
    return set_paragraphs(PdfFile(), LINES).data()


@cache
def docx() -> bytes:
    return word_file("".join(map(p, LINES)))


@cache
def ofd() -> bytes:
    objects = "".join(ofd_files.text_object(line[:30], 25, 30 + 10 * at) for at, line in enumerate(LINES))
    return ofd_files.ofd(objects)


@cache
def html() -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in LINES[1:])
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title></head>"
        f"<body><h1>{TITLE}</h1><div class='TRS_Editor'>{paragraphs}</div></body></html>"
    ).encode()


@cache
def mhtml() -> bytes:
    inner = base64.encodebytes(html()).decode()
    return (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; '
        f'charset="utf-8"\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n'
    ).encode()


def markdown() -> bytes:
    return "\n\n".join((f"# {TITLE}", *LINES[1:], "| 物资 | 数量 |\n|---|---|\n| 冲锋舟 | 42艘 |")).encode()


def text() -> bytes:
    return "\n".join(LINES).encode()


@cache
def _picture() -> Image.Image:
    """Letters that need no Chinese font to be drawn."""
    image = Image.new("L", (900, 160), 255)
    ImageDraw.Draw(image).text((40, 40), "FLOOD CONTROL 2025", font=ImageFont.load_default(64), fill=0)
    return image


@cache
def picture(format_name: str) -> bytes:
    saved = io.BytesIO()
    _picture().save(saved, format_name)
    return saved.getvalue()


VALID: dict[str, bytes] = {
    "pdf": pdf(),
    "docx": docx(),
    "ofd": ofd(),
    "html": html(),
    "mht": mhtml(),
    "md": markdown(),
    "txt": text(),
    "png": picture("PNG"),
    "jpg": picture("JPEG"),
    "tif": picture("TIFF"),
}
"""By suffix; those read by way of LibreOffice are in ``OFFICE``, for each takes a second."""

OFFICE: dict[str, bytes] = {"rtf": rtf(*LINES), "odt": odt(*LINES)}
