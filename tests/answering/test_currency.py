"""A repealed document is not given as current, but is when it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.currency import Currency, as_of_year, repealed_numbers
from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Disclosure, Scope
from rag.domain.answer import Status
from rag.domain.filters import Filters
from rag.settings import Settings

from .conftest import IndexOf

ALL = Scope.everything()
OLD = "notices/2020-yunxiu-elevator-subsidy.txt"
NEW = "notices/2024-yunxiu-elevator-subsidy.txt"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("原岫建发〔2020〕15号同时废止。", ["原岫建发〔2020〕15号"]),
        ("《关于印发〈办法〉的通知》（岫建发[2020]15号）自行失效。", ["岫建发〔2020〕15号"]),
        ("甲发〔2019〕1号、乙发〔2020〕2号停止执行。", ["甲发〔2019〕1号", "乙发〔2020〕2号"]),
        ("岫建发〔 2020 〕 15 号不再执行", ["岫建发〔2020〕15号"]),
        # Cited, but not in the sentence that repeals.
        ("依据岫建发〔2020〕15号制定。原办法同时废止。", []),
        ("依据岫建发〔2020〕15号制定；原办法同时废止。", []),
        ("岫建发〔2020〕15号继续有效。", []),
        ("本办法自2024年起施行，原办法废止。", []),
    ],
)
def test_numbers_that_a_sentence_repeals(text: str, numbers: list[str]) -> None:
    assert list(repealed_numbers(text)) == numbers


def test_what_another_document_repeals_is_known(sample: Reader) -> None:
    documents = sample.catalog.list_documents(scope=ALL).documents
    gone = Currency(sample.searcher).repealed(documents, scope=ALL)
    assert [document.source for document in documents if document.document_id in gone] == [OLD]


def cited(reader: Reader, question: str, scope: Scope = ALL) -> set[str]:
    return {citation.document.source for citation in reader.answerer.answer(question, scope=scope).citations}


@pytest.mark.parametrize("question", ["云岫市加装电梯补助是多少？", "云岫市现在加装电梯每部补助多少钱？"])
def test_the_current_rule_is_given(sample: Reader, question: str) -> None:
    assert cited(sample, question) == {NEW}


@pytest.mark.parametrize("question", ["云岫市2020年加装电梯每部补助多少？", "岫建发〔2020〕15号规定每部电梯补助多少？"])
def test_the_repealed_rule_is_given_when_it_is_asked_for(sample: Reader, question: str) -> None:
    answer = sample.answerer.answer(question, scope=ALL)
    assert OLD in {citation.document.source for citation in answer.citations}
    assert "10万元" in answer.text
    assert "15万元" not in answer.text


RULES = """\
临洲市住房和城乡建设局文件

临建发〔{year}〕{serial}号

关于公布加装电梯补助标准的通知

各县（区）住房和城乡建设局：

既有住宅加装电梯每部补助{amount}万元。{repeal}

临洲市住房和城乡建设局

{year}年5月6日

