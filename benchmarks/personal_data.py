"""How many telephone and identity numbers are masked, and what else is; one command, see README.md beside this file.

Numbers are drawn at random, put into sentence frames that were written without looking at the rules, and read as files
are. A number counts as missed when any digit of it, or of another in its frame, can still be read. With ``--corpus`` it
counts what is masked in real documents, by kind; ``--list`` prints that, to be looked through and never to be kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reporting import HERE, REPOSITORY, machine, sibling, table
from rag.loaders import load
from rag.parsing.canonical import canonicalize
from rag.parsing.personal import find_personal_data
from tests.parsing.personal_frames import FIGURES, FRAMES, LATER_FRAMES, PUBLISHED, digits, filled

PAGE = HERE / "personal_data.md"
LEAST = 0.999
NAMES = {"mobile": "mobiles", "landline": "landlines", "local": "landlines without area code", "id": "identity numbers"}


def main() -> int:
    """Measure; 1 when fewer than 99.9 % are masked, or any published number is."""
    options = _options()
    chance = random.Random(options.seed)
    rows: list[tuple[object, ...]] = []
    sets = (("first", FRAMES), ("later", LATER_FRAMES))
    every, missed_of_all = Counter[str](), Counter[str]()
    for title, frames in sets:
        drawn, missed = Counter[str](), Counter[str]()
        for frame in frames:
            for _ in range(options.draws):
                text, kinds, left = filled(frame, chance)
                drawn += kinds
                shown = canonicalize(load(text.encode(), "frame.txt")).text
                if not left.fullmatch(digits(shown)):
                    missed += kinds
                    print(f"missed: {text!r} shown as {shown!r}", file=sys.stderr)
        rows += ((f"{title}, {len(frames)} frames: {NAMES[kind]}", n, n - missed[kind]) for kind, n in drawn.items())
        every += drawn
        missed_of_all += missed
    share = 1 - missed_of_all.total() / every.total()
    rows.append(("in all", every.total(), every.total() - missed_of_all.total()))
    wrong = [text for text in (*PUBLISHED, *FIGURES) if find_personal_data(text)]
    lines = [
        "# Personal data",
        f"Written by `python -m benchmarks.personal_data --draws {options.draws} --update`; {machine()}.",
        table(("numbers drawn", "drawn", "masked"), rows),
        f"Masked: {share:.2%}. Published numbers and figures of other kinds left alone: "
        f"{len(PUBLISHED) + len(FIGURES) - len(wrong)} of {len(PUBLISHED) + len(FIGURES)} sentences.",
    ]
    if options.corpus:
        found = [_in_corpus(name, path, listed=options.list) for name, path in _corpora(options.corpus)]
        kinds = sorted({kind for _, _, counted in found for kind in counted})
        lines.append("What is masked in real documents:")
        lines.append(
            table(("documents", "texts", *kinds), [(name, n, *(c[kind] for kind in kinds)) for name, n, c in found])
        )
    page = "\n\n".join(lines) + "\n"
    print(page)
    if options.update:
        kept = PAGE.read_text(encoding="utf-8").partition("## ") if PAGE.exists() else ("", "", "")
        PAGE.write_text(page + (f"\n{kept[1]}{kept[2]}" if kept[1] else ""), encoding="utf-8")
    return 1 if share < LEAST or wrong else 0


def _corpora(paths: list[Path]) -> Iterator[tuple[str, Path]]:
    yield "the sample corpus", REPOSITORY / "corpus"
    for path in paths:
        yield path.name, path


def _in_corpus(name: str, path: Path, *, listed: bool) -> tuple[str, int, Counter[str]]:
    counted: Counter[str] = Counter()
    texts = 0
    for text in _texts(path):
        texts += 1
        for data in find_personal_data(text):
            counted[str(data.kind)] += 1
            if listed:
                around = text[max(0, data.span.start - 25) : data.span.end + 15].replace("\n", " ")
                print(f"{data.kind}: {data.words!r} in {around!r}", file=sys.stderr)
    return name, texts, counted


def _texts(path: Path) -> Iterator[str]:
    if path.is_dir():
        for file in sorted(path.rglob("*.txt")):
            yield file.read_text(encoding="utf-8")
    else:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (str(json.loads(line)["text"]) for line in lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=20, help="numbers drawn for each place in a frame")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument(
        "--corpus",
        type=Path,
        nargs="*",
        default=[path for path in (sibling("seeds"), sibling("data") / "train" / "policy_docs.jsonl.gz") if path.exists()],
        help="folders of texts, or packed JSON lines with a text each",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="print what is masked in them, on stderr")
    parser.add_argument("--update", action="store_true", help="write the page")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
