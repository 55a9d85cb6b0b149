"""Refusal calibrated (拒答标定): how many answerable questions each bar of support refuses, and how many near-misses it lets by.

    python training/calibrate_refusal.py --data ../shared/data

Answerable: half of ``ncp``, chosen by a fixed seed. Near-misses are made by rule: questions of citizens and about statutes
(``mailbox``, ``lecoqa``) asked of that collection, as they are and with the name of a place that its texts speak of; and
``ncp``'s own with the place exchanged for one that no text names. One table for each way in which question and evidence
are tied; the constants of ``rag.answering.refusal`` are read off them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

from rag.answering.evidence import EvidenceFinder
from rag.answering.intent import read_intent
from rag.answering.refusal import eligible, support
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.evaluation.beir import BeirFolder, read_queries
from rag.evaluation.harness import opened
from rag.evaluation.indexing import build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.search import Searcher

REPOSITORY = Path(__file__).parent.parent
BARS = (0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.54, 0.57, 0.6, 0.65, 0.7)
SEED = 7
QUESTIONS = 150
NOWHERE = "棠湾市"
ALL = Scope.everything()


def main() -> None:
    """Print the share of questions that each bar answers, a row a set, a table a tie."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    options = parser.parse_args()
    encoder = load_encoder(None)
    files = BeirFolder.find(options.data / "eval" / "ncp")
    index = build_index(files.corpus, options.cache, encoder)
    with opened(index, encoder) as (searcher, _):
        finder = EvidenceFinder(searcher)
        table: dict[tuple[str, str], list[float]] = {}
        for name, questions in _sets(searcher, options.data, read_queries(files.queries)).items():
            for question in questions:
                tie, best = _best(searcher, finder, question)
                table.setdefault((tie, name), []).append(best)
    print(f"{'tie':9} {'questions':22} {'n':>4}  answered at " + " ".join(f"{bar:5.2f}" for bar in BARS))
    for (tie, name), values in sorted(table.items()):
        shares = " ".join(f"{sum(value >= bar for value in values) / len(values):5.3f}" for bar in BARS)
        print(f"{tie:9} {name:22} {len(values):4}              {shares}")


def _sets(searcher: Searcher, data: Path, ncp: Mapping[str, str]) -> dict[str, list[str]]:
    drawn = sorted(ncp)
    random.Random(SEED).shuffle(drawn)
    answerable = [ncp[key] for key in drawn[: len(drawn) // 2]]
    named = [
        (text, place.written)
        for text in answerable
        for place in searcher.understand(text, scope=ALL).places[:1]
        if place.written in text
    ]
    sets = {"answerable": answerable, "place nobody names": _some(text.replace(at, NOWHERE) for text, at in named)}
    for name in ("lecoqa", "mailbox"):
        asked = read_queries(BeirFolder.find(data / "eval" / name).queries)
        other = _some(asked[key] for key in sorted(asked))
        sets[f"of {name}"] = other
        places = sorted({at for _, at in named})
        sets[f"of {name}, with a place"] = [places[n % len(places)] + text for n, text in enumerate(other)]
    return sets


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
