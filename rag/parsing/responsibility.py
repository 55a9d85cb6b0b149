"""Grammar of responsibility (责任表述): units and the verbs that make them lead, help or answer for a task."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain.span import Span
from rag.parsing.agencies import is_field, looks_like_agency, split_units, take_apart
from rag.text import squeeze


@dataclass(frozen=True, slots=True)
class Units:
    """Where the units of a duty stand.

    Attributes:
        lead: 牵头, 主办 units, or those a statement makes responsible.
        cooperating: 配合, 协办 or 按职责分工负责 units.
    """

    lead: tuple[Span, ...]
    cooperating: tuple[Span, ...]


# ---------------------------------------------------------------------------------------- brackets

_LABEL = re.compile(
    r"(?P<label>(?:牵头|主办|主责|责任|负责|落实|承办|实施|配合|协办|参与|协同|协作|会办|协助)(?:(?:责任)?(?:单位|部门|主体|机构|科室)))\s*[:：]"
    r"|(?P<bare>主办|协办|会办|承办|牵头|配合)\s*[:：]"
    # Lead: …; Supporting agencies: … in plans written the English way
    r"|(?P<english>(?i:lead|leading|responsible|support|supporting|cooperating|coordinating|participating)(?:\s+(?i:units?|agency|agencies|departments?|bod(?:y|ies)|organi[sz]ations?))?)\s*[:：]"
    r"|(?P<other>完成时限|完成时间|时间安排|时限|责任领导|责任人|完成期限|时间节点|进度安排|牵头领导|分管领导)\s*[:：]"
)
_LEADS = re.compile(r"牵头|主办|主责|(?i:lead)")
_ANSWERS = re.compile(r"责任|负责|落实|承办|实施|(?i:responsible)")

# The verbs behind a list of units; longer ones first.
_VERB = re.compile(
    r"(?P<lead>(?:共同|联合|具体)?牵头(?:负责|落实|组织实施|实施|推进|抓好落实)?|主办)"
    r"|(?P<divided>(?:等)?(?:按照?|依据?|依照|根据|结合)?(?:各自)?(?:职责|职能|工作)(?:分工|任务)?(?:分别|各自)?(?:负责|落实|抓好落实|配合|做好)(?:落实|相关工作)?"
    r"|(?:按照?)?分工(?:负责|落实)|分别负责|各负其责)"
    r"|(?P<help>(?:积极|协同|协助|共同|参与|密切|分别)*(?:配合|协助|参与|协同|协办|会办)(?:落实|实施|做好)?)"
    r"|(?P<answer>(?:具体|共同|分别|组织)?(?:负责(?:落实|实施)?|落实|承办|组织实施))"
)
_JOINING = re.compile(r"[\s，,、；;。]*(?:并?由|并?会同|联合|其他|以及)?\s*")
_WITH = re.compile(r"会同|联合|商(?=[省市县区])")
_EDGE = " \t\u3000\n，,、；;。"


def read_bracket(plain: str, inside: Span, *, default_lead: bool = False) -> Units | None:
    """Read the units of a bracket's words, ``None`` where they are not a list of agencies.

    Args:
        plain: The text in simplified script.
        inside: The words between the brackets.
        default_lead: Take a bare list of units as leading (a cell under 牵头单位).
    """
    if _LABEL.search(plain, inside.start, inside.end):
        return _labelled(plain, inside)
    verbs = list(_VERB.finditer(plain, inside.start, inside.end))
    if not verbs:
        units = _agencies(plain, inside) if default_lead else None
        return Units(units, ()) if units else None
    lead: list[Span] = []
    cooperating: list[Span] = []
    answering: list[Span] = []
    start = inside.start
    for verb in verbs:
        joined = _JOINING.match(plain, start, verb.start())
        is_with = joined is not None and ("会同" in joined[0] or "联合" in joined[0])
        begin = joined.end() if joined else start
        start = verb.end()
        if not plain[begin : verb.start()].strip(_EDGE):
            continue  # 牵头、负责: a second verb of the same units
        together = _WITH.search(plain, begin + 2, verb.start())
        own = _agencies(plain, Span(begin, together.start() if together else verb.start()))
        helpers = _agencies(plain, Span(together.end(), verb.start())) if together else ()
        if own is None or helpers is None:
            return None
        if verb.lastgroup == "lead" and not is_with:
            lead.extend(own)
        elif verb.lastgroup == "answer" and not is_with:
            answering.extend(own)
        else:
            cooperating.extend(own)
        cooperating.extend(helpers)
    if plain[start : inside.end].strip(_EDGE):
        return None
    if lead:
        cooperating.extend(answering)
    else:
        lead = answering
    return Units(tuple(lead), tuple(cooperating)) if lead or cooperating else None


def _labelled(plain: str, inside: Span) -> Units | None:
    """Read 牵头单位：X；配合单位：Y; 责任单位 leads unless a 牵头单位 is named."""
    labels = list(_LABEL.finditer(plain, inside.start, inside.end))
    if plain[inside.start : labels[0].start()].strip(_EDGE):
        return None
    lead: list[Span] = []
    cooperating: list[Span] = []
    answering: list[Span] = []
    ends = [label.start() for label in labels[1:]] + [inside.end]
    for label, end in zip(labels, ends, strict=True):
        if label["other"]:
            continue
        units = _agencies(plain, Span(label.end(), end))
        if units is None:
            return None
        name = label["label"] or label["english"] or label["bare"]
        if _LEADS.match(name):
            lead.extend(units)
        elif _ANSWERS.match(name):
            answering.extend(units)
        else:
            cooperating.extend(units)
    if lead:
        cooperating = answering + cooperating
    else:
        lead = answering
    return Units(tuple(lead), tuple(cooperating)) if lead or cooperating else None


def _agencies(plain: str, listed: Span) -> tuple[Span, ...] | None:
    """Cut a list of agencies; ``None`` when one of its items is not written like one."""
    words = listed.of(plain)
    found: list[Span] = []
    for item in split_units(words):
        name = item.of(words).strip(_EDGE)
        if not name:
            continue
        if not looks_like_agency(name):
            return None
        length = len(item.of(words).rstrip()) - (name.endswith("等") and len(name) > 2)  # 财政部等: 等 names nobody
        found.append(Span(item.start, item.start + length).shift(listed.start))
    return tuple(found) or None


# -------------------------------------------------------------------------------------- statements

# 负责同志, 负责人, 牵头单位 and 牵头作用 are nouns.
_NOUN = r"(?!同志|人(?!民|才|员|口|力|社|大|居)|任(?!务)|制(?![定订])|的|科室|部门|单位|机构|作用|地位|领导|干部|书记|主任|工作的)"
_RESPONSIBLE = re.compile(
    rf"(?P<units>[^。！？；\n]{{2,160}}?)(?:等)?(?:共同|主要|具体|将|要|应当?|分别|统一|全面|依法|按照?职责(?:分工)?|按照?各自职责|根据职责)*"
    rf"(?P<verb>负责牵头(?:推进|组织)?|牵头负责|牵头{_NOUN}|负责{_NOUN})(?P<of>对)?"
)
# In the middle of a sentence the units stand right after the comma.
_PART = re.compile(_RESPONSIBLE.pattern.replace("[^。！？；\\n]{2,160}?", "[^，,。！？；\\n]{2,120}?"))
# 负责…工作的部门: says which department is meant.
_ATTRIBUTE = re.compile(
    r"[^，,。；]{1,30}?的(?:部门|机构|单位|人员|工作人员|组织|同志|主管|领导|行政|工作机构|专门机构)"
)
_LEAD_THEN_HELP = re.compile(
    r"[，,、]\s*(?:由)?(?P<units>[^，,。；\n]{2,160}?)(?:协助配合|积极配合|协同配合|密切配合|配合|协助|参与|协办|共同(?:推进|参与|落实|负责|配合)|按职责分工负责)(?=[，,。；\n、]|$)[，,、]?"
)
_WITH_STATEMENT = re.compile(
    r"(?P<units>[^。！？；\n，,]{2,80}?)会同(?P<others>[^。！？；\n，,]{2,80}?(?:部门|单位|局|委|厅|部|办|机构|政府|组织))"
)
# What departments are told to do in a plan or a law without 负责: 财政部门做好…, 政法部门将…纳入….
_ORDER = re.compile(
    r"(?P<units>[^。！？；\n，,]{2,120}?)(?P<order>(?:(?:要|应当?|须|必须)(?=[\u4e00-\u9fff])|将(?=[^。]{2,60}纳入)|(?:切实)?做好|加大|(?:切实)?落实|统筹|承担))"
)
# X作为某项工作的牵头单位: says it of itself, in a reply too.
_AS_LEAD = re.compile(
    r"(?P<units>[^。！？；\n，,]{2,60}?)作为(?P<task>[^，,。；\n]{2,60}?)(?:的)?牵头(?:单位|部门|机构|局|委|办)(?:之一)?(?=[，,。；\n]|$)"
)
# 镇（街道）指定科室负责某项工作: the body that designates answers for it.
_DESIGNATES = re.compile(
    r"(?P<units>[^。！？；\n，,]{2,60}?)(?:指定|明确|确定|安排)[^，,。；\n]{1,12}负责(?!同志|人(?!民|才|员|口))"
)
# 建立…的某领导小组，负责某项工作
_FOUNDED = re.compile(
    r"[^。！？；\n，,]{0,40}?(?:建立|成立|设立|组建)(?:[^，,。；\n]{0,40}的)?(?P<units>[^，,。；\n的]{2,24}?(?:小组|专班|指挥部|办公室|委员会))"
    r"[，,](?:具体|统一|全面)?负责(?!同志|人(?!民|才|员|口))"
)
# 各部门根据职责范围落实某项工作
_BY_DIVISION = re.compile(
    r"(?P<units>[^。！？；\n，,]{2,60}?)(?:根据|按照?|依据|依照|结合)(?:各自)?(?:的)?(?:工作)?(?:职责|职能)(?:分工|范围|任务)?[，,]?(?:共同|认真|切实|分别|依法|积极)*"
    r"(?P<order>做好|落实|抓好|推进|开展|加强|履行|组织)"
)
# 会同Y共同推动某项工作, inside what a body answers for: a task with helpers of its own.
_TOGETHER = re.compile(
    r"[，,；;]\s*并?会同(?P<others>[^。！？；\n，,]{2,60}?(?:部门|单位|局|委|厅|部|办|机构|政府|组织))(?:等)?(?:共同|联合|一起)?(?=[\u4e00-\u9fff])"
)
_LEADING_WORDS = re.compile(
    r"(?:其中|同时|此外|另外|另|并|原则上|由|请|对于[^，]{2,20}，|(?:现|特)?将?.{0,2}职责分工如下[:：]?)[，,：:]?\s*"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence, or a part of it, makes agencies answer for.

    Attributes:
        start: Where the part begins.
        task: Where the words stand that say what is to be done.
    """

    start: int
    units: Units
    task: Span


