"""Reads of one pinned generation."""

from __future__ import annotations

import gc

from fastapi.testclient import TestClient

from rag.app.api import create_app
from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.indexes.generation import Generation
from rag.settings import Settings

LONG_ITEM = "（一）建设服务网络。" + "各街道建立心理服务站点，配备专职人员，公布服务时间和地点。" * 20
PLAN = f"关于心理服务的实施方案\n\n一、主要任务\n{LONG_ITEM}\n（二）开通热线。全天接听。\n"


def test_the_clause_of_a_passage_is_all_that_stands_under_its_heading(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus/plan.txt").write_text(PLAN, encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        engine.ingest([tmp_path / "corpus"])
        found = engine.reader().find_passages(
            "心理服务站点", scope=Scope.everything(), filters=Filters(), top_k=10, with_clauses=True
        )
    cut = [hit.passage for hit in found.hits if hit.passage.section[-1:] == ("（一）建设服务网络",)]
    assert len(cut) > 1  # it is too long for one passage
    (clause,) = {found.clauses[passage.passage_id] for passage in cut}
    assert clause.text.endswith("地点。")
    assert clause.text.count("各街道") == 20


def test_a_reader_of_a_generation_that_is_over_is_let_go(tmp_path):
    """Whatever keeps one keeps vectors and indexes in memory: a server that serves an ingest would grow with each run."""
    (tmp_path / "corpus").mkdir()
    gc.collect()
    before = sum(type(each) in {Reader, Generation} for each in gc.get_objects())
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        client = TestClient(create_app(engine), base_url="http://127.0.0.1")
        for number in range(4):
            (tmp_path / f"corpus/{number}.txt").write_text(f"{PLAN}第{number}份。", encoding="utf-8")
            engine.ingest([tmp_path / "corpus"])
            gc.disable()  # nothing names itself in a circle, which would wait for a collection, seldom as that is
            try:
                for path in ("/", "/?q=谁开通热线？", "/documents", "/duties", "/api/v1/documents/suggest?q=心"):
                    assert client.get(path).status_code == 200
                kept = sum(type(each) in {Reader, Generation} for each in gc.get_objects()) - before
            finally:
                gc.enable()
            assert kept <= 4  # two of each: the last page may still be on its way out
