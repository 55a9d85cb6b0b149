"""Indexes to ask: the sample corpus, and small ones that a test writes itself. Both are built once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"

IndexOf = Callable[[Mapping[str, str]], Reader]


@pytest.fixture(scope="session")
def read_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Reader]]:
    """Index a folder and read from it."""
    with ExitStack() as stack:

        def read(folder: Path) -> Reader:
            engine = stack.enter_context(Engine(Settings(index_dir=tmp_path_factory.mktemp("answers") / "index")))
            report = engine.ingest([folder])
            assert report.failed == []
            return engine.reader()

        yield read


@pytest.fixture(scope="session")
def sample(read_folder: Callable[[Path], Reader]) -> Reader:
    """A reader over the sample corpus."""
    return read_folder(CORPUS)


@pytest.fixture(scope="session")
def index_of(read_folder: Callable[[Path], Reader], tmp_path_factory: pytest.TempPathFactory) -> IndexOf:
    """Index documents given as text by file name; the same ones are indexed once."""
    known: dict[str, Reader] = {}

    def read(documents: Mapping[str, str]) -> Reader:
        key = hashlib.sha256(repr(sorted(documents.items())).encode()).hexdigest()
        if key not in known:
            folder = tmp_path_factory.mktemp("documents")
            for name, text in documents.items():
                (folder / name).write_text(text, encoding="utf-8")
            known[key] = read_folder(folder)
        return known[key]

    return read