def read_statements(plain: str, sentence: Span, *, orders: bool) -> list[Statement]:
    """Read a sentence that opens with agencies and says what they answer for, and its further parts of that kind.

    X负责甲，Y负责乙 gives two.

    Args:
        plain: The text in simplified script.
        sentence: The sentence, without brackets that state a duty of their own.
        orders: Read 财政部门做好… as a duty too (in a plan or a law; in a reply it tells what was done).
    """
    start = sentence.start
    if leading := _LEADING_WORDS.match(plain, start, sentence.end):
        start = leading.end()
    opening = Span(start, sentence.end)
    first = _responsible(plain, opening)
    if first is None:
        return _unopened(plain, opening, orders=orders)
    found = [Statement(start, *first)]
    for comma in _COMMA.finditer(plain, first[1].start, sentence.end):
        part = Span(comma.end(), sentence.end)
        following = _responsible(plain, part, known=True)
        if following is not None:
            last = found[-1]
            found[-1] = Statement(last.start, last.units, Span(last.task.start, max(comma.start(), last.task.start)))
            found.append(Statement(part.start, *following))
    return [part for statement in found for part in _with_helpers(plain, statement)]


def _unopened(plain: str, opening: Span, *, orders: bool) -> list[Statement]:
    """Read a sentence that does not open with X负责 or X牵头."""
    statement = _as_lead(plain, opening) or (_given(plain, opening) if orders else None)
    if statement is not None:
        return [statement]
    for comma in _COMMA.finditer(plain, opening.start, opening.end):
        part = Span(comma.end(), opening.end)
        statement = _as_lead(plain, part)
        if statement is None and orders and (divided := _divided(plain, part)) is not None:
            statement = Statement(part.start, *divided)
        match = _PART.match(plain, part.start, part.end) if statement is None else None
        if match is not None and "牵头" in match["verb"] and (led := _responsible(plain, part, known=True)) is not None:
            statement = Statement(part.start, *led)
        if statement is not None:
            return [statement]
    return []


