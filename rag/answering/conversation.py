"""Follow-up questions (追问) made whole from the question before: 那宜昌呢？, 谁配合？, and in 2024?

By rule, and visibly: what comes out is an ordinary question that is answered as if it had been asked, and the
answer says how it was taken (理解为). Nothing is remembered; the asker sends the questions before. A follow-up
brings one thing – a place, a year, an agency, a 文号, a topic, or what is asked – and takes all else from the
question before. A question that has a topic of its own is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.parsing.agencies import mentions
from rag.retrieval.question import Question
from rag.retrieval.topic import INTERROGATIVE, without_courtesy
from rag.text import DOCUMENT_NUMBER, fold

MOST_BEFORE = 10
"""Most questions before that an asker may send."""

Understand = Callable[[str], Question]

_HAN = r"[\u4e00-\u9fff]"
_LEAD = re.compile(
    r"^(?:(?:那么|那末|那|哦|嗯|好的?|还有|另外|以及|然后|再问一?下|再请问|请问|换成|换作|如果是|要是|至于)[，,、 ]*)+"
)
_TAIL = re.compile(r"(?:的?(?:话|情况))?(?:呢|又?(?:怎么样|如何|怎样))?[？?。！!~ ]*$")
_QUESTION_END = re.compile(r"[？?。！!~ ]*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)(?:年度?)?|[去今前明]年")
_FILLER_EDGE = re.compile(r"^[的在、，, ]+|[的、，, ]+$")
_FILLER = re.compile(r"[的市县区省在里和与及、，,。？?！! 呢吗吧啊年度]|方面|情况|这边|那边|同样|一样")
_PARTICLES = re.compile(
    r"[的是有要由在了到会将能应被为和与及、，,。？?！! 呢吗吧啊都还又再也就各其这那些个来去给向从过共约得可]"
)
_ASPECT = re.compile(
    r"牵头|配合|协同|负责|主办|协办|承办|参与|责任|主管|分管|领导|组织|实施|落实|完成|办结|到位|建成|启动|开始|结束|截止|到期|时限|期限|时间|"
    r"时候|日期|进度|进展|目标|任务|措施|办法|做法|步骤|要求|内容|原因|理由|依据|结果|效果|部门|单位|机构|机关|人员|人数|数量|总数|资金|经费|预算|"
    r"投入|费用|标准|比例|地点|地方|地址|联系人|联系电话|联系方式|电话|文号|标题|印发|发布|发文|成文|公开|出台|生效|施行|制定|签发|需要|具体|分别|"
    r"一共|总共|大概|主要|开展|进行|推进|下一步|打算|计划|安排|支持|协助|市级|县级|区级|省级|覆盖|达到|提供|钱|花|做|干|搞|办|管|设|人|家|所|名|万"
)
_THING = re.compile(
    r"(?:这|该|此|上述)(?:项|个|些|件)?(?:工作|任务|项目|事情|事项|事|措施|活动|行动|政策)|它们?|其(?=由|何时|什么|牵头|配合|中)"
)
_THERE = re.compile(r"该[市县区省地]|当地|那里|那边|那儿")
# 学生心理工作由哪个部门牵头: what is left of it when the asking is taken out.
_DUTY_PHRASE = re.compile(
    r"(?:[市县区省]级?)?(?:部门|单位|机构|机关)?(?:来)?(?:牵头|负责|配合|协同|主办|协办|承办|参与|承担|分管|主管|组织)(?:的?(?:部门|单位|机构))?"
)
_TOPIC_EDGE = re.compile(
    r"^(?:[的是由要在将会有了都为来和与、，, ]|部门|单位|完成|一共|总共|分别)+|(?:[的是由要在将会有了都为来和与、，,。？? 吗呢]|部门|单位|完成|之前|一共|总共|分别)+$"
)
_ASKED_ASPECT = re.compile(
    r"(?:采取|有|是|包括|定下?)?(?:了)?(?:哪些|什么|哪几[项个条])(?:主要|具体|重点)?(?:措施|办法|做法|目标|内容|要求|打算|计划|安排|方面|结果|效果)"
)
_ASKS = re.compile(r"谁|什么|多少|哪|何|怎|几|吗|是否|有没有|多[久大高长]|是$")
_LONGEST_TOPIC = 16
_LONGEST_WITHOUT_PLACE = 60
# Asked of all places, or of what the whole catalogue holds.
_ELSEWHERE = re.compile(
    r"哪些(?:地方|地区|市|县|区|城市)|各地|全国|国家|全省|(?:几|多少|哪些)(?:份|件|个)?(?:文件|通知|方案|答复)|库(?:里|中)|documents|nationwide|which (?:places|cities)"
)

_LEAD_EN = re.compile(
    r"^(?:(?:and|but|so|then|ok|okay|also|now)\b[, ]*)*(?:(?:what|how) about |what of |same for )?", re.IGNORECASE
)
_MARK_EN = re.compile(r"^(?:and|but|so|then|what about|how about|what of|same for|also)\b", re.IGNORECASE)
_NAME_EN = re.compile(r"(?:[A-Z][a-z]{2,})(?: (?:City|County|District|Province|Prefecture))?")
_PLACE_EN = re.compile(rf"\b(?:in|of|at|does|did|has|is) (?P<name>{_NAME_EN.pattern})")
_YEAR_EN = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_ASKS_EN = re.compile(r"^(?:who|which|what|when|where|why|how|by when|by what)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|they|this|that|these|them|this work|that work|the work|this task|the task)\b", re.IGNORECASE)
_ASPECT_EN = frozenset(
    """
    lead leads leading led cooperate cooperates cooperating cooperation co-operates responsible charge support supports supporting
    assist assists help helps participate participates finish finished complete completed completion done deadline due start started
    begin begins launched target targets goal goals measures steps plan plans reason reasons department departments agency agencies
    unit units bureau bureaus government implement implemented issued published released funding fund funds budget money cost costs
    people place places percentage ratio date time year month else involved contact phone handled handles oversees oversee document
    number happen happens next much many for of on to in by is be
    """.split()
)
_MOST_WORDS_EN = 9


def resolve(text: str, history: Sequence[str], understand: Understand) -> str:
    """Return a question made whole from those before it; itself when it needs nothing of them.

    Args:
        text: The question.
        history: Questions before it as they were asked, oldest first.
        understand: Reads a question.
    """
    before: str | None = None
    for asked in (*history, text):
        whole = _resolve(asked, before, understand) if before is not None and asked.strip() else None
        before = whole or asked
    return before if before is not None else text


def with_place_before(text: str, history: Sequence[str], understand: Understand) -> str | None:
    """Return a short question with the place of the question before it, ``None`` where it needs or has none.

    心理援助热线是多少？ after a question about 渝北区 has a topic of its own and means 渝北区 all the same. It is an offer: where
    nothing answers it, the question is answered as it was asked.
    """
    if not history or len(text) > _LONGEST_WITHOUT_PLACE or "《" in text:
        return None
    before: str | None = None
    for asked in history:
        before = (_resolve(asked, before, understand) if before is not None else None) or asked
    previous, question = understand(before or ""), understand(text)
    places = list(dict.fromkeys(place.written for place in previous.places))
    if question.places or question.document_numbers or question.proposal_numbers or len(places) != 1:
        return None
    if previous.is_english != question.is_english or not question.terms or _ELSEWHERE.search(fold(text)):
        return None
    if question.is_english:
        place = re.sub(r"'s$", "", places[0])
        return f"{text.strip().rstrip('?.! ')} in {place[:1].upper()}{place[1:]}?"
    return f"{places[0]}{_LEAD.sub('', without_courtesy(text.strip()))}"


def _resolve(text: str, before: str, understand: Understand) -> str | None:
    """Return the follow-up made whole, ``None`` when it is none or cannot be."""
    previous, question = understand(before), understand(text)
    if previous.is_english != _is_english(text):
        return None
    if previous.is_english:
        return _English(text, before, previous, question).whole()
    return _Chinese(text, before, previous, understand).whole()


def _is_english(text: str) -> bool:
    return re.search(_HAN, text) is None and re.search(r"[A-Za-z]{2}", text) is not None


class _Chinese:
    """A follow-up in Chinese and the question before it."""

    def __init__(self, text: str, before: str, previous: Question, understand: Understand) -> None:
        asked = without_courtesy(text.strip())
        self._asked = asked
        self._before = _QUESTION_END.sub("", without_courtesy(before.strip()))
        self._previous = previous
        self._core = _LEAD.sub("", asked)
        self._bare = _TAIL.sub("", self._core)
        self._is_marked = self._core != asked or _TAIL.sub("", asked) != _QUESTION_END.sub("", asked)
        question = understand(self._bare or asked)
        self._places = [p.written for p in question.places]
        self._shorts = [p.short for p in question.places]
        self._numbers = [m[0] for m in DOCUMENT_NUMBER.finditer(self._bare)]
        self._years = _YEAR.findall(DOCUMENT_NUMBER.sub("", self._bare))
        self._agencies = _agencies(self._bare)

    def whole(self) -> str | None:
        if not self._bare:
            return None
        rest = self._without_slots(self._bare)
        if not _FILLER.sub("", rest):
            return self._with_slots()
        if _THING.search(self._bare) or _THERE.search(self._bare):
            return self._with_antecedents()
        if not _PARTICLES.sub("", _ASPECT.sub("", INTERROGATIVE.sub("", rest))):
            return self._with_topic()
        if self._is_marked and self._bare != _QUESTION_END.sub("", self._core) and not INTERROGATIVE.search(self._bare):
            return self._with_other_topic(_FILLER_EDGE.sub("", rest))
        return None

    def _without_slots(self, text: str) -> str:
        for word in (*self._numbers, *self._agencies, *self._places, *self._shorts):
            text = re.sub(re.escape(word), "", text, flags=re.IGNORECASE)
        return _YEAR.sub("", text)

    def _with_slots(self) -> str | None:
        """那宜昌呢？ 2024年呢？: the question before, with its place or year put otherwise."""
        if not self._is_marked and not (self._places or self._years):
            return None
        whole = self._before
        if self._numbers:
            whole = _exchange(whole, [m[0] for m in DOCUMENT_NUMBER.finditer(whole)], self._numbers)
        elif self._agencies:
            whole = self._with_agencies(whole)
        elif self._places:
            whole = _exchange(whole, [p.written for p in self._previous.places], self._places)
        if self._years:
            whole = self._with_years(whole)
        return _asked(whole) if whole != self._before else None

    def _with_agencies(self, whole: str) -> str:
        """Put agencies for those before, at the level of those (市公安局 for 公安局); nowhere else can they stand."""
        old = _agencies(whole)
        if not old:
            return whole
        level = old[0][0] if old[0][0] in "省市县区" else ""
        new = [name if not level or name[0] in "省市县区" else level + name for name in self._agencies]
        return _exchange(whole, old, new)

    def _with_years(self, whole: str) -> str:
        years = "、".join(self._years)
        if _YEAR.search(whole):
            return _YEAR.sub(years if years.endswith(("年", "度")) else years + "年", whole, count=1)
        return f"{years if years.endswith(('年', '度')) else years + '年'}{whole}"

    def _topic(self) -> str:
        """What the question before is about, without what it asks of it."""
        topic = INTERROGATIVE.sub(" ", _ASKED_ASPECT.sub(" ", self._before))
        for place in self._previous.places:
            topic = re.sub(re.escape(place.written), " ", topic, flags=re.IGNORECASE)
        topic = "".join(_DUTY_PHRASE.sub(" ", _YEAR.sub(" ", topic)).split())
        return _TOPIC_EDGE.sub("", _TOPIC_EDGE.sub("", topic))

    def _frame(self) -> str:
        """The place and the year that hold: those of the follow-up, else those before."""
        places = self._places or [p.written for p in self._previous.places]
        years = self._years or _YEAR.findall(self._before)
        return "、".join(dict.fromkeys(places)) + "".join(
            f"{y}" if y.endswith(("年", "度")) else f"{y}年" for y in years[:1]
        )

    def _with_topic(self) -> str | None:
        """谁配合？ 宜昌有多少所？: asked of the topic before."""
        topic = self._topic()
        phrase = self._without_slots(self._bare).lstrip("的，,、 ")
        if not topic or not _ASKS.search(phrase) or self._numbers:
            return None
        if phrase in ("谁", "是谁"):
            phrase = "由谁负责"
        return _asked(f"{self._frame()}{''.join(self._agencies)}{topic}{phrase}")

    def _with_antecedents(self) -> str | None:
        """这项工作谁配合？ 该市有多少所学校？: the word that points back is put in full."""
        whole = self._bare
        own = _ASPECT.sub("", INTERROGATIVE.sub("", _THING.sub("", _THERE.sub("", self._without_slots(whole)))))
        topic, places = self._topic(), [p.written for p in self._previous.places]
        if _THING.search(whole) and topic and not _PARTICLES.sub("", own):
            return _asked(_THING.sub(lambda _: f"{self._frame()}{topic}", whole, count=1))
        if _THERE.search(whole) and places and not self._places:
            return _asked(_THERE.sub(lambda _: places[0], whole, count=1))
        return None

    def _with_other_topic(self, topic: str) -> str | None:
        """那教师培训呢？: the same asked of another thing."""
        before = self._topic()
        if not 1 < len(topic) <= _LONGEST_TOPIC or not before or before not in self._before:
            return None
        whole = self._before.replace(before, topic, 1)
        if self._places:
            whole = _exchange(whole, [p.written for p in self._previous.places], self._places)
        return _asked(self._with_years(whole) if self._years else whole)


def _agencies(text: str) -> list[str]:
    return [span.of(text) for span, _ in mentions(text)]


def _exchange(text: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Put new words for the first of the old and leave the other old ones out; before all where there are none."""
    put = "和".join(new)
    if not old:
        return put + text
    pattern = "(?:[和与、]?(?:" + "|".join(re.escape(word) for word in sorted(old, key=len, reverse=True)) + "))+"
    found = re.search(pattern, text, re.IGNORECASE)
    return text[: found.start()] + put + text[found.end() :] if found else put + text


