"""Words that tell a commitment (承诺事项): of future, of aim, of completion, and who does it.

Each pattern is for one clause or one sentence in simplified script.
"""

from __future__ import annotations

import re

from rag.domain.span import Span
from rag.parsing.agencies import leading_mention, looks_like_agency
from rag.text import squeeze

# ------------------------------------------------------------------------------------------ future

FORWARD = re.compile(
    r"[ \t\u3000]*(?:[一二三四五六七八九十]是)?(?:下一步|下步|接下来|下一阶段|下阶段|今后(?=[，,我一]|工作|将)|后续|未来(?=[，,我]|一段))"
)
"""A sentence that turns to what comes next."""

FORWARD_HEADING = re.compile(
    r"下一步|下步|接下来|下一?阶段|今后(?:的)?(?:工作|打算|措施|努力|重点)|改进(?:措施|打算)|工作打算|工作设想|后续(?:工作|计划|措施)|努力方向|(?:(?P<year>20\d\d)|明|今|新的一)年(?:度)?(?:的)?(?:政府)?(?:主要|重点|总体)?(?:工作|任务)*(?:总体)?(?:安排|打算|计划|重点|思路|任务|要求|建议)(?![^，。]{0,6}(?:完成|落实|回顾|情况|总结))|工作(?:计划|安排|思路)$"
)

WILL = re.compile(
    # 将军, 必将…影响; 现将情况汇报
    r"(?<![现特兹须应要麻干主名大])将(?!军|士|领|帅|近|被|面临|受到|导致|影响|造成|依法(?:追究|予以|给予)|视为|有利|有助|极大|产生)"
    # 模拟, 虚拟, 拟定了
    r"|(?<![模虚比草])拟(?=[于在对从投新建将通按用出采增安开组选推实启])"
    r"|(?<!行动)(?<![规工教度期专项])计划(?=于|在|到|用|今年|明年|20\d\d|新增|新建|建设|投入|实施|完成|开展|投资|安排|改造|组织|招|培训|建成|再|通过|利用|对|分[年期批]|[完开竣]工|采?购|引进|发放|举办|培育|安装|更新|选派|建立)"
    r"|预计(?=[^，。；]{0,16}(?:建成|完成|投入|[开完竣]工|投用|投运|启用|开业|开通|通车|交付|达到|实现))"
)

TAKES_AS_OBJECT = re.compile(
    r"(?!继续|进一步|会同|联合|积极|全面|逐步|按照|根据|结合|围绕|持续|加快|加大|加强|重点|牵头|组织|推进|推动|投入|新建|建设|完善|健全|开展|启动|实施|出台|制定|探索|争取|做好|从|在|于|以)"
    r"[^，,。；;]{1,60}?(?:纳入|列入|编入|写入|融入|嵌入|引入|计入|列为|作为|转为|转变|转化|转至|延伸[至到]|贯穿|改为|改造[成为]|建设[成为]|打造[成为]|相?结合|有机结合|报送|移交|移送|交由|存入|分为|划分|细化|落实?到|落在|落于|搬上|搬到|推上|化为|变[为成]|视[为作]|[当看]作|当成|确定为|设为|定为|命名为|压实|抓[细实]|做[细实]|扩[大展][到至]|增加[到至]|降低[到至为]|调整[到至为]|缩短[到至为]|压缩[到至]|延长[到至]|带[到入进]|引向|推广[到至]|下放|放在|摆在|挂在|置于|上传|录入|提高[到至为]|提升[到至为]|由[^，。；]{1,20}(?:调整|提高|提升)|进行|送达|送到|送至|发放到|覆盖到|传递|汇总|公布|公开|通报|向[^，。；]{1,12}(?:公布|公开|汇报|报告|通报)|统一|与[^，。；]{1,16}挂钩|答复如下|汇报如下)"
)
"""What follows 将 for 把."""


def word_of_future(words: str) -> re.Match[str] | None:
    """Return the word of future (将, 拟, 计划), not the 将 that puts an object first (将经费纳入预算)."""
    for match in WILL.finditer(words):
        if match[0] != "将" or not TAKES_AS_OBJECT.match(words, match.end()):
            return match
    return None


