from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import UnreadableSource
from rag.loaders import archive
from rag.loaders.archive import Archive


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as opened:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            opened.writestr(info, data)
    return buffer.getvalue()


def entry(
    name: bytes,
    data: bytes = b"",
    *,
    local: bytes | None = None,
    size: int | None = None,
    flags: int = 0,
    method: int = 0,
    attributes: int = 0,
    at: int = 0,
    extra: bytes = b"",
) -> tuple[bytes, bytes]:
    """Return the local part and the directory's entry of a member, as written and not as it should be."""
    local = name if local is None else local
    crc, packed, unpacked = zlib.crc32(data), len(data), len(data) if size is None else size
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, flags, method, 0, 33, crc, packed, unpacked, len(local), 0)
    central = struct.pack(
        "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20 | 3 << 8, 20, flags, method, 0, 33, crc, packed, unpacked,
        len(name), len(extra), 0, 0, 0, attributes, at,
    )  # fmt: skip
    return head + local + data, central + name + extra


def raw_zip(*parts: tuple[bytes, bytes], count: int | None = None, comment: bytes = b"") -> bytes:
    """Return a ZIP of parts made by ``entry``; the first part's place is right, later ones say theirs."""
    body = b"".join(local for local, _ in parts)
    directory = b"".join(central for _, central in parts)
    declared = len(parts) if count is None else count
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, declared, declared, len(directory), len(body), len(comment))
    return body + directory + end + comment


def test_members_are_read_by_name():
    opened = Archive.open(zipped(("OFD.xml", b"<a/>"), ("Doc_0/", b""), ("Doc_0/Document.xml", b"x" * 1000)), "a.ofd")
    assert opened.names == ("OFD.xml", "Doc_0/Document.xml")
    assert opened.read("Doc_0/Document.xml") == b"x" * 1000
    assert "OFD.xml" in opened
    assert "Doc_0/" not in opened
    with pytest.raises(KeyError):
        opened.read("Other.xml")


@pytest.mark.parametrize(
    ("written", "flags", "extra", "name"),
    [
        (b"Doc_0/Document.xml", 0, b"", "Doc_0/Document.xml"),
        (b"Doc_0\\Res\\a.png", 0, b"", "Doc_0/Res/a.png"),
        (b"./Doc_0//a.xml", 0, b"", "Doc_0/a.xml"),
        ("目录/数据.xml".encode(), 0x800, b"", "目录/数据.xml"),
        ("目录/数据.xml".encode(), 0, b"", "目录/数据.xml"),  # UTF-8 without saying so
        ("目录/数据.xml".encode("gbk"), 0, b"", "目录/数据.xml"),  # as Chinese Windows writes it
        ("诚信/名单.xml".encode("gbk"), 0, b"", "诚信/名单.xml"),  # holds a byte that is a back-slash in no character
        (
            b"a?.xml",
            0,
            struct.pack("<HHBI", 0x7075, 5 + len("数据.xml".encode()), 1, zlib.crc32(b"a?.xml")) + "数据.xml".encode(),
            "a?.xml",  # an ASCII name needs no other
        ),
        (
            b"\x81.xml",
            0,
            struct.pack("<HHBI", 0x7075, 5 + len("数据.xml".encode()), 1, zlib.crc32(b"\x81.xml"))
            + "数据.xml".encode(),
            "数据.xml",
        ),
    ],
)
def test_names_are_read_in_the_encoding_they_were_written_in(written, flags, extra, name):
    opened = Archive.open(raw_zip(entry(written, b"data", flags=flags, extra=extra)), "a.ofd")
    assert opened.names == (name,)
    assert opened.read(name) == b"data"


