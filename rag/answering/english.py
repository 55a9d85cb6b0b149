"""Answers to questions in English (英文答复): English framing around the quoted Chinese.

Nothing that a document says is translated. A statement's document is named in English words, its sentence stands
as quoted, the sentences that we compose ourselves are said in English, and agencies are glossed from a list
(``rag.answering.glossary``). What has no English here stays in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.answering.composing import label
from rag.answering.glossary import gloss
from rag.domain.answer import Answer, Citation, ComparisonRow, Statement, Status
from rag.domain.document import DocumentSummary
from rag.text import close_up, squeeze

_ROLES = {"牵头": "Lead", "负责": "Responsible", "主办": "Handled by"}
_HELPING = {"配合": "Cooperating", "按职责分工负责": "Responsible within their duties", "协办": "Jointly handled by"}
_DUTY = re.compile(
    r"“(?P<task>.+)”由(?:(?P<lead>(?:(?!按职责)[^，])+?)(?P<role>牵头|负责|主办))?(?:，?(?P<others>[^，]+?)(?P<help>配合|按职责分工负责|协办))?。"
)

# What we say of a document ourselves, by the Chinese that we say it in.
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(chinese), english)
    for chinese, english in (
        (r"发文字号是(.+)。", "its document number is {}."),
        (r"答复的是第(.+)号提案。", "it answers CPPCC proposal No. {}."),
        (r"答复的是第(.+)号建议。", "it answers NPC suggestion No. {}."),
        (r"答复第(.+)号(?:提案|建议)的是(.+)。", "it is the reply to No. {}, by {}."),
        (r"答复的(?:提案|建议)出自(.+)。", "what it answers was made at {}."),
        (r"答复的(?:提案|建议)题为(.+)。", "what it answers is titled {}."),
        (r"公开属性标注为(“.+”)。", "its disclosure label reads {}."),
        (r"签发人是(.+)。", "it was signed off by {}."),
        (r"抄送(.+)。", "it is copied to {}."),
        (r"主送(.+)。", "it is addressed to {}."),
        (r"答复类别标注为(.+)类。", "its class of reply is marked {}."),
        (r"附件为(.+)。", "its attachments are {}."),
        (r"发文机关是(.+)。", "it was issued by {}."),
        (r"标题是(.+)。", "its title is {}."),
        (r"成文日期是(.+)。", "it is dated {}."),
        (r"印发日期是(.+)。", "it was printed on {}."),
        (
            r"以上各件给出的数值不一致，按成文日期由新到旧排列。",
            "The documents above give different figures; they stand newest first.",
        ),
        (r"共(\d+)项：", "{} in all:"),
        (r"(.+?)共(\d+)项：", "{}: {} in all:"),
        (r"共(\d+)项，下面列出前(\d+)项：", "{} in all, of which the first {} are listed:"),
        (r"(.+?)共(\d+)项，下面列出前(\d+)项：", "{}: {} in all, of which the first {} are listed:"),
    )
)
_STATUSES = {"【已做】": "Done: ", "【计划】": "Planned: ", "【目标】": "Target: "}
_VERDICTS = (("是。", "Yes. "), ("否。", "No. "))
_COUNT = re.compile(r"库中符合条件（(?P<conditions>.*)）的文件共(?P<count>\d+)件(?:，下面列出前(?P<listed>\d+)件)?：")
_CONDITIONS = {
    "地区": "place", "年份": "year", "发文机关": "issuer", "文种": "kind", "公开属性": "disclosure",
    "答复对象": "answers", "答复类别": "class of reply", "主办单位": "handled by", "协办单位": "jointly handled by",
    "标题含": "title has", "正文提到": "text mentions", "效力": "validity", "全部文件": "all documents",
}  # fmt: skip
_REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(chinese), english)
    for chinese, english in (
        (r"现有文件没有说明。", "The documents at hand do not say."),
        (r"现有文件没有提到(.+)。", "The documents at hand do not mention {}."),
        (
            r"有符合条件的文件，但没有找到能回答这一问题的内容。",
            "There are documents that meet the conditions, but nothing in them answers this question.",
        ),
        (
            r"有(.+)的文件，但没有找到能回答这一问题的内容。",
            "There are documents of {}, but nothing in them answers this question.",
        ),
        (
            r"有符合条件的文件，但没有提到(.+)。",
            "There are documents that meet the conditions, but they do not mention {}.",
        ),
        (r"有(.+)的文件，但没有提到(.+)。", "There are documents of {}, but they do not mention {}."),
        (r"库中没有答复第(.+)号提案或建议的文件。", "No document answers proposal or suggestion No. {}."),
        (r"(.+)没有写明这一点。", "{} does not say."),
        (r"库中没有文号为(.+)的文件。", "There is no document numbered {}."),
        (r"库中没有符合条件（(.*)）的文件。", "There is no document that meets the conditions ({})."),
        (r"库中没有所问的法规。", "The statute asked about is not among the documents."),
        (
            r"库中没有所问的法规或文件，无法给出其(.+)。",
            "The statute or document asked about is not among the documents, so its {} cannot be given.",
        ),
        (
            r"没有写明是哪部法规或哪份文件的(.+)。",
            "The question does not say of which statute or document it wants {}.",
        ),
        (r"(.+)中没有(第.+)。", "{} has no {}."),
        (r"未能核实答案的引文，故不作答。", "The answer's quotations could not be verified, so none is given."),
    )
)


def in_english(answer: Answer) -> Answer:
    """Return an answer or refusal framed in English; quotes, units and citations are as they were."""
    if answer.status is Status.NO_EVIDENCE:
        return replace(answer, text=_refusal(answer.text), is_english=True)
    by_id = {citation.id: citation for citation in answer.citations}
    statements = tuple(_statement(s, [by_id[i] for i in s.citations if i in by_id]) for s in answer.statements)
    text = "\n".join(s.text + "".join(f"[{i}]" for i in s.citations) for s in statements)
    rows = tuple(
        replace(row, place=_place_asked(row.place, answer.question), text=_row(row, answer.statements, statements))
        for row in answer.comparison
    )
    return replace(answer, text=text, statements=statements, comparison=rows, is_english=True, glosses=_glosses(answer))


def _row(row: ComparisonRow, before: Sequence[Statement], after: Sequence[Statement]) -> str:
    """Return the statement of a row as it stands in English, without the name of its document."""
    head = _according_to(row.document)
    said = next((new for old, new in zip(before, after, strict=True) if old.citations == row.citations), None)
    return said.text.removeprefix(head) if said else f"“{row.text}”"


def _place_asked(place: str | None, question: str) -> str | None:
    """Return a place as the question writes it (Yunxiu of Yunxiu City), where it names it in letters."""
    if place is None:
        return None
    from pypinyin import lazy_pinyin  # its dictionaries take a while; few answers need them

    sound = "".join(lazy_pinyin(place.removesuffix("市").removesuffix("县").removesuffix("区")))
    for match in re.finditer(r"[A-Z][a-z']+(?: [A-Z][a-z']+)?", question):
        if match[0].replace(" ", "").replace("'", "").lower().startswith(sound):
            return f"{match[0].split()[0]} ({place})"
    return place


def with_gloss(name: str) -> str:
    """Return an agency's name with its English in brackets, where the list gives it: 市教体局 (Municipal …)."""
    english = gloss(name)
    return f"{name} ({english})" if english else name


