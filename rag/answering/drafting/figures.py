"""Figures in their place (数字对位): that a figure of a draft counts what it counts in the words cited.

Two figures of one unit are easily exchanged: 小学12所、中学8所. A figure is therefore compared with all that could
have been meant: those of its unit. It must be the one whose surroundings agree best with its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.drafting.evidence import NumberedEvidence
from rag.answering.drafting.reading import Clause, Text, Word
from rag.answering.drafting.wording import covers, is_empty
from rag.answering.quantities import Day, Quantity
from rag.domain.span import Span

_MARGIN = 0.2
_OTHER_SIDE = 0.6
_TIMES = frozenset(("年", "月", "周", "天", "小时"))

# They tell two figures of one thing apart: 计划培训1500人，已培训1000人.
_DONE_OR_PLANNED = frozenset(
    ("计划", "已", "已经", "拟", "将", "力争", "预计", "总数", "总量", "总", "其中", "共", "合计")
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A figure of the evidence that one of the draft could stand for."""

    item: NumberedEvidence
    clause: Clause
    figure: Quantity

    @property
    def before(self) -> str:
        """All that the evidence says up to the end of the figure's clause, and what it is about."""
        return self.item.about.plain + "\n" + self.item.read.plain[: self.clause.span.end]


def misplaced_figures(text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    """Return what is wrong with the figures of a sentence."""
    found = []
    for clause in text.clauses:
        for figure in clause.quantities:
            reason = _misplaced(figure, clause, text, cited)
            if reason:
                found.append(f"“{figure.span.of(text.plain)}”{reason}")
    return found


def _misplaced(figure: Quantity, clause: Clause, text: Text, cited: Sequence[NumberedEvidence]) -> str | None:
    candidates = list(_candidates(figure, cited))
    equal = [c for c in candidates if c.figure.value == figure.value]
    bounded = [c for c in equal if c.figure.bound == figure.bound]
    able = [c for c in candidates if not _contradicts(figure, clause, text, c, cited)]
    placed = [c for c in able if c in bounded]
    if placed:
        others = [c for c in able if c.figure.value != figure.value]
        return _exchanged(figure, clause, text, placed, others)
    if bounded:
        return "在引文中属于另一年份、地方或对象"
    if equal:
        return "的限度与引文不同"
    return None if _is_of_a_name(figure, text, cited) else "不在引文中"


def _is_of_a_name(figure: Quantity, text: Text, cited: Sequence[NumberedEvidence]) -> bool:
    """Whether a figure is part of what a document is called: 三届二次会议第0118号提案."""
    is_ordinal = figure.unit.startswith(("届", "号", "第")) or text.plain.startswith("会议", figure.span.end)
    return is_ordinal and any(
        q.value == figure.value and q.unit == figure.unit for item in cited for q in item.about.quantities
    )


def _exchanged(
    figure: Quantity, clause: Clause, text: Text, placed: Sequence[_Candidate], others: Sequence[_Candidate]
) -> str | None:
    """Say whether another figure of the unit fits better where this one stands."""
    if figure.is_condition:
        return None  # looked at with what it is a condition of
    if "分别" not in text.plain and all(_is_respective(c) for c in placed):
        return "在引文中与别的数字并列，未分别写明"
    around = _around(figure, clause, text)
    own = min(_distance(around, c) for c in placed)
    is_nearer = any(
        other[0] < own[0] or (other[0] == own[0] and other[1] < own[1] - _MARGIN)
        for other in (_distance(around, c) for c in others)
    )
    in_clause = [near for near in around if clause.span.contains(near.word.span)]
    if figure.unit in _TIMES and not any(near.is_before for near in in_clause):
        in_clause = []  # 近三年我区新建…: it stands before all that it is said of
    return "在引文中说的是另一事" if is_nearer or all(_elsewhere(in_clause, c, text.plain) for c in placed) else None


def _is_respective(candidate: _Candidate) -> bool:
    """Whether the figure is one of several that 分别 deals out: which is whose, the order alone tells."""
    alike = [q for q in candidate.clause.quantities if q.unit == candidate.figure.unit]
    return len(alike) > 1 and "分别" in candidate.clause.text


def _candidates(figure: Quantity, cited: Sequence[NumberedEvidence]) -> Iterator[_Candidate]:
    for item in cited:
        for clause in item.read.clauses:
            for other in clause.quantities:
                if other.unit == figure.unit:
                    yield _Candidate(item, clause, other)


# ---------------------------------------------------------------------------------- contradictions


def _contradicts(
    figure: Quantity, clause: Clause, text: Text, candidate: _Candidate, cited: Sequence[NumberedEvidence]
) -> bool:
    """Whether year, condition, place or side of a change are not the candidate's."""
    theirs = candidate.figure
    if figure.end and theirs.end and figure.end != theirs.end:
        return True
    return (
        _of_another_day(figure, clause, text, candidate)
        or _of_another_condition(figure, text, candidate)
        or _of_another_place(figure, text, candidate, cited)
    )


def _day_before(text: Text, clause: Clause, at: int) -> Day | None:
    """Return the date that governs an offset: the last one before it in its sentence, or the next in its clause."""
    before = [d for c in text.clauses_of(clause.sentence) for d in c.days if d.span.end <= at]
    after = [d for d in clause.days if d.span.start >= at]
    return before[-1] if before else after[0] if after else None


def _of_another_day(figure: Quantity, clause: Clause, text: Text, candidate: _Candidate) -> bool:
    ours = _day_before(text, clause, figure.span.start)
    if ours is None or (ours.day is not None and any(ours.within(day) for day in candidate.item.own_days)):
        return False  # 根据某局7月28日的答复: the date of the document, not of the figure
    read = candidate.item.read
    theirs = _day_before(read, candidate.clause, candidate.figure.span.start)
    if theirs is not None:
        return not ours.agrees(theirs)
    earlier = [d for c in read.clauses[: candidate.clause.number] for d in c.days]
    later = [d for c in read.clauses_of(candidate.clause.sentence) for d in c.days]
    possible = [*earlier[-1:], *later, *candidate.item.own_days]
    return not any(ours.agrees(day) for day in possible)


def _of_another_condition(figure: Quantity, text: Text, candidate: _Candidate) -> bool:
    """Whether one is for 四层以上 and the other for 七层以上."""
    if figure.is_condition:
        return False
    ours = _conditions(text.quantities, figure.span.start)
    read = candidate.item.read
    own = [q for c in read.clauses_of(candidate.clause.sentence) for q in c.quantities]
    theirs = _conditions(own, candidate.figure.span.start)
    return any(unit in theirs and theirs[unit] != value for unit, value in ours.items())


def _conditions(figures: Sequence[Quantity], at: int) -> dict[str, object]:
    return {q.unit: q.value for q in figures if q.is_condition and q.span.end <= at}


def _of_another_place(figure: Quantity, text: Text, candidate: _Candidate, cited: Sequence[NumberedEvidence]) -> bool:
    """Whether the last place named before a figure is that of another document cited."""
    places = {item.document.place for item in cited if item.document.place}
    said = text.plain[: figure.span.start]
    last = max((said.rfind(place[:-1]), place) for place in places) if places else (-1, "")
    own = candidate.item.document.place
    return last[0] >= 0 and own is not None and last[1] != own and last[1][:-1] not in candidate.item.read.plain


# -------------------------------------------------------------------------------------- surroundings


@dataclass(frozen=True, slots=True)
class _Near:
    """A word around a figure, and how near it stands: 1 for the next."""

    word: Word
    nearness: float
    is_before: bool
    is_telling: bool


def _around(figure: Quantity, clause: Clause, text: Text) -> list[_Near]:
    """Return the words that tell what a figure of a draft counts: back to the last clause with one of its unit."""
    start = clause.span.start
    first = clause.number
    while first > 0 and not any(q.unit == figure.unit for q in text.clauses[first - 1].quantities):
        first -= 1
        start = text.clauses[first].span.start
    next_figure = _end_of_item(text.plain, clause, figure)
    last_figure = max(
        (q.span.end for q in clause.quantities if q.span.end <= figure.span.start and q.unit == figure.unit),
        default=start,
    )
    if figure.end != "to":  # 由70%提高到75% counts one thing
        start = max(start, last_figure)
    inside = Span(start, max(next_figure, figure.span.end))
    words = [w for c in text.clauses for w in c.words if inside.contains(w.span)]
    words = [w for w in words if not is_empty(w.word) or w.word in _DONE_OR_PLANNED]
    left = [w for w in words if w.span.end <= figure.span.start]
    right = [w for w in words if w.span.start >= figure.span.end]
    return [
        *(
            _Near(word, 1 / place, is_before=True, is_telling=not is_empty(word.word))
            for place, word in enumerate(reversed(left), 1)
        ),
        *(
            _Near(word, 1 / place, is_before=False, is_telling=not is_empty(word.word))
            for place, word in enumerate(right, 1)
        ),
    ]


def _end_of_item(plain: str, clause: Clause, figure: Quantity) -> int:
    """Return where what follows a figure ends: at the next figure, or at 、 before it."""
    following = [q.span.start for q in clause.quantities if q.span.start > figure.span.start]
    mark = plain.find("、", figure.span.end, clause.span.end)
    return min([*following, clause.span.end, *([mark] if mark >= 0 and following else [])])


def _distance(around: Sequence[_Near], candidate: _Candidate) -> tuple[int, float]:
    """Return how far a candidate's surroundings are: words missing before it, then words not near it."""
    missing = sum(near.is_telling and not covers(candidate.before, near.word.word) for near in around)
    before, after = _local(candidate)
    return missing, -sum(
        near.nearness * (1 if covers(same, near.word.word) else _OTHER_SIDE if covers(other, near.word.word) else 0)
        for near in around
        for same, other in ((before, after) if near.is_before else (after, before),)
    )


def _local(candidate: _Candidate) -> tuple[str, str]:
    """Return the words next to a candidate, before it and after: its clause, between figures of its unit."""
    clause, figure = candidate.clause, candidate.figure
    start = max(
        (q.span.end for q in clause.quantities if q.span.end <= figure.span.start and q.unit == figure.unit),
        default=clause.span.start,
    )
    end = _end_of_item(candidate.item.read.plain, clause, figure)
    if figure.end == "to":
        start = clause.span.start
    plain = candidate.item.read.plain
    return plain[start : figure.span.start], plain[figure.span.end : end]


def _elsewhere(around: Sequence[_Near], candidate: _Candidate, said: str) -> bool:
    """Whether a noun beside the figure stands in the evidence, but only where another figure or subject is told of."""
    nouns = [near.word.word for near in around if near.word.is_noun and near.is_telling]
    if any(not covers(candidate.before, noun) and covers(candidate.item.read.plain, noun) for noun in nouns):
        return True
    # 县级机构35个 is not 市级机构35个, though 市级 is told of before.
    span = candidate.clause.span
    beside = _local(candidate)
    counted = [
        w.word for w in candidate.clause.words if w.is_noun and not is_empty(w.word) and covers(beside[0], w.word)
    ]
    is_of_another = any(not covers(said, word) for word in counted)
    return is_of_another and any(
        not covers("".join(beside), n) and covers(span.of(candidate.item.read.plain), n) for n in nouns
    )
