"""Why questions fail: those whose first document is not a right one, by cause; written to ``failures.md`` with ``--update``.

Causes are told from what the search knows of the two passages, the first one's and the right one's, in this order; no text
of the sets is printed, for they have no licence, but the ids by which whoever holds them finds the question.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from held_out import held_out_questions
from reporting import HERE, REPOSITORY, sibling, table

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.evaluation.beir import BeirFolder, read_qrels, read_queries
from rag.evaluation.harness import opened
from rag.evaluation.indexing import build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.second_stage import Wanted, closeness
from rag.text import fold

SETS = ("lecoqa", "mailbox", "ncp")
SHOWN = 50
PAGE = HERE / "failures.md"

CAUSES = {
    "not a candidate": "no leg brings a passage of a right document among its 200",
    "nearly the same text": "the first passage shares half of its pairs of characters with the right one",
    "rank or place": "the first document stands higher by rank or place, and by neither words nor meaning",
    "no shared word": "of the question's words, by how telling they are, less than a fifth stands in the right passage",
    "more of its words elsewhere": "more of the question's words stand in the first passage than in the right one",
    "meaning": "no more of its words in the first; the cosine of the first is higher",
    "whole document": "the first document as a whole, or its brevity, fits better",
}

_CANDIDATES = 400


class Failure(NamedTuple):
    """A question whose first document is not right; ``rank`` is that of the first right one, 0 when there is none."""

    collection: str
    query_id: str
    rank: int
    cause: str


def main() -> None:
    """Print counts by cause, and the failures shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/<set>/ in BEIR layout")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--update", action="store_true", help="write failures.md")
    options = parser.parse_args()
    asked: dict[str, int] = {}
    failures: list[Failure] = []
    for name in SETS:
        print(f"{name} …", file=sys.stderr, flush=True)
        asked[name], found = failures_of(options.data, name, options.cache)
        failures += found
    page = _page(asked, failures)
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")


def failures_of(data: Path, name: str, cache: Path) -> tuple[int, list[Failure]]:
    """Return how many questions a set asks, and those that fail; of lecoqa, those the encoder has not seen."""
    files = BeirFolder.find(data / "eval" / name)
    qrels, queries = read_qrels(files.qrels), read_queries(files.queries)
    if name == "lecoqa":
        held_out = held_out_questions(data)
        queries = {key: text for key, text in queries.items() if key in held_out}
    encoder = load_encoder(None)
    index = build_index(files.corpus, cache, encoder)
    count = 0
    found: list[Failure] = []
    with opened(index, encoder) as (searcher, row_ids):
        for key, text in queries.items():
            right = {document for document, grade in qrels.get(key, {}).items() if grade > 0}
            if not right:
                continue
            count += 1
            question = searcher.read(text, scope=Scope.everything())
            found_hits = searcher.search(question, scope=Scope.everything(), filters=Filters(), top_k=_CANDIDATES)
            hits = best_by_document(found_hits, row_ids)
            ranks = [rank for rank, document in enumerate(hits, 1) if document in right]
            if ranks[:1] != [1] and hits:
                ranked = list(hits.values())
                first, right_one = ranked[0], ranked[ranks[0] - 1] if ranks else None
                # The parts of a search know nothing of the words of what its second stage does not read.
                wanted = Wanted([(term.alternatives, searcher.weight(term)) for term in question.terms], {})
                words = [
                    near.words for near in closeness([h.passage.text for h in (first, right_one or first)], wanted)
                ]
                cause = cause_of(first, right_one, words_of_first=words[0], words_of_right=words[1])
                found.append(Failure(name, key, ranks[0] if ranks else 0, cause))
    return count, found


def best_by_document(hits: list[Hit], row_ids: Mapping[str, str]) -> dict[str, Hit]:
    """Return the best hit of each document by its id in the collection, best first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(row_ids[hit.passage.document_id], hit)
    return best


def cause_of(first: Hit, right: Hit | None, *, words_of_first: float, words_of_right: float) -> str:
    """Return the key in ``CAUSES`` of why ``first`` stands above ``right``.

    Args:
        first: The best hit.
        right: The best of a right document, if there is one.
        words_of_first: How much of the question's words stands in it, 0..1.
        words_of_right: Likewise.
    """
    if right is None:
        return "not a candidate"
    if likeness(first.passage.text, right.passage.text) >= 0.5:
        return "nearly the same text"
    ahead = {part: first.parts[part] - right.parts[part] for part in first.parts}
    has_more_words = words_of_first > words_of_right
    if ahead["authority"] > 0 and not has_more_words and all(ahead[part] <= 0 for part in ("lexical", "dense")):
        return "rank or place"
    if words_of_right < 0.2:
        return "no shared word"
    if has_more_words:
        return "more of its words elsewhere"
    return "meaning" if ahead["dense"] > 0 else "whole document"


def likeness(one: str, other: str) -> float:
    """Return the Jaccard likeness of the pairs of characters of two texts, 0..1."""
    first, second = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (fold(one), fold(other)))
    return len(first & second) / max(1, len(first | second))


def shown(failures: list[Failure]) -> list[Failure]:
    """Return ``SHOWN`` failures, as many of each set, chosen by a hash of their ids."""
    by_hash = sorted(failures, key=lambda f: hashlib.sha256(f.query_id.encode()).digest())
    share = -(-SHOWN // len(SETS))
    chosen = [f for name in SETS for f in [f for f in by_hash if f.collection == name][:share]]
    return chosen[:SHOWN]


def _page(asked: Mapping[str, int], failures: list[Failure]) -> str:
    counts = {name: Counter(f.cause for f in failures if f.collection == name) for name in SETS}
    total = {name: sum(counts[name].values()) for name in SETS}
    below_ten = {name: sum(f.collection == name and not 1 <= f.rank <= 10 for f in failures) for name in SETS}
    lines = [
        "# Failures",
        "",
        "Written by `python benchmarks/failures.py --update`: questions whose first document is not a right one, by cause.",
        "Of lecoqa the 300 questions that the shipped encoder was not trained on.",
        "",
        "## Counts",
        "",
        table(
            ["cause", *SETS, "what it means"],
            [
                ["questions", *(str(asked[name]) for name in SETS), ""],
                ["first document not right", *(str(total[name]) for name in SETS), ""],
                ["no right one in the first ten", *(str(below_ten[name]) for name in SETS), ""],
                *([cause, *(str(counts[name][cause]) for name in SETS), means] for cause, means in CAUSES.items()),
            ],
        ),
        "",
        f"## {SHOWN} of them",
        "",
        "Chosen by a hash of their ids; rank is that of the first right document.",
        "",
        table(
            ["set", "question", "rank", "cause"],
            [[f.collection, f.query_id, str(f.rank) if f.rank else "none", f.cause] for f in shown(failures)],
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
