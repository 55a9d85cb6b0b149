"""OFD files (GB/T 33190) from strings: pages of text objects, and what else a package may hold."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

NAMESPACE = "http://www.ofdspec.org/2016"
POINTS = 72 / 25.4

SAMPLE_TEXT = "关于做好防汛工作的通知"


@dataclass(frozen=True)
class Sheet:
    """A page: what stands in its Content, before it, and its area."""

    objects: str
    before: str = ""
    area: str | None = None


def text_object(
    text: str, left: float, top: float, *, size: float = 5.6, step: float | None = None, codes: str = "", **more: str
) -> str:
    """Return a text object whose first baseline is at ``top + size``; ``codes`` replaces the one TextCode."""
    if not codes:
        advance = size if step is None else step
        delta = f' DeltaX="g {len(text) - 1} {advance}"' if len(text) > 1 else ""
        codes = f'<ofd:TextCode X="0" Y="{size}"{delta}>{escape(text)}</ofd:TextCode>'
    inside = more.pop("inside", "")
    attributes = {"Boundary": f"{left} {top} {size * max(1, len(text))} {size * 1.4}", "Font": "1", "Size": f"{size}"}
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in (attributes | more).items())
    return f"<ofd:TextObject {written}>{inside}{codes}</ofd:TextObject>"


def image_object(left: float, top: float, width: float, height: float, resource: str = "9", **more: str) -> str:
    attributes = {"Boundary": f"{left} {top} {width} {height}", "CTM": f"{width} 0 0 {height} 0 0"} | more
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<ofd:ImageObject ResourceID="{resource}" {written}/>'


def path_object(data: str, left: float = 0, top: float = 0, *, inside: str = "", **more: str) -> str:
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in more.items())
    boundary = f'Boundary="{left} {top} 210 297"'
    return f"<ofd:PathObject {boundary} {written}>{inside}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"


def grid(left: float, top: float, widths: Sequence[float], heights: Sequence[float]) -> str:
    """Return the lines of a ruled table."""
    right, bottom = left + sum(widths), top + sum(heights)
    lines = []
    y = top
    for height in (0, *heights):
        y += height
        lines.append(f"M {left} {y} L {right} {y}")
    x = left
    for width in (0, *widths):
        x += width
        lines.append(f"M {x} {top} L {x} {bottom}")
    return "".join(path_object(line, LineWidth="0.35") for line in lines)


def page_xml(sheet: Sheet | str) -> str:
    sheet = sheet if isinstance(sheet, Sheet) else Sheet(sheet)
    area = f"<ofd:Area><ofd:PhysicalBox>{sheet.area}</ofd:PhysicalBox></ofd:Area>" if sheet.area else ""
    content = sheet.objects if "<ofd:Layer" in sheet.objects else f'<ofd:Layer ID="2">{sheet.objects}</ofd:Layer>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="{NAMESPACE}">{area}{sheet.before}'
        f"<ofd:Content>{content}</ofd:Content></ofd:Page>"
    )


def element(name: str, inside: str = "", attributes: str = "") -> str:
    """Return a part of the package with this root."""
    return f'<?xml version="1.0"?><ofd:{name} xmlns:ofd="{NAMESPACE}" {attributes}>{inside}</ofd:{name}>'


def document_xml(locations: Iterable[str], *, common: str = "", more: str = "", area: str = "0 0 210 297") -> str:
    entries = "".join(
        f'<ofd:Page ID="{100 + number}" BaseLoc="{location}"/>' for number, location in enumerate(locations)
    )
    inside = (
        f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>{entries}</ofd:Pages>{more}"
    )
    return element("Document", inside)


def entry_xml(*roots: str, more: str = "") -> str:
    bodies = "".join(
        f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
        for root in roots
    )
    return element("OFD", bodies + more, 'DocType="OFD" Version="1.0"')


FONTS = element("Res", '<ofd:Fonts><ofd:Font ID="1" FontName="仿宋"/><ofd:Font ID="2" FontName="黑体"/></ofd:Fonts>')


def members(
    *sheets: Sheet | str, common: str = "", more: str = "", added: Mapping[str, str | bytes] | None = None
) -> dict[str, str | bytes]:
    """Return the members of an OFD file with these pages; ``added`` joins or replaces them."""
    locations = [f"Pages/Page_{number}/Content.xml" for number in range(len(sheets))]
    found: dict[str, str | bytes] = {
        "OFD.xml": entry_xml("Doc_0/Document.xml"),
        "Doc_0/Document.xml": document_xml(locations, common=common, more=more),
        "Doc_0/PublicRes.xml": FONTS,
    }
    found |= {f"Doc_0/{location}": page_xml(sheet) for location, sheet in zip(locations, sheets, strict=True)}
    return found | dict(added or {})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def ofd(*sheets: Sheet | str, **more) -> bytes:
    """Return an OFD file with these pages; see ``members``."""
    return zipped(members(*sheets, **more))


def image_resources(data: bytes, name: str = "page.png") -> dict[str, str | bytes]:
    """Return the members that make ``data`` the image with number 9."""
    media = f'<ofd:MultiMedias><ofd:MultiMedia ID="9" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'
    return {"Doc_0/DocumentRes.xml": element("Res", media, 'BaseLoc="Res"'), f"Doc_0/Res/{name}": data}


DOCUMENT_RESOURCES = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"


def jbig2(image: Image.Image) -> bytes:
    """Return a JBIG2 file (ITU-T T.88) of a black-and-white image: one region, coded as fax is (MMR, T.6)."""
    dark = image.convert("L").point(lambda level: 255 if level < 128 else 0).convert("1")
    buffer = io.BytesIO()
    dark.save(buffer, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(buffer) as fax:
        (start,), (length,) = fax.tag_v2[273], fax.tag_v2[279]
    coded = buffer.getvalue()[start : start + length]
    size = struct.pack(">II", *image.size)

    def segment(number: int, kind: int, data: bytes, page: int = 1) -> bytes:
        return struct.pack(">IBBBI", number, kind, 0, page, len(data)) + data

    return b"".join(
        (
            b"\x97JB2\r\n\x1a\n\x01\x00\x00\x00\x01",
            segment(0, 48, size + bytes(8) + b"\x00\x00\x00"),
            segment(1, 39, size + bytes(8) + b"\x00" + b"\x01" + coded),
            segment(2, 49, b""),
            segment(3, 51, b"", page=0),
        )
    )
