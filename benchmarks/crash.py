"""What is left of `rag ingest` when it is killed (SIGKILL) or its disk fails, one command; see README.md beside this file.

Each round changes, adds and deletes documents, starts a run over them and kills it; then the index must be sound, hold
all that it was seen to hold before, and leave no process behind. At the end all must be found, as in an index made anew.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forked import ACKNOWLEDGED, POINTS, REFUSED, Runs, State, chosen, compiled, preloaded
from invented import document, write_documents
from processes import RAG
from reporting import HERE, REPOSITORY, machine, say, table

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings

PAGE = HERE / "crash.md"
_KILLS, _RECOVERY = "# Killed runs, and disks that fail", "## Back after a kill"

SLOTS = 160
CHANGED_A_ROUND = 60
DELETED_A_ROUND = 10
CHARACTERS = 1_500
FORKED_SLOTS, FORKED_CHANGED, FORKED_CHARACTERS = 40, 4, 300
CHARACTERS_OF_MANY = 600
ORPHANS_GONE_WITHIN_SECONDS = 20.0


class Wrong(Exception):
    """The index is not as it must be."""


class Corpus:
    """A folder of documents that changes from round to round; the same seed gives the same changes."""

    def __init__(
        self, folder: Path, chance: random.Random, *, slots: int = SLOTS, characters: int = CHARACTERS
    ) -> None:
        self.folder = folder
        self._chance = chance
        self._serial = 0
        self._slots, self._characters = slots, characters
        self.words: dict[str, str] = {}
        """By source, words that stand in that document alone."""
        folder.mkdir()
        for slot in range(slots):
            self._write(f"{slot:03}.txt")

    def change(self, changed: int = CHANGED_A_ROUND, deleted: int = DELETED_A_ROUND) -> None:
        """Write some documents anew, and delete some."""
        names = self._chance.sample([f"{slot:03}.txt" for slot in range(self._slots)], changed + deleted)
        for name in names[:changed]:
            self._write(name)
        for name in names[changed:]:
            (self.folder / name).unlink(missing_ok=True)
            self.words.pop(name, None)

    def id_of(self, name: str) -> str:
        """Return the id that a document must have."""
        return hashlib.sha256((self.folder / name).read_bytes()).hexdigest()[:16]

    def _write(self, name: str) -> None:
        self._serial += 1
        self.words[name] = f"专项编号ZX{self._serial:06}"
        text = document(self._serial, self._characters) + f"\n{self.words[name]}。\n"
        # Whole or not at all, as a careful program saves.
        (self.folder / f"{name}.part").write_text(text, encoding="utf-8")
        (self.folder / f"{name}.part").replace(self.folder / name)


def main() -> int:
    """Kill so many runs, check after each; 1 when anything was wrong."""
    options = _options()
    if "LD_PRELOAD" not in os.environ:
        if shutil.which("cc") is None:
            print("no C compiler (cc) on this machine to make the disk that fails", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory() as folder:
            environment = preloaded(compiled(Path(folder)))
            return subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode
    chance = random.Random(options.seed)
    parts = _parts()
    try:
        if options.kills:
            with tempfile.TemporaryDirectory() as folder:
                rows = _kill_processes(options.processes, Path(folder), chance) if options.processes else []
            with tempfile.TemporaryDirectory() as folder:
                rows += _kill_forked(options.kills - options.processes, Path(folder), chance)
            rows.append(("documents lost, indexes damaged, generations mixed, processes left behind", 0))
            command = f"--kills {options.kills} --processes {options.processes} --seed {options.seed}"
            told = f"{table(['what', 'count'], rows)}\n\nNamed points, before and after each: {', '.join(POINTS)}.\n"
            parts[_KILLS] = f"{_written_by(command)}\n\n{told}"
        if options.documents:
            with tempfile.TemporaryDirectory() as folder:
                rows = _recover(options.documents, Path(folder))
            command = f"--kills 0 --documents {options.documents}"
            parts[_RECOVERY] = f"{_written_by(command)}\n\n{table(['what', 'seconds'], rows)}\n"
    except Wrong as error:
        print(error, file=sys.stderr)
        return 1
    page = "\n".join(f"{heading}\n\n{part}" for heading, part in parts.items())
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    return 0


def _parts() -> dict[str, str]:
    """Return the parts of the page as they are, by heading: what is not measured now stays."""
    before, _, after = PAGE.read_text(encoding="utf-8").partition(f"{_RECOVERY}\n\n")
    return {_KILLS: before.removeprefix(f"{_KILLS}\n\n").removesuffix("\n"), _RECOVERY: after}


def _written_by(command: str) -> str:
    return f"Written by `python benchmarks/crash.py {command} --update`; {machine()}. What is done how: README.md here."


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--kills", type=int, default=1_050, help="how many runs to kill, or to give a disk that fails; 0 for none"
    )
    parser.add_argument("--processes", type=int, default=20, help="how many of them as `rag ingest` from its start")
    parser.add_argument("--documents", type=int, default=0, help="measure recovery on so many (10000)")
    parser.add_argument("--seed", type=int, default=20, help="of the moments and the changes")
    parser.add_argument("--update", action="store_true", help="rewrite crash.md")
    return parser.parse_args()


def _kill_processes(kills: int, work: Path, chance: random.Random) -> list[tuple[str, object]]:
    """Kill the command itself at random moments of its whole run."""
    corpus, index = Corpus(work / "corpus", chance), work / "index"
    _finish(corpus, index)
    corpus.change()
    started = time.perf_counter()
    _finish(corpus, index)
    normal = time.perf_counter() - started
    held = _held(index)
    moments: Counter[str] = Counter()
    killed = completed = 0
    while killed < kills:
        corpus.change()
        moment = chance.random()
        was_killed = _kill_after(moment * normal, corpus, index)
        killed += was_killed
        completed += not was_killed
        moments[_check(corpus, index, held)] += was_killed
        held = _held(index)
        say(f"{killed}/{kills} processes killed, the last at {moment:.0%} of a run")
    _finish(corpus, index)
    _check_whole(corpus, index, work / "afresh")
    return [
        ("`rag ingest` killed at a random moment", killed),
        ("of them with documents stored that were not indexed yet", moments["behind"]),
    ]


def _kill_forked(wanted: int, work: Path, chance: random.Random) -> list[tuple[str, object]]:
    """Kill runs at named points and at calls, or give them a disk that fails."""
    corpus = Corpus(work / "corpus", chance, slots=FORKED_SLOTS, characters=FORKED_CHARACTERS)
    runs = Runs(work / "corpus", work / "index", Path(os.environ.get("LD_PRELOAD", "")))
    runs.read()
    calls = runs.calls()
    before = runs.state()
    counted: Counter[str] = Counter()
    points: set[tuple[str, bool]] = set()
    done = 0
    while done < wanted:
        corpus.change(FORKED_CHANGED, 1)
        runs.read()
        fault = chosen(chance, calls)
        try:
            ended = runs.run(fault)
        except RuntimeError as error:
            if fault.number == 0:
                raise
            say(f"not told as the disk's refusal: {error}")
            ended = REFUSED
            counted["of them not told as the disk's refusal"] += 1
        now = runs.state()
        _check_state(corpus, before, now, f"{fault}, ended with {ended}", is_whole=ended == ACKNOWLEDGED)
        before = now
        if ended == ACKNOWLEDGED:
            counted["ended before it came to that"] += 1
            continue
        done += 1
        counted[fault.kind] += 1
        if fault.action is None:
            points.add((fault.point, fault.after))
        if done % 25 == 0:
            say(f"{done}/{wanted}: {dict(counted)}, {len(points)} named points")
            # The runs that follow start from an index that is whole, and those between from what a kill left.
            calls = max(100, runs.calls())
            before = runs.state()
            _check_state(corpus, before, before, "a whole run", is_whole=True)
    return [*counted.items(), ("named points at which a run was killed (before or after)", len(points))]


def _check_state(corpus: Corpus, before: State, now: State, after: str, *, is_whole: bool) -> None:
    if now.problems:
        raise Wrong(f"{now.problems} after {after}")
    if now.published not in {before.published, now.catalog}:
        raise Wrong(f"what is published is neither as before nor as the catalog, after {after}")
    wanted = {source: corpus.id_of(source) for source in corpus.words}
    if is_whole and (now.held != wanted or now.published != now.catalog):
        raise Wrong(f"a run said that it was done and was not: {after}")
    for source, old in before.held.items():
        if source in wanted and now.held.get(source) not in {old, wanted[source]}:
            raise Wrong(f"{source} was there and is {now.held.get(source, 'lost')}, after {after}")


def _recover(documents: int, work: Path) -> list[tuple[str, object]]:
    """Kill a run over many documents, and time how long it takes until all is as it was."""
    corpus, index = work / "corpus", work / "index"
    write_documents(corpus, documents, CHARACTERS_OF_MANY)
    arguments = [*RAG, "ingest", str(corpus), "--index", str(index)]
    subprocess.run(arguments, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    for path in sorted(corpus.iterdir())[: documents // 10]:
        path.write_text(path.read_text(encoding="utf-8") + "另有补充。\n", encoding="utf-8")
    with subprocess.Popen(
        arguments, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        catalog = index / "catalog.db-wal"
        while run.poll() is None and not (catalog.exists() and catalog.stat().st_size > 1 << 20):
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGKILL)
    rows: list[tuple[str, object]] = []
    for what, command in (
        (f"first search, {documents:,} documents", ["search", "服务网络"]),
        ("`rag verify`", ["verify"]),
        (f"the run finished ({documents // 10:,} documents changed)", ["ingest", corpus]),
        ("a run with nothing changed", ["ingest", corpus]),
    ):
        started, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        _rag(*command, "--index", index)
        seconds, now = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        rows.append((what, f"{seconds:.1f}, of processor time {processor:.1f}"))
    return rows


def _kill_after(seconds: float, corpus: Corpus, index: Path) -> bool:
    """Start a run and kill it; ``False`` when it ended by itself before."""
    with subprocess.Popen(
        [*RAG, "ingest", str(corpus.folder), "--prune", "--index", str(index)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:
        try:
            code = run.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            was_killed = run.wait() == -signal.SIGKILL
        else:
            was_killed = False
            if code:
                raise Wrong(f"a run ended with {code}")
    deadline = time.monotonic() + ORPHANS_GONE_WITHIN_SECONDS
    while orphans := _workers_of(run.pid):
        if time.monotonic() > deadline:
            raise Wrong(f"processes were left behind: {orphans}")
        time.sleep(0.05)
    return was_killed


def _workers_of(pid: int) -> list[int]:
    """Return the processes that a run started to read files, by their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (folder / "cmdline").read_bytes()
            if b"rag.loaders.confinement" in line and f", {pid}, [".encode() in line:
                found.append(int(folder.name))
    return found


