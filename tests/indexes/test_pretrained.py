"""Models that cannot be had: told at once, with what to do; never minutes of trying."""

from __future__ import annotations

import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rag.errors import ConfigurationError
from rag.indexes.encoder import load_encoder
from rag.indexes.pretrained import INSTALL, Runtime

NOWHERE = "nobody/no-such-model-here"


def refused(name: str, **more) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_encoder(name, **more)
    return caught.value


@contextmanager
def hub(status: int, code: str, asked: list[str]) -> Iterator[str]:
    """A hub that answers everything alike, and tells what it was asked."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def endpoint(monkeypatch):
    from huggingface_hub import constants

    return lambda url: monkeypatch.setattr(constants, "ENDPOINT", url)


def test_a_hub_out_of_reach(endpoint):
    endpoint("http://127.0.0.1:9")
    error = refused(NOWHERE)
    assert "不在本机" in str(error)
    assert "cannot be reached" in str(error)
    assert f"hf download {NOWHERE}" in error.remedy
    assert "RAG_ENCODER" in error.remedy


def test_a_hub_that_is_not_to_be_asked(endpoint, monkeypatch):
    from huggingface_hub import constants

    endpoint("http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in str(refused(NOWHERE))


def test_one_that_may_not_be_downloaded(endpoint):
    asked = []
    with hub(500, "", asked) as url:
        endpoint(url)
        error = refused(NOWHERE, may_download=False)
    assert asked == []
    assert str(error).endswith("(is not on this machine)")


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (404, "RepoNotFound", "no such model"),
        (401, "RepoNotFound", "no such model"),
        (403, "GatedRepo", "needs a login"),
        (503, "", "the hub refused"),
    ],
)
def test_a_hub_that_has_no_such_model(endpoint, status, code, said):
    asked = []
    with hub(status, code, asked) as url:
        endpoint(url)
        assert said in str(refused(NOWHERE))
    assert asked == [f"/api/models/{NOWHERE}"]  # once; the library alone would ask for more than a minute


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "none", "a/b/c", "~/none", "a/"])
def test_a_folder_that_is_not_there(name):
    error = refused(name)
    assert "no model folder" in str(error)
    assert name in str(error)


def test_a_name_that_is_none():
    assert "no name of a model" in str(refused("a b/c?"))


@pytest.mark.parametrize("content", [{}, {"config.json": "{}"}, {"config.json": "["}, {"config.json": '{"model_type": "bert"}'}])  # fmt: skip
def test_a_folder_that_holds_no_model(tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    error = refused(str(tmp_path))
    assert "cannot be loaded" in str(error)
    assert str(tmp_path) in str(error)


def test_code_of_a_models_own_is_not_run(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"}}')  # fmt: skip
    (tmp_path / "own.py").write_text("raise SystemExit('this was run')\n")
    assert "not run" in refused(str(tmp_path)).remedy


@pytest.mark.parametrize("package", ["sentence_transformers", "transformers.utils"])
def test_a_package_that_is_missing(monkeypatch, tiny_encoder, package):
    monkeypatch.setitem(sys.modules, package, None)
    error = refused(str(tiny_encoder))
    assert error.remedy == INSTALL


def test_a_device_that_is_not_there():
    import torch

    absent = f"cuda:{torch.cuda.device_count()}"
    with pytest.raises(ConfigurationError, match=absent) as caught:
        Runtime(device=absent).torch_device()
    assert caught.value.remedy == "RAG_DEVICE=auto"
    assert Runtime(device="cpu").torch_device() == "cpu"
    assert Runtime().torch_device() is None
