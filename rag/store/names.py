"""Names of documents (名称检索), searched as one types: title, 发文字号 and 发文机关, any part of them.

One text with a line a document, in the order of the list, is looked through with ``str.find``: 139,000 names are three
million characters, which takes some milliseconds where nothing is found and less where something is. An inverted index
of single characters would be slower for the usual two or three, and would need to be kept in step.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rag.text import fold

_FIELD = "\x1f"
_NATIONAL = "中华人民共和国"
_LEAST_ENDING = 8
"""Characters of a title from which it may be the end of a longer one, which the organ's name begins."""
_ISSUED = re.compile(r"(?:印发|发布|公布|实施|修订|修改)(?P<title>.+?)的(?:通知|公告|通告|决定|令)")
_WORDS = 8
"""Most words of a query that count."""


class Named(NamedTuple):
    """A document's row number and its names, the first of which is its title."""

    row: int
    names: Sequence[str | None]


class Names:
    """The names of the documents that one scope sees. Never changes."""

    def __init__(self, documents: Iterable[Named]) -> None:
        """Take in documents in the order in which they are to be found."""
        rows: list[int] = []
        lines: list[str] = []
        for document in documents:
            rows.append(document.row)
            lines.append(_FIELD.join(_key(name) for name in document.names if name))
        self._rows = rows
        # Each line begins after a line end, so that a title can be looked for by how it begins.
        self._text = "\n" + "\n".join(lines) + "\n"
        starts: list[int] = []
        at = 1
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        self._starts = starts

    def __len__(self) -> int:
        return len(self._rows)

    def beginning(self, query: str, limit: int) -> list[int]:
        """Return rows to suggest while one types: titles that begin with the words first, then all that hold them.

        Args:
            query: Words; each must stand in one of the names. Signs and blanks inside a name do not count.
            limit: Most rows.
        """
        words = words_of(query)
        found: dict[int, None] = {}
        if words:
            for line in self._lines("\n" + words[0], words[1:]):
                found[line] = None
                if len(found) == limit:
                    break
            for line in self._lines(*_rarest_first(words)) if len(found) < limit else ():
                found[line] = None
                if len(found) == limit:
                    break
        return [self._rows[line] for line in found]

    def holding(self, query: str) -> list[int]:
        """Return the rows whose names hold every word of a query, none when it has no word."""
        words = words_of(query)
        return [self._rows[line] for line in self._lines(*_rarest_first(words))] if words else []

    def titled(self, title: str) -> int | None:
        """Return the first row whose title is this one, else the first that it means; see ``is_title_of``."""
        key = _key(title)
        if not key:
            return None
        near: int | None = None
        for line in self._lines(key, ()):
            start = self._starts[line]
            end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self._text) - 1
            whole = self._text[start:end].partition(_FIELD)[0]
            if whole == key:
                return self._rows[line]
            if near is None and _means(key, whole):
                near = line
        return None if near is None else self._rows[near]

    def _lines(self, first: str, others: Sequence[str]) -> Iterator[int]:
        """Yield the lines that hold all the words, in order, found by ``first``."""
        text, starts = self._text, self._starts
        at = text.find(first)
        while at >= 0:
            line = bisect_right(starts, at + first.startswith("\n")) - 1
            end = starts[line + 1] - 1 if line + 1 < len(starts) else len(text) - 1
            if all(text.find(word, starts[line], end) >= 0 for word in others):
                yield line
            at = text.find(first, end)


def is_title_of(mentioned: str | None, title: str | None) -> bool:
    """Whether a title as it is cited means the document of a title.

    It may lack 中华人民共和国 or, when it is long enough, the name of the organ before it, and may be what the document
    issues: 《公共停车场管理办法》 is 青溪市人民政府关于印发《青溪市公共停车场管理办法》的通知 only when its place is named too.
    """
    wanted, whole = _key(mentioned or ""), _key(title or "")
    return bool(wanted) and (wanted == whole or _means(wanted, whole))


def _means(wanted: str, whole: str) -> bool:
    if whole == _NATIONAL + wanted or (len(wanted) >= _LEAST_ENDING and whole.endswith(wanted)):
        return True
    match = _ISSUED.search(whole)
    return match is not None and match["title"] == wanted


def words_of(query: str) -> list[str]:
    """Return the words of a query in the form in which names are compared."""
    return [word for part in query.split()[:_WORDS] if (word := _key(part))]


def _rarest_first(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the longest word, which is likely to be the rarest, and the others."""
    first = max(words, key=len)
    return first, [word for word in words if word is not first]


def _key(name: str) -> str:
    """Return a name folded, letters, characters and figures alone: 〔2024〕 is as good as (2024) or 2024."""
    return "".join(filter(str.isalnum, fold(name)))
