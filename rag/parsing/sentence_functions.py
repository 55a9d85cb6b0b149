"""What a sentence is for (句子功能), told by the set phrases of 公文 and by the heading it stands under.

The phrases are those that handbooks of 公文写作 list by the part of a document they belong to: 开头用语 (根据, 为了, 收悉),
征询和结尾用语 (特此函复, 妥否请批示), 期请用语 (请遵照执行), 称谓和经办用语 (经…同意, 会同). Rules are tried in order; the first that
fits says it. A sentence that no rule knows is ``OTHER``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain.sentence import SentenceFunction as Function
from rag.text import fold, squeeze

# 一、… / （一）… / 1.… / 一是…, short, without a comma and without figures: it names what follows.
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、是]|\([一二三四五六七八九十\d]+\)|\d+[.、])[^,;:。！？\d]{2,24}[。;]?$"
)

# 一、 and （一） before a heading of its own; not 一是, which also opens whole sentences.
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、])")

_LABELLED = re.compile(
    r"^〔.+〕$|^\([^()]*(?:负责|牵头|配合)\)$|^\(?(?:责任|牵头|配合|主办|协办|完成)(?:单位|部门|时限|时间|人):"
)

_RULES: Sequence[tuple[Function, re.Pattern[str]]] = tuple(
    (function, re.compile("|".join(patterns)))
    for function, patterns in (
        (
            Function.CLOSING,
            (
                r"再次(?:表示)?(?:衷心)?(?:的)?感谢",
                r"^最后,.*(?:感谢|祝)",
                r"(?:特|专)此(?:函复|复函|答复|回复|通知|通告|公告|通报|报告|函告|批复|函达|致函)",
                r"^此复",
                r"(?:欢迎|恳请|希望)(?:您|各位|大家)?(?:今后)?(?:能)?(?:一如既往|继续)",
                r"^(?:如)?(?:您)?对(?:以上|上述|本|我们的|此)(?:答复|复函|办理|回复)",
                r"如有(?:什么)?(?:意见|疑问|异议|不妥)",
                r"(?:妥否|当否|可否),?请(?:批示|审|予|指示|函复)",
                r"^以上(?:报告|意见|请示|答复),?(?:请|如|妥|供)",
            ),
        ),
        (
            Function.RECEIPT,
            (
                r"收悉|来(?:函|信)(?:已)?收到",
                r"现(?:就|将|把)?[^,。]{0,24}(?:答复|函复|回复|反馈|汇报|通报|报告|通知|说明)如下",
                r"^您[^。]*提出的[^。]*(?:由我(?:局|委|厅|办|部)|我(?:局|委|厅|办|部)(?:已)?)(?:承办|办理|收到)",
            ),
        ),
        (
            Function.TRANSMITTAL,
            (
                r"(?:印发|转发|下发|发)给你们",
                r"现(?:予|将[^。]*)(?:印发|转发|公布|发布)",
                r"请(?:各地|各单位|你们|认真|结合|遵照|抓好)[^。]{0,16}(?:执行|落实|实施|办理)[。!]?$",
            ),
        ),
        (
            Function.VALIDITY,
            (
                r"自[^。;]{0,24}起(?:正式)?(?:施行|实施|执行|生效)",
                r"有效期(?:为|至|\d|[一二三四五六七八九十])",
                r"同时废止|予以废止",
                r"负责解释",
            ),
        ),
        (
            Function.REFUSAL,
            (
                # not 对暂不具备条件的机构, which tells one institution from another
                r"不具备[^,。]{0,12}条件(?!的)",
                r"(?:尚|暂|暂时|目前|现阶段|当前)[^,。;]{0,8}(?:不能|不宜|不予|无法|难以)[^,。;]{0,12}(?:采纳|实施|支持|列入|纳入|办理|受理|安排|解决|实行|推行)",
                r"(?:不予|无法|不能|难以|未能|未予|不宜)(?:直接)?(?:采纳|支持|受理|答复|列入|纳入|批准|同意|推行)",
                r"(?:决定|现|故|依法|应当)不予公开",
                r"不属于(?:我|本)(?:局|委|厅|办|部|市|县|区|机关|单位|部门)",
                r"没有(?:相应的?|相关)?(?:政策|法律|法规)[^,。]{0,4}依据|(?:缺乏|尚无|暂无)[^,。]{0,8}(?:政策|法律|法规)[^,。]{0,4}依据",
                r"(?:财政|基金|资金|财力)[^,。]{0,6}(?:难以承受|无力承担)",
                r"留作参考|作为(?:今后|下一步)?[^,。]{0,6}(?:工作)?的?参考[。;]?$",
                r"暂不(?!具备|设|低)",
            ),
        ),
        (Function.THANKS, (r"感谢|谢谢|致以[^,。]{0,6}谢意",)),
        (
            Function.PROBLEM,
            (
                r"存在(?:着)?[^,。;]{0,24}(?:问题|困难|不足|差距|短板|弱项|隐患|瓶颈|薄弱)",
                r"(?:仍|还|尚)[^,。;]{0,14}(?:不足|不够|不强|不高|不完善|不健全|不平衡|薄弱|缺乏|短缺|滞后|欠缺)(?!的)",
                r"有待(?:进一步)?(?:提高|加强|完善|改进|提升|解决|健全)",
                r"(?:仍|还|尚)有[^,。;]{0,24}(?:未|没有|不)(?!少|断)",
                r"(?:面临|遇到)[^,。;]{0,16}(?:困难|问题|挑战|压力|瓶颈)",
            ),
        ),
        (
            Function.NEXT_STEPS,
            (
                r"^(?:下一步|下步|下阶段|下一阶段|接下来|今后|后续|为此),?",
                r"我(?:局|委|厅|办|部|市|县|区|省|院|们)[^,。;]{0,10}(?:将|拟|计划)",
                r"(?:^|,)(?:将|拟|计划)(?:于|在|继续|进一步|会同|联合|配合|按照|积极|持续|不断|加快|加强|全面|认真|适时)",
                r"待[^,。;]{2,30}后,[^。]*(?:将|再)",
            ),
        ),
        (
            Function.TARGET,
            (
                r"^(?:力争|争取|确保)[^。]*(?:达到|实现|完成|建成|不低于|不少于|以上|打造)",
                r"(?:^|,|;)(?:力争)?(?:到|至)(?:20\d\d|“?[十一二三四五六七八九]+五”?)年?(?:\d{1,2}月)?(?:底|末)?(?:前)?,(?!.{0,8}(?:共有|已|现有|累计))",
            ),
        ),
        (
            Function.DUTY,
            (
                r"由[^,。;]{2,30}(?:牵头|负责(?!人|同志)|主办|承办|协办|配合)",
                r"(?:局|委|办|厅|部|部门|政府|单位|机构|科室|中心|街道\)?|镇|联|联合会|院|处|公司|组织)(?:等)?(?:共同)?(?:负责(?!人|同志)|牵头|主办|承办|配合|协办)",
                r"按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实|做好)",
            ),
        ),
        (
            Function.BASIS,
            (
                r"^(?:根据|按照|依据|依照|遵照|参照|鉴于)[^。]{0,80}(?:》|法|规定|要求|精神|部署|意见|通知|办法|条例|安排|决定|实际|情况)",
                # not 经信部门 or 经费, which begin so
                r"^(?:现)?经(?!信|济|费|营|常|办|验)[^,。]{0,24}(?:同意|批准|研究|会商|审议|审核|审定|论证|协商|测算|调查|核实)(?:后|通过)?,",
                r"^为(?:深入|全面|认真)?(?:贯彻|落实|执行)[^。]{0,40}(?:》|精神|部署|要求|决定|意见|规定)",
            ),
        ),
        (Function.PURPOSE, (r"^为(?:了)?[^,。]{2,60},", r"目的是|旨在")),
        (
            Function.STATUS,
            (
                r"^(?:近年来|截至|截止|目前|现在|近期|去年|今年以来|本年度|全年)",
                r"已(?!采取以下)|累计|共计|现有|共(?:有|建|开|办|收|设|完成|发放|投入)|同比|比上年",
                r"[印下]发了|成立了|开展了|建立了|制定了|出台了|召开了|举办了|完成了|组织了|设立了|形成了|建成了|实现了",
            ),
        ),
    )
)

# Figures of deeds, where neither words nor headings say more: 建成辅导室126个.
_COUNTED_DEED = re.compile(r"(?:完成|新增|投入|建成|培训|开展|发放|办结|整改|征集|收到|召开)[^,。;]{0,16}\d")
_EVERY = re.compile(r"每(?:年|月|周|季度|学期|学年|校|个|所|处)|至少|不少于|不低于")

# By the nearest heading that says what its part is about, where the words themselves do not.
_SECTIONS: Sequence[tuple[Function, re.Pattern[str]]] = (
    (Function.PROBLEM, re.compile(r"问题|困难|不足")),
    (Function.NEXT_STEPS, re.compile(r"下一步|下步|下阶段|后续|今后|打算|改进|工作计划|工作安排")),
    (Function.TARGET, re.compile(r"目标")),
    (Function.STATUS, re.compile(r"情况|现状|成效|回顾|进展|总体|做法")),
    (Function.BASIS, re.compile(r"依据")),
    (Function.MEASURE, re.compile(r"任务|措施|举措|要求|保障|重点|行动|内容|步骤|组织")),
)

# What is to be done, said as 公文 says it: without a subject, or of all units together.
_MEASURE = re.compile(
    r"^(?:要|应|须|必须|不得|严禁|禁止|鼓励|支持|引导|加强|强化|加大|加快|完善|健全|建立|推进|推动|推广|落实|严格|规范|深化|优化|提升|提高|组织|开展|指导|督促|统筹|构建|打造|依托|充分|积极|大力|持续|进一步|全面|切实|做好|抓好|把|将|探索|培育|设立|实施|坚持|聚焦|拓展|充实|壮大|明确)"
    r"|(?:各|全)[^,。;]{1,20}(?:要|应|须|必须)|(?:机构|单位|部门|学校|地区|乡镇|街道|企业)[^,。;]{0,4}(?:要|应|须)(?!求)|应当|不得|必须|严禁|禁止"
)


def function_of(sentence: str, section: Sequence[str] = ()) -> Function:
    """Return what a sentence is for.

    Args:
        sentence: As written.
        section: Headings it stands under (标题路径), the outermost first.
    """
    words = squeeze(fold(sentence)).replace("\n", "")
    headings = [squeeze(fold(heading)) for heading in section]
    if "\t" in words:  # a row of a table
        return Function.OTHER
    if _is_heading(words, headings):
        return Function.HEADING
    if _LABELLED.search(words):
        return Function.DUTY
    by_words = next((function for function, pattern in _RULES if pattern.search(words)), None)
    return by_words or _by_headings(words, headings) or _by_figures(words)


def _is_heading(words: str, headings: Sequence[str]) -> bool:
    if _HEADING.search(words):
        return True
    number = _NUMBERED.match(words)
    if not headings or number is None or re.search(r"\d", words[number.end() :]):
        return False
    return words.rstrip("。;") == headings[-1].rstrip("。;")


def _by_headings(words: str, headings: Sequence[str]) -> Function | None:
    for heading in reversed(headings):
        said = next((function for function, pattern in _SECTIONS if pattern.search(heading)), None)
        # The heading of an item (一是…) is the beginning of its sentence, and tells nothing more.
        if said is not None and not words.startswith(heading.rstrip("。;")):
            return said
    return None


def _by_figures(words: str) -> Function:
    if _COUNTED_DEED.search(words) and not _EVERY.search(words):
        return Function.STATUS
    return Function.MEASURE if _MEASURE.search(words) or _EVERY.search(words) else Function.OTHER
