"""Words of question and answer (问答)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rag.app.words.message import Language, Message

WORDS = {
    "ask.heading": Message("向公文提问", "Ask the documents"),
    "ask.label": Message("您的问题", "Your question"),
    "ask.placeholder": Message(
        "例如：哪些部门牵头学生心理工作？", "e.g. Which departments lead student psychological work?"
    ),
    "ask.button": Message("提问", "Ask"),
    "ask.examples": Message("可以这样问", "You could ask"),
    "ask.stock": Message(
        "现有 {documents} 份文件、{duties} 条职责分工可查。",
        "{documents} documents with {duties} assigned duties are at hand.",
    ),
    "ask.problem": Message(
        "这个问题无法受理：请输入 1 至 {longest} 个字符。",
        "This question cannot be taken: enter 1 to {longest} characters.",
    ),
    "answer.heading": Message("回答", "Answer"),
    "answer.drafted": Message(
        "由语言模型代拟，逐句核对过引文。",
        "Written by a language model, each sentence checked against the words it cites.",
    ),
    "answer.unverified": Message("未核实，不作为答案", "Not verified, no part of the answer"),
    "answer.mark": Message("引文 {id}：{reference}", "Citation {id}: {reference}"),
    "answer.duties": Message("职责分工", "Who is responsible"),
    "answer.task": Message("任务", "Task"),
    "answer.lead": Message("牵头", "Lead"),
    "answer.cooperating": Message("配合", "Cooperating"),
    "answer.source": Message("出处", "Source"),
    "answer.none": Message("未写明", "not stated"),
    "answer.citations": Message("原文出处", "Sources"),
    "answer.open": Message("在原文中查看", "See in the document"),
    "answer.page": Message("第 {page} 页", "page {page}"),
    "refusal.heading": Message("没有依据，不作答", "No evidence, no answer"),
    "refusal.explanation": Message(
        "现有文件中找不到能够支持答案的原文。", "Nothing in the documents at hand supports an answer."
    ),
    "refusal.leads": Message("相近的文件，可作线索", "Nearest documents, as leads"),
}

EXAMPLES: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        Language.ZH: (
            "哪些部门牵头学生心理工作？",
            "棠湾市和鹭原县每千人口托位数各是多少？",
            "石狮市心理健康提案由哪些单位协办？",
            "霁政办发〔2024〕26号是哪个机关印发的？",
        ),
        Language.EN: (
            "Which departments lead student psychological work?",
            "How many childcare places per thousand people are there in Tangwan?",
        ),
    }
)
"""Questions offered on the front page; the sample corpus answers them."""