def _asked(text: str) -> str:
    return text + "？"


class _English:
    """A follow-up in English and the question before it."""

    def __init__(self, text: str, before: str, previous: Question, question: Question) -> None:
        self._asked = text.strip()
        self._before = before.strip().rstrip("?.! ")
        self._previous = previous
        self._question = question
        self._is_marked = _MARK_EN.match(self._asked) is not None
        self._bare = (_LEAD_EN.sub("", self._asked) if self._is_marked else self._asked).strip(" ?.!")

    def whole(self) -> str | None:
        bare = re.sub(r"^(?:in|for) ", "", self._bare)
        years = _YEAR_EN.findall(bare)
        rest = _YEAR_EN.sub("", bare)
        names = [m[0] for m in _NAME_EN.finditer(rest)] if self._is_marked or self._question.places else []
        names = [p.written for p in self._question.places if p.written not in fold(" ".join(names))] + names
        for name in names:
            rest = re.sub(re.escape(name), "", rest, flags=re.IGNORECASE)
        if (names or years) and not re.sub(r"\b(?:in|for|and|of|the|year|city|county|district)\b|[,' ]", "", rest):
            return self._with_slots(names, years)
        if _ASKS_EN.match(self._bare):
            return self._with_topic()
        if self._is_marked and not names and not _IT.search(bare):
            return self._with_other_topic(re.sub(r"^(?:the|on) ", "", bare))
        return None

    def _with_slots(self, names: Sequence[str], years: Sequence[str]) -> str | None:
        whole = self._before
        if names:
            put = " and ".join(names)
            old = self._place_before()
            whole = re.sub(re.escape(old), put, whole, count=1, flags=re.IGNORECASE) if old else f"{whole} in {put}"
        if years:
            whole = _YEAR_EN.sub(years[0], whole, count=1) if _YEAR_EN.search(whole) else f"{whole} in {years[0]}"
        return f"{whole}?" if whole != self._before else None

    def _place_before(self) -> str | None:
        if self._previous.places:
            return re.sub(r"'s$", "", self._previous.places[0].written)
        named = _PLACE_EN.search(self._before)
        return named["name"] if named else None

    def _topic(self) -> str:
        return " ".join(
            t.word for t in self._previous.terms if not set(t.word.split()) <= _ASPECT_EN and not self._is_place(t.word)
        )

    def _is_place(self, word: str) -> bool:
        place = self._place_before()
        return place is not None and word in place.lower()

    def _with_topic(self) -> str | None:
        """Who cooperates? When will it be completed?: asked of the topic before."""
        own = {word for term in self._question.terms for word in term.word.split()}
        topic = self._topic()
        if not topic or not own <= _ASPECT_EN or len(self._bare.split()) > _MOST_WORDS_EN or self._question.years:
            return None
        place, year = self._place_before(), _YEAR_EN.search(self._before)
        where = f" in {place[:1].upper()}{place[1:]}" if place and not self._question.places else ""
        if _IT.search(self._bare):
            return f"{_IT.sub(topic, self._bare, count=1)}{where}{f' in {year[0]}' if year else ''}?"
        return f"{self._bare} for {topic}{where}{f' in {year[0]}' if year else ''}?"

    def _with_other_topic(self, topic: str) -> str | None:
        """What about teacher training?: the same asked of another thing."""
        words = self._topic().split()
        old = (
            re.search(r"\b" + r"\W+(?:\w+\W+){0,2}?".join(map(re.escape, words)) + r"\b", self._before, re.IGNORECASE)
            if words
            else None
        )
        if old is None or not topic or len(topic.split()) > _MOST_WORDS_EN:
            return None
        return f"{self._before[: old.start()]}{topic}{self._before[old.end() :]}?"
