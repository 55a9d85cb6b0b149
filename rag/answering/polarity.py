"""Yes or no (是否问答): said first only when the words of the documents bear it; else they are given by themselves.

They bear it when the sentence holds nearly all that the question says, its predicate in the very words, and either denies
just that (尚不能采纳) or denies nothing at all.
"""

from __future__ import annotations

import re
from enum import StrEnum

import numpy as np

from rag.answering.matching import TermMatcher
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.text import fold, squeeze


class Polarity(StrEnum):
    """What is said before the sentence; framing puts it into English."""

    YES = "是。"
    NO = "否。"


_ASKS = re.compile(
    r"吗[?？。]?$|是否|是不是|能不能|可不可以|可否|能否|有没有|要不要|会不会|算不算"
    r"|^(?:is|are|was|were|do|does|did|can|could|has|have|may|must|should|will)\b"
)
_ASKS_MORE = re.compile(r"多少|哪|什么|谁|几|怎|何|为啥|(?<!是)还是|how|what|which|who|when|where|why|\bor\b")
# What holds for some (除…外), under a condition or of something else is neither.
_LIMITS = re.compile(r"除[^，。；]{1,20}(?:外|以外)|如果|确需|原则上|视情|可能|部分|个别|建议")
_DENIES = re.compile(
    r"不(?!同|少于|低于|超过|限|断|仅|得不|足)|未(?!来|成年)|没有|没能|无法|无须|无需|禁止|严禁|拒绝|停止|取消"
)
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
    predicate = _predicate(question)
    plain = squeeze(fold(sentence))
    stands = [plain.find(word) for word in predicate if word in plain]
    if not stands or _LIMITS.search(plain):
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
