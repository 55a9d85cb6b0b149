"""Twins (同文): one document as several files, say as PDF and DOCX, or as a scan with the text it was printed from.

Replies written from one template, the same notice of two years and a law before and after its revision are nearly
equal in words and are not twins; what tells them apart are their elements, their figures and their dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from rag.domain.document import Elements
from rag.parsing.agencies import same_agency
from rag.parsing.likeness import Shingles, likeness, shingles
from rag.text import fold, normalize_document_number, squeeze

LEAST_RESEMBLANCE = 0.85
"""Least share of common runs of letters between two texts that were written, not recognised."""

LEAST_RESEMBLANCE_RECOGNISED = 0.65
"""The same where one was recognised from an image: 2 % of wrong characters leave .82, 3 % leave .75."""

# What only one has would be hidden behind the other: an annex, an article, another answer. Letters of a stretch, or
# its share of the text; misread characters leave more than half of any such stretch alike.
_STRETCH = 100
_STRETCH_SHARE = 0.04
_MOST_APART = 0.65

_NUMBERS_AMISS = 0.05
_NUMBERS_AMISS_RECOGNISED = 0.2
_ALIKE_TITLES = 0.9
_ALIKE_NAMES = 0.8
_LEAST_TITLE = 6

_NUMBER = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")
# 2018年10月26日…修正: a law's history; a date beside it, say of publication on a site, says nothing.
_ENACTED = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:(?!\d{4}年)[^。；]){0,60}?(?:修正|修订|通过|公布|施行)"
)


@dataclass(frozen=True)
class Compared:
    """A document as twins are told by it.

    Attributes:
        is_recognised: Some of its words were recognised from an image.
    """

    text: str
    elements: Elements
    is_recognised: bool

    @cached_property
    def shingles(self) -> Shingles:
        """Hashes of its runs of letters; see ``rag.parsing.likeness``."""
        return shingles(self.text)

    @cached_property
    def folded(self) -> str:
        """Its text in the form in which texts are compared."""
        return fold(self.text)

    @cached_property
    def numbers(self) -> Counter[str]:
        """How often each number in figures stands in it."""
        return Counter(_NUMBER.findall(self.folded))

    @cached_property
    def enactments(self) -> frozenset[str]:
        """Days on which it says that it was passed, revised or put in force, as eight digits."""
        text = "".join(self.folded.split())
        return frozenset(f"{m['year']}{m['month']:0>2}{m['day']:0>2}" for m in _ENACTED.finditer(text))


def are_twins(one: Compared, other: Compared) -> bool:
    """Tell whether two files hold the same document."""
    if not agree(one, other):
        return False
    if one.text == other.text:
        return True
    if not (_numbers_agree(one, other) and _enactments_agree(one, other)):
        return False
    shorter = min(len(one.shingles), len(other.shingles))
    found = likeness(one.shingles, other.shingles, stretch=max(_STRETCH, int(_STRETCH_SHARE * shorter)))
    is_recognised = one.is_recognised or other.is_recognised
    least = LEAST_RESEMBLANCE_RECOGNISED if is_recognised else LEAST_RESEMBLANCE
    return found.resemblance >= least and found.worst_stretch <= _MOST_APART


def agree(one: Compared, other: Compared) -> bool:
    """Tell whether the elements that both have are the same.

    Where words were recognised, one element may differ by one character, and names by a few.
    """
    is_recognised = one.is_recognised or other.is_recognised
    a, b = one.elements, other.elements
    if a.title and b.title and not _titles_agree(a.title, b.title, is_recognised=is_recognised):
        return False
    if not _issuers_agree(a, b, is_recognised=is_recognised):
        return False
    differing = [(x, y) for x, y in _identities(a, b) if x != y]
    if is_recognised:
        return not differing or (len(differing) == 1 and _differ_by_one(*differing[0]))
    return not differing


def _identities(a: Elements, b: Elements) -> Iterator[tuple[str, str]]:
    """Yield what names one document and no other, where both have it."""
    if a.document_number and b.document_number:
        yield normalize_document_number(a.document_number), normalize_document_number(b.document_number)
    if a.issued_on and b.issued_on:
        yield a.issued_on.isoformat(), b.issued_on.isoformat()
    if a.proposal and b.proposal:
        yield a.proposal.body, b.proposal.body
        if a.proposal.number and b.proposal.number:
            yield a.proposal.number.lstrip("0"), b.proposal.number.lstrip("0")


def _differ_by_one(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(x != y for x, y in zip(one, other, strict=True)) == 1


def _titles_agree(one: str, other: str, *, is_recognised: bool) -> bool:
    """Whether titles are the same, or one is the other with more words around it (the name of a site)."""
    a, b = sorted((_NOT_LETTERS.sub("", fold(one)), _NOT_LETTERS.sub("", fold(other))), key=len)
    if _NUMBER.findall(a) != _NUMBER.findall(b):
        return False
    if a == b or (len(a) >= _LEAST_TITLE and a in b):
        return True
    return is_recognised and _alike(a, b) >= _ALIKE_TITLES


def _issuers_agree(a: Elements, b: Elements, *, is_recognised: bool) -> bool:
    """Whether an organ issued both; formats differ in which of several they name first."""
    ones, others = ([squeeze(name) for name in (e.issuer, *e.co_issuers) if name] for e in (a, b))
    if not ones or not others:
        return True
    return any(
        x in y or y in x or same_agency(x, y) or (is_recognised and _alike(x, y) >= _ALIKE_NAMES)
        for x in ones
        for y in others
    )


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _numbers_agree(one: Compared, other: Compared) -> bool:
    """Whether the one with fewer numbers has hardly any that the other lacks: numbering and page numbers may be lost."""
    fewer = min(one.numbers.total(), other.numbers.total())
    amiss = fewer - (one.numbers & other.numbers).total()
    if one.is_recognised or other.is_recognised:
        return amiss <= max(1, _NUMBERS_AMISS_RECOGNISED * fewer)
    return amiss <= _NUMBERS_AMISS * fewer


def _enactments_agree(one: Compared, other: Compared) -> bool:
    """Whether neither names a day of revision that the other does not; one digit may be misread."""
    a, b = one.enactments, other.enactments
    if not a or not b:
        return True
    is_recognised = one.is_recognised or other.is_recognised
    return all(
        is_recognised and any(_differ_by_one(day, other_day) for other_day in days)
        for days, alone in ((b, a - b), (a, b - a))
        for day in alone
    )
