"""Refusal calibrated (拒答标定): how many answerable questions each bar of support refuses, and how many near-misses it lets by.

    python training/calibrate_refusal.py --data ../shared/data

Answerable: questions of ours over government documents (``policy_questions.jsonl``). Near-misses are made of them by rule,
each changing one thing: a place that no text names, a place that other texts name, another year, another agency set before
the question; and questions about statutes (``lecoqa``), as they are and with a place. Half of the questions of ``ncp`` and
near-misses of theirs are shown beside them: nothing is set by those. One table for each way in which question and
evidence are tied; the constants of ``rag.answering.refusal`` are read off the first.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from policy_questions import read_questions, read_rows, write_collection

from rag.answering.currency import Currency
from rag.answering.evidence import EvidenceFinder
from rag.answering.intent import read_intent
from rag.answering.refusal import eligible, support
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.evaluation.beir import BeirFolder, read_queries
from rag.evaluation.harness import opened
from rag.evaluation.indexing import BuiltIndex, build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.search import Searcher

REPOSITORY = Path(__file__).parent.parent
BARS = (0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.54, 0.57, 0.6, 0.65, 0.7)
SEED = 7
QUESTIONS = 150
NOWHERE = "棠湾市"
YEARS = (2009, 2013, 2016)
AGENCIES = ("国家海洋局", "地震局", "民族事务委员会")
ALL = Scope.everything()
ENCODER = load_encoder(None)


def main() -> None:
    """Print the share of questions that each bar answers, a row a set, a table a collection."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    options = parser.parse_args()
    rows = read_rows(options.data / "train" / "policy_docs.jsonl.gz")
    ours = [each.question for each in read_questions(rows)]
    statutes = read_queries(BeirFolder.find(options.data / "eval" / "lecoqa").queries)
    theirs = read_queries(BeirFolder.find(options.data / "eval" / "ncp").queries)
    drawn = sorted(theirs)
    random.Random(SEED).shuffle(drawn)
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "policy": write_collection(rows, Path(folder) / "policy"),
            "ncp": BeirFolder.find(options.data / "eval" / "ncp").corpus,
        }
        asked = {"policy": _some(ours), "ncp": _some(theirs[key] for key in drawn[: len(drawn) // 2])}
        for name, corpus in files.items():
            print(f"\n{name}")
            _table(build_index(corpus, options.cache, ENCODER), asked[name], _some(statutes.values()))


def _table(index: BuiltIndex, answerable: Sequence[str], statutes: Sequence[str]) -> None:
    with opened(index, ENCODER) as (searcher, _):
        finder = EvidenceFinder(searcher, Currency(searcher))
        table: dict[tuple[str, str], list[float]] = {}
        for name, questions in _sets(searcher, answerable, statutes).items():
            for question in questions:
                tie, best = _best(searcher, finder, question)
                table.setdefault((tie, name), []).append(best)
    print(f"{'tie':9} {'questions':24} {'n':>4}  answered at " + " ".join(f"{bar:5.2f}" for bar in BARS))
    for (tie, name), values in sorted(table.items()):
        shares = " ".join(f"{sum(value >= bar for value in values) / len(values):5.3f}" for bar in BARS)
        print(f"{tie:9} {name:24} {len(values):4}              {shares}", flush=True)


def _sets(searcher: Searcher, answerable: Sequence[str], statutes: Sequence[str]) -> dict[str, list[str]]:
    read = {text: searcher.understand(text, scope=ALL) for text in answerable}
    unplaced = [text for text in answerable if not read[text].places]
    named = [(text, place.written) for text in answerable for place in read[text].places[:1] if place.written in text]
    places = sorted({at for _, at in named}) or [NOWHERE]
    undated = [text for text in answerable if not read[text].years]
    return {
        "answerable": list(answerable),
        "near: place nobody names": [text.replace(at, NOWHERE) for text, at in named]
        + [NOWHERE + text for text in unplaced],
        "near: place of others": [places[n % len(places)] + text for n, text in enumerate(unplaced)],
        "near: year": [f"{YEARS[n % len(YEARS)]}年{text}" for n, text in enumerate(undated)],
        "near: agency": [f"{AGENCIES[n % len(AGENCIES)]}{text}" for n, text in enumerate(unplaced)],
        "of statutes": list(statutes),
        "of statutes, with a place": [places[n % len(places)] + text for n, text in enumerate(statutes)],
    }


def _some(texts: Iterable[str]) -> list[str]:
    found = list(texts)
    random.Random(SEED).shuffle(found)
    return found[:QUESTIONS]


def _best(searcher: Searcher, finder: EvidenceFinder, text: str) -> tuple[str, float]:
    """Return how the best evidence is tied to the question, and its support; 0 where none can count at all."""
    question = searcher.understand(text, scope=ALL)
    reading = read_intent(question)
    found = []
    keys = dict.fromkeys(place.key for place in question.places if place.names)
    for filters in [Filters(place=key) for key in keys] or [Filters()]:
        anywhere = Filters() if keys else None
        found += finder.read(question, reading, scope=ALL, filters=filters, anywhere=anywhere).evidence
    able = eligible(found, reading.intent)
    best = max(able, key=support, default=None)
    if not question.places:
        return "topic", support(best) if best else 0.0
    tie = "place" if best and best.document.place else "in words"
    return tie, support(best) if best else 0.0


if __name__ == "__main__":
    main()
