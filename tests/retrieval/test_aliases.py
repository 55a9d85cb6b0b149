"""Agencies and hotlines by another name than the documents'."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.retrieval.aliases import other_names
from rag.settings import Settings

ALL = Scope.everything()

TEXTS = {
    "a.txt": "由市教体局负责登记。",
    "b.txt": "由市医疗保障局负责登记。",
    "c.txt": "由市住房和城乡建设局负责登记。",
    "d.txt": "如需倾诉可拨打12356。",
    "e.txt": "遇到消费纠纷可拨打12315。",
    "f.txt": "办事咨询请拨打政务服务便民热线。",
    "g.txt": "由市气象局负责登记。",
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("texts")
    for name, sentence in TEXTS.items():
        (folder / name).write_text(f"澄山市简报\n\n{sentence}\n", encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("built") / "index")) as engine:
        assert engine.ingest([folder]).failed == []
        yield engine.reader()


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("教委", "a.txt"),
        ("医保局", "b.txt"),
        ("住建局", "c.txt"),
        ("心理援助热线", "d.txt"),
        ("心理援助熱線", "d.txt"),
        ("消费维权热线", "e.txt"),
        ("12345", "f.txt"),
        ("１２３４５", "f.txt"),
    ],
)
def test_the_other_name_is_found_by_its_words(texts: Reader, query: str, source: str) -> None:
    hits = texts.searcher.search_text(query, scope=ALL, top_k=20)
    found = texts.searcher.summaries([hit.passage.document_id for hit in hits], scope=ALL)
    words = {found[hit.passage.document_id].source: hit.parts["lexical"] for hit in hits}
    assert words[source] > 0
    assert words["g.txt"] < words[source]


@pytest.mark.parametrize("text", ["", "气象局", "省教育厅", "教育部", "热线", "1234", "心理健康"])
def test_what_has_no_other_name_is_left(text: str) -> None:
    assert other_names(text) == ()


def test_a_name_that_is_written_is_not_said_again() -> None:
    assert other_names("心理援助热线12356") == ()
    assert "12356" in other_names("心理援助热线")


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("教育局", "教体局"),
        ("卫健局", "卫生健康委员会"),
        ("工信局", "经济和信息化局"),
        ("国资委", "国有资产监督管理委员会"),
        ("退役军人局", "退役军人事务局"),
        ("审批局", "行政审批局"),
    ],
)
def test_departments_have_the_names_of_the_one_list(asked: str, other: str) -> None:
    """The list is ``rag.parsing.agency_names``, by which spellings of agencies in documents meet as well."""
    assert other in other_names(f"由{asked}负责")
