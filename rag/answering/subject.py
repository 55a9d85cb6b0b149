"""Whether evidence speaks of the very thing asked for (所问对象), not of one that is alike in all but name.

Line 3 is not line 2, the sixth contest is not the seventh, and a grant for renting is none for buying. What the question
names by a number must stand with that number where the sentence stands. For questions that want one fact (a figure, a
date), a noun that no document holds must be found there by a word of like meaning. For questions about a place, what is
asked of the thing (免费 of a hotline, 一等奖 of a contest) must be said in that place's documents, not the thing alone.

By the whole document: what tells the thing from others of its kind (货运 of 货运航班, 残疾人 of 残疾人乘坐地铁) and stands in other
documents must stand in the one that answers, or be put otherwise there. Official texts name whom and what they are for; so it
is the absence in all of the text that tells, not in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.answering.evidence import Evidence
from rag.answering.intent import Intent
from rag.answering.matching import TermMatcher, shortens
from rag.answering.polarity import asks_yes_or_no
from rag.domain.passage import Hit
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.retrieval.topic import INTERROGATIVE, Term
from rag.text import chinese_number, fold, squeeze

_ONE_FACT = frozenset({Intent.FIGURE, Intent.TIME})

# 3号线, 二期工程, 第5标段, 第六届, 首批. 第38号 of a proposal and 3号 of a month are read elsewhere.
_NUMBERED = re.compile(
    r"(?P<number>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<thing>号(?:线|楼|路|院|井|站|库|桥|机组|地块)|期(?:工程|项目)|标段|路(?:公交|车))"
    r"|(?:第(?P<ordinal>\d{1,3}|[一二三四五六七八九十]{1,3})|(?P<first>首))(?P<time>[届批轮])"
)

# Nouns that ask for the fact or name its kind, and stand in no answer.
_ASKING_NOUNS = frozenset(
    "水平 计划 实际 原因 期限 意思 号码 号文 资金 数量 数字 数目 总数 人数 金额 额度 标准 钱 价格 时间 时候 日期 日子 时长 "
    "时限 年份 情况 结果 目标 比例 比率 占比 程度 规模 范围 幅度 东西 地方 问题 办法 措施 内容 要求 规定 政策 方式 条件 "
    "孩子 小孩 娃 老人 老头 家长 人家 老百姓 百姓 市民 大家 咱们 单位 部门 机关 月底 年底 年初 月初 个人 "
    "目的 意义 作用 理由 用途 渠道 途径 详见 产生 预计 预期 估计 大概 大约 做法 举措 不同 区别 差别 差异 异同 对比 比较".split()
)
# 省道 is no 县道: what differs by its level alone stands for itself alone.
_LEVELLED = re.compile(r"^[国省县乡村]道$")
# 县级 may be said of counties in any words (县（市、区）).
_LEVEL = re.compile(r"^[国省市县区乡镇村]级$")
_ALIKE = 0.3
"""Least strength by which a word stands for another here; see ``TermMatcher.strengths``."""

_ALIKE_ENOUGH = 0.25
"""The same for what is asked of a thing, which lay questions often put otherwise (快速通道, 绿色通道)."""

LEAST_PUT_OTHERWISE = 0.25
"""Least strength by which a noun is put otherwise somewhere in a document; ``training/calibrate_topics.py`` tells what it costs."""

PUT_OTHERWISE_BESIDE_ITS_NOUN = 0.8
"""The same for what stands right before a word that the document has: 货运 is like 客运 and another, of 航班, so only what means
the same will do."""

TELLING = 0.6
"""Least weight of such a noun, as a share of that of the question's rarest noun that a document holds: 机构 and 工程 tell little from anything."""

_CLAUSE_MARK = re.compile(r"[，,；;。？?！!\s]")

_ASKS_WHICH = re.compile(r"(?:是|为|有|归|在)(?:哪|什么|谁|啥)")


def wants_one_fact(intent: Intent) -> bool:
    """Whether a question wants a figure or a date, which another thing's must not pass for."""
    return intent in _ONE_FACT


def names_the_numbered(question: Question, evidence: Evidence) -> bool:
    """Tell whether what the question names by a number (3号线) is named where a sentence stands."""
    asked = _numbered(question.text)
    around = " ".join((evidence.passage.text, evidence.document.title or "", *evidence.passage.section))
    return not asked or asked <= _numbered(around)


