"""Duties, commitments and events of the five real documents against a gold table written by reading; see ``facts/README.md``."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pytest

from rag.loaders import load
from rag.parsing.document import parse
from tests.parsing.builders import SEEDS, needs_seeds, seed

GOLD = Path(__file__).parent / "facts"
FILES = ("duties.jsonl", "commitments.jsonl")
CORPUS = Path(__file__).parents[2] / "corpus"


@cache
def gold(name):
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


@cache
def document(number):
    return seed(number)


@needs_seeds
@pytest.mark.parametrize("name", FILES)
def test_the_gold_speaks_of_the_text_as_it_is(name):
    for row in gold(name):
        words = document(row["seed"]).text[row["start"] : row["end"]]
        assert hashlib.sha256(words.encode()).hexdigest()[:12] == row["sha256"], row


def test_the_gold_holds_facts_and_no_sentences():
    """Names of units and figures alone: nothing longer stands in it."""
    for name in FILES:
        for row in gold(name):
            words = [*row.get("lead", []), *row.get("cooperating", []), *row.get("figures", []), row.get("actor") or ""]
            assert max(len(name) for word in words for name in word.split("、")) <= 20
    assert len(gold("commitments.jsonl")) == 45
    assert sum(row["form"] == "bracket" for row in gold("duties.jsonl")) == 26


def precision_and_recall(found, wanted):
    right = len(found & wanted)
    return right / max(len(found), 1), right / len(wanted)


@needs_seeds
def test_the_brackets_of_the_plan_are_read_without_fault():
    wanted = {
        (row["start"], row["end"], row["task_start"], tuple(row["lead"]), tuple(row["cooperating"]))
        for row in gold("duties.jsonl")
        if row["form"] == "bracket"
    }
    found = {
        (duty.span.start, duty.span.end, duty.task_span.start, duty.lead, duty.cooperating)
        for duty in document("003").duties
        if duty.form == "bracket"
    }
    assert precision_and_recall(found, wanted) == (1.0, 1.0)


def overlap(row, span):
    """Intersection over union of a gold fact and a span."""
    common = min(row["end"], span.end) - max(row["start"], span.start)
    return common / (max(row["end"], span.end) - min(row["start"], span.start))


def bare(figure):
    """Return a figure without its words of bound, which may stand apart from it."""
    return re.sub(r"^(?:近|约|不低于|不少于|至少|超过)|(?:以上|左右)$", "", figure)


@needs_seeds
def test_commitments_are_found_and_told_apart():
    """Half of the words in common and the same status make a hit; then date, figures and actor are compared."""
    rows = gold("commitments.jsonl")
    found = [(number, c) for number in ("000", "001", "002", "003", "004") for c in document(number).commitments]
    matched = []
    for number, commitment in found:
        row = next(
            (
                row
                for row in rows
                if row["seed"] == number
                and row["status"] == commitment.status
                and overlap(row, commitment.span) >= 0.5
                and not any(row is other for other, _ in matched)
            ),
            None,
        )
        if row is not None:
            matched.append((row, commitment))
    assert len(matched) / len(found) >= 0.95
    assert len(matched) / len(rows) >= 0.95
    right = {
        "deadline": sum(row["deadline"] == (c.deadline and c.deadline.isoformat()) for row, c in matched),
        "actor": sum((row["actor"] or document(row["seed"]).elements.issuer) == c.actor for row, c in matched),
        "figures": sum([*map(bare, row["figures"])] == [bare(f.text) for f in c.figures] for row, c in matched),
    }
    assert min(right.values()) / len(matched) >= 0.95, right


@needs_seeds
def test_the_other_responsibility_sentences():
    """The same units, lead and cooperating, said at the same place."""
    rows = [row for row in gold("duties.jsonl") if row["form"] != "bracket"]
    found = [
        (number, duty)
        for number in ("000", "001", "002", "003", "004")
        for duty in document(number).duties
        if duty.form != "bracket"
    ]
    matched = []
    for number, duty in found:
        row = next(
            (
                row
                for row in rows
                if row["seed"] == number
                and (tuple(row["lead"]), tuple(row["cooperating"])) == (duty.lead, duty.cooperating)
                and row["start"] < duty.span.end
                and duty.span.start < row["end"]
                and not any(row is other for other in matched)
            ),
            None,
        )
        if row is not None:
            matched.append(row)
    assert len(matched) / len(found) >= 0.95
    assert len(matched) / len(rows) >= 0.95


@cache
def sample(path):
    return parse(load((CORPUS / path).read_bytes(), path), source=path, sha256="0" * 64)


def documents_with_events():
    """Yield each document that the gold table of events was read from: those of the sample corpus and the real ones."""
    yield from ((path, sample(path)) for path in sorted(str(p.relative_to(CORPUS)) for p in CORPUS.rglob("*/*.*")))
    if SEEDS.is_dir():
        yield from ((number, document(number)) for number in ("000", "001", "002", "003", "004"))


def test_events_are_found_with_their_days():
    """Half of the words in common make a hit; then days, actor and place are compared."""
    texts = dict(documents_with_events())
    rows = [row for row in gold("events.jsonl") if row["document"] in texts]
    for row in rows:
        words = texts[row["document"]].text[row["start"] : row["end"]]
        assert hashlib.sha256(words.encode()).hexdigest()[:12] == row["sha256"], row
    matched, found = [], 0
    for name, text in texts.items():
        for event in text.events:
            found += 1
            assert event.when_span.of(text.text).replace(" ", "") == event.when.replace(" ", "")
            row = next((r for r in rows if r["document"] == name and overlap(r, event.span) >= 0.5), None)
            if row is not None and not any(row is other for other, *_ in matched):
                matched.append((row, event, text.elements.issuer))
    assert len(matched) / found >= 0.95
    assert len(matched) / len(rows) >= 0.95
    right = {
        "days": sum(days_of(row) == days(event.period) for row, event, _ in matched),
        "actor": sum(
            {"-": None, None: issuer}.get(row["actor"], row["actor"]) == e.actor for row, e, issuer in matched
        ),
        "where": sum(row["where"] == event.where for row, event, _ in matched),
    }
    assert min(right.values()) / len(matched) >= 0.95, right


def days_of(row):
    return (row["starts_on"], row["ends_on"])


def days(period):
    if period is None:
        return (None, None)
    return (period.first.isoformat(), period.last.isoformat() if period.last else None)
