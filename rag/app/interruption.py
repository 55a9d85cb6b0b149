"""Ctrl-C in a long run (中断): it stops in good order, and a second one stops it at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from rag.app.exits import INTERRUPTED


@contextmanager
def resumable(command: str) -> Iterator[None]:
    """Turn Ctrl-C into a line that says how to go on, and the exit code of an interrupted program.

    Args:
        command: That goes on where this run was stopped.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(
            f"已中断: 已读入的都已保存, 再次运行 {command} 从中断处继续"
            " (interrupted: what was taken in is kept, and the next run goes on from there)",
            err=True,
        )
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)
