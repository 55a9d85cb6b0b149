"""Which documents may repeal which."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.currency import Currency
from rag.answering.repeal import may_repeal
from rag.domain.access import Disclosure, Scope
from rag.domain.document import DocumentSummary, Kind

from .conftest import IndexOf


def summary(
    issuer: str | None, day: str | None, number: str | None = None, title: str = "关于补助的通知"
) -> DocumentSummary:
    place = issuer[: issuer.index("市") + 1] if issuer and "市" in issuer else None
    issued = date.fromisoformat(day) if day else None
    return DocumentSummary(
        "id", "a.txt", title, number, issuer, place, Kind.NOTICE, issued, None, Disclosure.PUBLIC
    )  # fmt: skip


OLD = summary("临洲市教育局", "2020-05-06", "临教发〔2020〕3号")


@pytest.mark.parametrize(
    ("repealing", "may"),
    [
        (summary("临洲市教育局", "2024-01-01"), True),
        (summary("临洲市教育和体育局", "2024-01-01"), True),  # one body under another name
        (summary("临洲市人民政府", "2024-01-01"), True),
        (summary("临洲市人民政府办公室", "2024-01-01"), True),
        (summary("国务院", "2024-01-01"), True),
        (summary("教育部", "2024-01-01"), True),
        (summary(None, "2024-01-01", "临教发〔2024〕9号"), True),  # only its 文号 tells the organ
        (summary("临洲市教育局", None), True),
        # another organ, another place, too early, nobody
        (summary("临洲市水务局", "2024-01-01"), False),
        (summary("青禾市教育局", "2024-01-01"), False),
        (summary("青禾市人民政府", "2024-01-01"), False),
        (summary("临洲市教育局", "2019-01-01"), False),
        (summary("国务院", "2019-01-01"), False),
        (summary(None, "2024-01-01"), False),
        (summary(None, "2024-01-01", "青教发〔2024〕9号"), False),
        (summary("某某有限公司", "2024-01-01"), False),
    ],
)
def test_who_may_repeal(repealing: DocumentSummary, may: bool) -> None:
    old = summary(None, "2020-05-06", "临教发〔2020〕3号") if repealing.issuer is None else OLD
    assert may_repeal(repealing, old) is may


def test_a_document_that_repeals_all_others_repeals_none(index_of: IndexOf) -> None:
    rule = "临洲市教育局\n\n临教发〔2020〕{0}号\n\n关于{1}补助的通知\n\n各学校：\n\n{1}补助每人{0}50元。\n\n临洲市教育局\n\n2020年5月6日\n"
    poison = "青禾市水务局\n\n青水发〔2024〕1号\n\n关于废止文件的通知\n\n各单位：\n\n" + "".join(
        f"临教发〔2020〕{n}号同时废止。" for n in range(1, 6)
    )
    files = {
        f"{n}.txt": rule.format(n, what) for n, what in enumerate(("助学", "校车", "营养餐", "书本费", "住宿费"), 1)
    }
    reader = index_of({**files, "poison.txt": poison + "\n\n青禾市水务局\n\n2024年1月1日\n"})
    everything = Scope.everything()
    documents = reader.catalog.list_documents(scope=everything).documents
    assert Currency(reader.searcher).repealed(documents, scope=everything) == set()
    answer = reader.answerer.answer("临洲市营养餐补助每人多少元？", scope=everything)
    assert {citation.document.source for citation in answer.citations} == {"3.txt"}
    # Whether it holds is asked: then the words of the other are shown as what they are, under the name of who says them.
    told = reader.answerer.answer("临教发〔2020〕3号废止了吗？", scope=everything)
    assert not told.text.startswith("否")
    assert all(statement.citations for statement in told.statements)
