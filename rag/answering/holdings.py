"""Which documents a question counts or lists (馆藏问题): 棠湾市有几份文件, 列出2025年的答复, 哪些文件是依申请公开的.

Every word of such a question is a condition, asks, or names documents as such; what is left over is their subject.
A question that asks for documents only to know what they say (哪些文件规定了…) is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain.access import Disclosure
from rag.domain.document import Kind, ProposalBody
from rag.domain.particulars import Particulars
from rag.parsing.agencies import mentions
from rag.retrieval.question import Question
from rag.retrieval.topic import ENGLISH_STOP, chinese_terms
from rag.retrieval.years import spell_years_in_figures, without_years
from rag.text import fold

DISCLOSURE_WORDS = (
    (Disclosure.ON_REQUEST, r"依申请公开|依申请|(?:up)?on[- ]request"),
    (Disclosure.INTERNAL, r"不予公开|不公开|免予公开|\binternal\b|not (?:to be |be )?(?:disclosed|public)"),
    (Disclosure.UNLABELLED, r"(?:没有|未|无)(?:标注|注明|标明|标)?(?:公开属性|公开标注)|unlabell?ed"),
    (Disclosure.PUBLIC, r"主动公开|(?:此件)?公开发布|(?<!请)公开的|\bpublic\b|proactively disclosed"),
)

DISCLOSURE_NAMES = {
    Disclosure.PUBLIC: "主动公开",
    Disclosure.ON_REQUEST: "依申请公开",
    Disclosure.INTERNAL: "不予公开",
    Disclosure.UNLABELLED: "未标注公开属性",
}

_KINDS = (
    (Kind.REPLY, r"答复函?|复函|回复|复文|\brepl(?:y|ies)\b"),
    (
        Kind.PLAN,
        r"(?:实施|行动|工作)?方案|(?:行动)?(?<!下一步)(?<!下步)(?<!下一步工作)(?<!今后的)(?<!后续)计划|规划|\bplans?\b",
    ),
    (Kind.NOTICE, r"通知|通告|公告|\bnotices?\b|\bcirculars?\b"),
    (Kind.REPORT, r"(?:年度|工作)?(?:报告|总结)|\breports?\b"),
    (Kind.LAW, r"(?:管理)?办法|法规|规章|规定|条例|\bregulations?\b|\bmeasures\b|\blaws?\b"),
)
_ANY = r"文件|公文|材料|发文|\bdocuments?\b|\bfiles?\b"
_DOCUMENT = rf"(?:{_ANY}|{'|'.join(pattern for _, pattern in _KINDS)})"
# These are documents and nothing else; 有哪些计划 and 什么办法 ask what is to be done.
_SURELY = r"(?:文件|公文|发文|答复函?|复函|复文|通知|通告|公告|方案|报告|法规|规章|\bdocuments?\b|\bfiles?\b|\brepl(?:y|ies)\b|\bnotices?\b)"
_SHEETS = r"(?:份|件|篇|部|封)"
_HOW_MANY = rf"(?:几|多少)(?:{_SHEETS}|个|项)?"
_WHICH = rf"哪(?:些|几(?:{_SHEETS}|个)|一?{_SHEETS})"
_END = r"(?=[?？。!！\s]*$|[,，])"

# What may be said of documents by which they are chosen; all other predicates ask what they say.
_CHOOSING = (
    r"(?:都|现)?(?:已经?)?(?:被)?(?:废止|失效|作废)|"
    r"(?:是|属于?|为|被?标[注明为]+|注明)?(?:依申请|主动|不予|免予|没有|未标|公开)"
    r"|(?:的)?(?:答复)?(?:类型|类别|分类)?(?:是|为|属于?|标[注明为]+)[a-d]类"
    r"|(?:都)?(?:提到|提及|提过|涉及|谈到|讲到|写到|含有?|关于|有关|事关)"
    r"|(?:是|出自|来自|由)[^,，。?？]{0,24}(?:印发|发布|出台|下发|制发|主办|协办|发)?的?[?？。]?$"
)
_COUNTS = re.compile(
    rf"(?:几|多少){_SHEETS}[^,，。?？]{{0,24}}?{_DOCUMENT}{_END}"
    rf"|(?:几|多少)(?:个|项)?(?:[^,，。?？]{{1,14}}的)?{_DOCUMENT}{_END}"  # 有几个部门参与方案 counts no documents
    rf"|{_HOW_MANY}{_DOCUMENT}(?:{_CHOOSING})"
    rf"|{_DOCUMENT}(?:一共|总共|共计?|都|合计|总计|目前|现在)*(?:有|是)?{_HOW_MANY}{_END}"
    rf"|\bhow many\b(?:\s+[\w'-]+){{0,4}}?\s+{_DOCUMENT}"
)
_LISTS = re.compile(
    rf"{_WHICH}[^,，。?？]{{0,24}}?{_SURELY}{_END}"
    rf"|什么(?:文件|公文){_END}"
    rf"|{_WHICH}{_SURELY}(?:{_CHOOSING})"
    rf"|{_SURELY}(?:一共|总共|都|分别|目前|现在)*(?:有|是|包括|为){_WHICH}{_END}"
    rf"|(?:列出|列举|罗列|列一下|查一下|找出|列明)[^,，。?？]{{0,40}}?{_DOCUMENT}{_END}"
    rf"|^(?:please )?(?:list|show|name|enumerate)\b.*{_DOCUMENT}"
    rf"|\bwhich (?:documents?|files?|replies|notices)\b\s+(?:are|were|is|come|came|mention|concern|deal|answer|have)\b"
)
_BODIES = (
    (
        ProposalBody.NPC,
        r"人大(?:代表)?(?:的)?(?:建议|议案)?|代表(?:的)?建议|议案|\bnpc\b|people's congress|\bsuggestions?\b",
    ),
    (ProposalBody.CPPCC, r"政协(?:委员)?(?:的)?(?:提案|建议)?|委员|提案|\bcppcc\b|\bproposals?\b"),
    (ProposalBody.NPC, r"建议"),
)
_CATEGORY = re.compile(r"(?<![a-z])([a-d])\s*类|\bcategory ([a-d])\b|\bclass ([a-d])\b")
_HANDLED = re.compile(r"主办|协办|承办")
_MENTIONS = re.compile(r"提到|提及|提过|涉及|谈到|讲到|写到|含有|mention\w*|refer\w*")
_ENACTS = re.compile(r"规定了|要求了?(?!的)|明确了|说了|写了")
_REPEALED = re.compile(r"(?:已经?)?(?:被)?(?:废止|失效|作废)|\brepealed\b")

# Words of such a question that set no condition.
_EMPTY = re.compile(
    rf"{_DOCUMENT}|库里|库中|数据库|文件库|系统|资料库|列出|列举|罗列|找出|列明|帮|印发|发布|出台|下发|制发|发出|发文|落款|签发|成文|署名|"
    r"作出|做出|办理|收录|收到|当年|全年|年度|全部|所有|完整|清单|名单|目录|总共|合计|总计|共计|现有|标注|标明|注明|属性|有关|来自|出自|"
    r"共有|类别|类型|类|针对|联合|提及|提过|谈到|讲到|写到|含有|主办|协办|承办|单位|部门|分别|篇|部"
    r"|list|show|names?|enumerate|published|released|made|come|came|county|district|catalogue|catalog|library|labell?ed|marked|disclosed|disclosure|"
    r"mention(?:s|ed|ing)?|refer(?:s|ring)?|concern(?:s|ing)?|dealing|deals?|available|answer(?:s|ed|ing)?|handled|complete|full|total|issued|issues?"
)


@dataclass(frozen=True, slots=True)
class HoldingsQuestion:
    """What is counted or listed.

    Attributes:
        is_count: The number is asked for, not the list alone.
        kind: Kind of document (文种), where one is named.
        particulars: Conditions on elements and words.
        is_repealed: Only documents that another repeals (废止).
    """

    is_count: bool
    kind: Kind | None
    particulars: Particulars
    is_repealed: bool

    @property
    def has_subject(self) -> bool:
        """Whether words of a subject are among the conditions; then something else may be meant."""
        return bool(self.particulars.named or self.particulars.mentioned)


def read_holdings_question(question: Question) -> HoldingsQuestion | None:
    """Read a question that counts or lists documents; ``None`` when it asks something else."""
    asked = spell_years_in_figures(fold(question.core))
    is_count = _COUNTS.search(asked) is not None
    if not (is_count or _LISTS.search(asked)) or _ENACTS.search(asked):
        return None
    agency = _agency(asked)
    rest = asked
    for place in question.places:
        rest = rest.replace(fold(place.written), " ")
    for span, _ in reversed(mentions(rest) if agency is not None else []):
        rest = f"{rest[: span.start]} {rest[span.end :]}"
    rest = without_years(rest)
    disclosure = next((label for label, pattern in DISCLOSURE_WORDS if re.search(pattern, rest)), None)
    for _, pattern in DISCLOSURE_WORDS:
        rest = re.sub(pattern, " ", rest)
    category = _CATEGORY.search(rest)
    is_repealed = _REPEALED.search(rest) is not None
    rest = _REPEALED.sub(" ", _CATEGORY.sub(" ", rest))
    body = None
    if re.search(_KINDS[0][1], asked):  # 提案 by itself is a thing that a document may be about
        body = next((each for each, pattern in _BODIES if re.search(pattern, rest)), None)
        for _, pattern in _BODIES:
            rest = re.sub(pattern, " ", rest)
    kind = next((each for each, pattern in _KINDS if re.search(pattern, rest)), None)
    for _, pattern in _KINDS:
        rest = re.sub(pattern, " ", rest)
    subject = _subject(rest, question)
    handled = _HANDLED.search(asked)
    is_mention = _MENTIONS.search(asked) is not None
    return HoldingsQuestion(
        is_count,
        kind,
        Particulars(
            issuer=agency if handled is None else None,
            disclosure=disclosure,
            proposal_body=body,
            reply_category=next(c.upper() for c in category.groups() if c) if category else None,
            lead_unit=agency if handled and handled[0] != "协办" else None,
            cooperating_unit=agency if handled and handled[0] == "协办" else None,
            named=() if is_mention else subject,
            mentioned=subject if is_mention else (),
        ),
        is_repealed,
    )


def _subject(rest: str, question: Question) -> tuple[tuple[str, ...], ...]:
    """Return the words left over, each with those that count as the same."""
    if question.is_english:
        left = [term for term in question.terms if re.search(rf"\b{re.escape(term.word)}\b", rest)]
    else:
        left = list(chinese_terms(rest))
    return tuple(dict.fromkeys(term.alternatives for term in left if not _is_empty(term.word)))


def _is_empty(words: str) -> bool:
    return all(_EMPTY.fullmatch(word) or word in ENGLISH_STOP for word in words.split())


def _agency(asked: str) -> str | None:
    """Return the agency that issues or handles: the first named, unless documents are about it."""
    for span, name in mentions(asked)[:1]:
        if not re.search(r"(?:关于|有关|涉及|提到|提及)[^,，。]{0,6}$", asked[: span.start]):
            return name
    return None