OWN_PLAN = re.compile(
    r"^(?:[^，,。；]{0,12}[，,])?[ \t\u3000]*(?:我[省市州县区镇乡局委厅办院部]|本[省市州县区局委厅办院部]|我们|全[省市州县区旗])(?:[^，,。；将]{0,4})将"
)
"""The issuer saying 将 of itself, in a plan."""

PLAN_OF_FIGURES = re.compile(r"(?:制定|制订|编制|拟定|确定)了?[^，,。；]{0,24}\d[^，,。；]{0,24}(?:计划|目标)")
"""制定了三年1500人的工作计划."""

# ------------------------------------------------------------------------------------------ aims

AIM = re.compile(
    r"力争|力求实现|(?:奋斗|发展|总体|年度|工作)?目标(?:任务)?(?:是|为|：)|争取[在到用]?(?:[^，,。；]{0,12})(?:年|月|底|末)[^，,。；]{0,6}(?:内|前|底)?"
)
AIM_WITH_DATE = re.compile(
    r"确保|争取|努力实现|达到|实现|提高[到至]|提升[到至]|控制在|降[至到低]|基本(?:建成|形成|实现|建立|完成|消除)|全覆盖|以上"
)
AIM_HEADING = re.compile(
    r"(?:工作|总体|主要|发展|行动|建设|具体|年度|总|阶段|预期|绩效|奋斗)目标(?!责任|考核)|^[^\u4e00-\u9fff]{0,4}[一二三四五六七八九十]{0,2}[、）)]?目标(?:任务|要求)?$|目标任务$|目标和任务"
)
LEAST_LEVEL = re.compile(
    r"(?:至少|不少于|不低于|不小于|不高于|不超过|达到|达|提高[到至]|提升[到至]|控制在|降[到至])[^，,。；]{0,8}[\d一二两三四五六七八九十百](?![^。；]{0,24}(?:方可|方能|才[能可]))(?![^，,。；]{0,24}(?:的[，,。]|的(?:单位|企业|个人|家庭|人员|项目|地区|机构|社区)))"
)
"""A level in a plan; 达到5人的，给予… says when, not what."""

# ------------------------------------------------------------------------------------------ completion

DONE = re.compile(
    r"(?<![而不早])已(?!有规定|满|购|达成年|退休|故|婚|知|由)|业已|累计|(?<=[\u4e00-\u9fff])(?<![为除罢])了(?![解如然不结])|正式启用|(?:全面|圆满|顺利)完成(?!后|前|的)"
)
"""Says of itself that something has been carried out."""

DONE_UNLESS_COMING = re.compile(
    r"共计|一共|总计"
    r"|(?<![公总一])共(?!有|同|享|建(?:共|$)|治|青|产|和国|识|赢|性|鸣|存|生|用|管|商)(?=[\u4e00-\u9fff]{0,12}[ \t\u3000]*(?:近|约|超)?\d)"
    r"|(?<!未)建成(?=[^，,。；的]{0,30}\d)|(?<!未)(?:落成|投用|投入使用)(?!后|前|的)"
)
"""Says so where no coming date stands beside it (2026年底前建成) and no plan gives the order."""

FULFILLED = re.compile(r"(?<![未应要须必])完成(?:了)?(?!好)[^，,。；]{0,14}(?:任务|指标|目标)(?!的)")
"""A plan told as fulfilled."""

COUNT_OF_DEEDS = re.compile(r"[人户家车班场件台批]次|人天|场|期|次")
HABIT = re.compile(r"每(?:年|月|周|季度?|学期|日|天|两|半|名|人|所|个|班|户|年度)|定期|至少|不少于")
PAST_TIME = re.compile(r"截[至止](?!时间|日期)|(?:去|上)年|(?:今年|近年|20\d\d年)以来|近(?:一|两|三|几|\d)年来?")
DATE = re.compile(
    r"(?<![从自至到—-])(?<![从自至到—-] )(?P<year>20\d\d)[ \t\u3000]*年(?:[ \t\u3000]*(?P<month>\d{1,2})[ \t\u3000]*月(?:[ \t\u3000]*(?P<day>\d{1,2})[ \t\u3000]*日)?)?"
    r"(?![^，,。；]{0,12}(?:起|开始|至|底前|月前|日前))(?!度?(?:计划|预算|规划|目标|以前|之?前))"
)
ABOVE = re.compile(r"(?:^|[，,；])[ \t\u3000]*(?:国家(?!级|森林|税|标准)|国务院|中央|中共中央)")
"""Who decides above all issuers but its own."""

