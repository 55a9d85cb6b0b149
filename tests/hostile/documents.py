"""PDF files and pictures made to break their readers."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping

from PIL import Image

from rag.errors import EmptyDocument, UnreadableSource
from tests.loaders.pdf_files import PdfFile, set_paragraphs

from . import valid_files
from .expectations import READ, Hostile

_WORDS = f"BT /F1 16 Tf 80 700 Td <{valid_files.TITLE.encode('utf-16-be').hex()}> Tj ET".encode()
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts ["
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
    b" /Supplement 2 >> /DW 1000 >>] >>"
)
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
)


def stream(content: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (
        len(content) if length is None else length,
        entries,
        content,
    )


def pdf(changed: Mapping[int, bytes] | None = None, trailer: bytes = b"") -> bytes:
    """A PDF of one page; 1 is the catalog, 2 the tree of pages, 3 the page, 4 its words, 5 its font."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: _PAGE,
        4: stream(_WORDS),
        5: _FONT,
    } | dict(changed or {})
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, trailer, start)
    return bytes(out)


def pdfs() -> Iterator[Hostile]:
    yield Hostile("plain.pdf", pdf(), READ, words=valid_files.TITLE)
    yield Hostile(
        "encrypted.pdf",
        set_paragraphs(PdfFile(encrypted=True), valid_files.LINES).data(),
        UnreadableSource,
        "encrypted",
    )
    yield from _page_trees()
    yield from _nested_pdfs()
    yield from _pdf_streams()
    yield from _page_boxes()


