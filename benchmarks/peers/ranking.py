"""From passages found to documents ranked, and the time it took; one way for every system.

The best of 200 passages stands for its document, as where the product is measured alone (``rag.evaluation.harness``);
but there more are asked for where these come from fewer than 100 documents, and here nobody is: on documents of many
passages the recall at 100 is a little lower here, for all alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

DOCUMENTS = 100
PASSAGES = 200

Search = Callable[[str, int], Sequence[str]]
"""Gives, for a question, the documents that the best passages are of: one a passage, so many or fewer, best first."""

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


def rank_documents(search: Search, question: str) -> tuple[list[str], float]:
    """Return the best documents for a question, and the seconds that the search took."""
    started = time.perf_counter()
    found = search(question, PASSAGES)
    seconds = time.perf_counter() - started
    return list(dict.fromkeys(found))[:DOCUMENTS], seconds


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