STATE = re.compile(r"(?<![没持享])(?:共?有|[率量积程数]|为|占|仅)[^，,。；]{0,12}\d")
ACT = re.compile(
    r"安排|投入|开展|举办|组织|新增|新建|新开|改造|培训|发放|办理|拨付|公开(?!栏)|发现|测评|筹集|建设|建立|设立|成立|实施|服务|接听|接待|受理|整改|解决|完成|签订|提供|招聘|选派|帮扶|救助|更新|购置|启用|开通|覆盖|投用"
)
"""A state (现有243人, 覆盖率为9%) is no deed unless an act is told with it."""

OTHERS = re.compile(r"[ \t\u3000]*(?:其余|余下|剩余|剩下|其他[ \t\u3000]*\d|另外?[ \t\u3000]*\d)")
"""Those for whom it is still to come (…已建成，其余3个…)."""

# ------------------------------------------------------------------------------------------ not one

NO_COMMITMENT = re.compile(
    r"感谢|是指|(?:提案|建议|来信|来函)[^，。]{0,20}收悉|(?:答复|汇报|反馈|函复|通知|报告|公告|通告)如下|希望您|恳请|欢迎您?|(?:如有|如对|若有)[^，。]{0,16}(?:意见|疑问|问题)"
    r"|联系(?:人|电话|方式|科室|单位|部门)|请予?(?:审[议查阅]|批[示准])|此复|特此|专此|附件[:：]|(?:请|望)(?:各|认真|遵照|结合实际)|^(?:完成|办结)?(?:时限|时间|期限)[:：]"
    r"|(?:方案|计划|规划|意见|纲要|要点|目录|清单|办法|细则|通知|名单)(?:（[^）]*）)?$"
    # who does it is a duty (X牵头，Y配合), not what is promised
    r"|^由?[^，,。；]{2,40}(?:牵头|主办)[，,、][^。]{2,100}(?:配合|共同|协办|参与|负责)[^，,。；]{0,6}[。；]?$|负责[^，,。；]{1,40}[，,][^，,。；]{2,30}负责"
)
# Quick looks: a line or sentence without any of them is read no further.
_TERM_HINT = (
    r"力争|争取|确保|目标|年[内底末]|月[底末]|底前|[到至][ \t]*20|季度|半年|[年月日]之?前|20\d\d[ \t]*年?[ \t]*[—－\-至到]"
    r"|五[”\"]?(?:规划)?(?:期|末|时)|[年月天日](?:时间)?(?:之|以)?内|用.{1,4}[年月]"
)
FUTURE_HINT = re.compile(
    rf"{_TERM_HINT}|将|拟|计划|预计|下一?步|接下来|今后|下一?阶段|未来|后续|其余|余下|剩余|完成.{{0,16}}(?:任务|指标|目标)"
)
PLAN_HINT = re.compile(rf"{_TERM_HINT}|[我本全][\u4e00-\u9fff]{{1,8}}将")
PLAN_NUMBER_HINT = re.compile(
    r"将|拟|计划|预计|至少|不少于|不低于|不小于|不高于|不超过|达|提高|提升|控制|降|已|累计|了|20\d\d年"
)
PAST_HINT = re.compile(
    r"已|累计|了|共|总计|建成|启用|投用|投入使用|落成|完成|20\d\d|[去上]年|年来|以来|场|期|次|人天|截[至止]"
)
NUMBER_HINT = re.compile(r"[\d一二两三四五六七八九十百]")
OTHERS_HINT = re.compile(r"其余|余下|剩余|剩下|其他[ \t\u3000]*\d|另外?[ \t\u3000]*\d")

# ------------------------------------------------------------------------------------------ who

