"""ZIP packages (DOCX, OFD, ODT) opened only after their directory was checked: a bomb is refused unread."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import Self

from rag.errors import UnreadableSource

MOST_ENTRIES = 10_000
MOST_UNPACKED_BYTES = 500 * 2**20
MOST_MEMBER_BYTES = 200 * 2**20
MOST_RATIO = 200
"""Deflate cannot go far beyond 1,000; office XML stays below 30. Small members are let off."""
MOST_DEPTH = 20

_RATIO_FREE_BYTES = 10 * 2**20


class Archive:
    """A ZIP package whose members may be read by name."""

    def __init__(self, opened: zipfile.ZipFile, source: str) -> None:
        self._zip = opened
        self._source = source
        self._members = {info.filename: info for info in opened.infolist() if not info.is_dir()}

    @classmethod
    def open(cls, data: bytes, source: str) -> Self:
        """Open a package and check its directory.

        Raises:
            UnreadableSource: It is damaged or encrypted, holds too much, or names paths outside itself.
        """
        try:
            opened = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UnreadableSource(source, "压缩包损坏 (the ZIP package is damaged)") from error
        reason = _objection(opened.infolist(), len(data))
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
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise UnreadableSource(self._source, f"压缩包内 {name} 损坏 (a packed file is damaged)") from error
        if len(data) > info.file_size:
            raise UnreadableSource(self._source, "压缩包内文件大小不符 (a packed file is longer than it says)")
        return data


def _objection(members: list[zipfile.ZipInfo], packed_bytes: int) -> str | None:
    total = sum(info.file_size for info in members)
    if len(members) > MOST_ENTRIES:
        return f"压缩包内文件超过 {MOST_ENTRIES} 个 (too many packed files)"
    if total > MOST_UNPACKED_BYTES or any(info.file_size > MOST_MEMBER_BYTES for info in members):
        return f"解压后超过 {MOST_UNPACKED_BYTES // 2**20} MB (too large when unpacked)"
    if total > _RATIO_FREE_BYTES and total > MOST_RATIO * packed_bytes:
        return "压缩比异常, 疑似压缩炸弹 (unpacks to far more than its size: a ZIP bomb)"
    return next((reason for info in members if (reason := _objection_to_member(info))), None)


def _objection_to_member(info: zipfile.ZipInfo) -> str | None:
    name = info.filename.replace("\\", "/")
    if info.flag_bits & 1:
        return "文件已加密 (the file is encrypted)"
    if "\0" in info.orig_filename or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "压缩包内有越界路径 (a packed file names a path outside the package)"
    if posixpath.normpath(name).count("/") >= MOST_DEPTH:
        return "压缩包内目录过深 (packed folders are nested too deep)"
    return None
