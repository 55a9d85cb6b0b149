"""Answers about who is responsible (职责问答), made from extracted duties, never from loose sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answering.composing import Composer, label
from rag.answering.conditions import replying
from rag.answering.constraints import document_years, names_places
from rag.answering.evidence import CANDIDATE_PASSAGES
from rag.answering.intent import Intent, Reading, duty_topic
from rag.answering.matching import TermMatcher
from rag.domain.access import Scope
from rag.domain.answer import DutyFinding, WorkedOut
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.obligation import Duty, DutyForm
from rag.domain.span import Span
from rag.parsing.agencies import mentions, same_agency
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold, simplify

MOST_DUTIES = 8
"""Most duties given for a topic."""

MOST_OF_A_UNIT = 60
"""Most duties given for a unit, whose list should be whole."""

QUOTED_CHARACTERS = 300
"""A task is quoted with all that stands between it and its units up to this length."""

SUPPORTED = 0.55
"""Least share of the topic's weight that a duty's task must hold."""

# Who has one task is told of that task; of what a unit does, and where several tasks are asked for, more may be meant.
_NEAR_BEST = 0.85
_NEAR_BEST_OF_SEVERAL = 0.8
_ASKS_SEVERAL = re.compile(
    r"哪(?:些|几)[^，。？]*(?:牵头|负责|主管|管)|\b(?:departments|units|agencies|bureaus) (?:lead|are|do|have)\b"
)

# A number is of the duties that hold every word of the topic, and is given only where no other comes near: 服务网络 may or
# may not mean 健全基层网络.
_WHOLE = 0.95
_DOUBTFUL = 0.35
_ASKS_LEAD = re.compile(r"牵头|主办|\bleads?\b")
_ASKS_HELP = re.compile(r"配合|协助|参与|协办|cooperat|assist")
_ASKS_JOINTLY = re.compile(r"共同|联合|一起|一块|一同|一道|携手|\bjointly\b|\btogether\b")
_ASKS_NUMBER = re.compile(
    r"(?:几|多少)(?:项|个|件)?(?:工作|任务|事项?|措施|职责)?[?？。]?$|(?:几|多少)(?:项|个|件)(?:工作|任务|事项?|措施|职责)|\bhow many\b"
)
# 配合单位有多少个, 几个部门: units are counted, not tasks.
_ASKS_UNITS = re.compile(
    r"(?:几|多少)[个家]?(?:(?:牵头|配合|协助|协办|参与|责任)的?)?(?:部门|单位|机构|机关|地方|[市县区](?!级))|(?:部门|单位|机构|机关)(?:一共|总共|共)?(?:是|有)?(?:几|多少)[个家]?[?？。]?$"
)
# 有几个部门配合, 配合单位有多少个: whose number is asked for.
_UNIT_WORD = r"(?:部门|单位|机构|机关|委办局)"
_COUNTED_UNITS: tuple[tuple[Intent, str], ...] = (
    (Intent.LEADS, r"牵头|领头"),
    (Intent.COOPERATES, r"配合|协助|协同|协办|参与"),
    (Intent.RESPONSIBLE, r"负责(?!人)|承担|落实|主管|责任"),
)
_NAMES_OF_UNITS = {Intent.LEADS: ("牵头单位", "lead units"), Intent.COOPERATES: ("配合单位", "cooperating units")}
# 各县区人民政府 and 等有关部门 are not to be counted.
_NOT_TO_BE_COUNTED = re.compile(r"^各|等$|有关|相关|其他")
_SECTION_SHARE = 0.7
_PARAGRAPH_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class DutyMatch:
    """A duty that fits a question.

    Attributes:
        coverage: Share of the topic's weight held by the task with its surroundings, 0..1.
        is_whole: Every word of the topic stands in the task, its headings, its title or its paragraph.
    """

    duty: Duty
    document: DocumentSummary
    coverage: float
    is_whole: bool = True


class FoundDuties(NamedTuple):
    """The duties that fit a question, best first.

    Attributes:
        is_all: They are all there are, and none that is left out may be meant: their number may be told.
    """

    matches: list[DutyMatch]
    is_all: bool


class DutyFinder:
    """Finds the duties a question is about."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def find(self, question: Question, intent: Intent, *, scope: Scope, filters: Filters) -> FoundDuties:
        """Return duties that fit, best first; all of them where their number is asked for and can be told."""
        topic = duty_topic(question, intent)
        agencies = tuple(name for _, name in mentions(question.text)) if intent is Intent.UNIT_DUTIES else ()
        matcher = TermMatcher(topic, self._searcher)
        weights = np.array([self._searcher.weight(term) for term in topic])
        is_count = counts_duties(question.text)
        # A number must be of all there are, and so should be the list of what a unit does in a place or document:
        # then no best documents are chosen before.
        is_whole = is_count or (bool(agencies) and not topic and not filters.is_empty)
        documents = None if is_whole else self._nearest_documents(question, scope, filters)
        if question.proposal_numbers:  # of another proposal's reply none fits
            documents = [d.document_id for d in replying(question, self._catalog, scope=scope, filters=filters)]
        candidates = [
            (duty, document)
            for duty, document in self._catalog.duties(scope=scope, filters=filters, documents=documents)
            if _year_agrees(question, document)
            and _places_agree(question, duty, document)
            and (_form_fits(duty, intent) or (is_count and intent is not Intent.HANDLES))
            and (not agencies or _names_one(duty, agencies, question))
        ]
        ids = {document.document_id for _, document in candidates}
        texts = {i: self._catalog.text(i, scope=scope) for i in ids}
        paragraphs = [_paragraph(texts[document.document_id], duty.span) for duty, document in candidates]
        headings = [" ".join((*duty.section, document.title or "")) for duty, document in candidates]
        matcher.prepare([*(duty.task for duty, _ in candidates), *headings, *paragraphs])
        matches: list[DutyMatch] = []
        for (duty, document), heading, paragraph in zip(candidates, headings, paragraphs, strict=True):
            coverage, held = _coverage(matcher, weights, duty.task, heading, paragraph)
            is_named = question.proposal_numbers or (
                intent is Intent.HANDLES and (question.places or question.document_numbers)
            )
            if duty.form is DutyForm.HANDLING and is_named:
                coverage = held = 1.0  # the reply is named, and its handling line is what is asked for
            matches.append(DutyMatch(duty, document, coverage, held >= _WHOLE))
        fitting = [m for m in matches if _form_fits(m.duty, intent)]
        if intent is Intent.LEADS:
            fitting = _stated_leads(fitting)
        if is_count and fitting and _is_told_apart(fitting, matches):
            return FoundDuties(_in_order([m for m in fitting if m.is_whole]), is_all=True)
        if is_whole and len(fitting) > MOST_OF_A_UNIT:
            nearest = set(self._nearest_documents(question, scope, filters))
            fitting = [m for m in fitting if m.document.document_id in nearest] or fitting
        is_of_several = intent is Intent.UNIT_DUTIES or _ASKS_SEVERAL.search(fold(question.text)) is not None
        near_best = _NEAR_BEST_OF_SEVERAL if is_of_several else _NEAR_BEST
        found = _best(fitting, near_best, most=MOST_OF_A_UNIT if agencies else MOST_DUTIES)
        if agencies and not topic:  # what a unit does itself before what it helps with
            found.sort(key=lambda m: not any(same_agency(agency, unit) for agency in agencies for unit in m.duty.lead))
        return FoundDuties(found, is_all=False)

    def _nearest_documents(self, question: Question, scope: Scope, filters: Filters) -> list[str]:
        near = self._searcher.nearest(question, scope=scope, filters=filters, passages=CANDIDATE_PASSAGES)
        return [document.document_id for document in near]


