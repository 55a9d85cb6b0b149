"""Everyday words and those that official texts have for them (口语与公文用语): 老人 and 老年人, 公交 and 公共汽车, 要钱 and 免费.

Whoever asks in everyday words is answered by sentences that hold none of them. Words that are alike are found by the
encoder; these are said of the same thing and look nothing alike. Of two that are opposites each is said where the
other is asked for: whether something costs is told by 免费.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# An everyday word, then what official texts say for it. One way only: who asks for 儿童 does not mean 学生.
_SAID = """
老人 老年人
老头 老年人
老太太 老年人
老人家 老年人
小孩 儿童 未成年人 幼儿
孩子 儿童 未成年人 幼儿
娃 儿童 学生 未成年人 幼儿
娃娃 儿童 学生 未成年人 幼儿
老师 教师
医院 医疗机构 医疗卫生机构
医生 医师
大夫 医师 医生
病人 患者
精神病人 精神障碍患者 精神病患者
公交 公共汽 公共交通
公交车 公共汽 公共交通
地铁 轨道交通
公租房 公共租赁住房
廉租房 公共租赁住房
房租 租金
户口 户籍
个税 个人所得税
社保 社会保险
工资 劳动报酬 薪酬
电话 热线
心里 心理
工会 总工会
打工 务工 职工
打工的 务工 职工
工人 职工 劳动者
员工 职工
找工作 就业 求职
公司 企业
老板 用人单位 经营者
看病 就诊 诊疗 就医
转院 转诊
转医院 转诊
吃药 服药
家里 居家
在家 居家
上门 入户 走访
聊聊 咨询 疏导 倾诉
谈心 疏导 咨询
陪聊 慰藉 疏导
乡下 乡镇 农村 村
镇街 镇(街道)
念书 就读
读书 就读
上学 就读 入学
养老院 养老机构
敬老院 养老机构
托儿所 托育机构
出钱 投入 资金
掏钱 投入 资金
补钱 补助 补贴
罚钱 罚款
奖金 奖励
表扬 表彰
快速通道 绿色通道
讲座 巡讲 宣讲
体检 健康检查
中央 中、省 中省
省级 中、省 中省
半夜 24小时 全天
晚上 24小时 全天
夜里 24小时 全天
全天候 24小时 全天
丢了 遗失
上线 启用 开通
修好 完工 竣工 建成
刻章 刻制 印章 公章
盖房 建房
碗筷 餐具
"""
_OPPOSITE = """
要钱 免费
花钱 免费
收钱 免费
交钱 免费
收费 免费
付费 免费
免费 收费
公开 保密
"""

# Longest word of which no part is looked up: 地铁 in 坐地铁 is, 人 in 老人 is not.
_UNCUT = 2


def _read(table: str) -> Mapping[str, tuple[str, ...]]:
    lines = (line.split() for line in table.split("\n") if line)
    return MappingProxyType({word: tuple(others) for word, *others in lines})


_SAYINGS = _read(_SAID)
_OPPOSITES = _read(_OPPOSITE)


def said_for(word: str) -> tuple[str, ...]:
    """Return what official texts say for an everyday word; of 坐地铁, which was not cut, for what follows its verb."""
    return _of(_SAYINGS, word)


def opposites(word: str) -> tuple[str, ...]:
    """Return the words by which official texts tell that it is not so (免费 for 收费)."""
    return _of(_OPPOSITES, word)


def _of(table: Mapping[str, tuple[str, ...]], word: str) -> tuple[str, ...]:
    return table.get(word) or (table.get(word[1:], ()) if len(word) > _UNCUT else ())
