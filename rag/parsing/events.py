"""Reading events (事件): acts told with their date. What counts as one is defined in ``rag.domain.event``.

A paragraph is read time by time: from each, the words up to the next time or the end of the sentence are one part, and
the part is an event where an act is told in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.domain.commitment import Commitment, CommitmentStatus
from rag.domain.document import Elements, Kind
from rag.domain.event import Event, Period
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.parsing.agencies import leading_mention, looks_like_agency
from rag.parsing.clause_finder import ClauseFinder
from rag.parsing.commitment_words import FORWARD_HEADING, NO_COMMITMENT, word_of_future
from rag.parsing.dates import date_of
from rag.parsing.event_words import (
    ACT,
    ADVERBS,
    ATTRIBUTE,
    BESIDE,
    BY_NATURE,
    CITED,
    COMING,
    FIRST_PERSON,
    NAMES,
    NO_EVENT_AFTER,
    NO_EVENT_BEFORE,
    PLACE,
    STATE,
    TOLD_AS_DONE,
)
from rag.parsing.periods import Dated, read_periods
from rag.parsing.sheet import Sheet, value_of
from rag.text import sentences

_PLANS = frozenset((Kind.PLAN, Kind.NOTICE))
_YEAR_HINT = re.compile(r"\d[ \t\u3000]*[年月]|[今本去上前当同]年|[〇○零一二三四五六七八九]年|月[份上中下初底末]")
_EDGE = " \t\u3000\n，,：:。；;、（("
_COMMA = re.compile(r"[，,：:]")
# 2019年7月，市卫生健康委、市委政法委等10部门印发: the date, then a clause or two, then the act.
_MOST_CLAUSES = 4
_LONGEST = 600


def read_events(
    sheet: Sheet,
    head_end: int,
    clauses: Sequence[Clause],
    kind: Kind,
    elements: Elements,
    commitments: Sequence[Commitment],
) -> tuple[Event, ...]:
    """Read the events of a document in reading order; a law has none.

    Args:
        sheet: The text.
        head_end: The first line of the body.
        clauses: For the heading paths.
        kind: A plan tells little that has happened, and says so.
        elements: For the document's date and its issuer.
        commitments: What is planned or aimed at is no event.
    """
    if kind is Kind.LAW:
        return ()
    coming = [c.span for c in commitments if c.status is not CommitmentStatus.DONE]
    return tuple(_Reader(sheet, clauses, kind, elements, coming).read(head_end))


@dataclass(frozen=True, slots=True)
class _Part:
    """The words that belong to one time.

    Attributes:
        span: The whole part.
        dated: The time.
    """

    span: Span
    dated: Dated


class _Reader:
    def __init__(
        self, sheet: Sheet, clauses: Sequence[Clause], kind: Kind, elements: Elements, coming: Sequence[Span]
    ) -> None:
        self._sheet = sheet
        self._finder = ClauseFinder(sheet, clauses)
        self._is_plan, self._is_reply = kind in _PLANS, kind is Kind.REPLY
        self._issuer = elements.issuer
        self._made = date_of(elements)
        self._coming = coming
        self._plain = sheet.plain.replace("(", "（").replace(")", "）")
        # Dates in titles and quoted names are of what is named: blanked out, character for character.
        self._bare = NAMES.sub(lambda match: "＿" * len(match[0]), self._plain).translate(_FULL_WIDTH)

    def read(self, head_end: int) -> Iterator[Event]:
        for number in range(head_end, len(self._sheet.lines)):
            line = self._sheet.lines[number]
            if number in self._sheet.foot or number in self._sheet.contents or line.is_table_row:
                continue
            if not _YEAR_HINT.search(self._bare, line.span.start, line.span.end):
                continue
            times = read_periods(self._bare, line.span, self._made)
            for sentence in sentences(self._plain, line.span):
                if len(sentence) > _LONGEST or NO_COMMITMENT.search(self._plain, sentence.start, sentence.end):
                    continue
                for part in self._parts(sentence, [time for time in times if sentence.contains(time.span)]):
                    if (found := self._event(part)) is not None:
                        yield found

    def _parts(self, sentence: Span, times: Sequence[Dated]) -> Iterator[_Part]:
        """Cut a sentence at the clauses that say another time; what is before the first goes with it."""
        kept = [time for time in times if self._tells_when(time, sentence)]
        starts = [self._part_start(time, sentence) for time in kept]
        for at, time in enumerate(kept):
            start = max(starts[at], kept[at - 1].span.end) if at else starts[at]
            end = sentence.end if at + 1 == len(kept) else max(starts[at + 1], time.span.end)
            yield _Part(self._sheet.trimmed(start, end, _EDGE), time)

    def _clause_start(self, offset: int, sentence: Span) -> int:
        found = [match.end() for match in _COMMA.finditer(self._plain, sentence.start, offset)]
        return found[-1] if found else sentence.start

    def _part_start(self, time: Dated, sentence: Span) -> int:
        """Return where the clause of a time begins; with the one before, where its subject stands there (…工程，于2021年)."""
        start = self._clause_start(time.span.start, sentence)
        if start > sentence.start and _ONLY_THEN.fullmatch(self._bare, start, time.span.start):
            return self._clause_start(start - 1, sentence)
        return start

    def _tells_when(self, time: Dated, sentence: Span) -> bool:
        before = self._bare[sentence.start : time.span.start]
        after = self._bare[time.span.end : sentence.end]
        return not (NO_EVENT_BEFORE.search(before) or NO_EVENT_AFTER.match(after))

    # ------------------------------------------------------------------------------------- events

    def _event(self, part: _Part) -> Event | None:
        part = self._without_what_comes(part)
        words = part.span.of(self._bare)
        place = self._finder.at(part.span.start)
        if any(self._is_ahead(title) for title in place.section):
            return None
        act = self._act(part)
        if act is None:
            return None
        before_act = words[: act.start - part.span.start]
        if COMING.search(before_act) or self._will_be(part, act):
            return None
        if not self._is_told(part, act) and any(self._is_mostly(part.span, span) for span in self._coming):
            return None
        if not self._has_happened(part.dated, words):
            return None
        actor, subject = self._subject(part, act)
        return self._told(part, act, actor, subject, place.section)

    def _will_be(self, part: _Part, act: Span) -> bool:
        """Whether a word of future stands before the act; 将…纳入 is none."""
        words = part.span.of(self._bare)
        will = word_of_future(words)
        return will is not None and will.start() < act.start - part.span.start

    def _without_what_comes(self, part: _Part) -> _Part:
        """Leave out what is said behind the event of what is planned (…7500人次，其他7家将于今年内…)."""
        ends = [span.start for span in self._coming if part.dated.span.end < span.start < part.span.end]
        if not ends:
            return part
        return replace(part, span=self._sheet.trimmed(part.span.start, min(ends), _EDGE))

    def _is_told(self, part: _Part, act: Span) -> bool:
        """Whether the act itself is told as done: 印发了…，确保到2021年… is both an event and an aim."""
        before = self._bare[part.dated.span.end : act.start]
        return TOLD_AS_DONE.search(before) is not None or _DONE_BEHIND.match(self._plain, act.end) is not None

    @staticmethod
    def _is_mostly(part: Span, other: Span) -> bool:
        common = min(part.end, other.end) - max(part.start, other.start)
        return common * 2 >= len(part)

    def _is_ahead(self, title: str) -> bool:
        match = FORWARD_HEADING.search(title)
        return match is not None and (
            match["year"] is None or self._made.year is None or int(match["year"]) >= self._made.year
        )

    def _has_happened(self, dated: Dated, words: str) -> bool:
        period = dated.period
        is_told = TOLD_AS_DONE.search(words) is not None
        # 今年安排资金…: of a year that is not over it is a plan as well, unless a reply says it of what it did.
        if not is_told and (self._is_plan or (not self._is_reply and _NO_MONTH.search(dated.span.of(self._plain)))):
            return period is not None and self._is_before(period)
        if period is None:
            return True
        if self._begins_after(period):
            return False
        return is_told or self._is_before(period) or _MEASURE_TO_COME.search(words) is None

    def _is_before(self, period: Period) -> bool:
        """Whether it was over when the document was made."""
        return period.last is not None and self._made.is_past(period.last)

    def _begins_after(self, period: Period) -> bool:
        if self._made.day is not None:
            return period.first > self._made.day
        return self._made.year is not None and period.first.year > self._made.year

    def _act(self, part: _Part) -> Span | None:
        """Return the first word of an act after the time, in its clause or the next ones."""
        start = part.dated.span.end
        said = part.dated.span.of(self._plain)
        if said[0] in "自从" and not part.dated.is_start and "以来" not in self._plain[start : part.span.end]:
            return None  # 从2004年的700元提高到…
        ends = [match.start() for match in _COMMA.finditer(self._bare, start, part.span.end)]
        end = ends[_MOST_CLAUSES - 1] if len(ends) >= _MOST_CLAUSES else part.span.end
        for match in ACT.finditer(self._bare, start, end):
            if ATTRIBUTE.match(self._bare, match.end(), end):
                continue
            if STATE.search(self._bare[start : match.start()]) or CITED.search(self._bare[start : match.start()]):
                return None
            return Span(*match.span())
        if self._plain.startswith("以来", part.dated.span.end - 2):
            return None  # how it has been since then is no act
        if part.dated.is_start and len(part.span) - len(part.dated.span) > _LEAST:
            rest = self._sheet.trimmed(start, part.span.end, _EDGE)
            return Span(rest.start, rest.start) if len(rest) and not STATE.search(rest.of(self._bare)) else None
        return None

    def _subject(self, part: _Part, act: Span) -> tuple[str | None, Span | None]:
        """Return the body that acts and, where the subject is a thing, its words."""
        for start, end in self._runs_before(part, act):
            run = self._sheet.trimmed(start, end, _EDGE)
            beside = BESIDE.search(run.of(self._plain))
            if beside is not None:
                run = Span(run.start, run.start + beside.start())
            words = ADVERBS.sub("", run.of(self._plain)).strip()
            if not words:
                continue
            run = Span(run.start, run.start + len(words))
            bare = words.replace(" ", "")
            if FIRST_PERSON.fullmatch(bare):
                return self._issuer, None
            if _TREASURY.match(bare) or (len(bare) <= _LONGEST_SUBJECT and looks_like_agency(bare)):
                return value_of(run.of(self._sheet.text)), None
            named = leading_mention(self._plain, run.start, run.end)
            if named is not None and named - run.start >= _LEAST:
                return value_of(self._sheet.text[run.start : named]), None
            if not len(act) or BY_NATURE.fullmatch(act.of(self._plain)):
                return None, run
            break
        return (self._issuer, None) if len(act) else (None, None)

    def _runs_before(self, part: _Part, act: Span) -> Iterator[tuple[int, int]]:
        """Yield the words before the act in its clause, then those of the clauses before it, without the time."""
        time = part.dated.span
        clause = max(self._clause_start(act.start, part.span), time.end)
        yield clause, act.start
        if clause > time.end:
            yield time.end, clause
        if time.start > part.span.start:
            yield part.span.start, time.start

    def _told(self, part: _Part, act: Span, actor: str | None, subject: Span | None, section: tuple[str, ...]) -> Event:
        comma = _COMMA.search(self._plain, act.end, part.span.end) if len(act) else None
        what = self._sheet.trimmed(act.start, comma.start() if comma else part.span.end, _EDGE)
        period = part.dated.period
        if what.of(self._plain).endswith("以来"):  # 自2019年开展试点以来: what follows is of the time since
            period = Period(period.first, None) if period else None
            part = replace(part, span=Span(part.span.start, what.end))
            what = Span(what.start, what.end - len("以来"))
        words = value_of(what.of(self._sheet.text))
        if subject is not None:
            words = value_of(subject.of(self._sheet.text)) + words
        where = PLACE.search(self._plain, part.dated.span.end, what.end)
        said = part.dated.span
        return Event(
            span=part.span,
            text=value_of(part.span.of(self._sheet.text)),
            act=value_of(act.of(self._sheet.text)) or "起",
            what=words,
            actor=actor,
            where=value_of(Span(*where.span("place")).of(self._sheet.text)) if where else None,
            when=value_of(said.of(self._sheet.text)),
            when_span=said,
            period=period,
            section=section,
            page=self._sheet.page_at(part.span.start),
        )


_DONE_BEHIND = re.compile(r"了|[ \t\u3000]*《")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_NO_MONTH = re.compile(r"[年度]$|年初$")
_ONLY_THEN = re.compile(r"[ \t\u3000]*已?(?:于|在)[ \t\u3000]*")
_MEASURE_TO_COME = re.compile(r"不少于|不低于|不超过|至少")
_TREASURY = re.compile(r".{0,6}财政$")
_LEAST = 2
_LONGEST_SUBJECT = 48