_OPENING = re.compile(
    r"[ \t\u3000]*(?:(?:[一二三四五六七八九十]{1,2}是)|(?:下一步|下步|接下来|下一?阶段|今后|后续|未来|同时|此外|另外|其中|目前|截[至止]目前|到目前为止|近年来|近一年来|今年以来|本年度|今年|明年|去年|此项目|该项目|为此|一方面|另一方面|(?:力争|争取|确保)?(?:到|在)?[ \t]*(?:20\d\d|今|明|本)[ \t]*年(?:[ \t]*(?:至|到|[—\-])[ \t]*20\d\d[ \t]*年)?(?:[上下]半年)?(?:[ \t]*\d{1,2}[ \t]*月)?(?:[ \t]*\d{1,2}[ \t]*日)?(?:底|末|内)?(?:之?前|以前)?|(?:到|在)?\d{1,2}[ \t]*月(?:底|末)?(?:之?前|以前)|年(?:内|底前?)|我?[省市州县区]级?财政(?=将)))?[，,、]?[ \t\u3000]*"
)
_OURS = "(?:省|市|州|县|区|镇|乡|局|委|厅|办|院|部|们|单位)"
_FIRST_PERSON = re.compile(rf"(?:我|本){_OURS}?$|全(?:省|市|州|县|区)$")
ITSELF = re.compile(rf"(?:我|本){_OURS}|全(?:省|市|州|县|区)")
"""A body speaks of itself or of its place, and so commits itself though nothing says who it is."""
_MARK = re.compile(r"将|拟(?=[^定订])|计划|预计|已|累计|共|应(?=[按当在于将依根])")
_ADVERBS = re.compile(
    r"(?:[ \t\u3000]|也|还|均|都|又|再|即|于|在|从|自|20\d\d年|[至到—-]|今年|年内|明年|全面|共|累计|目前|现|到|\d{1,2}月|底|前|内|并|、)+$"
)


# 县政府门户网站, 县政府及办公室文件: not the subject.
_GOES_ON = re.compile(r"[、和及与的，,。；]|门户|网站|机关|系统|办公室|文件|$")


def without_opening(words: str) -> str:
    """Return what is left of the words before 将: the subject, without 下一步 and dates."""
    words = re.sub(r"20\d\d[ \t\u3000]*年(?:[ \t\u3000]*至[ \t\u3000]*20\d\d[ \t\u3000]*年)?", "", words)
    return _ADVERBS.sub("", words[_opening_end(words, 0, len(words)) :]).strip()


def actor_in(words: str) -> tuple[Span | None, int]:
    """Find the body that a commitment names as its subject.

    Returns:
        Where it stands in ``words``, ``None`` for the issuer itself (我局) or where none is named; and where what is
        done begins.
    """
    clause_start = 0
    for clause in re.split(r"(?<=[，,；;])", words):
        end = clause_start + len(clause)
        start = _opening_end(words, clause_start, end)
        mark = _MARK.search(words, start, end)
        if (named := _subject(words, start, end, mark)) is not None:
            subject, action = named
            return subject, action
        if mark is not None:
            return None, start
        clause_start = end
    return None, _opening_end(words, 0, len(words))


def _opening_end(words: str, start: int, end: int) -> int:
    """Return where what opens a clause (下一步，到2025年，) ends."""
    while (opening := _OPENING.match(words, start, end)) and opening.end() > start:
        start = opening.end()
    return start


def _subject(words: str, start: int, end: int, mark: re.Match[str] | None) -> tuple[Span | None, int] | None:
    """Read the subject of one clause; ``(None, …)`` where it is the issuer itself."""
    if mark is not None:
        before = words[start : mark.start()]
        before = before[: len(before) - len(m[0])] if (m := _ADVERBS.search(before)) else before
        subject = before.strip()
        if _FIRST_PERSON.search(squeeze(subject)):
            return None, mark.end() if mark[0] == "将" else mark.start()
        at = start + before.find(subject) if subject else start
        if 2 <= len(subject) <= 40 and looks_like_agency(subject.replace(" ", "")):
            return Span(at, at + len(subject)), mark.end() if mark[0] == "将" else mark.start()
    named = leading_mention(words, start, end)
    if named is not None and not _GOES_ON.match(words, named, end):
        return Span(start, named), named
    return None
