from __future__ import annotations

import io
import zipfile

import pytest

from rag.errors import EmptyDocument, SourceError, UnreadableSource, UnsupportedFormat
from rag.loaders import SUFFIXES, MediaType, load


def zipped(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("source", "media_type"),
    [
        ("a.txt", MediaType.TEXT),
        ("folder/通知.TXT", MediaType.TEXT),
        ("a.text", MediaType.TEXT),
        ("a.md", MediaType.MARKDOWN),
        ("folder\\a.markdown", MediaType.MARKDOWN),
    ],
)
def test_suffix_chooses_the_loader(source, media_type):
    assert load("关于放假的通知".encode(), source).media_type is media_type


def test_every_suffix_named_is_read():
    for suffix in SUFFIXES:
        assert load(b"text", f"a{suffix}").blocks[0].text == "text"


@pytest.mark.parametrize(
    ("data", "source", "name"),
    [
        (b"%PDF-1.7 ...", "a.pdf", "PDF"),
        (b"%PDF-1.7 ...", "a.txt", "PDF"),  # content before suffix
        (zipped("word/document.xml"), "a.docx", "DOCX"),
        (zipped("xl/workbook.xml"), "a.txt", "XLSX"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "a.ofd", "OFD"),
        (zipped("a.txt"), "a.zip", "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "a.doc", "DOC"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "scan.png", "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "scan.jpg", "JPEG"),
        (b"{\\rtf1 x}", "a.txt", "RTF"),
        (b"<html></html>", "a.html", "HTML"),
        (b"x", "a.docx", "DOCX"),
        (b"x", "a.exe", "EXE"),
    ],
)
def test_other_formats_are_refused_by_name(data, source, name):
    with pytest.raises(UnsupportedFormat, match=name) as caught:
        load(data, source)
    assert caught.value.source == source
    assert source not in caught.value.reason
    assert caught.value.remedy


def test_formats_to_come_say_so():
    with pytest.raises(UnsupportedFormat, match="later version"):
        load(b"%PDF-1.7", "a.pdf")
    with pytest.raises(UnsupportedFormat, match="no loader reads EXE"):
        load(b"x", "a.exe")
    with pytest.raises(UnsupportedFormat, match="no suffix"):
        load(b"x", "README")


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "\ufeff".encode(), b"\f\f", "　　\n".encode()])
@pytest.mark.parametrize("source", ["a.txt", "a.md"])
def test_a_file_without_text_is_empty(data, source):
    with pytest.raises(EmptyDocument):
        load(data, source)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03 binary",
        "有 NUL \0 的文字".encode(),
        bytes(range(128, 256)) * 8,
        b"\x01\x02\x03\x04\x05\x06\x07\x08" * 40,
        b"\xff\xfe\x00",  # UTF-16 cut in the middle of a character
    ],
)
def test_what_is_not_text_is_unreadable(data):
    with pytest.raises(UnreadableSource) as caught:
        load(data, "a.txt")
    assert isinstance(caught.value, SourceError)
