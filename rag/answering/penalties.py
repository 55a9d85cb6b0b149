"""What an act brings upon whoever does it (法律责任): 向未成年人销售烟酒怎么处罚 is answered by the article that punishes it.

Statutes forbid an act in one article and punish it in another, which often names the first by number alone
(违反本法第五十九条第一款规定的). The question's words stand in the first, so each punishing article is weighed by its own
words and by the paragraphs it names; both are stated. A question for a penalty is answered by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.answering.articles import numbered_articles
from rag.answering.composing import Composer, label
from rag.answering.constraints import law_that_rules
from rag.answering.matching import TermMatcher
from rag.answering.statutes import StatuteFinder
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, Kind, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.store.repository import Catalog
from rag.text import chinese_number, fold, sentences, squeeze

LEAST_HELD = 0.55
"""Least share of the question's weight that the act must hold; right ones hold .61 and more, others up to .40."""

LEAST_HELD_TREATED = 0.85
"""The same where only 怎么处理 asks."""

_NEAR_BEST = 0.95
# 不升国旗的学校 is not about schools: a word nearly as rare as the rarest must be there, ...
_RARE = 0.65
_LEAST_OF_RARE = 0.5
# ... and, unless the place tells which statute is meant, one as written: likeness makes 虐待老人 one with 虐待.
_AS_WRITTEN = 0.9
_MOST_ARTICLES = 3
_CANDIDATE_PASSAGES = 40
_MOST_STATUTES = 3

_HOW = r"(?:怎么|怎样|如何|咋)"
_ASKS = re.compile(
    rf"{_HOW}个?(?:处罚|惩罚|罚|处分)|(?:罚|处罚)款?(?:多少|几)|(?:什么|啥|哪些|何种|怎样的)样?的?(?:处罚|惩罚|处分|罚款|后果)"
    r"|(?:法律|行政|刑事|民事)责任(?:是|有|吗|$)|(?:什么|哪些|何种)(?:法律|行政|刑事|民事)责任|(?:会|要|能)不?会?被?(?:罚|处罚|处分|拘留|吊销)"
)
# Complaints, requests and waste are treated too, so the act must be there whole.
_ASKS_TREATMENT = re.compile(rf"{_HOW}处理")
_PENALTY_WORDS = re.compile(
    r"^(?:处罚|惩罚|罚|罚款|处分|处置|处理|后果|责任|法律责任|法律|规定|会?受到?|追究|承担|钱|元|违法|违反|行政|刑事|民事|时|处以|拘留|吊销|不会)$"
)
# 违反本法第五十八条、第五十九条第一款、第六十条规定的; 款 and 项 belong to the article before them.
_REFERENCES = re.compile(
    r"(?:违反|有)本(?:法|条例|办法|规定|细则)(?P<list>第[^，。；]{1,80}?条[^，。；]{0,12}?)(?:规定|所列|的)"
)
_REFERENCE = re.compile(
    r"第(?P<article>[一二三四五六七八九十百零〇\d]{1,8})条(?:第(?P<paragraph>[一二三四五六七八九十]{1,3})款)?"
)
# Where a statute has such a chapter, 责令改正 elsewhere says what an authority may do.
_LIABILITY = re.compile(r"法律责任|罚\s*则")
_ITEM = re.compile(r"\s*[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]")
# Where the act ends and what it brings begins: …的，由市场监督管理部门责令改正.
_CONSEQUENCE = re.compile(
    r"(?:的|之一)?[，,](?=由|依法|处|没收|责令|给予|应当(?:依法)?(?:给予|承担|责令|撤销)|[^，。]{1,20}(?:可以|应当)(?:依法)?(?:处|责令|给予|撤销|吊销)|构成犯罪|承担|其)"
)
_PUNISHES = re.compile(
    r"罚款|警告|没收|拘留|吊销|责令(?:限期|停止|改正|退还|退回|追回|缴纳|停业|停产)|给予(?:行政)?处分|追究[^。]{0,6}责任|承担[^。]{0,8}责任|滞纳金"
    r"|行政处罚|应当予以撤销|予以追缴"
)


@dataclass(frozen=True, slots=True)
class _Act:
    """An act that is punished.

    Attributes:
        punishing: The paragraph that says what it brings.
        forbidding: The paragraph that forbids it, where the punishing one names it by number alone.
        held: Share of the question's weight that it holds, 0..1.
    """

    punishing: Span
    clause: Clause
    forbidding: Span | None
    held: float


def asks_penalty(question: Question) -> bool:
    """Whether a question asks what an act brings upon whoever does it."""
    return not question.is_english and _ASKS.search(squeeze(fold(question.text))) is not None


def names_penalty(text: str) -> bool:
    """Whether words say what an act brings upon whoever does it."""
    return _PUNISHES.search(text) is not None


