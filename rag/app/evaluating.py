"""``rag eval`` (评测): retrieval measured on a judged collection, or answers on a file of questions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rag.app import printing
from rag.app.models_in_use import Models
from rag.app.options import JsonOption, print_json
from rag.app.progress import progress
from rag.errors import InvalidRequest
from rag.settings import Settings

_TREC = ".trec"


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder in BEIR layout, or of documents when --questions is given.")],
    queries: Annotated[Path | None, typer.Option("--queries", help="Queries instead of DIR/queries.jsonl.")] = None,
    qrels: Annotated[Path | None, typer.Option("--qrels", help="Judgements instead of DIR/qrels.tsv.")] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", help="Judge answers instead: a file of questions with required facts.")
    ] = None,
    cache: Annotated[
        Path, typer.Option("--cache", "--index", help="Where the indexes of evaluated sets are kept.")
    ] = Path(".cache/eval"),
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Keep the run: a JSON line a query; beside it a TREC run, by the same name.trec."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="A run kept by --out: compare with it, query by query.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts and the worst queries.")] = None,
    measures: Annotated[
        str, typer.Option("--measures", help="More measures, by their ir-measures names: 'nDCG@20 AP Success@5'.")
    ] = "",
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", min=100, max=1000, help="Documents ranked a query.", show_default="100"),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Ask so many of the queries only, always the same ones.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval on a BEIR folder, or answers on a file of questions."""
    for path in (out, html):
        _check_place(path)
    if questions is not None:
        if measures or queries or qrels or sample or top_k:
            raise InvalidRequest(
                "--questions judges answers: --queries, --qrels, --measures, --sample and --top-k are of retrieval"
            )
        _answers(folder, questions, cache, out, against, html, as_json=as_json)
    else:
        _retrieval(folder, queries, qrels, cache, out, against, html, measures, top_k, sample, as_json=as_json)


def _retrieval(
    folder: Path,
    queries: Path | None,
    qrels: Path | None,
    cache: Path,
    out: Path | None,
    against: Path | None,
    html: Path | None,
    measures: str,
    top_k: int | None,
    sample: int | None,
    *,
    as_json: bool,
) -> None:
    from rag.evaluation.harness import DOCUMENTS_A_QUERY, evaluate_retrieval
    from rag.evaluation.rows import write_bytes
    from rag.evaluation.runs import compare_runs, read_run, write_run, write_trec

    models = _models()
    before = None if against is None else read_run(against)
    with progress(for_machine=as_json) as on_progress:
        report = evaluate_retrieval(
            folder,
            cache_dir=cache,
            encoder=models.encoder,
            reranker=models.reranker,
            queries=queries,
            qrels=qrels,
            more_measures=measures.replace(",", " ").split(),
            depth=top_k or DOCUMENTS_A_QUERY,
            sample=sample,
            on_progress=on_progress,
        )
    if out is not None:  # before the comparison, which may find that the runs do not go together
        write_run(out, report.ranked)
        write_trec(out.with_suffix(_TREC), report.ranked, name=out.stem)
    compared = None if before is None else compare_runs(before, report.ranked)
    if html is not None:
        from rag.evaluation.html_report import retrieval_page

        write_bytes(html, retrieval_page(report, before=before, compared=compared).encode())
    values = report.as_json()
    if as_json:
        if compared is not None:
            values["against"] = {
                "run": str(against),
                "measures": {name: asdict(found) for name, found in compared.items()},
            }
        print_json(values)
        return
    printing.measures(values)
    if compared is not None:
        printing.comparison(str(against), compared)


def _answers(
    folder: Path,
    questions: Path,
    cache: Path,
    out: Path | None,
    against: Path | None,
    html: Path | None,
    *,
    as_json: bool,
) -> None:
    from rag.evaluation.answers import evaluate_answers
    from rag.evaluation.judging import changes, read_verdicts, write_verdicts
    from rag.evaluation.rows import write_bytes

    models = _models()
    before = None if against is None else read_verdicts(against)
    with progress(for_machine=as_json) as on_progress:
        report = evaluate_answers(
            folder,
            questions,
            cache_dir=cache,
            encoder=models.encoder,
            judging=models.shipped,
            reranker=models.reranker,
            on_progress=on_progress,
        )
    if out is not None:
        write_verdicts(out, report.verdicts)
    changed = None if before is None else changes(before, report.verdicts)
    if html is not None:
        from rag.evaluation.html_report import answers_page

        write_bytes(html, answers_page(report, changed=changed).encode())
    values = report.as_json()
    if as_json:
        if changed is not None:
            values["against"] = {"run": str(against), **changed.as_json()}
        print_json(values)
        return
    printing.measures(values)
    if changed is not None:
        printing.changes(str(against), changed)


def _models() -> Models:
    models = Models(Settings.read())
    models.load()
    return models


def _check_place(path: Path | None) -> None:
    """Say at once, not after an hour, that a file cannot be written where it is wanted.

    Raises:
        InvalidRequest: It cannot.
    """
    if path is None:
        return
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise InvalidRequest(f"{path}: {'is a folder' if path.is_dir() else 'its folder does not exist'}")
    if path.suffix == _TREC:
        raise InvalidRequest(f"{path}: {_TREC} is the name of the TREC run beside it; choose another, such as .jsonl")