@pytest.mark.parametrize(
    "name",
    [
        b"/etc/passwd",
        b"../a.xml",
        b"a/../../b.xml",
        b"..\\a.xml",
        b"a\\..\\..\\b",
        b"C:\\a.xml",
        b"c:/a.xml",
        b"\\\\host\\share\\a",
        b"a\0.xml",
    ],
)
def test_paths_outside_the_package_are_refused(name):
    with pytest.raises(UnreadableSource, match="names a path outside"):
        Archive.open(raw_zip(entry(name, b"x")), "a.docx")


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (entry(b"a.xml", b"x", flags=1), "encrypted"),
        (entry(b"a.xml", b"x", flags=0x41), "encrypted"),  # strong encryption
        (entry(b"a.xml", b"/etc/passwd", attributes=0o120777 << 16), "a link"),
        (entry(b"/".join([b"a"] * 30), b"x"), "nested too deep"),
        (entry(b"a.xml", b"x", method=14), "compressed in a way"),  # LZMA
        (entry(b"a.xml", b"x", method=12), "compressed in a way"),  # BZIP2
        (entry(b"a.xml", b"x", method=99), "compressed in a way"),  # WinZip's AES
        (entry(b"a.xml", b"x", size=300 * 2**20), "too large"),
        (entry(b"a.xml", b"x", size=100 * 2**20), "bomb"),
    ],
)
def test_what_no_office_file_holds_is_refused_unread(part, reason):
    with pytest.raises(UnreadableSource, match=reason):
        Archive.open(raw_zip(part), "a.docx")


def test_a_bomb_by_ratio_is_refused():
    with pytest.raises(UnreadableSource, match="bomb"):
        Archive.open(zipped(("a.xml", bytes(30 * 2**20))), "a.docx")


def test_a_long_plain_part_is_no_bomb():
    assert len(Archive.open(zipped(("a.xml", b" " * 9 * 2**20)), "a.docx").read("a.xml")) == 9 * 2**20


def test_members_that_share_bytes_are_refused():
    # Fifield's bomb: many names for one member.
    local, _ = entry(b"a.xml", b"x" * 100)
    parts = [(local, entry(b"a.xml", b"x" * 100)[1])]
    parts += [(b"", entry(b"a.xml", b"x" * 100)[1]) for _ in range(5)]
    with pytest.raises(UnreadableSource, match="overlap"):
        Archive.open(raw_zip(*parts), "a.docx")


def test_a_member_that_runs_into_the_directory_is_refused():
    local, central = entry(b"a.xml", b"x" * 10)
    longer = central[:20] + struct.pack("<I", 5000) + central[24:]
    with pytest.raises(UnreadableSource, match="overlap"):
        Archive.open(raw_zip((local, longer)), "a.docx")


def test_a_package_in_a_package_is_not_opened():
    inner = zipped(("a.xml", bytes(2**20)))
    assert Archive.open(zipped(("inner.zip", inner)), "a.docx").read("inner.zip") == inner


def test_of_two_members_of_one_name_the_later_counts():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.xml", b"old"), ("a.xml", b"new"))
    opened = Archive.open(data, "a.docx")
    assert (opened.names, opened.read("a.xml")) == (("a.xml",), b"new")


def test_a_member_that_names_itself_otherwise_is_damaged():
    opened = Archive.open(raw_zip(entry(b"a.xml", b"x", local=b"b.xml")), "a.docx")
    with pytest.raises(UnreadableSource, match="damaged"):
        opened.read("a.xml")


@pytest.mark.parametrize(("said", "held"), [(5, 3), (3, 5)])
def test_a_member_is_as_long_as_it_says(said, held):
    opened = Archive.open(raw_zip(entry(b"a.xml", b"x" * held, size=said)), "a.docx")
    with pytest.raises(UnreadableSource, match=r"as long as it says|damaged"):
        opened.read("a.xml")


def test_bytes_that_changed_are_noticed():
    data = bytearray(raw_zip(entry(b"a.xml", b"some bytes")))
    data[data.index(b"some")] ^= 1
    with pytest.raises(UnreadableSource, match="damaged"):
        Archive.open(bytes(data), "a.docx").read("a.xml")


@pytest.mark.parametrize(
    "data",
    [
        zipped(("a.xml", b"x" * 100)) + bytes(100),  # something behind it
        b"#!/bin/sh\n" + zipped(("a.xml", b"x" * 100)),  # and before it
        raw_zip(entry(b"a.xml", b"x" * 100), comment=b"c" * 65_535),
    ],
)
def test_what_stands_around_a_package_does_no_harm(data):
    assert Archive.open(data, "a.docx").read("a.xml") == b"x" * 100