class PenaltyAnswerer:
    """Answers questions for penalties from statutes."""

    def __init__(self, catalog: Catalog, searcher: Searcher, statutes: StatuteFinder) -> None:
        self._catalog = catalog
        self._searcher = searcher
        self._statutes = statutes

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> None:
        """State the paragraphs that punish the act asked about, and those that forbid it; nothing where none does."""
        if asks_penalty(question):
            least = LEAST_HELD
        elif not question.is_english and _ASKS_TREATMENT.search(question.text):
            least = LEAST_HELD_TREATED
        else:
            return
        topic = tuple(term for term in question.terms if not _PENALTY_WORDS.match(term.word))
        if not topic:
            return
        is_tied = bool(question.places) or not filters.is_empty
        found: list[tuple[_Act, DocumentSummary, OfficialDocument]] = []
        for summary in self._nearest(question, scope, filters):
            document = self._catalog.document(summary.document_id, scope=scope)
            weigh = _Weigher(topic, self._searcher, document, is_tied=is_tied)
            found.extend((act, summary, document) for act in _acts(document, weigh))
        bar = max(least, _NEAR_BEST * max((act.held for act, _, _ in found), default=0.0))
        kept = [entry for entry in found if entry[0].held >= bar]
        kept.sort(key=lambda entry: (-round(entry[0].held, 3), entry[1].source, entry[0].punishing.start))
        named: set[str] = set()
        stated: set[str] = set()
        for act, summary, document in kept[:_MOST_ARTICLES]:
            for span in (act.forbidding, act.punishing):
                if span is None or squeeze(span.of(document.text)) in stated:
                    continue
                words = span.of(document.text)
                stated.add(squeeze(words))
                mark = composer.cite(summary, document.text, span, section=act.clause.path, page=document.page_of(span))
                prefix = "" if summary.document_id in named else f"{label(summary)}："
                named.add(summary.document_id)
                composer.state(prefix + words, [mark])

    def _nearest(self, question: Question, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        """Return the statute that the question names, else those with the passages nearest to it."""
        named = [d for d in self._statutes.named(question, scope=scope, filters=filters) if d.kind is Kind.LAW]
        if named or law_that_rules(question):
            return named
        near = self._searcher.nearest(question, scope=scope, filters=filters, passages=_CANDIDATE_PASSAGES)
        return [document for document in near if document.kind is Kind.LAW][:_MOST_STATUTES]


class _Weigher:
    """Tells what share of the words that carry a question a stretch of one statute holds."""

    def __init__(self, topic: Sequence[Term], searcher: Searcher, document: OfficialDocument, *, is_tied: bool) -> None:
        self._least_own = 0.0 if is_tied else _AS_WRITTEN
        self._matcher = TermMatcher(topic, searcher)
        self._weights = np.array([searcher.weight(term) for term in topic])
        # What the statute is about (未成年人) goes without saying in each of its articles.
        self._title = self._matcher.strengths(document.elements.title or "")

    def share(self, words: str) -> float:
        """Return the share, 0..1; 0 where what is rarest in the question, or all but the statute's topic, is missing."""
        # 销售烟、酒 is what a question calls 销售烟酒.
        own = np.maximum(self._matcher.strengths(words), self._matcher.strengths(words.replace("、", "")))
        strengths = np.maximum(own, self._title)
        is_rare = self._weights >= _RARE * self._weights.max()
        if strengths[is_rare].max() < _LEAST_OF_RARE or own[self._title < 1].max(initial=0.0) < self._least_own:
            return 0.0
        return float(np.dot(self._weights, strengths) / (self._weights.sum() or 1.0))


def _acts(document: OfficialDocument, weigh: _Weigher) -> Iterator[_Act]:
    """Yield the acts that a statute punishes."""
    articles = _articles(document)
    liable = [clause for clause in articles.values() if any(_LIABILITY.search(heading) for heading in clause.path)]
    for clause in liable or articles.values():
        paragraphs = _paragraphs(document.text, clause.span)
        for punishing in paragraphs:
            words = punishing.of(document.text)
            if not names_penalty(words):
                continue
            own = _CONSEQUENCE.split(words)[0]
            if ":" in words or "：" in words:
                own = words  # 有下列行为之一的…：the acts stand in the items
            held: list[tuple[float, Span | None]] = [(weigh.share(own), None)]
            for span in _referred(document.text, own, articles):
                held += [
                    (weigh.share(sentence.of(document.text) + own), span) for sentence in sentences(document.text, span)
                ]
            share, forbidding = max(held, key=lambda item: item[0])
            yield _Act(punishing, clause, forbidding, share)


def _referred(text: str, words: str, articles: dict[int, Clause]) -> Iterator[Span]:
    """Yield the paragraphs that 违反本法第五十八条、第五十九条第一款规定 names."""
    for match in _REFERENCES.finditer(squeeze(fold(words))):
        for named in _REFERENCE.finditer(match["list"]):
            clause = articles.get(chinese_number(named["article"]) or 0)
            if clause is None:
                continue
            paragraphs = _paragraphs(text, clause.span)
            if named["paragraph"]:
                at = chinese_number(named["paragraph"]) or 0
                paragraphs = paragraphs[at - 1 : at]
            yield from paragraphs


def _articles(document: OfficialDocument) -> dict[int, Clause]:
    """Return a statute's articles by number."""
    found: dict[int, Clause] = {}
    for number, clause in numbered_articles(document):
        found.setdefault(number.ordinal, clause)
    return found


def _paragraphs(text: str, span: Span) -> list[Span]:
    """Return the paragraphs (款) of an article, each with its items (项)."""
    found: list[Span] = []
    start = span.start
    for line in span.of(text).splitlines(keepends=True):
        here = Span(start, start + len(line.rstrip("\n")))
        start += len(line)
        if not here.of(text).strip():
            continue
        if found and _ITEM.match(here.of(text)):
            found[-1] = Span(found[-1].start, here.end)
        else:
            found.append(here)
    return found
