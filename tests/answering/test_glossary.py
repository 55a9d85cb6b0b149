"""English names of agencies: from the list, composed of a level and a name of the list, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

import rag
from rag.answering.glossary import gloss


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("教育部", "Ministry of Education"),
        ("国家卫生健康委", "National Health Commission"),
        ("教育局", "Education Bureau"),
        ("市教育局", "Municipal Education Bureau"),
        ("区教委", "District Education Commission"),
        ("县教育局", "County Education Bureau"),
        ("省教育厅", "Provincial Department of Education"),
        ("市教体局", "Municipal Education and Sports Bureau"),
        ("广汉市教育和体育局", "Municipal Education and Sports Bureau"),
        ("广汉市教育体育局", "Municipal Education and Sports Bureau"),
        ("重庆市渝北区卫生健康委员会", "District Health Commission"),
        ("市卫健委", "Municipal Health Commission"),
        ("市卫健局", "Municipal Health Bureau"),
        ("市发展改革委", "Municipal Development and Reform Commission"),
        ("市人社局", "Municipal Human Resources and Social Security Bureau"),
        ("市检察院", "Municipal People's Procuratorate"),
        ("团市委", "Municipal Committee of the Communist Youth League"),
        ("市残联", "Municipal Disabled Persons' Federation"),
        ("市委宣传部", "Publicity Department of the CPC Municipal Committee"),
        ("宜昌市人民政府办公室", "General Office of the Municipal People's Government"),
        ("区市场监管局", "District Market Regulation Bureau"),
        ("恩施土家族苗族自治州民政局", "Prefectural Civil Affairs Bureau"),
        # nothing is made up
        ("各区县教育局", None),
        ("有关县教育局", None),
        ("市心理服务专班", None),
        ("各镇（街道）", None),
        ("委", None),
        ("市教育局民政局", None),
        ("", None),
        ("某某公司", None),
    ],
)
def test_gloss(name, english):
    assert gloss(name) == english


def test_the_list_is_sound():
    lines = (Path(rag.__file__).parent / "models/agencies-en.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    assert len(rows) >= 200
    assert {len(row) for row in rows} == {2}
    assert len({chinese for chinese, _ in rows}) == len(rows)
    assert [row for row in rows if row[0].startswith("*") != ("{}" in row[1])] == []
    assert all(english.isascii() for _, english in rows)
