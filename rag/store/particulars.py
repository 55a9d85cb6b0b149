"""Particulars as SQL conditions over ``documents AS d``; elements are read from their JSON, words from title and text."""

# ruff: noqa: S608 - what is put into the SQL is our own tests; values are bound.

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache

import opencc

from rag.domain.particulars import Particulars
from rag.parsing.agencies import same_agency
from rag.store.conditions import Condition, issuer_keys
from rag.text import HAN

# SQL functions that this module needs on a connection.
_HOLDS = "rag_holds"
_SAME_AGENCY = "rag_same_agency"


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that ``particular_conditions`` calls."""
    connection.create_function(_HOLDS, 2, _holds, deterministic=True)
    connection.create_function(_SAME_AGENCY, 2, _same_agency, deterministic=True)


def particular_conditions(particulars: Particulars) -> Iterator[Condition]:
    """Yield the conditions that a document must meet, those that are cheap to tell first."""
    if particulars.issuer is not None:
        keys = issuer_keys(particulars.issuer) or ()
        ends = " OR ".join(["instr(d.issuer_key || char(10), ? || char(10)) > 0"] * len(keys))
        yield Condition(f"({ends or 0})", keys)
    if particulars.disclosure is not None:
        yield Condition("d.disclosure = ?", (particulars.disclosure.value,))
    if particulars.reply_category is not None:
        yield _element("upper(json_extract(c.elements, '$.reply_category')) = ?", particulars.reply_category.upper())
    if particulars.proposal_body is not None:
        yield _element("json_extract(c.elements, '$.proposal.body') = ?", particulars.proposal_body.value)
    if particulars.proposal_number is not None:
        yield _element("ltrim(json_extract(c.elements, '$.proposal.number'), '0') = ?", particulars.proposal_number)
    if particulars.lead_unit is not None:
        yield _element(f"{_SAME_AGENCY}(json_array(json_extract(c.elements, '$.lead_unit')), ?)", particulars.lead_unit)
    if particulars.cooperating_unit is not None:
        yield _element(
            f"{_SAME_AGENCY}(json_extract(c.elements, '$.cooperating_units'), ?)", particulars.cooperating_unit
        )
    for words in particulars.named:
        yield _element(
            f"{_HOLDS}(coalesce(d.title, '') || char(10) ||"
            " coalesce(json_extract(c.elements, '$.proposal.title'), ''), ?)",
            json.dumps(words),
        )
    for words in particulars.mentioned:
        yield _element(f"{_HOLDS}(c.text, ?)", json.dumps(words))


def _element(test: str, value: str) -> Condition:
    return Condition(f"EXISTS (SELECT 1 FROM contents AS c WHERE c.document = d.id AND {test})", (value,))


def _holds(text: str, words: str) -> bool:
    return pattern_of(tuple(json.loads(words))).search(text) is not None


@lru_cache(maxsize=1)
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@lru_cache(maxsize=64)
def pattern_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds any of ``words``, in either script and width, layout blanks between characters or not.

    A search of it over a text costs less than to fold the text.
    """

    def either(character: str) -> str:
        wide = chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else ""
        return f"[{re.escape(''.join(sorted({character, _to_traditional().convert(character), *wide})))}]"

    def spelt(word: str) -> str:
        gap = r"\s*" if re.search(f"[{HAN}]", word) else ""
        return gap.join(map(either, word))

    return re.compile("|".join(spelt(word) for word in words), re.IGNORECASE)


def _same_agency(units: str | None, asked: str) -> bool:
    return any(unit and (same_agency(unit, asked) or asked in unit) for unit in json.loads(units or "[]"))
