"""Whether evidence speaks of the very thing asked for (所问对象), not of one that is alike in all but name.

Line 3 is not line 2, and a grant for renting is none for buying. Two rules, for questions that want one fact (a figure, a
date): what the question names by a number must stand with that number where the sentence stands; and a noun that no
document holds must be found there by a word of like meaning.
"""

from __future__ import annotations

import re

from rag.answering.evidence import Evidence
from rag.answering.intent import Intent
from rag.answering.matching import TermMatcher
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import Term
from rag.text import chinese_number, fold, squeeze

_ONE_FACT = frozenset({Intent.FIGURE, Intent.TIME})

# 3号线, 二期工程, 第5标段. 第38号 of a proposal and 3号 of a month are read elsewhere.
_NUMBERED = re.compile(
    r"(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<thing>号(?:线|楼|路|院|井|站|库|桥|机组|地块)|期(?:工程|项目)|标段|路(?:公交|车))"
)

# Nouns that ask for the fact or name its kind, and stand in no answer.
_ASKING_NOUNS = frozenset(
    "水平 计划 实际 原因 期限 意思 号码 号文 资金 数量 数字 数目 总数 人数 金额 额度 标准 钱 价格 时间 时候 日期 日子 时长 "
    "时限 年份 情况 结果 目标 比例 比率 占比 程度 规模 范围 幅度 东西 地方 问题 办法 措施 内容 要求 规定 政策 方式 条件 "
    "孩子 小孩 娃 老人 老头 家长 人家 老百姓 百姓 大家 咱们 单位 部门 机关 月底 年底 年初 月初 个人 "
    "做法 举措 不同 区别 差别 差异 异同 对比 比较".split()
)
# 省道 is no 县道: what differs by its level alone stands for itself alone.
_LEVELLED = re.compile(r"^[国省县乡村]道$")
_ALIKE = 0.3
"""Least strength by which a word stands for another here; see ``TermMatcher.strengths``."""


def wants_one_fact(intent: Intent) -> bool:
    """Whether a question wants a figure or a date, which another thing's must not pass for."""
    return intent in _ONE_FACT


def names_the_numbered(question: Question, evidence: Evidence) -> bool:
    """Tell whether what the question names by a number (3号线) is named where a sentence stands."""
    asked = _numbered(question.text)
    around = " ".join((evidence.passage.text, evidence.document.title or "", *evidence.passage.section))
    return not asked or asked <= _numbered(around)


def _numbered(text: str) -> set[tuple[int | None, str]]:
    return {(chinese_number(m["number"]), m["thing"]) for m in _NUMBERED.finditer(squeeze(fold(text)))}


def unknown_nouns(question: Question, searcher: Searcher) -> tuple[str, ...]:
    """Return the nouns of a Chinese question that no document holds: names of things, not words that ask."""
    if question.is_english:
        return ()
    return tuple(
        term.word
        for term in things_named(question)
        if not any(character.isdigit() for character in term.word)
        and not any(searcher.knows(word) for word in term.alternatives)
    )


def things_named(question: Question) -> list[Term]:
    """Return the terms of a question that name things, without the nouns that only ask."""
    return [
        term for term in question.terms if term.share == 1.0 and len(term.word) > 1 and term.word not in _ASKING_NOUNS
    ]


def lacks(evidence: Evidence, nouns: tuple[str, ...], matcher: TermMatcher) -> bool:
    """Tell whether a sentence with its headings and title has nothing that stands for one of ``nouns``.

    Args:
        evidence: The sentence.
        nouns: From ``unknown_nouns``.
        matcher: Of these nouns, in this order.
    """
    said = " ".join((evidence.text, evidence.document.title or "", *evidence.passage.section))
    strengths = matcher.strengths(said)
    return any(
        noun not in said if _LEVELLED.match(noun) else strength < _ALIKE and not _shortens(noun, said)
        for noun, strength in zip(nouns, strengths, strict=True)
    )


def _shortens(noun: str, text: str) -> bool:
    """Whether a noun is short for words of the text: 镇街 for 镇（街道）."""
    return re.search(r"[^，。；\n]{0,2}".join(map(re.escape, noun)), text) is not None
