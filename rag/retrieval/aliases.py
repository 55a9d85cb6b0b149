"""Other names of agencies and hotlines (别名): who asks for 教育局 means 教体局 too, and 心理援助热线 is 12356."""

from __future__ import annotations

from functools import cache

from rag.parsing.agency_names import COMMISSION, DEPARTMENTS, SAME_WORK, Department

# One group a line: whichever name stands in a question, the others are looked for as well. Hotlines: 工业和信息化部
# 《电信网编号计划》 and the bodies that run them.
_HOTLINES = tuple(
    tuple(line.split())
    for line in """
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
_BODIES = {COMMISSION: ("委", "委员会", "局"), "": ("局", "委", "委员会"), "局": ("局",)}
_MOST_SHORT = 3
"""Short forms of one department that are looked for: rarer ones would add more noise than texts."""


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups; names that only start alike (教育局, 教育厅) are of different levels, and no group."""
    by_stem = {department.stem: department for department in DEPARTMENTS}
    joined = {stem for group in SAME_WORK for stem in group}
    groups = [[by_stem[stem] for stem in group] for group in SAME_WORK]
    groups += [[department] for department in DEPARTMENTS if department.stem not in joined]
    named = (tuple(dict.fromkeys(name for one in group for name in _names(one))) for group in groups)
    return (*_HOTLINES, *(names for names in named if len(names) > 1))


def _names(department: Department) -> list[str]:
    """Return the names of a department, and the short ones of those that have its field among others (教体局)."""
    stems = [department.stem, *department.short[:_MOST_SHORT]]
    names = [f"{stem}{body}" for stem in stems for body in _BODIES[department.body] if len(stem) > 1 or body == "委"]
    field = [
        f"{other.short[0]}局" for other in DEPARTMENTS if len(other.family) > 1 and department.stem in other.family
    ]
    return [*names, *field]


def other_names(text: str) -> tuple[str, ...]:
    """Return the other names of what folded ``text`` names, those that stand in it already left out."""
    found: dict[str, None] = {}
    for group in _groups():
        if any(name in text for name in group):
            found.update(dict.fromkeys(name for name in group if name not in text))
    return tuple(found)
