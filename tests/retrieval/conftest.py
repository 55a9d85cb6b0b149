"""The sample corpus, indexed once for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader over the sample corpus."""
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("sample") / "index")) as engine:
        report = engine.ingest([CORPUS])
        assert report.failed == []
        yield engine.reader()