def test_zip64_is_read():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened, opened.open("a.xml", "w", force_zip64=True) as member:
        member.write(b"x" * 100)
    assert Archive.open(buffer.getvalue(), "a.docx").read("a.xml") == b"x" * 100


@pytest.mark.parametrize("count", [10_001, 60_000])
def test_a_package_that_declares_too_many_entries_is_refused(count):
    with pytest.raises(UnreadableSource, match="too many"):
        Archive.open(raw_zip(entry(b"a.xml", b"x"), count=count), "a.docx")


MANY = entry(b"a.xml", b"")[1] * 300_000
END = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(MANY), 0, 0)


@pytest.mark.parametrize(
    "data",
    [
        MANY + END,
        # The end record holds its own mark: as its offset, and in a comment.
        MANY + END[:16] + b"PK\x05\x06" + END[20:],
        MANY + END[:20] + b"\x04\x00" + b"PK\x05\x05",
        # Something that looks like the end of a ZIP64 without being one.
        MANY + b"PK\x06\x06" + bytes(72) + END[:12] + struct.pack("<I", len(MANY) + 76) + END[16:],
        MANY + b"PK\x06\x06" + END,
    ],
    ids=["plain", "mark in the record", "comment", "no ZIP64", "mark of ZIP64"],
)
def test_a_package_that_holds_too_many_entries_is_refused_before_its_directory_is_read(monkeypatch, data):
    def read_anyway(*_):
        raise AssertionError("the directory was read")

    monkeypatch.setattr(zipfile.ZipFile, "__init__", read_anyway)
    with pytest.raises(UnreadableSource, match="too many"):
        Archive.open(data, "a.docx")


def test_zip64_counts_are_counted():
    local, central = entry(b"a.xml", b"x")
    at = len(local) + len(central)
    end_64 = struct.pack(
        "<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2_000_000, 2_000_000, len(central), len(local)
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    with pytest.raises(UnreadableSource, match="too many"):
        Archive.open(local + central + end_64 + locator + end, "a.docx")


def test_as_many_entries_as_allowed_are_read():
    data = zipped(*((f"{number}.xml", b"") for number in range(archive.MOST_ENTRIES)))
    assert len(Archive.open(data, "a.docx").names) == archive.MOST_ENTRIES


WHOLE = zipped(("OFD.xml", b"<a/>" * 50), ("Doc_0/Document.xml", b"<b/>" * 50), ("Res/a.png", bytes(range(256))))


@pytest.mark.parametrize("length", [0, 1, 4, 22, 30, len(WHOLE) // 2, len(WHOLE) - 23, len(WHOLE) - 1])
def test_a_cut_off_package_is_damaged(length):
    with pytest.raises(UnreadableSource, match="damaged"):
        Archive.open(WHOLE[:length], "a.docx")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_changed_bytes_give_members_or_a_reason(changes):
    data = bytearray(WHOLE)
    for at, value in changes:
        data[at] = value
    with contextlib.suppress(UnreadableSource):
        opened = Archive.open(bytes(data), "a.docx")
        assert sum(len(opened.read(name)) for name in opened.names) <= archive.MOST_UNPACKED_BYTES


_HUGE = st.sampled_from([0, 1, 2**16 - 1, 2**31, 2**32 - 1])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_HUGE, _HUGE, _HUGE, st.sampled_from([0, 1, 2**31, 2**63 - 1, 2**63, 2**64 - 1]), st.booleans())
def test_absurd_numbers_in_the_directory_are_damage(packed, unpacked, place, far, zip64):
    local, central = entry(b"a.xml", b"x")
    central = (
        central[:20] + struct.pack("<II", packed, unpacked) + central[28:42] + struct.pack("<I", place) + central[46:]
    )
    tail = b""
    if zip64:
        tail = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, far, len(local))
        tail += struct.pack("<4sIQI", b"PK\x06\x07", 0, len(local) + len(central), 1)
    size, offset = (2**32 - 1, 2**32 - 1) if zip64 else (len(central), far & 0xFFFFFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, size, offset, 0)
    with contextlib.suppress(UnreadableSource):
        opened = Archive.open(local + central + tail + end, "a.docx")
        assert [opened.read(name) for name in opened.names] in ([b"x"], [])
