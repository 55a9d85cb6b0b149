"""Quality of retrieval and of answers, all sets, one command; see README.md beside this file.

Prints what was measured beside what is expected (``expected.json``) and exits 1 when anything fell below it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reporting import HERE, REPOSITORY, machine, sibling, table

from rag.evaluation.answers import AnswersReport, evaluate_answers
from rag.evaluation.harness import RetrievalReport, evaluate_retrieval
from rag.evaluation.measures import MEASURES
from rag.evaluation.significance import compare
from rag.indexes.encoder import load_encoder
from rag.ingest import Progress

SETS = ("ncp", "lecoqa", "mailbox", "xquad_en")
EXPECTED = HERE / "expected.json"
PAGE = HERE / "quality.md"

# A change of one query in some hundred is noise; of answers every one counts.
TOLERANCE = 0.005


@dataclass(frozen=True)
class QuestionSet:
    """A file of questions and the folder of documents they are about."""

    name: str
    questions: Path
    documents: Path


def main() -> int:
    """Measure, print, compare; 0 when nothing fell below what is expected."""
    options = _options()
    encoder = load_encoder(options.encoder)
    retrieval: list[RetrievalReport] = []
    answers: dict[str, AnswersReport] = {}
    for name in options.sets:
        folder = options.data / "eval" / name
        if not folder.is_dir():
            _say(f"{name}: {folder} is not there, left out")
            continue
        _say(f"{name} …")
        retrieval.append(
            evaluate_retrieval(folder, cache_dir=options.cache, encoder=encoder, on_progress=_told_now_and_then)
        )
    for questions in _question_sets(options):
        if not questions.questions.is_file() or not questions.documents.is_dir():
            _say(f"{questions.name}: questions or documents are not there, left out")
            continue
        _say(f"{questions.name} …")
        answers[questions.name] = evaluate_answers(
            questions.documents, questions.questions, cache_dir=options.cache, encoder=encoder
        )
    unseen = _unseen(options.data, retrieval)
    page = _page(retrieval, answers, unseen)
    print(page)
    for name, report in answers.items():
        for verdict in report.verdicts:
            if not verdict.has_passed:
                _say(f"{name} {verdict.question.id} {verdict.question.question}: {'; '.join(verdict.reasons)}")
    if options.out:
        _write_details(options.out, retrieval, answers)
    if options.against:
        _print_comparison(options.against, retrieval)
    measured = _measured(retrieval, answers, unseen)
    if options.update:
        EXPECTED.write_text(json.dumps(_expected() | measured, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        if not options.partial:
            PAGE.write_text(page, encoding="utf-8")
        return 0
    below = _below(measured, _expected())
    for line in below:
        _say(f"below what is expected: {line}")
    return 1 if below else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/<set>/ in BEIR layout")
    parser.add_argument("--seeds", type=Path, default=sibling("seeds"), help="folder of the five real documents")
    parser.add_argument("--golden", type=Path, default=sibling("golden"), help="folder of questions.jsonl over them")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS, help="collections to search")
    parser.add_argument("--no-answers", action="store_true", help="leave the question sets out")
    parser.add_argument("--encoder", help="another encoder, by folder or hub name")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--update", action="store_true", help="take what is measured as expected, rewrite quality.md")
    parser.add_argument("--out", type=Path, help="write the values of every query and answer to this JSON file")
    parser.add_argument("--against", type=Path, help="compare nDCG@10 with such a file, query by query")
    options = parser.parse_args()
    options.partial = options.no_answers or tuple(options.sets) != SETS
    return options


def _question_sets(options: argparse.Namespace) -> list[QuestionSet]:
    ours = REPOSITORY / "tests" / "golden"
    sets = [
        QuestionSet("sample corpus", ours / "corpus.jsonl", REPOSITORY / "corpus"),
        QuestionSet("five real documents, ours", ours / "seeds.jsonl", options.seeds),
        QuestionSet("five real documents, given", options.golden / "questions.jsonl", options.seeds),
    ]
    return [] if options.no_answers else sets


def _unseen(data: Path, retrieval: list[RetrievalReport]) -> dict[str, float]:
    """Return the measures on those questions of lecoqa that the shipped encoder was not trained on."""
    report = next((report for report in retrieval if report.collection == "lecoqa"), None)
    if report is None:
        return {}
    sys.path.append(str(REPOSITORY / "training"))  # where it is decided which those are
    from corpora import read_questions

    held_out = {question.question_id for question in read_questions(data) if question.held_out}
    return {
        name: statistics.fmean(value for query, value in values.items() if query in held_out)
        for name, values in report.scores.by_query.items()
    }


def _page(retrieval: list[RetrievalReport], answers: Mapping[str, AnswersReport], unseen: Mapping[str, float]) -> str:
    parts = [
        "# Quality\n",
        f"Written by `python benchmarks/quality.py --update`; {machine()}. What the sets are: README.md here.\n",
        "## Retrieval\n",
        "One query after the other, 100 documents each; time is that of one search in the process.\n",
        table(
            ["set", "documents", "passages", "queries", *MEASURES, "queries/s", "p50 ms", "p95 ms", "indexing s",
             "peak GB while indexing"],
            [
                [
                    r.collection, f"{r.index.documents:,}", f"{r.index.passages:,}", f"{r.queries:,}",
                    *(f"{r.scores.means[name]:.4f}" for name in MEASURES), f"{r.queries_per_second:.0f}",
                    f"{r.p50_ms:.1f}", f"{r.p95_ms:.1f}", f"{r.index.seconds:.0f}",
                    "–" if r.index.peak_memory_mb is None else f"{r.index.peak_memory_mb / 1000:.2f}",
                ]
                for r in retrieval
            ],
        ),
        f"\n{_unseen_line(unseen)}## Answers\n",
        table(
            ["set", "questions", "passed", "citations", "exact citations", "p50 ms", "p95 ms"],
            [
                [name, len(r.verdicts), r.passed, r.citations, r.exact_citations, f"{r.p50_ms:.0f}", f"{r.p95_ms:.0f}"]
                for name, r in answers.items()
            ],
        ),
        "\nPassed, by kind of question:\n",
        _kinds(answers),
        "",
    ]  # fmt: skip
    return "\n".join(parts)


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


def _measured(
    retrieval: list[RetrievalReport], answers: Mapping[str, AnswersReport], unseen: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {
        report.collection: {name: round(value, 4) for name, value in report.scores.means.items()}
        for report in retrieval
    }
    if unseen:
        found["lecoqa unseen"] = {name: round(value, 4) for name, value in unseen.items()}
    return found | {name: {"passed": report.passed} for name, report in answers.items()}


def _expected() -> dict[str, dict[str, float]]:
    return json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.is_file() else {}


def _below(measured: Mapping[str, Mapping[str, float]], expected: Mapping[str, Mapping[str, float]]) -> list[str]:
    return [
        f"{name} {value_name} {value} < {expected[name][value_name]}"
        for name, values in measured.items()
        for value_name, value in values.items()
        if value < expected.get(name, {}).get(value_name, 0) - (0 if value_name == "passed" else TOLERANCE)
    ]


def _write_details(path: Path, retrieval: list[RetrievalReport], answers: Mapping[str, AnswersReport]) -> None:
    details = {
        "retrieval": {report.collection: report.scores.by_query for report in retrieval},
        "answers": {name: report.as_json() for name, report in answers.items()},
    }
    path.write_text(json.dumps(details, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _print_comparison(path: Path, retrieval: list[RetrievalReport]) -> None:
    before = json.loads(path.read_text(encoding="utf-8"))["retrieval"]
    rows = []
    for report in retrieval:
        if report.collection in before:
            found = compare(before[report.collection]["nDCG@10"], report.scores.by_query["nDCG@10"])
            rows.append(
                [report.collection, f"{found.difference:+.4f}", found.better, found.worse, f"{found.p_value:.4f}"]
            )
    print(table(["set", "nDCG@10 against before", "better", "worse", "p"], rows))


def _told_now_and_then(step: Progress) -> None:
    if step.done == step.total or step.done % 10_000 < 500:
        _say(f"  {step.stage} {step.done:,}/{step.total:,}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
