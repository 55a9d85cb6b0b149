"""How fast the pages are: names found as one types, the list with its counts, the answer; see README.md beside this file.

Names are typed letter by letter, as people do, from a random place in the titles of the index, and asked for over the
HTTP application; words that stand in very many titles and in none are among them. The page of an answer is asked of a
server, over a socket: when its first bytes are there, when its first statement is, and when it is whole.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import httpx2
from processes import serving
from reporting import HERE, machine, table
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.evaluation.resources import percentile_ms
from rag.settings import Settings

PAGE = HERE / "browsing.md"
_TITLES = 3_000
_LONGEST = 6
_WARMING = 20
_STATED = 'id="statements"'
_ALWAYS = ("法", "第", "没有这样的词", "的 规定", "中华人民共和国 第")


def typed(titles: list[str], count: int, chance: random.Random) -> list[str]:
    """Return what stands in the box after each letter, of so many names."""
    queries: list[str] = []
    for _ in range(count):
        title = chance.choice(titles)
        start = chance.randrange(max(1, len(title) - 1))
        words = title[start : start + chance.randint(1, _LONGEST)]
        queries += [words[:end] for end in range(1, len(words) + 1)]
    return [*queries, *_ALWAYS]


def timed(client: TestClient, path: str, parameters: dict[str, str]) -> tuple[float, float]:
    """Return wall-clock and processor time of a request, in seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    return time.perf_counter() - wall, time.process_time() - processor


def row(name: str, times: list[tuple[float, float]]) -> tuple[str, ...]:
    """Return a row of the table: median and 95th percentile, of both."""
    cells = [name, str(len(times))]
    for of in zip(*times, strict=True):
        cells += [f"{percentile_ms(of, percent):.1f}" for percent in (50, 95)]
    return tuple(cells)


def answered(index: Path, questions: list[str]) -> list[tuple[str, ...]]:
    """Return the rows of the page of an answer, of a server of its own."""
    firsts: list[tuple[float]] = []
    statements: list[tuple[float]] = []
    wholes: list[tuple[float]] = []
    with (
        serving("--index", index) as (port, _),
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        for question in questions[:_WARMING]:
            client.get("/", params={"q": question})
        for question in questions[_WARMING:]:
            begun, first, statement, text = time.perf_counter(), 0.0, 0.0, ""
            with client.stream("GET", "/", params={"q": question}) as response:
                for piece in response.iter_text():
                    first = first or time.perf_counter()
                    text += piece
                    if not statement and _STATED in text:
                        statement = time.perf_counter()
            firsts.append((first - begun,))
            wholes.append((time.perf_counter() - begun,))
            if statement:
                statements.append((statement - begun,))
    return [
        (*row(name, times), "–", "–")
        for name, times in (
            ("an answer's page, first bytes", firsts),
            ("its first statement", statements),
            ("the whole page", wholes),
        )
    ]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True, help="folder of an index, as .cache/eval holds them")
    parser.add_argument("--names", type=int, default=150, help="names that are typed")
    parser.add_argument("--questions", type=Path, help="queries.jsonl, asked for the page of an answer")
    parser.add_argument("--most", type=int, default=200, help="questions that are asked")
    parser.add_argument("--update", action="store_true", help="rewrite browsing.md")
    arguments = parser.parse_args()
    chance = random.Random(1)
    with Engine(Settings(index_dir=arguments.index)) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1")
        catalog = engine.reader().catalog
        page = catalog.list_documents(scope=Scope.everything(), limit=_TITLES)
        titles = [document.title for document in page.documents if document.title]
        suggest = "/api/v1/documents/suggest"
        first = timed(client, suggest, {"q": "通知"})
        queries = typed(titles, arguments.names, chance)
        rows = [row("as one types", [timed(client, suggest, {"q": query}) for query in queries])]
        some = chance.sample(queries, min(30, len(queries)))
        rows.append(
            row("the list with counts, all", [timed(client, "/documents", {"page": str(n)}) for n in range(1, 16)])
        )
        rows.append(row("the list with counts, words", [timed(client, "/documents", {"q": query}) for query in some]))
    if arguments.questions:
        lines = arguments.questions.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line)["text"] for line in lines]
        rows += answered(arguments.index, chance.sample(asked, min(arguments.most + _WARMING, len(asked))))
    head = ("request", "requests", "p50, ms", "p95, ms", "p50, ms of processor", "p95, ms of processor")
    text = (
        "# How fast the pages are\n\n"
        f"Written by `python benchmarks/browsing.py --index … --update` on an index of {page.total:,} documents; {machine()}.\n\n"
        f"{table(head, rows)}\n\n"
        f"The names are read once an index, {1000 * first[1]:.0f} ms of processor for the first request; the page of the list begins that "
        "when it is opened.\n"
    )
    print(text)
    if arguments.update:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
