"""A year and an agency that a question names, over one text in four issues."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.settings import Settings

ALL = Scope.everything()

ISSUES = {
    "a-2021.txt": ("澄山市教育体育局", 2021),
    "b-2023.txt": ("澄山市教育体育局", 2023),
    "c-2021.txt": ("澄山市卫生健康局", 2021),
    "d-2023.txt": ("澄山市卫生健康局", 2023),
}


@pytest.fixture(scope="module")
def issues(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Four notices that differ by issuer, year and one figure."""
    folder = tmp_path_factory.mktemp("issues")
    for at, (name, (issuer, year)) in enumerate(ISSUES.items(), 1):
        text = (
            f"{issuer}\n关于开展校园近视防控检查的通知\n\n各乡镇中心校：\n\n"
            f"为做好校园近视防控，现将检查安排通知如下。\n一、每所学校每学期检查{at}次视力，结果告知家长。\n"
            f"二、教室照明不合格的限期改造。\n\n{issuer}\n{year}年3月{at}日\n"
        )
        (folder / name).write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("built") / "index")) as engine:
        assert engine.ingest([folder]).failed == []
        yield engine.reader()


def order(reader: Reader, query: str, **filters: object) -> list[str]:
    hits = reader.searcher.search_text(query, scope=ALL, filters=Filters(**filters), top_k=100)
    ids = list(dict.fromkeys(hit.passage.document_id for hit in hits))
    found = reader.searcher.summaries(ids, scope=ALL)
    return [found[document_id].source for document_id in ids]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("2021年校园近视防控检查", {"a-2021.txt", "c-2021.txt"}),
        ("2023年校园近视防控检查", {"b-2023.txt", "d-2023.txt"}),
        ("二〇二三年的校园近视防控检查", {"b-2023.txt", "d-2023.txt"}),
        ("2022—2024年校园近视防控检查", {"b-2023.txt", "d-2023.txt"}),
        ("市教体局的校园近视防控检查", {"a-2021.txt", "b-2023.txt"}),
        ("教育局校园近视防控检查", {"a-2021.txt", "b-2023.txt"}),
        ("市卫健委校园近视防控检查", {"c-2021.txt", "d-2023.txt"}),
        ("澄山市衛健局校園近視防控檢查", {"c-2021.txt", "d-2023.txt"}),
        ("市卫健局2021年校园近视防控检查", {"c-2021.txt"}),
        ("市教体局2023年校园近视防控检查", {"b-2023.txt"}),
    ],
)
def test_what_is_named_stands_first_and_nothing_is_left_out(issues: Reader, query: str, first: set[str]) -> None:
    found = order(issues, query)
    assert set(found[: len(first)]) == first
    assert set(found) == set(ISSUES)


@pytest.mark.parametrize(
    ("named", "favoured"),
    [
        ("市教体局", {"a-2021.txt", "b-2023.txt"}),
        ("市教育局", {"a-2021.txt", "b-2023.txt"}),
        ("市卫生健康委员会", {"c-2021.txt", "d-2023.txt"}),
        ("澄山市卫生健康局", {"c-2021.txt", "d-2023.txt"}),
        ("2021年", {"a-2021.txt", "c-2021.txt"}),
    ],
)
def test_what_is_named_is_fitter(issues: Reader, named: str, favoured: set[str]) -> None:
    hits = issues.searcher.search_text(f"{named}校园近视防控检查", scope=ALL, top_k=100)
    found = issues.searcher.summaries([hit.passage.document_id for hit in hits], scope=ALL)
    fitness = {found[hit.passage.document_id].source: hit.parts["authority"] for hit in hits}
    assert {source for source, fit in fitness.items() if fit == max(fitness.values())} == favoured


@pytest.mark.parametrize(
    "named",
    [
        "1998年",  # a year that no document is of
        "教育部",  # a ministry is no city's bureau
        "省教育厅",
        "市税务局",
    ],
)
def test_what_no_document_is_of_changes_no_fitness(issues: Reader, named: str) -> None:
    hits = issues.searcher.search_text(f"{named}校园近视防控检查", scope=ALL, top_k=100)
    plain = issues.searcher.search_text("校园近视防控检查", scope=ALL, top_k=100)
    assert {hit.parts["authority"] for hit in hits} == {hit.parts["authority"] for hit in plain}


def test_a_filter_that_is_stated_is_not_weighed_again(issues: Reader) -> None:
    found = order(issues, "市教体局2023年校园近视防控检查", issuer="卫生健康局", year_from=2021, year_to=2021)
    assert found == ["c-2021.txt"]
