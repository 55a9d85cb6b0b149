"""Evidence (证据): the sentences that may answer a question, each scored by what of the question it holds.

A sentence is judged with its surroundings: a word of the question found in the sentence counts whole, one found
only in its headings, its passage or its document's title counts in part. Scores are sums of named parts,
so that ``--explain`` can show them and calibration can fit them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rag.answering.constraints import agrees, around
from rag.answering.currency import Currency, as_of_year
from rag.answering.intent import DUTY_INTENTS, DUTY_WORDS, Intent, Reading, duty_topic
from rag.answering.kinds import PEOPLE, asked_unit, asks_hours, counted_noun, counts_people, holds_kind, names_level
from rag.answering.matching import TermMatcher, shortens
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.retrieval.places import Place
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.text import fold, sentences, squeeze

CANDIDATE_PASSAGES = 40

COMPARED_SENTENCES = 80
"""Sentences, the best by their words, that are compared with the question by meaning: encoding costs most."""

OPENING_CHARACTERS = 160
"""First characters of news and web pages, their title and first sentence: whom and where they name, all of it is about."""

_SIMILARITY_WEIGHT = 0.2

_HEADING_SHARE = 0.8
_PASSAGE_SHARE = 0.55
_TITLE_SHARE = 0.65
_CONTEXT_SHARE = 0.8

# The noun that is counted must stand there, if only in part: 护士 is like 医师, and another number. Where the
# documents know the noun itself, a sentence may also put it otherwise (医院, 医疗机构).
_COUNTED_LEAST = 0.4
# What tells the noun from others of its kind may be put otherwise, or stand beside the sentence. Common words of the noun
# tell it from nothing: those of less weight than this share of its rarest.
_TOLD_LEAST = 0.3
_TOLD_WEIGHT = 0.5

_CLAUSE_MARK = re.compile(r"[，；。;]|(?<!\d),|,(?!\d)")

# Courtesies and formulae that answer nothing (客套话).
COURTESY = re.compile(
    r"感谢您|衷心(?:的)?感谢|再次感谢|收悉|(?:答复|回复|函复|反馈|汇报)如下|特此(?:函复|答复|通知|报告|函告)|敬请|请予?(?:支持|理解|审阅|审议)|"
    r"如有(?:什么)?(?:意见|疑问|不妥)|欢迎(?:您|继续)|提出(?:的)?宝贵(?:的)?(?:意见|建议)|现将.{0,20}(?:报告|通知|印发)|结合.{0,8}实际，?(?:特)?制定本"
    r"|现(?:予)?(?:印发|转发)(?:给你们|你单位)|同时废止[。；]?$|^\s*附\s?件\s*[\d一二三四五六七八九十]*\s*[：:]"
)
# 〔市民政局牵头，市残联配合〕 by itself says who, and nothing of what: duties are stated with their task.
_BARE_BRACKET = re.compile(r"[〔（(\[【][^〔〕【】\[\]]{2,400}(?:负责|牵头|配合|落实|承担)[〕）)\]】][。；]?")
_SHORTEST_TITLE = 8
_FOR_PEOPLE_AND_THINGS = "个名位人家所处座"


# What is to be reached, or is the least that must be, is no figure of what is (目标值、下限). A question that has such words
# or a year asks for it.
_TARGET = re.compile(r"到20\d\d年(?:底|末)?[,，]|力争|争取|不低于|不少于|至少|不超过|计划(?:培训|新增|改造|投入|建设)")
_ASKS_TARGET = re.compile(
    r"目标|计划|打算|准备|要|将|拟|力争|到20|20\d\d|底|至少|最少|最低|最多|不少于|应|须|标准|规定|每"
)
_TARGET_COSTS = 0.12

# A line that gives one particular of the item that it stands under (完成时限、责任单位).
_LABELLED = re.compile(
    r"\s*(?:完成|办结|实施)?(?:时限|期限|时间|进度|责任单位|责任部门|牵头单位|配合单位|负责单位|完成时间)\s*[:：]"
)


def is_target(text: str) -> bool:
    """Whether a sentence says what is to be reached or the least that must be, not what is."""
    return _TARGET.search(text) is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question.

    Attributes:
        coverage: Share of the question's weight held by the sentence with its surroundings, 0..1.
        own: Share held by the sentence itself, 0..1.
        similarity: Cosine of question and sentence, −1..1.
        fits: The sentence has the kind of thing asked for (a figure, a date, a place).
        score: What candidates are ordered by; comparable within one question.
        relevance: The search's score of the passage, 0..1.
    """

    passage: Passage
    document: DocumentSummary
    span: Span
    text: str
    coverage: float
    own: float
    similarity: float
    fits: bool
    score: float
    relevance: float = 0.0


