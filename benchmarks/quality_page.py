"""The page of ``quality.py``: what was measured, in tables."""

from __future__ import annotations

from collections.abc import Mapping

from reporting import machine, table

from rag.evaluation.answers import AnswersReport
from rag.evaluation.harness import RetrievalReport
from rag.evaluation.measures import MEASURES

UNSEEN = "lecoqa unseen"


def page(
    retrieval: Mapping[str, RetrievalReport],
    answers: Mapping[str, AnswersReport],
    parts: Mapping[str, Mapping[str, float]],
) -> str:
    """Return the page as Markdown.

    Args:
        retrieval: By set.
        answers: By set of questions.
        parts: Means of parts of the sets, by name.
    """
    lines = [
        "# Quality\n",
        f"Written by `python benchmarks/quality.py --update`; {machine()}. What the sets are: README.md here.\n",
        "## Retrieval\n",
        "One query after the other, 100 documents each; time is that of one search in the process.\n",
        table(
            ["set", "documents", "passages", "queries", *MEASURES, "queries/s", "p50 ms", "p95 ms", "indexing s",
             "peak GB while indexing"],
            [
                [
                    name, f"{r.index.documents:,}", f"{r.index.passages:,}", f"{r.queries:,}",
                    *(f"{r.scores.means[measure]:.4f}" for measure in MEASURES), f"{r.queries_per_second:.0f}",
                    f"{r.p50_ms:.1f}", f"{r.p95_ms:.1f}", f"{r.index.seconds:.0f}",
                    "–" if r.index.peak_memory_mb is None else f"{r.index.peak_memory_mb / 1000:.2f}",
                ]
                for name, r in retrieval.items()
            ],
        ),
        f"\n{_unseen_line(parts.get(UNSEEN, {}))}## Answers\n",
        table(
            ["set", "questions", "passed", "right document found first", "citations", "exact citations", "p50 ms", "p95 ms"],
            [
                [name, len(r.verdicts), r.passed, _first_right(r), r.citations, r.exact_citations, f"{r.p50_ms:.0f}", f"{r.p95_ms:.0f}"]
                for name, r in answers.items()
            ],
        ),
        "\nPassed, by kind of question:\n",
        _kinds(answers),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def _unseen_line(unseen: Mapping[str, float]) -> str:
    if not unseen:
        return ""
    values = ", ".join(f"{name} {value:.4f}" for name, value in unseen.items())
    return f"Of lecoqa, the 300 questions that the shipped encoder was not trained on: {values}.\n\n"


def _kinds(answers: Mapping[str, AnswersReport]) -> str:
    kinds = dict.fromkeys(count.kind for report in answers.values() for count in report.by_kind)
    counts = {name: {count.kind: count for count in report.by_kind} for name, report in answers.items()}
    rows = [
        [kind, *(f"{c[kind].passed} / {c[kind].total}" if kind in c else "–" for c in counts.values())]
        for kind in kinds
    ]
    return table(["kind", *answers], rows)


def _first_right(report: AnswersReport) -> str:
    """Of the questions with an answer in the documents, those for which the search finds a right document first."""
    if not report.located:
        return "–"
    return f"{report.first_right} / {report.located} ({report.first_right / report.located:.1%})"