def _glosses(answer: Answer) -> Mapping[str, str]:
    names = [name for duty in answer.duties for name in (*duty.lead, *duty.cooperating)]
    names += [c.document.issuer for c in answer.citations if c.document.issuer]
    return {name: english for name in dict.fromkeys(names) if (english := gloss(name)) is not None}


def _statement(statement: Statement, citations: Sequence[Citation]) -> Statement:
    words, after = statement.text, ""
    if statement.worked_out is not None:
        words = words.removesuffix(f"（{statement.worked_out.chinese}）")
        after = f" ({statement.worked_out.english})"
    before = next((english for chinese, english in _VERDICTS if words.startswith(chinese)), "")
    for chinese, _ in _VERDICTS:
        words = words.removeprefix(chinese)
    return replace(statement, text=before + _framed(words, citations) + after)


def _framed(words: str, citations: Sequence[Citation]) -> str:
    head = ""
    documents = {c.document.document_id: c.document for c in citations}.values()
    for document in documents:
        title = squeeze(f"《{document.title}》。")
        if words in (title, squeeze(f"{label(document)}：") + title, squeeze(f"{label(document)}。")):
            return f"{_name_of(document)}."  # in a list
    for document in documents:
        named = squeeze(f"{label(document)}：")
        if words.startswith(named):
            head, words = _according_to(document), words[len(named) :]
            break
    for chinese, english in _STATUSES.items():
        if words.startswith(chinese):
            return f"{head}{english}“{words.removeprefix(chinese)}”"
    duty = _DUTY.fullmatch(words)
    if duty is not None:
        return head + _duty(duty)
    quotes = [close_up(citation.quote) for citation in citations]
    if all(any(line.rstrip("。") in quote for quote in quotes) for line in words.split("\n")):
        return f"{head}“{words}”"
    return head + _composed(words, documents)


