"""Text, web pages and Markdown made to break their readers, and files under wrong names."""

from __future__ import annotations

import random
from collections.abc import Iterator

from rag.errors import EmptyDocument, SourceError, UnreadableSource, UnsupportedFormat
from rag.loaders import SUFFIXES

from . import valid_files
from .expectations import READ, Hostile

_LAST = "以上各项请认真贯彻执行。"
_LONGEST = ("open-brackets", "digits", "dots", "blanks")


def texts() -> Iterator[Hostile]:
    """Text that regular expressions find hard, and text that is none."""
    for name, piece in {
        "open-brackets": "（", "open-quotes": "《", "open-duties": "〔", "digits": "1", "dots": "…", "blanks": " ", "wide-blanks": "　",
        "tabs": "\t", "stops": "。", "commas": "，", "colons": "：", "hashes": "#", "bars": "|", "stars": "*", "dashes": "-", "numbers": "1.",
        "chinese-numbers": "一", "clauses": "第一条", "years": "〔2025〕", "organs": "汉州市人民政府", "labels": "联系人：", "telephones": "0816-2600000 ",
        "dates": "2025年5月17日", "marks": "（一）", "units": "市应急局、", "led": "市应急局牵头，", "letters": "a", "nested": "（（）", "annexes": "附件：1.",
        "copies": "抄送：", "mails": "a@", "addresses": "http://", "pages": "— 1 —", "combining": "e\u0301", "zero-width": "\u200b甲", "rtl": "\u202e甲",
    }.items():  # fmt: skip
        size = 1_000_000 if name in _LONGEST else 200_000
        line = piece * (size // len(piece.encode()) + 1)
        words = f"{valid_files.TITLE}\n{line}\n{_LAST}"
        yield Hostile(f"long-line-of-{name}.txt", words.encode(), READ, words=_LAST)
    for name, line in {
        "short": "甲",
        "numbered": "一、甲",
        "articles": "第一条　甲。",
        "rows": "甲\t乙\t丙",
        "quoted": "> 甲",
        "dated": "2025年5月17日",
        "pages": "\f甲",
    }.items():
        count = 200_000 if name == "short" else 30_000
        yield Hostile(f"{count}-{name}-lines.txt", "\n".join([line] * count).encode(), READ)
    nested = "（" * 100_000 + "甲" + "）" * 100_000
    yield Hostile("100000-nested-brackets.txt", nested.encode(), READ)
    for name, opening, closing in (
        ("quotes", "> ", ""),
        ("lists", "  ", "- 甲"),
        ("links", "[", "](a)"),
        ("stars", "*", "甲"),
        ("tables", "<table><tr><td>", "甲"),
        ("rules", "|-", "|"),
    ):
        yield Hostile(f"nested-{name}.md", (opening * 100_000 + f"甲{closing}\n\n{_LAST}").encode(), READ, words=_LAST)
    yield Hostile("nul-bytes.txt", b"\0" * 100_000, UnreadableSource, "NUL|not text|binary|encoding")
    yield Hostile("nul-in-words.txt", "防汛\0通知".encode(), UnreadableSource, "NUL|binary|encoding|not text")
    yield Hostile("40-mb-of-zeros.txt", bytes(40 * 2**20), UnreadableSource, "NUL|not text|binary|encoding")
    yield Hostile("40-mb-of-zeros.pdf", bytes(40 * 2**20), UnreadableSource, "not PDF")
    yield Hostile("40-mb-of-zeros.docx", bytes(40 * 2**20), UnreadableSource, "not DOCX")
    for suffix in (".txt", ".pdf", ".docx", ".html", ".png", ".ofd"):
        yield Hostile(f"empty{suffix}", b"", EmptyDocument, "empty")
        yield Hostile(f"blank{suffix}", b" \r\n\t\n" * 99, EmptyDocument, "empty")
    yield Hostile("mark-only.txt", b"\xef\xbb\xbf", EmptyDocument, "no text|empty")
    yield Hostile("mark-only-16.txt", b"\xff\xfe", EmptyDocument, "no text|empty")
    yield Hostile("half-a-character-16.txt", b"\xff\xfe\x00", UnreadableSource, "not text|encoding")
    yield Hostile("lone-surrogates.txt", b"\xff\xfe" + b"\x00\xd8" * 99, UnreadableSource, "not text|encoding")
    yield Hostile("private-use.txt", ("\ue000" * 999).encode(), UnreadableSource, "binary|not text")
    words = valid_files.text().decode()
    for encoding in ("gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"):
        yield Hostile(f"in-{encoding}.txt", words.encode(encoding), READ, words=valid_files.TITLE)
    yield Hostile("two-encodings.txt", words.encode() + words.encode("gb18030"), None, "not text|encoding|binary")


def pages() -> Iterator[Hostile]:
    """Web pages."""
    paragraph = f"<p>{valid_files.TITLE}。</p>"
    entities = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    yield Hostile(
        "laughs.html",
        f'<!DOCTYPE html [<!ENTITY a "哈">{entities}]><html><body>{paragraph}&j;'.encode(),
        READ,
        words=valid_files.TITLE,
    )
    yield Hostile(
        "xxe.html",
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body>{paragraph}<p>&x;'.encode(),
        READ,
        words=valid_files.TITLE,
    )
    for tag in ("div", "b", "table><tr><td", "ul><li", "font", "a href=x", "blockquote", "span hidden"):
        name = tag.split(">")[0].split()[0]
        yield Hostile(
            f"{name}-500-deep.html", f"<html><body>{f'<{tag}>' * 500}{paragraph}".encode(), None, "deep|no text"
        )
        yield Hostile(
            f"{name}-100000-deep.html", f"<html><body>{f'<{tag}>' * 100_000}{paragraph}".encode(), None, "deep|no text"
        )
    yield Hostile("many-tags.html", (b"<html><body>" + b"<i></i>" * 600_000), SourceError, "too many|no text")
    yield Hostile("many-paragraphs.html", f"<html><body>{paragraph * 20_000}".encode(), READ, words=valid_files.TITLE)
    yield Hostile(
        "many-cells.html", f"<html><body><table>{'<tr><td colspan=1000 rowspan=65534>甲<td>乙' * 3_000}".encode(), READ
    )
    yield Hostile(
        "10-mb-attribute.html",
        f"<html><body><p title='{'甲' * 3_000_000}'>{paragraph}".encode(),
        READ,
        words=valid_files.TITLE,
    )
    yield Hostile(
        "open-comment.html", f"<html><body>{paragraph}{'<!--' * 100_000}".encode(), READ, words=valid_files.TITLE
    )
    yield Hostile("open-tags.html", f"<html><body>{paragraph}{'<p' * 100_000}".encode(), READ)
    yield Hostile("script-only.html", b"<html><body><script>while(1);</script></body></html>", EmptyDocument, "no text")
    yield Hostile(
        "frames-only.html",
        b"<html><frameset><frame src='http://127.0.0.1:9/'></frameset></html>",
        SourceError,
        "no text|empty",
    )
    yield Hostile("nul.html", f"<html><body>\0{paragraph}\0".encode(), READ, words=valid_files.TITLE)
    nested = "".join(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(3_000))
    yield Hostile("letters-3000-deep.mht", f"MIME-Version: 1.0\n{nested}\n{paragraph}".encode(), None, "page|deep|text")
    yield Hostile(
        "no-page.mht",
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n\nx\n--b--',
        UnreadableSource,
        "no page",
    )


def misnamed() -> Iterator[Hostile]:
    """Files under names of other kinds, and noise under every name."""
    for suffix, data in valid_files.VALID.items():
        if suffix not in ("png", "jpg", "tif"):
            yield Hostile(f"is-{suffix}.doc", data, READ, words=valid_files.TITLE)
            yield Hostile(f"is-{suffix}.ofd", data, READ, words=valid_files.TITLE)
    yield Hostile("is-text.pdf", valid_files.text(), READ, words=valid_files.TITLE)
    yield Hostile("is-text", valid_files.text(), READ, words=valid_files.TITLE)
    yield Hostile("is-gif.pdf", b"GIF89a" + bytes(99), UnsupportedFormat, "GIF")
    yield Hostile("is-program.docx", b"MZ" + bytes(999), UnsupportedFormat, "EXE")
    noise = random.Random(1)
    for suffix in SUFFIXES:
        yield Hostile(
            f"noise{suffix}", noise.randbytes(5_000), (UnreadableSource, UnsupportedFormat), "not|damaged|no loader"
        )
    for suffix in (".exe", ".zip", ".xlsx", ".json", ".mp4", ""):
        yield Hostile(f"noise-named{suffix}", noise.randbytes(5_000), UnsupportedFormat, "no loader|no suffix")


def truncated() -> Iterator[Hostile]:
    """Every format cut off at many places."""
    for suffix, data in valid_files.VALID.items():
        is_picture = suffix in ("png", "jpg", "tif")
        # Where a picture lacks only its end it is a whole one, and recognising it takes seconds.
        for share in (
            (0.005, 0.02, 0.1, 0.3, 0.5, 0.7, 0.8)
            if is_picture
            else (0.005, 0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 0.999)
        ):
            yield Hostile(
                f"cut-at-{share}.{suffix}",
                data[: max(1, int(share * len(data)))],
                None,
                "damaged|cut|not|empty|no text|no words|no page|ZIP|nothing but",
            )


def office() -> Iterator[Hostile]:
    """What only LibreOffice reads; few, for each takes a second or more."""
    yield Hostile("groups-100000-deep.rtf", b"{\\rtf1 " + b"{" * 100_000, SourceError, "")
    odt = valid_files.OFFICE["odt"]
    yield Hostile("cut.odt", odt[: len(odt) // 2], UnreadableSource, "damaged")
    yield Hostile("damaged.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), SourceError, "")
