"""Reading commitments (承诺事项): what will be done, what is to be reached, what was done and how much.

What counts as one is defined in ``rag.domain.commitment``. A sentence is read part by part: a new part begins where
another body or another status does (其他7家将于今年内…, 市卫健局将…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.domain.commitment import Bound, Commitment, CommitmentStatus, Figure
from rag.domain.document import Elements, Kind
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.parsing.clause_finder import ClauseFinder, Place
from rag.parsing.commitment_words import (
    ABOVE,
    ACT,
    AIM,
    AIM_HEADING,
    AIM_WITH_DATE,
    COUNT_OF_DEEDS,
    DATE,
    DONE,
    DONE_UNLESS_COMING,
    FORWARD,
    FORWARD_HEADING,
    FULFILLED,
    FUTURE_HINT,
    HABIT,
    ITSELF,
    LEAST_LEVEL,
    NO_COMMITMENT,
    NUMBER_HINT,
    OTHERS,
    OTHERS_HINT,
    OWN_PLAN,
    PAST_HINT,
    PAST_TIME,
    PLAN_HINT,
    PLAN_NUMBER_HINT,
    PLAN_OF_FIGURES,
    STATE,
    WILL,
    actor_in,
    without_opening,
    word_of_future,
)
from rag.parsing.dates import date_of
from rag.parsing.deadlines import Deadline, read_deadlines
from rag.parsing.figures import read_figures
from rag.parsing.markers import leading_marker
from rag.parsing.places import is_national
from rag.parsing.sheet import Sheet, value_of
from rag.text import sentences

_LONGEST = 600
_LEAST_CHARACTERS = 6
_EDGE = " \t\u3000\n，,：:。；;、-·•*"
# Orders, laws and what they bind; a plan gives orders too, but it also has aims and dates.
_PLANS = frozenset((Kind.PLAN, Kind.NOTICE))
# Who signed it, how long, how many aspects: not what came of it.
_NO_OUTCOME = frozenset(("部门", "部委", "年", "周年", "岁", "小时", "个小时"))


def read_commitments(
    sheet: Sheet, head_end: int, clauses: Sequence[Clause], kind: Kind, elements: Elements
) -> tuple[Commitment, ...]:
    """Read the commitments of a document in reading order; a law has none."""
    if kind is Kind.LAW:
        return ()
    reader = _Reader(sheet, clauses, kind, elements)
    return tuple(reader.read(head_end))


@dataclass(slots=True)
class _Part:
    """A stretch of a sentence of one status.

    Attributes:
        has_plan: A word of future has been seen in it.
        has_done: A word of completion has been seen in it.
    """

    span: Span
    has_plan: bool = False
    has_done: bool = False


class _Reader:
    """Reads one document; knows what section it is in."""

    def __init__(self, sheet: Sheet, clauses: Sequence[Clause], kind: Kind, elements: Elements) -> None:
        self._sheet = sheet
        self._finder = ClauseFinder(sheet, clauses)
        self._is_plan = kind in _PLANS
        self._issuer = elements.issuer
        self._made = date_of(elements)
        # Mixed widths (（…) would leave a bracket open over the next sentence.
        self._plain = sheet.plain.replace("(", "（").replace(")", "）")
        self._forward_section: tuple[str, ...] | None = None
        self._last_aim: tuple[int, Deadline] | None = None
        titles = (clause.heading.of(sheet.plain) for clause in clauses)
        self._has_headings = any(FORWARD_HEADING.search(title) or AIM_HEADING.search(title) for title in titles)
        self._sections: dict[tuple[str, ...], tuple[bool, bool]] = {}

    def read(self, head_end: int) -> Iterator[Commitment]:
        for number in range(head_end, len(self._sheet.lines)):
            line = self._sheet.lines[number]
            if number in self._sheet.foot or number in self._sheet.contents or line.is_table_row:
                continue
            if not self._is_worth_reading(line.span):
                continue
            for sentence in sentences(self._plain, line.span):
                if len(sentence) <= _LONGEST and self._is_worth_reading(sentence):
                    yield from self._sentence(sentence, number)

    def _is_worth_reading(self, span: Span) -> bool:
        """Look quickly whether there can be one in a line or a sentence."""
        hint, hint_with_number = (PLAN_HINT, PLAN_NUMBER_HINT) if self._is_plan else (FUTURE_HINT, PAST_HINT)
        if hint.search(self._plain, span.start, span.end):
            return True
        if hint_with_number.search(self._plain, span.start, span.end) and NUMBER_HINT.search(
            self._plain, span.start, span.end
        ):
            return True
        if not self._has_headings and self._forward_section is None:
            return False
        place = self._finder.at(span.start)
        return self._headed(place.section)[1] or (not self._is_plan and self._is_forward(place))

    def _headed(self, section: tuple[str, ...]) -> tuple[bool, bool]:
        """Tell whether headings say that a section is of what comes next, and of aims."""
        known = self._sections.get(section)
        if known is None:
            known = (
                any(self._is_forward_heading(title) for title in section),
                any(AIM_HEADING.search(title) for title in section),
            )
            self._sections[section] = known
        return known

    def _is_forward_heading(self, title: str) -> bool:
        """Whether a heading announces what comes next: 2025年工作安排 does in a report of 2025, not in one of 2026."""
        match = FORWARD_HEADING.search(title)
        if match is None:
            return False
        return match["year"] is None or self._made.year is None or int(match["year"]) >= self._made.year

    def _sentence(self, sentence: Span, line: int) -> Iterator[Commitment]:
        place = self._finder.at(sentence.start)
        span = self._without_label(sentence, place)
        words = span.of(self._plain)
        if FORWARD.match(words) and not self._is_plan:
            self._forward_section = place.section[:1]
        if len(words) < _LEAST_CHARACTERS or NO_COMMITMENT.search(words):
            return
        forward = not self._is_plan and self._is_forward(place)
        for part in self._parts(span):
            if (found := self._part(part.span, place, line, is_forward=forward)) is not None:
                yield found

    def _without_label(self, sentence: Span, place: Place) -> Span:
        """Leave out the label of an item (一是…。), which its body says again; an item without one is its own."""
        clause = place.clause
        start = sentence.start
        if (
            clause is not None
            and clause.heading.start < sentence.end
            and start < clause.heading.end < clause.span.end - _LEAST_CHARACTERS
        ):
            start = min(clause.heading.end, sentence.end)
        start = self._sheet.trimmed(start, sentence.end, _EDGE).start
        marker = leading_marker(self._plain[start : sentence.end])
        return self._sheet.trimmed(start + (marker.end if marker else 0), sentence.end)

    def _is_forward(self, place: Place) -> bool:
        if self._forward_section is not None and place.section[:1] == self._forward_section:
            return True
        return self._headed(place.section)[0]

    # ------------------------------------------------------------------------------------- parts

    def _parts(self, sentence: Span) -> list[_Part]:
        """Cut where a clause has a subject and a status of its own."""
        whole = sentence.of(self._plain)
        if WILL.search(whole) is None and OTHERS_HINT.search(whole) is None:
            return [_Part(sentence)]
        parts = [_Part(Span(sentence.start, sentence.start))]
        for clause in _clauses(self._plain, sentence):
            words = clause.of(self._plain)
            will, is_done = word_of_future(words), DONE.search(words) is not None
            last = parts[-1]
            begins = (
                (
                    will is not None
                    and (last.has_done or (last.has_plan and bool(without_opening(words[: will.start()]))))
                )
                or (is_done and will is None and last.has_plan)
                or (last.has_done and OTHERS.match(words) is not None)
            )
            if begins:
                last = _Part(clause)
                parts.append(last)
            last.span = Span(last.span.start, clause.end)
            last.has_plan = last.has_plan or will is not None
            last.has_done = last.has_done or (is_done and will is None)
        return parts

    def _part(self, span: Span, place: Place, line: int, *, is_forward: bool) -> Commitment | None:
        span = self._sheet.trimmed(span.start, span.end)
        words = span.of(self._plain)
        figures = tuple(read_figures(self._plain, span)) if NUMBER_HINT.search(words) else ()
        terms = read_deadlines(words, self._made)
        status = self._status(words, place, figures, terms, is_forward=is_forward)
        if status is None:
            return None
        deadline = self._deadline(status, terms, line)
        if deadline is not None:
            figures = tuple(f for f in figures if not f.span.overlaps(deadline.span.shift(span.start)))
        if status is CommitmentStatus.TARGET and deadline is not None:
            self._last_aim = (line, deadline)
        actor, action_start = actor_in(words)
        if actor is None and self._issuer is None and ITSELF.search(words) is None:
            return None  # nobody is named who could be held to it (a handbook: 操作设备，将原料制成…)
        if ABOVE.search(words) and not is_national(self._issuer or ""):
            return None  # what is decided above is not the issuer's to promise
        own = self._sheet.trimmed(span.start + action_start, span.end, " \t\u3000\n，,。；;")
        return Commitment(
            span=span,
            text=value_of(span.of(self._sheet.text)),
            actor=self._issuer if actor is None else value_of(actor.shift(span.start).of(self._sheet.text)),
            action=value_of(own.of(self._sheet.text)),
            status=status,
            deadline=deadline.day if deadline else None,
            deadline_text=self._said(deadline, span),
            figures=figures,
            section=place.section,
            page=self._sheet.page_at(span.start),
        )

    def _said(self, deadline: Deadline | None, span: Span) -> str | None:
        if deadline is None:
            return None
        return value_of(deadline.span.shift(span.start).of(self._sheet.text)) if len(deadline.span) else None

    # ------------------------------------------------------------------------------------- status

    def _status(
        self,
        words: str,
        place: Place,
        figures: Sequence[Figure],
        terms: Sequence[Deadline],
        *,
        is_forward: bool,
    ) -> CommitmentStatus | None:
        coming = self._coming(terms)
        told = DONE.search(words)
        # 明年新建57家，累计达到150家: under what comes next a sum is one to come.
        is_told = (told is not None and not (is_forward and told[0] == "累计")) or (
            not self._is_plan
            and not is_forward
            and not any(term.is_term for term in coming)
            and DONE_UNLESS_COMING.search(words) is not None
        )
        if self._is_target(words, place, figures, coming, is_told=is_told):
            return CommitmentStatus.TARGET
        will = word_of_future(words)
        if self._is_planned(words, will, figures, coming, is_told=is_told, is_forward=is_forward):
            return CommitmentStatus.PLANNED
        if will is None and self._is_done(words, figures, coming, is_told=is_told):
            return CommitmentStatus.DONE
        return None

    def _coming(self, terms: Sequence[Deadline]) -> list[Deadline]:
        """Return those that are not past when the document was made."""
        return [term for term in terms if term.day is None or not self._made.is_past(term.day)]

    def _is_target(
        self, words: str, place: Place, figures: Sequence[Figure], coming: Sequence[Deadline], *, is_told: bool
    ) -> bool:
        if self._headed(place.section)[1]:
            return not is_told or bool(coming)
        if is_told and not AIM.search(words):
            return False
        if AIM.search(words) or (AIM_WITH_DATE.search(words) and any(term.is_term for term in coming)):
            return True
        if any(
            words.startswith(("到", "至"), term.span.start) and _BEFORE_AIM.search(words[: term.span.start])
            for term in coming
        ):
            return True
        return self._is_plan and bool(figures) and LEAST_LEVEL.search(words) is not None

    def _is_planned(
        self,
        words: str,
        will: re.Match[str] | None,
        figures: Sequence[Figure],
        coming: Sequence[Deadline],
        *,
        is_told: bool,
        is_forward: bool,
    ) -> bool:
        is_term = any(term.is_term for term in coming)
        if self._is_plan:
            if OWN_PLAN.search(words):
                return True
            return (will is not None and (is_term or bool(figures))) or (is_term and not is_told)
        if will is not None or PLAN_OF_FIGURES.search(words):
            return True
        if is_told:
            return False
        return is_forward or FORWARD.match(words) is not None or is_term

    def _is_done(self, words: str, figures: Sequence[Figure], coming: Sequence[Deadline], *, is_told: bool) -> bool:
        if FULFILLED.search(words) and not self._is_plan:
            return True
        outcome = [f for f in figures if f.unit not in _NO_OUTCOME and f.bound is not Bound.MOST]
        if not outcome:
            return False
        if is_told:
            return True
        if self._is_plan or HABIT.search(words) or any(term.is_term for term in coming):
            return False
        if any(COUNT_OF_DEEDS.fullmatch(f.unit) for f in outcome):
            return True
        return self._is_dated_past(words) and not _is_state(words)

    def _is_dated_past(self, words: str) -> bool:
        """Tell whether the sentence tells of a time before the document, and of none after it."""
        dates = [(int(m["year"]), int(m["month"] or 1), int(m["day"] or 1)) for m in DATE.finditer(words)]
        if not dates:
            return PAST_TIME.search(words) is not None
        if self._made.day is not None:
            made = self._made.day
            return max(dates) <= (made.year, made.month, made.day)
        return self._made.year is None or max(dates)[0] <= self._made.year

    def _deadline(self, status: CommitmentStatus, terms: Sequence[Deadline], line: int) -> Deadline | None:
        if status is CommitmentStatus.DONE:
            return None
        coming = self._coming(terms)
        if not coming and status is CommitmentStatus.TARGET:
            coming = list(terms)  # an aim of the past keeps its date
        said = [term for term in coming if term.is_term] or coming
        if said:
            return said[-1] if status is CommitmentStatus.PLANNED else said[0]
        # The date of an aim holds for the sentences of its paragraph (到2025年，…。…明显下降。)
        if status is CommitmentStatus.TARGET and self._last_aim is not None and self._last_aim[0] == line:
            day = self._last_aim[1].day
            return Deadline(Span(0, 0), day, is_term=True)
        return None


# 到2025年…; not 顺延到2026年, 从2023年到2025年.
_BEFORE_AIM = re.compile(r"(?:^|[，,；;：:、]|确保|力争|争取|要求|目标[是为]?)[ \t\u3000]*$")
_COMMA = re.compile(r"[，,；;]")


def _clauses(plain: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    for comma in _COMMA.finditer(plain, sentence.start, sentence.end):
        yield Span(start, comma.end())
        start = comma.end()
    if start < sentence.end:
        yield Span(start, sentence.end)


def _is_state(words: str) -> bool:
    return STATE.search(words) is not None and ACT.search(words) is None
