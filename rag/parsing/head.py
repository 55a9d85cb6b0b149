"""Elements above the body (版头, 标题, 主送机关): GB/T 9704-2012, 7.2 and 7.3.1–7.3.2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rag.domain.span import Span
from rag.parsing.adoption import Adoption, read_adoption
from rag.parsing.contents import contents_lines
from rag.parsing.dates import DATE
from rag.parsing.metadata import Metadata, read_metadata
from rag.parsing.occasion import Occasion, read_occasion
from rag.parsing.organs import is_organ, organ_spans, units_in
from rag.parsing.shapes import (
    CATEGORY,
    HONORIFIC,
    LETTERHEAD,
    SIGNATORY,
    Shape,
    are_names,
    document_number,
    read_shapes,
)
from rag.parsing.sheet import Sheet
from rag.parsing.title import ordered_title, organs_of_title, title_above, title_lines, title_span
from rag.text import DOCUMENT_NUMBER

_CATEGORY_LINES = 12
"""Lines at the end among which some places set the class of a reply."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says.

    Attributes:
        organs: Organs of the letterhead, or of lines of their own above the title.
        title_organs: Organs that the title opens with.
        end: Number of the first line below the head.
        dates: Where the head gives a date of its own, best first.
        adoption: The note under a statute's title (题注).
        occasion: The opening of a report to a congress.
    """

    title: Span | None = None
    document_number: str | None = None
    organs: tuple[Span, ...] = ()
    title_organs: tuple[Span, ...] = ()
    reply_category: str | None = None
    signatory: str | None = None
    addressees: tuple[str, ...] = ()
    end: int = 0
    dates: tuple[Span, ...] = ()
    adoption: Adoption | None = None
    occasion: Occasion | None = None


def read_head(sheet: Sheet) -> Head:
    """Read the elements above the body; spans go to ``sheet``."""
    sheet.contents = contents_lines(sheet)
    metadata = read_metadata(sheet)
    adoption = read_adoption(sheet)
    occasion = read_occasion(sheet)
    notes = (adoption.lines if adoption else (), occasion.lines if occasion else ())
    shapes = read_shapes(sheet, metadata.lines.union(*notes))
    if not shapes:
        return Head(reply_category=_category(sheet, shapes))
    lines = (title_above(sheet, shapes, adoption.lines.start) if adoption else []) or title_lines(sheet, shapes)
    title = metadata.title or title_span(sheet, lines)
    title_of_order = ordered_title(sheet, title, max(shapes) + 1) if title else None
    title_organs = organs_of_title(sheet, title) if title else ()
    if title_of_order is not None and adoption is None:
        # The law that the order issues names its organ below its own title; its date is the order's.
        below = next((n for n, line in enumerate(sheet.lines) if line.span.start > title_of_order.start), None)
        note = read_adoption(sheet, below) if below is not None else None
        adoption = replace(note, date=None) if note else None
    title = title_of_order or title
    organs = _organs(sheet, shapes, lines) or ((metadata.issuer,) if metadata.issuer else ())
    number = _number(sheet, shapes, metadata, adoption)
    addressees = tuple(value for n, s in shapes.items() if s is Shape.ADDRESSEE for value in _addressees(sheet, n))
    is_head = bool(title or addressees or number or organs)
    named = [n for n, shape in shapes.items() if shape is not Shape.FREE] + lines
    dates = [_date_span(sheet, n) for n, shape in shapes.items() if shape is Shape.DATE]
    return Head(
        title=title,
        document_number=number,
        organs=organs,
        title_organs=title_organs,
        reply_category=_category(sheet, shapes),
        signatory=_signatory(sheet, shapes),
        addressees=addressees,
        # Where nothing marks a head (an article of a statute), its lines are body.
        end=max(named, default=-1) + 1 if is_head else 0,
        dates=tuple(
            ([metadata.issued_on] if metadata.issued_on else []) + ([occasion.date] if occasion else []) + dates
        ),
        adoption=adoption,
        occasion=occasion,
    )


def _date_span(sheet: Sheet, number: int) -> Span:
    match = DATE.search(sheet.words(number))
    return sheet.span(number, *match.span()) if match else sheet.lines[number].span


def _category(sheet: Sheet, shapes: Mapping[int, Shape]) -> str | None:
    end = len(sheet.lines)
    last = range(max(len(shapes), end - _CATEGORY_LINES), end)
    for number in [*shapes, *last]:
        words = sheet.words(number)
        match = CATEGORY.search(words) if len(words) <= 60 else None
        if match is not None and "满意" not in words:
            group = next(name for name in ("category", "bracketed", "bare") if match[name])
            if group != "category" and number not in shapes:
                continue  # （A） alone below is an item
            sheet.record_one("reply_category", sheet.span(number, *match.span(group)))
            letter = match[group].upper()
            return letter if letter.isascii() else chr(ord(letter) - 0xFEE0)
    return None


def _signatory(sheet: Sheet, shapes: Mapping[int, Shape]) -> str | None:
    """Read 签发人; of several, the names below the first stand on lines of their own or beside the number."""
    spans: list[Span] = []
    for number, shape in shapes.items():
        words = sheet.words(number)
        if not spans:
            match = SIGNATORY.search(words)
            spans.extend(_names(sheet, number, *match.span("names")) if match else ())
        elif shape is Shape.SIGNATORIES:
            spans.extend(_names(sheet, number, 0, len(words)))
        else:
            match = DOCUMENT_NUMBER.search(words) if shape is Shape.NUMBER else None
            after = words[match.end() :] if match else ""
            if are_names(after.strip(" \u3000")):
                spans.extend(_names(sheet, number, len(words) - len(after), len(words)))
            break
    return " ".join(sheet.record("signatory", *spans)) or None


_NAME = re.compile(r"[\u3400-\u9fff·]{2,8}|[\u3400-\u9fff](?:[ \u3000]{1,2}[\u3400-\u9fff](?![\u3400-\u9fff])){1,2}")


def _names(sheet: Sheet, number: int, start: int, end: int) -> list[Span]:
    """Cut names set side by side; a name of two characters has a blank in it (李　明)."""
    words = sheet.words(number)
    found = [sheet.span(number, *match.span()) for match in _NAME.finditer(words, start, end)]
    return found or [sheet.span(number, start, end)]


# 市政府令第179号: orders are numbered without an agency code and a year.
_NUMBER_WITHOUT_CODE = re.compile(r"[\u3400-\u9fff]{0,20}第\s{0,3}\d{1,5}\s{0,3}号")


def _number(sheet: Sheet, shapes: Mapping[int, Shape], metadata: Metadata, adoption: Adoption | None) -> str | None:
    spans = (document_number(sheet, number) for number, shape in shapes.items() if shape is Shape.NUMBER)
    span = next((span for span in spans if span is not None), None)
    if span is None and metadata.document_number is not None:
        place = metadata.document_number
        match = DOCUMENT_NUMBER.search(sheet.plain, place.start, place.end)
        match = match or _NUMBER_WITHOUT_CODE.search(sheet.plain, place.start, place.end)
        span = Span(*match.span()) if match else None
    if span is None and adoption is not None:
        span = adoption.number
    return sheet.record_one("document_number", span) if span else None


def _addressees(sheet: Sheet, number: int) -> tuple[str, ...]:
    line = sheet.lines[number].span
    honorific = HONORIFIC.match(sheet.plain, line.start, line.end)
    whole = sheet.trimmed(honorific.end() if honorific else line.start, line.end, " \t\u3000：:")
    return sheet.record("addressees", *units_in(sheet, whole))


_LETTERHEAD_PART = re.compile(r"[^ \u3000、]+")


def _organs(sheet: Sheet, shapes: Mapping[int, Shape], title: list[int]) -> tuple[Span, ...]:
    """Return the organs of the letterhead: lines above the title that end with 文件 or name organs only."""
    found: list[Span] = []
    limit = title[0] if title else len(sheet.lines)
    for number, shape in shapes.items():
        if number >= limit:
            break
        if shape is Shape.LETTERHEAD and (match := LETTERHEAD.fullmatch(sheet.words(number))):
            inner = sheet.span(number, *match.span("organ"))
            words = inner.of(sheet.plain)
            parts = [Span(*part.span()).shift(inner.start) for part in _LETTERHEAD_PART.finditer(words)]
            joint = len(parts) > 1 and all(is_organ(part.of(sheet.plain)) for part in parts)
            found.extend(parts if joint else [sheet.trimmed(inner.start, inner.end)])
        elif shape is Shape.ORGAN:
            found.extend(organ_spans(sheet, number))
    return tuple(found)