def _page_trees() -> Iterator[Hostile]:
    yield Hostile(
        "1000000-pages-said.pdf", pdf({2: b"<< /Type /Pages /Count 1000000 /Kids [3 0 R] >>"}), None, "pages|damaged"
    )
    yield Hostile("minus-pages-said.pdf", pdf({2: b"<< /Type /Pages /Count -5 /Kids [3 0 R] >>"}), None, "")
    yield Hostile(
        "1000000-kids.pdf",
        pdf({2: b"<< /Type /Pages /Count 1000000 /Kids [%s] >>" % (b"3 0 R " * 1_000_000)}),
        None,
        "pages|too long|time",
    )
    # Each node has the next one twice: a tree of 2^20 pages in a few hundred bytes.
    doubled = {
        number: b"<< /Type /Pages /Count %d /Parent 2 0 R /Kids [%d 0 R %d 0 R] >>"
        % (2 ** (29 - number + 1), number + 1, number + 1)
        for number in range(10, 29)
    }
    doubled[29] = b"<< /Type /Pages /Count 2 /Kids [3 0 R 3 0 R] >>"
    doubled[2] = b"<< /Type /Pages /Count 1048576 /Kids [10 0 R] >>"
    yield Hostile("1048576-pages-of-one.pdf", pdf(doubled), None, "pages|too long|time|damaged")
    yield Hostile(
        "pages-of-themselves.pdf", pdf({2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 3 0 R] >>"}), None, ""
    )
    circle = {2: b"<< /Type /Pages /Count 9 /Kids [10 0 R] >>", 10: b"<< /Type /Pages /Count 9 /Kids [2 0 R] >>"}
    yield Hostile("pages-in-a-circle.pdf", pdf(circle), None, "")
    deep = {n: b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (n + 1) for n in range(10, 5_000)}
    deep |= {5_000: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", 2: b"<< /Type /Pages /Count 1 /Kids [10 0 R] >>"}
    yield Hostile("pages-5000-deep.pdf", pdf(deep), None, "")
    yield Hostile(
        "no-pages.pdf", pdf({2: b"<< /Type /Pages /Count 0 /Kids [] >>"}), (EmptyDocument, UnreadableSource), ""
    )
    yield Hostile("no-tree.pdf", pdf({1: b"<< /Type /Catalog >>"}), (EmptyDocument, UnreadableSource), "")
    yield Hostile("header-only.pdf", b"%PDF-1.7\n", UnreadableSource, "damaged")
    yield Hostile("header-and-noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, UnreadableSource, "damaged")


def _nested_pdfs() -> Iterator[Hostile]:
    for name, opening, closing in (("arrays", b"[", b"]"), ("dictionaries", b"<< /A ", b" >>")):
        for depth in (200, 100_000):
            yield Hostile(
                f"{name}-{depth}-deep.pdf", pdf({9: opening * depth + closing * depth}, b"/Info 9 0 R"), None, ""
            )
            yield Hostile(f"{name}-{depth}-open.pdf", pdf({9: opening * depth}, b"/Info 9 0 R"), None, "")
    circle = {1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 9 0 R >>"}
    itself = b"<< /Title (x) /Parent 9 0 R /First 10 0 R /Next 10 0 R /Dest [3 0 R /Fit] >>"
    yield Hostile(
        "outline-of-itself.pdf", pdf(circle | {9: b"<< /First 10 0 R /Last 10 0 R /Count 1 >>", 10: itself}), None, ""
    )
    deep = {n: b"<< /Title (x) /First %d 0 R /Dest [3 0 R /Fit] >>" % (n + 1) for n in range(10, 5_000)}
    yield Hostile("outline-5000-deep.pdf", pdf(circle | {9: b"<< /First 10 0 R >>"} | deep), None, "")
    long = {n: b"<< /Title (x) /Next %d 0 R /Dest [3 0 R /Fit] >>" % (n + 1) for n in range(10, 60_000)}
    yield Hostile("outline-60000-long.pdf", pdf(circle | {9: b"<< /First 10 0 R >>"} | long), None, "")
    drawn = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 9 0 R >> /Font << /F1 5 0 R >> >>"
    )
    page = _PAGE.replace(b"/Font", b"/XObject << /X 9 0 R >> /Font")
    yield Hostile(
        "form-of-itself.pdf",
        pdf({3: page, 4: stream(_WORDS + b" /X Do"), 9: stream(b"/X Do " + _WORDS, drawn)}),
        None,
        "",
    )
    names = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 9 0 R >> >>"
    yield Hostile("names-of-themselves.pdf", pdf({1: names, 9: b"<< /Kids [9 0 R 9 0 R] >>"}), None, "")
    yield Hostile("object-of-itself.pdf", pdf({4: b"4 0 R"}), None, "")
    yield Hostile("length-of-itself.pdf", pdf({4: b"<< /Length 4 0 R >>\nstream\n%s\nendstream" % _WORDS}), None, "")
    cut = pdf()
    yield Hostile("tables-in-a-circle.pdf", cut.replace(b"/Root", b"/Prev %d /Root" % cut.index(b"xref\n0")), None, "")
    yield Hostile("no-table.pdf", cut[: cut.index(b"xref\n0")], None, "")
    acro = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [9 0 R] >> /OpenAction << /S /JavaScript /JS (while(1);) >> >>"
    yield Hostile("fields-of-themselves.pdf", pdf({1: acro, 9: b"<< /FT /Tx /T (a) /V (b) /Kids [9 0 R] >>"}), None, "")


def endless() -> Hostile:
    """A PDF whose form draws itself nine times over, as deep as readers go: only its limits stop it."""
    drawn = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 9 0 R >> /Font << /F1 5 0 R >> >>"
    )
    page = _PAGE.replace(b"/Font", b"/XObject << /X 9 0 R >> /Font")
    data = pdf({3: page, 4: stream(_WORDS + b" /X Do"), 9: stream(b"/X Do " * 9 + _WORDS, drawn)})
    return Hostile("endless.pdf", data, None, "took longer|memory|crashed")


def _pdf_streams() -> Iterator[Hostile]:
    yield Hostile("500-mb-said.pdf", pdf({4: stream(_WORDS, length=500 * 2**20)}), None, "")
    yield Hostile("minus-length.pdf", pdf({4: stream(_WORDS, length=-1)}), None, "")
    once = zlib.compress(b" " * (100 * 2**20), 1)
    yield Hostile("100-mb-of-blanks.pdf", pdf({4: stream(once, b"/Filter /FlateDecode")}), None, "")
    twice = zlib.compress(zlib.compress(b"0 " * (50 * 2**20), 1), 1)
    yield Hostile("100-mb-packed-twice.pdf", pdf({4: stream(twice, b"/Filter [/FlateDecode /FlateDecode]")}), None, "")
    yield Hostile("300-filters.pdf", pdf({4: stream(_WORDS, b"/Filter [%s]" % (b"/ASCIIHexDecode " * 300))}), None, "")
    yield Hostile(
        "many-words.pdf",
        pdf({4: stream(zlib.compress(_WORDS * 4_000), b"/Filter /FlateDecode")}),
        None,
        "too|many|time|long",
    )
    yield Hostile(
        "many-lines.pdf",
        pdf({4: stream(zlib.compress(_WORDS + b" 0 0 m 9 9 l S" * 300_000), b"/Filter /FlateDecode")}),
        None,
        "",
    )
    yield Hostile(
        "states-open.pdf",
        pdf({4: stream(zlib.compress(b"q " * 1_000_000 + _WORDS), b"/Filter /FlateDecode")}),
        None,
        "",
    )
    yield Hostile(
        "numbers.pdf", pdf({4: stream(b"1e999 -9999999999999999999 0.0000000000001 " * 9 + _WORDS)}), None, ""
    )
    huge = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    page = _PAGE.replace(b"/Font", b"/XObject << /X 9 0 R >> /Font")
    picture = {3: page, 4: stream(b"q 595 0 0 842 0 0 cm /X Do Q"), 9: stream(zlib.compress(bytes(9)), huge)}
    yield Hostile("30000-pixels.pdf", pdf(picture), None, "")
    yield Hostile(
        "broken-picture.pdf",
        pdf(picture | {9: stream(b"\xff\xd8\xff" + bytes(99), huge.replace(b"Flate", b"DCT"))}),
        None,
        "",
    )
    mapping = (
        b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffff> ["
        + b"<4e00> " * 99_999
        + b"] endbfrange"
    )
    font = _FONT.replace(b"/DescendantFonts", b"/ToUnicode 9 0 R /DescendantFonts")
    yield Hostile("odd-mapping.pdf", pdf({5: font, 9: stream(mapping)}), None, "")


def _page_boxes() -> Iterator[Hostile]:
    for number, box in enumerate(
        (
            "0 0 0 0",
            "0 0 1e30 1e30",
            "595 842 0 0",
            "0 0 -5 -5",
            "a b c d",
            "",
            "0 0 0.001 0.001",
            "0 0 30000 30000",
            "nan 0 inf 9",
        )
    ):
        yield Hostile(f"box-{number}.pdf", pdf({3: _PAGE.replace(b"0 0 595 842", box.encode())}), None, "")
    for turn in ("45", "99999999999", "-90", "/X"):
        yield Hostile(
            f"turned-by-{turn.strip('/')}.pdf",
            pdf({3: _PAGE.replace(b"/MediaBox", b"/Rotate %s /MediaBox" % turn.encode())}),
            None,
            "",
        )
    yield Hostile("unit-1000000.pdf", pdf({3: _PAGE.replace(b"/MediaBox", b"/UserUnit 1000000 /MediaBox")}), None, "")


def pictures() -> Iterator[Hostile]:
    """Pictures too small, too large, or not what they say."""
    for format_name, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("TIFF", "tif")):
        yield Hostile(
            f"1-pixel.{suffix}", saved(Image.new("L", (1, 1)), format_name), EmptyDocument, "small|no words|no text"
        )
        yield Hostile(
            f"1-row.{suffix}", saved(Image.new("L", (4000, 1)), format_name), EmptyDocument, "small|no words|no text"
        )
    vast = png(30_000, 30_000, zlib.compress(bytes(9)))
    yield Hostile("30000-pixels-said.png", vast, UnreadableSource, "too large")
    yield Hostile("2147483647-pixels-said.png", png(2**31 - 1, 2**31 - 1, b""), UnreadableSource, "too large|damaged")
    yield Hostile("30000-pixels.png", saved(Image.new("1", (30_000, 30_000)), "PNG"), UnreadableSource, "too large")
    yield Hostile(
        "30000-pixels.tif",
        saved(Image.new("1", (30_000, 30_000)), "TIFF", compression="group4"),
        UnreadableSource,
        "too large",
    )
    yield Hostile("strip.png", saved(Image.new("1", (60_000, 40)), "PNG"), UnreadableSource, "too large")
    jpeg = valid_files.picture("JPEG")
    start = jpeg.index(b"\xff\xc0") + 5
    yield Hostile(
        "65500-pixels-said.jpg",
        jpeg[:start] + struct.pack(">HH", 65_500, 65_500) + jpeg[start + 4 :],
        UnreadableSource,
        "too large|damaged",
    )
    yield Hostile("0-pixels-said.jpg", jpeg[:start] + bytes(4) + jpeg[start + 4 :], UnreadableSource, "damaged")
    yield Hostile("150-mb-in-rows.png", png(200, 200, zlib.compress(bytes(150 * 2**20), 1)), None, "")
    text = b"x\0\0" + zlib.compress(bytes(150 * 2**20), 1)
    yield Hostile("150-mb-of-remarks.png", png(200, 200, zlib.compress(bytes(201 * 200)), (b"zTXt", text)), None, "")
    profile = b"x\0\0" + zlib.compress(bytes(150 * 2**20), 1)
    yield Hostile("150-mb-of-colour.png", png(200, 200, zlib.compress(bytes(201 * 200)), (b"iCCP", profile)), None, "")
    yield Hostile(
        "4-gb-chunk-said.png", vast[:33] + b"\xff\xff\xff\xffIDAT" + bytes(99), UnreadableSource, "too large|damaged"
    )
    yield Hostile("signature-only.png", b"\x89PNG\r\n\x1a\n", UnreadableSource, "damaged")
    yield Hostile("signature-only.jpg", b"\xff\xd8\xff", UnreadableSource, "damaged")
    yield Hostile("signature-only.tif", b"II*\0", UnreadableSource, "damaged")
    yield Hostile("directory-of-itself.tif", tiff_in_a_circle(), None, "")
    yield Hostile("noise.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, UnreadableSource, "damaged")
    yield Hostile("noise.tif", b"MM\0*" + bytes(range(256)) * 40, UnreadableSource, "damaged")


def saved(image: Image.Image, format_name: str, **options: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def png(width: int, height: int, rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A grey PNG that says this size and holds these packed rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), *chunks, (b"IDAT", rows), (b"IEND", b""))
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def tiff_in_a_circle() -> bytes:
    """A TIFF whose first page is also its next."""
    data = bytearray(saved(Image.new("L", (64, 64), 255), "TIFF"))
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * entries, first)
    return bytes(data)
