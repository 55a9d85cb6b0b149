"""What kind of answer a question wants (问题类型). A table of patterns, tried in order, tested as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.answering.polarity import asks_yes_or_no
from rag.domain.span import Span
from rag.parsing.agencies import mentions
from rag.retrieval.question import Question
from rag.retrieval.topic import Term
from rag.text import fold


class Intent(StrEnum):
    """The kind of answer wanted."""

    LEADS = "leads"  # 由谁牵头
    COOPERATES = "cooperates"  # 哪些部门配合
    RESPONSIBLE = "responsible"  # 由谁负责
    UNIT_DUTIES = "unit_duties"  # 某单位负责什么
    HANDLES = "handles"  # 谁主办、谁协办
    FIGURE = "figure"  # 多少
    TIME = "time"  # 什么时候
    DEFINITION = "definition"  # 什么是、是指什么
    WHERE = "where"  # 在哪里
    ACROSS = "across"  # 哪些地方、各地
    WHY = "why"  # 为什么
    HOW = "how"  # 怎么做
    FACT = "fact"


DUTY_INTENTS = frozenset({Intent.LEADS, Intent.COOPERATES, Intent.RESPONSIBLE, Intent.UNIT_DUTIES, Intent.HANDLES})

_WHO = r"(?:谁|(?:哪(?:个|些|家|几个|几家)?|什么)(?:市|区|县|级)?(?:部门|单位|机构|机关|委办局|局|委|组织|科室))"
_WHO_SHORT = r"(?:谁|哪(?:个|些|家|几个)?|什么单位|什么部门)"
_UNIT = r"(?:部门|单位|机构|机关|局|委|办|厅|会|院|部|政府|团市委|残联|妇联|街道|高校|科)"

_PATTERNS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.UNIT_DUTIES,  # 哪些工作由市教育局牵头, but not 哪些工作由谁牵头
        r"(?:什么|哪些|(?:哪?几|多少)[项个件]|多少)(?:工作|任务|事项?|项目|措施|行动|方面)[^，。？谁哪什]{0,6}(?:是|由|归)[^，。？谁哪什]{1,16}(?:牵头|负责|主管|管)",
    ),
    (
        Intent.UNIT_DUTIES,  # 由市司法局牵头的任务有几项
        r"(?:由|归)[^，。？谁哪什]{2,16}(?:牵头|负责|主管|配合)的[^，。？]{0,6}(?:工作|任务|事项?|项目|措施)[^，。？]{0,4}(?:几|多少|哪些|什么)",
    ),
    (
        Intent.HANDLES,
        rf"(?:{_WHO_SHORT}[^，。？]*(?:主办|协办|承办)|(?:主办|协办|承办)(?:单位|部门)?[^，。？]*(?:谁|哪|什么)"
        r"|(?:提案|建议|议案)的?(?:由|是|归)?(?:办理(?:单位|部门|机关)[^，。？]*(?:谁|哪|什么)|(?:谁|哪[^，。？]{1,6})(?:来|负责)?办理)"
        rf"|(?:主办|协办|承办)(?:单位|部门)(?:是|为)[^，。？]*吗|由[^，。？]{{1,16}}(?:主办|协办|承办)的?吗)",
    ),
    (
        Intent.LEADS,
        rf"(?:{_WHO_SHORT}[^，。？]*(?:牵头|领头|带头|挑头|主抓|抓总|主导)|牵头的?(?:(?:单位|部门|机关)(?:是|为|有)?|是|为|有){_WHO_SHORT}|牵头的?谁"
        rf"|牵头(?:单位|部门|机关)(?:是|为)[^，。？]*吗|由[^，。？]{{1,16}}牵头[^，。？]{{0,8}}吗)",
    ),
    (
        Intent.COOPERATES,
        rf"(?:{_WHO}[^，。？]*(?:配合|协助|协同|参与)|(?:配合|协同|参与)(?:的)?(?:单位|部门)(?:是|为|有)?{_WHO}?)",
    ),
    (
        Intent.UNIT_DUTIES,
        rf"{_UNIT}[^，。？]{{0,24}}(?:负责|牵头|配合|参与|承担|分管|主管)[^，。？]{{0,16}}(?:什么|哪些|哪几|哪[一二两三四五六七八九十]?[项件块样]|啥|哪方面|(?:几|多少)(?:[项件]|个?(?:任务|工作|事项)))"
        rf"|{_UNIT}[^，。？]{{0,24}}(?:职责|任务|分工)[^，。？]{{0,4}}(?:是|有)(?:什么|哪些|啥)"
        rf"|(?:什么|哪些|哪几项)[^，。？]{{0,12}}(?:工作|任务|事项|事)?(?:是|由|归)[^，。？]{{1,16}}(?:牵头|负责|主管)",
    ),
    (
        Intent.RESPONSIBLE,
        rf"(?:由|归)?{_WHO}[^，。？]{{0,12}}(?:负责|主管|分管|管理|管|承担|组织实施|落实|来做|来抓)"
        rf"|(?:责任|主管|负责)(?:单位|部门|机关)(?:是|有|为|分别)*(?:{_WHO}|哪)|归{_WHO}",
    ),
)
_ENGLISH_PATTERNS: tuple[tuple[Intent, str], ...] = (
    (
        Intent.HANDLES,
        r"\b(?:who|which)\b.*\b(?:handl\w+|undertak\w+)\b|\b(?:main|lead|primary) (?:handling|organi[sz]er|undertaking) unit",
    ),
    (
        Intent.UNIT_DUTIES,
        r"\bwhat (?:is|are|does|do|did|was|were)\b.*\b(?:bureau|department|commission|committee|federation|union|league|authorit\w+|agenc\w+)\b.*"
        r"\b(?:responsib\w+|lead\w*|in charge|do|duties|role|task\w*)\b|\b(?:duties|responsibilit\w+) of\b",
    ),
    (
        Intent.LEADS,
        r"\b(?:who|which|what)\b.*\b(?:leads?|leading|led|heads?|headed|spearhead\w*)\b|\blead (?:department|unit|agenc|bod)\w*",
    ),
    (
        Intent.COOPERATES,
        r"\b(?:who|which|what)\b.*\b(?:cooperat\w*|co-operat\w*|assist(?:s|ed|ing)?|support\w*|help\w*|participat\w*)\b",
    ),
    (
        Intent.RESPONSIBLE,
        r"\b(?:who|which|what)\b.*\b(?:responsible|in charge|oversee\w*|manage\w*|administer\w*|accountable|run|runs)\b"
        r"|\b(?:who|which) (?:department|agenc|bureau|unit|authorit|bod)\w*\b",
    ),
)
# 哪几类 asks which, and 好几家, 近几年 ask nothing.
WHEN = r"(?:[什啥][么嘛]?时[候间]|何时|几时|多会儿|哪[一两三几]?个?[年天月日]|几[月号])"
"""Words that ask when, as a pattern."""

_SOME_NUMBER = r"(?<![哪好这那近前后头十第])几"
_GENERAL: tuple[tuple[Intent, str], ...] = (
    (
        Intent.ACROSS,
        r"哪些(?:地方|地区|城市|市|县|区|省|地市|市县)|哪几个(?:地方|地区|城市|市|县|区)|各地|各个?(?:市|区|县)(?:的|在|都|分别)|多地|分别|对比|比较|相比|不同地方|which (?:places|cities|counties|districts)|compare|across",
    ),
    (
        Intent.DEFINITION,
        r"什么是(?=[\u4e00-\u9fff])|什么叫|何谓|是指什么|指的是什么|是什么意思|的(?:定义|含义)|[岁龄]以[下上](?:的人)?(?:是|算|属于|为)",
    ),
    (
        Intent.WHY,
        r"为什么|为何|为啥|何以|(?:什么|啥)(?:原因|缘故)|原因(?:是|有|在)|\bwhy\b|what (?:is|was|are|were) the reasons?",
    ),
    (
        Intent.TIME,
        rf"{WHEN}|几年(?:份|开始|启用)|几点|时间是|\bwhen\b|what (?:year|date|month|day)|by what|which year",
    ),
    (
        Intent.FIGURE,
        rf"多少|{_SOME_NUMBER}(?:[个名家所场次项人处年号天条支座位种类日倍%周届层间张台辆栋门套折级部篇]|个?(?:小时|分钟)|周?岁|大?类)|多大|多高|多长|多久|比例|师生比|占比|百分之几|how (?:many|much|often|long|large|big)|what (?:number|percentage|ratio|amount|proportion)|ratio|\b(?:phone|telephone|hotline|helpline) numbers?\b|number of [a-z ']*(?:hotline|helpline)",
    ),
    (
        Intent.WHERE,
        r"(?<![用花])在哪(?![些几]?个?(?:方面|环节|领域))|哪里|(?<!如)何处|什么地方|哪儿|设在|哪家|哪所|哪个医院|\bwhere\b|which (?:hospital|school|place)",
    ),
    (
        Intent.HOW,
        r"怎么|如何|怎样|咋|什么(?:措施|办法|做法|打算|计划|要求|服务|合作|内容|工作|目标)|哪些(?:措施|做法|办法|工作|方面|服务|内容|要求|打算|计划)|下一步|\bhow\b|what (?:measures|steps|plans|goals?)",
    ),
)


_ASKING = re.compile(
    r"多少|哪几?|几(?=[家个名所场次项年月人处种类日岁])|什么|何时|谁|怎么|如何|吗|how many|when|where|which|what|who"
)
# Words that ask for a duty; they are no part of its topic.
DUTY_WORDS = re.compile(
    r"^(?:做好|抓好|搞好|抓总|总|挑头|事情?|牵头|负责|主办|协办|承办|配合|协助|参与|主管|分管|责任|职责|分工|任务|项|部门|单位|机构|机关|组织|工作|谁|管理|管|承担|领导|带头|角色|身份|"
    r"牵头单位|牵头部门|责任单位|责任部门|主管部门|主办单位|协办单位|配合单位|配合部门|有关|相关|办理|答复|落实|"
    r"departments?|lead(?:s|ing)?|units?|agenc(?:y|ies)|responsib(?:le|ility|ilities)|charge|bureaus?|work|cooperat\w*|"
    r"assist\w*|support\w*|tasks?|dut(?:y|ies)|government|bod(?:y|ies)|role|handl\w+|oversees?|manages?)$"
)
_COOPERATION = re.compile(r"配合|协助|协同|参与|协办|分工|角色|cooperat|co-operat|assist|support|participat|help")


@dataclass(frozen=True, slots=True)
class Reading:
    """A question's intent and what goes with it.

    Attributes:
        intent: The first that matches.
        across: The question asks for several places or documents side by side.
        asks_once: There is one asking word; two (多少人，涉及哪些) need a fuller answer.
        names_cooperating: Cooperating units are asked for too, not the lead alone.
    """

    intent: Intent
    across: bool
    names_cooperating: bool = True
    asks_once: bool = True


def read_intent(question: Question) -> Reading:
    """Tell which kind of answer a question wants."""
    text = fold(question.text)
    named = {place.key for place in question.places if place.names}
    across = re.search(_GENERAL[0][1], text) is not None or len(named) > 1
    once = len(_ASKING.findall(text)) <= 1
    patterns = _ENGLISH_PATTERNS if question.is_english else _PATTERNS
    for intent, pattern in (*patterns, *_GENERAL[1:]):
        if re.search(pattern, text):
            if intent is Intent.FIGURE and asks_yes_or_no(question):
                continue  # 抽查比例有上限吗: no figure need answer it
            return Reading(intent, across, intent is not Intent.LEADS or _COOPERATION.search(text) is not None, once)
    return Reading(Intent.ACROSS if across else Intent.FACT, across)


def duty_topic(question: Question, intent: Intent) -> tuple[Term, ...]:
    """Return the words of the task that a question about duties names.

    What a unit does in one field (教育部门在国旗教育中) is not answered by what it does elsewhere: where a unit's duties
    are asked for, the words of its name are no part of the topic, else only where others are left.
    """
    topic = tuple(t for t in question.terms if not DUTY_WORDS.match(t.word))
    found = mentions(question.text)
    named = [fold(name) for _, name in found]
    # 市场监督管理部门 is as little a topic as 市场监管部门, under which name its spellings meet.
    if intent is Intent.UNIT_DUTIES:
        named += [fold(span.of(question.text)) for span, _ in found]
    other = tuple(t for t in topic if not any(t.word in name or name in t.word for name in named))
    if intent is Intent.UNIT_DUTIES:
        other = tuple(t for t in other if not _runs_out_of(t.word, question.text, [span for span, _ in found]))
    return other if other or (named and intent is Intent.UNIT_DUTIES) else topic


def _runs_out_of(word: str, asked: str, names: Sequence[Span]) -> bool:
    """Whether a word was cut from the end of an agency's name and what follows it, and nowhere else (局要 of 民政局要)."""
    stands = [match.start() for match in re.finditer(re.escape(word), asked)]
    return bool(stands) and all(any(name.start < at < name.end < at + len(word) for name in names) for at in stands)
