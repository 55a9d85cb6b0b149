"""Putting an answer together: numbered citations, statements with marks, and the name of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from rag.domain.answer import (
    Answer,
    Citation,
    CommitmentFinding,
    ComparisonRow,
    DutyFinding,
    EventFinding,
    Lead,
    Statement,
    Status,
    WorkedOut,
)
from rag.domain.document import DocumentSummary
from rag.domain.span import Span
from rag.text import close_up

_LIKE_A_MARK = re.compile(r"\[(\d{1,3})\]")


def label(document: DocumentSummary) -> str:
    """Name a document as a citation does (引用格式): issuer with its 文号, else with its title."""
    issuer = document.issuer or ""
    if document.document_number:
        return f"{issuer}（{document.document_number}）" if issuer else document.document_number
    if document.title:
        return f"《{document.title}》" if document.title.startswith(issuer) else f"{issuer}《{document.title}》"
    return issuer or document.source


class Composer:
    """Collects statements and the citations they rest on; the same words are cited once."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._citations: dict[tuple[str, Span], Citation] = {}
        self._statements: list[Statement] = []
        self._duties: list[DutyFinding] = []
        self._commitments: list[CommitmentFinding] = []
        self._events: list[EventFinding] = []
        self._extracts = 0
        self._rows: list[ComparisonRow] = []
        self._count: int | None = None
        self.counted_in = ""
        """What is counted next is of this place, year or document, where the question asks of several."""

    def cite(
        self, document: DocumentSummary, text: str, span: Span, *, section: Sequence[str] = (), page: int | None = None
    ) -> int:
        """Cite words of a document.

        Args:
            document: The document.
            text: Its canonical text, or the words alone when they are exactly as long as ``span``.
            span: Where the words stand in the canonical text.
            section: Heading path.
            page: 1-based page.

        Returns:
            The citation's id.
        """
        key = (document.document_id, span)
        if key not in self._citations:
            quote = text if len(text) == len(span) else span.of(text)
            self._citations[key] = Citation(len(self._citations) + 1, document, tuple(section), span, quote, page)
        return self._citations[key].id

    def state(self, text: str, citations: Sequence[int], *, worked_out: WorkedOut | None = None) -> None:
        """Add a statement; what was worked out is put behind it in brackets."""
        said = close_up(f"{text}（{worked_out.chinese}）" if worked_out else text)
        # [1] in a document's words is no mark of ours.
        said = _LIKE_A_MARK.sub(r"［\1］", said)
        self._statements.append(Statement(said, tuple(citations), worked_out))

    def work_out(self, number: int, worked_out: WorkedOut) -> None:
        """Put behind a statement, by its number from 0, what the words it cites come to."""
        said = self._statements[number]
        text = f"{said.text}（{worked_out.chinese}）"
        self._statements[number] = replace(said, text=text, worked_out=worked_out)

    def lead_with(self, words: str) -> None:
        """Say something before the first statement."""
        first = self._statements[0]
        self._statements[0] = replace(first, text=words + first.text)

    def state_count(self, text: str, count: int, citations: Sequence[int], *, listed: int | None = None) -> None:
        """Add the statement of how many documents or duties there are, before those that are listed; by default all are.

        It rests on all that are listed.
        """
        self.state(f"{self.counted_in}{text}", tuple(dict.fromkeys(citations)))
        self._statements[-1] = replace(self._statements[-1], count=count, listed=count if listed is None else listed)
        if not self.counted_in:
            self._count = count

    def absorb(self, other: Composer) -> list[Statement]:
        """Add all that another composer holds, its citations numbered on from here.

        Returns:
            Its statements, as they stand here.
        """
        numbers: dict[int, int] = {}
        for key, citation in other._citations.items():
            if key not in self._citations:
                self._citations[key] = replace(citation, id=len(self._citations) + 1)
            numbers[citation.id] = self._citations[key].id
        added = [replace(s, citations=tuple(numbers[i] for i in s.citations)) for s in other._statements]
        self._statements += added
        self._duties += [replace(d, citations=tuple(numbers[i] for i in d.citations)) for d in other._duties]
        self._commitments += [replace(c, citations=tuple(numbers[i] for i in c.citations)) for c in other._commitments]
        self._events += [replace(e, citations=tuple(numbers[i] for i in e.citations)) for e in other._events]
        return added

    @property
    def documents(self) -> dict[int, DocumentSummary]:
        """The document of each citation, by its id."""
        return {citation.id: citation.document for citation in self._citations.values()}

    def add_rows(self, rows: Sequence[ComparisonRow]) -> None:
        """Add rows of a comparison."""
        self._rows += rows

    def add_duty(self, duty: DutyFinding) -> None:
        """Add a duty finding."""
        self._duties.append(duty)

    def add_commitment(self, finding: CommitmentFinding) -> None:
        """Add a commitment that a statement gives."""
        self._commitments.append(finding)

    def add_event(self, finding: EventFinding) -> None:
        """Add an event that a statement gives."""
        self._events.append(finding)

    @property
    def stated(self) -> Sequence[Statement]:
        """What has been stated so far, in order."""
        return tuple(self._statements)

    @property
    def citations(self) -> dict[int, Citation]:
        """The citations so far, by id."""
        return {citation.id: citation for citation in self._citations.values()}

    @contextmanager
    def extracting(self) -> Iterator[None]:
        """Count what is stated meanwhile as sentences chosen from documents (摘句), not as facts or whole lists."""
        before = len(self._statements)
        yield
        self._extracts += len(self._statements) - before

    @property
    def is_extract(self) -> bool:
        """Whether all that was stated are sentences chosen from documents."""
        return 0 < self._extracts == len(self._statements)

    @property
    def first_quote(self) -> str:
        """The words of a document that the first statement rests on, ``""`` when there is more than one piece."""
        marks = self._statements[0].citations if self._statements else ()
        return next((c.quote for c in self._citations.values() if marks == (c.id,)), "")

    @property
    def question(self) -> str:
        """The question, as the answer will give it."""
        return self._question

    @property
    def count(self) -> int | None:
        """The number of all documents or duties asked for, where it was stated."""
        return self._count

    @property
    def is_counted(self) -> bool:
        """Whether any count was stated."""
        return any(statement.count is not None for statement in self._statements)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been stated."""
        return not self._statements

    def answer(self) -> Answer:
        """Return the answer made of what was stated."""
        text = "\n".join(s.text + "".join(f"[{i}]" for i in s.citations) for s in self._statements)
        return Answer(
            question=self._question,
            status=Status.ANSWERED,
            text=text,
            statements=tuple(self._statements),
            citations=tuple(self._citations.values()),
            duties=tuple(self._duties),
            commitments=tuple(self._commitments),
            events=tuple(self._events),
            count=self._count,
            comparison=tuple(self._rows),
        )


def refuse(question: str, reason: str, leads: Sequence[DocumentSummary]) -> Answer:
    """Return a refusal that says why and names the nearest documents."""
    unique = {d.document_id: Lead(d.document_id, d.title) for d in leads}
    return Answer(question=question, status=Status.NO_EVIDENCE, text=reason, leads=tuple(unique.values())[:5])
