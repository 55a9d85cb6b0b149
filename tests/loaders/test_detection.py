from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SourceError, UnreadableSource, UnsupportedFormat
from rag.loaders import MediaType
from rag.loaders.containers import ole_names, zip_names
from rag.loaders.detection import SUFFIXES, detect

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*members: str, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, content)
    return buffer.getvalue()


def ole(*names: str, below: str = "") -> bytes:
    """An OLE file with these streams at its root, and one in a storage below; a header, a FAT and the directory."""
    entries = ["Root Entry", *names, "ObjectPool", below or "Unnamed"]
    none = 0xFFFFFFFF
    directory = b""
    for number, name in enumerate(entries):
        words = name.encode("utf-16-le")
        is_root, is_storage, is_below = number == 0, number == len(entries) - 2, number == len(entries) - 1
        right = none if is_root or is_storage or is_below else number + 1
        child = 1 if is_root else len(entries) - 1 if is_storage else none
        directory += words.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(words) + 2, 5 if is_root else 2, 1, none, right, child
        )
        directory += bytes(128 - 80)
    sectors = -(-len(directory) // 512)
    directory = directory.ljust(512 * sectors, b"\0")
    fat = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    header = OLE + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<III", 1, 1, 0) + struct.pack("<IIIII", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[none] * 108)
    return header + struct.pack("<128I", *fat, *[none] * (128 - len(fat))) + directory


WORD_XML = '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>\n<w:wordDocument xmlns:w="x"/>'
MHTML = (
    "From: <Saved by Blink>\nSubject: =?utf-8?B?6YCa55+l?=\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related;\n\ttype="text/html"; boundary="--b"\n\n----b\nContent-Type: text/html\n\n<p>x</p>\n----b--'
)
PAGE = '<!DOCTYPE html>\n<html lang="zh"><head><meta charset="gb2312"></head><body><p>通知</p></body></html>'
FRAGMENT = "<div><p>一</p><p>二</p><p>三</p><span>四</span></div>"


@pytest.mark.parametrize(
    ("data", "source", "media_type"),
    [
        (b"%PDF-1.7\n1 0 obj", "a.pdf", MediaType.PDF),
        (b"%PDF-1.7\n", "a.txt", MediaType.PDF),  # content before suffix
        (b"\xef\xbb\xbf\r\n%PDF-1.4 cut", "a.pdf", MediaType.PDF),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n1 0 obj<<>>endobj", "a.bin", MediaType.PDF),
        ("格式说明：文件以 %PDF-1.4 开头".encode(), "a.txt", MediaType.TEXT),  # words about PDF
        (zipped("[Content_Types].xml", "word/document.xml"), "a.docx", MediaType.DOCX),
        (zipped("word/document.xml", "word/embeddings/xl/workbook.xml"), "a.doc", MediaType.DOCX),
        (zipped("word\\document.xml"), "a.docx", MediaType.DOCX),  # written by careless programs
        (zipped("word/document.xml")[:60], "a", MediaType.DOCX),  # cut off before its directory
        (b"PK\x03\x04\x14", "a.ofd", MediaType.OFD),  # so little that only the name tells
        (zipped("OFD.xml", "Doc_0/Document.xml"), "a.zip", MediaType.OFD),
        (zipped("ofd.XML"), "a.ofd", MediaType.OFD),
        (zipped("公文/OFD.xml"), "a.ofd", MediaType.OFD),  # packed with its folder
        (zipped("mimetype", content=b"application/vnd.oasis.opendocument.text"), "a.docx", MediaType.ODT),
        (ole("WordDocument", "1Table"), "a.doc", MediaType.DOC),
        (ole("WordDocument", below="Workbook"), "a.xls", MediaType.DOC),  # a table embedded in a letter
        (OLE + bytes(20), "a.doc", MediaType.DOC),  # damaged: its reader says so
        (b"{\\rtf1 x}", "a.txt", MediaType.RTF),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "scan.jpg", MediaType.PNG),
        (b"\xff\xd8\xff\xe0" + bytes(20), "scan.png", MediaType.JPEG),
        (b"II*\x00" + bytes(20), "scan.txt", MediaType.TIFF),
        (b"MM\x00*" + bytes(20), "scan.tif", MediaType.TIFF),
        *(
            (PAGE.encode(encoding), source, MediaType.HTML)
            for encoding in ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be")
            for source in ("a.html", "a.pdf", "a.doc", "a.docx", "a.txt", "a", "a.aspx", "a.md")
        ),
        (b"<!-- saved from url=(0014)about:internet -->\n<html><body>x", "a.doc", MediaType.HTML),
        (b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "x"><html>', "a.xml", MediaType.HTML),
        (b"Warning: mysql_connect() failed\n<!DOCTYPE html><html><body><p>x</p>", "a.doc", MediaType.HTML),
        (FRAGMENT.encode(), "a.txt", MediaType.HTML),
        (FRAGMENT.encode(), "a", MediaType.HTML),
        (FRAGMENT.encode(), "a.md", MediaType.MARKDOWN),  # Markdown may hold such pieces
        ("<p>一段".encode(), "a.htm", MediaType.HTML),
        ("<p> 与 <html> 是网页的标记".encode(), "a.txt", MediaType.TEXT),
        ("正文 <html> 是标记".encode(), "a.txt", MediaType.TEXT),
        (MHTML.encode(), "a.mht", MediaType.HTML),
        (MHTML.encode(), "a.doc", MediaType.HTML),
        (MHTML.replace("\n", "\r\n").encode(), "a.doc", MediaType.HTML),
        (WORD_XML.encode(), "a.doc", MediaType.DOC),
        (WORD_XML.encode(), "a.xml", MediaType.DOC),
        ("关于放假的通知".encode(), "a.docx", MediaType.TEXT),
        ("关于放假的通知".encode("gb18030"), "a.pdf", MediaType.TEXT),
        ("关于放假的通知".encode("utf-16"), "通知", MediaType.TEXT),
        ("各有关单位：".encode(), "a.2024年3月", MediaType.TEXT),  # a dot in a name is no suffix known
        (b"BZh is three letters", "a.txt", MediaType.TEXT),
        (b"MZ is two", "a.txt", MediaType.TEXT),
        (b"\x00\x01\x02", "a.txt", MediaType.TEXT),  # its loader says what is wrong
    ],
)
def test_type_by_content(data, source, media_type):
    assert detect(data, source) is media_type


@pytest.mark.parametrize(
    ("data", "source", "name"),
    [
        (zipped("xl/workbook.xml"), "a.docx", "XLSX"),
        (zipped("ppt/presentation.xml"), "a.pptx", "PPTX"),
        (zipped("mimetype", content=b"application/epub+zip"), "a.epub", "EPUB"),
        (zipped("a.txt"), "a.docx", "ZIP"),
        (zipped(), "a.zip", "ZIP"),
        (ole("Workbook"), "a.doc", "XLS"),
        (ole("PowerPoint Document", below="WordDocument"), "a.doc", "PPT"),
        (ole("__properties_version1.0"), "a.msg", "MSG"),
        (b"GIF89a" + bytes(9), "a.png", "GIF"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0", "a.png", "BMP"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a.jpg", "WEBP"),
        (b"\0\0\0\x18ftypheic", "a.jpg", "HEIC"),
        (b"\0\0\0\x18ftypisom", "a.pdf", "MP4"),
        (b"Rar!\x1a\x07\0", "a.docx", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "a.txt", "7Z"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "a.txt", "GZIP"),
        (b"MZ\x90\0\x03\0\0\0", "a.doc", "EXE"),
        (b"\x7fELF\x02\x01", "某文件", "ELF"),
        (b"<?xml version='1.0'?><rss/>", "a.xml", "XML"),
        (b"<?xml version='1.0'?><rss/>", "a.txt", "XML"),
        (b"a,b\n1,2", "a.csv", "CSV"),
        (b"{}", "a.JSON", "JSON"),
        (b"x", "a.exe", "EXE"),
        (b"\x80\x81\xff\xfe\xfd" * 9, "a.xyz", "XYZ"),
        (b"\x80\x81\xff\xfe\xfd" * 9, "某文件", "no suffix"),
    ],
)
def test_other_formats_are_refused_by_name(data, source, name):
    with pytest.raises(UnsupportedFormat, match=name) as caught:
        detect(data, source)
    assert caught.value.source == source
    assert source not in caught.value.reason
    assert caught.value.remedy


def test_an_encrypted_office_file_says_so():
    with pytest.raises(UnreadableSource, match="encrypted"):
        detect(ole("EncryptionInfo", "EncryptedPackage"), "a.docx")


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".doc", ".ofd", ".png"])
def test_content_that_is_nothing_is_not_what_its_name_says(suffix):
    with pytest.raises(UnreadableSource, match=f"not {suffix[1:].upper()} inside"):
        detect(b"\x80\x81\xff\xfe\xfd" * 9, f"a{suffix}")


@given(st.binary(max_size=400), st.sampled_from(["", "a", *(f"a{suffix}" for suffix in SUFFIXES), "a.xyz"]))
def test_any_bytes_have_a_type_or_a_reason(data, source):
    try:
        assert detect(data, source) in MediaType
    except SourceError as error:
        assert error.reason  # noqa: PT017


@given(st.binary(max_size=1200), st.integers(0, 1200))
def test_names_in_damaged_containers_never_fail(noise, at):
    whole = ole("WordDocument", "Data")
    ole_names(whole[:at] + noise)
    ole_names(OLE + noise)
    packed = zipped("word/document.xml", "a")
    zip_names(packed[:at] + noise)
    zip_names(noise + packed)


def test_names_of_a_directory_that_runs_in_a_circle():
    data = bytearray(ole("A", "B"))
    data[512:516] = struct.pack("<I", 0)  # the sector after the first is the first
    data[516:520] = struct.pack("<I", 1)
    assert ole_names(bytes(data)) >= {"A", "B"}
