"""A server under load for long, then under too much, one command; see README.md beside this file.

Clients ask, search and export, each the next thing a short while after it has its answer, as `rag ingest` takes in changed
documents over and over; memory, times and errors are noted. Then the same clients without any pause, and four times as many
of them: only 200 and 503 may come, and soon after all is as before.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from invented import document, write_documents
from processes import RAG, Served, serving
from reporting import HERE, REPOSITORY, machine, table

from rag.evaluation.resources import percentile_ms

PAGE = HERE / "soak.md"

CHARACTERS = 600
CHANGED_A_RUN = 50
PAUSE_SECONDS, WITHOUT_PAUSE_SECONDS = 0.5, 60.0
OVERLOAD, OVERLOAD_SECONDS = 4, 30.0
RECOVERED_MS, LONGEST_RECOVERY_SECONDS = 250.0, 60.0
MOST_SEARCH_MS, MOST_GROWTH, MOST_RECOVERY_SECONDS = 100.0, 0.10, 5.0
# All clients come from one address and without a key: a limit meant for one person would be met at once.
NO_LIMITS = {"RAG_REQUESTS_PER_MINUTE": "0", "RAG_ANONYMOUS_PER_MINUTE": "0"}
WORDS = ("养老服务", "垃圾分类", "农村公路", "校园安全", "电梯加装", "公共交通", "就业创业", "老旧小区改造", "资金保障")


class Load:
    """Clients that ask one server, and what they got."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._turn = threading.Lock()
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.seconds: dict[str, list[float]] = {"search": [], "ask": [], "export": []}

    def run(self, clients: int, seconds: float, *, pause: float = 0.0) -> None:
        """Let so many clients ask for so long, each with pauses of so many seconds on average."""
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._ask, args=(number, until, pause)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self, number: int, until: float, pause: float) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        while time.monotonic() < until:
            time.sleep(chance.uniform(0, 2 * pause))
            kind = chance.choices(("search", "ask", "export"), (60, 30, 10))[0]
            started = time.perf_counter()
            try:
                status = request(connection, kind, chance)
            except (OSError, http.client.HTTPException):
                connection.close()
                status = 0
            elapsed = time.perf_counter() - started
            with self._turn:
                self.statuses[kind, status] += 1
                if status == http.HTTPStatus.OK:
                    self.seconds[kind].append(elapsed)
            if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
                time.sleep(0.2)
        connection.close()

    def percentiles(self, kind: str) -> tuple[float, float]:
        """Return the 50th and the 95th percentile of the answers' times, in ms; 0 where there was none."""
        return percentile_ms(self.seconds[kind], 50), percentile_ms(self.seconds[kind], 95)


def request(connection: http.client.HTTPConnection, kind: str, chance: random.Random) -> int:
    """Ask one thing; return the status."""
    words = chance.choice(WORDS)
    if kind == "export":
        connection.request("GET", f"/api/v1/duties?q={quote(words)}&format=csv&limit=200")
    else:
        body = {"query": words} if kind == "search" else {"question": f"{words}由哪个部门牵头？"}
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"/api/v1/{kind}", json.dumps(body).encode(), headers)
    response = connection.getresponse()
    response.read()
    return response.status


