"""What is planned, aimed at or done (计划、目标、已做): answered from commitments and events, each with its words.

下一步打算怎么做, 到2025年要达到什么目标 and 做了哪些工作 name a status and little else: no sentence holds their words, but
every commitment (承诺事项) and event (事件) has a status, a date and an actor. Asked for as a list (有哪些, 列出) they are
given whole, with their number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.answering.composing import Composer, label
from rag.answering.constraints import document_years, names_places
from rag.answering.currency import Currency
from rag.answering.intent import Intent, Reading
from rag.answering.matching import TermMatcher
from rag.answering.subject import unknown_nouns
from rag.domain.access import Scope
from rag.domain.answer import CommitmentFinding, EventFinding, WorkedOut
from rag.domain.commitment import Commitment, CommitmentStatus
from rag.domain.document import DocumentSummary, Kind
from rag.domain.event import Event, Period
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.parsing.agencies import mentions, same_agency
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.store.repository import Catalog
from rag.text import fold, squeeze

_PLANNED = re.compile(
    r"下一?步|接下来|今后|后续|打算|工作(?:安排|计划)|(?:什么|哪些|啥)(?:工作)?(?:计划|安排)|计划(?:做|干|怎|如何|开展|采取)|准备(?:怎|如何|做|干|采取)|将(?:会|要)?(?:采取|开展|怎|如何|做)"
    r"|\bnext\b|\bplan(?:s|ned|ning)?\b|\bgoing to\b|\bintend\w*|\b(?:what|which|how)\b.*\bwill [a-z]"
)
_AIMED = re.compile(
    r"目标|(?:要|将|能|应)(?:达到|实现)(?:什么|哪些|怎样)|(?:达到|实现)(?:什么|哪些|怎样)|\b(?:goals?|targets?|aims?)\b"
)
_DONE = re.compile(
    r"(?:做|干|开展|采取|推进|实施|完成|举办|组织|出台|召开)了(?:哪些|什么|啥|哪几)|已经?(?:做|开展|采取|完成|推进|实施)(?!吗)|(?:做|开展|采取|完成|举办)的(?:工作|事情?|活动|措施)|做过|(?:取得|有)(?:了)?(?:哪些|什么|啥)(?:工作)?(?:成效|进展|成绩|举措)|工作(?:进展|成效)"
    r"|\bwhat (?:has|have|had|did)\b.*\b(?:do|done|achieve\w*|carr\w+ out|accomplish\w*|take\w*|took)\b"
)
_LISTS = re.compile(r"哪些|哪几|列出|列举|全部|所有|\blist\b|\bwhich\b|\bwhat are\b")
# Words that name a status or ask for one; what is left is the topic.
_STATUS_WORD = re.compile(
    r"^(?:目标|打算|计划|规划|安排|工作|任务|重点|措施|做法|办法|举措|活动|开展|采取|推进|推动|实施|完成|举办|组织|列出|列举|达到|实现|进展|成效|成绩|取得|"
    r"内容|方面|情况|步骤|年底|月底|底要|总体|主要|下步|今后|后续|已经|准备|接下来|全部|所有|出台|召开|要求|今年|去年|明年"
    r"|do|done|did|will(?: do)?|next|plans?|planned|planning|goals?|targets?|aims?|work|steps?|measures?|list|carry out|carried out|take|taken|took|achieved?|since|going|intends?)$"
)
_INTENTS = frozenset({Intent.HOW, Intent.FACT, Intent.ACROSS})
_COMING = (CommitmentStatus.PLANNED, CommitmentStatus.TARGET)
_SAID = {CommitmentStatus.DONE: "已做", CommitmentStatus.PLANNED: "计划", CommitmentStatus.TARGET: "目标"}

LEAST_HELD = 0.5
"""Least share of the topic that a commitment or event must hold, with its headings, title and document."""

_NEAR_BEST = 0.7
_SINCE = re.compile(r"(?:19|20)\d{2}年?(?:以来|以后|之后|起)|\bsince\b")
_MOST_YEARS = 30
_MOST_DOCUMENTS = 20
_MOST_LISTED = 100
_SECTION_SHARE = 0.8
_SUBJECT_SHARE = 0.75
_WHOLE_SUBJECT = 0.75
_DOCUMENT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Fact:
    """A commitment or an event with its document."""

    fact: Commitment | Event
    document: DocumentSummary

    @property
    def status(self) -> CommitmentStatus:
        """How far it has come; an event has been done."""
        return self.fact.status if isinstance(self.fact, Commitment) else CommitmentStatus.DONE


def asked_statuses(question: Question, reading: Reading) -> tuple[CommitmentStatus, ...]:
    """Return the statuses that a question asks for, empty where it asks for something else."""
    if reading.intent not in _INTENTS:
        return ()
    text = fold(question.text)
    if _AIMED.search(text):
        return (CommitmentStatus.TARGET,)
    if _PLANNED.search(text):
        return _COMING
    return (CommitmentStatus.DONE,) if _DONE.search(text) else ()


def _is_news(document: DocumentSummary) -> bool:
    """Whether a text is news or a web page, which commits nobody: of no kind, no place, no number and no issuer."""
    return document.kind is Kind.OTHER and not (document.place or document.document_number or document.issuer)


class ProgressAnswerer:
    """Answers questions for what is planned, aimed at or done."""

    def __init__(self, catalog: Catalog, searcher: Searcher, currency: Currency) -> None:
        self._catalog = catalog
        self._searcher = searcher
        self._currency = currency

    def state(
        self, question: Question, reading: Reading, composer: Composer, *, scope: Scope, filters: Filters, top_k: int
    ) -> bool:
        """State the commitments and events asked for, document by document, the nearest document first.

        Returns:
            Whether anything was stated; not where the question names nothing that could tell them from all others.
        """
        statuses = asked_statuses(question, reading)
        if not statuses or unknown_nouns(question, self._searcher):
            return False
        agencies = [name for _, name in mentions(question.text)]
        topic = self._topic(question, agencies)
        if not (topic or question.years or not filters.is_empty):
            return False
        hits = self._searcher.search(question, scope=scope, filters=filters, top_k=2 * _MOST_DOCUMENTS)
        documents = self._documents(hits, topic, scope, filters)
        found = [
            fact
            for fact in self._facts(documents, statuses, scope)
            if _year_agrees(question, fact) and _agency_agrees(agencies, fact) and _place_agrees(question, fact)
        ]
        found = self._of_topic(found, topic, hits, scope)
        if not found:
            return False
        order = {document: rank for rank, document in enumerate(documents)}
        found.sort(key=lambda f: (order[f.document.document_id], statuses.index(f.status), f.fact.span.start))
        self._state_all(question, found, composer, scope, top_k)
        return True

    def is_bare(self, question: Question, reading: Reading) -> bool:
        """Whether a question names a status and no topic: where no fact has it, no sentence answers by its words either."""
        agencies = [name for _, name in mentions(question.text)]
        return bool(asked_statuses(question, reading)) and not self._topic(question, agencies)

    def _topic(self, question: Question, agencies: Sequence[str]) -> tuple[Term, ...]:
        named = [fold(name) for name in agencies]
        return tuple(
            term
            for term in question.terms
            if not _STATUS_WORD.match(term.word) and not any(term.word in name or name in term.word for name in named)
        )

    def _documents(self, hits: Sequence[Hit], topic: Sequence[Term], scope: Scope, filters: Filters) -> list[str]:
        """Return ids of the documents to look into: by what they say, or without a topic those of the place, newest first."""
        ids = list(dict.fromkeys(hit.passage.document_id for hit in hits))
        if not topic and not filters.is_empty:
            listed = self._catalog.list_documents(
                scope=scope, filters=filters, limit=_MOST_DOCUMENTS, are_distinct=True
            ).documents
            ids = [document.document_id for document in listed]
        summaries = self._searcher.summaries(ids, scope=scope)
        gone = self._currency.repealed(summaries.values(), scope=scope)
        news = {document.document_id for document in summaries.values() if _is_news(document)}
        return [document_id for document_id in ids if document_id not in gone | news][:_MOST_DOCUMENTS]

    def _facts(self, documents: Sequence[str], statuses: Sequence[CommitmentStatus], scope: Scope) -> Iterator[_Fact]:
        told: dict[str, list[Commitment]] = {}
        for commitment, document in self._catalog.commitments(scope=scope, documents=documents):
            if commitment.status in statuses:
                told.setdefault(document.document_id, []).append(commitment)
                yield _Fact(commitment, document)
        if CommitmentStatus.DONE in statuses:
            for event, document in self._catalog.events(scope=scope, documents=documents):
                if not any(event.span.overlaps(c.span) for c in told.get(document.document_id, ())):
                    yield _Fact(event, document)

    def _of_topic(
        self, found: Sequence[_Fact], topic: Sequence[Term], hits: Sequence[Hit], scope: Scope
    ) -> list[_Fact]:
        """Return those that hold enough of the topic, themselves or with what stands around them."""
        if not topic or not found:
            return list(found)
        matcher = TermMatcher(topic, self._searcher)
        weights = np.array([self._searcher.weight(term) for term in topic])
        passages: dict[str, list[str]] = {}
        for hit in hits:
            passages.setdefault(hit.passage.document_id, []).append(hit.passage.text)
        matcher.prepare([*(f.fact.text for f in found), *(text for texts in passages.values() for text in texts)])
        around = {
            document: np.maximum.reduce([matcher.strengths(text) for text in texts])
            for document, texts in passages.items()
        }
        subjects = {
            document_id: matcher.strengths(self._subject_of(document_id, scope))
            for document_id in dict.fromkeys(fact.document.document_id for fact in found)
        }
        total = float(weights.sum()) or 1.0
        # A document that is about half of the topic, and of something else, lends its facts nothing.
        subjects = {
            document_id: strengths if float(np.dot(weights, strengths)) / total >= _WHOLE_SUBJECT else 0 * strengths
            for document_id, strengths in subjects.items()
        }
        held: list[tuple[float, _Fact]] = []
        for fact in found:
            near = np.maximum.reduce(
                [
                    matcher.strengths(fact.fact.text),
                    _SECTION_SHARE * matcher.strengths(" ".join(fact.fact.section)),
                    _SUBJECT_SHARE * subjects[fact.document.document_id],
                ]
            )
            whole = np.maximum(near, _DOCUMENT_SHARE * around.get(fact.document.document_id, np.zeros(len(topic))))
            if float(np.dot(weights, whole)) / total >= LEAST_HELD:
                held.append((float(np.dot(weights, near)) / total, fact))
        best = max((share for share, _ in held), default=0.0)
        return [fact for share, fact in held if share >= _NEAR_BEST * best] if best >= LEAST_HELD else []

    def _subject_of(self, document_id: str, scope: Scope) -> str:
        """Return what a document says that it is about: its title, and that of the proposal it answers."""
        elements = self._catalog.elements(document_id, scope=scope)
        proposal = elements.proposal.title if elements.proposal else None
        return f"{elements.title or ''} {proposal or ''}"

    def _state_all(
        self, question: Question, found: Sequence[_Fact], composer: Composer, scope: Scope, top_k: int
    ) -> None:
        wants_all = _LISTS.search(fold(question.text)) is not None and len(found) <= _MOST_LISTED
        texts: dict[str, str] = {}
        for fact in found:
            if fact.document.document_id not in texts:
                texts[fact.document.document_id] = self._catalog.text(fact.document.document_id, scope=scope)
        stated = found if wants_all else found[:top_k]
        marks = [
            composer.cite(
                f.document, texts[f.document.document_id], f.fact.span, section=f.fact.section, page=f.fact.page
            )
            for f in stated
        ]
        if wants_all and len(found) > 1:
            composer.state_count(f"共{len(found)}项：", len(found), marks)
        before: str | None = None
        for each, mark in zip(stated, marks, strict=True):
            name = "" if each.document.document_id == before else f"{label(each.document)}："
            before = each.document.document_id
            words = each.fact.span.of(texts[each.document.document_id]).strip("，,；; \n")
            composer.state(f"{name}【{_SAID[each.status]}】{words}", [mark], worked_out=_worked_out(each.fact))
            if isinstance(each.fact, Commitment):
                composer.add_commitment(CommitmentFinding(each.fact, (mark,)))
            else:
                composer.add_event(EventFinding(each.fact, (mark,)))


def _worked_out(fact: Commitment | Event) -> WorkedOut | None:
    """Return the day or time that its words come to, where they do not say it themselves."""
    return worked_out_time(fact) if isinstance(fact, Event) else worked_out_deadline(fact)


def worked_out_deadline(fact: Commitment) -> WorkedOut | None:
    """Return what a deadline comes to, ``None`` where the words name its year or it cannot be told."""
    if fact.deadline is None or (fact.deadline_text and str(fact.deadline.year) in fact.deadline_text):
        return None
    if not fact.deadline_text and str(fact.deadline.year) in fact.text:
        return None
    day = Period(fact.deadline, fact.deadline)
    return WorkedOut(f"时限：{day.in_chinese()}", f"by {day.in_english()}")


def worked_out_time(event: Event) -> WorkedOut | None:
    """Return what the words of an event's time come to, ``None`` where they name the year or it cannot be told."""
    if event.period is None or str(event.period.first.year) in event.when:
        return None
    return WorkedOut(f"{event.when}即{event.period.in_chinese()}", f"“{event.when}” is {event.period.in_english()}")


