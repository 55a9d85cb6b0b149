"""The tables of lies and paraphrases, and small objects with defaults."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rag.answering.drafting.draft import read_draft
from rag.answering.drafting.evidence import NumberedEvidence
from rag.domain.access import Disclosure
from rag.domain.document import DocumentSummary, Kind
from rag.domain.span import Span

HERE = Path(__file__).parent


class Case(NamedTuple):
    id: str
    kind: str
    evidence: list[str]
    sentence: str


def evidence(
    text: str,
    number: int = 1,
    *,
    document_id: str = "d1",
    title: str | None = "关于校园安全的答复",
    document_number: str | None = "岫教函〔2024〕33号",
    issuer: str | None = "云岫市教育局",
    place: str | None = "云岫市",
    issued_on: date | None = date(2024, 7, 12),
    section: tuple[str, ...] = (),
) -> NumberedEvidence:
    document = DocumentSummary(
        document_id,
        f"{document_id}.txt",
        title,
        document_number,
        issuer,
        place,
        Kind.REPLY,
        issued_on,
        None,
        Disclosure.PUBLIC,
    )
    return NumberedEvidence(number, document, section, Span(0, len(text)), text)


@cache
def _known() -> dict[str, dict[str, object]]:
    lines = [
        json.loads(line)
        for name in ("evidence.jsonl", "evidence_held_out.jsonl", "evidence_second.jsonl", "evidence_third.jsonl")
        for line in (HERE / name).read_text(encoding="utf-8").splitlines()
    ]
    return {line["id"]: line for line in lines}


def cases(name: str) -> list[Case]:
    return [Case(**json.loads(line)) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def evidence_of(case: Case) -> list[NumberedEvidence]:
    found = []
    for number, name in enumerate(case.evidence, 1):
        known = dict(_known()[name])
        found.append(
            evidence(
                str(known["text"]),
                number,
                document_id=name,
                title=str(known["title"]),
                document_number=str(known["number"]),
                issuer=str(known["issuer"]),
                place=known["place"],
                issued_on=date.fromisoformat(str(known["issued_on"])),
                section=tuple(known["section"]),
            )
        )
    return found


def sentence_of(case: Case) -> tuple[str, tuple[int, ...]]:
    (sentence,) = read_draft(case.sentence)
    return sentence.text, sentence.citations
