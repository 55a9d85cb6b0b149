"""Numbers with their units as official Chinese writes them (数与单位): 2.48万, 二十四万八千, 百分之五, 3个百分点.

The one reading that facts (``rag.parsing.figures``) and the check of answers (``rag.answering.quantities``) share: what a
number is, what it is worth, and which spellings of a unit mean the same. Which numbers count something, and which of
them a sentence must bear, is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from rag.text import chinese_number

DIGITS = "零〇一二两三四五六七八九"
"""Chinese digits; 十, 百, 千, 万 and 亿 are scales."""

CHINESE = rf"[{DIGITS}十][{DIGITS}十百千万亿]*(?:点[{DIGITS}]+)?"
"""A number in Chinese numerals: 二十四万八千, 五十七点二."""

ARABIC = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in figures, with or without separators of thousands."""

SCALES: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

PARTS: Mapping[str, str] = {"百": "%", "千": "‰"}
"""What 百分之 and 千分之 give a share in."""

# Spellings that mean one unit, the first its name.
_ALIKE = (
    "个 家 所 处 座",
    "人 名 位",
    "公里 千米",
    "平方公里 平方千米",
    "岁 周岁",
    "天 日",
    "工作日 个工作日",
    "自然日 个自然日",
    "百分点 个百分点",
    "月 个月",
    "小时 个小时",
    "元 元人民币",
    "% ％",
    "部 台",
    "件 项",
    "栋 幢",
)
_ALONE = (
    "人次 人天 家次 批次 车次 场次 户次 件次 台次 班次 架次 间 户 起 辆 艘 条 场 次 张 份 年 周年 分钟 周 课时 学时 个学期 亩"
    " 米 厘米 毫米 海里 平方米 立方米 公顷 吨 公斤 千克 克 升 倍 床 期 轮 届 批 类 种 款 本 册 篇 例 宗 对 组 只 头 株 棵 节 页 幅 盏 根 口 眼 支 队 架"
    " 千瓦时 千瓦 兆瓦 分贝 美元 ‰ 成 台套 套 块 片"
)
UNITS: Mapping[str, str] = {
    **{spelling: line.split()[0] for line in _ALIKE for spelling in line.split()},
    **{unit: unit for unit in _ALONE.split()},
}
"""The name of each unit by its spellings: 家 and 所 count as 个 does."""


def scaled(value: Decimal, scale: str) -> Decimal:
    """Return a number times its scale: 2.48 with 万 is 24800, 3 with 千万 is 30000000."""
    for character in scale:
        value *= SCALES[character]
    return value


def number(text: str) -> Decimal | None:
    """Return the value of a number in figures or Chinese numerals, ``None`` for what is none."""
    if text[:1].isdecimal():
        return Decimal(text.replace(",", "").replace("，", ""))
    whole, _, decimals = text.partition("点")
    if "亿" in whole:
        left, _, right = whole.partition("亿")
        first, second = chinese_number(left), chinese_number(right) if right else 0
        value = None if first is None or second is None else first * 10**8 + second
    else:
        value = chinese_number(whole)
    if value is None:
        return None
    if not decimals:
        return Decimal(value)
    digits = "".join(str(chinese_number(c)) for c in decimals)
    return Decimal(f"{value}.{digits}")
