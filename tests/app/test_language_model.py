"""Answers in a language model's words over the command line, HTTP and the pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings
from tests.answering.drafting.chat_server import ChatServer, Exchange, fail, speak

QUESTION = "临洲市检查校园食堂和食品抽检情况怎么样？"
REPLY = """\
临洲市市场监督管理局

临市监函〔2024〕31号

关于市政协三届二次会议第0077号提案的答复

提案委员：

您提出的提案收悉，现答复如下：

2023年全市检查校园食堂328家次，发现问题146个，已整改141个。校园食堂每学期开展两次食品抽检，抽检合格率98.7%。

临洲市市场监督管理局

2024年6月20日

公开属性：主动公开
"""
HONEST, LIE = "2023年共检查校园食堂328家次。", "发现问题141个，已整改146个。"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafted")
    (folder / "reply.txt").write_text(REPLY, encoding="utf-8")
    with Engine(Settings(index_dir=folder / "index")) as engine:
        engine.ingest([folder / "reply.txt"])
    return folder / "index"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as running:
        running.behaviour = honest_and_lying
        yield running


def honest_and_lying(exchange: Exchange) -> None:
    pieces = exchange.body["messages"][1]["content"].split("</证据")
    number = next(p for p in pieces if "328家次" in p).split("[", 1)[1].split("]", 1)[0]
    speak(f"{HONEST}[{number}]{LIE}[{number}]")(exchange)


def run(index: Path, server: ChatServer, *arguments: str) -> str:
    environment = {**os.environ, "RAG_LLM_BASE_URL": server.base_url, "RAG_LLM_MODEL": "m", "RAG_LLM_API_KEY": "hush"}
    done = subprocess.run(
        [sys.executable, "-m", "rag", "ask", QUESTION, "--index", str(index), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert "hush" not in done.stdout + done.stderr
    return done.stdout


def test_the_command_line_says_whose_words_they_are_and_what_failed(index: Path, server: ChatServer) -> None:
    printed = run(index, server)
    assert "written by a language model" in printed
    assert HONEST in printed
    answer, _, failed = printed.partition("not verified")
    assert LIE not in answer
    assert LIE in failed


def test_json_has_the_mode_the_notes_and_what_was_not_verified(index: Path, server: ChatServer) -> None:
    answer = json.loads(run(index, server, "--json"))
    assert answer["mode"] == "llm"
    assert answer["statements"][0]["text"] == HONEST
    assert [u["text"] for u in answer["unverified"]] == [LIE]
    assert answer["notes"]


@pytest.fixture
def client(index: Path, server: ChatServer) -> Iterator[TestClient]:
    settings = Settings(index_dir=index, llm_base_url=server.base_url, llm_model="m")
    with Engine(settings) as engine, TestClient(create_app(engine), base_url="http://127.0.0.1") as running:
        yield running


def test_the_interface_gives_the_same(client: TestClient) -> None:
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert (answer["mode"], answer["statements"][0]["text"]) == ("llm", HONEST)
    assert answer["unverified"][0]["reasons"]


def test_a_page_says_whose_words_they_are(client: TestClient) -> None:
    page = client.get("/", params={"q": QUESTION}).text
    assert "由语言模型代拟" in page
    assert page.index(HONEST) < page.index("未核实，不作为答案") < page.index(LIE)


def test_a_failure_is_an_answer_with_a_note(client: TestClient, server: ChatServer) -> None:
    server.behaviour = fail(500)
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert (answer["status"], answer["mode"]) == ("answered", "extractive")
    assert "500" in answer["notes"][-1]
    assert "unverified" not in answer


def test_without_an_endpoint_nothing_is_imported_for_it(index: Path) -> None:
    code = (
        "import sys; from rag.app.wiring import Engine; from rag.settings import Settings; from rag.domain.access import Scope;"
        f"engine = Engine(Settings(index_dir={str(index)!r}));"
        f"engine.reader().answerer.answer({QUESTION!r}, scope=Scope.everything());"
        "print([m for m in ('openai', 'httpx2', 'rag.answering.drafting') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
