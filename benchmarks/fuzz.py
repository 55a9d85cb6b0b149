"""The long form of the API fuzz (tests/app/test_fuzz_api.py): ``python -m benchmarks.fuzz [--requests 20000] > benchmarks/fuzz.md``.

Round after round on a fresh copy of the sample corpus, every caller with another seed; the borders of the schemas, which
are the same every time, in the first. Then the pages (tests/app/pages/test_odd.py), as the operator. Prints a Markdown
page; ends with 1 where a check did not hold.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.reporting import machine, table
from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings
from tests.app.fuzzing import CALLERS, PHASES, Rig, told
from tests.app.pages import odd

_PATHS = create_app(Engine(Settings())).openapi()["paths"]
_OPERATIONS = {f"{method.upper()} {path}" for path, methods in _PATHS.items() for method in methods}


class Totals:
    """What all rounds did."""

    def __init__(self) -> None:
        self.checks = 0
        self.answers: Counter[tuple[str, int]] = Counter()
        self.by_caller: Counter[tuple[str, int]] = Counter()
        self.failures: list[str] = []

    def round(self, corpus: Path, *, seed: int, examples: int, phases: tuple[str, ...], callers: list[str]) -> None:
        """Let every caller send once."""
        with tempfile.TemporaryDirectory() as folder:
            rig = Rig(Path(folder), Settings(corpus_dir=corpus))
            for caller in callers:
                outcome = rig.fuzz(caller, examples=examples, seed=seed, phases=phases)
                self.checks += outcome.checks
                for (operation, status), times in outcome.answers.items():
                    self.answers[operation, status] += times
                    self.by_caller[caller, status] += times
                self.failures += [f"{caller}: {said}" for said in told(outcome)]
                print(f"{caller}: {self.answers.total():,} requests, {len(self.failures)} failures", file=sys.stderr)
            rig.close()


def _pages(corpus: Path, *, examples: int, seed: int) -> tuple[Counter[int], str]:
    """Return how many pages were answered with what status, and the first fault."""
    with tempfile.TemporaryDirectory() as folder, odd.site(corpus, Path(folder)) as site:
        try:
            return odd.ask_at_random(site, examples=examples, seed=seed), ""
        except AssertionError as error:
            return Counter(), str(error)


def _table(title: str, rows: list[str], counts: Counter[tuple[str, int]]) -> str:
    statuses = sorted({status for _, status in counts})
    cells = {row: [counts[row, status] for status in statuses] for row in rows}
    return table(
        [title, *map(str, statuses), "all"],
        [[row, *(f"{n:,}" if n else "" for n in cells[row]), f"{sum(cells[row]):,}"] for row in rows],
    )


def main() -> None:
    """Run until so many requests are sent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--examples", type=int, default=60, help="drawn for each operation, caller and round")
    parser.add_argument("--pages", type=int, default=3_000, help="requests for pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--callers", nargs="*", default=list(CALLERS))
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)  # it would tell of every file that is no document
    started, used = time.monotonic(), time.process_time()
    totals, rounds = Totals(), 0
    while totals.answers.total() < given.requests:
        phases = PHASES if rounds == 0 else ("fuzzing", "stateful")
        totals.round(
            given.corpus, seed=given.seed + rounds, examples=given.examples, phases=phases, callers=given.callers
        )
        rounds += 1
    answers = totals.answers
    server_errors = sum(times for (_, status), times in answers.items() if status >= 500)
    print("# API fuzz\n")
    print(
        f"`python -m benchmarks.fuzz --requests {given.requests} --examples {given.examples} --pages {given.pages}"
        f" --seed {given.seed}`; {machine()}:"
        f" {answers.total():,} requests in {rounds} rounds, {time.monotonic() - started:,.0f} s"
        f" ({time.process_time() - used:,.0f} s of processor time).\n"
    )
    print(
        f"**{server_errors} server errors, {len(totals.failures)} of {totals.checks:,} checks failed.** Checks: status, media"
        " type, headers and body as described; what the description calls wrong is refused and what it calls right taken;"
        " keys are asked for; what was uploaded is there, what was deleted is not; methods that a path has not, and `Allow`.\n"
    )
    for failure in totals.failures:
        print(f"```\n{failure}\n```\n")
    print(_table("caller", given.callers, totals.by_caller), "\n")
    described = [operation for operation in sorted(_OPERATIONS) if any(operation == asked for asked, _ in answers)]
    print(_table("operation", described, answers), "\n")
    others = sum(times for (operation, _), times in answers.items() if operation not in _OPERATIONS)
    print(f"{others:,} more requests had methods or addresses that the interface does not have.")
    statuses, fault = _pages(given.corpus, examples=given.pages, seed=given.seed)
    print("\n## Pages\n")
    print(
        f"{statuses.total():,} requests with hostile values, in addresses and forms, to every page:"
        f" **{'a fault: ' + fault if fault else '0 server errors, nothing sent became markup'}**"
        f" ({', '.join(f'{times:,} × {status}' for status, times in sorted(statuses.items()))})."
    )
    raise SystemExit(1 if totals.failures or server_errors or fault else 0)


if __name__ == "__main__":
    main()
