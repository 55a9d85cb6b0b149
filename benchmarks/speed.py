"""Speed of the product as a user meets it, one command; see README.md beside this file.

A question from a cold process, the search over real HTTP on 139,224 articles, ingestion, the encoder.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from invented import document, write_documents
from multiplied import multiplied_docx, multiplied_pdfs, pages_of, texts_of
from processes import RAG, serving
from reporting import HERE, REPOSITORY, machine, say, sibling, table, told_now_and_then

from rag.evaluation.beir import BeirFolder, read_queries
from rag.evaluation.indexing import build_index
from rag.evaluation.resources import percentile_ms
from rag.indexes.encoder import load_encoder

PAGE = HERE / "speed.md"
PARTS = ("ask", "cold", "search", "answers", "ingest", "texts", "pdf", "docx", "ocr", "encoder")
QUESTIONS = ("哪些部门牵头学生心理工作？", "Which department leads student mental health work?")

# Where the time of a cold process goes: what is run in one, step by step. An import counts what it imports first.
COLD_STEPS = (
    ("import numpy, faiss, tantivy", "import numpy, faiss, tantivy"),
    ("import opencc, rjieba (word list)", "import opencc, rjieba"),
    ("import pydantic, typer", "import pydantic, pydantic_settings, typer"),
    ("import the store and the indexes", "import rag.store.repository, rag.indexes.generation"),
    ("import search and answers", "import rag.answering.answerer"),
    ("import the command line", "import rag.app.cli, rag.app.printing"),
    ("import tokenizers, safetensors", "import rag.indexes.token_vectors"),
    ("load the encoder", "engine = Engine(Settings(index_dir=Path(sys.argv[1]))); engine.encoder"),
    ("open catalog and index", "reader = engine.reader()"),
    ("first search", "reader.searcher.search_text(sys.argv[2], scope=Scope.everything())"),
    (
        "compose the answer",
        "reader.answerer.answer(sys.argv[2], scope=Scope.everything(), filters=Filters(), top_k=10)",
    ),
)

_FIELD_OF = {"search": "query", "ask": "question"}


class Figure(NamedTuple):
    """One measured thing."""

    what: str
    value: str


def main() -> int:
    """Measure all that can be measured here, print it; 0 also when data are absent."""
    options = _options()
    measured: dict[str, list[tuple[str, Figure]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in PARTS:
            if part in options.parts and (figures := _measured(part, options, Path(folder))):
                measured[part] = figures
    # What was not measured this time stands as it was.
    rows = [row for part in PARTS for row in (measured.get(part) or _standing(part))]
    page = "\n".join(
        [
            "# Speed\n",
            "Written by `python benchmarks/speed.py --update`, or with `--parts` for the lines named in the last column;"
            f" {machine()} in the last run. What is measured how: README.md here.\n",
            table(["what", "measured", "part"], [(*figure, part) for part, figure in rows]),
            "",
        ]
    )
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    return 0


def _measured(part: str, options: argparse.Namespace, work: Path) -> list[tuple[str, Figure]]:
    match part:
        case "ask":
            figures = _cold_ask(options, work)
        case "cold":
            figures = _cold_steps(options, work)
        case "search":
            figures = _search(options)
        case "answers":
            figures = _answers(options, work)
        case "ingest":
            figures = _ingest(work)
        case "encoder":
            figures = _encoder()
        case _:
            figures = _format(part, options, work)
    return [(part, figure) for figure in figures]


def _standing(part: str) -> list[tuple[str, Figure]]:
    """Return the lines of a part as ``speed.md`` has them."""
    lines = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.is_file() else []
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.endswith(f"| {part} |")]
    return [(part, Figure(what, value)) for what, value, _ in cells]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with eval/lecoqa in BEIR layout")
    parser.add_argument("--seeds", type=Path, default=sibling("seeds"), help="folder of the five real documents")
    parser.add_argument("--samples", type=Path, default=sibling("samples"), help="folder of real files by format")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS, help="what to measure")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--update", action="store_true", help="rewrite speed.md")
    return parser.parse_args()


# ---------------------------------------------------------------------------------------- cold ask


def _cold_ask(options: argparse.Namespace, work: Path) -> list[Figure]:
    documents, index = _asked_index(options, work)
    figures = []
    for question in QUESTIONS:
        seconds = []
        for _ in range(7):
            started = time.perf_counter()
            _rag("ask", question, "--index", index)
            seconds.append(time.perf_counter() - started)
        figures.append(
            Figure(
                f"`rag ask` from a cold process on {documents.name}: {question}",
                f"median {statistics.median(seconds):.2f} s, worst of {len(seconds)} {max(seconds):.2f} s",
            )
        )
    return figures


def _asked_index(options: argparse.Namespace, work: Path) -> tuple[Path, Path]:
    """Return the folder of documents to ask about, and an index of it."""
    documents = options.seeds
    if not documents.is_dir():
        say(f"{documents} is not there: asking the sample corpus instead")
        documents = REPOSITORY / "corpus"
    index = work / "asked"
    if not index.is_dir():
        _rag("ingest", documents, "--index", index, "--json")
    return documents, index


def _cold_steps(options: argparse.Namespace, work: Path) -> list[Figure]:
    """Measure the steps of a first answer, each in processor time: the least of five processes."""
    documents, index = _asked_index(options, work)
    lines = ["import sys, time", "laps = [('start Python', time.process_time())]"]
    for name, step in COLD_STEPS:
        if "Engine(" in step:  # its own imports are done by then
            lines.append(
                "from pathlib import Path; from rag.app.wiring import Engine; from rag.settings import Settings"
            )
            lines.append("from rag.domain.access import Scope; from rag.domain.filters import Filters")
        lines += ["began = time.process_time()", step, f"laps.append(({name!r}, time.process_time() - began))"]
    lines.append("import json; print(json.dumps(laps))")
    figures = []
    for question in QUESTIONS:
        runs = [_printed("\n".join(lines), index, question) for _ in range(5)]
        least = {name: min(dict(run)[name] for run in runs) for name, _ in runs[0]}
        told = ", ".join(f"{name} {1000 * seconds:.0f}" for name, seconds in least.items())
        figures.append(
            Figure(
                f"processor time of a cold answer on {documents.name}, ms: {question}",
                f"{told}; in all {1000 * sum(least.values()):.0f}",
            )
        )
    return figures


def _printed(program: str, index: Path, question: str) -> list[tuple[str, float]]:
    done = subprocess.run(
        [sys.executable, "-c", program, str(index), question],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [(name, seconds) for name, seconds in json.loads(done.stdout)]


# ------------------------------------------------------------------------------------- HTTP search


def _search(options: argparse.Namespace) -> list[Figure]:
    folder = options.data / "eval" / "lecoqa"
    if not folder.is_dir():
        say(f"search: {folder} is not there, left out")
        return []
    files = BeirFolder.find(folder)
    index = build_index(files.corpus, options.cache, load_encoder(), told_now_and_then)
    queries = list(read_queries(files.queries).values())
    figures = []
    with serving("--index", index.folder) as (port, _):
        _post_all(port, queries[:20])  # unmeasured: dictionaries and pages of the index are read
        # Each query is asked once a round, so that no memory of answers helps.
        for clients, asked in ((1, queries[20:620]), (4, queries[20:1220])):
            started = time.perf_counter()
            with ThreadPoolExecutor(clients) as pool:
                shares = list(
                    pool.map(lambda share: _post_all(port, share), [asked[n::clients] for n in range(clients)])
                )
            wall = time.perf_counter() - started
            seconds = [value for share in shares for value in share]
            figures.append(
                Figure(
                    f"`POST /api/v1/search`, {index.documents:,} articles, {clients} client{'s' * (clients > 1)}, "
                    f"{len(seconds):,} queries",
                    f"p50 {percentile_ms(seconds, 50):.1f} ms, p95 {percentile_ms(seconds, 95):.1f} ms, "
                    f"{len(seconds) / wall:.0f} queries/s",
                )
            )
    return figures


def _answers(options: argparse.Namespace, work: Path) -> list[Figure]:
    """Ask each question once over HTTP: those over the five real documents, and lay questions over all statutes."""
    figures = []
    if options.seeds.is_dir():
        _rag("ingest", options.seeds, "--index", work / "answered")
        lines = (REPOSITORY / "tests" / "golden" / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
        figures.append(
            _asked(work / "answered", "five real documents", [json.loads(line)["question"] for line in lines])
        )
    folder = options.data / "eval" / "lecoqa"
    if folder.is_dir():
        files = BeirFolder.find(folder)
        index = build_index(files.corpus, options.cache, load_encoder(), told_now_and_then)
        queries = list(read_queries(files.queries).values())[:320]
        figures.append(_asked(index.folder, f"{index.documents:,} articles", queries))
    return figures


def _asked(index: Path, what: str, questions: Sequence[str]) -> Figure:
    with serving("--index", index) as (port, _):
        _post_all(port, questions[:20], "ask")
        seconds = _post_all(port, questions[20:], "ask")
    return Figure(
        f"`POST /api/v1/ask`, {what}, 1 client, {len(seconds):,} questions",
        f"p50 {percentile_ms(seconds, 50):.0f} ms, p95 {percentile_ms(seconds, 95):.0f} ms",
    )


def _post_all(port: int, queries: Sequence[str], route: str = "search") -> list[float]:
    """Post queries or questions one after the other over one connection; return the seconds of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds = []
    try:
        for query in queries:
            body = json.dumps({_FIELD_OF[route]: query, "top_k": 10})
            started = time.perf_counter()
            connection.request("POST", f"/api/v1/{route}", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            seconds.append(time.perf_counter() - started)
            if response.status != 200 or (route == "search" and not json.loads(answer)["hits"]):
                raise SystemExit(f"POST /{route} gave {response.status}: {answer[:300].decode(errors='replace')}")
    finally:
        connection.close()
    return seconds


# ------------------------------------------------------------------------------- ingest, encoder


def _ingest(work: Path) -> list[Figure]:
    characters = write_documents(work / "invented", 2_000, 2_000)
    started = time.perf_counter()
    report = json.loads(_rag("ingest", work / "invented", "--index", work / "ingested", "--json"))
    wall = time.perf_counter() - started
    if report["added"] != 2_000 or report["failed"]:
        raise SystemExit(f"ingest took in {report['added']} of 2,000 documents")
    started = time.perf_counter()
    _rag("ingest", work / "invented", "--index", work / "ingested", "--json")
    again = time.perf_counter() - started
    return [
        Figure(
            f"`rag ingest` of 2,000 invented plans, {characters // 2_000:,} characters each, "
            f"{report['passages']:,} passages",
            f"{wall:.1f} s, {2_000 / wall:.0f} documents/s",
        ),
        Figure("the same again, nothing changed", f"{again:.1f} s"),
    ]


def _format(part: str, options: argparse.Namespace, work: Path) -> list[Figure]:
    """Measure `rag ingest` on a collection of one format, end to end into the index."""
    folder = work / part
    laws = sorted((options.samples / "laws").glob("*.pdf"))
    scan = options.samples / "scan" / "397_image_only.pdf"
    if part == "texts":
        texts_of(options.data / "train" / "policy_docs.jsonl.gz", folder, 10_000, 2_000)
        seconds, megabytes = _measured_ingest(folder, work / f"{part}-index", 10_000)
        what = "`rag ingest` of 10,000 texts of 2,000 characters"
        value = f"{seconds:.0f} s, {10_000 / seconds:.0f} documents/s"
    elif not (scan.is_file() if part == "ocr" else laws):
        say(f"{part}: {options.samples} is not there, left out")
        return []
    elif part == "pdf":
        files, pages = multiplied_pdfs(laws, folder, 2_000)
        seconds, megabytes = _measured_ingest(folder, work / f"{part}-index", files)
        what = f"`rag ingest` of {files} born-digital PDF files, {pages:,} pages"
        value = f"{seconds:.1f} s, {pages / seconds:.0f} pages/s"
    elif part == "docx":
        twins = [law.with_suffix(".docx") for law in laws]
        pages = sum(pages_of(law) for law in laws) * 10
        multiplied_docx(twins, folder, 10 * len(twins))
        seconds, megabytes = _measured_ingest(folder, work / f"{part}-index", 10 * len(twins))
        what = f"`rag ingest` of {10 * len(twins)} DOCX files, {pages:,} pages as PDF"
        value = f"{seconds:.1f} s, as {60 * pages / 20 / seconds:.0f} files of 20 pages a minute"
    else:
        files, pages = multiplied_pdfs([scan], folder, 40)
        seconds, megabytes = _measured_ingest(folder, work / f"{part}-index", files)
        what = f"`rag ingest` of {files} scanned PDF files, {pages} pages recognised"
        value = f"{seconds:.1f} s, {seconds / pages:.2f} s/page"
    return [Figure(what, f"{value}; at most {megabytes} MB in a worker")]


def _measured_ingest(folder: Path, index: Path, files: int) -> tuple[float, int]:
    """Take a folder in by a process of its own; return the seconds and the most memory of a worker in MiB (Linux)."""
    started = time.perf_counter()
    megabytes = 0
    with tempfile.TemporaryFile("w+") as out:
        run = subprocess.Popen(
            [*RAG, "ingest", str(folder), "--index", str(index), "--json"], cwd=REPOSITORY, stdout=out
        )
        while run.poll() is None:
            time.sleep(0.2)
            megabytes = max(megabytes, *map(_peak_megabytes, _workers_of(run.pid)), 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        report = json.load(out)
    if report["added"] != files or report["failed"]:
        raise SystemExit(f"ingest took in {report['added']} of {files} files: {report['failed'][:3]}")
    return seconds, megabytes


def _workers_of(pid: int) -> list[Path]:
    """Return the folders in /proc of the processes that a run reads files in."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [Path("/proc") / child for child in children.read_text(encoding="ascii").split()]
    return found


def _peak_megabytes(process: Path) -> int:
    try:
        status = (process / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0  # it has ended
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def _encoder() -> list[Figure]:
    encoder = load_encoder()
    text = "".join(document(number, 2_000) for number in range(1, 501))
    passages = [text[at : at + 200] for at in range(0, 1_000_000, 200)]
    encoder.encode(passages[:200], kind="passage")
    started = time.perf_counter()
    encoder.encode(passages, kind="passage")
    many = time.perf_counter() - started
    seconds = []
    for passage in passages[:500]:
        started = time.perf_counter()
        encoder.encode([passage[:20]], kind="query")
        seconds.append(time.perf_counter() - started)
    return [
        Figure("shipped encoder, passages of 200 characters", f"{len(passages) / many:,.0f} passages/s"),
        Figure("shipped encoder, one query of 20 characters", f"p50 {percentile_ms(seconds, 50):.2f} ms"),
    ]


def _rag(*arguments: object) -> str:
    """Run the command in a process of its own and return what it prints."""
    done = subprocess.run(
        [*RAG, *map(str, arguments)], cwd=REPOSITORY, env=os.environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"rag {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
