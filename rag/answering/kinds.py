"""The kind of thing a question asks for (所问何物), and whether words hold it: a figure of a unit, a date, a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.intent import Intent
from rag.domain.personal import MASK
from rag.retrieval.question import Question
from rag.retrieval.topic import Term
from rag.text import DOCUMENT_NUMBER, fold, squeeze

# Words that give a reason; 因此 and 因而 draw a conclusion, 因素 and 因地制宜 do neither.
_REASON = re.compile(r"因(?![此而素地人材]|公)|由于|缘于|鉴于|原因|受.{1,20}影响|难以|暂不具备|无法|不足")
_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千两]+)"
_FIGURE = re.compile(
    rf"\d[\d,.]*\s*[%％‰万亿千百余多]*\s*(?!年(?!级)|月|日|号)[\u4e00-\u9fff:：%％/]?|{_NUMBER}分之{_NUMBER}|1[:：]\d+|每[一二两三四五六七八九十\d]+[周月年天]"
)
# Statutes write figures in Chinese: 满十五年, 三十日内, 五百元以上. One of these by itself is no figure (一般, 第三十条,
# 一个): it must count something, and 一 alone counts too little to be told from 一个.
_CHINESE_FIGURE = (
    r"(?<!第)(?<![一二三四五六七八九十百千万])(?:[二三四五六七八九两]|[一二三四五六七八九十百千万零两]{2,}|十)"
)
_ONE = r"(?<![第十百千○〇零一二三四五六七八九])一"  # of a length of time: 顺延一年, 一次
_STATUTORY_FIGURE = re.compile(
    rf"{_CHINESE_FIGURE}(?:个?(?:工作日|小时|月)|周?岁|[年日天元倍成次种类人名件项分级届]|万元)(?!般)"
)
# （1）, 1. and 第三条 number the parts of a text and count nothing.
_ITEM_NUMBER = re.compile(
    r"[（(]\s*\d{1,3}\s*[）)]|(?:^|(?<=[。；：;:\n]))\s*\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十百千零\d]+[条款项章节]"
)
_QUOTED_WORD = re.compile(r"[“\"「]([\u4e00-\u9fff0-9a-z]{1,20})[”\"」]")
_DEFINITION = re.compile(
    r"(?P<word>[\u4e00-\u9fffa-z0-9、]{2,40})[”\"》]?(?:[(（][^()（）]*[)）])?(?:,|，)?(?:是指|指的是|(?<=[,，])指)"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}\s*年|\d{1,2}\s*月|[一二三四五六七八九十]+月|今年|去年|明年|本月|年底|年内|上旬|中旬|下旬|期间|以来|季度|“十[一二三四五]五”|\d+\s*(?:年|个月|天|日|个?工作日)内"
    r"|[一二三四五六七八九十百]+个?(?:年|月|日|工作日|小时)(?:内|以内|前|后)|之日[起止]"
    r"|[每次](?:年|季度?|月|周|星期)[一二三四五六日\d]*|(?:结束|解除|终止|期满|届满|到期)(?:[之以]?[后後前]|时|为止|$)|(?:[高中]考|会议|假期)[之以]?[后後前]"
)
_WHOLE_DATE = re.compile(r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日")
_DAY = re.compile(r"(?:(?:19|20)\d{2}年)?(?:\d{1,2}月)?\d{1,2}日|(?:19|20)\d{2}年(?:\d{1,2}月)?|\d{1,2}月")
_ASKS_CLOCK = re.compile(r"几点|(?:服务|开放|营业|接听|运营|工作|值守)时[间段]")
_CLOCK = re.compile(r"\d{1,2}\s*(?:[:：]\d{2}|[时点])(?!间|以前的)|24小时(?!\s*[内內以之])|全天")
_SITE = re.compile(
    r"设在|设立在|位于|地址|依托|在.{1,20}(?:设|建|举办|召开|开展)|医院|学院|大学|卫生院|中心|公园|广场|村|社区|路|街"
)
# Where a thing is (在哪里) is told by words that place it; which one it is (哪家医院), by a name.
_ASKS_LOCATION = re.compile(
    r"(?<!用)在哪(?:里|儿|个地方|条|[,，。？?]|$)|在(?:何处|什么地方)|地址|\bwhere (?:is|are|was|were)\b"
)
_ASKS_ADDRESS = re.compile(r"地址|哪条|门牌|什么路|\baddress\b")
_ADDRESS = re.compile(r"地址|[路街巷道弄](?:\d+号|与|和|$|[,，。；)）])|\d+号(?!线|令|文)|位于|坐落|设[在于]")
_LOCATED = re.compile(
    r"设在|设于|设立在|设立于|位于|坐落|地址|地点|依托|附近|[到至向往][^，。；]{1,20}(?:办理|申请|报名|领取|窗口|医院|中心|现场)|通过[^，。；]{1,30}(?:办理|申请|平台|网|窗口)|登录|窗口"
    r"|在[^，。；]{1,30}(?:设|建|举办|召开|开展|举行|成立|办理|进行|开办|开设)"
    r"|[（(][^（）()]{2,60}(?:社区|村|镇|乡|街|路|院|中心|馆|校|园)[^（）()]*[）)]"
)
# Measure words that stand for one another: 多少名医师 may be answered by 243人.
_UNITS = (
    "人名位",
    "家所个处座间",
    "场次期个",
    "个项",
    "人次",
    "元",
    "%％‰",
    "年月天日周时分",
    "件份项条",
    "张床",
    "公里米",
    "支辆台套种类户",
)
_ASKED_UNIT = re.compile(
    r"(?:多少|几)\s*(?:个(?=人(?![民员才家工体])))?(?P<unit>万元|亿元|人次|场次|公里|平方米|床位|小时|周?岁|个?工作日|个月|日|倍|项(?!目)|[家个名所场次处户位间座支条份件种类辆张人元%年月天层栋幢门套只头本篇折期届])"
)
# Lengths of time and ages, which stand for one another only in part.
_LONG_UNITS = {
    "周岁": "周?岁",
    "岁": "周?岁",
    "工作日": "个?工作日|日|天",
    "个工作日": "个?工作日|日|天",
    "日": "日|天|个?工作日|个月|小时",
    "天": "日|天|个?工作日|个月|小时",
    "个月": "个月|年|日",
    "年": r"(?<!\d{4})年",
}
_FREQUENCY = re.compile(
    r"每(?:隔)?(?:[一二两三四五六七八九十半\d]+)?个?(?:学年|学期|季度|年|月|周|天|日|班)|\d+\s*(?:个)?(?:工作日|年|月|周|天|日|小时|分钟)|[一二两三四五六七八九十]+次"
    r"|(?<![第十百千○〇零一二三四五六七八九])[一二两三四五六七八九十半]{1,3}(?:个(?:工作日|月|星期|学年|学期|季度|小时)|年(?!级)|周(?!岁)|天|日(?!报)|小时|分钟)"
)
_RATIO = re.compile(r"\d\s*[:：∶]\s*\d|\d\s*[%％‰]|分之|\d成|[一二三四五六七八九]成|\d个?(?:基点|BP)")
# 比例是多少: said of the figure, which need not be called so (按50%给予贴息).
_NAMES_OF_FIGURES = frozenset("比例 比率 占比 比重 百分比 幅度 额度 数量 数目 数额 总数 总量 总额".split())
# Where to look something up (在哪里查询) is told by a site or by the document that has it.
_ASKS_WHERE_TO_LOOK = re.compile(
    r"(?:在|从|到|上)?(?:哪里|哪儿|哪个网站|哪些网站|何处)(?:[能可]以?|可以|能够)?(?:查|看|了解|下载|获取|找)"
)
_LOOKED_UP = re.compile(
    r"网[站址页]|官网|公众号|客户端|app|小程序|平台|系统|专[栏区]|登录|查[询阅看]|下载|《[^《》]{4,60}》"
)
# Levels below the county whose things a question counts, and the words that a sentence has for each.
_LEVELS = (
    (
        r"村(?:[（(]社区[)）])?级|社区(?:[（(]村[)）])?级|(?:村|社区)(?=[^，。？]{0,8}(?:室|站|点|中心))",
        r"村|社区|居委|居民|[（(]居",
    ),
    (r"(?:乡镇|镇街|街道|乡级|镇级)(?=[^，。？]{0,8}(?:室|站|点|中心))", r"乡|镇|街"),
)
_ASKS_MONEY = re.compile(
    r"多少(?:钱|资金|经费|费用|投资|补助|补贴|预算|专项)|几块钱|(?:补助|补贴|资金|经费|投入|收费|票价|工资|费用|预算|投资|奖励)[^，。？]{0,6}多少|费(?:一般|分别|大概|现在)?(?:是|为|要|收|交|缴)*多少|how much|subsidy|funding"
)
# 收费标准降低多少: 30% as well as 300元.
_ASKS_CHANGE = re.compile(
    r"(?:降低?|下降|下调|减少?|减免|免征|减征|提高|增加|增长|上涨|上调|上升|扩大|压减|缩短|延长)(?:了|到|至)?多少(?![万亿]?元|钱)"
)
_ASKS_NUMBER_TO_CALL = re.compile(
    r"(?:热线|电话|号码|联系方式)(?:的?号码)?(?:是|为|有)?(?:多少|什么|几号)(?![个条次部人名位家座间台支张坐席]|来电|电话)|(?:打|拨打?)(?:哪个|什么|多少)(?:热线|电话|号码)?"
    r"|\b(?:phone|telephone|hotline|helpline) number\b|number of the [a-z ]{0,40}(?:hotline|helpline)"
)
_FACILITY_CALLED = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2}(?:中心|医院|卫生院|服务站|工作站|窗口|大厅|学校|服务点))的?(?:联系|办公|咨询)?(?:电话|号码|联系方式|座机)"
)
_ENGLISH_FACILITY = re.compile(r"\b(?:clinic|hospital|cent(?:er|re)|school)s?$")
# 12356, 96110, 400-161-9995, 0717-6221234, 6731 9162; not 2000名, 186万. One that is masked is a number too.
_NUMBER_TO_CALL = re.compile(
    rf"(?:(?<![{MASK}*])(?:[{MASK}*]{{3,4}}[-－—]+)?[{MASK}*]{{7,12}}(?![{MASK}*])|"
    r"(?<![\d.,])(?:1[12]\d{1,3}|9[56]\d{3,4}|[48]00[- ]?\d{3}[- ]?\d{4}|(?:0\d{2,3}[-－—)）]?)?[2-8]\d{3} ?\d{3,4}|1[3-9]\d{9})"
    r"(?![\d.,]*\d|[ ]*[多余]?[万千百亿元人名个条次场家所年月日%％平公]))"
)
# A number to call is no figure of anything: 设立热线67319162 does not tell how many called.
_CALLED = re.compile(
    rf"(?:热线|电话|号码|拨打)[^，。；\d]{{0,6}}{_NUMBER_TO_CALL.pattern}|{_NUMBER_TO_CALL.pattern}(?=[”\"」]|[^，。；\d]{{0,6}}(?:热线|电话|平台))"
)
# Who were reached are counted in 人次 as well as in 人; how many people there are is not.
_REACHED = re.compile(
    r"(?:培训|服务|覆盖|参加|受益|接待|惠及|访谈|宣传|救助|就诊|开展|接听|参与|干预|帮助)(?:了|过|的)?[^，。？]{0,8}(?:多少|几)|(?:多少|几)[^，。？]{0,6}(?:参加|受益|接受|参与)"
)
_FIGURES_OF_THEIR_OWN = (
    (_ASKS_NUMBER_TO_CALL, _NUMBER_TO_CALL),
    (re.compile(r"多久|多长时间|how (?:long|often)"), _FREQUENCY),
    (
        re.compile(
            r"比例|师生比|占比|比率|百分|(?:率|比)(?:[上下]调|调整|[降提]高?低?)?(?:是|为|达?到|至)?多少|percentage|ratio|proportion"
        ),
        _RATIO,
    ),
)
PEOPLE = re.compile(r"(?:[师员士生家者工民警]|人才|骨干|干部)$")
_MONEY_FIGURE = re.compile(r"\d[\d,.]*[万亿千百余多]*元|\d[\d,.]*[万亿](?!人|字|辆|平|名|册|次)")
_ONLY_COUNTED = re.compile(r"(?:一共|总共|共计?|目前|现在?)*(?:有|是|为|达到?)?(?:一共|总共|共计?)?")
_MEASURE_WORD = 4
"""Most characters between the asking word and the noun that is counted (多少个县级…)."""

_MONEY = re.compile(r"资金|经费|预算|投入|费用|补贴|补助|钱|元|收费|标准|奖励|拨款|投资")


def holds_kind(intent: Intent, question: Question, text: str) -> bool:
    """Tell whether words hold the kind of thing asked for: a figure (of the unit asked), a date, a place."""
    plain = squeeze(text)
    if intent is Intent.FIGURE:
        return _holds_figure(question, text)
    if intent is Intent.TIME:
        return (_CLOCK if _ASKS_CLOCK.search(question.text) else _DATE).search(plain) is not None
    if intent is Intent.DEFINITION:
        asked = fold(question.text)
        return _glossed(asked, fold(plain)) or any(defined in asked for defined in _defined(fold(plain)))
    if intent is Intent.WHY:
        return _REASON.search(plain) is not None
    if intent is Intent.WHERE:
        return _holds_place(fold(question.text), text)
    return False


def _holds_place(asked: str, text: str) -> bool:
    if "\t" in text:  # a table's row: what its columns are stands in its head
        return True
    if _ASKS_WHERE_TO_LOOK.search(asked):
        return _LOOKED_UP.search(squeeze(fold(text))) is not None
    kind = _ADDRESS if _ASKS_ADDRESS.search(asked) else _LOCATED if _ASKS_LOCATION.search(asked) else _SITE
    return kind.search(squeeze(fold(text))) is not None


def asks_location(question: Question) -> bool:
    """Whether a question wants to know where something is, not which one it is."""
    return _ASKS_LOCATION.search(fold(question.text)) is not None


def asks_number_to_call(question: Question) -> bool:
    """Whether a question wants a telephone number."""
    return _ASKS_NUMBER_TO_CALL.search(fold(question.text)) is not None


def facility_called(question: Question) -> tuple[str, ...]:
    """Return what the facility may be called whose telephone number a question wants (服务中心的电话), empty where it names none."""
    match = _FACILITY_CALLED.search(squeeze(fold(question.core)))
    if match is not None:
        return (match["name"],)
    called = [t for t in question.terms if _ENGLISH_FACILITY.search(t.word)] if asks_number_to_call(question) else []
    return called[0].alternatives if called else ()


def asks_hours(question: Question) -> bool:
    """Whether a question wants the hours of a service, which are said without its name (每天8时至24时由专人接听)."""
    return _ASKS_CLOCK.search(question.text) is not None


def _glossed(asked: str, plain: str) -> bool:
    """Whether a word that the question quotes is explained in brackets: “一级”来电 by 一级（有自伤伤人危险）."""
    return any(f"{word}(" in plain for word in _QUOTED_WORD.findall(asked))


def _defined(plain: str) -> list[str]:
    """Return the words that a sentence defines: 未成年人 in 本法所称未成年人，是指…."""
    return [re.sub(r"^.*(?:所称的?|第[^条]{1,8}条)", "", match["word"]) for match in _DEFINITION.finditer(plain)]


def _are_people(question: Question) -> bool:
    """Whether people are counted: who is asked for as 几个 may be told as 几名."""
    counted = counted_noun(question)
    return bool(counted) and PEOPLE.search(counted[-1].word) is not None


def _holds_figure(question: Question, text: str) -> bool:
    asked = fold(question.text)
    plain = squeeze(text)
    if "\t" in text:  # a table's row: the unit stands in its head
        return re.search(r"\d", _DAY.sub(" ", plain)) is not None
    # The 文号 and the date of a document count nothing.
    plain = _WHOLE_DATE.sub(" ", DOCUMENT_NUMBER.sub(" ", _ITEM_NUMBER.sub(" ", plain)))
    for asks, holds in _FIGURES_OF_THEIR_OWN:
        if asks.search(asked):
            return holds.search(plain) is not None
    plain = _CALLED.sub(" ", plain)
    unit = _ASKED_UNIT.search(asked)
    asks_money = _ASKS_MONEY.search(asked) and not _ASKS_CHANGE.search(asked)
    if asks_money or (unit and "元" in unit["unit"]):
        return _MONEY_FIGURE.search(plain) is not None or re.search(rf"{_CHINESE_FIGURE}[万亿]?元", plain) is not None
    if unit is None:
        return _FIGURE.search(plain) is not None or _STATUTORY_FIGURE.search(plain) is not None
    if unit["unit"] in "人名位" and not _REACHED.search(asked):
        plain = plain.replace("人次", " ")
    if _counts_in(unit["unit"], asked[unit.end() :], plain):
        return True
    return unit["unit"] == "个" and _counts_in("名", "", plain.replace("人次", " ")) and _are_people(question)


def _counts_in(unit: str, following: str, plain: str) -> bool:
    """Whether ``plain`` has a figure in the unit asked for, in one that stands for it, or right before the noun."""
    if unit in _LONG_UNITS:
        return re.search(rf"(?:\d[\d,.]*|{_CHINESE_FIGURE}|{_ONE})(?:{_LONG_UNITS[unit]})", plain) is not None
    if unit == "次" and re.search(rf"{_ONE}次(?!性)", plain):
        return True
    alike = "".join(units for units in _UNITS if unit in units) or unit
    names = [f"[{re.escape(alike)}]" if len(unit) == 1 else re.escape(unit)]
    noun = re.match(r"[\u4e00-\u9fff]{2}", following)
    if noun:  # 14部门 for 多少个部门
        names.append(noun[0])
    return re.search(rf"(?:\d[\d,.]*[万亿千百余多]*|{_CHINESE_FIGURE})(?:{'|'.join(names)})", plain) is not None


def names_level(question: Question, text: str) -> bool:
    """Whether a sentence names the level whose things are counted: 村（社区）级心理咨询室 are none of schools."""
    asked = squeeze(fold(question.text))
    return all(re.search(words, text) for level, words in _LEVELS if re.search(level, asked))


def asked_unit(question: Question) -> str | None:
    """Return the measure word that a figure is asked in (多少名 gives 名), ``None`` when none is named."""
    unit = _ASKED_UNIT.search(question.text)
    return unit["unit"] if unit is not None else None


def counts_people(question: Question) -> bool:
    """Whether people are counted, by what they do: of a talk with 100余人 the clause with the figure need not name the talk.

    People named by what they are (多少名医师) are counted like things: with their noun.
    """
    unit = _ASKED_UNIT.search(question.text)
    counted = counted_noun(question)
    return unit is not None and unit["unit"][0] in "人名位" and not (counted and PEOPLE.search(counted[-1].word))


def counted_noun(question: Question) -> tuple[Term, ...]:
    """Return the noun whose number is asked for, word by word, its head last; empty when it cannot be told or is money.

    It is the one after the asking word (多少名心理健康志愿服务专家), else the last before it (精神科执业护士有多少人). A sentence
    that lacks the head counts something else, however alike the rest, and so does one that lacks what the head is told by.
    """
    match = re.search(r"多少|几[家个名所场次项处户位间座支条份件篇种类辆张人层栋]|how many", fold(question.text))
    if (
        match is None
        or question.is_english
        or _MONEY.search(question.text)
        or _ASKS_NUMBER_TO_CALL.search(question.text)
    ):
        return ()
    unit = _ASKED_UNIT.search(question.text)
    if unit is not None and unit["unit"] in _LONG_UNITS:
        return ()  # a length of time or an age is of what is done, and counts no noun
    text = fold(question.text)
    after, before = text[match.end() :], text[: match.start()]
    nouns = _nouns(after, question.terms)
    if nouns and nouns[0][0] <= _MEASURE_WORD:
        return nouns[0][1]
    preceding = _nouns(before, [term for term in question.terms if term.word not in _NAMES_OF_FIGURES])
    if not preceding:
        return ()
    start, noun = preceding[-1]
    between = before[start + sum(len(term.word) for term in noun) :]
    is_subject = _ONLY_COUNTED.fullmatch(between) and not _FIGURES_OF_THEIR_OWN[-1][0].search(question.text)
    return noun if is_subject else noun[-1:]  # 学校心理辅导室建成多少所 may be told of schools


def _nouns(text: str, terms: Sequence[Term]) -> list[tuple[int, tuple[Term, ...]]]:
    """Return the nouns of a text with where each begins: words of the question that stand together make one."""
    places = sorted(
        (m.start(), t.word, t) for t in terms if t.share == 1.0 for m in re.finditer(re.escape(t.word), text)
    )
    nouns: list[tuple[int, tuple[Term, ...]]] = []
    end = -1
    for start, word, term in places:
        if start < end:
            continue  # part of a longer word
        if start == end:
            nouns[-1] = (nouns[-1][0], (*nouns[-1][1], term))
        else:
            nouns.append((start, (term,)))
        end = start + len(word)
    return nouns
