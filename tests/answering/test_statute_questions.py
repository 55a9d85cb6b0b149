"""Questions over statutes: the article that answers and no other; penalties, the making of a statute, who gave a report."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.app.wiring import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.text import chinese_number, squeeze

from .conftest import IndexOf

ALL = Scope.everything()
TABLE = Path(__file__).parents[1] / "golden" / "statutes.jsonl"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
LEAST_RIGHT, MOST_WRONG = 64, 4  # of 71

STATUTE = """中华人民共和国渡口管理法
（2011年3月2日第十一届全国人民代表大会常务委员会第十九次会议通过　根据2016年5月4日第十二届全国人民代表大会常务委员会第二十次会议《关于修改〈中华人民共和国渡口管理法〉的决定》第一次修正　根据2021年8月6日第十三届全国人民代表大会常务委员会第三十次会议《关于修改〈中华人民共和国渡口管理法〉的决定》第二次修正）
第一章　总则
第一条　为了保障渡口安全，方便群众出行，制定本法。
第二条　渡船应当每年检验一次。
第三条　渡船不得超载乘客。禁止使用竹筏运送牲畜。
任何人不得在候船室点燃烟花。
第四条　艄公应当穿着救生衣。
第二章　法律责任
第五条　违反本法第三条第一款、第四条规定的，由渡口主管部门责令改正，处五百元以下罚款。
第六条　违反本法第三条第二款规定的，由公安机关给予警告。
第七条　伪造渡船检验证书的，没收证书，并处一万元罚款。
第三章　附则
第八条　本法自2011年6月1日起施行。
"""
REPORT = """2024年汉州市政府工作报告
2024年1月18日在汉州市第七届人民代表大会第三次会议上
汉州市人民政府市长　林某某
各位代表：
现在，我代表汉州市人民政府，向大会报告政府工作，请予审议。
一、2023年工作回顾
全市政府工作报告确定的任务全部完成。
"""


def articles_cited(answer: Answer, reader: Reader) -> set[tuple[str, int]]:
    """Title and number of each article cited; 0 is what stands above the first."""
    found = set()
    for citation in answer.citations:
        text = reader.catalog.text(citation.document.document_id, scope=ALL)
        heads = [(0, 0)] + [
            (match.start(), chinese_number(match[1]) or 0)
            for match in re.finditer(r"^第([一二三四五六七八九十百零]+)条", text, re.MULTILINE)
        ]
        ends = [start for start, _ in heads[1:]] + [len(text)]
        for (start, number), end in zip(heads, ends, strict=True):
            if citation.span.start < end and start < citation.span.end:
                found.add((citation.document.title or "", number))
    return found


@pytest.fixture(scope="module")
def samples(read_folder: Callable[[Path], Reader], tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("samples")
    for name in ("laws", "docx", "html", "doc"):
        shutil.copytree(SAMPLES / name, folder / name)
    return read_folder(folder)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample statutes are not beside this checkout")
def test_questions_over_real_statutes(samples: Reader) -> None:
    verdicts: dict[str, str] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        cited = articles_cited(samples.answerer.answer(row["question"], scope=ALL), samples)
        allowed = {*row["articles"], *row["beside"]}
        if not cited or row["law"] is None:
            verdict = "wrong" if cited else "right" if row["law"] is None else "refused"
        else:
            is_there = any(row["law"] in title and number in row["articles"] for title, number in cited)
            is_all = all(row["law"] in title and number in allowed for title, number in cited)
            verdict = "right" if is_there and is_all else "wrong"
        verdicts[f"{row['id']} {row['question']}"] = verdict
    tally = Counter(verdicts.values())
    bad = {question: verdict for question, verdict in verdicts.items() if verdict != "right"}
    assert tally["right"] >= LEAST_RIGHT, bad
    assert tally["wrong"] <= MOST_WRONG, bad


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("渡船超载乘客怎么处罚？", {3, 5}),  # forbidden in one article, punished by number in another
        ("用竹筏运送牲畜罚多少？", {3, 5}),
        ("在候船室点燃烟花会被处罚吗？", {3, 6}),  # the second paragraph of the same article
        ("艄公不穿救生衣有什么处罚？", {4, 5}),
        ("伪造渡船检验证书怎么处罚？", {7}),  # described where it is punished
        ("渡口管理法的立法目的是什么？", {1}),
        ("为什么要制定渡口管理法？", {1}),
        ("渡口管理法什么时候修正过？", {0}),
        ("渡口管理法是哪年通过的？", {0}),
        ("渡口管理法的施行日期是哪天？", {8}),
        ("渡口管理法啥时候施行的？", {8}),
        ("渡口管理法几时修正过？", {0}),
        ("渡口出售假票怎么处罚？", set()),
        ("港口法规定渡船超载乘客怎么处罚？", set()),  # another law
        ("港口法的立法目的是什么？", set()),
        ("水利部门在渡船检验中负责什么？", set()),  # no unit of that name has duties there
    ],
)
def test_the_article_that_answers(index_of: IndexOf, question: str, articles: set[int]) -> None:
    reader = index_of({"渡口管理法.txt": STATUTE, "2024报告.txt": REPORT})
    cited = articles_cited(reader.answerer.answer(question, scope=ALL), reader)
    assert {number for _, number in cited} == articles


def test_a_place_tells_which_statute_is_meant(sample: Reader) -> None:
    said = sample.answerer.answer("霁川市擅自停运公交线路罚多少？", scope=ALL)
    assert "1万元以上3万元以下" in said.text
    assert {number for _, number in articles_cited(said, sample)} == {7, 11}
    assert not sample.answerer.answer("棠湾市擅自停运公交线路罚多少？", scope=ALL).citations
    # 处置 is no penalty
    assert "110" in sample.answerer.answer("望舒县12356一级来电怎么处置？", scope=ALL).text


def test_each_amendment_or_the_last(index_of: IndexOf) -> None:
    reader = index_of({"渡口管理法.txt": STATUTE, "2024报告.txt": REPORT})
    both = reader.answerer.answer("渡口管理法哪几年修正过？", scope=ALL)
    assert [re.findall(r"\d{4}", s.text)[0] for s in both.statements] == ["2016", "2021"]
    last = reader.answerer.answer("渡口管理法最近一次修正是什么时候？", scope=ALL)
    assert [re.findall(r"\d{4}", s.text)[0] for s in last.statements] == ["2021"]


def test_who_gave_a_report_stands_in_its_opening(index_of: IndexOf) -> None:
    reader = index_of({"渡口管理法.txt": STATUTE, "2024报告.txt": REPORT})
    said = reader.answerer.answer("汉州市政府工作报告是谁作的？", scope=ALL)
    assert "市长林某某" in squeeze(said.text).replace(" ", "")
    assert len(said.statements) == 1
    assert not reader.answerer.answer("2019年汉州市政府工作报告是谁作的？", scope=ALL).citations
    assert not reader.answerer.answer("桐州市政府工作报告是谁作的？", scope=ALL).citations
