"""When the documents do not say (无据不答): the rule that turns evidence away.

The bars were set on questions with known answers, ours in ``tests/golden/``: answerable and unanswerable ones overlap
between .46 and .56 of support, and a wrong answer costs more than none. What each bar costs on a large collection,
``training/calibrate_refusal.py`` tells: where only the topic ties question and evidence, .57 answers 86 of 100 questions of
ours over government documents, and 32 of 100 about something else (.50: 96, and 42). How well the search found a passage
tells these apart better than a lower bar does.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.evidence import Evidence, is_formula
from rag.answering.intent import Intent

LEAST_SUPPORT = 0.46
"""Least support where the question names a place or document that the evidence comes from."""

LEAST_SUPPORT_ANYWHERE = 0.57
"""Least support where nothing but the topic ties question and evidence."""

CLEARLY_FOUND = 0.7
"""Relevance of a passage, 0..1, from which its sentences need less support: a question in other words than the text's."""

LESS_SUPPORT = 0.11
"""How much less."""

LEAST_FOUND = 0.45
"""Relevance, 0..1, that the best passage must have where nothing but the topic ties it: below it the words are the question's
and the subject is not (养猫要办什么证 of 社员). It refuses 1 of 323 answers to questions of ours, and 2 of 8 to near-misses."""

LEAST_SUPPORT_BESIDE = 0.42
"""Least support of a further document where several are asked for side by side."""

LEAST_OWN_COVERAGE = 0.1
"""Least share of the question that the sentence itself must hold."""

LEAST_OF_REASON = 0.3
"""Least support of a sentence that gives a reason, beside one of its document that bears the question."""

_NEEDS_KIND = frozenset({Intent.FIGURE, Intent.TIME})


def support(evidence: Evidence) -> float:
    """Return how far evidence bears an answer: weighted sum of its parts, about 0 to 1.2."""
    return 0.6 * evidence.coverage + 0.2 * evidence.own + 0.4 * evidence.similarity


def supported(evidence: Sequence[Evidence], intent: Intent, *, is_tied: bool, is_across: bool) -> list[Evidence]:
    """Return the candidates that may answer; empty means that the question must be refused.

    Args:
        evidence: All candidates.
        intent: A question for a figure or a date is answered by nothing else.
        is_across: Several places are asked for side by side; when one answers, others need less to stand beside it.
        is_tied: The question names a place, number or document, and the evidence agrees with it.
    """
    least = LEAST_SUPPORT if is_tied else LEAST_SUPPORT_ANYWHERE
    able = eligible(evidence, intent)
    if not is_tied and max((e.relevance for e in able), default=0.0) < LEAST_FOUND:
        able = [e for e in able if e.document.place is not None]  # those of a place are told by its name
    if is_across and any(support(e) >= least for e in able):
        least = LEAST_SUPPORT_BESIDE
    return [e for e in able if support(e) >= least - LESS_SUPPORT * _is_clearly_found(e)]


def _is_clearly_found(evidence: Evidence) -> bool:
    """Whether the search alone tells that a passage is meant: of documents of a place, another place's is found as well."""
    return evidence.document.place is None and evidence.relevance >= CLEARLY_FOUND


def says_something(evidence: Evidence) -> bool:
    """Whether a sentence holds words of the question itself and is no formula, which repeats them and says nothing."""
    return evidence.own >= LEAST_OWN_COVERAGE and not is_formula(evidence.text, evidence.document)


def eligible(evidence: Sequence[Evidence], intent: Intent) -> list[Evidence]:
    """Return the candidates that could answer, were their support enough: of the kind asked for, and no courtesies."""
    return [e for e in evidence if (e.fits or intent not in _NEEDS_KIND) and says_something(e)]
