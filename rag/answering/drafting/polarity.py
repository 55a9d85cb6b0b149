"""Whether, which way and how surely (肯定与否定、增减、应当与可以、已做与将做): small words that turn a sentence round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.drafting.reading import Clause, Text
from rag.answering.drafting.wording import same
from rag.domain.span import Span

# 不仅, 不断, 未来, 无障碍 and the like deny nothing.
_NO_NEGATION = (
    r"不仅|不断|不同|不动产|不良|不良反应|不便|不过|不管|不论|不少(?!于)|不锈|不满意|不足|不定期|不合格|不文明|不安全|未来|未成年|未婚|无障碍|无偿|无线|无人机|无人|无烟|无害化|无缝|无纸化|无职|无业|无毒"
    r"|非遗|非物质|非机动|非营利|非公|非税|非法|非常|除夕|除了|消除|解除|清除|拆除|排除|根除|革除|剔除|开除|扣除|免疫|免费|幸免|避免|以免|违禁|禁毒|禁区|禁放区域?|禁止区域|别墅|区别|分别|特别|个别|级别|性别|类别|差别"
)
_NEGATION = re.compile(
    rf"(?:{_NO_NEGATION})|(?P<all>严禁|禁止|不得|不准|不许|不可以?|不能|不予|不再|不应当?|不允许|无权|谢绝|杜绝|拒绝|停止|暂停|取消|免予|不必|无需|无须|不用|不需要?|不实行|不要求|禁(?=[放止用停烟入])|切勿|勿)"
    r"|(?P<next>从未|尚未|暂未|仍未|还未|并未|未能|未曾|没有|并非|未(?!能)|不(?!仅)|无|非|没)"
)
_EXCEPTION = re.compile(r"除外|不在此限|例外|不包括|不含|不适用|除[^，。；]{1,40}(?:外|以外|之外)")
_UP = re.compile(
    r"增加|增长|提高|上升|提升|上调|调高|增至|扩大|上浮|高于|多于|回升|增幅|上涨|涨|升至|(?<!之)外扩|新增|好转|加密"
)
_DOWN = re.compile(
    r"减少|下降|降低|下调|调低|缩小|缩短|压减|下浮|低于|少于|回落|降幅|减至|降至|下跌|减轻|恶化|核减|削减"
)
_DUTY = re.compile(
    r"应当|必须|应(?!急|用|对|届|聘|征|收|税|答|邀|援|诊|激|变|允|该付|力)|须|不得|严禁|禁止|务必|一律|要(?!求|素|点|件|闻|塞|害|道|是|么|地|强)"
)
_MAY = re.compile(
    r"可以|(?<![不许认])可(?!能|持续|靠|行|再生|视|见|研|控|燃|疑|循环|塑|降解|信|溯|比|用|观|移|调|穿|接)|允许|能够|有权|自愿|鼓励|酌情|视情"
)
_PLANNED = re.compile(
    r"将(?!近|军|要求)|计划(?!生育|单列|内|外|指标|》)|拟(?!合|态|人)|力争|争取|预计|打算|有望|下一步|今后|谋划|即将|准备(?!工作|金)|目标"
)
_AHEAD = re.compile(r"打算|目标|展望|规划|安排|年内|到(?:19|20)\d\d年")
_DONE = re.compile(r"已(?!婚)|业已|了(?!解)|完成了|曾")
_ONLY = re.compile(
    r"原则上|仅(?!仅)|只(?=能|可|限|有|对|面向)|暂(?!未|住|停)|试行|试点(?!单位|地区|学校|城市)|优先|部分(?!项目|群众)|全部|所有|一律|任何|均(?!等|衡|价|值|匀|线)|每日|长期|永久|终身|首次|唯一|最(?!高|多|长|低|少|短|近|终|后|大|晚)"
)
_NEXT_WORDS = 2


def turned(clause: Clause, cited: Clause, words: str) -> list[str]:
    """Return in what a clause is turned round against the clause that it is taken from.

    Args:
        clause: Of the draft.
        cited: The clause of the evidence.
        words: The whole sentence of the draft, where 下一步 or 除…外 may stand.
    """
    found = _denied(clause, cited, words)
    for up, other, kind in ((_UP, _DOWN, "增减方向"), (_DOWN, _UP, "增减方向")):
        if up.search(clause.left) and not up.search(cited.left) and other.search(cited.left):
            found.append(kind)
    if _DUTY.search(clause.text) and not _DUTY.search(cited.text) and _MAY.search(cited.text):
        found.append("可以写成应当")
    if _MAY.search(clause.text) and not _MAY.search(cited.text) and _DUTY.search(cited.text):
        found.append("应当写成可以")
    if _MAY.search(cited.text) and not _MAY.search(words):
        found.append("漏了可以、鼓励等限定")
    if _PLANNED.search(cited.text) and not _PLANNED.search(words):
        found.append("计划写成事实")
    elif _DONE.search(clause.text) and not _DONE.search(cited.text) and _PLANNED.search(cited.text):
        found.append("计划写成已办")
    if _PLANNED.search(clause.text) and _DONE.search(cited.text) and not _PLANNED.search(cited.text):
        found.append("已办写成计划")
    return found


def tells_as_done(clause: Clause, cited: Clause, around: str) -> bool:
    """Tell whether a clause says that a thing is done (已) where the evidence only means to do it.

    Args:
        clause: Of the draft.
        cited: The clause of the evidence.
        around: What the evidence says before that clause in its sentence, and the headings it stands under.
    """
    return (
        _DONE.search(clause.text) is not None
        and not _DONE.search(cited.text)
        and (_PLANNED.search(around) is not None or _AHEAD.search(around) is not None)
    )


def forgets_exception(clause: Clause, cited: Text, words: str) -> bool:
    """Tell whether a clause speaks of what the evidence excepts (除…外, …除外) and does not say that it is excepted."""
    if _EXCEPTION.search(words):
        return False
    for other in cited.clauses:
        if not _EXCEPTION.search(other.text):
            continue
        elsewhere = "\n".join(c.text for c in cited.clauses if c is not other)
        excepted = [w.word for w in other.words if len(w.word) > 1 and w.word not in elsewhere]
        if any(word in clause.text for word in excepted if not _EXCEPTION.search(word)):
            return True
    return False


def limits(text: str) -> set[str]:
    """Return the words that narrow or widen a statement: 原则上, 仅, 全部."""
    return {m[0] for m in _ONLY.finditer(text)}


def _denied(clause: Clause, cited: Clause, words: str) -> list[str]:
    ours, theirs = _scopes(clause), _scopes(cited)
    found = []
    for scope in theirs:
        shared = [word for word in scope if _stands_in(word, clause.left)]
        if shared and not any(_stands_in(word, "".join(other)) for word in shared for other in ours):
            found.append("漏了否定")
            break
    for scope in ours:
        # One may be cut into words otherwise than the other: 承担费用, 承担.
        if not any(
            _stands_in(w, "".join(o)) or _stands_in(v, "".join(scope)) for o in theirs for v in o for w in scope
        ):
            found.append("多了否定")
            break
    if _EXCEPTION.search(cited.text) and not _EXCEPTION.search(words):
        found.append("漏了除外")
    if _EXCEPTION.search(clause.text) and not _EXCEPTION.search(cited.text):
        found.append("多了除外")
    return found


def _stands_in(word: str, text: str) -> bool:
    return any(other in text for other in same(word))


def _scopes(clause: Clause) -> list[tuple[str, ...]]:
    """Return the words that each negation of a clause denies: those up to its end, or the next ones after 未 and 不."""
    found = []
    for match in _NEGATION.finditer(clause.left):
        if match.lastgroup is None:
            continue
        after = _words_from(clause, Span(clause.span.start + match.end(), clause.span.end))
        scope = after if match.lastgroup == "all" else after[:_NEXT_WORDS]
        if scope:
            found.append(tuple(scope))
    return found


def _words_from(clause: Clause, span: Span) -> Sequence[str]:
    """Return the words of a stretch that say something; one that the stretch cuts is taken by its rest."""
    found = []
    for word in clause.words:
        if word.span.end <= span.start:
            continue
        rest = word.word[max(0, span.start - word.span.start) :]
        if rest and not word.tag.startswith(("u", "p", "c", "r")):
            found.append(rest)
    return found
