"""Tables of figures, the machine they were taken on, and what is said on the way to them."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.ingest import Progress

HERE = Path(__file__).parent
REPOSITORY = HERE.parent


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers stand to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    rule = ["---" if column == 0 else "---:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def machine() -> str:
    """Return what figures depend on: cores, system, Python, and how busy the machine was with other work too."""
    busy = f", load average {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores, no GPU, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}{busy}"
    )


def say(line: str) -> None:
    """Tell whoever waits how far it has come, on stderr."""
    print(line, file=sys.stderr, flush=True)


def told_now_and_then(step: Progress) -> None:
    """Say how far indexing has come: of many documents each ten thousand, else the end."""
    if step.done == step.total or (step.total > 10_000 and step.done % 10_000 < 500):
        say(f"  {step.stage} {step.done:,}/{step.total:,}")


def sibling(name: str) -> Path:
    """Return where shared data lies by default: beside the repository."""
    return REPOSITORY.parent / "shared" / name
