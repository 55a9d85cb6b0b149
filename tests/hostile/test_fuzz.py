"""Fuzz targets, one a parser: a valid file with bytes changed is read, or refused with a ``SourceError``."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chunking import cut
from rag.errors import SourceError
from rag.loaders import load
from rag.loaders.images import pictures
from rag.parsing.document import parse

from .valid_files import VALID

# The same cases each time, so that a run tells what changed in the code; FUZZ_CASES asks for more, and other ones.
_CASES = int(os.environ.get("FUZZ_CASES", "0"))
fuzz = settings(
    max_examples=_CASES or 120, derandomize=not _CASES, deadline=None, suppress_health_check=list(HealthCheck)
)

PARTS = {
    "docx": ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"),
    "ofd": ("OFD.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/PublicRes.xml"),
}  # fmt: skip

# What turns a number, a name or a tag into something nobody foresaw.
TOKENS = st.sampled_from(
    [
        *(b"-1", b"0", b"65536", b"2147483648", b"1e999", b"nan", b"99999999999999999999", b"", b"\0", b"\xff\xfe", b"<", b">", b'"'),
        *(b"/", b"</", b"<a>", b"<!--", b"]]>", b"&#0;", b"&x;", b"[", b"]", b"<<", b">>", b"stream", b"endobj", b"1 0 R", b"%", b"\n"),
        *(b"\t", b"|", b"<table>", b"<td colspan=9>", b"<div hidden>", "（".encode(), "附件：".encode(), "第一条".encode(), b"\x81", b"# "),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """Bytes put in place of some at a share of the length."""

    at: float
    length: int
    bytes_: bytes

    def to(self, data: bytes) -> bytes:
        start = int(self.at * len(data))
        return data[:start] + self.bytes_ + data[start + self.length :]


CHANGES = st.lists(
    st.builds(
        Change,
        at=st.floats(0, 1),
        length=st.one_of(st.integers(0, 8), st.integers(0, 400)),
        bytes_=st.one_of(TOKENS, st.binary(max_size=12), TOKENS.map(lambda token: token * 200)),
    ),
    min_size=1,
    max_size=4,
)


def changed(data: bytes, changes: list[Change]) -> bytes:
    for change in changes:
        data = change.to(data)
    return data


def outcome_of(data: bytes, source: str) -> None:
    try:
        raw = load(data, source)
    except SourceError as error:
        if not error.reason:
            raise
        return
    assert raw.blocks
    for block in raw.blocks:
        assert block.text.strip()
        assert "\n" not in block.text
        assert "\t" not in block.text or block.is_table_row
        for part in block.fragments:
            assert 0 <= part.start <= part.end <= len(block.text)
            assert len(part.edges) in (0, part.end - part.start + 1)
    document = parse(raw, source=source, sha256="ab" * 32)
    assert all(0 <= passage.span.start < passage.span.end <= len(document.text) for passage in cut(document))


@pytest.mark.parametrize("suffix", ["pdf", "docx", "ofd", "html", "mht", "md", "txt"])
def test_a_file_with_changed_bytes(suffix):
    @fuzz
    @given(CHANGES)
    def check(changes):
        outcome_of(changed(VALID[suffix], changes), f"a.{suffix}")

    check()


@pytest.mark.parametrize(("suffix", "part"), [(suffix, part) for suffix, parts in PARTS.items() for part in parts])
def test_a_package_with_a_changed_part(suffix, part):
    """What is packed is out of reach of changes to the packed bytes: the sums would not agree."""
    with zipfile.ZipFile(io.BytesIO(VALID[suffix])) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}

    @fuzz
    @given(CHANGES)
    def check(changes):
        saved = io.BytesIO()
        with zipfile.ZipFile(saved, "w") as written:
            for name, data in parts.items():
                written.writestr(name, changed(data, changes) if name == part else data)
        outcome_of(saved.getvalue(), f"a.{suffix}")

    check()


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_a_picture_with_changed_bytes(suffix):
    """Decoding alone; recognising each would take minutes."""

    @fuzz
    @given(CHANGES)
    def check(changes):
        try:
            found = list(pictures(changed(VALID[suffix], changes), f"a.{suffix}"))
        except SourceError as error:
            if not error.reason:
                raise
            return
        assert all(picture.width > 0 and picture.height > 0 for picture in found)

    check()