def main() -> int:
    """Load a server; 1 when an aim was missed."""
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        corpus, index = folder / "corpus", folder / "index"
        if not corpus.is_dir():
            write_documents(corpus, options.documents, CHARACTERS)
        environment = {**NO_LIMITS, "RAG_INDEX_DIR": str(index), "RAG_CORPUS_DIR": str(corpus)}
        ingest = [*RAG, "ingest", str(corpus)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": REPOSITORY}
        quiet["env"] = {**os.environ, **environment}
        subprocess.run(ingest, check=True, **quiet)
        with serving(environment=environment) as server:
            rows, fine = _soak(server, corpus, ingest, quiet, options)
    page = "\n".join(
        [
            "# Under load for long\n",
            f"Written by `python benchmarks/soak.py --minutes {options.minutes:g} --documents {options.documents}"
            f" --clients {options.clients} --update`; {machine()}. What is done how: README.md here.\n",
            table(["what", "value"], rows),
            "",
        ]
    )
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    return 0 if fine else 1


def _soak(
    server: Served, corpus: Path, ingest: list[str], quiet: dict[str, object], options: argparse.Namespace
) -> tuple[list[tuple[str, object]], bool]:
    done = threading.Event()
    memory: list[float] = []
    runs: list[int] = []

    def take_in() -> None:
        serial = 1_000_000
        while not done.is_set():
            for path in random.Random(serial).sample(sorted(corpus.iterdir()), min(CHANGED_A_RUN, options.documents)):
                serial += 1
                path.write_text(document(serial, CHARACTERS), encoding="utf-8")
            runs.append(subprocess.run(ingest, check=False, **quiet).returncode)

    def watch() -> None:
        while not done.wait(2.0):
            memory.append(_megabytes(server.pid))

    others = [threading.Thread(target=take_in), threading.Thread(target=watch)]
    for thread in others:
        thread.start()
    load = Load(server.port)
    load.run(options.clients, options.minutes * 60, pause=options.pause)
    hurried = Load(server.port)
    hurried.run(options.clients, WITHOUT_PAUSE_SECONDS)
    done.set()
    for thread in others:
        thread.join()
    first, last = _early_and_late(memory)
    growth = (last - first) / first if first else 0.0
    too_much = Load(server.port)
    too_much.run(options.clients * OVERLOAD, OVERLOAD_SECONDS)
    recovery = _recovery(server.port)
    asked = load.statuses + hurried.statuses
    bad = {status: n for (_, status), n in asked.items() if status != http.HTTPStatus.OK}
    statuses: Counter[int] = Counter()
    for (_, status), n in too_much.statuses.items():
        statuses[status] += n
    rows: list[tuple[str, object]] = [
        ("minutes", f"{options.minutes:g}"),
        ("requests, without those of the overload", sum(asked.values())),
        ("of them not answered with 200", sum(bad.values())),
        ("requests a second, with pauses", f"{sum(load.statuses.values()) / options.minutes / 60:.1f}"),
        ("runs of `rag ingest` meanwhile", len(runs)),
        ("of them failed", sum(code != 0 for code in runs)),
        *((f"{kind}: p50, p95, ms", "{:.0f}, {:.0f}".format(*load.percentiles(kind))) for kind in load.seconds),
        ("requests a second, without", f"{sum(hurried.statuses.values()) / WITHOUT_PAUSE_SECONDS:.1f}"),
        ("search without pauses: p50, p95, ms", "{:.0f}, {:.0f}".format(*hurried.percentiles("search"))),
        ("memory after warm-up, MB", f"{first:.0f}"),
        ("memory at the end, MB", f"{last:.0f} ({growth:+.1%})"),
        (f"statuses under {OVERLOAD} times as many clients", dict(sorted(statuses.items()))),
        ("seconds until a search is quick again", f"{recovery:.1f}"),
    ]
    fine = (
        not bad
        and not any(runs)
        and load.percentiles("search")[1] <= MOST_SEARCH_MS
        and growth <= MOST_GROWTH
        and set(statuses) <= {http.HTTPStatus.OK, http.HTTPStatus.SERVICE_UNAVAILABLE}
        and recovery <= MOST_RECOVERY_SECONDS
    )
    return rows, fine


def _early_and_late(memory: list[float]) -> tuple[float, float]:
    """Return the mean of the first tenth after warm-up, a fifth of all, and of the last tenth."""
    warm = memory[len(memory) // 5 :] or [0.0]
    tenth = max(1, len(warm) // 10)
    return sum(warm[:tenth]) / tenth, sum(warm[-tenth:]) / tenth


def _recovery(port: int) -> float:
    """Return after how many seconds three searches in a row are quick."""
    started, quick, chance = time.monotonic(), 0, random.Random(0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while quick < 3 and time.monotonic() - started < LONGEST_RECOVERY_SECONDS:
        asked = time.perf_counter()
        is_answered = request(connection, "search", chance) == http.HTTPStatus.OK
        quick = quick + 1 if is_answered and (time.perf_counter() - asked) * 1000 < RECOVERED_MS else 0
    connection.close()
    return time.monotonic() - started


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--pause", type=float, default=PAUSE_SECONDS, help="seconds between answer and next question")
    parser.add_argument("--keep", type=Path, help="folder in which corpus and index are kept for the next time")
    parser.add_argument("--update", action="store_true", help="rewrite soak.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
