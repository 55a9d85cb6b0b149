"""Hand corrections (人工更正): elements stated in a ``.meta.toml`` file beside a document, in place of what was read.

Keys are the names of the elements; dates are TOML dates or ``"2024-06-20"``; an empty string or list says that the
document has no such element. Whatever is not understood is refused, since a correction that is passed over in
silence, above all one of ``disclosure``, would publish what it was written to hold back.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, NoReturn, TypeVar

from rag.domain.access import Disclosure
from rag.domain.document import Elements, Kind, Proposal, ProposalBody
from rag.errors import UnreadableSource
from rag.parsing.places import place_of

SIDECAR_SUFFIX = ".meta.toml"

MOST_BYTES = 64 * 1024

E = TypeVar("E", Kind, Disclosure, ProposalBody)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# From what anyone may read to what no one outside may: of several statements the last of these holds.
_RESTRICTIVENESS = (Disclosure.PUBLIC, Disclosure.ON_REQUEST, Disclosure.UNLABELLED, Disclosure.INTERNAL)


@dataclass(frozen=True, slots=True)
class Corrections:
    """Elements stated by hand.

    Attributes:
        elements: By their names in ``Elements``; ``None`` or ``()`` where the document has none.
        kind: Stated 文种, ``None`` when not.
        heeds_text: The text's own label stands where it is more restrictive than the stated one.
    """

    elements: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None
    heeds_text: bool = False

    @property
    def disclosure(self) -> Disclosure | None:
        """The stated label, ``None`` when none is."""
        return self.elements.get("disclosure")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the corrected elements, in the order of ``Elements``, then ``kind``."""
        named = tuple(f.name for f in fields(Elements) if f.name in self.elements)
        return (*named, "kind") if self.kind is not None else named

    def applied(self, elements: Elements) -> Elements:
        """Return the elements as corrected: what was stated has no span, as it stands nowhere in the text.

        The place follows a corrected issuer, unless it is stated itself.
        """
        values = dict(self.elements)
        label = elements.disclosure
        if self.heeds_text and self.disclosure is not None and label is not Disclosure.UNLABELLED:
            values["disclosure"] = most_restrictive((self.disclosure, label))
        if "issuer" in values and "place" not in values:
            values["place"] = place_of(values["issuer"]) if values["issuer"] else None
        spans = {name: found for name, found in elements.spans.items() if name.partition(".")[0] not in values}
        return replace(elements, **values, spans=spans, corrected=self.names)


NONE = Corrections()


def most_restrictive(labels: Iterable[Disclosure]) -> Disclosure:
    """Return the label under which the fewest may read: deny beats allow."""
    return max(labels, key=_RESTRICTIVENESS.index)


def combined(stated: Sequence[Corrections | None]) -> Corrections:
    """Return the corrections of a document that several files hold.

    Args:
        stated: Of each file in the order of their names, ``None`` where none stand beside it.

    Returns:
        The first ones, under the most restrictive label of all; where a file's corrections state no label, its text
        speaks for it.
    """
    given = [corrections for corrections in stated if corrections is not None]
    if not given:
        return NONE
    labels = [corrections.disclosure for corrections in given if corrections.disclosure is not None]
    if not labels:
        return given[0]
    elements = {**given[0].elements, "disclosure": most_restrictive(labels)}
    return replace(given[0], elements=elements, heeds_text=len(labels) < len(stated))


def read_corrections(data: bytes, name: str) -> Corrections:
    """Read a file of corrections.

    Args:
        data: Its bytes.
        name: Its name, for errors.

    Raises:
        UnreadableSource: It is no TOML, or holds a key or value that is none. The reason names the key and what may
            stand there, and never repeats a value.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableSource(name, f"更正文件超过 {MOST_BYTES // 1024} KB (larger than {MOST_BYTES // 1024} KB)")
    try:
        stated = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableSource(name, "更正文件不是 UTF-8 (not UTF-8)") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableSource(name, "更正文件不是有效的 TOML (not valid TOML)") from error
    kind: Kind | None = None
    elements: dict[str, Any] = {}
    for key, value in stated.items():
        at = _Key(name, key)
        if key == "kind":
            kind = at.one_of(Kind, value)
        elif key in _READERS:
            elements[key] = _READERS[key](at, value)
        else:
            at.refuse(f"没有这个要素，可用的有 {', '.join((*_READERS, 'kind'))} (unknown element)")
    return Corrections(elements, kind)


class _Key:
    """Where a value stands, to say what is wrong with it."""

    def __init__(self, sidecar: str, key: str) -> None:
        self._sidecar = sidecar
        self._key = key

    def refuse(self, reason: str) -> NoReturn:
        raise UnreadableSource(self._sidecar, f"{self._key[:60]!r}: {reason}")

    def words(self, value: object) -> str | None:
        if not isinstance(value, str):
            self.refuse("应为文字 (a string is wanted)")
        return " ".join(value.split()) or None

    def list_of_words(self, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            words = self.words(value)
            return (words,) if words else ()
        if not isinstance(value, list):
            self.refuse("应为文字的列表 (a list of strings is wanted)")
        return tuple(words for item in value if (words := self.words(item)))

    def day(self, value: object) -> date | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value == "":
            return None
        found = None
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                found = date.fromisoformat(value)
        if found is None:
            self.refuse("应为日期，如 2024-06-20 (a date such as 2024-06-20 is wanted)")
        return found

    def label(self, value: object) -> Disclosure:
        return Disclosure.UNLABELLED if value == "" else self.one_of(Disclosure, value)

    def one_of(self, names: type[E], value: object) -> E:
        allowed = [member.value for member in names]
        if not isinstance(value, str) or value not in allowed:
            self.refuse(f"应为 {' | '.join(allowed)} 之一 (one of these is wanted)")
        return names(value)

    def proposal(self, value: object) -> Proposal | None:
        if value == "":
            return None
        if not isinstance(value, dict):
            self.refuse("应为 [proposal] 一节 (a table is wanted)")
        if not value:
            return None
        for key in value:
            if key not in ("body", "session", "number", "title"):
                self._part(key).refuse("没有这一项，可用的有 body, session, number, title (unknown key)")
        if "body" not in value:
            self._part("body").refuse("缺少，应为 cppcc | npc 之一 (missing; one of these is wanted)")
        return Proposal(
            self._part("body").one_of(ProposalBody, value["body"]),
            *(self._part(key).words(value.get(key, "")) for key in ("session", "number", "title")),
        )

    def _part(self, key: str) -> _Key:
        return _Key(self._sidecar, f"{self._key}.{key}")


_READERS: Mapping[str, Callable[[_Key, object], Any]] = {
    "title": _Key.words,
    "document_number": _Key.words,
    "issuer": _Key.words,
    "co_issuers": _Key.list_of_words,
    "place": _Key.words,
    "reply_category": _Key.words,
    "proposal": _Key.proposal,
    "addressees": _Key.list_of_words,
    "cc": _Key.list_of_words,
    "signatory": _Key.words,
    "issued_on": _Key.day,
    "printed_on": _Key.day,
    "disclosure": _Key.label,
    "attachments": _Key.list_of_words,
    "lead_unit": _Key.words,
    "cooperating_units": _Key.list_of_words,
}