def _check(corpus: Corpus, index: Path, before: Mapping[str, str]) -> str:
    """Check an index after a run that may have been cut off; return how it stands."""
    verdict = _rag("verify", "--index", index)
    if not verdict["ok"] or verdict["problems"]:
        raise Wrong(f"verify: {verdict}")
    now = _held(index)
    for source, old in before.items():
        if not (corpus.folder / source).exists():
            continue  # it was deleted: whether that was noted before the kill does not matter
        if source not in now:
            raise Wrong(f"{source} was there and is lost")
        if now[source] not in {old, corpus.id_of(source)}:
            raise Wrong(f"{source} is neither as it was nor as it is")
    return "behind" if verdict.get("notes") else "up to date"


def _check_whole(corpus: Corpus, index: Path, afresh: Path) -> None:
    """Check that after a run that was not cut off everything is there, as in an index made anew."""
    if _check(corpus, index, {}) != "up to date":
        raise Wrong("the index is behind after a whole run")
    wanted = {source: corpus.id_of(source) for source in corpus.words}
    if _held(index) != wanted:
        raise Wrong("the documents are not those of the corpus")
    _finish(corpus, afresh)
    if _passages(index) != _passages(afresh):
        raise Wrong("the passages are not those of an index made anew")
    if len(list(index.glob("gen-*"))) != 1:
        raise Wrong("generations were left behind")
    with Engine(Settings(index_dir=index)) as engine:
        searcher = engine.reader().searcher
        for source, words in corpus.words.items():
            hits = searcher.search_text(words, scope=Scope.everything(), top_k=3)
            if not any(words in hit.passage.text and hit.passage.document_id == wanted[source] for hit in hits):
                raise Wrong(f"{source} is not found by its own words")


def _passages(index: Path) -> set[tuple[str, str]]:
    scope = Scope.everything()
    with Engine(Settings(index_dir=index)) as engine:
        catalog = engine.reader().catalog
        return {
            (summary.source, passage.text)
            for summary in catalog.list_documents(scope=scope, limit=None).documents
            for passage in catalog.passages_of(summary.document_id, scope=scope)
        }


def _finish(corpus: Corpus, index: Path) -> None:
    report = _rag("ingest", corpus.folder, "--prune", "--index", index)
    if report["failed"]:
        raise Wrong(f"not taken in: {report['failed']}")


def _held(index: Path) -> dict[str, str]:
    """Return what an index holds: document ids by source."""
    with Engine(Settings(index_dir=index)) as engine:
        listed = engine.reader().catalog.list_documents(scope=Scope.everything(), limit=None).documents
    return {summary.source: summary.document_id for summary in listed}


def _rag(command: str, *arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [*RAG, command, *map(str, arguments), "--json"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode and command != "verify":
        raise Wrong(f"rag {command} ended with {done.returncode}: {done.stderr[-500:]}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