class Findings(NamedTuple):
    """What was read for a question: the passages, best first, and the sentences that may answer, best first."""

    hits: list[Hit]
    evidence: list[Evidence]


def _names_in(question: Question, place: Place) -> list[str]:
    """Return what a text about a place is known by: its name, and that of the district named behind it (北京丰台区)."""
    district = re.search(re.escape(place.written) + r"([\u4e00-\u9fff]{2,3})[区县市镇]", fold(question.text))
    return [place.short, district[1]] if district else [place.short]


class EvidenceFinder:
    """Finds and scores candidate sentences."""

    def __init__(self, searcher: Searcher, currency: Currency) -> None:
        self._searcher = searcher
        self._currency = currency

    def find(self, question: Question, reading: Reading, *, scope: Scope, filters: Filters) -> list[Evidence]:
        """Return candidate sentences, best first; see ``read``."""
        return self.read(question, reading, scope=scope, filters=filters).evidence

    def read(
        self,
        question: Question,
        reading: Reading,
        *,
        scope: Scope,
        filters: Filters,
        anywhere: Filters | None = None,
    ) -> Findings:
        """Read the passages found; of their sentences, return those that may answer.

        Sentences that contradict what the question pins down are left out, and so are documents that a later
        one repeals, unless the question names them or their year.

        Args:
            question: The question.
            reading: Its intent.
            scope: What the asker may see.
            filters: Conditions on the documents.
            anywhere: Those conditions without the place that the question names. News and web pages come from no place:
                of documents without one, passages that name it are read too.
        """
        as_of = as_of_year(question)
        if as_of is not None:  # what was in force then may have been issued before
            filters = replace(filters, year_to=min(as_of, filters.year_to or as_of))
            question = replace(question, years=(), all_years=frozenset())
        hits = self._searcher.search(question, scope=scope, filters=filters, top_k=CANDIDATE_PASSAGES)
        if anywhere is not None:
            anywhere = replace(anywhere, year_to=filters.year_to)
            hits = self._with_those_of_no_place(hits, question, filters.place, scope=scope, filters=anywhere)
        documents = self._searcher.summaries([hit.passage.document_id for hit in hits], scope=scope)
        if not (question.years or question.document_numbers):
            gone = self._currency.repealed(documents.values(), scope=scope, as_of=as_of)
            hits = [hit for hit in hits if hit.passage.document_id not in gone]
        if not hits:
            return Findings([], [])
        openings = self._openings(documents.values(), scope=scope)
        scorer = _Scorer(question, reading, hits, self._searcher, openings)
        candidates = [(hit, span) for hit in hits for span in sentences(hit.passage.text)]
        scorer.prepare([span.of(hit.passage.text) for hit, span in candidates], hits, documents)
        found = [
            scorer.score(hit, documents[hit.passage.document_id], span)
            for hit, span in candidates
            if agrees(
                question,
                span.of(hit.passage.text),
                hit.passage,
                documents[hit.passage.document_id],
                opening=openings.get(hit.passage.document_id, ""),
            )
            and scorer.counts_right(hit.passage, documents[hit.passage.document_id], span)
        ]
        best = sorted(found, key=lambda e: -e.score)[:COMPARED_SENTENCES]
        found = self._compared(question.subject, best)
        return Findings(hits, sorted(found, key=lambda e: (-e.score, e.document.source, e.span.start)))

    def _openings(self, documents: Iterable[DocumentSummary], *, scope: Scope) -> Mapping[str, str]:
        """Return the first words, by id, of documents that have no title or place of their own."""
        ids = [document.document_id for document in documents if document.place is None or not document.title]
        return self._searcher.openings(ids, OPENING_CHARACTERS, scope=scope)

    def _with_those_of_no_place(
        self, hits: Sequence[Hit], question: Question, key: str | None, *, scope: Scope, filters: Filters
    ) -> list[Hit]:
        names = [name for place in question.places if place.key == key for name in _names_in(question, place)]
        others = self._searcher.search(question, scope=scope, filters=filters, top_k=CANDIDATE_PASSAGES)
        documents = self._searcher.summaries([hit.passage.document_id for hit in others], scope=scope)
        openings = self._openings(documents.values(), scope=scope)
        # Scores of two searches cannot be compared: the one over all documents counts.
        scores = {hit.passage.passage_id: hit.score for hit in others}
        least = min(scores.values(), default=1.0)
        merged = [replace(hit, score=scores.get(hit.passage.passage_id, least * hit.score)) for hit in hits]
        for hit in others:
            document = documents[hit.passage.document_id]
            opening = openings.get(document.document_id, "")
            if document.place is None and any(name in around(hit.passage, document, opening) for name in names):
                merged.append(hit)
        return sorted(merged, key=lambda hit: -hit.score)[:CANDIDATE_PASSAGES]

    def _compared(self, subject: str, found: Sequence[Evidence]) -> list[Evidence]:
        """Add how alike each sentence is to the subject, by itself or, for somewhat less, with its headings."""
        texts = [e.text for e in found]
        within = [" ".join((e.document.title or "", *e.passage.section, e.text)) for e in found]
        both = self._searcher.likeness.similarities(subject, [*texts, *within]).tolist() if found else []
        return [
            replace(e, similarity=likeness, score=e.score + _SIMILARITY_WEIGHT * max(0.0, likeness))
            for e, alone, among in zip(found, both[: len(found)], both[len(found) :], strict=True)
            for likeness in (max(alone, _CONTEXT_SHARE * among),)
        ]


