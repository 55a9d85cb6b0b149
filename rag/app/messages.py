"""Words on the pages (界面文字), in Chinese and English, in one catalogue. What documents and answers say is not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Language(StrEnum):
    """A language of the pages, as the query parameter ``lang`` names it."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The BCP 47 tag for HTML."""
        return "zh-CN" if self is Language.ZH else "en"

    @property
    def other(self) -> Language:
        """The language to switch to."""
        return Language.EN if self is Language.ZH else Language.ZH

    @classmethod
    def of(cls, name: str | None) -> Language:
        """Return the language of this name; Chinese for any other, so that a link always opens."""
        return cls.EN if name == cls.EN else cls.ZH


class Message(NamedTuple):
    """One text in both languages; ``{name}`` stands for a value."""

    zh: str
    en: str


CATALOGUE: Mapping[str, Message] = MappingProxyType(
    {
        # Every page
        "site.name": Message("公文问答", "Policy answers"),
        "site.promise": Message(
            "依据公文原文作答，句句有出处。", "Answers from official documents, every sentence with its source."
        ),
        "site.skip": Message("跳到正文", "Skip to content"),
        "site.navigation": Message("主导航", "Main"),
        "site.ask": Message("提问", "Ask"),
        "site.documents": Message("文件", "Documents"),
        "site.switch": Message("English", "中文"),
        "site.footer": Message(
            "答案摘自文件原文；引用前请核对原件。",
            "Answers are taken from the documents' own words; check the original before you rely on them.",
        ),
        "site.api": Message("接口说明（OpenAPI）", "OpenAPI description"),
        "site.public_only": Message(
            "未提供密钥：只显示主动公开的文件。", "No key was given: only documents released to the public are shown."
        ),
        "date": Message("{year}年{month}月{day}日", "{year}-{month:02}-{day:02}"),
        "list.separator": Message("、", "、"),
        "section.separator": Message(" › ", " › "),
        # Question and answer
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
        # On the command line
        "print.question": Message("问", "Q"),
        "print.note": Message("注", "Note"),
        "print.lead": Message("可参考", "See perhaps"),
        "print.none": Message("（未写明）", "(not stated)"),
        "print.sources": Message("出处", "Sources"),
        # List of documents
        "documents.heading": Message("文件", "Documents"),
        "documents.filter": Message("筛选", "Filter"),
        "documents.topic": Message("标题用词", "Words of the title"),
        "documents.place": Message("地区", "Place"),
        "documents.issuer": Message("发文机关", "Issuer"),
        "documents.kind": Message("文种", "Kind"),
        "documents.year_from": Message("年份自", "Year from"),
        "documents.year_to": Message("年份至", "Year to"),
        "documents.any": Message("不限", "any"),
        "documents.apply": Message("筛选", "Filter"),
        "documents.clear": Message("清除条件", "Clear"),
        "documents.total": Message("共 {total} 份", "{total} in all"),
        "documents.date": Message("日期", "Date"),
        "documents.title": Message("标题", "Title"),
        "documents.disclosure": Message("公开属性", "Disclosure"),
        "documents.also_in": Message("另有 {count} 份同文文件", "{count} more files of this text"),
        "documents.empty": Message("没有符合条件的文件。", "No document meets these conditions."),
        "documents.beyond": Message("这一页没有文件。", "There are no documents on this page."),
        "documents.pages": Message("翻页", "Pages"),
        "documents.previous": Message("上一页", "Previous"),
        "documents.next": Message("下一页", "Next"),
        "documents.at": Message("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
        "documents.first": Message("回到第一页", "Back to the first page"),
        # One document
        "document.elements": Message("公文要素", "Elements"),
        "document.contents": Message("目录", "Contents"),
        "document.to_text": Message("跳到全文", "Go to the text"),
        "document.text": Message("全文", "Text"),
        "document.twins": Message("其他形式", "Other forms"),
        "document.json": Message("要素数据（JSON）", "Elements as JSON"),
        "document.also_in": Message("同文文件：{source}", "Same text: {source}"),
        "document.file": Message("原始文件", "Original file"),
        "document.astray": Message(
            "链接所指的位置不在本文之内，故未标出。",
            "The place that the link names is not within this text; nothing is marked.",
        ),
        "document.marked": Message("已标出引文", "The cited words are marked"),
        "document.go": Message("转到引文", "Go to them"),
        # Elements of a document
        "element.title": Message("标题", "Title"),
        "element.document_number": Message("发文字号", "Document number"),
        "element.issuer": Message("发文机关", "Issuer"),
        "element.co_issuers": Message("联合发文机关", "Joint issuers"),
        "element.place": Message("地区", "Place"),
        "element.kind": Message("文种", "Kind"),
        "element.reply_category": Message("答复类别", "Class of reply"),
        "element.proposal": Message("所答复的提案建议", "Proposal answered"),
        "element.addressees": Message("主送", "Addressed to"),
        "element.cc": Message("抄送", "Copied to"),
        "element.signatory": Message("签发人", "Signed off by"),
        "element.issued_on": Message("成文日期", "Issued on"),
        "element.printed_on": Message("印发日期", "Printed on"),
        "element.disclosure": Message("公开属性", "Disclosure"),
        "element.attachments": Message("附件", "Attachments"),
        "element.lead_unit": Message("主办单位", "Handled by"),
        "element.cooperating_units": Message("协办单位", "Jointly handled by"),
        "element.pages": Message("页数", "Pages"),
        "element.source": Message("来源文件", "File"),
        "element.reading": Message("读取方式", "How it was read"),
        "element.packed": Message("文件内附件（未入正文）", "Files packed into it, not in the text"),
        "element.corrected": Message("人工更正", "Stated by hand"),
        "element.seen": Message("在原文中查看：{value}", "See in the text: {value}"),
        "reading.recognised": Message("扫描识别", "Recognised from a scan"),
        "reading.confidence": Message(
            "扫描识别，平均置信度 {share}%", "Recognised from a scan, mean confidence {share}%"
        ),
        "reading.pages": Message("识别的页：{pages}", "Pages recognised: {pages}"),
        "reading.hidden": Message(
            "文件中有 {characters} 个不显示的字符，未收入正文",
            "The file holds {characters} characters that it does not show; they are not in the text",
        ),
        "proposal.cppcc": Message("政协提案", "Proposal to the CPPCC"),
        "proposal.npc": Message("人大代表建议", "Suggestion by NPC deputies"),
        "proposal.number": Message("第{number}号", "No. {number}"),
        # Kinds and labels
        "kind.reply": Message("答复", "reply"),
        "kind.plan": Message("方案、规划", "plan"),
        "kind.notice": Message("通知", "notice"),
        "kind.report": Message("报告、总结", "report"),
        "kind.law": Message("法规、办法", "law or rule"),
        "kind.other": Message("其他", "other"),
        "disclosure.public": Message("主动公开", "public"),
        "disclosure.on_request": Message("依申请公开", "on request"),
        "disclosure.internal": Message("不予公开", "internal"),
        "disclosure.unlabelled": Message("未标注", "unlabelled"),
        # Errors
        "error.401": Message("密钥不符", "Unknown key"),
        "error.404": Message("没有这个文件或页面", "There is no such document or page"),
        "error.422": Message("请求的内容有误", "Something in the request is wrong"),
        "error.500": Message("系统出错", "The system failed"),
        "error.503": Message("文件库暂不可用", "The document index is not available"),
        "error.other": Message("无法完成请求", "The request could not be met"),
        "error.explain.401": Message("请核对密钥后再试。", "Check the key and try again."),
        "error.explain.404": Message(
            "它可能已被移除，或不在您可查看的范围内。", "It may have been removed, or lie outside what you may see."
        ),
        "error.explain.422": Message("请改正后再试。", "Mend it and try again."),
        "error.explain.500": Message("服务器日志中有详细记录。", "The server's log says more."),
        "error.explain.503": Message("请按下面的提示处理后再试。", "Do what is said below, then try again."),
        "error.explain.other": Message("请返回上一页再试。", "Go back and try again."),
        "error.detail": Message("详细信息", "Details"),
        "error.home": Message("回到首页", "Back to the front page"),
    }
)

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


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogue in one language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under a key with its values filled in.

        Raises:
            KeyError: There is no such key, or a value is missing.
        """
        message = CATALOGUE[key]
        return (message.zh if self.language is Language.ZH else message.en).format(**values)

    def day(self, day: date) -> str:
        """Return a date as documents write it (GB/T 9704-2012, 7.3.5.4: Arabic figures, no leading zeros), or ISO."""
        return self("date", year=day.year, month=day.month, day=day.day)
