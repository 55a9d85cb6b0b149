"""Invented official documents (公文) for measuring speed: right in form, without meaning."""

from __future__ import annotations

import random
from pathlib import Path

_PLACES = ("云岫市", "棠湾市", "霁川市", "鹭原县", "望舒县", "砚溪区")
_AGENCIES = ("教育局", "民政局", "财政局", "住房和城乡建设局", "卫生健康局", "交通运输局", "农业农村局", "应急管理局")
_TOPICS = ("养老服务", "垃圾分类", "农村公路", "校园安全", "电梯加装", "公共交通", "就业创业", "老旧小区改造")
_VERBS = ("完善", "推进", "落实", "开展", "健全", "加强", "规范", "统筹")
_THINGS = (
    "工作机制",
    "服务网络",
    "资金保障",
    "人员培训",
    "监督检查",
    "信息公开",
    "设施建设",
    "宣传引导",
    "部门协同",
    "绩效评价",
)
_ENDS = ("，覆盖{n}个镇街", "，投入资金{n}万元", "，惠及群众{n}人次", "，整改问题{n}处", "，新增点位{n}个", "")


def document(number: int, characters: int) -> str:
    """Return a plan (实施方案) of about so many characters; the same number gives the same text."""
    chance = random.Random(number)
    place, agency, topic = chance.choice(_PLACES), chance.choice(_AGENCIES), chance.choice(_TOPICS)
    year = chance.randint(2019, 2026)
    lines = [f"{place}{agency}", f"{place[0]}{agency[0]}发〔{year}〕{number}号", "", f"{place}{topic}实施方案", ""]
    length = chapter = 0
    while length < characters:
        chapter += 1
        lines.append(f"{'一二三四五六七八九十'[chapter % 10 - 1]}、{chance.choice(_VERBS)}{chance.choice(_THINGS)}")
        for section in "一二三四":
            units = chance.sample(_AGENCIES, 3)
            task = "；".join(_sentence(chance) for _ in range(3))
            lines.append(
                f"（{section}）{chance.choice(_VERBS)}{topic}{chance.choice(_THINGS)}。{task}。"
                f"〔市{units[0]}牵头，市{units[1]}、市{units[2]}按职责分工负责〕"
            )
            length += len(lines[-1])
    lines += ["", f"{place}{agency}", f"{year}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"]
    return "\n".join(lines) + "\n"


def write_documents(folder: Path, count: int, characters: int) -> int:
    """Write so many documents and return their characters in all."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for number in range(1, count + 1):
        text = document(number, characters)
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        total += len(text)
    return total


def _sentence(chance: random.Random) -> str:
    phrases = [f"{chance.choice(_VERBS)}{chance.choice(_TOPICS)}{chance.choice(_THINGS)}" for _ in range(2)]
    return "，".join(phrases) + chance.choice(_ENDS).format(n=chance.randint(2, 9_999))
