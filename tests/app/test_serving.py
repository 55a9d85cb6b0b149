"""The server as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.app.serving import address_of, listen
from rag.app.wiring import Engine
from rag.errors import ConfigurationError
from tests.answering.drafting.chat_server import ChatServer, speak


def test_an_address_in_use_is_a_matter_of_configuration():
    with listen("127.0.0.1", 0, has_keys=False) as taken:
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}"
        with pytest.raises(ConfigurationError, match=f"port {port}") as refused:
            listen("127.0.0.1", port, has_keys=False)
    assert str(refused.value).endswith("Address already in use")
    assert "--port" in refused.value.remedy


def test_an_address_that_is_none_is_a_matter_of_configuration():
    with pytest.raises(ConfigurationError):
        listen("no-such-host.invalid", 8000, has_keys=True)


def test_ipv6():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 on this machine")
    try:
        listening = listen("::1", 0, has_keys=False)
    except ConfigurationError:
        pytest.skip("no IPv6 on this machine")
    with listening:
        assert re.fullmatch(r"http://\[::1\]:\d+", address_of(listening))


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as response:
        return json.load(response)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_server_answers_and_stops_when_told(rag_process, built):
    port = _free_port()
    options = {"environment": {"RAG_INDEX_DIR": str(built.index_dir)}}
    with rag_process("serve", "--port", port, "--json", **options) as server:
        url = ""
        try:
            lines = iter(server.stdout.readline, b"")
            said = b""
            for line in lines:
                said += line
                if line.strip() == b"}":
                    break
            url = json.loads(said)["url"]
            assert url == f"http://127.0.0.1:{port}"
            assert _get(f"{url}/readyz") == {"status": "ready"}
            question = json.dumps({"question": "冲锋舟有多少艘？"}).encode()
            request = urllib.request.Request(
                f"{url}/api/v1/ask", question, {"Content-Type": "application/json"}, method="POST"
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                assert "42艘" in json.load(response)["answer"]
                assert "server" not in response.headers
            with pytest.raises(urllib.error.HTTPError) as refused:
                _get(f"{url}/healthz", Host="evil.example")
            assert refused.value.code == 400
            refused.value.close()
        finally:
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=60)
    assert out == b""
    assert err == b""  # neither questions nor names of files are logged


def _ask(url, question):
    request = urllib.request.Request(
        f"{url}/api/v1/ask", json.dumps({"question": question}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_server_told_to_stop_finishes_the_answer_it_is_at(rag_process, built):
    asked, stopping = threading.Event(), threading.Event()

    def dawdle(exchange):
        asked.set()
        stopping.wait(60)
        speak("无")(exchange)

    port = _free_port()
    with ChatServer() as model, ThreadPoolExecutor(1) as asker:
        model.behaviour = dawdle
        environment = {"RAG_INDEX_DIR": str(built.index_dir), "RAG_LLM_BASE_URL": model.base_url, "RAG_LLM_MODEL": "m"}
        with rag_process("serve", "--port", port, "--json", environment=environment) as server:
            try:
                said = b"".join(server.stdout.readline() for _ in range(3))
                url = json.loads(said)["url"]
                answer = asker.submit(_ask, url, "临洲市校园餐情况怎么样？")
                assert asked.wait(60)
                server.send_signal(signal.SIGTERM)
                while True:  # until it takes no more
                    try:
                        _get(f"{url}/healthz")
                    except OSError:
                        break
                assert server.poll() is None
                stopping.set()
                assert answer.result()["status"] == "answered"
                _, err = server.communicate(timeout=60)
            finally:
                stopping.set()
                server.kill()
    assert server.returncode == 0
    assert b"Traceback" not in err


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_server_without_an_index_says_so_and_waits_for_documents(rag_process, tmp_path):
    options = {"environment": {"RAG_INDEX_DIR": str(tmp_path / "index")}}
    with rag_process("serve", "--port", _free_port(), "--json", **options) as server:
        try:
            said = b"".join(server.stdout.readline() for _ in range(3))
            with pytest.raises(urllib.error.HTTPError) as refused:
                _get(json.loads(said)["url"] + "/readyz")
            assert refused.value.code == 503
            assert "rag ingest" in json.load(refused.value)["detail"]
        finally:
            server.send_signal(signal.SIGTERM)
            _, err = server.communicate(timeout=60)
    assert b"rag ingest" in err


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize("harm", ["vectors", "catalog"])
def test_a_server_mends_what_is_damaged_before_it_serves(rag_process, own, harm):
    if harm == "vectors":
        next(own.index_dir.glob("gen-*/vectors.faiss")).unlink()
    else:
        path = own.index_dir / "catalog.db"
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    environment = {"RAG_INDEX_DIR": str(own.index_dir), "RAG_CORPUS_DIR": str(own.corpus_dir)}
    with rag_process("serve", "--port", _free_port(), "--json", environment=environment) as server:
        try:
            said = b"".join(server.stdout.readline() for _ in range(3))
            assert "42艘" in _ask(json.loads(said)["url"], "冲锋舟有多少艘？")["answer"]
        finally:
            server.send_signal(signal.SIGTERM)
            _, err = server.communicate(timeout=60)
    assert "is being mended" in err.decode()
    with Engine(own) as engine:
        assert engine.problems() == []


def test_a_server_does_not_start_over_what_cannot_be_mended(rag, own, monkeypatch, tmp_path):
    monkeypatch.setenv("RAG_CORPUS_DIR", str(tmp_path / "no-such-folder"))
    (own.index_dir / "catalog.db").write_bytes(b"not a database at all " * 400)
    ran = rag("serve", "--port", _free_port(), "--index", own.index_dir)
    assert ran.code == 3
    assert "rag ingest" in ran.err


def _search(url, query):
    body = json.dumps({"query": query, "top_k": 1}).encode()
    request = urllib.request.Request(f"{url}/api/v1/search", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["hits"][0]["text"]


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_two_servers_and_an_ingest_work_on_one_index(rag_process, rag_run, own):
    """Both answer without a break while runs change the index, and both go over to what each run has published."""
    environment = {
        "RAG_INDEX_DIR": str(own.index_dir),
        "RAG_CORPUS_DIR": str(own.corpus_dir),
        "RAG_REQUESTS_PER_MINUTE": "0",
    }
    urls = [f"http://127.0.0.1:{_free_port()}" for _ in range(2)]
    failures: list[str] = []
    answered = dict.fromkeys(urls, 0)
    stop = threading.Event()

    def keep_asking(url):
        while not stop.is_set():
            try:
                assert "冲锋舟42艘" in _search(url, "冲锋舟42艘")
                answered[url] += 1
                stop.wait(0.05)  # the cores are wanted elsewhere
            except Exception as error:  # noqa: BLE001 - whatever it is, the test has to tell it
                failures.append(f"{url}: {error!r}")
                return

    with (
        rag_process("serve", "--port", urls[0].rpartition(":")[2], "--json", environment=environment) as one,
        rag_process("serve", "--port", urls[1].rpartition(":")[2], "--json", environment=environment) as other,
        ThreadPoolExecutor(2) as askers,
    ):
        try:
            for server in (one, other):
                while server.stdout.readline().strip() != b"}":
                    assert server.poll() is None
            for url in urls:
                askers.submit(keep_asking, url)
            for hours in (3, 7):
                text = f"关于停水的通知\n\n周三停水{hours}小时。\n"
                (own.corpus_dir / "water.txt").write_text(text, encoding="utf-8")
                before = dict(answered)
                ran = rag_run("ingest", own.corpus_dir, "--json", environment=environment)
                assert (ran.code, ran.json["documents"]) == (0, 7), ran.err
                assert [_search(url, "周三停水几小时") for url in urls] == [f"周三停水{hours}小时。"] * 2
                assert all(answered[url] > before[url] for url in urls)
            # One of them writes, the other follows.
            body = (
                b'--x\r\nContent-Disposition: form-data; name="files"; filename="road.txt"\r\n\r\n'
                + "关于修路的通知\n\n北街封闭9天。\n".encode()
                + b"\r\n--x--\r\n"
            )
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            upload = urllib.request.Request(f"{urls[0]}/api/v1/documents", body, headers)
            with urllib.request.urlopen(upload, timeout=60) as response:
                assert json.load(response)["added"] == 1
            assert [_search(url, "北街封闭几天") for url in urls] == ["北街封闭9天。"] * 2
        finally:
            stop.set()
            for server in (one, other):
                server.send_signal(signal.SIGTERM)
            ended = [server.communicate(timeout=60)[1] for server in (one, other)]
    assert failures == []
    assert ended == [b"", b""]
    with Engine(own) as engine:
        assert engine.problems() == []
        assert len(list(own.index_dir.glob("gen-*"))) == 1
