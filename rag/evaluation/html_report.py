"""An evaluation as one page to read, print and keep (评测报告): no script, nothing loaded from elsewhere.

The page holds queries, titles and openings of documents: it is for whoever may read the collection.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, starmap

from jinja2 import Environment, PackageLoader, StrictUndefined

from rag.domain.access import Scope
from rag.evaluation.answers import AnswersReport
from rag.evaluation.charts import HEIGHT, WIDTH, Chart, Series, bar_chart, counts, curve_chart
from rag.evaluation.harness import RetrievalReport
from rag.evaluation.judging import Changes
from rag.evaluation.runs import MAIN_MEASURE, RankedQuery
from rag.evaluation.significance import Comparison
from rag.store.repository import CATALOG_FILE, Catalog

_WORST = 40
_MOST_CHANGED = 15
_SHOWN_A_QUERY = 3
_OPENING = 240
_DEPTHS = (1, 2, 3, 5, 10, 20, 50, 100)

_NOW, _BEFORE = "本次 this run", "对照 before"

Class = tuple[str, Callable[[float], bool]]

_VALUES: tuple[Class, ...] = (
    ("0", lambda v: v <= 0),
    ("0–.2", lambda v: 0 < v < 0.2),
    (".2–.4", lambda v: 0.2 <= v < 0.4),
    (".4–.6", lambda v: 0.4 <= v < 0.6),
    (".6–.8", lambda v: 0.6 <= v < 0.8),
    (".8–1", lambda v: 0.8 <= v < 1),
    ("1", lambda v: v >= 1),
)
_RANKS: tuple[Class, ...] = (
    ("1", lambda r: r == 1),
    ("2", lambda r: r == 2),
    ("3", lambda r: r == 3),
    ("4–5", lambda r: 4 <= r <= 5),
    ("6–10", lambda r: 6 <= r <= 10),
    ("11–20", lambda r: 11 <= r <= 20),
    ("21–50", lambda r: 21 <= r <= 50),
    ("> 50", lambda r: 50 < r < math.inf),
    ("无 none", math.isinf),
)
_MILLISECONDS = (0, 2, 5, 10, 20, 50, 100, 200, 500)


def _between(low: float, high: float) -> Class:
    """Return the class of times between two numbers of milliseconds."""
    return (f"{low}–{high}" if high < math.inf else f"> {low}", lambda seconds: low <= seconds * 1000 < high)


_TIMES = tuple(starmap(_between, pairwise((*_MILLISECONDS, math.inf))))


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as the page shows it: at its place among the documents, with what it opens with."""

    place: int
    id: str
    title: str
    opening: str


@dataclass(frozen=True, slots=True)
class QueryRow:
    """A query in a table: what should have been found, and what was found first instead."""

    query: RankedQuery
    value: float
    before: float | None
    right: tuple[Shown, ...]
    found: tuple[Shown, ...]


def retrieval_page(
    report: RetrievalReport,
    *,
    before: Sequence[RankedQuery] | None = None,
    compared: Mapping[str, Comparison] | None = None,
) -> str:
    """Return the page of a retrieval run.

    Args:
        report: Of the run; titles and texts are read from its index.
        before: A run of the same queries to show beside it.
        compared: How the two compare, by measure.
    """
    runs = {_NOW: report.ranked} | ({_BEFORE: tuple(before)} if before else {})
    earlier = {query.id: query.measures[MAIN_MEASURE] for query in before or ()}
    ordered = sorted(report.ranked, key=lambda query: (query.measures[MAIN_MEASURE], -query.first_relevant, query.id))
    failed = [query for query in ordered if query.measures[MAIN_MEASURE] < 1][:_WORST]
    change = {
        query.id: query.measures[MAIN_MEASURE] - earlier[query.id] for query in report.ranked if query.id in earlier
    }
    by_change = sorted((query for query in report.ranked if change.get(query.id)), key=lambda q: (change[q.id], q.id))
    fell = [query for query in by_change if change[query.id] < 0][:_MOST_CHANGED]
    rose = [query for query in reversed(by_change) if change[query.id] > 0][:_MOST_CHANGED]
    shown = _shown(report, [*failed, *fell, *rose])

    def row(query: RankedQuery) -> QueryRow:
        return QueryRow(
            query=query,
            value=query.measures[MAIN_MEASURE],
            before=earlier.get(query.id),
            right=tuple(shown[each] for each in _right(query)),
            found=tuple(shown[each] for each in _found(query)),
        )

    return _environment().get_template("retrieval.html").render(
        report=report,
        measure=MAIN_MEASURE,
        intervals=report.intervals,
        compared=compared or {},
        charts=_charts(runs),
        worst=[row(query) for query in failed],
        rose=[row(query) for query in rose],
        fell=[row(query) for query in fell],
        documents=sorted(shown.values(), key=lambda document: document.place),
    )  # fmt: skip


