"""A folder of hostile files among good ones: the run ends, every file is accounted for, the good ones are found."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings

from . import documents, packages, valid_files, writings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX systems")

_LARGEST = 100_000
"""Bytes; the larger ones have their own test, and take long."""

_SECONDS = 15.0
_RUN_SECONDS = 300
"""So long on a busy machine; some forty on an idle one."""

GOOD = ("pdf", "docx", "ofd", "html", "mht", "md", "txt")


@dataclass(frozen=True)
class Run:
    """What the command came to, and the index it left."""

    code: int
    report: dict[str, list[dict[str, str]]]
    errors: str
    engine: Engine

    @property
    def failed(self) -> dict[str, str]:
        return {failure["source"]: failure["reason"] for failure in self.report["failed"]}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("hostile") / "corpus"
    folder.mkdir()
    for source in (
        *(packages.packages, packages.word_files, packages.ofd_packages, documents.pdfs),
        *(writings.texts, writings.pages, writings.misnamed, writings.truncated),
    ):
        for hostile in source():
            if len(hostile.data) <= _LARGEST and not hostile.name.startswith("noise"):
                (folder / hostile.name).write_bytes(hostile.data)
    endless = documents.endless()
    (folder / endless.name).write_bytes(endless.data)
    with (folder / "500-mb-of-nothing.txt").open("wb") as sparse:
        sparse.truncate(500 * 2**20)
    (folder / "a-folder-called.pdf").mkdir()
    (folder / "link-to-nowhere.txt").symlink_to("/nonexistent")
    (folder / "link-to-itself.txt").symlink_to("link-to-itself.txt")
    for suffix in GOOD:
        (folder / f"good.{suffix}").write_bytes(valid_files.VALID[suffix])
    (folder / "另一份.txt").write_text(
        "汉州市气象局关于发布暴雨预警的公告\n预计今夜有暴雨，请注意防范。\n2025年6月1日\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def run(corpus, rag_process):
    """The folder taken in by the command, as an operator does it; a worker may have little and not for long."""
    index = corpus.parent / "index"
    environment = {"RAG_PARSE_SECONDS": f"{_SECONDS}", "RAG_PARSE_MEGABYTES": "1536"}
    with rag_process("ingest", corpus, "--json", "--index", index, environment=environment) as process:
        out, err = process.communicate(timeout=_RUN_SECONDS)
    with Engine(Settings(index_dir=index, corpus_dir=corpus)) as engine:
        yield Run(process.returncode, json.loads(out), err.decode(), engine)


def test_every_file_is_taken_in_or_listed_with_its_reason(corpus, run):
    assert run.code == 1  # some inputs failed
    assert "Traceback" not in run.errors
    taken = set(run.engine.reader().catalog.sources())
    assert not taken & set(run.failed)
    assert all(run.failed.values())
    files = {path.name for path in corpus.iterdir() if path.is_file() or path.is_symlink()}
    assert {Path(source).name for source in taken | set(run.failed)} == files
    assert len(run.failed) >= 100


def test_only_what_no_reader_can_end_costs_its_worker(run):
    # Whether its clock or its memory runs out first is the machine's; PDFium may answer the latter with an abort.
    ends = r"took longer|memory|the program|crashed|ended with|killed"
    cost = {source for source, reason in run.failed.items() if re.search(ends, reason)}
    assert cost == {"endless.pdf"}
    assert "too large" in run.failed["500-mb-of-nothing.txt"]


def test_the_good_ones_are_found(run):
    reader = run.engine.reader()
    hits = reader.searcher.search_text("预计今夜有暴雨", scope=Scope.everything(), top_k=5)
    found = reader.catalog.summaries([hit.passage.document_id for hit in hits], scope=Scope.everything())
    assert "另一份.txt" in {summary.source for summary in found.values()}
    assert {f"good.{suffix}" for suffix in GOOD} <= set(reader.catalog.sources())


def test_the_index_is_whole(corpus, run, rag_run):
    assert rag_run("verify", "--index", corpus.parent / "index").code == 0
