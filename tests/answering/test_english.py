"""English framing: what is ours is said in English, what is the document's stays to the letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answering import verification
from rag.answering.composing import Composer, refuse
from rag.answering.english import in_english
from rag.domain.access import Disclosure, Scope
from rag.domain.answer import DutyFinding, Status
from rag.domain.document import DocumentSummary, Kind
from rag.domain.span import Span

DOCUMENT = DocumentSummary(
    document_id="d1",
    source="plan.txt",
    title="关于印发青溪市校园安全方案的通知",
    document_number="青教发〔2024〕12号",
    issuer="青溪市教育局",
    place="青溪市",
    kind=Kind.PLAN,
    issued_on=None,
    printed_on=None,
    disclosure=Disclosure.PUBLIC,
)
TEXT = "每年开展2次演练。〔市教体局牵头，市公安局配合〕"
HEAD = "According to 青溪市教育局 (Municipal Education Bureau), 《关于印发青溪市校园安全方案的通知》 (青教发〔2024〕12号): "
LABEL = "青溪市教育局（青教发〔2024〕12号）："


def composed(words: str, document: DocumentSummary = DOCUMENT):
    composer = Composer("How often are drills held?")
    composer.state(words, [composer.cite(document, TEXT, Span(0, len(TEXT)))])
    return composer.answer()


@pytest.mark.parametrize(
    ("words", "english"),
    [
        (f"{LABEL}每年开展2次演练。", f"{HEAD}“每年开展2次演练。”"),
        ("每年开展2次演练。", "“每年开展2次演练。”"),
        (
            f"{LABEL}“开展演练”由市教体局牵头，市公安局、各镇配合。",
            f"{HEAD}“开展演练” — Lead: 市教体局 (Municipal Education and Sports Bureau);"
            " Cooperating: 市公安局 (Municipal Public Security Bureau), 各镇.",
        ),
        (f"{LABEL}《{DOCUMENT.title}》。", HEAD.removeprefix("According to ").removesuffix(": ") + "."),
        (f"否。{LABEL}每年开展2次演练。", f"No. {HEAD}“每年开展2次演练。”"),
        ("“开展演练”由市公安局按职责分工负责。", "“开展演练” — Responsible within their duties: 市公安局 (Municipal Public Security Bureau)."),
        (f"{LABEL}《{DOCUMENT.title}》发文字号是青教发〔2024〕12号。", f"{HEAD}its document number is 青教发〔2024〕12号."),
        (f"{LABEL}公开属性标注为“主动公开”。", f"{HEAD}its disclosure label reads “主动公开”."),
        (f"{LABEL}镇名东塘镇，投入资金（万元）2。", f"{HEAD}in the document's words, 镇名东塘镇，投入资金（万元）2。"),
        ("库中符合条件（地区：青溪；年份：2024）的文件共2件：", "2 documents in all meet the conditions (place: 青溪; year: 2024):"),
    ],
)  # fmt: skip
def test_statements(words, english):
    answer = composed(words)
    framed = in_english(answer)
    assert framed.is_english
    assert [s.text for s in framed.statements] == [english]
    assert framed.text == f"{english}[1]"
    assert framed.citations == answer.citations
    assert [s.citations for s in framed.statements] == [s.citations for s in answer.statements]


def test_what_is_framed_is_still_verified():
    framed = in_english(composed(f"{LABEL}每年开展2次演练。"))
    assert verification.problems(framed, lambda _: TEXT) == []
    wrong = replace(framed.statements[0], text=framed.statements[0].text.replace("2次", "3次"))
    assert verification.problems(replace(framed, statements=(wrong,)), lambda _: TEXT)


def test_a_title_with_figures_and_blanks_in_it_is_verified():
    document = replace(DOCUMENT, title="关于 22 部门第0018号建议的答复")
    name = "青溪市教育局（青教发〔2024〕12号）："
    assert verification.problems(in_english(composed(f"{name}每年开展2次演练。", document)), lambda _: TEXT) == []


def test_units_stay_as_written_beside_their_english():
    composer = Composer("Who leads?")
    mark = composer.cite(DOCUMENT, TEXT, Span(0, len(TEXT)))
    composer.state("“演练”由市教体局牵头。", [mark])
    composer.add_duty(DutyFinding("演练", ("市教体局",), ("各镇",), (mark,)))
    framed = in_english(composer.answer())
    assert framed.duties[0].lead == ("市教体局",)
    assert framed.glosses == {
        "市教体局": "Municipal Education and Sports Bureau",
        "青溪市教育局": "Municipal Education Bureau",
    }


@pytest.mark.parametrize(
    ("reason", "english"),
    [
        ("现有文件没有说明。", "The documents at hand do not say."),
        ("有luyuan's的文件，但没有提到“xidu”。", "There are documents of Luyuan, but they do not mention “xidu”."),
        ("现有文件没有提到shanghai、beijing。", "The documents at hand do not mention Shanghai, Beijing."),
        ("有hanzhong的文件，但没有找到能回答这一问题的内容。", "There are documents of Hanzhong, but nothing in them answers this question."),
        ("有luyuan county的文件，但没有提到“xidu”、“delayed”。", "There are documents of Luyuan County, but they do not mention “xidu”, “delayed”."),
        ("库中没有文号为青教发〔2024〕9号的文件。", "There is no document numbered 青教发〔2024〕9号."),
        ("别的原因。", "The documents at hand give no answer. (别的原因。)"),
    ],
)  # fmt: skip
def test_refusals(reason, english):
    framed = in_english(refuse("Why?", reason, [DOCUMENT]))
    assert framed.text == english
    assert framed.status is Status.NO_EVIDENCE
    assert [lead.document_id for lead in framed.leads] == ["d1"]


ASKED = [
    "Which department leads the student psychological assessment in Yunxiu City?",
    "How many childcare places per thousand people does Luyuan County have?",
    "When was the 12356 hotline launched in Wangshu County?",
    "How do I apply for a passport?",
]


@pytest.mark.parametrize("question", ASKED)
def test_a_question_in_english_is_answered_in_english(sample, question):
    answer = sample.answerer.answer(question, scope=Scope.everything())
    assert answer.is_english
    assert answer.text.startswith(("According to ", "The documents", "There "))
    chinese = sample.answerer.answer("云岫市有多少所中小学校？", scope=Scope.everything())
    assert not chinese.is_english
    assert not chinese.glosses
