"""What the smaller bars of answering cost: each is moved by itself, and the question sets over ``corpus/`` are asked again.

Run from the repository's root::

    python -m training.calibrate_details

It prints, for each bar and value, how many of the answerable questions are answered right and how many near-misses are
refused. The sets are development data: written before the answerers, and never used to measure how good a release is.
The bar of refusal itself is of ``calibrate_refusal``.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.evaluation.judging import judge
from rag.evaluation.questions import JudgedQuestion, read_questions
from rag.settings import Settings

_ROOT = Path(__file__).parents[1]
_SETS = ("corpus.jsonl", "corpus_intents.jsonl", "corpus_progress.jsonl")
_EVERYTHING = Scope.everything()


class Bar(NamedTuple):
    """A threshold in the code.

    Attributes:
        module: Where it stands.
        name: Of the constant.
        values: To try, beside the one that ships.
    """

    module: str
    name: str
    values: tuple[float, ...]


BARS = (
    Bar("rag.answering.subject", "_ALIKE", (0.0, 0.15, 0.45, 0.6)),
    Bar("rag.answering.disagreement", "_NEAR_BEST", (0.7, 0.78, 0.92, 1.0)),
    Bar("rag.answering.disagreement", "_LEAST_OWN", (0.3, 0.45, 0.75, 0.9)),
    Bar("rag.answering.polarity", "_LEAST_HELD", (0.45, 0.6, 0.85, 0.95)),
    Bar("rag.answering.admission", "LEAST_OF_REASON", (0.1, 0.2, 0.4, 0.5)),
    Bar("rag.answering.progress", "LEAST_HELD", (0.3, 0.4, 0.6, 0.7)),
    Bar("rag.answering.progress", "_NEAR_BEST", (0.3, 0.5, 0.85, 1.0)),
)


@contextmanager
def _set_to(bar: Bar, value: float) -> Iterator[None]:
    module = importlib.import_module(bar.module)
    before = getattr(module, bar.name)
    setattr(module, bar.name, value)
    try:
        yield
    finally:
        setattr(module, bar.name, before)


def _counts(reader: Reader, questions: Sequence[JudgedQuestion]) -> tuple[int, int]:
    """Return how many answerable questions are answered right, and how many near-misses are refused."""
    right = refused = 0
    for asked in questions:
        answer = reader.answerer.answer(asked.question, scope=_EVERYTHING, history=asked.history)
        passes = not judge(asked, answer, lambda document: reader.catalog.text(document, scope=_EVERYTHING))
        right += passes and asked.answerable
        refused += passes and not asked.answerable
    return right, refused


def main() -> None:
    """Print a table of all bars."""
    questions = [q for name in _SETS for q in read_questions(_ROOT / "tests" / "golden" / name)]
    answerable = sum(q.answerable for q in questions)
    with tempfile.TemporaryDirectory() as folder, Engine(Settings(index_dir=Path(folder) / "index")) as engine:
        engine.ingest([_ROOT / "corpus"])
        reader = engine.reader()
        right, refused = _counts(reader, questions)
        print(f"as shipped: {right} of {answerable} right, {refused} of {len(questions) - answerable} refused")
        for bar in BARS:
            shipped = getattr(importlib.import_module(bar.module), bar.name)
            for value in sorted((*bar.values, shipped)):
                with _set_to(bar, value):
                    right, refused = _counts(reader, questions)
                mark = "  (ships)" if value == shipped else ""
                print(f"{bar.module.rpartition('.')[2]}.{bar.name} = {value}: {right} right, {refused} refused{mark}")


if __name__ == "__main__":
    main()