def counts_duties(asked: str) -> bool:
    """Whether a question wants the number of tasks (几项, how many tasks), and not that of units."""
    folded = fold(asked)
    return _ASKS_NUMBER.search(folded) is not None and _ASKS_UNITS.search(folded) is None


def counts_units(question: Question) -> Intent | None:
    """Return which units a Chinese question wants the number of (有几个部门配合), ``None`` where it wants no such number."""
    asked = fold(question.text)
    if question.is_english or _ASKS_UNITS.search(asked) is None:
        return None
    for intent, verb in _COUNTED_UNITS:
        of = rf"(?:{verb})的?{_UNIT_WORD}"
        count = r"(?:几|多少)[个家]?"
        if re.search(
            rf"{count}{_UNIT_WORD}[^，。？]{{0,4}}(?:{verb})|{of}(?:一共|总共|共)?(?:是|有)?{count}|{count}{of}", asked
        ):
            return intent
    return None


def _coverage(
    matcher: TermMatcher, weights: NDArray[np.float64], task: str, heading: str, paragraph: str
) -> tuple[float, float]:
    """Return the share of the topic's weight that a task holds, or for less its headings or its paragraph, 0..1.

    Returns:
        This share, and what it were if headings and paragraph counted as much as the task.
    """
    if not len(weights):
        return 1.0, 1.0
    held = [matcher.strengths(text) for text in (task, heading, paragraph)]
    shares = (1.0, _SECTION_SHARE, _PARAGRAPH_SHARE)
    strengths = np.maximum.reduce([share * each for share, each in zip(shares, held, strict=True)])
    total = weights.sum()
    return float(np.dot(weights, strengths) / total), float(np.dot(weights, np.maximum.reduce(held)) / total)


