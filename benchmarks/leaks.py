"""The long form of the leak test (tests/app/test_leaks.py): ``python -m benchmarks.leaks [--steps 10000] [--page FILE]``.

A seeded walk over every route as every principal, each pair a like number of times, with changes in between. Writes a
Markdown page after each round: steps, requests by route and principal, changes, and what was found. Ends with 1 at the
first leak.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.reporting import machine, table
from tests.app.leaks.principals import PRINCIPALS
from tests.app.leaks.rig import Rig
from tests.app.leaks.walk import Walk

BETWEEN = 40
"""Requests between two changes, beside those that are asked again after each."""

ABOUT = """Every route, six principals, each answer compared with that of a server without the hidden documents, while
documents are relabelled, hidden and shown again, deleted over HTTP, restored and uploaded; what was asked last is asked
again after each change. What is drawn: `tests/app/leaks/asking.py`; what is changed: `walk.py`; what is compared:
`rig.py` and `responses.py`. See [SECURITY.md](../SECURITY.md).

Left out of the comparison: `elapsed_ms`, and of a search `parts` and the order of its hits; `score` may be off by .02. An
answer that ranks and is another than the twin's must be the very one of a twin whose passages and documents are as long
on average (BM25 divides by that); how often that was so is told."""


def page_of(walk: Walk, command: str, seconds: float, leak: str) -> str:
    """Return the page of results."""
    asked, changes = walk.asked, walk.changes
    routes = sorted({route for route, _ in asked})
    usage = resource.getrusage(resource.RUSAGE_SELF)
    processor = usage.ru_utime + usage.ru_stime
    parts = [
        "# Leak test",
        ABOUT,
        f"`{command}`; {machine()}: {walk.steps:,} steps in {seconds:,.0f} s ({processor:,.0f} s of processor time).",
        f"**{'A leak: ' + leak if leak else '0 canaries, 0 answers, counts or facets that differ'}**"
        f" (of {sum(asked.values()):,} answers {walk.rig.by_length} by the mean length alone).",
        table(["changes", "times"], [[kind, f"{times:,}"] for kind, times in sorted(changes.items())]),
        f"Requests by route and principal: the least of a pair {min(asked.values())}, the most {max(asked.values())}.",
        table(
            ["route", *(who.name for who in PRINCIPALS)],
            [[" ".join(route), *(asked.get((route, who.name), 0) for who in PRINCIPALS)] for route in routes],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Walk until so many steps are done, from the start again after each round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", type=Path, help="where the page is written after each round; by default printed")
    given = parser.parse_args()
    command = f"python -m benchmarks.leaks --steps {given.steps} --seed {given.seed}"
    started = time.monotonic()
    leak = ""
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        walk = Walk(rig, Random(given.seed))
        while walk.steps < given.steps and not leak:
            try:
                rig.reset()
                walk.even_round(BETWEEN)
            except AssertionError as error:
                leak = str(error)
            page = page_of(walk, command, time.monotonic() - started, leak)
            if given.page is not None:
                given.page.write_text(page, encoding="utf-8")
            print(f"{walk.steps} steps, {time.monotonic() - started:.0f} s", file=sys.stderr)
        rig.close()
    if given.page is None:
        print(page)
    if leak:
        print(leak, file=sys.stderr)
    raise SystemExit(1 if leak else 0)


if __name__ == "__main__":
    main()
