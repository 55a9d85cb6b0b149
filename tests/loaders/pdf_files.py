"""PDF files written by hand: what each test needs and nothing more.

Chinese is set in the predefined font STSong-Light with UniGB-UCS2-H (ISO 32000-1, 9.7.5.2), which needs no
embedding; half-width characters are 500 thousandths wide, all others 1,000.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

A4 = (595.0, 842.0)
LEFT, TOP, SIZE, PITCH, CHARACTERS, LINES = 79.0, 105.0, 16.0, 28.95, 28, 22
"""The type area of GB/T 9704-2012: 22 lines of 28 characters in 三号 (16 pt)."""


def width_of(text: str, size: float = SIZE) -> float:
    """Return how wide a text is set, in points."""
    return sum(0.5 if " " <= character <= "~" else 1.0 for character in text) * size


@dataclass
class PdfPage:
    """A page in the making; places are in points from the top left corner, ``top`` is that of the type."""

    size: tuple[float, float] = A4
    rotate: int = 0
    content: list[bytes] = field(default_factory=list)
    image: tuple[int, int, bytes] | None = None
    fields: list[tuple[tuple[float, float, float, float], str, int]] = field(default_factory=list)

    def text(
        self,
        left: float,
        top: float,
        words: str,
        size: float = SIZE,
        *,
        bold: bool = False,
        mode: int = 0,
        grey: float = 0.0,
        turns: int = 0,
        spacing: float = 0.0,
    ) -> PdfPage:
        """Set words; ``turns`` are quarter turns to the left about their beginning."""
        x, y = left, self.size[1] - top - 0.86 * size
        a, b = ((1, 0), (0, 1), (-1, 0), (0, -1))[turns % 4]
        codes = words.encode("utf-16-be").hex()
        self.content.append(
            f"BT {grey} g {mode} Tr /{'F2' if bold else 'F1'} {size} Tf {spacing} Tc "
            f"{a} {b} {-b} {a} {x:.2f} {y:.2f} Tm <{codes}> Tj ET".encode()
        )
        return self

    def centred(self, top: float, words: str, size: float = SIZE, *, bold: bool = False) -> PdfPage:
        """Set words in the middle of the type area."""
        return self.text(LEFT + (CHARACTERS * SIZE - width_of(words, size)) / 2, top, words, size, bold=bold)

    def rule(self, left: float, top: float, right: float, bottom: float, *, filled: bool = False) -> PdfPage:
        """Draw a line, or a thin strip of it."""
        height = self.size[1]
        if filled:
            self.content.append(
                f"0 g {left} {height - bottom - 0.25:.2f} {right - left + 0.5:.2f} {bottom - top + 0.5:.2f} re f".encode()
            )
        else:
            self.content.append(f"0.5 w {left} {height - top:.2f} m {right} {height - bottom:.2f} l S".encode())
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float], *, filled: bool = False) -> PdfPage:
        """Draw a table's lines."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y, filled=filled)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1], filled=filled)
        return self

    def fill_in(self, left: float, top: float, right: float, bottom: float, words: str, flags: int = 4) -> PdfPage:
        """Place a text field of a form with what was filled in."""
        self.fields.append(((left, self.size[1] - bottom, right, self.size[1] - top), words, flags))
        return self

    def ground(self, left: float, top: float, right: float, bottom: float, grey: float) -> PdfPage:
        """Fill an area."""
        self.content.append(f"{grey} g {left} {self.size[1] - bottom:.2f} {right - left} {bottom - top} re f".encode())
        return self

    def picture(self, left: float, top: float, right: float, bottom: float, pixels: tuple[int, int, bytes]) -> PdfPage:
        """Place a grey image: width, height and its bytes."""
        self.image = pixels
        self.content.append(
            f"q {right - left} 0 0 {bottom - top} {left} {self.size[1] - bottom:.2f} cm /I1 Do Q".encode()
        )
        return self