def _is_told_apart(fitting: list[DutyMatch], matches: list[DutyMatch]) -> bool:
    """Whether those of ``fitting`` that hold the whole topic are all of ``matches`` that may be meant."""
    counted = {id(m) for m in fitting if m.is_whole}
    return bool(counted) and all(m.coverage < _DOUBTFUL for m in matches if id(m) not in counted)


def _in_order(matches: list[DutyMatch]) -> list[DutyMatch]:
    return sorted(matches, key=lambda m: (-round(m.coverage, 3), m.document.source, m.duty.span.start))


def _best(matches: list[DutyMatch], near_best: float, *, most: int) -> list[DutyMatch]:
    kept = [m for m in matches if m.coverage >= SUPPORTED]
    if not kept:
        return []
    bar = near_best * max(m.coverage for m in kept)
    return _in_order([m for m in kept if m.coverage >= bar])[:most]


def _stated_leads(matches: list[DutyMatch]) -> list[DutyMatch]:
    """Keep the duties of which a document says that someone leads (牵头); all when it says so of none that fits."""
    led = [m for m in matches if m.coverage >= SUPPORTED and m.duty.form is DutyForm.BRACKET]
    return led or matches


def _form_fits(duty: Duty, intent: Intent) -> bool:
    if intent is Intent.HANDLES:
        return duty.form is DutyForm.HANDLING
    if intent is Intent.LEADS:
        return bool(duty.lead) and duty.form is not DutyForm.HANDLING
    if intent is Intent.COOPERATES:
        return bool(duty.cooperating)
    return True


def _names_one(duty: Duty, agencies: Sequence[str], question: Question) -> bool:
    """Whether a duty names one of the agencies in the part asked about: what it leads, what it helps with, or both.

    Of what several do together (共同牵头) it must name each.
    """
    asked = fold(question.text)
    leads, helps = _ASKS_LEAD.search(asked), _ASKS_HELP.search(asked)
    units = (*duty.lead, *duty.cooperating)
    if leads and not helps:
        # X负责… makes X responsible, not the lead of others.
        is_led = duty.form is DutyForm.BRACKET or (duty.form is DutyForm.STATEMENT and "牵头" in duty.task)
        units = duty.lead if is_led or (duty.form is DutyForm.HANDLING and "主办" in asked) else ()
    elif helps and not leads:
        units = duty.cooperating
    named = (any(agency in unit or same_agency(agency, unit) for unit in units) for agency in agencies)
    return all(named) if _ASKS_JOINTLY.search(asked) else any(named)


def _year_agrees(question: Question, document: DocumentSummary) -> bool:
    return not question.years or bool(document_years(document) & question.all_years)


def _places_agree(question: Question, duty: Duty, document: DocumentSummary) -> bool:
    """Whether a place that no document comes from is named by the duty or its document's title."""
    held = fold(" ".join((duty.task, *duty.section, document.title or "", *duty.lead, *duty.cooperating)))
    return names_places(question, held)


def _paragraph(text: str, span: Span) -> str:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    return text[start : end if end >= 0 else len(text)]


