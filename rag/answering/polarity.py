"""Yes or no (是否问答): said first only when the words of the documents bear it; else they are given by themselves.

They bear it when the sentence holds nearly all that the question says, its predicate in the very words, and either denies
just that (尚不能采纳) or denies nothing at all. What the question names exactly – a number, an agency, that it is so of all –
must be in the sentence too, and a question that compares or denies by itself is not answered in one word: 22个中19个设置 is
no yes to 都设置了吗, nor 4月启用 to 6月启用的吗.
"""

from __future__ import annotations

import re
from enum import StrEnum

import numpy as np

from rag.answering.matching import TermMatcher
from rag.domain.obligation import Duty
from rag.parsing.agencies import mentions, same_agency
from rag.retrieval.everyday import opposites
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.text import DOCUMENT_NUMBER, chinese_number, fold, squeeze


class Polarity(StrEnum):
    """What is said before the sentence; framing puts it into English."""

    YES = "是。"
    NO = "否。"

    def said_to(self, question: Question) -> str:
        """Return how it is said: of 有没有 with its own verb, else with 是 or 否."""
        if "有没有" not in fold(question.core):
            return self.value
        return "有。" if self is Polarity.YES else "没有。"


_ASKS = re.compile(
    r"吗[?？。]?$|是否|是不是|能不能|可不可以|可否|能否|有没有|要不要|会不会|算不算"
    r"|^(?:is|are|was|were|do|does|did|can|could|has|have|may|must|should|will)\b"
)
_ASKS_MORE = re.compile(r"多少|哪|什么|谁|几|怎|何|为啥|(?<!是)还是|how|what|which|who|when|where|why|\bor\b")
# What holds for some (除…外), under a condition or of something else is neither.
_LIMITS = re.compile(r"除[^，。；]{1,20}(?:外|以外)|如果|确需|原则上|视情|可能|部分|个别|建议")
_DENIES = re.compile(
    r"不(?!同|少于|低于|超过|限|断|仅|得不|足)|未(?!来|成年)|没有|没能|[尚并暂]无|无法|无须|无需|禁止|严禁|拒绝|停止|暂停|取消|免[收缴交征予除于]"
)
_ASKS_OF_ALL = re.compile(r"都|均|全部|所有|每[个家名所位座县区镇村校]|一律|普遍|\b(?:all|every|each)\b")
_OF_ALL = re.compile(r"都|均|全部|所有|每|各|一律|普遍|全覆盖|全体")
_COMPARES = re.compile(
    r"(?:比|较)[^，。？]{1,30}(?:多|少|高|低|早|晚|大|小|长|短|快|慢|贵|便宜)|更[多少高低早晚大小长短快慢]|\bthan\b"
)
# 没有达到…吗; 有没有 and 能不能 ask and deny nothing.
_DENIES_BY_ITSELF = re.compile(
    r"(?<!有)没有?|(?<![能可要会算是该])不(?!同|少于|低于|超过|断|仅|足)|未(?!来|成年)|\b(?:not|no|never)\b|n't\b"
)
# 第0018号, 454号 and years name documents; whether they are meant is asked elsewhere.
_NAMES_A_DOCUMENT = re.compile(rf"{DOCUMENT_NUMBER.pattern}|第?\d+号|(?:19|20)\d\d年?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十百两]+(?=[个家名所人年月日天周次场元岁级类条项部座米])")
_ASKS_LEAD = re.compile(r"牵头|主办|\blead")
_ASKS_HELP = re.compile(r"配合|协助|参与|协办|cooperat|assist")
_COUNTED = re.compile(r"\d+[家个名所场次人项处座辆条][\u4e00-\u9fff]{2}")  # 7家市级 is not 7家机构
_NEAR = 4
_LEAST_HELD = 0.75


def asks_yes_or_no(question: Question) -> bool:
    """Whether a question wants yes or no and nothing else."""
    asked = fold(question.core)
    return _ASKS.search(asked) is not None and _ASKS_MORE.search(asked) is None


