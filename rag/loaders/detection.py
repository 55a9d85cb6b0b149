"""Which kind of file it is (文件类型判断): by its content, and by its name only where content cannot tell."""

from __future__ import annotations

from pathlib import PurePosixPath

from rag.errors import UnsupportedFormat
from rag.loaders.raw import MediaType

_BY_SUFFIX: dict[str, MediaType] = {
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
}

SUFFIXES: tuple[str, ...] = tuple(_BY_SUFFIX)
"""Suffixes, lower case, of the files that ``load`` reads."""

_ZIP = b"PK\x03\x04"

# First bytes that name a format whatever the file is called.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS/WPS"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b\x08", "GZIP"),
)

_LATER = frozenset(
    {
        *("PDF", "DOCX", "DOC", "WPS", "OFD", "HTML", "HTM", "RTF", "XLSX", "XLS", "ZIP"),
        *("PNG", "JPEG", "JPG", "TIFF", "TIF", "BMP", "GIF"),
    }
)


def detect(data: bytes, source: str) -> MediaType:
    """Tell what a file is.

    Raises:
        UnsupportedFormat: No loader reads this kind of file.
    """
    if name := _name_by_content(data):
        raise _unsupported(source, name)
    suffix = PurePosixPath(source.replace("\\", "/")).suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    raise _unsupported(source, suffix.removeprefix(".").upper())


def _name_by_content(data: bytes) -> str | None:
    if data.startswith(_ZIP):
        # A zip's directory stands at its end; the member names tell the formats built on it apart.
        for member, name in ((b"word/", "DOCX"), (b"xl/", "XLSX"), (b"OFD.xml", "OFD")):
            if member in data:
                return name
        return "ZIP"
    return next((name for magic, name in _MAGIC if data.startswith(magic)), None)


def _unsupported(source: str, name: str) -> UnsupportedFormat:
    if name in _LATER:
        reason = f"{name} 格式将在后续版本支持 ({name} is read from a later version)"
    elif name:
        reason = f"不支持 {name} 格式 (no loader reads {name})"
    else:
        reason = "没有扩展名, 无法判断格式 (no suffix: the format is unknown)"
    return UnsupportedFormat(source, reason, remedy=f"另存为 {' / '.join(SUFFIXES)} (save it as one of these)")
