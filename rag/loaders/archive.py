"""ZIP packages (DOCX, OFD, ODT) opened only after their directory was checked: a bomb is refused unread.

Names are given as a reader knows them: ``/`` between folders, in the encoding they were written in. Of two members
of one name the later counts, as for the programs that change a package by appending to it.
"""

from __future__ import annotations

import io
import posixpath
import stat
import struct
import zipfile
import zlib
from itertools import pairwise
from typing import Self

from rag.errors import UnreadableSource

MOST_ENTRIES = 10_000
MOST_UNPACKED_BYTES = 500 * 2**20
MOST_MEMBER_BYTES = 200 * 2**20
MOST_RATIO = 200
"""Deflate cannot go far beyond 1,000; office XML stays below 30. Small members are let off."""
MOST_DEPTH = 20

_RATIO_FREE_BYTES = 10 * 2**20

# APPNOTE 6.3.9, 4.3.16, 4.3.14 and 4.3.12: end record, its ZIP64 twin, and an entry of the directory.
_END, _END_LENGTH, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_END_64, _END_64_LENGTH, _LOCATOR_64_LENGTH = b"PK\x06\x06", 56, 20
_ENTRY, _LOCAL_LENGTH = b"PK\x01\x02", 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE 4.4.4: bit 0, strong encryption, masked directory
_UTF_8 = 0x800
_UNICODE_PATH = 0x7075  # APPNOTE 4.6.9

_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


class Archive:
    """A ZIP package whose members may be read by name."""

    def __init__(self, opened: zipfile.ZipFile, source: str) -> None:
        self._zip = opened
        self._source = source
        self._members = {name_of(info): info for info in opened.infolist() if info.filename[-1:] not in ("/", "\\")}

    @classmethod
    def open(cls, data: bytes, source: str) -> Self:
        """Open a package and check its directory.

        Raises:
            UnreadableSource: It is damaged or encrypted, holds too much, or names paths outside itself.
        """
        if _entries(data) > MOST_ENTRIES:
            raise UnreadableSource(source, f"压缩包内文件超过 {MOST_ENTRIES} 个 (too many packed files)")
        try:
            opened = zipfile.ZipFile(io.BytesIO(data))
        except (*_FAILURES, struct.error) as error:
            raise UnreadableSource(source, "压缩包损坏 (the ZIP package is damaged)") from error
        reason = _objection(opened.infolist(), opened.start_dir, len(data))
        if reason:
            raise UnreadableSource(source, reason)
        return cls(opened, source)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in the order of the directory."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return a member's bytes.

        Raises:
            KeyError: There is none of this name.
            UnreadableSource: It is damaged, or longer than the directory says.
        """
        info = self._members[name]
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except (*_FAILURES, struct.error) as error:
            raise UnreadableSource(self._source, f"压缩包内 {name} 损坏 (a packed file is damaged)") from error
        if len(data) != info.file_size:
            raise UnreadableSource(self._source, "压缩包内文件大小不符 (a packed file is not as long as it says)")
        return data


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name: Chinese programs write GBK where the standard has code page 437, or UTF-8 unmarked."""
    name = info.orig_filename
    if not info.flag_bits & _UTF_8 and not name.isascii():
        written = name.encode("cp437")
        name = _unicode_path(info.extra, written) or _decoded(written) or name
    name = name.replace("\\", "/")
    return posixpath.normpath(name) if name else name


def _decoded(written: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _unicode_path(extra: bytes, written: bytes) -> str | None:
    """Return the name in UTF-8 that an extra field gives for the written one, ``None`` when none does."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if kind == _UNICODE_PATH and len(field) > 5 and int.from_bytes(field[1:5], "little") == zlib.crc32(written):
            return field[5:].decode("utf-8", "replace")
        at += 4 + length
    return None


def _entries(data: bytes) -> int:
    """Return the most entries a directory can have, by its end record and by its bytes.

    ``zipfile`` makes an object of every entry before anyone can ask how many there are.
    """
    end = len(data) - _END_LENGTH
    if not data.startswith(_END, max(0, end)) or data[-2:] != b"\0\0":  # it does not end the file: a comment does
        end = data.rfind(_END, max(0, end - _LONGEST_COMMENT))
    if end < 0 or end + _END_LENGTH > len(data):
        return 0
    declared: int
    size: int
    declared, size = struct.unpack_from("<HI", data, end + 10)
    before_end = max(0, end - _END_64_LENGTH - _LOCATOR_64_LENGTH)
    end_64 = data.rfind(_END_64, 0, max(0, end - _END_64_LENGTH + len(_END_64)))
    if end_64 >= 0:
        declared_64, size_64 = struct.unpack_from("<QQ", data, end_64 + 32)
        declared = declared_64 if declared == 0xFFFF else max(declared, declared_64)
        size = max(size, size_64)  # too much is counted rather than too little
    return max(declared, data.count(_ENTRY, max(0, before_end - size), end))


def _objection(members: list[zipfile.ZipInfo], directory_start: int, packed_bytes: int) -> str | None:
    total = sum(info.file_size for info in members)
    if total > MOST_UNPACKED_BYTES or any(info.file_size > MOST_MEMBER_BYTES for info in members):
        return f"解压后超过 {MOST_UNPACKED_BYTES // 2**20} MB (too large when unpacked)"
    if total > _RATIO_FREE_BYTES and total > MOST_RATIO * packed_bytes:
        return "压缩比异常, 疑似压缩炸弹 (unpacks to far more than its size: a ZIP bomb)"
    if _overlap(members, directory_start):
        return "压缩包内文件重叠, 疑似压缩炸弹 (packed files overlap: a ZIP bomb)"
    return next((reason for info in members if (reason := _objection_to_member(info))), None)


def _overlap(members: list[zipfile.ZipInfo], directory_start: int) -> bool:
    """Tell whether members share packed bytes, as in a bomb that is small and not nested (Fifield, WOOT 2019)."""
    starts = sorted((info.header_offset, info.header_offset + _LOCAL_LENGTH + info.compress_size) for info in members)
    ends = [*starts, (directory_start, directory_start)]
    return any(end > next_start for (_, end), (next_start, _) in pairwise(ends))


def _objection_to_member(info: zipfile.ZipInfo) -> str | None:
    name = info.orig_filename.replace("\\", "/")
    if info.flag_bits & _ENCRYPTED:
        return "文件已加密 (the file is encrypted)"
    if "\0" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "压缩包内有越界路径 (a packed file names a path outside the package)"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "压缩包内有符号链接 (a packed file is a link)"
    if posixpath.normpath(name).count("/") >= MOST_DEPTH:
        return "压缩包内目录过深 (packed folders are nested too deep)"
    if info.compress_type not in _METHODS:
        return "压缩方式不支持 (a packed file is compressed in a way no office program uses)"
    return None
