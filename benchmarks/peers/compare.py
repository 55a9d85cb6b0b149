"""Our peers and us on the same passages and questions, one command; see README.md beside this file.

Each system on each set is a process of its own. What is finished is kept under ``.cache/peers``, so that a run that
was cut off goes on where it was; ``--fresh`` measures all of it again.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from material import Judged, judged, prepare  # noqa: E402 - from here on the benchmarks' own modules
from offline import SWITCHES  # noqa: E402
from reporting import REPOSITORY, machine, sibling  # noqa: E402
from results import MEASURES, OURS, Row, merged, page, read, results_table, write  # noqa: E402

from rag.evaluation.measures import Scores, measure  # noqa: E402
from rag.evaluation.resources import percentile_ms  # noqa: E402
from rag.evaluation.significance import compare  # noqa: E402

SETS = ("xquad_en", "mailbox", "ncp", "lecoqa")
PAGE = HERE / "results.md"
RESULTS = HERE / "results.json"
REQUIREMENTS = HERE / "requirements.txt"
PEERS_PYTHON = HERE / ".venv" / "bin" / "python"
KEPT = REPOSITORY / ".cache" / "peers"


class Entry(NamedTuple):
    """A line of the table: a system, and with which tokens."""

    name: str
    system: str
    tokens: str

    @property
    def is_chinese(self) -> bool:
        """Whether the system is given our tokens."""
        return self.tokens == "Chinese"


# The product first: the others are compared with it.
ENTRIES = (
    Entry(OURS, "rag", "its own"),
    *(
        Entry(name, system, tokens)
        for name, system in (
            ("txtai", "txtai"),
            ("LlamaIndex", "llamaindex"),
            ("Haystack", "haystack"),
            ("LangChain + Chroma", "langchain"),
        )
        for tokens in ("default", "Chinese")
    ),
    Entry("vectors alone", "vectors", "none"),
)

# What decides the passages, and what a result, besides what is in its versions.
_CUTTING = ("text.py", "chunking.py", "domain", "loaders", "parsing", "indexes/building.py", "evaluation")
_ENCODING = ("text.py", "indexes", "models")
_MEASURING = ("one.py", "ranking.py", "systems")


def main() -> int:
    """Measure what is not measured yet, print the table; 2 when the peers are not installed."""
    options = _options()
    if options.install:
        _install()
    systems = [entry for entry in ENTRIES if entry.system in options.systems]
    if not PEERS_PYTHON.is_file() and any(entry.system != OURS for entry in systems):
        _say(f"{PEERS_PYTHON}: the peers are not installed; once, with internet: {sys.argv[0]} --install")
        return 2
    rows: list[Row] = []
    for name in options.sets:
        collection = options.data / "eval" / name
        if not collection.is_dir():
            _say(f"{name}: {collection} is not there, left out")
            continue
        rows += _measure_set(collection, systems, options)
        if options.update:
            _update(rows)
    if rows:
        print(results_table(rows))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/<set>/ in BEIR layout")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    names = list(dict.fromkeys(entry.system for entry in ENTRIES))
    parser.add_argument("--systems", nargs="*", default=names, choices=names)
    parser.add_argument("--search-seconds", type=float, default=60.0, help="time for the questions, a system and set")
    parser.add_argument("--index-seconds", type=float, default=600.0, help="after so long an index is given up")
    parser.add_argument("--fresh", action="store_true", help="measure again what was measured already")
    parser.add_argument("--update", action="store_true", help="rewrite results.md and results.json")
    parser.add_argument("--install", action="store_true", help="first make the peers' environment (internet)")
    return parser.parse_args()


def _update(rows: Iterable[Row]) -> None:
    """Put these rows in place of what stood for them; the rest stands."""
    order = [(name, entry.name, entry.tokens) for name in SETS for entry in ENTRIES]
    everything = merged(read(RESULTS), rows, order)
    write(RESULTS, machine(), everything)
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(page(everything, machine(), before), encoding="utf-8")


def _install() -> None:
    if not PEERS_PYTHON.is_file():
        venv.create(PEERS_PYTHON.parents[1], with_pip=True)
    pip = [str(PEERS_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "-r", str(REQUIREMENTS)]
    subprocess.run(pip, check=True)


def _measure_set(collection: Path, entries: Iterable[Entry], options: argparse.Namespace) -> list[Row]:
    asked = judged(collection, options.data)
    given = _given(collection, asked)
    with (given / "passages.jsonl").open("rb") as file:
        passages = sum(1 for _ in file)
    rows: list[Row] = []
    ours: Scores | None = None
    for entry in entries:
        found, given_up = _measured(entry, collection, given, options)
        row = Row(collection.name, entry.name, entry.tokens, passages, len(asked.questions), given_up=given_up)
        if found is not None:
            scores = _scores(asked, found)
            ours = scores if entry.name == OURS else ours
            row = _with_figures(row, found, scores, ours)
        rows.append(row)
        _say(f"  {row.system}, {row.tokens}: {_told(row)}")
    return rows


def _given(collection: Path, asked: Judged) -> Path:
    """Return the folder of the passages and questions of a set, written unless they are there."""
    corpus = next(collection.glob("corpus.jsonl*"))
    folder = f"{collection.name}-{_hash([corpus, HERE / 'material.py', *_code(_CUTTING)])}"
    for old in KEPT.glob(f"given/{collection.name}-*"):
        if old.name != folder:
            shutil.rmtree(old)
    _say(f"{collection.name}: passages …")
    prepare(collection, asked.questions, KEPT / "given" / folder)
    return KEPT / "given" / folder


def _measured(
    entry: Entry, collection: Path, given: Path, options: argparse.Namespace
) -> tuple[Mapping[str, object] | None, str]:
    """Return what a process found, now or earlier, or why there is nothing."""
    kept = (
        KEPT / f"{collection.name}-{entry.system}-{entry.tokens.replace(' ', '_')}-{_stamp(entry, given, options)}.json"
    )
    if options.fresh:
        kept.unlink(missing_ok=True)
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8")), ""
    python = sys.executable if entry.system == OURS else str(PEERS_PYTHON)
    command = [
        python, str(HERE / "one.py"), "--system", entry.system, "--given", str(given), "--collection", str(collection),
        "--limit", str(options.search_seconds), "--out", str(kept),
        *(["--chinese-tokens"] if entry.is_chinese else []),
    ]  # fmt: skip
    # A search may take longer than its share before it can be stopped.
    most = options.index_seconds + 2 * options.search_seconds
    try:
        ended = subprocess.run(
            command,
            env=os.environ | SWITCHES | {"PYTHONPATH": str(REPOSITORY)},
            timeout=most,
            check=False,
            stdout=2,  # nothing but the table on stdout
        )
    except subprocess.TimeoutExpired:
        return None, f"over {most / 60:.0f} min"
    if ended.returncode or not kept.is_file():
        return None, f"ended with exit status {ended.returncode}"
    return json.loads(kept.read_text(encoding="utf-8")), ""


def _scores(asked: Judged, found: Mapping[str, object]) -> Scores:
    documents = found["documents"]
    return measure({question: asked.qrels[question] for question in documents}, documents)


def _with_figures(row: Row, found: Mapping[str, object], scores: Scores, ours: Scores | None) -> Row:
    seconds = found["seconds"]
    changes: dict[str, object] = {}
    theirs = scores.by_query["nDCG@10"]
    if ours is not None and row.system != OURS:
        both = [question for question in theirs if question in ours.by_query["nDCG@10"]]
        same = {question: ours.by_query["nDCG@10"][question] for question in both}
        compared = compare({question: theirs[question] for question in both}, same)
        changes = {"difference": round(compared.difference, 4), "p_value": round(compared.p_value, 4)}
        if len(theirs) < row.asked:
            changes["ours_on_the_same"] = round(compared.after, 4)
    return dataclasses.replace(
        row,
        answered=len(theirs),
        means={name: round(scores.means[name], 4) for name in MEASURES},
        index_seconds=found["index_seconds"],
        p50_ms=percentile_ms(seconds, 50),
        p95_ms=percentile_ms(seconds, 95),
        peak_memory_mb=found["peak_memory_mb"],
        load=round(found["load"], 1),
        versions=found["versions"],
        **changes,
    )


def _stamp(entry: Entry, given: Path, options: argparse.Namespace) -> str:
    """Return a hash of what decides a result, so that nothing stale is shown."""
    code = _files(REPOSITORY / "rag") if entry.system == OURS else [*_code(_ENCODING), REQUIREMENTS]
    measuring = [path for name in _MEASURING for path in _files(HERE / name)]
    return _hash([*code, *measuring, *sorted(given.iterdir())], str(options.search_seconds))


def _code(names: Iterable[str]) -> list[Path]:
    return [path for name in names for path in _files(REPOSITORY / "rag" / name)]


def _files(place: Path) -> list[Path]:
    """Return the code and the models below a folder, or the one file."""
    if place.is_file():
        return [place]
    return sorted(path for pattern in ("*.py", "*.safetensors", "*.json", "*.gz") for path in place.rglob(pattern))


def _hash(paths: Iterable[Path], words: str = "") -> str:
    digest = hashlib.sha256(words.encode())
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def _told(row: Row) -> str:
    if not row.means:
        return row.given_up
    return (
        f"nDCG@10 {row.means['nDCG@10']:.4f}, {row.answered} of {row.asked} answered, indexing {row.index_seconds} s,"
        f" p50 {row.p50_ms:.0f} ms"
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
