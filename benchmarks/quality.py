"""Quality of retrieval and of answers, all sets, one command; see README.md beside this file.

Prints what was measured beside what is expected (``expected.json``) and exits 1 when anything fell below it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from held_out import held_out_questions
from quality_page import UNSEEN, page
from reporting import HERE, REPOSITORY, say, sibling, table, told_now_and_then

from rag.evaluation.answers import AnswersReport, evaluate_answers
from rag.evaluation.beir import draw
from rag.evaluation.harness import RetrievalReport, evaluate_retrieval
from rag.evaluation.html_report import answers_page, retrieval_page
from rag.evaluation.judging import write_verdicts
from rag.evaluation.runs import MAIN_MEASURE, write_run, write_trec
from rag.evaluation.significance import compare
from rag.indexes.encoder import load_encoder

SAMPLE = "sample"
SETS = (SAMPLE, "ncp", "lecoqa", "mailbox", "xquad_en")

# A part of ncp that a test measures where the set is at hand.
NCP_SAMPLE = "ncp sample"
NCP_SAMPLE_QUERIES = 150

EXPECTED = HERE / "expected.json"
PAGE = HERE / "quality.md"

# A change of one query in some hundred is noise; of questions every one counts.
TOLERANCE = 0.005
COUNTS = {"passed", "first_right"}


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
    retrieval: dict[str, RetrievalReport] = {}
    answers: dict[str, AnswersReport] = {}
    for name in options.sets:
        folder = _folder_of(name, options.data)
        if not folder.is_dir():
            say(f"{name}: {folder} is not there, left out")
            continue
        say(f"{name} …")
        retrieval[name] = evaluate_retrieval(
            folder, cache_dir=options.cache, encoder=encoder, on_progress=told_now_and_then
        )
    for questions in _question_sets(options):
        if not questions.questions.is_file() or not questions.documents.is_dir():
            say(f"{questions.name}: questions or documents are not there, left out")
            continue
        say(f"{questions.name} …")
        answers[questions.name] = evaluate_answers(
            questions.documents, questions.questions, cache_dir=options.cache, encoder=encoder
        )
    parts = _parts(options.data, retrieval)
    means = {name: _means(report, queries) for name, (report, queries) in parts.items()}
    text = page(retrieval, answers, means)
    print(text)
    _tell_failures(answers)
    if options.out:
        _write_details(options.out, retrieval, answers)
    if options.runs:
        _write_runs(options.runs, retrieval, answers)
    if options.against:
        _print_comparison(options.against, retrieval, answers, parts)
    measured = _measured(retrieval, answers, means)
    if options.update:
        _update(
            measured, text, is_whole=set(retrieval) == set(SETS) and len(answers) == len(_question_sets(options)) > 0
        )
        return 0
    below = _below(measured, _expected())
    for line in below:
        say(f"below what is expected: {line}")
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
    parser.add_argument("--runs", type=Path, help="write each set's run and its page into this folder")
    return parser.parse_args()


def _folder_of(name: str, data: Path) -> Path:
    return REPOSITORY / "tests" / "golden" / "retrieval" if name == SAMPLE else data / "eval" / name


def _question_sets(options: argparse.Namespace) -> list[QuestionSet]:
    ours = REPOSITORY / "tests" / "golden"
    sets = [
        QuestionSet("sample corpus", ours / "corpus.jsonl", REPOSITORY / "corpus"),
        QuestionSet("sample corpus, by intent", ours / "corpus_intents.jsonl", REPOSITORY / "corpus"),
        QuestionSet("five real documents, ours", ours / "seeds.jsonl", options.seeds),
        QuestionSet("five real documents, given", options.golden / "questions.jsonl", options.seeds),
    ]
    return [] if options.no_answers else sets


def _parts(data: Path, retrieval: Mapping[str, RetrievalReport]) -> dict[str, tuple[RetrievalReport, frozenset[str]]]:
    """Return parts of the sets that are reported apart: the report and the queries that belong to the part."""
    parts = {}
    if "lecoqa" in retrieval:
        parts[UNSEEN] = (retrieval["lecoqa"], held_out_questions(data))
    if "ncp" in retrieval:
        drawn = draw(retrieval["ncp"].scores.by_query[MAIN_MEASURE], NCP_SAMPLE_QUERIES)
        parts[NCP_SAMPLE] = (retrieval["ncp"], frozenset(drawn))
    return parts


def _means(report: RetrievalReport, queries: Iterable[str]) -> dict[str, float]:
    wanted = set(queries)
    return {
        name: statistics.fmean(value for query, value in values.items() if query in wanted)
        for name, values in report.scores.by_query.items()
    }


def _tell_failures(answers: Mapping[str, AnswersReport]) -> None:
    for name, report in answers.items():
        for verdict in report.verdicts:
            asked = verdict.question
            if not verdict.has_passed:
                say(f"{name} {asked.id} {asked.question}: {'; '.join(verdict.reasons)}")
            if verdict.is_first_right is False:
                say(
                    f"{name} {asked.id} {asked.question}: found first {verdict.first_found}, not {', '.join(asked.documents)}"
                )


def _update(measured: Mapping[str, Mapping[str, float]], text: str, *, is_whole: bool) -> None:
    """Take what was measured as expected; of what was not, the old values stand. The page is all or nothing."""
    EXPECTED.write_text(json.dumps(_expected() | measured, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if is_whole:
        PAGE.write_text(text, encoding="utf-8")
    else:
        say(f"{PAGE.name} is left as it was: it is written when everything has been measured")


def _measured(
    retrieval: Mapping[str, RetrievalReport],
    answers: Mapping[str, AnswersReport],
    parts: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    means = {name: report.scores.means for name, report in retrieval.items()} | dict(parts)
    return {
        **{name: {measure: round(value, 4) for measure, value in values.items()} for name, values in means.items()},
        **{name: {"passed": report.passed, "first_right": report.first_right} for name, report in answers.items()},
    }


def _expected() -> dict[str, dict[str, float]]:
    return json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.is_file() else {}


def _below(measured: Mapping[str, Mapping[str, float]], expected: Mapping[str, Mapping[str, float]]) -> list[str]:
    return [
        f"{name} {value_name} {value} < {expected[name][value_name]}"
        for name, values in measured.items()
        for value_name, value in values.items()
        if value < expected.get(name, {}).get(value_name, 0) - (0 if value_name in COUNTS else TOLERANCE)
    ]


def _write_details(path: Path, retrieval: Mapping[str, RetrievalReport], answers: Mapping[str, AnswersReport]) -> None:
    details = {
        "retrieval": {name: report.scores.by_query for name, report in retrieval.items()},
        "answers": {
            name: report.as_json() | {"asked": [verdict.question.id for verdict in report.verdicts]}
            for name, report in answers.items()
        },
    }
    path.write_text(json.dumps(details, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_runs(folder: Path, retrieval: Mapping[str, RetrievalReport], answers: Mapping[str, AnswersReport]) -> None:
    """Write what ``rag eval`` keeps of a run by ``--out`` and ``--html``, a set after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, report in retrieval.items():
        write_run(folder / f"{name}.jsonl", report.ranked)
        write_trec(folder / f"{name}.trec", report.ranked, name=name)
        (folder / f"{name}.html").write_text(retrieval_page(report), encoding="utf-8")
    for name, judged in answers.items():
        stem = name.replace(",", "").replace(" ", "-")
        write_verdicts(folder / f"{stem}.jsonl", judged.verdicts)
        (folder / f"{stem}.html").write_text(answers_page(judged), encoding="utf-8")


