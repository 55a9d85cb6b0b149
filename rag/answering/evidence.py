"""Evidence (证据): the sentences that may answer a question, each scored by what of the question it holds.

A sentence is judged with its surroundings: a word of the question found in the sentence counts whole, one found
only in its headings, its passage or its document's title counts in part. Scores are sums of named parts,
so that ``--explain`` can show them and calibration can fit them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import rjieba

from rag.answering.intent import Intent, Reading
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.passage import Passage
from rag.domain.span import Span
from rag.retrieval.question import Question, Term
from rag.retrieval.search import Searcher
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, sentences, squeeze

CANDIDATE_PASSAGES = 40

_HEADING_SHARE = 0.8
_PASSAGE_SHARE = 0.55
_TITLE_SHARE = 0.5

# Likeness of two words, in standard deviations: none up to the first, as good as synonyms from the second.
_UNLIKE = 2.5
_ALIKE = 6.0
_SOFT_SHARE = 0.8
_HOMOPHONE_SHARE = 0.8
# The noun that is counted must stand there, if only in part: 护士 is like 医师, and another number. Where the
# documents know the noun itself, a sentence may also put it otherwise (医院, 医疗机构).
_COUNTED_LEAST = 0.4

# Courtesies and formulae that answer nothing (客套话).
COURTESY = re.compile(
    r"感谢您|衷心(?:的)?感谢|再次感谢|收悉|(?:答复|回复|函复|反馈|汇报)如下|特此(?:函复|答复|通知|报告|函告)|敬请|请予?(?:支持|理解|审阅|审议)|"
    r"如有(?:什么)?(?:意见|疑问|不妥)|欢迎(?:您|继续)|提出(?:的)?宝贵(?:的)?(?:意见|建议)|现将.{0,20}(?:报告|通知|印发)|结合.{0,8}实际，?(?:特)?制定本"
)

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千两]+)"
_FIGURE = re.compile(
    rf"\d[\d,.]*\s*[%％‰万亿千百余多]*\s*(?!年(?!级)|月|日|号)[\u4e00-\u9fff:：%％/]?|{_NUMBER}分之{_NUMBER}|1[:：]\d+|每[一二两三四五六七八九十\d]+[周月年天]"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*年|\d{1,2}\s*月|[一二三四五六七八九十]+月|今年|去年|明年|本月|年底|年内|上旬|中旬|下旬|期间|以来|季度|“十[一二三四五]五”|\d+\s*(?:年|个月|天|日|个?工作日)内"
)
_CLOCK = re.compile(r"\d{1,2}\s*(?:[:：]\d{2}|[时点])(?!间|以前的)")
_SITE = re.compile(
    r"设在|设立在|位于|地址|依托|在.{1,20}(?:设|建|举办|召开|开展)|医院|学院|大学|卫生院|中心|公园|广场|村|社区|路|街"
)
_NAMING_NUMBER = re.compile(r"^\d{3,}$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*(?:年|[-—~～至]))")

# Measure words that stand for one another: 多少名医师 may be answered by 243人.
_UNITS = (
    "人名位",
    "家所个处座间",
    "场次期个",
    "人次",
    "元",
    "%％‰",
    "年月天日周时分",
    "件份项条",
    "张床",
    "公里米",
    "支辆台套种类户",
)
_ASKED_UNIT = re.compile(
    r"(?:多少|几)\s*(?P<unit>万元|亿元|人次|场次|公里|平方米|床位|小时|[家个名所场次项处户位间座支条份件种类辆张人元%年月天])"
)
_FREQUENCY = re.compile(
    r"每(?:隔)?(?:[一二两三四五六七八九十半\d]+)?个?(?:学年|学期|季度|年|月|周|天|日|班)|\d+\s*(?:个)?(?:工作日|年|月|周|天|日|小时|分钟)|[一二两三四五六七八九十]+次"
)
_ASKS_MONEY = re.compile(
    r"多少(?:钱|资金|经费|费用|投资|补助|补贴|预算|专项)|几块钱|(?:补助|补贴|资金|经费|投入|收费|票价|工资|费用|预算|投资|奖励)[^，。？]{0,6}多少|how much|subsidy|funding"
)
_MONEY_FIGURE = re.compile(r"\d[\d,.]*[万亿千百余多]*元|\d[\d,.]*[万亿](?!人|字|辆|平|名|册|次)")
_MONEY = re.compile(r"资金|经费|预算|投入|费用|补贴|补助|钱|元|收费|标准|奖励|拨款|投资")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer the question.

    Attributes:
        coverage: Share of the question's weight held by the sentence with its surroundings, 0..1.
        own: Share held by the sentence itself, 0..1.
        similarity: Cosine of question and sentence, −1..1.
        fits: The sentence has the kind of thing asked for (a figure, a date, a place).
        score: What candidates are ordered by; comparable within one question.
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


class EvidenceFinder:
    """Finds and scores candidate sentences."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def find(self, question: Question, reading: Reading, *, scope: Scope, filters: Filters) -> list[Evidence]:
        """Return candidate sentences, best first; ties by document and place in it.

        Sentences that contradict a year named in the question are left out.
        """
        hits = self._searcher.search(question, scope=scope, filters=filters, top_k=CANDIDATE_PASSAGES)
        if not hits:
            return []
        documents = self._searcher.summaries([hit.passage.document_id for hit in hits], scope=scope)
        # A year is a word like others too: of two sentences the one that names it is the better.
        terms = (*question.terms, *(Term(str(year), (str(year),)) for year in question.years))
        weights = [self._searcher.weight(term) for term in terms]
        candidates = [
            (hit.passage, span)
            for hit in hits
            for span in (s.shift(hit.passage.span.start) for s in sentences(hit.passage.text))
        ]
        texts = [span.shift(-passage.span.start).of(passage.text) for passage, span in candidates]
        similarities = self._searcher.similarities(question.subject, texts)
        matcher = TermMatcher(terms, self._searcher)
        rank_score = {hit.passage.passage_id: hit.score for hit in hits}
        counted = counted_noun(question) if reading.intent is Intent.FIGURE else None
        known = counted is not None and any(counted.word in squeeze(fold(hit.passage.text)) for hit in hits)
        found: list[Evidence] = []
        for (passage, span), text, similarity in zip(candidates, texts, similarities, strict=True):
            document = documents[passage.document_id]
            if not (
                _year_agrees(question.years, text, passage, document)
                and _places_agree(question, passage, document)
                and _numbers_agree(question, passage, document)
            ):
                continue
            own = matcher.strengths(text)
            if counted is not None:
                likeness = (
                    own[question.terms.index(counted)] if known else TermMatcher.exact(counted, squeeze(fold(text)))
                )
                if likeness < _COUNTED_LEAST:
                    continue
            around = np.maximum.reduce(
                [
                    own,
                    _HEADING_SHARE * matcher.strengths(" ".join(passage.section)),
                    _PASSAGE_SHARE * matcher.strengths(passage.text),
                    _TITLE_SHARE * matcher.strengths(document.title or ""),
                ]
            )
            total = float(sum(weights)) or 1.0
            coverage = float(np.dot(weights, around)) / total
            own_coverage = float(np.dot(weights, own)) / total
            fits = holds_kind(reading.intent, question, text)
            score = (
                0.45 * coverage
                + 0.25 * own_coverage
                + 0.2 * max(0.0, float(similarity))
                + 0.1 * rank_score[passage.passage_id]
                + (0.15 if fits else 0.0)
                + (0.08 if any(place.names[:1] == (document.place,) for place in question.places) else 0.0)
                - (0.4 if COURTESY.search(text) else 0.0)
            )
            found.append(
                Evidence(passage, document, span, text, coverage, own_coverage, float(similarity), fits, score)
            )
        return sorted(found, key=lambda e: (-e.score, e.document.source, e.span.start))


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """Return a word's pinyin without tones."""
    from pypinyin import lazy_pinyin  # its dictionaries take a while; few questions need them

    return " ".join(lazy_pinyin(word))