def _year_agrees(question: Question, each: _Fact) -> bool:
    """Whether it is of a year asked for: by its deadline or its own time, else by its words, else by its document."""
    if not question.years:
        return True
    fact, years = each.fact, question.all_years
    if _SINCE.search(fold(question.text)):
        years = frozenset(range(min(years), max(years) + _MOST_YEARS))
    if any(re.search(rf"(?<!\d){year}年", title) for year in years for title in fact.section):
        return True  # 三、2025年工作安排
    if isinstance(fact, Event) and fact.period is not None:
        last = fact.period.last
        return any(fact.period.first.year <= year and (last is None or year <= last.year) for year in years)
    if isinstance(fact, Commitment) and fact.deadline is not None:
        return fact.deadline.year in years
    named = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d{2}(?=\s*年)", fact.text)}
    return bool((named or document_years(each.document)) & years)


def _agency_agrees(agencies: Sequence[str], each: _Fact) -> bool:
    if not agencies:
        return True
    names = [name for name in (each.fact.actor, each.document.issuer) if name]
    named = [name for _, name in mentions(each.fact.text)]
    return any(same_agency(one, other) or one in other for one in agencies for other in (*names, *named))


def _place_agrees(question: Question, each: _Fact) -> bool:
    """Whether each place that is no document's own is at least named in the document's title or in the words."""
    around = squeeze(fold(f"{each.document.title or ''} {each.fact.text} {' '.join(each.fact.section)}"))
    return names_places(question, around)
