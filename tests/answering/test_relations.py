"""What a document cites, what cites it and what repeals it: by 文号 and by title, within the scope."""

from __future__ import annotations

import pytest

from rag.answering.relations import mentions_in, numbers_of
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings

PLAN = """青溪市人民政府办公室文件
青政办发〔2021〕6号

青溪市人民政府办公室关于印发《青溪市公共停车场管理办法》的通知

各县区人民政府：
根据《中华人民共和国道路交通安全法》和川岭府办〔2020〕4号文件，制定本办法。
本办法自印发之日起施行。

青溪市人民政府办公室
2021年3月1日
（此件公开发布）
"""
REPLY = """青溪市公安局
青公函〔2023〕9号

关于市政协六届二次会议第31号提案的答复

提案委员：
按照《青溪市公共停车场管理办法》（青政办发〔2021〕6号），我市已新增泊位1200个。
根据青政办发〔2021〕6号要求，下一步再增泊位300个。

青溪市公安局
2023年6月5日
（此件公开发布）
"""
SECRET = REPLY.replace("9号", "10号").replace("31号提案", "32号提案").replace("此件公开发布", "此件不予公开")
NEWER = """青溪市人民政府办公室文件
青政办发〔2024〕2号

青溪市人民政府办公室关于印发《青溪市停车管理规定》的通知

各县区人民政府：
现将规定印发给你们。
本规定自印发之日起施行，《青溪市公共停车场管理办法》（青政办发〔2021〕6号）同时废止。

青溪市人民政府办公室
2024年8月1日
（此件公开发布）
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    folder = tmp_path_factory.mktemp("relations")
    (folder / "corpus").mkdir()
    for name, text in (("plan", PLAN), ("reply", REPLY), ("secret", SECRET), ("newer", NEWER)):
        (folder / f"corpus/{name}.txt").write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=folder / "index", corpus_dir=folder / "corpus")) as engine:
        engine.ingest([folder / "corpus"])
        yield engine.reader()


def _relations(reader, source, scope=Scope.everything()):  # noqa: B008 - it is frozen
    document = reader.find_document(source, scope=scope)
    return document, reader.answerer.relations(document, scope=scope)


def test_what_is_cited(reader):
    document, relations = _relations(reader, "reply.txt")
    (cited,) = relations.cites  # named twice, told once
    assert cited.document.source == "plan.txt"
    assert cited.mention.span.of(document.text) == "《青溪市公共停车场管理办法》（青政办发〔2021〕6号）"
    assert not cited.is_repealed


def test_what_is_not_held_is_told_as_written(reader):
    _, relations = _relations(reader, "plan.txt")
    assert [(c.mention.title, c.document) for c in relations.cites] == [
        ("中华人民共和国道路交通安全法", None), (None, None),
    ]  # fmt: skip
    assert relations.cites[1].mention.number.endswith("川岭府办〔2020〕4号")


@pytest.mark.parametrize(
    ("scope", "sources"),
    [(Scope.everything(), ["newer.txt", "reply.txt", "secret.txt"]), (Scope.public(), ["newer.txt", "reply.txt"])],
)
def test_what_cites_it(reader, scope, sources):
    _, relations = _relations(reader, "plan.txt", scope)
    assert [citing.document.source for citing in relations.cited_by] == sources
    for citing in relations.cited_by:
        text = reader.catalog.text(citing.document.document_id, scope=scope)
        assert "青政办发〔2021〕6号" in citing.span.of(text)


def test_what_repeals_it(reader):
    assert [d.source for d in _relations(reader, "plan.txt")[1].repealed_by] == ["newer.txt"]
    (repealed,) = _relations(reader, "newer.txt")[1].cites
    assert (repealed.document.source, repealed.is_repealed) == ("plan.txt", True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照《社会保险法》规定", [("社会保险法", None)]),
        ("《甲市停车办法》(甲政办发[2021]6号)", [("甲市停车办法", "甲政办发[2021]6号")]),
        ("《甲市停车办法》（试行）", [("甲市停车办法", None)]),
        ("见甲政办发〔2021〕6号、乙政发〔2022〕7号", [(None, "见甲政办发〔2021〕6号"), (None, "乙政发〔2022〕7号")]),
        ("《书》", []),
        ("没有任何文件", []),
    ],
)
def test_mentions(text, expected):
    found = list(mentions_in(text))
    assert [(mention.title, mention.number) for mention in found] == expected


def test_words_before_a_number_are_not_part_of_it():
    assert numbers_of("根据国发〔2018〕041号") == ["根据国发〔2018〕41号", "据国发〔2018〕41号", "国发〔2018〕41号"]
    assert numbers_of("第41号") == []
