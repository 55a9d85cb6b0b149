"""A folder of files and the engine that takes them in."""

from __future__ import annotations

import pytest

from rag.app.wiring import Engine
from rag.settings import Settings


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def engine(tmp_path, folder):
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=folder)) as engine:
        yield engine