def _numbered(text: str) -> set[tuple[int | None, str]]:
    found = _NUMBERED.finditer(squeeze(fold(text)))
    return {(chinese_number(m["number"] or m["ordinal"] or "1"), m["thing"] or m["time"]) for m in found}


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
        noun not in said if _LEVELLED.match(noun) else strength < _ALIKE and not shortens(noun, said)
        for noun, strength in zip(nouns, strengths, strict=True)
    )


def asked_of_it(question: Question) -> Term | None:
    """Return what a Chinese question asks of its subject, ``None`` where it cannot be told.

    Of a question for yes or no it is the last word that carries meaning (热线是免费的吗), else the noun right before the asking
    word (一等奖是哪个学校).
    """
    if question.is_english:
        return None
    asked = squeeze(fold(question.core))
    if not asks_yes_or_no(question):
        match = _ASKS_WHICH.search(asked)
        if match is None:
            return None
        asked = asked[: match.start()]
    carrying = [t for t in question.terms if (len(t.word) > 1 or t.word.isdigit()) and t.word not in _ASKING_NOUNS]
    stands = [(asked.rfind(t.word) + len(t.word), t) for t in carrying if t.word in asked]
    end, term = max(stands, key=lambda each: each[0], default=(0, None))
    return term if term is not None and (asks_yes_or_no(question) or end == len(asked)) else None


def is_said(term: Term, hits: Iterable[Hit], evidence: Iterable[Evidence], matcher: TermMatcher) -> bool:
    """Tell whether what is asked of a thing is said: in any passage found in its very words, or in a sentence otherwise.

    Args:
        term: From ``asked_of_it``.
        hits: What the search found under the question's place.
        evidence: The sentences that may answer.
        matcher: Of this term alone.
    """
    return any(word in squeeze(fold(hit.passage.text)) for hit in hits for word in term.alternatives) or any(
        matcher.strengths(e.text)[0] >= _ALIKE_ENOUGH for e in evidence
    )


def telling_nouns(question: Question, searcher: Searcher) -> tuple[Term, ...]:
    """Return the nouns of a Chinese question that tell its thing from others of its kind, as far as some document holds them.

    They stand in the clause that asks; what the asking word itself asks for (哪些材料) is none of them.
    """
    if question.is_english:
        return ()
    clauses = [clause for clause in _CLAUSE_MARK.split(_asked(question)) if INTERROGATIVE.search(clause)]
    known = [term for term in things_named(question) if searcher.knows(term.word)]
    least = TELLING * max((searcher.weight(term) for term in known), default=0.0)
    kinds = [clause[match.end() :] for clause in clauses for match in INTERROGATIVE.finditer(clause)]
    return tuple(
        term
        for term in known
        if term.is_noun
        and not _LEVEL.match(term.word)
        and any(term.word in clause for clause in clauses)
        and not any(kind.startswith(term.word) for kind in kinds)
        and searcher.weight(term) >= least
    )


def tells_of_another(
    question: Question, nouns: Sequence[Term], matcher: TermMatcher, text: str, found: Sequence[str]
) -> bool:
    """Tell whether a document lacks one of the nouns that tell the thing asked for from others.

    Args:
        question: The question.
        nouns: From ``telling_nouns``.
        matcher: Of these nouns, in this order.
        text: All of the document, with its title.
        found: What was found of it, and its headings: where a noun may be put otherwise.
    """
    plain = squeeze(fold(text))
    absent = [
        at
        for at, noun in enumerate(nouns)
        if not any(word in plain for word in noun.alternatives) and not shortens(noun.word, plain)
    ]
    if not absent:
        return False
    matcher.prepare(found)
    strengths = [matcher.strengths(each) for each in found]
    asked = _asked(question)
    held = [t.word for t in question.terms if len(t.word) > 1 and any(word in plain for word in t.alternatives)]
    for at in absent:
        after = asked[asked.find(nouns[at].word) + len(nouns[at].word) :]
        qualifies = any(after.startswith(word) for word in held)
        least = PUT_OTHERWISE_BESIDE_ITS_NOUN if qualifies else LEAST_PUT_OTHERWISE
        if max((each[at] for each in strengths), default=0.0) < least:
            return True
    return False


def _asked(question: Question) -> str:
    return squeeze(question.meant or fold(question.core))