def state_duties(
    composer: Composer,
    found: FoundDuties,
    reading: Reading,
    catalog: Catalog,
    scope: Scope,
    *,
    counted: Intent | None = None,
) -> None:
    """State each duty with its units, document by document, cited from the task's words to those that name the units.

    Before them stands their number, where it is asked for and can be told; behind each the number of its units, where that is:
    ``counted`` comes from ``counts_units``.
    """
    count = len(found.matches)
    matches = found.matches[:MOST_OF_A_UNIT]
    texts = {i: catalog.text(i, scope=scope) for i in {m.document.document_id for m in matches}}
    if found.is_all:
        # Said before they are listed, cited to where each names its units.
        marks = [
            composer.cite(m.document, text, _quoted(m.duty, text)[-1], section=m.duty.section, page=m.duty.page)
            for m in matches
            for text in (texts[m.document.document_id],)
        ]
        listed = "" if len(matches) == count else f"，下面列出前{len(matches)}项"
        composer.state_count(f"共{count}项{listed}：", count, marks, listed=len(matches))
    named: set[str] = set()
    order = {document: rank for rank, document in enumerate(dict.fromkeys(m.document.document_id for m in matches))}
    for match in sorted(matches, key=lambda m: order[m.document.document_id]):
        duty, document = match.duty, match.document
        text = texts[document.document_id]
        spans = _quoted(duty, text)
        marks = [composer.cite(document, text, s, section=duty.section, page=duty.page) for s in spans]
        prefix = "" if document.document_id in named else f"{label(document)}："
        named.add(document.document_id)
        words = _sentence(duty, _with_units(duty, text).of(text), names_cooperating=reading.names_cooperating)
        composer.state(prefix + words, marks, worked_out=_number_of_units(duty, counted))
        composer.add_duty(DutyFinding(duty.task, duty.lead, duty.cooperating, tuple(marks)))


def _number_of_units(duty: Duty, counted: Intent | None) -> WorkedOut | None:
    """Say how many units a duty names in the part asked for, if all are named one by one."""
    parts = {Intent.LEADS: duty.lead, Intent.COOPERATES: duty.cooperating}
    units = dict.fromkeys(parts.get(counted, (*duty.lead, *duty.cooperating)) if counted else ())
    if not units or any(_NOT_TO_BE_COUNTED.search(unit) for unit in units):
        return None
    chinese, english = _NAMES_OF_UNITS.get(counted or Intent.RESPONSIBLE, ("责任单位", "units"))
    return WorkedOut(f"{chinese}共{len(units)}个", f"{len(units)} {english}")


def _quoted(duty: Duty, text: str) -> list[Span]:
    """Return what to quote: task and units in one stretch where they stand together, else each by itself."""
    if duty.span.contains(duty.task_span):
        return [_with_units(duty, text)]
    together = Span(min(duty.task_span.start, duty.span.start), max(duty.task_span.end, duty.span.end))
    if duty.form is DutyForm.BRACKET and len(together) <= QUOTED_CHARACTERS and "\n" not in together.of(text):
        return [together]
    return [duty.task_span, duty.span]


def _with_units(duty: Duty, text: str) -> Span:
    """Return where a duty stands, from its first unit on where an earlier clause of the sentence names it (甲、乙部门牵头…，研究…)."""
    said = duty.span.of(text)
    begins = max(text.rfind(mark, 0, duty.span.start) for mark in "。；\n") + 1
    stands = [text.find(unit, begins, duty.span.start) for unit in (*duty.lead, *duty.cooperating) if unit not in said]
    return Span(min((at for at in stands if at >= 0), default=duty.span.start), duty.span.end)


def _sentence(duty: Duty, quote: str, *, names_cooperating: bool) -> str:
    """Say a duty: a sentence of the document as it stands, a bracket in words that only join its units."""
    lead, others = "、".join(duty.lead), "、".join(duty.cooperating)
    task = duty.task.rstrip("。；，,;")
    if duty.form is DutyForm.HANDLING:
        parts = [f"{units}{verb}" for units, verb in ((lead, "主办"), (others, "协办")) if units]
        return f"“{task}”由{'，'.join(parts)}。"
    if duty.form is DutyForm.STATEMENT:
        return quote.rstrip("，；、。,; ") + "。"
    words = simplify(quote)
    helping = "配合" if "配合" in words else "按职责分工负责"
    if not lead:
        return f"“{task}”由{others}{helping}。"
    leading = "牵头" if "牵头" in words else "负责"
    if not others or not names_cooperating:
        return f"“{task}”由{lead}{leading}。"
    return f"“{task}”由{lead}{leading}，{others}{helping}。"