def _print_comparison(
    path: Path,
    retrieval: Mapping[str, RetrievalReport],
    answers: Mapping[str, AnswersReport],
    parts: Mapping[str, tuple[RetrievalReport, frozenset[str]]],
) -> None:
    before = json.loads(path.read_text(encoding="utf-8"))
    rows: list[list[object]] = []
    for name, report in retrieval.items():
        if name not in before["retrieval"]:
            continue
        first, second = before["retrieval"][name][MAIN_MEASURE], report.scores.by_query[MAIN_MEASURE]
        rows.append(_compared(name, first, second))
        if name == "lecoqa":
            wanted = parts[UNSEEN][1]
            rows.append(_compared(UNSEEN, *({q: v for q, v in run.items() if q in wanted} for run in (first, second))))
    for name, report in answers.items():
        if name not in before["answers"]:
            continue
        earlier = before["answers"][name]
        failed = {failure["id"] for failure in earlier["failures"]}
        asked = earlier.get("asked", [verdict.question.id for verdict in report.verdicts])
        second = {v.question.id: float(v.has_passed) for v in report.verdicts if v.question.id in asked}
        first = {each: float(each not in failed) for each in second}
        rows.append(_compared(name, first, second))
        for each, value in second.items():
            if value != first[each]:
                say(f"{name} {each}: {'passes' if value else 'fails'} now")
    print(table(["set", f"{MAIN_MEASURE}, or passed, against before", "95 %", "better", "worse", "p"], rows))


def _compared(name: str, first: Mapping[str, float], second: Mapping[str, float]) -> list[object]:
    found = compare(first, second)
    interval = f"{found.interval.low:+.4f} … {found.interval.high:+.4f}"
    return [name, f"{found.difference:+.4f}", interval, found.better, found.worse, f"{found.p_value:.4f}"]


if __name__ == "__main__":
    sys.exit(main())
