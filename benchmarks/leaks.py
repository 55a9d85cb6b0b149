"""The long form of the leak test (tests/app/test_leaks.py): ``python -m benchmarks.leaks [--steps 10000]``.

Prints a Markdown page: steps, requests by route and principal, and what was found. Ends with 1 at the first leak.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.app.leaks import PRINCIPALS, Asked, Rig, Who
from tests.app.test_leaks import machine_of

_STEPS_A_RUN = 100


class CountingRig(Rig):
    """A rig that counts what it did."""

    def __init__(self, folder: Path) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.by_who: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.changes: Counter[str] = Counter()
        super().__init__(folder)

    @property
    def steps(self) -> int:
        """Requests compared and changes made."""
        return self.asked.total() + self.changes.total()

    def check(self, who: Who, asked: Asked) -> None:
        """Count a request that is checked."""
        method, path, _ = asked
        for document_id in self.ids.values():
            path = path.replace(document_id, "…")
        self.asked[method, path] += 1
        self.by_who[who.name] += 1
        super().check(who, asked)

    def change(self, labels: dict[str, str]) -> None:  # type: ignore[override]
        """Count a change of labels."""
        self.changes["relabelled, restored or reset"] += 1
        super().change(labels)

    def delete(self, source: str) -> None:
        """Count a deletion."""
        self.changes["deleted"] += 1
        super().delete(source)


def main() -> None:
    """Run until so many steps are done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.monotonic()
    leak = ""
    with tempfile.TemporaryDirectory() as folder:
        rig = CountingRig(Path(folder))
        run = 0
        while rig.steps < given.steps and not leak:
            machine = seed(given.seed + run)(machine_of(rig))
            run += 1
            try:
                run_state_machine_as_test(
                    machine,
                    settings=settings(
                        max_examples=5,
                        stateful_step_count=_STEPS_A_RUN,
                        deadline=None,
                        database=None,
                        phases=[Phase.generate],
                        suppress_health_check=list(HealthCheck),
                    ),
                )
            except AssertionError as error:
                leak = str(error)
            print(f"{rig.steps} steps, {time.monotonic() - started:.0f} s", file=sys.stderr)
        rig.close()
    print("# Leak test\n")
    print(
        f"`python -m benchmarks.leaks --steps {given.steps} --seed {given.seed}`: {rig.steps:,} steps in {time.monotonic() - started:,.0f} s.\n"
    )
    print(
        f"**{'A leak: ' + leak if leak else '0 canaries, 0 answers that differ from a server without the hidden documents'}**\n"
    )
    print("| changes | times |\n|---|---|")
    print("\n".join(f"| {what} | {times:,} |" for what, times in sorted(rig.changes.items())))
    print("\n| principal | requests compared |\n|---|---|")
    print("\n".join(f"| {who.name} | {rig.by_who[who.name]:,} |" for who in PRINCIPALS))
    print("\n| route | requests compared |\n|---|---|")
    print("\n".join(f"| {method} {path} | {times:,} |" for (method, path), times in sorted(rig.asked.items())))
    raise SystemExit(1 if leak else 0)


if __name__ == "__main__":
    main()