def _as_lead(plain: str, part: Span) -> Statement | None:
    """Read X作为某项工作的牵头单位."""
    match = _AS_LEAD.match(plain, part.start, part.end)
    units = _subject(plain, Span(*match.span("units")), known=True) if match else None
    return Statement(part.start, Units(units, ()), Span(*match.span("task"))) if match and units else None


def _given(plain: str, opening: Span) -> Statement | None:
    """Read what a plan gives to a body without 负责 right behind its name."""
    if (match := _DESIGNATES.match(plain, opening.start, opening.end)) is not None:
        units = _agencies(plain, Span(*match.span("units")))
        if units and all(_PUBLIC_BODY.search(squeeze(unit.of(plain))) for unit in units):
            return Statement(opening.start, Units(units, ()), Span(match.end(), opening.end))
    if (match := _FOUNDED.match(plain, opening.start, opening.end)) is not None:
        return Statement(opening.start, Units((Span(*match.span("units")),), ()), Span(match.end(), opening.end))
    ordered = _ordered(plain, opening)
    return Statement(opening.start, *ordered) if ordered else None


def _with_helpers(plain: str, statement: Statement) -> list[Statement]:
    """Part what a body answers for alone from what it is to do 会同Y."""
    match = _TOGETHER.search(plain, statement.task.start, statement.task.end)
    others = _agencies(plain, Span(*match.span("others"))) if match else None
    if match is None or not others or match.start() - statement.task.start < 2:
        return [statement]
    return [
        Statement(statement.start, statement.units, Span(statement.task.start, match.start())),
        Statement(match.start() + 1, Units(statement.units.lead, others), Span(match.end(), statement.task.end)),
    ]


