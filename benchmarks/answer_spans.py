"""Answers against gold spans (答案片段评测): ``ncp``'s questions, ROUGE-L by character, right document, refusals, time.

    python benchmarks/answer_spans.py --data ../shared/data --update    # puts the table into answer_spans.md

ROUGE-L (Lin 2004) is the F-measure of the longest common subsequence, 2·LCS/(m+n), of the words stated and the gold span,
blanks left out. The words stated are the statements without the name of their document, which stands before the first.
The questions are halved by a fixed seed. Nothing is fitted to them; what is looked at in single questions is in the first half.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Indel
from reporting import HERE, REPOSITORY, machine, sibling, table

from rag.answering.answerer import Answerer
from rag.answering.composing import label
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.evaluation.beir import BeirFolder, read_qrels
from rag.evaluation.harness import opened
from rag.evaluation.indexing import build_index
from rag.evaluation.resources import percentile_ms
from rag.indexes.encoder import load_encoder
from rag.store.repository import CATALOG_FILE, Catalog
from rag.text import squeeze

SEED = 7
PAGE = HERE / "answer_spans.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


class Judged(NamedTuple):
    """What became of one question; ``overlap`` is its ROUGE-L, 0..1, ``overlap_named`` that with the document's name."""

    question_id: str
    is_answered: bool
    is_document_right: bool
    overlap: float
    overlap_named: float
    seconds: float


def main() -> None:
    """Print one row for each half and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/ncp in BEIR layout")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--update", action="store_true", help=f"put the table into {PAGE.name}")
    options = parser.parse_args()
    folder = options.data / "eval" / "ncp"
    judged = judge(folder, options.cache)
    ids = sorted(each.question_id for each in judged)
    random.Random(SEED).shuffle(ids)
    first = set(ids[: len(ids) // 2])
    rows = [
        _row("first half", [each for each in judged if each.question_id in first]),
        _row("second half", [each for each in judged if each.question_id not in first]),
        _row("all", judged),
    ]
    head = (
        "questions", "n", "refused", "ROUGE-L", "of answered", "with name", "document right", "of answered", "p50 ms", "p95 ms",
    )  # fmt: skip
    figures = f"{machine()}\n\n{table(head, rows)}\n"
    print(figures)
    if options.update:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(before + BEGIN + figures + END + after, encoding="utf-8")


def judge(folder: Path, cache: Path) -> list[Judged]:
    """Ask every question of a collection and hold the answers against their gold spans."""
    files = BeirFolder.find(folder)
    asked = [json.loads(line) for line in files.queries.read_text(encoding="utf-8").splitlines()]
    right = read_qrels(files.qrels)
    encoder = load_encoder(None)
    index = build_index(files.corpus, cache, encoder)
    found: list[Judged] = []
    with (
        opened(index, encoder) as (searcher, row_ids),
        Catalog.open(index.folder / CATALOG_FILE, read_only=True) as catalog,
    ):
        answerer = Answerer(catalog, searcher)
        answerer.answer(asked[0]["text"], scope=Scope.everything())  # unmeasured: the first one loads dictionaries
        for row in asked:
            started = time.perf_counter()
            answer = answerer.answer(row["text"], scope=Scope.everything())
            seconds = time.perf_counter() - started
            cited = [row_ids[citation.document.document_id] for citation in answer.citations]
            found.append(
                Judged(
                    row["_id"],
                    bool(cited),
                    bool(cited) and _is_right(right.get(row["_id"], {}), cited[0]),
                    overlap(_said(answer), row["answer"]) if cited else 0.0,
                    overlap(answer.text, row["answer"]) if cited else 0.0,
                    seconds,
                )
            )
    return found


def overlap(said: str, gold: str) -> float:
    """Return ROUGE-L by character, 0..1, blanks left out."""
    one, other = "".join(said.split()), "".join(gold.split())
    return float(Indel.normalized_similarity(one, other)) if one and other else 0.0


def _is_right(grades: Mapping[str, int], document: str) -> bool:
    return grades.get(document, 0) > 0


def _said(answer: Answer) -> str:
    names = {squeeze(f"{label(citation.document)}：") for citation in answer.citations}
    words = [statement.text for statement in answer.statements]
    return "".join(next((each.removeprefix(n) for n in names if each.startswith(n)), each) for each in words)


def _row(name: str, judged: Sequence[Judged]) -> list[object]:
    answered = [each for each in judged if each.is_answered]
    seconds = [each.seconds for each in judged]
    return [
        name,
        len(judged),
        f"{1 - len(answered) / len(judged):.3f}",
        f"{statistics.mean(each.overlap for each in judged):.3f}",
        f"{statistics.mean(each.overlap for each in answered):.3f}",
        f"{statistics.mean(each.overlap_named for each in answered):.3f}",
        f"{statistics.mean(each.is_document_right for each in judged):.3f}",
        f"{statistics.mean(each.is_document_right for each in answered):.3f}",
        percentile_ms(seconds, 50),
        percentile_ms(seconds, 95),
    ]


if __name__ == "__main__":
    main()