def _according_to(document: DocumentSummary) -> str:
    return f"According to {_name_of(document)}: "


def _name_of(document: DocumentSummary) -> str:
    """Name a document: issuer with its English, title, 文号."""
    number = f" ({document.document_number})" if document.document_number else ""
    name = squeeze(f"《{document.title}》") if document.title else document.source if not number else ""
    issuer = document.issuer or ""
    if issuer and not (document.title or "").startswith(issuer):
        issuer = f"{with_gloss(issuer)}, "
    else:
        english = gloss(issuer) if issuer else None
        issuer, number = "", number + (f", {english}" if english else "")
    return f"{issuer}{name}{number}"


def _duty(match: re.Match[str]) -> str:
    parts = [
        f"{names[match[verb]]}: {', '.join(with_gloss(name) for name in match[units].split('、'))}"
        for units, verb, names in (("lead", "role", _ROLES), ("others", "help", _HELPING))
        if match[units]
    ]
    return f"“{match['task']}” — {'; '.join(parts)}."


def _composed(words: str, documents: Iterable[DocumentSummary]) -> str:
    """Say in English what we composed ourselves; in Chinese as it is where there is no English for it."""
    count = _COUNT.fullmatch(words)
    if count is not None:
        listed = f"; the first {count['listed']} are listed" if count["listed"] else ""
        return f"{count['count']} documents in all meet the conditions ({_conditions(count['conditions'])}){listed}:"
    title = next((t for d in documents if words.startswith(t := squeeze(f"《{d.title}》"))), "")
    for chinese, english in _SENTENCES:
        match = chinese.fullmatch(words.removeprefix(title))
        if match is not None:
            return english.format(*match.groups())
    return f"in the document's words, {words}"  # put together of several places of it, and so no quote


def _conditions(words: str) -> str:
    parts = (part.partition("：") for part in words.split("；"))
    return "; ".join(
        f"{_CONDITIONS.get(name, name)}{': ' if mark else ''}{_named(value)}" for name, mark, value in parts
    )


def _refusal(reason: str) -> str:
    for chinese, english in _REFUSALS:
        match = chinese.fullmatch(reason)
        if match is not None:
            return english.format(*(_named(group) for group in match.groups()))
    return f"The documents at hand give no answer. ({reason})"


def _named(words: str) -> str:
    """Write names as English does: places come folded from the question."""
    parts = (part.removesuffix("'s") for part in words.split("、"))
    return ", ".join(part.title() if part.isascii() and part.islower() else part for part in parts)
