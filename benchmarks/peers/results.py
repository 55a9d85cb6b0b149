"""What was measured, as it is kept in ``results.json``, and the page that shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from reporting import table

NOTES = "<!-- Below this line everything is written by hand; --update keeps it. -->"

MEASURES = ("nDCG@10", "Recall@10", "Recall@100")
OURS = "rag"
NO_PEER = frozenset({OURS, "vectors alone"})

# Of a peer that was too slow to answer this part of the questions, the difference says nothing.
_LEAST_ANSWERED = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set.

    Attributes:
        means: By measure, over the questions answered; empty when none was.
        asked: Questions of the set.
        answered: Those answered in the time given, in the order of a hash.
        index_seconds: From passages (the product: from raw texts) to a searchable index.
        peak_memory_mb: Most memory of the process, 10⁶ bytes; ``None`` where the system does not tell.
        ours_on_the_same: The product's nDCG@10 on the questions answered, where they are not all.
        difference: The product's nDCG@10 less this one's, on the questions both answered.
        p_value: Of that difference; see ``rag.evaluation.significance.compare``.
        given_up: Why there is nothing more, in words; "" when all went well.
        load: Load average when it ended.
    """

    set: str
    system: str
    tokens: str
    passages: int
    asked: int
    answered: int = 0
    means: Mapping[str, float] = field(default_factory=dict)
    index_seconds: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    peak_memory_mb: float | None = None
    ours_on_the_same: float | None = None
    difference: float | None = None
    p_value: float | None = None
    given_up: str = ""
    load: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is the measurement of."""
        return self.set, self.system, self.tokens


def read(path: Path) -> list[Row]:
    """Return the rows of a file; none where there is no file."""
    if not path.is_file():
        return []
    return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def write(path: Path, machine: str, rows: Iterable[Row]) -> None:
    """Write the rows with the machine they were measured on."""
    found = {"machine": machine, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def merged(before: Iterable[Row], now: Iterable[Row], order: Sequence[tuple[str, str, str]]) -> list[Row]:
    """Return the rows measured now and, of the rest, those of before; in the order given, others left out."""
    rows = {row.key: row for row in (*before, *now)}
    return [rows[key] for key in order if key in rows]


def page(rows: Sequence[Row], machine: str, before: str) -> str:
    """Return the page: written anew above ``NOTES``, as it was below."""
    _, found, notes = before.partition(NOTES)
    loads = [row.load for row in rows]
    parts = [
        "# Side by side\n",
        f"Written by `python benchmarks/peers/compare.py --update`; {machine}; load average while measuring"
        f" {min(loads):.1f} to {max(loads):.1f}{_warning(max(loads))}. How: README.md here.\n",
        results_table(rows),
        "",
        _cut_off(rows),
        "## Ahead or not\n",
        "nDCG@10 of rag less that of the best peer, on the questions both answered, among those that answered at"
        " least a tenth of them; p from a paired randomisation test.\n",
        ahead_table(rows),
        "",
        "## Versions\n",
        _versions(rows),
        "",
        f"{NOTES}{notes if found else chr(10)}",
    ]
    return "\n".join(part for part in parts if part is not None)


def results_table(rows: Iterable[Row]) -> str:
    """Return the one table."""
    head = ["set", "system", "tokens", "answered", *MEASURES, "indexing s", "p50 ms", "p95 ms", "peak MB"]
    return table(
        head,
        [
            [
                row.set,
                f"**{row.system}**" if row.system == OURS else row.system,
                row.tokens,
                f"{row.answered:,} / {row.asked:,}" + (" †" if row.answered < row.asked else ""),
                *(_figure(row.means.get(name), ".4f") for name in MEASURES),
                _figure(row.index_seconds, ",.1f"),
                _figure(row.p50_ms, ",.1f"),
                _figure(row.p95_ms, ",.1f"),
                _figure(row.peak_memory_mb, ",.0f"),
            ]
            for row in rows
        ],
    )


def ahead_table(rows: Sequence[Row]) -> str:
    """Return, for each set, the best peer and how far rag is ahead of it; a minus says that it is not."""
    lines = []
    for name in dict.fromkeys(row.set for row in rows):
        peers = [
            row
            for row in rows
            if row.set == name
            and row.system not in NO_PEER
            and row.difference is not None
            and row.answered >= _LEAST_ANSWERED * row.asked
        ]
        if peers:
            # The least difference, not the most nDCG: a peer that was cut off answered other questions.
            best = min(peers, key=lambda row: row.difference if row.difference is not None else 0.0)
            lines.append(
                [
                    name,
                    f"{best.system}, {best.tokens}",
                    f"{best.means['nDCG@10']:.4f}",
                    f"{best.difference:+.4f}",
                    f"{best.p_value:.4f}",
                ]
            )
    return table(["set", "best peer", "its nDCG@10", "rag ahead by", "p"], lines)


def _cut_off(rows: Iterable[Row]) -> str | None:
    lines = []
    for row in rows:
        what = f"{row.system}, {row.tokens}, on {row.set}"
        if row.given_up:
            lines.append(f"† {what}: {row.given_up}.")
        elif row.answered < row.asked:
            same = "" if row.ours_on_the_same is None else f"; on these rag has nDCG@10 {row.ours_on_the_same:.4f}"
            lines.append(f"† {what}: the time for searching was up after {row.answered:,} questions{same}.")
    return "\n\n".join(lines) + "\n" if lines else None


def _versions(rows: Iterable[Row]) -> str:
    found = {name: version for row in rows for name, version in row.versions.items()}
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))


def _warning(load: float) -> str:
    # One busy core is the measured system itself.
    return " (**busy with other work: quality stands, times and memory of this page do not**)" if load > 2.5 else ""


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