def answers_page(report: AnswersReport, *, changed: Changes | None = None) -> str:
    """Return the page of a run over a set of questions."""
    kinds = report.by_kind
    charts = (
        bar_chart(
            "kinds",
            ("按题型：通过与全部", "Passed and all, by kind of question"),
            [count.kind for count in kinds],
            (
                Series("通过 passed", tuple(float(count.passed) for count in kinds)),
                Series("全部 all", tuple(float(count.total) for count in kinds)),
            ),
        ),
        _times({_NOW: [verdict.seconds for verdict in report.verdicts]}),
    )
    return _environment().get_template("answers.html").render(
        report=report,
        charts=charts,
        failed=[verdict for verdict in report.verdicts if not verdict.has_passed],
        changed=changed,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rag.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(chart_width=WIDTH, chart_height=HEIGHT, infinite=math.inf)
    return environment


def _charts(runs: Mapping[str, Sequence[RankedQuery]]) -> tuple[Chart, ...]:
    def count(classes: Sequence[Class], value_of: Callable[[RankedQuery], float]) -> list[Series]:
        return [Series(name, counts([value_of(q) for q in run], classes)) for name, run in runs.items()]

    return (
        bar_chart(
            "values",
            (f"逐题 {MAIN_MEASURE} 的分布（题数）", f"Queries by their {MAIN_MEASURE}"),
            [name for name, _ in _VALUES],
            count(_VALUES, lambda query: query.measures[MAIN_MEASURE]),
        ),
        bar_chart(
            "ranks",
            ("第一篇相关文件的名次（题数）", "Queries by the rank of the first relevant document"),
            [name for name, _ in _RANKS],
            count(_RANKS, lambda query: query.first_relevant),
        ),
        curve_chart(
            "recall",
            ("前 k 篇的召回率", "Recall of the first k documents"),
            [str(depth) for depth in _DEPTHS],
            [Series(name, tuple(_recall(run, depth) for depth in _DEPTHS)) for name, run in runs.items()],
        ),
        _times({name: [query.seconds for query in run] for name, run in runs.items()}),
    )


def _times(seconds: Mapping[str, Sequence[float]]) -> Chart:
    return bar_chart(
        "times",
        ("用时（毫秒，题数）", "Queries by the time they took, in milliseconds"),
        [name for name, _ in _TIMES],
        [Series(name, counts(values, _TIMES)) for name, values in seconds.items()],
    )


def _recall(run: Sequence[RankedQuery], depth: int) -> float:
    """Return the mean share of relevant documents among the first ``depth``."""
    return sum(_recall_of(query, depth) for query in run) / len(run)


def _recall_of(query: RankedQuery, depth: int) -> float:
    relevant = {document for document, grade in query.relevant.items() if grade > 0}
    return len(relevant.intersection(query.documents[:depth])) / len(relevant)


def _right(query: RankedQuery) -> list[str]:
    relevant = sorted((-grade, document) for document, grade in query.relevant.items() if grade > 0)
    return [document for _, document in relevant[:_SHOWN_A_QUERY]]


def _found(query: RankedQuery) -> tuple[str, ...]:
    return query.documents[:_SHOWN_A_QUERY]


def _shown(report: RetrievalReport, queries: Iterable[RankedQuery]) -> dict[str, Shown]:
    """Read the documents that the tables name, in the order in which they come."""
    scope = Scope.everything()
    wanted = dict.fromkeys(document for query in queries for document in (*_right(query), *_found(query)))
    with Catalog.open(report.index.folder / CATALOG_FILE, read_only=True) as catalog:
        sources = catalog.sources()
        held = {row_id: sources[row_id].document_id for row_id in wanted if row_id in sources}
        titles = catalog.summaries(list(held.values()), scope=scope)
        shown = {}
        for place, row_id in enumerate(wanted, 1):
            document_id = held.get(row_id)
            if document_id is None:
                shown[row_id] = Shown(place, row_id, "", "（不在文件集中 not in the collection）")
                continue
            text = " ".join(catalog.text(document_id, scope=scope).split())
            shown[row_id] = Shown(place, row_id, titles[document_id].title or "", _opening(text))
        return shown


def _opening(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable if len(printable) <= _OPENING else printable[:_OPENING] + "…"
