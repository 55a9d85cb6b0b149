"""What it costs that the document must name what tells the thing asked for from others (主题标定).

    python training/calibrate_topics.py --data ../shared/data

Questions of ours over government documents (``policy_questions.jsonl``) that ask for one fact or name a place, as far as they
are answered from the right document without the rule; and near-misses of topic over the same documents, those of
``benchmarks/near_topics.jsonl`` that may be looked at (odd numbers). For each value of each bar of ``rag.answering.subject``,
the others as shipped: how many of the first are then withheld, and how many of the second are refused.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from policy_questions import read_questions, read_rows, write_collection

from rag.answering import subject
from rag.answering.admission import admitted, of_documents_that_name_it
from rag.answering.conditions import conditions_of
from rag.answering.currency import Currency
from rag.answering.evidence import Evidence, EvidenceFinder
from rag.answering.intent import DUTY_INTENTS, read_intent
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.evaluation.harness import opened
from rag.evaluation.indexing import CATALOG_FILE, build_index
from rag.indexes.encoder import load_encoder
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog

REPOSITORY = Path(__file__).parent.parent
NEAR_TOPICS = REPOSITORY / "benchmarks" / "near_topics.jsonl"
BARS = {
    "LEAST_PUT_OTHERWISE": (0.0, 0.15, 0.25, 0.35, 0.5, 0.8),
    "PUT_OTHERWISE_BESIDE_ITS_NOUN": (0.0, 0.25, 0.5, 0.7, 0.8, 0.9),
    "TELLING": (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0),
}
SEED = 7
QUESTIONS = 2_000
ALL = Scope.everything()


class Read(NamedTuple):
    """A question with what may answer it, the rule left out; ``right`` are ids of documents, none for a near-miss."""

    question: Question
    evidence: list[Evidence]
    hits: list[Hit]
    right: frozenset[str]


def main() -> None:
    """Print a line for each bar and value."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    options = parser.parse_args()
    rows = read_rows(options.data / "train" / "policy_docs.jsonl.gz")
    ours = read_questions(rows)
    random.Random(SEED).shuffle(ours)
    near = [json.loads(line) for line in NEAR_TOPICS.read_text(encoding="utf-8").splitlines()]
    asked = [(each.question, each.documents) for each in ours[:QUESTIONS]] + [
        (row["question"], frozenset[str]()) for row in near if not row["answerable"] and int(row["id"][1:]) % 2
    ]
    encoder = load_encoder(None)
    with tempfile.TemporaryDirectory() as folder:
        index = build_index(write_collection(rows, Path(folder) / "policy"), options.cache, encoder)
    with (
        opened(index, encoder) as (searcher, row_ids),
        Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog,
    ):
        with _set_to({"LEAST_PUT_OTHERWISE": 0.0, "PUT_OTHERWISE_BESIDE_ITS_NOUN": 0.0}):
            read = list(_read(asked, searcher, row_ids.__getitem__))
        _print(read, searcher, lambda document_id: catalog.text(document_id, scope=ALL))


def _read(
    asked: Sequence[tuple[str, frozenset[str]]], searcher: Searcher, row_of: Callable[[str], str]
) -> Iterator[Read]:
    """Read the questions under the rule, but for those whose best evidence is of a wrong document."""
    finder = EvidenceFinder(searcher, Currency(searcher))
    for text, right in asked:
        question = searcher.understand(text, scope=ALL)
        reading = read_intent(question)
        if reading.intent in DUTY_INTENTS or not (question.places or subject.wants_one_fact(reading.intent)):
            continue
        for condition in conditions_of(question, Filters()):
            found = finder.read(question, reading, scope=ALL, filters=condition.filters, anywhere=condition.anywhere)
            evidence = admitted(
                question, reading, found, searcher, lambda _: "", is_filtered=not condition.filters.is_empty
            )
            if evidence and (not right or row_of(evidence[0].document.document_id) in right):
                yield Read(question, evidence, found.hits, right)


def _print(read: Sequence[Read], searcher: Searcher, text_of: Callable[[str], str]) -> None:
    near = sum(not each.right for each in read)
    print(f"{len(read) - near} answered from the right document, {near} near-misses answered")
    for name, values in BARS.items():
        shipped = getattr(subject, name)
        for value in sorted({*values, shipped}):
            with _set_to({name: value}):
                gone = [
                    each
                    for each in read
                    if not of_documents_that_name_it(each.question, each.evidence, each.hits, searcher, text_of)
                ]
            refused = sum(not each.right for each in gone)
            share = (len(gone) - refused) / max(1, len(read) - near)
            mark = "  (ships)" if value == shipped else ""
            print(
                f"{name} = {value}: {len(gone) - refused} withheld ({share:.3f}), {refused} refused{mark}", flush=True
            )


@contextmanager
def _set_to(values: Mapping[str, float]) -> Iterator[None]:
    before = {name: getattr(subject, name) for name in values}
    for name, value in values.items():
        setattr(subject, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(subject, name, value)


if __name__ == "__main__":
    main()
