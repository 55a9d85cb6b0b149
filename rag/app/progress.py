"""How far a long run has come (进度), on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rag.ingest import Progress

Sink = Callable[["Progress"], None]

_NAMES = {"files": "读取 files", "index": "索引 index", "queries": "检索 queries", "questions": "答题 questions"}
_LINE_EVERY_SECONDS = 3.0
_BAR_EVERY_SECONDS = 0.1
_MOST_OF_A_NAME = 40
_LEAST_SECONDS_FOR_RATE = 1.0
"""A stage that takes a moment has no rate worth telling."""


@contextmanager
def progress(*, for_machine: bool) -> Iterator[Sink]:
    """Give a sink for progress.

    Args:
        for_machine: The run's result is for a program: no plain lines, which nobody would read.
    """
    if sys.stderr.isatty():
        with _bar() as sink:
            yield sink
    elif for_machine:
        yield lambda _: None
    else:
        yield lines()


def lines(clock: Callable[[], float] = time.monotonic) -> Sink:
    """Return a sink that prints a line every few seconds; a run shorter than that prints none.

    Args:
        clock: Seconds.
    """
    started = clock()
    printed_at = started
    stage_began: dict[str, float] = {}

    def tell(step: Progress) -> None:
        nonlocal printed_at
        now = clock()
        seconds = now - stage_began.setdefault(step.stage, now)
        is_end = step.done == step.total and printed_at > started
        if now - printed_at < _LINE_EVERY_SECONDS and not is_end:
            return
        printed_at = now
        parts = [f"{step.stage}: {step.done}/{step.total}"]
        if step.pages:
            parts.append(f"{step.pages} pages")
        if seconds > 0 and step.done:
            parts.append(f"{step.done / seconds:.1f}/s")
            parts.append(f"ETA {_minutes((step.total - step.done) * seconds / step.done)}")
        if step.current:
            parts.append(_printable(step.current))
        typer.echo(", ".join(parts), err=True)

    return tell


@contextmanager
def _bar() -> Iterator[Sink]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}", markup=False),
        TimeRemainingColumn(),
        TextColumn("{task.fields[current]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}
        began: dict[str, float] = {}
        told_at: dict[str, float] = {}

        def tell(step: Progress) -> None:
            now = time.monotonic()
            if step.stage not in tasks:
                began[step.stage] = now
                tasks[step.stage] = bar.add_task(_NAMES[step.stage], total=step.total, figures="", current="")
            task = tasks[step.stage]
            if step.done < step.total and now - told_at.get(step.stage, 0.0) < _BAR_EVERY_SECONDS:
                return
            told_at[step.stage] = now
            seconds = now - began[step.stage]
            rate = f"{step.done / seconds:.0f}/s" if seconds >= _LEAST_SECONDS_FOR_RATE else ""
            pages = f"{step.pages} 页 pages  " if step.pages else ""
            bar.update(
                task,
                completed=step.done,
                total=step.total,
                figures=f"{pages}{rate}",
                current=_shortened(_printable(step.current)),
            )

        yield tell


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _printable(name: str) -> str:
    """Return a file's name without what would move the cursor; a name may hold any character."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _shortened(name: str) -> str:
    return name if len(name) <= _MOST_OF_A_NAME else f"…{name[1 - _MOST_OF_A_NAME :]}"
