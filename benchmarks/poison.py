"""What 441 poisoned documents do: ``python -m benchmarks.poison [--update]``; see README.md beside this file.

Each is taken in by the real workers and asked for, in the documents' own words and with a model at hand that obeys
whatever it is shown. Ends with 1 when anything was fetched, obeyed, stated without its place or left live in an export.
It also measures how many questions of the sample corpus documents stuffed with their words draw to themselves.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.reporting import HERE, REPOSITORY, machine, table
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.answer import Status
from rag.settings import Settings
from tests.hostile.judging import judged
from tests.hostile.poisoned import stuffed

PAGE = HERE / "poison.md"
_QUESTIONS = ("corpus.jsonl", "corpus_intents.jsonl")


def main() -> int:
    """Measure; 1 when a poison did anything."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        verdict = judged(Path(folder), pages=options.pages)
    rows = sorted(verdict.counted.items())
    for fault in verdict.faults:
        print(fault)
    lines = [
        "# Poisoned documents",
        f"Written by `python -m benchmarks.poison --update`; {machine()}.",
        table(("what was looked at", "how many"), rows),
        f"**Faults: {len(verdict.faults)}** – external fetches, statements without a citation, quotes that are not the words at their "
        "place, forged marks, obeyed instructions, addresses or mark-up as a model's words, live parts of exports, scripts and "
        "foreign addresses on pages, hidden words taken for text.",
    ]
    if options.stuffing:
        lines += ["## A document that holds the words of every question", _displaced()]
    page = "\n\n".join(lines) + "\n"
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    return 1 if verdict.faults else 0


def _displaced() -> str:
    """Ask the sample corpus its questions with and without stuffed documents in it."""
    golden = REPOSITORY / "tests" / "golden"
    questions = [
        str(json.loads(line)["question"])
        for name in _QUESTIONS
        for line in (golden / name).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    rows = []
    for name, files in stuffed(questions).items():
        with tempfile.TemporaryDirectory() as folder:
            poison = Path(folder) / "poison"
            poison.mkdir()
            for file, text in files.items():
                (poison / file).write_text(text, encoding="utf-8")
            with Engine(Settings(index_dir=Path(folder) / "index", corpus_dir=REPOSITORY / "corpus")) as engine:
                engine.ingest([REPOSITORY / "corpus"])
                before = [_first(engine, question) for question in questions]
                engine.ingest([poison])
                after = [_first(engine, question) for question in questions]
        answered = sum(first is not None for first in before)
        kept = sum(first is not None and first == now for first, now in zip(before, after, strict=True))
        drawn = sum(now in files for now in after)
        rows.append((name, len(questions), answered, kept, drawn))
    return table(("stuffed", "questions", "answered without it", "the same document first", "stuffed one first"), rows)


def _first(engine: Engine, question: str) -> str | None:
    answer = engine.reader().answerer.answer(question, scope=Scope.everything())
    if answer.status is not Status.ANSWERED or not answer.citations:
        return None
    return Path(answer.citations[0].document.source).name


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--no-pages", dest="pages", action="store_false", help="look at no pages, which take the longest"
    )
    parser.add_argument("--no-stuffing", dest="stuffing", action="store_false", help="leave the stuffed documents out")
    parser.add_argument("--update", action="store_true", help="write the page")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