class TermMatcher:
    """Tells how strongly a text holds each term: exactly, in part, or by a word of like meaning."""

    def __init__(self, terms: Sequence[Term], searcher: Searcher) -> None:
        self._terms = terms
        self._searcher = searcher
        self._words = [term.alternatives[0] for term in terms]
        self._unknown = [len(w) > 1 and not w.isascii() and not searcher.knows(w) for w in self._words]
        self._known: dict[str, np.ndarray] = {}

    def strengths(self, text: str) -> np.ndarray:
        """Return one strength a term, ``(terms,) float``, 0..1; 1 means the word itself stands in ``text``."""
        if not self._terms:
            return np.zeros(0)
        if text in self._known:
            return self._known[text]
        folded = squeeze(fold(text))
        values = np.array([self.exact(term, folded) for term in self._terms])
        if folded and (values < 1).any():
            words = sorted({word for word in rjieba.cut(folded) if len(word) > 1})
            if words:
                likeness = self._searcher.word_likeness(self._words, words).max(axis=1)
                values = np.maximum(values, _SOFT_SHARE * np.clip((likeness - _UNLIKE) / (_ALIKE - _UNLIKE), 0, 1))
                values = np.maximum(values, self._homophones(words))
        self._known[text] = values
        return values

    def _homophones(self, words: Sequence[str]) -> np.ndarray:
        """Return strengths of terms that no document holds and that sound like a word here (心里 for 心理)."""
        sounds = {_sound(word) for word in words}
        return np.array(
            [
                _HOMOPHONE_SHARE if unknown and _sound(word) in sounds else 0.0
                for word, unknown in zip(self._words, self._unknown, strict=True)
            ]
        )

    @staticmethod
    def exact(term: Term, folded: str) -> float:
        """Return how much of a term's words stands in folded text, 0..1."""
        best = 0.0
        for rank, word in enumerate(term.alternatives):
            if word in folded:
                return 1.0 if rank == 0 else max(best, 0.9)
            if len(word) >= 3 and not word.isascii():
                pairs = [word[i : i + 2] for i in range(len(word) - 1)]
                best = max(best, 0.8 * sum(pair in folded for pair in pairs) / len(pairs))
        return best


