"""Names inside the two containers that many formats share, ZIP and OLE, read cheaply and from damaged files too."""

from __future__ import annotations

import re
import struct

OLE_SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What an OLE file begins with ([MS-CFB], 2.2)."""

ENCRYPTED_PACKAGE = "EncryptedPackage"
"""The stream of an OLE file that holds an encrypted office file ([MS-OFFCRYPTO], 2.3.4.4)."""

_MOST_NAMES = 10_000

_ZIP_END = b"PK\x05\x06"
_ZIP_ENTRY = b"PK\x01\x02"
_ZIP_LOCAL = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)

_SECTOR_SHIFTS = (9, 12)  # [MS-CFB], 2.2
_NO_SECTOR = 0xFFFFFFFA
_NO_ENTRY = 0xFFFFFFFF
_OLE_ENTRY_BYTES = 128
_OLE_HEADER_FATS = 109


def names_encrypted_package(data: bytes) -> bool:
    """Tell whether an OLE file names the stream of an encrypted one anywhere, were its directory damaged."""
    return data.startswith(OLE_SIGN) and ENCRYPTED_PACKAGE.encode("utf-16-le") in data


def zip_names(data: bytes) -> list[str]:
    """Return the names in a ZIP's directory, at most 10,000; of a ZIP without its end, those its members bear."""
    return _zip_directory(data) or [
        _zip_name(data[match.end() : match.end() + int.from_bytes(match[1], "little")])
        for match, _ in zip(_ZIP_LOCAL.finditer(data), range(_MOST_NAMES), strict=False)
    ]


def _zip_directory(data: bytes) -> list[str]:
    end = data.rfind(_ZIP_END)
    if end < 0 or end + 20 > len(data):
        return []
    # Counted back from the end, so that what was put before the ZIP does not matter.
    at = end - int.from_bytes(data[end + 12 : end + 16], "little")
    names: list[str] = []
    while 0 <= at < end and data.startswith(_ZIP_ENTRY, at) and len(names) < _MOST_NAMES:
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        names.append(_zip_name(data[at + 46 : at + 46 + name]))
        at += 46 + name + extra + comment
    return names


def _zip_name(name: bytes) -> str:
    return name.decode("utf-8", "replace").replace("\\", "/").lstrip("/")


def ole_names(data: bytes) -> frozenset[str]:
    """Return the names of the streams and storages at the root of an OLE file, none where it is damaged.

    Names below the root are those of embedded files and say nothing of the file itself ([MS-CFB], 2.6).
    """
    try:
        return _ole_root(data)
    except (struct.error, IndexError):
        return frozenset()


def _ole_root(data: bytes) -> frozenset[str]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in _SECTOR_SHIFTS:
        return frozenset()
    sector_bytes = 1 << shift
    (directory,) = struct.unpack_from("<I", data, 48)
    fats = struct.unpack_from(f"<{_OLE_HEADER_FATS}I", data, 76)
    entries = b""
    for _ in range(_MOST_NAMES * _OLE_ENTRY_BYTES // sector_bytes):
        if directory >= _NO_SECTOR:
            break
        entries += data[(directory + 1) * sector_bytes : (directory + 2) * sector_bytes]
        table, place = divmod(directory, sector_bytes // 4)
        if table >= len(fats) or fats[table] >= _NO_SECTOR:
            break
        (directory,) = struct.unpack_from("<I", data, (fats[table] + 1) * sector_bytes + 4 * place)
    names: set[str] = set()
    visited: set[int] = set()
    waiting = [struct.unpack_from("<I", entries, 76)[0]]  # the root's first child; siblings hang on it as a tree
    while waiting:
        number = waiting.pop()
        if number == _NO_ENTRY or number in visited:
            continue
        visited.add(number)
        at = number * _OLE_ENTRY_BYTES
        length, _, _, left, right = struct.unpack_from("<HBBII", entries, at + 64)
        names.add(entries[at : at + min(64, max(0, length - 2))].decode("utf-16-le", "replace"))
        waiting += [left, right]
    return frozenset(names)
