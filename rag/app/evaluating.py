"""``rag eval`` (评测): retrieval measured on a judged collection, or answers on a file of questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.app import printing
from rag.app.options import JsonOption, print_json
from rag.app.progress import progress
from rag.settings import Settings


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
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval on a BEIR folder, or answers on a file of questions."""
    from rag.evaluation.answers import evaluate_answers
    from rag.evaluation.harness import evaluate_retrieval
    from rag.indexes.encoder import load_encoder

    encoder = load_encoder(Settings.read().encoder)
    with progress(for_machine=as_json) as on_progress:
        if questions is not None:
            report = evaluate_answers(
                folder, questions, cache_dir=cache, encoder=encoder, on_progress=on_progress
            ).as_json()
        else:
            report = evaluate_retrieval(
                folder, cache_dir=cache, encoder=encoder, queries=queries, qrels=qrels, on_progress=on_progress
            ).as_json()
    if as_json:
        print_json(report)
    else:
        printing.measures(report)