@dataclass
class PdfFile:
    """A file in the making."""

    pages: list[PdfPage] = field(default_factory=list)
    outline: list[tuple[str, int]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    encrypted: bool = False

    def page(self, size: tuple[float, float] = A4, rotate: int = 0) -> PdfPage:
        """Add a page."""
        self.pages.append(PdfPage(size, rotate))
        return self.pages[-1]

    def data(self) -> bytes:
        """Return the file."""
        return _write(self)


def set_paragraphs(file: PdfFile, paragraphs: Sequence[str], *, indent: int = 2, numbered: bool = True) -> PdfFile:
    """Set paragraphs in lines as official documents are: indented first line, 28 characters, 22 lines a page."""
    lines = [line for paragraph in paragraphs for line in _lines_of(paragraph, indent)]
    for first in range(0, len(lines), LINES):
        page = file.page()
        for number, (offset, line) in enumerate(lines[first : first + LINES]):
            page.text(LEFT + offset * SIZE, TOP + number * PITCH, line)
        if numbered:
            page.text(280, 770, f"— {len(file.pages)} —", 14)
    return file


def _lines_of(paragraph: str, indent: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    offset, line = indent, ""
    for character in paragraph:
        if width_of(line + character, 1) > CHARACTERS - offset:
            found.append((offset, line))
            offset, line = 0, ""
        line += character
    return [*found, (offset, line)]


def _write(file: PdfFile) -> bytes:
    objects: list[bytes] = [b"", b""]  # the catalog and the tree of pages come last

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    fonts = b" ".join(
        b"/%s %d 0 R" % (name, add(_font(face, add))) for name, face in ((b"F1", b"STSong-Light"), (b"F2", b"SimHei"))
    )
    kids: list[int] = []
    form: list[int] = []
    for page in file.pages:
        content = zlib.compress(b"\n".join(page.content))
        stream = add(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
        resources = b"/Font << %s >>" % fonts
        if page.image is not None:
            resources += b" /XObject << /I1 %d 0 R >>" % add(_image(*page.image))
        widgets = [
            add(
                b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f%d) /V %s /F %d /Rect [%g %g %g %g] /DA (/F1 12 Tf) >>"
                % (len(form) + number, _string(words), flags, *place)
            )
            for number, (place, words, flags) in enumerate(page.fields)
        ]
        form += widgets
        annotations = b" ".join(b"%d 0 R" % widget for widget in widgets)
        width, height = page.size
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Rotate %d /Resources << %s >> /Contents %d 0 R "
                b"/Annots [%s] >>" % (width, height, page.rotate, resources, stream, annotations)
            )
        )
    catalog = b"/Type /Catalog /Pages 2 0 R"
    if form:
        catalog += b" /AcroForm << /Fields [%s] >>" % b" ".join(b"%d 0 R" % widget for widget in form)
    if file.outline:
        catalog += b" /Outlines %d 0 R" % _outline(file.outline, kids, add)
    if file.attachments:
        names = b" ".join(
            b"%s << /Type /Filespec /F %s /UF %s /EF << /F %d 0 R >> >>"
            % (_string(name), _string(name), _string(name), add(b"<< /Length 1 >>\nstream\nx\nendstream"))
            for name in file.attachments
        )
        catalog += b" /Names << /EmbeddedFiles << /Names [%s] >> >>" % names
    objects[0] = b"<< %s >>" % catalog
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _file(objects, encrypted=file.encrypted)


def _font(face: bytes, add: Callable[[bytes], int]) -> bytes:
    descriptor = add(
        b"<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [0 -140 1000 860] /ItalicAngle 0 /Ascent 860 "
        b"/Descent -140 /CapHeight 700 /StemV 80 >>" % face
    )
    cid = add(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
        b"/Supplement 2 >> /FontDescriptor %d 0 R /DW 1000 /W [1 95 500 814 939 500] >>" % (face, descriptor)
    )
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /%s-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [%d 0 R] >>"
        % (face, cid)
    )


def _image(width: int, height: int, pixels: bytes) -> bytes:
    packed = zlib.compress(pixels)
    return (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (width, height, len(packed), packed)
    )


def _outline(entries: Sequence[tuple[str, int]], kids: Sequence[int], add: Callable[[bytes], int]) -> int:
    items = [
        add(b"<< /Title %s /Dest [%d 0 R /Fit] >>" % (_string(title), kids[page - 1])) for title, page in entries[-1:]
    ]
    for title, page in reversed(entries[:-1]):
        items.append(
            add(b"<< /Title %s /Dest [%d 0 R /Fit] /Next %d 0 R >>" % (_string(title), kids[page - 1], items[-1]))
        )
    return int(add(b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (items[-1], items[0], len(items))))


def _string(text: str) -> bytes:
    return b"<FEFF%s>" % text.encode("utf-16-be").hex().encode()


def _file(objects: Sequence[bytes], *, encrypted: bool) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"11" * 32, b"22" * 32)
        if encrypted
        else b""
    )
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, lock, start)
    return bytes(out)
