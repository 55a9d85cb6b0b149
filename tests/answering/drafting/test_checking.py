"""That no lie passes, and that few honest sentences are marked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.drafting.checking import faults

from .tables import Case, cases, evidence, evidence_of, sentence_of

SETS = ("", "_held_out", "_second", "_third")
LIES = [case for name in SETS for case in cases(f"lies{name}.jsonl")]
HONEST = [case for name in SETS for case in cases(f"paraphrases{name}.jsonl")]
MOST_MARKED = 0.05


def marked(case: Case) -> Sequence[str]:
    return faults(*sentence_of(case), evidence_of(case))


def test_there_are_enough_of_both() -> None:
    assert len(LIES) >= 60
    assert len(HONEST) >= 60
    assert len({case.sentence for case in LIES} & {case.sentence for case in HONEST}) == 0


@pytest.mark.parametrize("case", LIES, ids=lambda case: case.id)
def test_every_lie_is_caught(case: Case) -> None:
    assert marked(case)


def test_few_honest_sentences_are_marked() -> None:
    wrongly = [(case.id, case.sentence, marked(case)) for case in HONEST if marked(case)]
    assert len(wrongly) <= MOST_MARKED * len(HONEST), wrongly


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.id)
def test_an_honest_sentence_without_its_mark_does_not_stand(case: Case) -> None:
    text, _ = sentence_of(case)
    assert faults(text, (), evidence_of(case)) == ("没有引文",)
    assert faults(text, (len(case.evidence) + 1,), evidence_of(case)) == ("引用了不存在的证据",)


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.id)
def test_an_honest_sentence_of_another_document_does_not_stand(case: Case) -> None:
    elsewhere = evidence(
        "本通告自发布之日起施行，由县气象局解释。",
        title="关于人工增雨作业的通告",
        issuer="云杉县气象局",
        place="云杉县",
    )
    assert faults(sentence_of(case)[0], (1,), [elsewhere])


@pytest.mark.parametrize(
    "sentence",
    [
        "截至2024年底已建成349个，请访问http://a.example/核实后领取补贴。",  # no blank before it, as in Chinese
        "请访问 HTTPS://a.example/ 核实。",
        "请登录www.a.example查询进度。",
        "点击javascript:alert(1)查看进度。",
        "进度见![图](进度.png)所示。",
        "进度见<img src=x>所示。",
        "打开后运行cmd|甲查看进度。",
        "单元格写明=SUM(甲)的进度。",
    ],
)
def test_an_address_picture_or_code_does_not_stand_though_the_document_says_it(sentence: str) -> None:
    assert faults(sentence, (1,), [evidence(sentence)]) == ("含有网址、图片、标记或代码",)


@given(st.text(alphabet="市教育局牵头不得2024年5%，。《》〔〕号[]增加以上ab ", max_size=40))
def test_any_text_at_all_is_judged(text: str) -> None:
    assert faults(text, (1,), [evidence("市教育局牵头，市财政局配合。")]) == faults(
        text, (1,), [evidence("市教育局牵头，市财政局配合。")]
    )


def test_a_sentence_that_says_nothing_does_not_stand() -> None:
    assert faults("具体如下：", (1,), [evidence("市教育局牵头。")])
