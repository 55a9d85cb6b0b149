"""Which of the sentences found may answer (采信): supported, of the very thing asked for, and of the kind that is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.answering.acts import of_the_act
from rag.answering.constraints import document_years
from rag.answering.evidence import Evidence, Findings
from rag.answering.intent import DUTY_INTENTS, Intent, Reading
from rag.answering.kinds import asks_location, facility_called
from rag.answering.matching import TermMatcher
from rag.answering.penalties import asks_penalty, names_penalty
from rag.answering.refusal import LEAST_OF_REASON, LEAST_OWN_COVERAGE, support, supported
from rag.answering.subject import (
    asked_of_it,
    is_said,
    lacks,
    names_the_numbered,
    telling_nouns,
    tells_of_another,
    unknown_nouns,
    wants_one_fact,
)
from rag.domain.document import Kind
from rag.domain.passage import Hit
from rag.parsing.agencies import mentions, same_agency
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.text import fold, squeeze

_NO_RULINGS = frozenset({Kind.LAW, Kind.OTHER})
_DUTY_WORDS_OF = {
    Intent.LEADS: ("牵头", "领导", "主导", "负责"),
    Intent.COOPERATES: ("配合", "协同", "协作", "联合", "会同", "参与", "协办"),
    Intent.HANDLES: ("主办", "承办", "协办"),
}
_DUTY_WORDS = tuple("负责 牵头 承担 主管 组织 指导 管理 落实 实施 协助 制作 安排 会同 联合".split())
_ASKS_LEAD_ALONE = re.compile(r"牵头(?![^，。？]*(?:配合|协助|参与))|\blead")
_MUCH_MORE = 0.4
"""Share of the question's weight: what a document must lack, and another hold, for its evidence to be of another thing."""

_ANSWERS_ITSELF = re.compile(r"属于|涉及|系")  # 属于内部事务信息的5件 is a reason without the word


def admitted(
    question: Question,
    reading: Reading,
    findings: Findings,
    searcher: Searcher,
    text_of: Callable[[str], str],
    *,
    is_filtered: bool,
) -> list[Evidence]:
    """Return those of the sentences found that may answer, best first; empty means that the question must be refused.

    Args:
        question: The question.
        reading: Its intent.
        findings: Passages and all candidates, best first.
        searcher: Knows which words the documents hold.
        text_of: Gives the canonical text of a document id.
        is_filtered: Found under a condition, which ties them to the question as a place named does.
    """
    hits, found = findings
    is_tied = is_filtered or bool(question.places or question.document_numbers or question.proposal_numbers)
    evidence = supported(found, reading.intent, is_tied=is_tied, is_across=reading.across)
    evidence = [e for e in evidence if names_the_numbered(question, e)]
    if wants_one_fact(reading.intent):
        evidence = _of_the_thing_asked(question, evidence, searcher)
        evidence = [e for e in evidence if not _year_comes_after(question, e)]
        evidence = _of_the_fullest(question, evidence, searcher)
    if is_tied or wants_one_fact(reading.intent):
        evidence = of_documents_that_name_it(question, evidence, hits, searcher, text_of)
    if reading.intent is Intent.WHERE:
        evidence = _of_the_name_asked(question, evidence, found, searcher)
        evidence = [e for e in evidence if e.fits or _may_name_it(question, reading, e)]
    evidence = _of_the_facility_called(question, evidence)
    if reading.intent is Intent.TIME:
        evidence = of_the_act(question, _of_the_name_asked(question, evidence, found, searcher))
    if reading.intent is Intent.WHY:
        evidence = _reasons_beside(evidence, found) or evidence
    if reading.intent in DUTY_INTENTS:
        evidence = [e for e in evidence if _speaks_of_duty(e, reading.intent)]
        if reading.intent is Intent.UNIT_DUTIES:
            evidence = [e for e in evidence if _names_unit(e, question) and _leads_if_asked(question, e.text)]
    asked = asked_of_it(question) if question.places and reading.intent not in DUTY_INTENTS else None
    if asked is not None and not is_said(asked, hits, evidence, TermMatcher([asked], searcher)):
        return []
    if asks_penalty(question):  # of statutes, what punishes the act has been looked for
        evidence = [e for e in evidence if e.document.kind not in _NO_RULINGS and names_penalty(e.text)]
    return evidence


def _of_the_thing_asked(question: Question, evidence: Sequence[Evidence], searcher: Searcher) -> list[Evidence]:
    """Leave out evidence of another thing that is alike: see ``rag.answering.subject``."""
    nouns = unknown_nouns(question, searcher)
    matcher = TermMatcher([Term(noun, (noun,)) for noun in nouns], searcher)
    return [e for e in evidence if not (nouns and lacks(e, nouns, matcher))]


