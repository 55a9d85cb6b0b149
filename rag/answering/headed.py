"""What stands under the heading that names what is asked (按标题作答): conditions under 二、所需条件, steps under 三、办理程序.

Asked 需要什么条件 or 怎么申请, the words that answer repeat little of the question: it is the heading above them that tells what
they are. Such a heading is that of a clause, a short line of a page that numbers nothing, or a lead-in with its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rag.answering.composing import Composer, label
from rag.answering.enumerations import with_items
from rag.answering.intent import Intent, Reading
from rag.answering.matching import TermMatcher
from rag.answering.polarity import asks_yes_or_no
from rag.answering.subject import things_named
from rag.domain.document import OfficialDocument
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.text import fold, squeeze

MOST_CHARACTERS = 600
"""Longest clause given whole; of a longer one the part that names the act."""

LEAST_HELD = 0.7
"""Least share of the weight of what is asked about that title and headings must hold: 申请材料 of another thing is none of it."""

_HEADING_CHARACTERS = 30
_TAIL_CHARACTERS = 8
# 简化外资项目核准手续 is a task, not where the steps stand.
_TASK = re.compile(
    r"(?:简化|优化|规范|完善|改进|加快|加强|严格|切实|强化|健全|推进|推行|落实|创新|精简|放宽|延长|减少|取消|公布|明确)"
)
_ACT = r"(?:申请|申报|申领|办理|领取|报名|登记|备案|报送)"
# What is asked for, and how headings call it.
_PARTICULARS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:什么|哪些|啥|哪几[个项条])(?:样的?)?(?:基本)?(?:条件|资格)|条件(?:是|有|包括)?(?:什么|哪些|啥)"
        ),
        r"条件|资格(?!证)",
    ),
    (
        re.compile(
            rf"(?:怎么样?|如何|怎样|咋)(?:才能|可以|能|去|来|在?[线网]上|在网上|自己)*{_ACT}"
            r"|(?:什么|哪些|啥)(?:样的?)?(?:流程|程序|步骤|手续)|(?:流程|程序|步骤|手续)(?:是|有|包括)?(?:什么|哪些|怎样|怎么|如何|啥)"
        ),
        (rf"程序|流程|步骤|手续|{_ACT}(?:方式|方法|办法|渠道|途径|指南|指引)|(?:怎么|如何|怎样){_ACT}|[线网]上{_ACT}"),
    ),
    (
        re.compile(rf"(?:什么|哪些|啥|哪几[种份样]){_ACT}?(?:证明|书面)?(?:材料|资料|证件)"),
        r"材料|资料",
    ),
)
_SPOKEN = re.compile(r"[一二三四五六七八九十]是")  # 一是… is the beginning of a sentence
_NUMBER = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十\d]+[)）、.．]|第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]是|\d+)\s*"
)
_IS_ACT = re.compile(_ACT)
_IS_PARTICULAR = re.compile(r"条件|资格|程序|流程|步骤|手续|材料|资料|证件")
_NO_HEADING = re.compile(r"[，。；！,;!]")
_INTENTS = frozenset({Intent.HOW, Intent.FACT})


class Block(NamedTuple):
    """Words with the heading above them.

    Attributes:
        span: Both, in the document's text.
        heading: The heading alone, without those above it.
        section: Heading path.
    """

    span: Span
    heading: str
    section: tuple[str, ...]


def asked_heading(question: Question, reading: Reading) -> re.Pattern[str] | None:
    """Return how headings call the particular that a Chinese question asks for, ``None`` where it asks for none of these."""
    if question.is_english or reading.intent not in _INTENTS or reading.across or asks_yes_or_no(question):
        return None
    asked = squeeze(fold(question.text))
    return next((_heading_of(names) for asks, names in _PARTICULARS if asks.search(asked)), None)


def _heading_of(names: str) -> re.Pattern[str]:
    """Return what headings and lead-ins end with that introduce a particular: 申报条件及要求, 提交下列材料：."""
    return re.compile(
        rf"(?:{names})[^，。；,;]{{0,{_TAIL_CHARACTERS}}}$|(?:下列|以下|如下)[^，。；,;]{{0,6}}(?:{names})"
    )


def state_headed(
    question: Question, heading: re.Pattern[str], document: OfficialDocument, composer: Composer, searcher: Searcher
) -> bool:
    """State what stands under the heading of one document that names what is asked, if there is one.

    Args:
        question: The question.
        heading: From ``asked_heading``.
        document: The one that answers.
        composer: Where the statement goes.
        searcher: Knows how telling words are, and which are alike.

    Returns:
        Whether anything was stated.
    """
    topic = [
        term for term in things_named(question) if not _IS_PARTICULAR.search(term.word) and not _IS_ACT.match(term.word)
    ]
    weights = np.array([searcher.weight(term) for term in topic])
    if not weights.sum():
        return False
    matcher = TermMatcher(topic, searcher)
    title = document.elements.title or ""

    def held(block: Block) -> float:
        return float(
            np.dot(weights, matcher.strengths(" ".join((title, *block.section, block.heading)))) / weights.sum()
        )

    found = [block for block in blocks_of(document) if _introduces(heading, block.heading)]
    best = max(found, key=lambda block: (held(block), -block.span.start), default=None)
    if best is None or held(best) < LEAST_HELD:
        return False
    if len(best.span) > MOST_CHARACTERS:
        best = _part_of_the_act(question, document, best)
        if best is None:
            return False
    summary = document.summary
    mark = composer.cite(summary, document.text, best.span, section=best.section, page=document.page_of(best.span))
    composer.state(f"{label(summary)}：{best.span.of(document.text)}", [mark])
    return True


def blocks_of(document: OfficialDocument) -> Iterator[Block]:
    """Yield what stands under each heading, lead-in or short line of a document."""
    text = document.text
    for clause in document.clauses:
        title = clause.heading.of(text)
        if _is_short(title) and not _SPOKEN.match(title) and len(clause.span) > len(clause.heading) + 1:
            yield Block(clause.span, title, clause.path)
    lines = list(_lines(text))
    for number, line in enumerate(lines):
        words = line.of(text)
        whole = with_items(text, line)
        if whole != line:
            yield Block(whole, words, _path_at(document, line.start))
        elif _is_short(words) and not words.endswith(("：", ":")):
            below = lines[number + 1 :]
            last = line
            for each in below:
                said = each.of(text)
                if _is_short(said) and not said.endswith(("：", ":")):
                    break
                last = each
            if last != line:
                yield Block(Span(line.start, last.end), words, _path_at(document, line.start))


def _introduces(heading: re.Pattern[str], words: str) -> bool:
    plain = _NUMBER.sub("", squeeze(fold(words))).rstrip("?？:：。")
    return heading.search(plain) is not None and _TASK.match(plain) is None


def _is_short(words: str) -> bool:
    return len(words) <= _HEADING_CHARACTERS and not _NO_HEADING.search(words) and "\t" not in words


def _lines(text: str) -> Iterator[Span]:
    for match in re.finditer(r"[^\n]*\S[^\n]*", text):
        yield Span(match.start(), match.end())


def _path_at(document: OfficialDocument, place: int) -> tuple[str, ...]:
    holding = [clause for clause in document.clauses if clause.span.start <= place < clause.span.end]
    return max(holding, key=lambda clause: clause.level).path if holding else ()


def _part_of_the_act(question: Question, document: OfficialDocument, block: Block) -> Block | None:
    """Return the first part right under a block whose heading names what is to be done (（一）申请), if it is short enough."""
    act = re.search(_ACT, squeeze(fold(question.text)))
    inside = [c for c in document.clauses if block.span.contains(c.span) and c.span != block.span]
    nearest = min((c.level for c in inside), default=0)
    for clause in inside:
        named = clause.heading.of(document.text)
        if act and clause.level == nearest and act[0] in named and len(clause.span) <= MOST_CHARACTERS:
            return Block(clause.span, named, clause.path)
    return None
