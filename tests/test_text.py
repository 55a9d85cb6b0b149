"""Folding, tokens, document numbers, numerals and sentences: tables of real strings, then what holds for any text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain.span import Span
from rag.text import (
    chinese_number,
    close_up,
    fold,
    fold_all,
    normalize_document_number,
    sentences,
    simplify,
    squeeze,
    tokens,
)

# What official text is made of, so that random text reaches the rules.
OFFICIAL = st.text(
    st.sampled_from("市卫健委漢號号第〔〕[]（）()“”《》。；！？，、 \u3000\t\n0123456789２０aBＡ%.,:-〇一二三")
)


# ------------------------------------------------------------------------------------------ folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("漢中市衛生健康委員會", "汉中市卫生健康委员会"),
        ("社會心理服務體系建設", "社会心理服务体系建设"),
        ("ＡＢＣ１２３", "abc123"),
        ("（主动公开）", "(主动公开)"),
        ("〔2025〕", "〔2025〕"),  # not a width variant of anything
        ("答复类型：Ｂ類", "答复类型:b类"),
        ("Yubei District", "yubei district"),
        ("①", "1"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(OFFICIAL)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text("漢中市，①ＡB \x1f\n", max_size=20)))
def test_folding_all_at_once_is_folding_each(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(OFFICIAL)
def test_simplifying_keeps_every_offset(text: str) -> None:
    assert len(simplify(text)) == len(text)


@pytest.mark.parametrize(
    ("laid_out", "squeezed"),
    [
        ("22 部门", "22部门"),
        ("心理 健康", "心理健康"),
        ("2023 年 7 月 1 日", "2023年7月1日"),
        ("六届　四次会议", "六届四次会议"),
        ("第 0018 号", "第0018号"),
        ("印发 《办法》 的通知", "印发《办法》的通知"),
        ("市 、县", "市、县"),
        ("  前后  ", "前后"),
        # Blanks that part words or figures stay.
        ("Yubei District", "Yubei District"),
        ("10 20", "10 20"),
        ("甲 A", "甲 A"),
        ("甲\n乙", "甲\n乙"),
    ],
)
def test_squeeze(laid_out: str, squeezed: str) -> None:
    assert squeeze(laid_out) == squeezed


@pytest.mark.parametrize(
    ("laid_out", "shown"),
    [
        ("第十六条　参加的个人", "第十六条 参加的个人"),
        ("《条例》：第十二条之一  有下列情形\n第3条 依 照", "《条例》：第十二条之一 有下列情形\n第3条 依照"),
        ("第二章 总 则", "第二章 总则"),
        ("按照第十六条 规定 办理", "按照第十六条规定办理"),  # the number of another article, in a sentence
        ("共有 22 部门", "共有22部门"),
        ("第十六条", "第十六条"),
    ],
)
def test_close_up(laid_out: str, shown: str) -> None:
    assert close_up(laid_out) == shown


# ------------------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("汉中市", ["汉", "汉中", "中", "中市", "市"]),
        ("市", ["市"]),
        ("漢中", ["汉", "汉中", "中"]),  # script
        ("〇三年", ["〇", "〇三", "三", "三年", "年"]),
        ("1,234.5元", ["1234.5", "元"]),  # thousands separators
        ("12,345,678", ["12345678"]),
        ("１２，３４５人", ["12345", "人"]),  # full width
        ("12,34", ["12", "34"]),  # no thousands
        ("1:4000", ["1", "4000"]),
        ("98.6%", ["98.6"]),
        ("A3区", ["a3", "a", "3", "区"]),
        ("5G基站", ["5g", "5", "g", "基", "基站", "站"]),
        ("A市", ["a", "市"]),  # Han ends a word of letters
        ("COVID-19", ["covid", "19"]),
        ("Yubei District", ["yubei", "district"]),
        ("12356热线", ["12356", "热", "热线", "线"]),
        ("建设 22 部门", ["建", "建设", "设", "22", "部", "部门", "门"]),
        ("心理 健康", ["心", "心理", "理", "理健", "健", "健康", "康"]),  # one run: layout parted it
        ("甲，乙", ["甲", "乙"]),  # no pair across a stop
        ("", []),
        (" \t\n，。", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "written",
    [
        "汉卫函〔2025〕143号",
        "汉卫函[2025]143号",
        "汉卫函(2025)143号",
        "汉卫函（2025）143号",
        "汉卫函［2025］143号",
        "汉卫函【2025】143号",
        "汉卫函﹝2025﹞143号",
        "汉卫函〔2025〕第143号",
        "汉卫函〔2025〕 第 143 号",
        "汉卫函 〔 2025 〕 143 号",
        "漢衛函〔2025〕143號",
        "漢衛函［２０２５］１４３號",
    ],
)
def test_a_document_number_is_one_number_however_written(written: str) -> None:
    assert normalize_document_number(written) == "汉卫函〔2025〕143号"
    found = tokens(written)
    assert found[:2] == ["#2025#143", "汉卫函#2025#143"]
    # Asked for by its parts it is found too.
    assert {"卫函", "2025", "143"} <= set(found)


def test_a_document_number_without_its_code_is_still_a_term() -> None:
    assert tokens("〔2025〕143号") == ["#2025#143", "2025", "143"]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("汉卫函〔2025〕0143号", "汉卫函〔2025〕143号"),  # leading zeros
        ("德市卫办发〔2023〕14号", "德市卫办发〔2023〕14号"),
        # No document number: folded, without blanks.
        ("第 27 号", "第27号"),
        ("沒有文號", "没有文号"),
        ("汉卫函〔25〕143号", "汉卫函〔25〕143号"),
        ("", ""),
    ],
)
def test_normalize_document_number(written: str, normal: str) -> None:
    assert normalize_document_number(written) == normal


@given(OFFICIAL)
def test_tokens_are_those_of_the_folded_text(text: str) -> None:
    assert tokens(text) == tokens(text) == tokens(fold(text))


@given(OFFICIAL)
def test_tokens_hold_every_character_of_words_and_no_blank(text: str) -> None:
    found = tokens(text)
    assert all(token and not any(c.isspace() for c in token) for token in found)
    assert {c for c in fold(text) if "\u4e00" <= c <= "\u9fff" and c not in "第号"} <= set("".join(found))


# ----------------------------------------------------------------------------------------- numerals


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十三", 23),
        ("一百零五", 105),
        ("两千", 2000),
        ("千三百", 1300),
        ("三万五千", 35_000),
        ("十万", 100_000),
        ("二〇二五", 2025),
        ("二○二五", 2025),
        ("零", 0),
        ("12", 12),
        ("１２", 12),
        (" 7 ", 7),
        # What is no integer, or is not written so in documents, has no value: none is made up.
        ("", None),
        ("万", None),
        ("廿", None),
        ("三分之一", None),
        ("-1", None),
        ("1.5", None),
        ("第三", None),
    ],
)
def test_chinese_number(written: str, value: int | None) -> None:
    assert chinese_number(written) == value


def written_out(number: int) -> str:
    """Write a number below 10,000 in Chinese, by the rules of the primer."""
    digits = "零一二三四五六七八九"
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += digits[digit] + name
        elif words and not words.endswith("零"):
            words += "零"
    return words.rstrip("零").removeprefix("一") if 10 <= number < 20 else words.rstrip("零") or "零"


@given(st.integers(0, 9_999))
def test_a_number_written_out_is_read_back(number: int) -> None:
    assert chinese_number(written_out(number)) == number
    assert chinese_number(str(number)) == number


# ---------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一句。第二句；第三句！第四句？", ["第一句。", "第二句；", "第三句！", "第四句？"]),
        ("没有句号", ["没有句号"]),
        ("甲\n\n 乙。\n", ["甲", "乙。"]),
        # Stops inside brackets and quotes end nothing.
        ("开展巡查（见附件。），整改隐患。完毕。", ["开展巡查（见附件。），整改隐患。", "完毕。"]),
        ("建立心理室。〔甲局牵头；乙局负责〕", ["建立心理室。", "〔甲局牵头；乙局负责〕"]),
        ("要做到“早发现；早干预”。再落实。", ["要做到“早发现；早干预”。", "再落实。"]),
        ("印发《办法（试行）；细则》的通知。附件", ["印发《办法（试行）；细则》的通知。", "附件"]),
        # Brackets opened in one width are often closed in the other.
        ("设置营养（康复)科。开设门诊。", ["设置营养（康复)科。", "开设门诊。"]),
        ("共建三处(东塘；西岭）。完毕。", ["共建三处(东塘；西岭）。", "完毕。"]),
        # A closing quote or bracket belongs to what it closes.
        ("他说“好。”随后散会。", ["他说“好。”随后散会。"]),
        ("（此件公开。）下文。", ["（此件公开。）下文。"]),
        # A line end closes what was left open.
        ("甲（乙；丙\n丁；戊", ["甲（乙；丙", "丁；", "戊"]),
        ("。。。", ["。。。"]),
        ("", []),
        (" \n\u3000", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected


def test_a_bracket_left_open_holds_up_sentences_for_a_while_only() -> None:
    text = "（忘了关。" + "长" * 130 + "。后来。"
    assert [len(span) for span in sentences(text)] == [136, 3]


def test_sentences_of_a_part_have_offsets_into_the_whole() -> None:
    text = "前文。这一句；那一句。后文。"
    assert [span.of(text) for span in sentences(text, Span(3, 11))] == ["这一句；", "那一句。"]


@given(OFFICIAL)
def test_sentences_are_ordered_and_hold_every_character(text: str) -> None:
    spans = sentences(text)
    assert spans == sorted(spans)
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())


class Counted(str):
    """A text that counts how many of its characters are copied out."""

    __slots__ = ("copied",)

    def __getitem__(self, key):
        part = super().__getitem__(key)
        self.copied = getattr(self, "copied", 0) + len(part)
        return part


@pytest.mark.parametrize("unit", ["（甲；", "“甲。", "甲。", "甲乙丙丁", "《", "；", "\n"])
def test_the_work_for_a_long_text_grows_with_its_length(unit: str) -> None:
    def work(characters: int) -> int:
        text = Counted(unit * (characters // len(unit)))
        text.copied = 0
        sentences(text)
        return text.copied

    # Twice as much for twice the length, with room for what happens once; a quadratic reading gives four times.
    assert work(40_000) <= 2.5 * work(20_000) + 1_000