def of_documents_that_name_it(
    question: Question,
    evidence: Sequence[Evidence],
    hits: Sequence[Hit],
    searcher: Searcher,
    text_of: Callable[[str], str],
) -> list[Evidence]:
    """Leave out what documents say that nowhere name what tells the thing asked for from others of its kind."""
    nouns = telling_nouns(question, searcher) if evidence else ()
    if not nouns:
        return list(evidence)
    matcher = TermMatcher(nouns, searcher)
    others: set[str] = set()
    for document in {e.document.document_id: e.document for e in evidence}.values():
        passages = [hit.passage for hit in hits if hit.passage.document_id == document.document_id]
        found = [document.title or "", *(" ".join((*each.section, each.text)) for each in passages)]
        text = f"{document.title or ''}\n{text_of(document.document_id)}"
        if tells_of_another(question, nouns, matcher, text, found):
            others.add(document.document_id)
    return [e for e in evidence if e.document.document_id not in others]


def _of_the_fullest(question: Question, evidence: Sequence[Evidence], searcher: Searcher) -> list[Evidence]:
    """Leave out a document's evidence where another's says all that it says of the question's words, and much more.

    Asked for 加装电梯补助的标准, a sentence that has 补助标准 of medical insurance word for word is nearer by its words than
    每部补助15万元, which stands under 补助标准 in the rules on 加装电梯.
    """
    weights = {term: searcher.weight(term) for term in question.terms}
    held: dict[str, set[Term]] = {}
    for each in evidence:
        words = squeeze(fold(" ".join((each.document.title or "", *each.passage.section, each.text))))
        terms = {term for term in weights if any(word in words for word in term.alternatives)}
        held.setdefault(each.document.document_id, set()).update(terms)
    least = _MUCH_MORE * sum(weights.values())
    short = {
        document
        for document, terms in held.items()
        if any(terms < more and sum(weights[term] for term in more - terms) >= least for more in held.values())
    }
    return [each for each in evidence if each.document.document_id not in short]


def _of_the_facility_called(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Leave out numbers that are not said of the facility whose number is asked for."""
    names = facility_called(question)
    if not names:
        return list(evidence)
    said = [squeeze(fold(" ".join((*e.passage.section, e.text)))) for e in evidence]
    return [e for e, words in zip(evidence, said, strict=True) if any(name in words for name in names)]


def _of_the_name_asked(
    question: Question, evidence: Sequence[Evidence], found: Sequence[Evidence], searcher: Searcher
) -> list[Evidence]:
    """Leave out what is said of something alike: of a document that names 睡眠门诊 as asked, what it says of another 门诊 alone."""
    asked = squeeze(fold(question.core))
    for noun in telling_nouns(question, searcher):
        at = asked.find(noun.word)
        before = next((t.word for t in question.terms if asked.endswith(t.word, 0, at)), "")
        if at > 0 and before:
            naming = {e.document.document_id for e in found if before + noun.word in squeeze(fold(e.text))}
            evidence = [
                e
                for e in evidence
                if e.document.document_id not in naming
                or noun.word not in (said := squeeze(fold(e.text)))
                or before in said
            ]
    return list(evidence)


def _may_name_it(question: Question, reading: Reading, evidence: Evidence) -> bool:
    """Whether words without a site may answer: which one it is (哪家企业), news and web pages tell in words of their own."""
    return not asks_location(question) and (reading.across or evidence.document.place is None)


def _year_comes_after(question: Question, evidence: Evidence) -> bool:
    """Whether the year asked for is first named after the sentence: 共612个。其中2024年124个 gives no 612 for 2024."""
    years = [str(year) for year in question.all_years]
    if not years or document_years(evidence.document) & question.all_years:
        return False
    before = " ".join((*evidence.passage.section, evidence.document.title or "", evidence.text))
    at = evidence.span.start - evidence.passage.span.start
    before += evidence.passage.text[: max(0, at)]
    return not any(year in before for year in years) and any(year in evidence.passage.text for year in years)


def _speaks_of_duty(evidence: Evidence, intent: Intent) -> bool:
    words = _DUTY_WORDS_OF.get(intent, _DUTY_WORDS)
    return any(word in evidence.text for word in words)


def _reasons_beside(evidence: Sequence[Evidence], found: Sequence[Evidence]) -> list[Evidence]:
    """Return sentences that give a reason, of the document that bears the question best, though they say less of it."""
    if not evidence or evidence[0].fits or _ANSWERS_ITSELF.search(evidence[0].text):
        return []
    document = evidence[0].document.document_id
    return [
        e
        for e in found
        if e.document.document_id == document
        and e.fits
        and e.own >= LEAST_OWN_COVERAGE
        and support(e) >= LEAST_OF_REASON
    ]


def _names_unit(evidence: Evidence, question: Question) -> bool:
    """Whether a sentence names the unit whose duties are asked for, where the question names one."""
    asked = [name for _, name in mentions(question.text)]
    here = [name for _, name in mentions(evidence.text)]
    return not asked or any(one in evidence.text or any(same_agency(one, other) for other in here) for one in asked)


def _leads_if_asked(question: Question, text: str) -> bool:
    """Whether words may tell what a unit leads, where that is asked for: what it is responsible for it need not lead."""
    leading = _DUTY_WORDS_OF[Intent.LEADS][:-1]
    return _ASKS_LEAD_ALONE.search(fold(question.text)) is None or any(word in text for word in leading)
