from __future__ import annotations

import pytest

from rag.errors import EmptyDocument, SourceError, UnreadableSource
from rag.loaders import SUFFIXES, MediaType, load


@pytest.mark.parametrize(
    ("source", "media_type"),
    [
        ("a.txt", MediaType.TEXT),
        ("folder/通知.TXT", MediaType.TEXT),
        ("a.text", MediaType.TEXT),
        ("a.md", MediaType.MARKDOWN),
        ("folder\\a.markdown", MediaType.MARKDOWN),
        ("通知", MediaType.TEXT),
        ("a.html", MediaType.TEXT),  # no tag in it
        ("a.docx", MediaType.TEXT),  # named so, but plain text
    ],
)
def test_suffix_chooses_the_loader(source, media_type):
    assert load("关于放假的通知".encode(), source).media_type is media_type


def test_every_suffix_named_is_read():
    for suffix in SUFFIXES:
        assert load(b"text", f"a{suffix}").blocks[0].text == "text"


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