def polarity_of(question: Question, sentence: str, searcher: Searcher) -> Polarity | None:
    """Return what a sentence of a document answers to a question for yes or no; ``None`` when it bears neither.

    Args:
        question: One that asks yes or no.
        sentence: Of the document that answers.
        searcher: Weighs words.
    """
    terms = question.terms
    predicate = [word for word in _predicate(question) if word not in opposites(_predicate(question)[0])]
    plain = squeeze(fold(sentence))
    stands = [plain.find(word) for word in predicate if word in plain]
    if not stands or _LIMITS.search(plain) or not _says_as_much(question, plain):
        return None
    weights = np.array([searcher.weight(term) for term in terms])
    held = float(np.dot(weights, TermMatcher(terms, searcher).strengths(plain)) / (weights.sum() or 1.0))
    if held < _LEAST_HELD:
        return None
    without = re.sub("|".join(map(re.escape, predicate)), "做", plain)  # 停止收费 asked for denies nothing
    if not _DENIES.search(without):
        return Polarity.YES
    is_denied = [_DENIES.search(plain[max(0, at - _NEAR) : at]) is not None for at in stands]
    return Polarity.NO if all(is_denied) else None


def polarity_of_role(question: Question, duty: Duty) -> Polarity | None:
    """Return whether the agencies that a question names have the part in a duty that it asks of (由…牵头吗, 主办单位是…吗).

    ``None`` where it names none or no part, where the duty names nobody in that part, and where only some of several have it.
    """
    asked = fold(question.core)
    agencies = [name for _, name in mentions(asked)]
    leads, helps = _ASKS_LEAD.search(asked), _ASKS_HELP.search(asked)
    units = duty.lead if leads and not helps else duty.cooperating if helps and not leads else ()
    if not agencies or not units or _DENIES_BY_ITSELF.search(asked):
        return None
    held = [any(same_agency(agency, unit) for unit in units) for agency in agencies]
    return Polarity.YES if all(held) else None if any(held) else Polarity.NO


def _says_as_much(question: Question, plain: str) -> bool:
    """Whether a sentence can answer in one word: it has what the question names exactly, and there is nothing to weigh."""
    asked = fold(question.core)
    for place in question.places:  # 成都 holds 都
        asked = asked.replace(fold(place.written), " ")
    if _COMPARES.search(asked) or _DENIES_BY_ITSELF.search(asked):
        return False
    if _ASKS_OF_ALL.search(asked) and not _OF_ALL.search(plain):
        return False
    named = _numbers(_NAMES_A_DOCUMENT.sub(" ", asked))
    agencies = [name for _, name in mentions(asked)]
    here = [name for _, name in mentions(plain)]
    counted = [match[0] for match in _COUNTED.finditer(asked)]
    if not named <= _numbers(plain) or not all(words in plain for words in counted):
        return False
    return all(any(same_agency(one, other) for other in here) for one in agencies)


def _numbers(text: str) -> set[str]:
    """Return the numbers of folded text, Chinese ones in figures."""
    found = (match[0] for match in _NUMBER.finditer(text))
    return {number if number[0].isdigit() else str(chinese_number(number)) for number in found}


def _predicate(question: Question) -> tuple[str, ...]:
    """Return the word that is said of the rest, with those that count as the same: the first verb after 是否, else the last."""
    asked = fold(question.core)
    if question.is_english:
        verbs = [term for term in question.terms if len(term.word) > 2][:1]
        return verbs[0].alternatives if verbs else ()
    marker = re.search(r"是否|是不是|能不能|可不可以|可否|能否|有没有|要不要|会不会|算不算", asked)
    acts = [term for term in question.terms if term.share < 1 and len(term.word) > 1]
    if marker is not None:
        after = [term for term in (*acts, *question.terms) if asked.find(term.word, marker.end()) >= 0]
        return after[0].alternatives if after else ()
    chosen = [term for term in acts if term.word not in ("提高", "建议", "提出")] or list(question.terms[-1:])
    done = [
        term
        for term in chosen
        if re.search(rf"{re.escape(term.word)}(?:了|过)|{re.escape(term.word)}[^，。]*了吗", asked)
    ]
    return (done or chosen[-1:])[0].alternatives if chosen else ()
