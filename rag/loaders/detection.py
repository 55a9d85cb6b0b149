"""Which kind of file it is (文件类型判断): by its content, and by its name only where content cannot tell."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from rag.errors import UnreadableSource, UnsupportedFormat
from rag.loaders.containers import ENCRYPTED_PACKAGE, OLE_SIGN, ole_names, zip_names
from rag.loaders.encoding import is_text
from rag.loaders.raw import MediaType

_BY_SUFFIX: dict[str, MediaType] = {
    ".pdf": MediaType.PDF,
    ".docx": MediaType.DOCX,
    ".docm": MediaType.DOCX,
    ".doc": MediaType.DOC,
    ".wps": MediaType.DOC,
    ".dot": MediaType.DOC,
    ".rtf": MediaType.RTF,
    ".odt": MediaType.ODT,
    ".ofd": MediaType.OFD,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".shtml": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".mht": MediaType.HTML,
    ".mhtml": MediaType.HTML,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".png": MediaType.PNG,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".tif": MediaType.TIFF,
    ".tiff": MediaType.TIFF,
}

SUFFIXES: tuple[str, ...] = tuple(_BY_SUFFIX)
"""Suffixes, lower case, of the files that ``load`` reads."""

_REMEDY = "另存为 PDF / DOCX / OFD / HTML / TXT (save it as one of these)"

_TEXTS = (MediaType.TEXT, MediaType.MARKDOWN, MediaType.HTML)

# Text that is no document: data, programs, settings, letters. The names are what the refusal says.
_NO_DOCUMENTS = frozenset(
    {
        *("csv", "tsv", "json", "jsonl", "ndjson", "xml", "yaml", "yml", "toml", "ini", "cfg", "conf", "log", "sql"),
        *(
            "py",
            "js",
            "ts",
            "css",
            "c",
            "h",
            "cpp",
            "java",
            "go",
            "rs",
            "php",
            "rb",
            "sh",
            "bat",
            "ps1",
            "vbs",
            "ipynb",
        ),
        *("exe", "dll", "so", "bin", "dat", "svg", "eml", "ics", "vcf", "srt", "tex", "bib", "pem", "key", "crt"),
        *("xls", "xlsx", "et", "ppt", "pptx", "dps", "ods", "odp", "epub", "zip", "rar", "7z", "gz", "tar", "iso"),
        *("gif", "bmp", "webp", "mp3", "mp4", "avi", "mov", "wav", "wmv", "flv", "mkv", "psd", "dwg", "ttf", "otf"),
        *("ceb", "caj", "sqlite", "db", "pyc", "class", "jar"),
    }
)

# First bytes that name a format whatever the file is called.
_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"{\\rtf", MediaType.RTF),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"II*\x00", MediaType.TIFF),
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),
    (b"MM\x00+", MediaType.TIFF),
)
_UNREAD_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"\x7fELF", "ELF"),
    (b"\xca\xfe\xba\xbe", "CLASS"),
    (b"SQLite format 3\x00", "SQLITE"),
    (b"%!PS", "POSTSCRIPT"),
    (b"AT&TFORM", "DJVU"),
    (b"OggS\x00", "OGG"),
    (b"fLaC\x00", "FLAC"),
    (b"ID3\x03", "MP3"),
    (b"ID3\x04", "MP3"),
    (b"FLV\x01", "FLV"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x1a\x45\xdf\xa3", "MKV"),
    (b"8BPS\x00", "PSD"),
    (b"Founder CEB", "CEB"),
    (b"CAJ\x00", "CAJ"),
    (b"KDH \x00", "CAJ"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_PDF_REACH = 1024
"""Bytes within which readers look for the header of a PDF (ISO 32000-1, annex H.3.4.1)."""
_PDF_SIGN = re.compile(rb"\bobj\b|startxref|%%EOF")

_HEAD_BYTES = 4096
_BLANK = " \t\r\n\f\ufeff\0"

# What stands before the first tag: comments, the XML declaration, style sheets named there.
_BEFORE_TAGS = re.compile(r"(?:\s+|<!--.*?-->|<\?xml\b[^>]*\?>|<\?xml-[^>]*\?>)*", re.DOTALL)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(?:/?[a-z][a-z1-6]*)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_MANY_TAGS = 6
_WORD_XML = re.compile(r"progid=.Word\.Document|<w:wordDocument\b|<pkg:package\b")
_OPEN_XML = re.compile(r"<office:document\b")
_XML_DECLARATION = re.compile(r"<\?xml\b")
_MIME_HEADER = re.compile(r"\A(?:[A-Za-z][A-Za-z-]{0,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_MIME_PAGE = re.compile(r"^content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)
_MIME_VERSION = re.compile(r"^mime-version:", re.IGNORECASE | re.MULTILINE)


def detect(data: bytes, source: str) -> MediaType:
    """Tell what a file is.

    Raises:
        UnsupportedFormat: No loader reads this kind of file.
        UnreadableSource: It is an encrypted office file, or its name says a kind that its content is not.
    """
    suffix = PurePosixPath(source.replace("\\", "/")).suffix.lower()
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if _is_pdf(data):
        return MediaType.PDF
    if data.startswith(OLE_SIGN):
        return _ole_type(data, source)
    if data.startswith(_ZIPS):
        return _zip_type(data, source, suffix)
    if name := _unread_binary(data):
        raise _unsupported(source, name)
    return _markup_type(data, source, suffix) or _text_type(data, source, suffix)


def _is_pdf(data: bytes) -> bool:
    at = data.find(b"%PDF-", 0, _PDF_REACH)
    if at < 0:
        return False
    before = data[:at].lstrip(b"\xef\xbb\xbf")
    # Words about PDF may hold the sign too; a page that opens with it is a PDF, however damaged.
    return not before.strip(b" \t\r\n\0") or _PDF_SIGN.search(data, at) is not None


def _ole_type(data: bytes, source: str) -> MediaType:
    names = ole_names(data)
    if ENCRYPTED_PACKAGE in names:
        raise UnreadableSource(
            source,
            "文件已加密 (the office file is encrypted)",
            remedy="去掉打开密码后另存 (save it without a password)",
        )
    for name, format_name in (
        ("Workbook", "XLS"),
        ("Book", "XLS"),
        ("PowerPoint Document", "PPT"),
        ("__properties_version1.0", "MSG"),
        ("VisioDocument", "VSD"),
        ("Catalog", "THUMBS.DB"),
    ):
        if name in names and "WordDocument" not in names:
            raise _unsupported(source, format_name)
    # A damaged one is left to the reader of DOC to judge.
    return MediaType.DOC


def _zip_type(data: bytes, source: str, suffix: str) -> MediaType:
    names = [name.casefold() for name in zip_names(data)]
    if any(name == "ofd.xml" or name.endswith("/ofd.xml") for name in names):
        return MediaType.OFD
    if "mimetype" in names[:1]:
        kind = data[38 : 38 + 60]
        if kind.startswith(b"application/vnd.oasis.opendocument.text"):
            return MediaType.ODT
        if kind.startswith(b"application/epub+zip"):
            raise _unsupported(source, "EPUB")
    for folder, format_name in (("xl/", "XLSX"), ("ppt/", "PPTX"), ("visio/", "VSDX")):
        if any(name.startswith(folder) for name in names) and not any(name.startswith("word/") for name in names):
            raise _unsupported(source, format_name)
    if any(name.startswith("word/") for name in names):
        return MediaType.DOCX
    # So little is left of a cut-off package that only its name tells.
    if not names and _BY_SUFFIX.get(suffix) in (MediaType.DOCX, MediaType.OFD, MediaType.ODT):
        return _BY_SUFFIX[suffix]
    raise _unsupported(source, "ZIP")


def _unread_binary(data: bytes) -> str | None:
    for magic, name in _UNREAD_MAGIC:
        if data.startswith(magic) and (len(magic) > 3 or not is_text(data[:_HEAD_BYTES])):
            return name
    if data[4:8] == b"ftyp":
        return "HEIC" if data[8:12] in (b"heic", b"heix", b"mif1") else "MP4"
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return data[8:12].decode("ascii").strip()
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "BMP"
    if data.startswith(b"MZ") and b"\0" in data[:_HEAD_BYTES]:
        return "EXE"
    return None


def _markup_type(data: bytes, source: str, suffix: str) -> MediaType | None:
    head = _head(data)
    if _XML_DECLARATION.match(head) and (media_type := _xml_type(head, source, suffix)):
        return media_type
    return MediaType.HTML if _is_page(data, head, _BY_SUFFIX.get(suffix)) else None


def _xml_type(head: str, source: str, suffix: str) -> MediaType | None:
    if _WORD_XML.search(head):
        return MediaType.DOC  # Word 2003 XML: what reads DOC reads it
    if _OPEN_XML.search(head):
        return MediaType.ODT
    if not _PAGE.search(head) and _BY_SUFFIX.get(suffix) not in (MediaType.HTML, MediaType.MARKDOWN):
        raise _unsupported(source, "XML")
    return None


def _is_page(data: bytes, head: str, named: MediaType | None) -> bool:
    before = _BEFORE_TAGS.match(head)
    first = head[before.end() :] if before else head
    if _PAGE.match(first):
        return True
    if (header := _MIME_HEADER.match(head)) and _MIME_VERSION.search(header[0]) and _MIME_PAGE.search(header[0]):
        return True
    if named is MediaType.HTML:
        return _ANY_TAG.search(head) is not None
    # A piece of a page; Markdown may open with one.
    if named is not MediaType.MARKDOWN and _ANY_TAG.match(first) and len(_ANY_TAG.findall(head)) >= _MANY_TAGS:
        return True
    # A page saved under another name, after a line of a script that went wrong; in plain text only from its start.
    return named not in (MediaType.TEXT, MediaType.MARKDOWN) and _PAGE.search(head) is not None and is_text(data)


def _text_type(data: bytes, source: str, suffix: str) -> MediaType:
    named = _BY_SUFFIX.get(suffix)
    if named in (MediaType.TEXT, MediaType.MARKDOWN):
        return named
    name = suffix.removeprefix(".").upper()
    if name.lower() in _NO_DOCUMENTS:
        raise _unsupported(source, name)
    if is_text(data):
        return MediaType.TEXT
    if named is None:
        raise _unsupported(source, name)
    if named in _TEXTS:
        raise UnreadableSource(source, "不是文本或编码无法识别 (not text, or in no known encoding)")
    raise UnreadableSource(
        source, f"内容不是 {name}, 文件已损坏或扩展名有误 (not {name} inside: damaged, or its suffix is wrong)"
    )


def _head(data: bytes) -> str:
    """Return the first characters so that tags can be seen, whatever the encoding."""
    piece = data[: 2 * _HEAD_BYTES]
    if piece.startswith(b"\xff\xfe") or (piece[1:2] == b"\0" and piece[:1] != b"\0"):
        return piece.decode("utf-16-le", "replace").lstrip(_BLANK)
    if piece.startswith(b"\xfe\xff") or (piece[:1] == b"\0" and piece[1:2] != b"\0"):
        return piece.decode("utf-16-be", "replace").lstrip(_BLANK)
    # Tags are ASCII in UTF-8, GB18030 and Big5 alike.
    return piece.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip(_BLANK)[:_HEAD_BYTES]


def _unsupported(source: str, name: str) -> UnsupportedFormat:
    if name:
        reason = f"不支持 {name} 格式 (no loader reads {name})"
    else:
        reason = "没有扩展名, 无法判断格式 (no suffix: the format is unknown)"
    return UnsupportedFormat(source, reason, remedy=_REMEDY)
