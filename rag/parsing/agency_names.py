"""Names of departments (部门名称): stems, the short forms in use, and the kinds of body they end with.

Data only; ``agencies`` gives it meaning. Sources: 国务院机构改革方案 2018 and 2023 for the full names, the
official documents of provinces, cities and counties for the short ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Department:
    """A department of government, whatever level it is of.

    Attributes:
        stem: Full name without the kind of body: 卫生健康.
        short: Other stems in use: 卫健, 卫计.
        body: Kind of body that 局, 委 and 委员会 are merged to; ``""`` keeps them apart (教育局 is not 教委).
        family: The field it answers for; 教育体育 is in the field of 教育 too.
        words: What stands before 部门 when the field is meant: 教育部门, 司法行政部门.
    """

    stem: str
    short: tuple[str, ...] = ()
    body: str = "局"
    family: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


COMMISSION = "委员会"

DEPARTMENTS: tuple[Department, ...] = (
    Department(
        "卫生健康",
        ("卫健", "卫计", "卫生计生", "卫生和计划生育", "卫生与计划生育", "卫生", "卫建", "卫健体"),
        COMMISSION,
        words=("卫生健康", "卫健", "卫生", "卫生计生", "卫生行政"),
    ),
    Department(
        "教育体育", ("教体", "教育和体育", "教育与体育", "教育局体育"), family=("教育", "体育"), words=("教体",)
    ),
    Department("教育", ("教",), "", words=("教育", "教育行政", "教育主管")),
    Department("教育科技", ("教科", "教育和科技", "教育科学技术"), family=("教育", "科学技术")),
    Department("体育", words=("体育",)),
    Department(
        "人力资源和社会保障",
        ("人社", "人力社保", "人力资源社会保障", "人力资源与社会保障", "人力资源社保"),
        words=("人力资源和社会保障", "人力资源社会保障", "人社"),
    ),
    Department(
        "市场监督管理",
        ("市监", "市场监管", "市场和质量监督管理", "市场监督", "市管"),
        words=("市场监管", "市场监督管理"),
    ),
    Department("发展和改革", ("发改", "发展改革", "发展与改革"), COMMISSION, words=("发展改革", "发展和改革", "发改")),
    Department("应急管理", ("应急",), words=("应急管理", "应急")),
    Department("经济和信息化", ("经信", "经济信息化", "经济与信息化"), words=("经济和信息化", "经信", "经济信息化")),
    Department("工业和信息化", ("工信", "工业信息化", "工业与信息化"), words=("工业和信息化", "工信")),
    Department(
        "经济信息化和科学技术",
        ("经信科技", "经济信息化科学技术", "经济和信息化科学技术", "经信和科技", "经济信息化和科技"),
        family=("经济和信息化", "科学技术"),
        words=("经信科技",),
    ),
    Department("科学技术", ("科技",), words=("科技", "科学技术")),
    Department("民政", words=("民政",)),
    Department("医疗保障", ("医保",), words=("医疗保障", "医保")),
    Department(
        "文化和旅游",
        (
            "文旅",
            "文化旅游",
            "文化与旅游",
            "文广旅",
            "文体旅",
            "文广旅体",
            "文化广电旅游",
            "文化广电和旅游",
            "文化体育旅游",
        ),
        words=("文化和旅游", "文旅", "文化旅游", "文化"),
    ),
    Department("广播电视", ("广电",), words=("广播电视", "广电", "广播电视台")),
    Department("新闻出版", words=("新闻出版",)),
    Department(
        "住房和城乡建设",
        ("住建", "住房城乡建设", "住房与城乡建设", "住房和建设", "城乡建设"),
        words=("住房和城乡建设", "住房城乡建设", "住建"),
    ),
    Department("财政", words=("财政",)),
    Department("公安", words=("公安", "公安机关")),
    Department("司法", words=("司法行政", "司法")),
    Department(
        "自然资源和规划",
        ("规自", "自规", "资规", "自然资源规划", "自然资源与规划", "规划和自然资源", "规划自然资源"),
        family=("自然资源",),
    ),
    Department("自然资源", ("自然资源", "国土资源"), words=("自然资源",)),
    Department("生态环境", ("环保", "环境保护"), words=("生态环境", "环保")),
    Department("交通运输", ("交通",), words=("交通运输", "交通")),
    Department("农业农村", ("农业", "农牧", "农牧农村"), words=("农业农村", "农业")),
    Department("水利", words=("水利", "水行政")),
    Department("水务", family=("水利",), words=("水务",)),
    Department("城市管理", ("城管",), words=("城市管理", "城管")),
    Department(
        "城市管理综合行政执法", ("城管执法", "城市管理和综合执法", "城市综合管理"), family=("城市管理", "综合行政执法")
    ),
    Department("综合行政执法", ("综合执法",), words=("综合行政执法",)),
    Department("退役军人事务", ("退役军人",), words=("退役军人事务", "退役军人")),
    Department("国有资产监督管理", ("国资", "国资监管"), COMMISSION, words=("国有资产监督管理", "国资")),
    Department("行政审批", ("审批",), words=("行政审批",)),
    Department("行政审批服务", ("审批服务",), family=("行政审批",)),
    Department("金融", words=("金融", "金融监管")),
    Department("税务", words=("税务",)),
    Department("统计", words=("统计",)),
    Department("审计", words=("审计",)),
    Department("信访", words=("信访",)),
    Department("乡村振兴", ("扶贫开发",), words=("乡村振兴",)),
    Department("机关事务管理", ("机关事务", "机关事务服务"), words=("机关事务",)),
    Department("大数据", ("数据", "大数据管理", "大数据发展", "数据管理"), words=("大数据", "数据")),
    Department("商务", words=("商务",)),
    Department("民族宗教事务", ("民宗", "民族宗教", "民族和宗教事务"), words=("民族宗教", "民宗")),
    Department("林业", ("林业和草原", "林草", "园林和林业", "园林"), words=("林业", "林草")),
    Department("药品监督管理", ("药监", "药品监管", "食品药品监督管理", "食药监"), words=("药品监管", "药监")),
    Department("粮食和物资储备", ("粮食", "粮食和储备"), words=("粮食",)),
    Department("疾病预防控制", ("疾控",), family=("卫生健康",), words=("疾控",)),
    Department("气象", words=("气象",)),
    Department("海洋", ("海洋与渔业", "海洋和渔业", "海洋渔业"), words=("海洋",)),
    Department("邮政管理", ("邮管",), words=("邮政",)),
    Department("通信管理", ("通管",), words=("通信管理",)),
    Department("消防救援", ("消防",), body="", words=("消防救援", "消防")),
    Department("招商", ("投资促进", "招商引资", "经济合作"), body="", words=("招商",)),
)


SAME_WORK: tuple[tuple[str, ...], ...] = (
    ("经济和信息化", "工业和信息化"),
    ("城市管理", "综合行政执法"),
    ("自然资源", "自然资源和规划"),
)
"""Departments, by stem, of which a place has one or the other: who asks for one means either."""


@dataclass(frozen=True, slots=True)
class Organ:
    """A body that is no department: of the Party, of the people, of the courts.

    Attributes:
        name: Full name without the place.
        short: Other names in use.
        is_party: It is part of a Party committee, so that 市 before it means 市委.
        words: What stands before 部门 when it is meant.
    """

    name: str
    short: tuple[str, ...] = ()
    is_party: bool = False
    words: tuple[str, ...] = ()


ORGANS: tuple[Organ, ...] = (
    Organ("宣传部", is_party=True, words=("宣传",)),
    Organ("组织部", is_party=True, words=("组织",)),
    Organ("统一战线工作部", ("统战部",), is_party=True, words=("统战",)),
    Organ("社会工作部", ("社工部",), is_party=True, words=("社会工作",)),
    Organ("政法委员会", ("政法委",), is_party=True, words=("政法",)),
    Organ("网络安全和信息化委员会办公室", ("网信办", "互联网信息办公室"), is_party=True, words=("网信", "互联网信息")),
    Organ("机构编制委员会办公室", ("编办", "编委办"), is_party=True, words=("编制", "机构编制")),
    Organ("精神文明建设办公室", ("文明办", "精神文明建设委员会办公室", "精神文明建设指导委员会办公室"), is_party=True),
    Organ("平安建设领导小组办公室", ("平安办",), is_party=True),
    Organ("社会治安综合治理委员会办公室", ("综治办",), is_party=True),
    Organ("老干部局", is_party=True),
    Organ("党校", ("行政学院",), is_party=True),
    Organ("工业和信息化工作委员会", is_party=True),
    Organ("纪律检查委员会", ("纪委", "纪委监委", "纪检监察机关"), words=("纪检监察",)),
    Organ("监察委员会", ("监委",)),
    Organ("总工会", ("工会",), words=("工会",)),
    Organ("妇女联合会", ("妇联",), words=("妇联",)),
    Organ("残疾人联合会", ("残联",), words=("残联",)),
    Organ("科学技术协会", ("科协",)),
    Organ("文学艺术界联合会", ("文联",)),
    Organ("工商业联合会", ("工商联",)),
    Organ("归国华侨联合会", ("侨联",)),
    Organ("关心下一代工作委员会", ("关工委",)),
    Organ("红十字会"),
    Organ("计划生育协会", ("计生协",)),
    Organ("老龄工作委员会办公室", ("老龄办", "老龄委", "老龄委办公室", "老龄工作委员会")),
    Organ("妇女儿童工作委员会办公室", ("妇儿工委办", "妇儿工委")),
    Organ("未成年人保护委员会", ("未保委",)),
    Organ("爱国卫生运动委员会办公室", ("爱卫办", "爱卫会")),
    Organ("人民检察院", ("检察院",), words=("检察",)),
    Organ("人民法院", ("法院",), words=("法院", "审判")),
    Organ("人民政府", ("政府",)),
    Organ("人民政府办公室", ("政府办公室", "府办", "政府办", "人民政府办公厅", "政府办公厅")),
    Organ("人民政府督查室", ("政府督查室",)),
    Organ("人民政府外事办公室", ("外事办", "外办", "政府外办")),
    Organ("人民代表大会常务委员会", ("人大常委会",)),
    Organ("政协提案委员会", ("政协提案委",)),
    Organ("住房公积金管理中心", ("公积金中心", "住房公积金中心")),
)
