"""ZIP packages, Word and OFD files made to break their readers."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator, Mapping

from rag.errors import EmptyDocument, SourceError, UnreadableSource, UnsupportedFormat
from tests.loaders import ofd_files
from tests.loaders.docx_files import DOCUMENT, p, unpacked, word_file
from tests.loaders.test_detection import ole

from . import valid_files
from .expectations import READ, Hostile

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(97 + n)} "{f"&{chr(96 + n)};" * 10}">' for n in range(1, 10))
    + "]>"
)
_XXE = '<!DOCTYPE r [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
_REMOTE = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">'


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    saved = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(saved, "w", method) as opened:
        warnings.simplefilter("ignore")  # of names given twice
        for name, data in parts.items():
            opened.writestr(name, data)
    return saved.getvalue()


def with_part(data: bytes, name: str, part: str | bytes) -> bytes:
    return packed(unpacked(data) | {name: part})


def document(inside: str, before: str = "") -> bytes:
    """A DOCX whose main part is this."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document {_W}><w:body>{inside}</w:body></w:document>'
    return with_part(valid_files.docx(), DOCUMENT, xml)


def patched(data: bytes, sign: bytes, at: int, value: bytes) -> bytes:
    """Overwrite bytes at a place in every record that begins with a sign."""
    changed = bytearray(data)
    found = changed.find(sign)
    while found >= 0:
        changed[found + at : found + at + len(value)] = value
        found = changed.find(sign, found + 4)
    return bytes(changed)


def overlapping(data: bytes, copies: int) -> bytes:
    """Let the directory name the same packed bytes many times over."""
    end = data.rfind(b"PK\x05\x06")
    size, start = struct.unpack_from("<II", data, end + 12)
    entry_end = data.find(b"PK\x01\x02", start + 4)
    first = data[start : entry_end if entry_end > 0 else end]
    directory = data[start : start + size] + first * copies
    count = data[start : start + size].count(b"PK\x01\x02") + copies
    return data[:start] + directory + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), start, 0)


