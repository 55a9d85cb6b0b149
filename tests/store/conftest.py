from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from rag.domain.access import Disclosure
from rag.domain.commitment import Bound, Commitment, CommitmentStatus, Figure
from rag.domain.document import Block, BlockRole, Elements, Kind, OfficialDocument, Proposal, ProposalBody
from rag.domain.event import Event, Period
from rag.domain.obligation import Duty, DutyForm
from rag.domain.passage import Clause, Passage
from rag.domain.span import Span
from rag.store.repository import Catalog

TEXT = "关于青溪市校园安全的复函\n一、总体安排\n市教育局牵头，市公安局配合。\n二、保障措施\n每年检查两次。"


@dataclass
class Maker:
    """Makes documents and takes them in; every field has a default."""

    catalog: Catalog
    made: dict[str, OfficialDocument] = field(default_factory=dict)

    def document(
        self,
        source: str = "甲/1.txt",
        *,
        text: str = TEXT,
        kind: Kind = Kind.REPLY,
        title: str | None = "关于青溪市校园安全的复函",
        issuer: str | None = "青溪市教育局",
        co_issuers: tuple[str, ...] = (),
        place: str | None = "青溪市",
        number: str | None = "青教函〔2024〕12号",
        issued_on: date | None = date(2024, 5, 6),
        printed_on: date | None = None,
        disclosure: Disclosure = Disclosure.PUBLIC,
        seed: str | None = None,
    ) -> OfficialDocument:
        sha256 = hashlib.sha256((seed or source).encode()).hexdigest()
        lines, at = [], 0
        for line in text.split("\n"):
            lines.append(Span(at, at + len(line)))
            at += len(line) + 1
        clauses = tuple(
            Clause(Span(line.start, len(text)), line, 1, (line.of(text),))
            for line in lines
            if line.of(text)[1:2] == "、"
        )
        duties = tuple(
            Duty("校园安全", line, line, ("一、总体安排",), DutyForm.STATEMENT, ("市教育局",), ("市公安局",), ("市教育局",), ("市公安局",))
            for line in lines
            if "牵头" in line.of(text)
        )  # fmt: skip
        commitments = tuple(
            Commitment(line, line.of(text), issuer, "检查两次", CommitmentStatus.PLANNED, date(2024, 12, 31), "今年内",
                       (Figure("两次", Span(line.start + 4, line.start + 6), 2.0, None, "次", Bound.EXACT),), ("二、保障措施",))
            for line in lines
            if "检查" in line.of(text)
        )  # fmt: skip
        events = tuple(
            Event(line, line.of(text), "检查", "检查两次", issuer, None, "3月", Span(line.start, line.start + 2),
                  Period(date(2024, 3, 1), date(2024, 3, 31)), ("二、保障措施",))
            for line in lines
            if "检查" in line.of(text)
        )  # fmt: skip
        return OfficialDocument(
            document_id=sha256[:16],
            source=source,
            sha256=sha256,
            kind=kind,
            text=text,
            elements=Elements(
                title=title,
                document_number=number,
                issuer=issuer,
                co_issuers=co_issuers,
                place=place,
                reply_category="A",
                proposal=Proposal(ProposalBody.CPPCC, "六届四次会议", "0018", "关于校园安全"),
                addressees=("市政协",),
                issued_on=issued_on,
                printed_on=printed_on,
                disclosure=disclosure,
                spans={"title": (lines[0],)},
            ),
            blocks=tuple(Block(line, BlockRole.BODY, 1) for line in lines),
            clauses=clauses,
            duties=duties,
            commitments=commitments,
            events=events,
            pages=1,
        )

    def passages(self, document: OfficialDocument) -> list[Passage]:
        return [
            Passage(f"{document.document_id}-{n}", document.document_id, n, b.span, ("一、总体安排",) if n else (), b.page, b.span.of(document.text))
            for n, b in enumerate(document.blocks)
        ]  # fmt: skip

    def take_in(self, source: str = "甲/1.txt", **changes: object) -> OfficialDocument:
        document = self.document(source, **changes)  # type: ignore[arg-type]
        self.catalog.replace(document, self.passages(document), size=10, mtime_ns=20, recipe="1", root="/corpus")
        self.made[source] = document
        return document


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "catalog.db"


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    with Catalog.open(path) as catalog:
        yield catalog


@pytest.fixture
def maker(catalog: Catalog) -> Maker:
    return Maker(catalog)