class _Scorer:
    """Scores the sentences of one question."""

    def __init__(
        self,
        question: Question,
        reading: Reading,
        hits: Sequence[Hit],
        searcher: Searcher,
        openings: Mapping[str, str],
    ) -> None:
        self._question = question
        self._openings = openings
        self._intent = reading.intent
        asked = question.terms
        if reading.intent in DUTY_INTENTS:
            asked = tuple(t for t in asked if not DUTY_WORDS.match(t.word)) or asked
        if reading.intent is Intent.UNIT_DUTIES:
            asked = duty_topic(question, reading.intent) or asked
        # Years and places without documents are words too: of two sentences the one that names them is the better.
        named = [str(year) for year in question.years] + [p.short for p in question.places if not p.names]
        self._terms = (*asked, *(Term(word, (word,)) for word in named))
        self._matcher = TermMatcher(self._terms, searcher)
        self._weights = np.array([searcher.weight(term) for term in self._terms])
        self._total = float(self._weights.sum()) or 1.0
        self._asks_what_is = reading.intent is Intent.FIGURE and not _ASKS_TARGET.search(question.text)
        self._asks_hours = reading.intent is Intent.TIME and asks_hours(question)
        noun = counted_noun(question) if reading.intent is Intent.FIGURE else ()
        self._counted = noun[-1] if noun else None
        weights = {term: searcher.weight(term) for term in noun}
        least = _TOLD_WEIGHT * max(weights.values(), default=0.0)
        self._told_by = [at for at, t in enumerate(self._terms) if t in noun[:-1] and weights[t] >= least]
        whole = "".join(term.word for term in noun)
        self._whole_noun = Term(whole, (whole,))
        self._counted_is_known = self._counted is not None and any(
            self._counted.word in squeeze(fold(hit.passage.text)) for hit in hits
        )

    def prepare(self, texts: Sequence[str], hits: Sequence[Hit], documents: Mapping[str, DocumentSummary]) -> None:
        """Match all that will be scored at once: sentences, passages, headings and titles."""
        titles = map(self._title, documents.values())
        self._matcher.prepare(
            [*texts, *(hit.passage.text for hit in hits), *(" ".join(hit.passage.section) for hit in hits), *titles]
        )

    def _title(self, document: DocumentSummary) -> str:
        """Return a document's title, of one that has none its first words."""
        return document.title or self._openings.get(document.document_id, "")

    def counts_right(self, passage: Passage, document: DocumentSummary, span: Span) -> bool:
        """Tell whether a sentence, or the table that it is a row of, counts what the question counts."""
        if self._counted is None:
            return True
        text = passage.text if "\t" in span.of(passage.text) else span.of(passage.text)
        if not names_level(self._question, text):
            return False
        plain = squeeze(fold(text))
        if self._tells_of_some(self._counted, plain):
            return False
        if not self._counted_is_known:
            return names_noun(plain, self._counted)
        held = self._matcher.strengths(text)[self._terms.index(self._counted)]
        return (
            (held >= _COUNTED_LEAST or names_noun(plain, self._counted) or self._counts_alike(text))
            and self._is_of_the_kind(text, passage, document)
            and self._is_told_before(plain)
            and self._counts_where_named(self._counted, text)
        )

    def _counts_alike(self, text: str) -> bool:
        """Whether most of the noun stands there, and a figure in the very unit: 心理健康知识巡讲164场次 for 多少场心理健康讲座."""
        unit = asked_unit(self._question)
        plain = squeeze(fold(text))
        is_in_unit = unit is not None and re.search(rf"\d[万余多]*{re.escape(unit)}", plain) is not None
        return is_in_unit and TermMatcher.exact(self._whole_noun, plain) >= _COUNTED_LEAST

    def _is_of_the_kind(self, text: str, passage: Passage, document: DocumentSummary) -> bool:
        """Whether a sentence with its headings around it has what tells the noun from others: 心理门诊 is no 青少年心理门诊."""
        if not self._told_by:
            return True
        said = [text, " ".join(passage.section), self._title(document)]
        held = np.maximum.reduce([self._matcher.strengths(each) for each in said])
        plain = squeeze(fold(f"{passage.text} {' '.join(said)}"))
        return all(held[at] >= _TOLD_LEAST or names_noun(plain, self._terms[at]) for at in self._told_by)

    def _tells_of_some(self, counted: Term, plain: str) -> bool:
        """Whether all are asked for, and some are told of, by another name: 5家医疗机构开设门诊 is no 多少家医院."""
        if len(self._terms) > len(self._told_by) + 1 or counted.word in plain:
            return False
        named = "|".join(re.escape(word) for word in counted.alternatives)
        counts = re.compile(rf"\d[万余多]*[{_FOR_PEOPLE_AND_THINGS}](?:{named})(?P<more>[\u4e00-\u9fff]{{2}})?")
        found = [match["more"] for match in counts.finditer(plain)]
        return bool(found) and all(found)

    def _is_told_before(self, plain: str) -> bool:
        """Whether what tells the noun stands before it where it is counted: 3名医师参加精神科医师培训 gives no 精神科医师."""
        if self._counted is None or not self._told_by:
            return True
        told = [word for at in self._told_by for word in self._terms[at].alternatives]
        heads = "|".join(re.escape(word) for word in self._counted.alternatives)
        counted = re.compile(rf"\d[万余多]*[{_FOR_PEOPLE_AND_THINGS}](?:{heads})")
        found = [(clause, match.end()) for clause in _CLAUSE_MARK.split(plain) for match in counted.finditer(clause)]
        return not found or any(
            any(word in clause[:end] for word in told) or not any(word in clause for word in told)
            for clause, end in found
        )

    def _counts_where_named(self, counted: Term, text: str) -> bool:
        """Whether a sentence that names the noun gives figures by it: 建立服务中心，22个镇街设服务点 does not."""
        if "\t" in text or counts_people(self._question):
            return True
        named = counted.word in squeeze(fold(text))
        if not named and not PEOPLE.search(counted.word):
            return True
        figures = [c for c in _CLAUSE_MARK.split(text) if holds_kind(self._intent, self._question, c)]
        if named:
            return not figures or any(names_noun(squeeze(fold(c)), counted) for c in figures)
        at = self._terms.index(counted)
        return any(
            self._matcher.strengths(c)[at] >= _COUNTED_LEAST or names_noun(squeeze(fold(c)), counted) for c in figures
        )

    def score(self, hit: Hit, document: DocumentSummary, span: Span) -> Evidence:
        """Score one sentence of a passage by its words; its similarity is not known yet."""
        passage = hit.passage
        text = span.of(passage.text)
        own = self._matcher.strengths(text)
        if _LABELLED.match(text):  # 完成时限：2025年12月底 is said of the item above it
            own = np.maximum(own, _HEADING_SHARE * self._matcher.strengths(" ".join(passage.section)))
        fits = holds_kind(self._intent, self._question, text)
        if fits and self._asks_hours:
            title = self._matcher.strengths(document.title or "")
            own = np.maximum.reduce([own, title, self._matcher.strengths(passage.text)])
        around = np.maximum.reduce(
            [
                own,
                _HEADING_SHARE * self._matcher.strengths(" ".join(passage.section)),
                _PASSAGE_SHARE * self._matcher.strengths(passage.text),
                _TITLE_SHARE * self._matcher.strengths(self._title(document)),
            ]
        )
        coverage = float(np.dot(self._weights, around)) / self._total
        own_coverage = float(np.dot(self._weights, own)) / self._total
        is_from_place = any(place.names[:1] == (document.place,) for place in self._question.places)
        score = (
            0.45 * coverage
            + 0.25 * own_coverage
            + 0.1 * hit.score
            + 0.15 * fits
            + 0.08 * is_from_place
            - 0.4 * is_formula(text, document)
            - _TARGET_COSTS * (self._asks_what_is and is_target(text))
        )
        place = span.shift(passage.span.start)
        return Evidence(passage, document, place, text, coverage, own_coverage, 0.0, fits, score, hit.score)


def is_formula(text: str, document: DocumentSummary) -> bool:
    """Whether a sentence answers nothing by itself.

    It is a courtesy, what sends a document out, a line of attachments, the document's name, or a bracket that names units.
    """
    plain = squeeze(text)
    is_name = len(plain) >= _SHORTEST_TITLE and plain in squeeze(document.title or "")
    return is_name or COURTESY.search(text) is not None or _BARE_BRACKET.fullmatch(plain) is not None


def names_noun(plain: str, noun: Term) -> bool:
    """Tell whether words, folded and without blanks, name what is counted, if only in part or at more length."""
    return TermMatcher.exact(noun, plain) >= _COUNTED_LEAST or shortens(noun.word, plain)