def _divided(plain: str, sentence: Span) -> tuple[Units, Span] | None:
    """Read X按职责做好…."""
    match = _BY_DIVISION.match(plain, sentence.start, sentence.end)
    units = _agencies(plain, Span(*match.span("units"))) if match else None
    if match is None or not units or not all(_PUBLIC_BODY.search(squeeze(unit.of(plain))) for unit in units):
        return None
    return Units(units, ()), Span(match.start("order"), sentence.end)


_COMMA = re.compile(r"[，,；;]\s*(?:由|并由)?")


def _responsible(plain: str, sentence: Span, *, known: bool = False) -> tuple[Units, Span] | None:
    """Read X负责…, X牵头…, X牵头，Y配合，…."""
    match = (_PART if known else _RESPONSIBLE).match(plain, sentence.start, sentence.end)
    units = _subject(plain, Span(*match.span("units")), known=known) if match else None
    if match is None or units is None or _ATTRIBUTE.match(plain, match.end(), sentence.end):
        return None
    if "牵头" in match["verb"]:
        helpers = _LEAD_THEN_HELP.match(plain, match.end("verb"), sentence.end)
        others = _agencies(plain, Span(*helpers.span("units"))) if helpers else None
        if helpers and others:
            return Units(units, others), Span(helpers.end(), sentence.end)
    return Units(units, ()), Span(match.end("verb"), sentence.end)


def _ordered(plain: str, sentence: Span) -> tuple[Units, Span] | None:
    """Read X会同Y…, X要…, X做好…."""
    match = _WITH_STATEMENT.match(plain, sentence.start, sentence.end)
    if match and (units := _subject(plain, Span(*match.span("units")))):
        others = _agencies(plain, Span(*match.span("others")))
        return (Units(units, others), Span(match.end(), sentence.end)) if others else None
    if (divided := _divided(plain, sentence)) is not None:
        return divided
    match = _ORDER.match(plain, sentence.start, sentence.end)
    if match is None:
        return None
    is_modal = match["order"][0] in "要应须必"
    units = _subject(plain, Span(*match.span("units")), known=not is_modal)
    if units is None or not all(_PUBLIC_BODY.search(squeeze(unit.of(plain))) for unit in units):
        return None
    return Units(units, ()), Span(match.start("order"), sentence.end)


def _subject(plain: str, listed: Span, *, known: bool = False) -> tuple[Span, ...] | None:
    """Read the agencies that a sentence opens with.

    Args:
        plain: The text in simplified script.
        listed: The words in front of the verb.
        known: Ask that the tables know the last of them, so that 各部门加强… is left out.
    """
    units = _agencies(plain, listed)
    if units is None:
        return None
    last = squeeze(units[-1].of(plain))
    if any(_NO_SUBJECT.search(unit.of(plain)) for unit in units):
        return None
    if known and not take_apart(last).families and not is_field(last) and not last.startswith("各"):
        return None
    return units


# 电梯使用单位应当… binds the public; a duty is of government.
_PUBLIC_BODY = re.compile(
    r"(?:部门|政府|局|委|厅|办|部|委员会|办公室|办事处|街道|镇|乡|会|院|站|中心)(?:[（(].*[)）])?$"
    r"|^(?:各|有关|相关|市级|县级|区级|省级).*(?:单位|机构|行业|地区|地方|区|县)(?:[（(].*[)）])?$"
)
_NO_SUBJECT = re.compile(
    r"指定|设立|成立|作为|我(?=[省市县区局委])|本(?=[市局])|主要|任组长|担任|^(?:部门|企业|个人|用人单位|单位|机构|组织|社区|村|中心)$"
)
