"""What retrieval loses when the same questions are written otherwise; see README.md beside this file.

Prints nDCG@10 of every way and set, and exits 1 when a loss is above what ``MOST_LOST`` allows.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from held_out import held_out_questions
from misspelling import CHINESE, ENGLISH, seeded
from reporting import HERE, REPOSITORY, machine, sibling, table

from rag.evaluation.beir import BeirFolder, read_qrels, read_queries
from rag.evaluation.harness import opened, rank_documents
from rag.evaluation.indexing import build_index
from rag.evaluation.measures import measure
from rag.indexes.encoder import Encoder, load_encoder

SETS = ("ncp", "mailbox", "lecoqa", "xquad_en")
_DOCUMENTS = 10
PAGE = HERE / "variants.md"

MOST_LOST: Mapping[str, Mapping[str, float]] = {
    "ncp": {
        "traditional (s2t)": 0.02,
        "traditional, Taiwan (s2tw)": 0.02,
        "traditional, Hong Kong (s2hk)": 0.02,
        "full-width letters and digits": 0.005,
        "one homophone": 0.05,
    }
}
"""Most nDCG@10 that may be lost, by set and way."""


@dataclass(frozen=True)
class Measured:
    """A set in one way of writing; ``way`` is ``""`` for the queries as they are."""

    collection: str
    way: str
    changed: int
    queries: int
    ndcg: float
    loss: float
    loss_where_changed: float


def main() -> int:
    """Measure, print, compare; 0 when no loss is too great."""
    options = _options()
    encoder = load_encoder(options.encoder)
    found: list[Measured] = []
    for name in options.sets:
        folder = options.data / "eval" / name
        if not folder.is_dir():
            print(f"{name}: {folder} is not there, left out", file=sys.stderr)
            continue
        found.extend(_measure(folder, options, encoder))
    page = _page(found)
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    above = [m for m in found if m.loss > MOST_LOST.get(m.collection, {}).get(m.way, 1)]
    for m in above:
        print(f"lost too much: {m.collection}, {m.way}: {m.loss:.4f}", file=sys.stderr)
    return 1 if above else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/<set>/ in BEIR layout")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS, help="collections to search")
    parser.add_argument("--ways", nargs="*", choices=[*CHINESE, *ENGLISH], help="only these ways")
    parser.add_argument("--encoder", help="another encoder, by folder or hub name")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--update", action="store_true", help="rewrite variants.md")
    options = parser.parse_args()
    if options.update and (options.ways or set(options.sets) != set(SETS)):
        parser.error("the page is of all sets and ways: --update goes without --sets and --ways")
    return options


def _measure(folder: Path, options: argparse.Namespace, encoder: Encoder) -> list[Measured]:
    files = BeirFolder.find(folder)
    judged = read_qrels(files.qrels)
    queries = {query_id: text for query_id, text in read_queries(files.queries).items() if query_id in judged}
    if folder.name == "lecoqa":
        held_out = held_out_questions(options.data)
        queries = {query_id: text for query_id, text in queries.items() if query_id in held_out}
    index = build_index(files.corpus, options.cache, encoder)
    with opened(index, encoder) as (searcher, row_ids):

        def scores(texts: Mapping[str, str]) -> dict[str, float]:
            """Return nDCG@10 by query."""
            if not texts:
                return {}
            run = {i: rank_documents(searcher, text, row_ids, wanted=_DOCUMENTS)[0] for i, text in texts.items()}
            return dict(measure({i: judged[i] for i in texts}, run).by_query["nDCG@10"])

        plain = scores(queries)
        found = [Measured(folder.name, "", 0, len(plain), statistics.fmean(plain.values()), 0, 0)]
        for name, way in (ENGLISH if folder.name.endswith("_en") else CHINESE).items():
            if options.ways and name not in options.ways:
                continue
            written = {i: way(queries[i], seeded(queries[i], name)) for i in plain}
            changed = scores({i: text for i, text in written.items() if text != queries[i]})
            losses = [plain[query_id] - score for query_id, score in changed.items()]
            lost = sum(losses) / len(plain)
            print(f"{folder.name}, {name}: {lost:.4f}", file=sys.stderr, flush=True)
            mean = statistics.fmean(plain.values()) - lost
            found.append(
                Measured(folder.name, name, len(changed), len(plain), mean, lost, statistics.fmean(losses or [0]))
            )
    return found


def _page(found: list[Measured]) -> str:
    rows = [
        [
            m.way or "**as they are**", m.collection, f"{m.changed:,} of {m.queries:,}" if m.way else f"{m.queries:,}",
            f"{m.ndcg:.4f}", f"{m.loss:.4f}" if m.way else "", f"{m.loss_where_changed:.4f}" if m.way else "",
            _allowed(m),
        ]
        for m in found
    ]  # fmt: skip
    return "\n".join(
        [
            "# The same questions written otherwise\n",
            f"Written by `python benchmarks/variants.py --update`; {machine()}. What the ways are: `misspelling.py` here.",
            "Every query is changed once, by a generator seeded with its text; of lecoqa, the 300 questions that the"
            " shipped encoder was not trained on.\n",
            table(["way", "set", "changed", "nDCG@10", "lost", "lost a changed query", "may lose"], rows),
            "",
        ]
    )


def _allowed(measured: Measured) -> str:
    most = MOST_LOST.get(measured.collection, {}).get(measured.way)
    return "" if most is None else f"{most}"


if __name__ == "__main__":
    sys.exit(main())
