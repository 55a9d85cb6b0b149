from __future__ import annotations

from datetime import date

import pytest

from .builders import document, spanned

NOTICE = "\n各学校：\n现将有关事项通知如下。\n一、时间\n九月一日。"


@pytest.mark.parametrize(
    "table",
    [
        "索引号\t123/2024-001\t主题分类\t教育\n发布机构\t汉州市教育局\t成文日期\t2024-03-05\n名称\t关于做好招生工作的通知\n发文字号\t汉教发〔2024〕3号\t有效性\t有效",
        "索 引 号：\t123/2024-001\n发布机构：\t汉州市教育局\n发文字号：\t汉教发〔2024〕3号\n成文日期：\t2024年3月5日\n标　　题：\t关于做好招生工作的通知",
        "索引号：123\t发文机关：汉州市教育局\n发文字号：汉教发〔2024〕3号\t成文日期：2024年3月5日\n标题：关于做好招生工作的通知",
        "索引号：\n123\n发文机关：\n汉州市教育局\n发文字号：\n汉教发〔2024〕3号\n成文日期：\n2024年3月5日\n标题：\n关于做好招生工作的通知",
    ],
)
def test_a_table_above_the_document(table):
    doc = document(table + NOTICE)
    assert doc.elements.title == "关于做好招生工作的通知"
    assert doc.elements.issuer == "汉州市教育局"
    assert doc.elements.document_number == "汉教发〔2024〕3号"
    assert spanned(doc, "document_number") == ["汉教发〔2024〕3号"]
    assert doc.elements.issued_on == date(2024, 3, 5)
    assert doc.elements.addressees == ("各学校",)


def test_an_order_in_the_table_has_no_agency_code():
    doc = document("索引号\t123\n文号\t市政府令第179号\n名称\t汉州市某事办法\n第一条　为规范某事，制定本办法。")
    assert doc.elements.document_number == "市政府令第179号"


@pytest.mark.parametrize(
    "form",
    [
        "购买方\t名　称：某某公司纳税人识别号：\t密码区\t0123\n项目\t单价\n某物\t10",
        "名称：某某公司\n地址：某路\n项目\t单价\n某物\t10",
        "姓名\t张某某\t名称\t某协会\n项目\t单价\n某物\t10",
    ],
)
def test_a_form_with_a_name_is_no_such_table(form):
    doc = document(form)
    assert doc.elements.title is None
    assert doc.elements.issuer is None


def test_a_value_ends_before_the_label_that_runs_into_it():
    doc = document("发文机关：汉州市教育局文号：汉教函〔2025〕9号\n标题：关于开学的通知" + NOTICE)
    assert doc.elements.issuer == "汉州市教育局"
