"""Reads of one pinned generation."""

from __future__ import annotations

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.filters import Filters
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
