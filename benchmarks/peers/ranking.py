"""From passages found to documents ranked, and the time it took; one way for every peer.

It is the way in which the product is measured (``rag.evaluation.harness``): 200 passages are asked for, the best
one stands for its document, and where they come from fewer than 100 documents, more are asked for without that
time being counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

DOCUMENTS = 100
PASSAGES = 200
MOST_PASSAGES = 3_200

Search = Callable[[str, int], Sequence[int]]
"""Gives the places of the best passages for a question: so many or fewer, best first."""

Rank = Callable[[str], tuple[list[str], float]]
"""Gives the ids of the best documents for a question, and the seconds that the search took."""


@dataclass(slots=True)
class Run:
    """What a system gave.

    Attributes:
        documents: Ids of documents by question id, best first.
        seconds: Of each search, in the order of the questions answered.
        is_cut_off: The time was up before the last question.
    """

    documents: dict[str, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    is_cut_off: bool = False


def rank_documents(search: Search, question: str, owners: Sequence[str]) -> tuple[list[str], float]:
    """Return the best documents for a question, and the seconds that the search took.

    Args:
        search: Of the system.
        question: Its words.
        owners: Document of each passage.
    """
    started = time.perf_counter()
    places = search(question, PASSAGES)
    seconds = time.perf_counter() - started
    found = dict.fromkeys(owners[place] for place in places)
    asked = PASSAGES
    # Fewer passages than asked for: two legs may bring the same ones, so only nothing new is an end.
    while len(found) < DOCUMENTS and asked < MOST_PASSAGES:
        asked *= 4
        before = len(found)
        found |= dict.fromkeys(owners[place] for place in search(question, asked))
        if len(found) == before:
            break
    return list(found)[:DOCUMENTS], seconds


def run(rank: Rank, questions: Mapping[str, str], *, limit_seconds: float) -> Run:
    """Ask every question, one after the other, until the time is up; the first one at least is answered.

    Args:
        rank: Of the system.
        questions: By id.
        limit_seconds: For all of them.
    """
    rank(next(iter(questions.values())))  # unmeasured: the first search of a process loads what it needs
    done = Run()
    started = time.perf_counter()
    for question_id, text in questions.items():
        if done.documents and time.perf_counter() - started > limit_seconds:
            done.is_cut_off = True
            break
        done.documents[question_id], seconds = rank(text)
        done.seconds.append(seconds)
    return done