公开属性：{label}
"""


def test_a_repeal_that_may_not_be_seen_gives_nothing_away(index_of: IndexOf) -> None:
    old = RULES.format(year=2020, serial=3, amount=11, repeal="", label="主动公开")
    new = RULES.format(year=2024, serial=8, amount=17, repeal="临建发〔2020〕3号同时废止。", label="不予公开")
    reader = index_of({"old.txt": old, "new.txt": new})
    question = "临洲市加装电梯每部补助多少？"
    assert cited(reader, question) == {"new.txt"}
    public = reader.answerer.answer(question, scope=Scope.public())
    assert {c.document.source for c in public.citations} == {"old.txt"}
    assert "17" not in public.text


def test_what_repealed_a_document_does_so_no_longer_once_it_is_hidden(tmp_path: Path) -> None:
    old = RULES.format(year=2020, serial=3, amount=11, repeal="", label="主动公开")
    new = RULES.format(year=2024, serial=8, amount=17, repeal="临建发〔2020〕3号同时废止。", label="主动公开")
    (tmp_path / "corpus").mkdir()
    for name, text in (("old.txt", old), ("new.txt", new)):
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
        engine.ingest([tmp_path / "corpus"])
        reader = engine.reader()
        public = Scope.public()
        documents = {d.source: d for d in reader.catalog.list_documents(scope=public).documents}
        assert reader.answerer.currency.repealed(documents.values(), scope=public) == {documents["old.txt"].document_id}
        (tmp_path / "corpus/new.txt.meta.toml").write_text('disclosure = "internal"', encoding="utf-8")
        engine.ingest([tmp_path / "corpus"])
        assert engine.reader() is reader  # the words are the same, so the index is
        assert not reader.answerer.currency.repealed([documents["old.txt"]], scope=public)
        assert not reader.answerer.currency.repealing(documents["old.txt"], scope=public)


def test_a_document_does_not_repeal_itself(index_of: IndexOf) -> None:
    own = RULES.format(year=2020, serial=3, amount=11, repeal="临建发〔2020〕3号到期后自行废止。", label="主动公开")
    reader = index_of({"own.txt": own})
    answer = reader.answerer.answer("临洲市加装电梯每部补助多少？", scope=ALL, filters=Filters())
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].document.disclosure is Disclosure.PUBLIC


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("云岫市2021年时加装电梯每部补助多少？", 2021),
        ("2021年那时的标准是多少", 2021),
        ("2020年的时候怎么补助？", 2020),
        ("What was the subsidy as of 2021?", 2021),
        ("2021年时间安排是什么？", None),
        ("2021年的标准是多少？", None),
        ("现在的标准是多少？", None),
    ],
)
def test_the_year_as_of_which_a_question_asks(sample: Reader, question: str, year: int | None) -> None:
    assert as_of_year(sample.searcher.understand(question, scope=ALL)) == year


def test_as_of_an_earlier_year_the_rule_of_then_is_given_and_what_replaced_it_is_said(sample: Reader) -> None:
    answer = sample.answerer.answer("云岫市2021年时加装电梯每部补助多少？", scope=ALL)
    assert "10万元" in answer.statements[0].text
    assert "15万元" not in answer.text
    assert "同时废止" in answer.statements[-1].text
    assert {c.document.source for c in answer.citations} == {OLD, NEW}


def test_as_of_a_later_year_the_newer_rule_is_given(sample: Reader) -> None:
    assert cited(sample, "云岫市2025年时加装电梯每部补助多少？") == {NEW}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("云岫市2020年的加装电梯补助办法现在还有效吗？", "否。"),
        ("岫建发〔2020〕15号废止了吗？", "同时废止"),
        ("棠湾市老年助餐服务管理办法现在还有效吗？", "有效期三年"),
        ("Is 岫建发〔2020〕15号 still in force?", "同时废止"),
    ],
)
def test_validity_is_told_from_what_documents_say(sample: Reader, question: str, words: str) -> None:
    assert words in sample.answerer.answer(question, scope=ALL).text


def test_of_rules_of_one_organ_and_title_the_newest_holds(index_of: IndexOf) -> None:
    def rule(year: int, number: int, amount: int, trial: str) -> str:
        return (
            f"青禾市水务局\n\n青水发〔{year}〕{number}号\n\n关于印发《青禾市节水补助办法{trial}》的通知\n\n各乡镇：\n\n"
            f"节水器具每套补助{amount}元。\n\n青禾市水务局\n\n{year}年5月6日\n"
        )

    reader = index_of({"old.txt": rule(2019, 2, 300, "（试行）"), "new.txt": rule(2023, 7, 500, "")})
    assert cited(reader, "青禾市节水器具每套补助多少元？") == {"new.txt"}
    assert cited(reader, "2020年时，青禾市节水器具每套补助多少元？") == {"old.txt"}


def test_passages_of_what_was_repealed_come_after_what_repeals_it(sample: Reader) -> None:
    found = sample.find_passages("云岫市加装电梯补助标准", scope=ALL, filters=Filters(), top_k=10)
    sources = [found.summaries[hit.passage.document_id].source for hit in found.hits]
    assert {"notices/2020-yunxiu-elevator-subsidy.txt", "notices/2024-yunxiu-elevator-subsidy.txt"} <= set(sources)
    first_old = sources.index("notices/2020-yunxiu-elevator-subsidy.txt")
    assert "notices/2024-yunxiu-elevator-subsidy.txt" not in sources[first_old:]
    asked = sample.find_passages("2020年云岫市加装电梯补助标准", scope=ALL, filters=Filters(), top_k=10)
    assert found.hits != asked.hits  # a year named keeps the order