def packages() -> Iterator[Hostile]:
    """What is wrong with a package before anything in it is read."""
    zeros = bytes(30 * 2**20)
    docx, ofd = valid_files.docx(), valid_files.ofd()
    bomb = packed({"word/a.xml": zeros})
    yield Hostile("bomb.docx", with_part(docx, DOCUMENT, zeros), UnreadableSource, "ZIP bomb")
    yield Hostile("bomb.ofd", with_part(ofd, "Doc_0/Document.xml", zeros), UnreadableSource, "ZIP bomb")
    yield Hostile(
        "bomb-beside-the-text.docx", with_part(docx, "word/media/image1.bmp", zeros), UnreadableSource, "ZIP bomb"
    )
    yield Hostile("bomb-packed-in.docx", with_part(docx, "word/embeddings/a.zip", bomb), READ)
    yield Hostile("bomb-of-bombs.zip", packed({f"{n}.zip": bomb for n in range(9)}), UnsupportedFormat, "ZIP")
    declared = patched(patched(docx, b"PK\x01\x02", 24, b"\0\0\0\x1f"), b"PK\x03\x04", 22, b"\0\0\0\x1f")
    yield Hostile("500-mb-declared.docx", declared, UnreadableSource, "too large|too many|bomb")
    yield Hostile(
        "4-gb-declared.ofd", patched(ofd, b"PK\x01\x02", 24, b"\xfe\xff\xff\xff"), UnreadableSource, "too large|bomb"
    )
    yield Hostile(
        "less-declared.docx",
        patched(docx, b"PK\x01\x02", 24, b"\x05\0\0\0"),
        UnreadableSource,
        "damaged|as long as it says",
    )
    yield Hostile("overlapping.docx", overlapping(docx, 500), UnreadableSource, "overlap|bomb")
    yield Hostile("overlapping.ofd", overlapping(ofd, 9000), UnreadableSource, "overlap|bomb")
    many = packed(unpacked(docx) | {f"word/{n}.xml": b"" for n in range(12_000)})
    yield Hostile("12000-entries.docx", many, UnreadableSource, "too many")
    yield Hostile(
        "12000-entries.ofd",
        packed({"OFD.xml": b""} | {f"{n}": b"" for n in range(12_000)}),
        UnreadableSource,
        "too many",
    )
    counted = patched(docx, b"PK\x05\x06", 8, b"\xff\xff\xff\xff")
    yield Hostile("65535-entries-declared.docx", counted, UnreadableSource, "too many|damaged")
    for number, name in enumerate(
        ("../../etc/passwd", "/etc/passwd", "word/../../../x", "..\\..\\x", "C:\\x", "word/\0x.xml")
    ):
        for suffix, whole in (("docx", docx), ("ofd", ofd)):
            data = with_part(whole, name.replace("\0", "~"), b"x")
            data = data.replace(b"word/~x.xml", b"word/\0x.xml") if "\0" in name else data
            yield Hostile(f"path-{number}.{suffix}", data, UnreadableSource, "outside|damaged")
    yield Hostile("deep-folders.docx", with_part(docx, "a/" * 200 + "b", b"x"), UnreadableSource, "deep")
    yield Hostile("long-name.docx", with_part(docx, "a" * 60_000, b"x"), READ)
    for suffix, whole in (("docx", docx), ("ofd", ofd)):
        locked = patched(patched(whole, b"PK\x01\x02", 8, b"\x01\x00"), b"PK\x03\x04", 6, b"\x01\x00")
        yield Hostile(f"locked.{suffix}", locked, UnreadableSource, "encrypted")
        method = patched(patched(whole, b"PK\x01\x02", 10, b"\x63\x00"), b"PK\x03\x04", 8, b"\x63\x00")
        yield Hostile(f"odd-method.{suffix}", method, UnreadableSource, "compressed|damaged|encrypted")
        crc = patched(patched(whole, b"PK\x01\x02", 16, b"\1\2\3\4"), b"PK\x03\x04", 14, b"\1\2\3\4")
        yield Hostile(f"wrong-sums.{suffix}", crc, UnreadableSource, "damaged")
        offset = patched(whole, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f")
        yield Hostile(f"wrong-offsets.{suffix}", offset, UnreadableSource, "damaged|overlap")
    yield Hostile("encrypted.docx", ole("EncryptionInfo", "EncryptedPackage"), UnreadableSource, "encrypted")
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    saved = io.BytesIO(docx)
    with zipfile.ZipFile(saved, "a") as opened:
        opened.writestr(link, "/etc/passwd")
    yield Hostile("link.docx", saved.getvalue(), UnreadableSource, "link")
    yield Hostile("empty.zip", packed({}), UnsupportedFormat, "ZIP")
    yield Hostile("named-twice.docx", docx[:0] + packed(unpacked(docx)), READ)
    yield Hostile("before-a-package.docx", b"PK\x03\x04" + bytes(500) + docx, None, "")


def word_files() -> Iterator[Hostile]:
    """What is wrong inside a Word file."""
    paragraph = p(valid_files.TITLE)
    for name, before, word in (("laughs", _LAUGHS, "&j;"), ("xxe", _XXE, "&j;"), ("remote", _REMOTE, "")):
        yield Hostile(
            f"{name}.docx", document(p(word), before), UnreadableSource, "document type|not well-formed|damaged"
        )
        styles = f'<?xml version="1.0"?>{before}<w:styles {_W}>{word}</w:styles>'
        yield Hostile(f"{name}-in-styles.docx", with_part(valid_files.docx(), "word/styles.xml", styles), None, "")
    table, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    for depth in (80, 5_000, 100_000):
        yield Hostile(
            f"tables-{depth}-deep.docx",
            document(table * depth + paragraph + end * depth),
            None,
            "deep|well-formed|damaged",
        )
    for tag in ("w:sdt><w:sdtContent", "w:smartTag", "w:ins", "w:p><w:r><w:pict><w:txbxContent"):
        closing = "".join(f"</{part}>" for part in reversed(tag.replace(">", "").split("<")))
        name = tag.split(">")[0].removeprefix("w:")
        yield Hostile(f"{name}-200-deep.docx", document(f"<{tag}>" * 60 + paragraph + closing * 60), None, "")
        yield Hostile(
            f"{name}-20000-deep.docx",
            document(f"<{tag}>" * 20_000 + paragraph + closing * 20_000),
            None,
            "deep|well-formed|damaged",
        )
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2147483647"/></w:tcPr>' + paragraph + "</w:tc></w:tr></w:tbl>"
    yield Hostile("wide-cell.docx", document(wide + paragraph), READ)
    yield Hostile("many-paragraphs.docx", document("<w:p/>" * 100_000 + paragraph), READ)
    yield Hostile("many-words.docx", document(p("防汛。" * 300_000) + paragraph), READ)
    yield Hostile(
        "no-body.docx",
        with_part(valid_files.docx(), DOCUMENT, f"<w:document {_W}/>"),
        (EmptyDocument, UnreadableSource),
        "",
    )
    yield Hostile(
        "other-root.docx", with_part(valid_files.docx(), DOCUMENT, "<a/>"), (EmptyDocument, UnreadableSource), ""
    )
    yield Hostile(
        "no-xml.docx",
        with_part(valid_files.docx(), DOCUMENT, b"\x80\x81\x82" * 99),
        UnreadableSource,
        "well-formed|damaged",
    )
    yield Hostile("nul-in-xml.docx", document("<w:p>\0</w:p>"), UnreadableSource, "well-formed|damaged")
    parts = unpacked(valid_files.docx())
    yield Hostile("no-document.docx", packed({n: d for n, d in parts.items() if n != DOCUMENT}), UnreadableSource, "")
    yield Hostile("only-a-name.docx", packed({DOCUMENT: b""}), UnreadableSource, "")
    for name in ("_rels/.rels", "[Content_Types].xml", "word/_rels/document.xml.rels", "word/numbering.xml"):
        yield Hostile(
            f"broken-{name.rsplit('/', 1)[-1].strip('[].')}.docx", with_part(valid_files.docx(), name, b"<a"), None, ""
        )
    rels = parts["word/_rels/document.xml.rels"].decode()
    looped = rels.replace(
        "</Relationships>", '<Relationship Id="x" Type="t/footnotes" Target="document.xml"/></Relationships>'
    )
    yield Hostile(
        "related-to-itself.docx", with_part(valid_files.docx(), "word/_rels/document.xml.rels", looped), None, ""
    )
    away = rels.replace(
        "</Relationships>", '<Relationship Id="x" Type="t/image" Target="../../../../etc/passwd"/></Relationships>'
    )
    yield Hostile(
        "related-to-outside.docx", with_part(valid_files.docx(), "word/_rels/document.xml.rels", away), None, ""
    )
    number = "<w:p><w:pPr><w:numPr><w:ilvl w:val='999999999'/><w:numId w:val='-7'/></w:numPr></w:pPr><w:r><w:t>防汛</w:t></w:r></w:p>"
    yield Hostile("odd-numbers.docx", document(number + paragraph), READ)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 50}"/></w:style>'
        for n in range(50)
    )
    styled = f'<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>{valid_files.TITLE}</w:t></w:r></w:p>'
    yield Hostile("styles-in-a-circle.docx", word_file(styled, styles=styles), READ)


