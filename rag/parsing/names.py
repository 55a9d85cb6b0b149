"""Names of persons (姓名): what is shaped like one, and which stand beside a telephone or identity number.

A name alone is no personal data here: officials sign, deputies propose. Beside somebody's own number it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rag.domain.span import Span
from rag.parsing.gazetteer import PROVINCE_OF, PROVINCES

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗"
    "毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌"
    "焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄"
    "姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩"
    "厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃闫付代岳税苟阳佘帅仝初但兰晋楚冼揭尧佟青官巨粟"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "东方",
    "夏侯",
    "端木",
    "独孤",
    "南宫",
)


@cache
def han_name() -> re.Pattern[str]:
    """Return the pattern of Han characters that may be a name, perhaps with blanks or a dot between them."""
    return re.compile(
        r"[\u3400-\u9fff](?:[ \u3000]{0,4}[\u3400-\u9fff·•．]){1,3}|[\u3400-\u9fff]{1,8}[·•][\u3400-\u9fff]{1,8}"
    )


_HONORIFIC = re.compile(
    r"(?:同志|先生|女士|老师|科长|处长|主任|局长|副局长|主席|书记|部长|院长|所长|股长|医生|委员|代表|[某]{1,2})$"
)
_OFFICE = re.compile(
    r"(?:办公室|[科处室股]|.{2}(?:局|委|办|部|司|厅|会|院|署|站|队|中心|公司|政府|街道|大厅|窗口|单位|部门|组))$"
)
_NOT_A_NAME = re.compile(
    r"(?:见|详见|附|另|同上|无|略|姓名|电话|手机|职务|单位|部门|签名|签字|签章|盖章|名单|各|由|是|为|的|应|须|需|及|待定|信息|变更)"
)


def is_name(word: str) -> bool:
    """Tell whether ``word`` after a contact label is a person's name rather than an office's; in doubt it is."""
    bare = _HONORIFIC.sub("", word.replace(" ", "").replace("\u3000", "")) or word
    if "·" in bare or "•" in bare:
        return han_name().fullmatch(bare) is not None
    if not 1 <= len(bare) <= 4 or not all("\u3400" <= character <= "\u9fff" for character in bare):
        return False
    if len(bare) == 1:
        return bare != word and bare in _SURNAMES  # 王同志, 王某
    if _NOT_A_NAME.match(bare):
        return False
    if len(bare) >= 3 and _OFFICE.search(bare):
        return False
    return len(bare) <= 3 or bare.startswith(_DOUBLE_SURNAMES) or bare[0] in _SURNAMES


# ------------------------------------------------------------------------- beside a number

_NUMBER = "\x00"  # stands for each character of the numbers that were found
_LONGEST_WAY = 80
# What may stand between a name and the number: an aside in brackets, marks, labels, and what a form says of somebody.
# Possessive, or nested brackets would be tried in every way.
_BETWEEN = (
    r"(?:[(（][^（）()\d\n]{2,12}(?:[)）]|[，,：:、 ])|[\x00\s，,、：:()（）/／|*\[\]【】；;\-—＿_“”<＜]|同志|先生|女士|老师|法官|律师|联系|办公|移动|固定|家庭"
    r"|住宅|预留|电话|手机|座机|传真|号码|方式|微信|有效|居民|公民|身份|证件|户主|来电|来访|证|号|码|收|为|是|男|女|性别|[汉回满蒙藏苗彝壮侗瑶]族|土家族"
    r"|布依族|维吾尔族|(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,3}岁|出?生|办|受理|咨询|了解|和|驾驶|全号|反映|联络|我的|留言"
    r"|负责(?:解释|联系|办理|对接|接待))*+"
)
# Before a name stands no Han character, or the end of what somebody is (患者, 户主, 村支书) or where he works, or a verb.
_BEFORE = r"(?:^|(?<=[^\u3400-\u9fff])|(?<=[人员者长任记师户表机生主席导理的属父母友民警妇属东方区县镇乡村科处室股局站队组办书士官问询由向与给致电对加指是为明有院校部会司叫请找客医])|(?<=同志))"
_SHAPE = rf"(?P<name>(?:{'|'.join(_DOUBLE_SURNAMES)})[\u3400-\u9fff]{{1,2}}|[{''.join(sorted(_SURNAMES))}][\u3400-\u9fff]{{1,2}})"


@cache
def _owner_before() -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE}(?!(?<=主)[席任]){_SHAPE}{_BETWEEN}(?:\(?(?:\+|00)?86\)?[- ]{{0,2}}|0)?$")


@cache
def _owner_after() -> re.Pattern[str]:
    return re.compile(
        rf"[ \u3000\t]{{0,4}}(?:[（(【\[|]|[，,；;。]?(?:联系人|联络人|联络员|经办人|承办人)[:： ]?|与|和|找|[ \u3000\t])[ \u3000]?(?:我[局委办院会处科]|本[局委办院会处科])?{_SHAPE}"
        r"(?:同志|先生|女士|老师)?[ \u3000]?(?:[)）】\]|]|本人|联系|接洽|$|(?=[\n\t，,；;。]))"
    )


# What begins with a surname and is none's name: places, offices and parts of them, and words of forms and lists.
_NO_NAME_END = frozenset(
    "省市县区州镇乡村街路巷局委办处科股室站所院校厂店社司园馆部厅组队会港湾桥厦楼府线号话真址编箱码机费"
)
_NO_NAMES = frozenset(
    "单位 方式 方法 时间 全国 全市 全省 全县 全区 全年 应急 安全 程序 房屋 车辆 车牌 有效 查询 查收 管理 管委 项目 经费 施工 游客 宣传 左右 农业 水务 水电"
    " 周一 周二 周三 周四 周五 周六 周日 常年 常用 常住 通知 通告 公告 公开 公示 公民 公安 文件 文化 文旅 司机 司法 高级 高新 高速 金额 金融 白天 元旦 家长 家属"
    " 家庭 家住 干部 党员 党委 党组 关注 后续 权益 何时 国家 国有 解决 解释 居民 师生 农民 农户 农村 通信 任务 经理 经办 经营 经济 包括 包含 包保 班级 班长 邮箱"
    " 邮编 邮政 邮寄 严重 方案 方面 方便 费用 和谐 平安 平台 明年 成员 支部 支队 仲裁 宗教 全部 全体 全程 武警 劳动 劳务 申请 申报 养老 须知 税务 付款 代表 代理"
    " 青年 时限 时长 余额 顾客 平时 纪委 纪检 纪律 董事 季度 高校 高中 童年 林业 田间 康复 幸福 路灯 路段 相关 党政 车间 荣誉 计生 容量 向前 向上 和反".split()
)
_PLACES = frozenset(PROVINCES) | frozenset(PROVINCE_OF)


def find_owners(text: str, numbers: Sequence[Span]) -> Iterator[Span]:
    """Yield the names that stand beside telephone and identity numbers, on either side.

    Args:
        text: The text, of half width.
        numbers: Where personal numbers stand in it, in order.
    """
    if not numbers:
        return
    characters = list(text)
    for span in numbers:
        characters[span.start : span.end] = _NUMBER * len(span)
    hidden = "".join(characters)
    for span in numbers:
        start = max(0, span.start - _LONGEST_WAY)
        for match in (_owner_before().search(hidden[start : span.start]), _owner_after().match(hidden, span.end)):
            if match is not None and _is_owner(match["name"]):
                offset = 0 if match.string is hidden else start
                yield Span(offset + match.start("name"), offset + match.end("name"))


def _is_owner(name: str) -> bool:
    return (
        name[-1] not in _NO_NAME_END
        and name[:2] not in _NO_NAMES
        and name not in _PLACES
        and name[:2] not in _PLACES
        and is_name(name)
    )
