from __future__ import annotations

import pytest

from rag.domain.access import Disclosure

from .builders import document, spanned

BODY = "汉州市卫生健康局\n关于某事的通知\n各有关单位：\n现将有关事项通知如下。\n"


@pytest.mark.parametrize(
    ("line", "expected", "words"),
    [
        ("（此件公开发布）", Disclosure.PUBLIC, "公开发布"),
        ("此件主动公开", Disclosure.PUBLIC, "主动公开"),
        ("（主动公开）", Disclosure.PUBLIC, "主动公开"),
        ("主动公开", Disclosure.PUBLIC, "主动公开"),
        ("公开情况：此件主动公开", Disclosure.PUBLIC, "主动公开"),
        ("（信息公开形式：主动公开）", Disclosure.PUBLIC, "主动公开"),
        ("政府信息公开选项：主动公开", Disclosure.PUBLIC, "主动公开"),
        ("是否公开属性：公开", Disclosure.PUBLIC, "公开"),
        ("此件公开", Disclosure.PUBLIC, "公开"),
        ("公开方式: 主动 公开", Disclosure.PUBLIC, "主动 公开"),
        ("（此件依申请公开）", Disclosure.ON_REQUEST, "依申请公开"),
        ("信息公开选项：依申请公开", Disclosure.ON_REQUEST, "依申请公开"),
        ("公开属性：依申请公开", Disclosure.ON_REQUEST, "依申请公开"),
        ("公开属性：不予公开", Disclosure.INTERNAL, "不予公开"),
        ("公开属性：免予公开", Disclosure.INTERNAL, "免予公开"),
        ("（此件不公开）", Disclosure.INTERNAL, "不公开"),
        ("（此件不予公开）", Disclosure.INTERNAL, "不予公开"),
        ("（此件依申請公開）", Disclosure.ON_REQUEST, "依申請公開"),
        ("2024年5月17日　　（此件公开发布）", Disclosure.PUBLIC, "公开发布"),
        ("此 件 公 开 发 布", Disclosure.PUBLIC, "公 开 发 布"),
        ("（此 件 主 动 公 开）", Disclosure.PUBLIC, "主 动 公 开"),
        ("（此件可公开发布）", Disclosure.PUBLIC, "公开发布"),
        ("（此件发至县级，公开发布）", Disclosure.PUBLIC, "公开发布"),
        ("（此件主动公开，有效期5年）", Disclosure.PUBLIC, "主动公开"),
        ("★此件主动公开", Disclosure.PUBLIC, "主动公开"),
        ("公开方式 主动公开", Disclosure.PUBLIC, "主动公开"),
        ("（此件非公开）", Disclosure.INTERNAL, "非公开"),
        ("（此件删减后公开）", Disclosure.INTERNAL, "删减后公开"),  # the file may be the whole text
        ("公开属性\t依申请公开\t有效性\t有效", Disclosure.ON_REQUEST, "依申请公开"),
    ],
)
def test_spellings(line, expected, words):
    doc = document(BODY + line)
    assert doc.elements.disclosure is expected
    assert spanned(doc, "disclosure") == [words]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "要坚持政务公开，主动公开办事流程。",
        "公开属性：□主动公开 □依申请公开 □不予公开",
        "公开属性：主动公开 依申请公开 不予公开",
        "☑主动公开",
        "（一）主动公开",
        "主动公开政府信息1200条",
        "此件公开后要及时解读。",
        "此件公开发布后各单位要抓好落实",
        "不予公开的情形包括下列各项。",
        "是否同意公开：是",
        "（此件发至县团级）",
        "（此件有删减）",
        "信息公开\t公开方式",
    ],
)
def test_what_is_no_label(line):
    assert document(BODY + line).elements.disclosure is Disclosure.UNLABELLED


def test_an_item_of_a_list_is_no_label():
    filler = "\n".join(f"第{n}项说明文字。" for n in range(20))
    assert document(f"{BODY}{filler}\n主动公开\n{filler}").elements.disclosure is Disclosure.UNLABELLED


def test_of_two_labels_the_stricter_holds():
    doc = document(BODY + "公开属性：主动公开\n正文。\n（此件依申请公开）")
    assert doc.elements.disclosure is Disclosure.ON_REQUEST
    assert spanned(doc, "disclosure") == ["依申请公开"]


def test_a_label_above_the_title():
    doc = document("公开属性：依申请公开\n" + BODY)
    assert doc.elements.disclosure is Disclosure.ON_REQUEST
    assert doc.elements.title == "汉州市卫生健康局关于某事的通知"