def ofd_packages() -> Iterator[Hostile]:
    """What is wrong inside an OFD file."""
    text = ofd_files.text_object(valid_files.TITLE, 25, 30)
    ok = ofd_files.ofd(text)
    for name, before, word in (("laughs", _LAUGHS, "&j;"), ("xxe", _XXE, "&j;"), ("remote", _REMOTE, "")):
        for part in ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"):
            xml = ofd_files.members(text)[part]
            assert isinstance(xml, str)
            root = xml.index("?>") + 2
            broken = xml[:root] + before + xml[root:].replace("</", f"{word}</", 1)
            yield Hostile(
                f"{name}-in-{part.rsplit('/', 1)[-1][:-4]}.ofd",
                with_part(ok, part, broken),
                UnreadableSource,
                "document type|well-formed",
            )
    for depth in (200, 5_000, 100_000):
        nested = "<ofd:PageBlock>" * depth + text + "</ofd:PageBlock>" * depth
        yield Hostile(f"blocks-{depth}-deep.ofd", ofd_files.ofd(nested), None, "deep|well-formed")
    looped = '<ofd:CompositeObject ID="7" Boundary="0 0 100 100" ResourceID="7"/>'
    unit = '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" Width="9" Height="9"><ofd:Content>{}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'
    resources = {"Doc_0/DocumentRes.xml": ofd_files.element("Res", unit.format(looped * 9))}
    yield Hostile(
        "composite-of-itself.ofd",
        ofd_files.ofd(looped + text, common=ofd_files.DOCUMENT_RESOURCES, added=resources),
        None,
        "",
    )
    template = '<ofd:TemplatePage ID="50" BaseLoc="Pages/Page_0/Content.xml"/>'
    itself = ofd_files.Sheet(text, before='<ofd:Template TemplateID="50" ZOrder="Background"/>')
    yield Hostile("template-of-itself.ofd", ofd_files.ofd(itself, common=template), None, "")
    for number, delta in enumerate(
        ("g 2147483647 1", "g -5 1", "g 1e9 1", "1 " * 300_000, "g g g", "nan inf", "9e999")
    ):
        codes = f'<ofd:TextCode X="0" Y="5" DeltaX="{delta}">{valid_files.TITLE}</ofd:TextCode>'
        yield Hostile(
            f"delta-{number}.ofd",
            ofd_files.ofd(ofd_files.text_object(valid_files.TITLE, 25, 30, codes=codes)),
            None,
            "",
        )
    for number, box in enumerate(
        ("0 0 0 0", "nan nan nan nan", "0 0 1e308 1e308", "9 9 -9 -9", "", "a b c d", "0 0 inf inf")
    ):
        yield Hostile(f"box-{number}.ofd", ofd_files.ofd(ofd_files.Sheet(text, area=box or " ")), None, "")
        yield Hostile(
            f"boundary-{number}.ofd",
            ofd_files.ofd(ofd_files.text_object(valid_files.TITLE, 25, 30, Boundary=box)),
            None,
            "",
        )
    locations = ["Pages/Page_0/Content.xml"] * 200_000
    yield Hostile(
        "200000-pages.ofd", with_part(ok, "Doc_0/Document.xml", ofd_files.document_xml(locations)), None, "pages"
    )
    for number, location in enumerate(
        ("../../../../etc/passwd", "/etc/passwd", "http://127.0.0.1:9/", "", "Pages", "missing.xml")
    ):
        yield Hostile(
            f"page-at-{number}.ofd",
            with_part(ok, "Doc_0/Document.xml", ofd_files.document_xml([location])),
            (UnreadableSource, EmptyDocument),
            "",
        )
    for number, root in enumerate(("../x.xml", "OFD.xml", "", "Doc_9/Document.xml")):
        yield Hostile(
            f"root-at-{number}.ofd",
            with_part(ok, "OFD.xml", ofd_files.entry_xml(root)),
            (UnreadableSource, EmptyDocument),
            "",
        )
    yield Hostile("no-root.ofd", packed({"OFD.xml": b"<a/>"}), (UnreadableSource, EmptyDocument), "")
    yield Hostile("no-xml.ofd", packed({"OFD.xml": b"\0\1\2"}), UnreadableSource, "well-formed")
    resources = ofd_files.image_resources(b"\x89PNG\r\n\x1a\n" + bytes(99))
    image = ofd_files.image_object(0, 0, 210, 297)
    yield Hostile(
        "broken-picture.ofd",
        ofd_files.ofd(image, common=ofd_files.DOCUMENT_RESOURCES, added=resources),
        SourceError,
        "",
    )