def holds_kind(intent: Intent, question: Question, text: str) -> bool:
    """Tell whether words hold the kind of thing asked for: a figure (of the unit asked), a date, a place."""
    plain = squeeze(text)
    if intent is Intent.FIGURE:
        return _holds_figure(question.text, plain)
    if intent is Intent.TIME:
        if "几点" in question.text:
            return _CLOCK.search(plain) is not None
        return _DATE.search(plain) is not None
    if intent is Intent.WHERE:
        return _SITE.search(plain) is not None
    return False


def _holds_figure(asked: str, plain: str) -> bool:
    if "\t" in plain:  # a table's row: the unit stands in its head
        return re.search(r"\d", plain) is not None
    if re.search(r"多久|多长时间|how (?:long|often)", asked):
        return _FREQUENCY.search(plain) is not None
    unit = _ASKED_UNIT.search(asked)
    if _ASKS_MONEY.search(asked) or (unit and "元" in unit["unit"]):
        return _MONEY_FIGURE.search(plain) is not None
    if unit is None:
        return _FIGURE.search(plain) is not None
    word = unit["unit"]
    alike = next((units for units in _UNITS if word in units), word)
    if len(word) == 1 and len(alike) > 1:
        return re.search(rf"\d[\d,.]*[万亿千百余多]*[{re.escape(alike)}]", plain) is not None
    return re.search(rf"\d[\d,.]*[万亿千百余多]*{re.escape(word)}", plain) is not None


def counted_noun(question: Question) -> Term | None:
    """Return the noun whose number is asked for, ``None`` when it cannot be told or is money.

    It is the content word nearest to the asking word: the one after it (多少家医疗机构), else the last before it
    (执业护士有多少人). A sentence that lacks it counts something else, however alike the rest.
    """
    match = re.search(r"多少|几[家个名所场次项处户位间座支条份件种类辆张人]|how many", fold(question.text))
    if match is None or question.is_english or _MONEY.search(question.text):
        return None
    text = fold(question.text)
    after, before = text[match.end() :], text[: match.start()]
    following = [(after.find(t.word), t) for t in question.terms if t.share == 1.0 and 0 <= after.find(t.word) <= 4]
    if following:
        return min(following, key=lambda item: item[0])[1]
    preceding = [(before.rfind(t.word), t) for t in question.terms if t.share == 1.0 and t.word in before]
    return max(preceding, key=lambda item: item[0])[1] if preceding else None


def _year_agrees(years: Sequence[int], text: str, passage: Passage, document: DocumentSummary) -> bool:
    """Whether the sentence may speak of the years asked for.

    A sentence that names years must name one of them. One that names none may stand in a passage that
    does, or in a document of that year (今年 means the year of the document).
    """
    if not years:
        return True
    named = {int(m[1]) for m in _YEAR.finditer(text)}
    if named:
        spanned = set(range(min(named), max(named) + 1)) if re.search(r"年?\s*[至到—~～-]", text) else named
        return bool(spanned & set(years))
    around = {int(m[1]) for m in _YEAR.finditer(passage.text)} | {
        int(m[1]) for m in _YEAR.finditer(" ".join(passage.section))
    }
    return bool((around | document_years(document)) & set(years))


def document_years(document: DocumentSummary) -> set[int]:
    """Return the years a document stands for: of issue, of printing, in its number and in its title."""
    years = {d.year for d in (document.issued_on, document.printed_on) if d is not None}
    for text in (document.document_number, document.title):
        years |= {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", text or "")}
    return years


def _numbers_agree(question: Question, passage: Passage, document: DocumentSummary) -> bool:
    """Whether a number that names something (12356, 第454号) stands where the sentence does."""
    around = squeeze(fold(" ".join((passage.text, document.title or "", *passage.section))))
    cited = {normalize_document_number(m[0]) for m in DOCUMENT_NUMBER.finditer(squeeze(passage.text))}
    own = normalize_document_number(document.document_number or "")
    # In running text a number may have words stuck to its front; the end of it must agree.
    if not all(n == own or any(c.endswith(n) or n.endswith(c) for c in cited) for n in question.document_numbers):
        return False
    return all(term.word in around for term in question.terms if _NAMING_NUMBER.match(term.word)) and all(
        re.search(rf"(?<!\d)0*{number}(?!\d)", around) for number in question.proposal_numbers
    )


def _places_agree(question: Question, passage: Passage, document: DocumentSummary) -> bool:
    """Whether each place that is no document's own place is at least named where the sentence stands."""
    for place in question.places:
        if not place.names:
            around = " ".join((passage.text, document.title or "", document.issuer or "", *passage.section))
            if place.short not in squeeze(fold(around)):
                return False
    return True
