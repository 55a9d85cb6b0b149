"""Other names of agencies and hotlines (别名): who asks for 教育局 means 教体局 too, and 心理援助热线 is 12356."""

from __future__ import annotations

# One group a line: whichever name stands in a question, the others are looked for as well. Names that only start alike
# (教育局, 教育厅) are of different levels, and no group. Hotlines: 工业和信息化部《电信网编号计划》 and the bodies that run them.
_GROUPS = tuple(
    tuple(line.split())
    for line in """
    教育局 教体局 教育体育局 教委 教育委员会
    卫健委 卫生健康委 卫生健康委员会 卫健局 卫生健康局
    人社局 人力资源和社会保障局 人力资源社会保障局
    发改委 发展和改革委员会 发展改革委 发改局 发展和改革局
    住建局 住房和城乡建设局 住房城乡建设局 住建委
    市场监管局 市场监督管理局 市监局
    应急局 应急管理局
    医保局 医疗保障局
    文旅局 文化和旅游局
    交通局 交通运输局
    农业局 农业农村局
    环保局 生态环境局
    经信局 经济和信息化局 工信局 工业和信息化局
    规自局 自然资源局 自然资源和规划局
    城管局 城市管理局 综合执法局
    12345 政务服务便民热线 市长热线 政务热线
    12356 心理援助热线
    12315 消费者投诉举报 消费维权热线
    12333 人社服务热线
    12348 公共法律服务热线 法律援助热线
    12355 青少年服务热线
    12338 妇女维权热线
    12366 纳税服务热线
    12369 环保举报热线
    12328 交通运输服务监督热线
    12393 医保服务热线
    12309 检察服务热线
    """.strip().splitlines()
)


def other_names(text: str) -> tuple[str, ...]:
    """Return the other names of what folded ``text`` names, those that stand in it already left out."""
    found: dict[str, None] = {}
    for group in _GROUPS:
        if any(name in text for name in group):
            found.update(dict.fromkeys(name for name in group if name not in text))
    return tuple(found)
