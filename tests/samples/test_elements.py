"""Elements of the sample files of every format: facts read off the files by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from rag.domain.access import Disclosure
from rag.domain.document import Kind, OfficialDocument
from rag.loaders import load
from rag.parsing.document import parse

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this checkout")


@dataclass(frozen=True)
class Facts:
    file: str
    kind: Kind
    title: str | None
    number: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    issued_on: date | None = None
    printed_on: date | None = None
    disclosure: Disclosure = Disclosure.UNLABELLED
    cc: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    headings: tuple[str, ...] = field(default=())
    """Outermost headings, in order."""


TAX = Facts(
    "scan/397_born_digital.pdf",
    Kind.NOTICE,
    "关于加强个人所得税纳税信用建设的通知",
    "发改办财金规〔2019〕860号",
    ("发展改革委办公厅", "税务总局办公厅"),
    (
        "各省、自治区、直辖市、新疆生产建设兵团社会信用体系建设牵头部门",
        "国家税务总局各省、自治区、直辖市和计划单列市税务局",
        "社会信用体系建设部际联席会议成员单位办公厅（室）",
    ),
    date(2019, 8, 20),
    headings=(
        "一、总体要求",
        "二、建立个人所得税纳税信用管理机制",
        "三、完善守信联合激励和失信联合惩戒机制",
        "四、加强信息安全和权益维护",
        "五、强化组织实施",
    ),
)

FILES = [
    TAX,
    Facts(
        "docx/示例公文_通知.docx",
        Kind.NOTICE,
        "关于加快推进数字化转型的通知",
        "国办发〔2026〕15号",
        ("国务院办公厅",),
        ("各省、自治区、直辖市人民政府", "国务院各部委", "各直属机构"),
        date(2026, 5, 26),
        date(2026, 5, 27),
        Disclosure.PUBLIC,
        ("中央办公厅", "全国人大常委会办公厅", "全国政协办公厅", "国务院各部门", "各民主党派中央"),
        ("数字化转型重点任务分工方案",),
        ("一、总体要求", "二、重点任务", "三、保障措施"),
    ),
    Facts(
        "docx/2025年北京市政府工作报告.docx",
        Kind.REPORT,
        "2025年北京市政府工作报告",
        issuers=("北京市人民政府",),
        addressees=("各位代表",),
        issued_on=date(2025, 1, 14),
        headings=("一、2024年工作回顾", "二、2025年工作总体要求和重点任务"),
    ),
    Facts(
        "docx/2025年福建省政府工作报告.docx",
        Kind.REPORT,
        "2025年福建省政府工作报告",
        issuers=("福建省人民政府",),
        addressees=("各位代表",),
        issued_on=date(2025, 1, 13),
    ),
    Facts(
        "docx/2025年四川省政府工作报告.docx",
        Kind.REPORT,
        "2025年四川省政府工作报告",
        issuers=("四川省人民政府",),
        addressees=("各位代表",),
        issued_on=date(2025, 1, 20),
    ),
    Facts(
        "html/11_公共租赁住房保障办法_穗府办规2024-13号.html",
        Kind.LAW,
        "广州市人民政府办公厅关于印发广州市公共租赁住房管理办法的通知",
        "穗府办规〔2024〕13号",
        ("广州市人民政府办公厅",),
        ("各区人民政府", "市政府各部门", "各直属机构"),
        date(2024, 7, 26),
        date(2024, 7, 29),
        Disclosure.PUBLIC,
    ),
    Facts(
        "html/33_广州市老年人优待办法_政府令179号.html",
        Kind.LAW,
        "广州市老年人优待办法",
        "第179号",
        ("广州市人民政府",),
        issued_on=date(2021, 1, 29),
        printed_on=date(2021, 2, 7),
        disclosure=Disclosure.PUBLIC,
    ),
    Facts(
        "html/05_幼儿园招生方案_2026.html",
        Kind.PLAN,
        "广州市天河区教育局关于印发《2026年广州市天河区幼儿园招生工作方案》的通知",
        issuers=("广州市天河区教育局",),
        addressees=("各幼儿园",),
        issued_on=date(2026, 4, 20),
        headings=("一、招生原则", "二、招生对象", "三、招生方式", "四、招生工作安排", "五、招生工作要求"),
    ),
    Facts("html/34_电子居住证申领指南.html", Kind.OTHER, "电子居住证如何申领？一文说清"),
    Facts(
        "ofd/ofdrw-converter__n.ofd",
        Kind.OTHER,
        "关于同意张阿三同志辞职的批复",
        "路卫发〔2011〕76号",
        ("测试符路桥区卫生局",),
        ("区中医院",),
        date(2011, 3, 10),
        date(2011, 3, 10),
    ),
    Facts("ofd/ofdrw-converter__999.ofd", Kind.OTHER, None),
]


@cache
def parsed(file: str) -> OfficialDocument:
    path = SAMPLES / file
    return parse(load(path.read_bytes(), path.name), source=file, sha256="0" * 64)


def check(document: OfficialDocument, facts: Facts) -> None:
    elements = document.elements
    assert document.kind is facts.kind
    assert elements.title == facts.title
    assert elements.document_number == facts.number
    assert tuple(filter(None, (elements.issuer, *elements.co_issuers))) == facts.issuers
    assert elements.addressees == facts.addressees
    assert elements.issued_on == facts.issued_on
    assert elements.printed_on == facts.printed_on
    assert elements.disclosure is facts.disclosure
    assert elements.cc == facts.cc
    assert elements.attachments == facts.attachments
    if facts.headings:
        assert tuple(clause.path[-1] for clause in document.clauses if clause.level == 1) == facts.headings


@pytest.mark.parametrize("facts", FILES, ids=lambda facts: facts.file)
def test_elements(facts: Facts) -> None:
    check(parsed(facts.file), facts)


def test_a_scan_has_the_elements_of_its_twin() -> None:
    """Five pages are recognised: half a minute where the machine is busy."""
    check(parsed("scan/397_image_only.pdf"), TAX)


@pytest.mark.parametrize(
    ("file", "articles"),
    [
        ("html/11_公共租赁住房保障办法_穗府办规2024-13号.html", 54),
        ("html/33_广州市老年人优待办法_政府令179号.html", 19),
    ],
)
def test_articles_of_rules_on_web_pages(file: str, articles: int) -> None:
    titles = [clause.path[-1] for clause in parsed(file).clauses]
    assert sum(title.startswith("第") and title.endswith("条") for title in titles) == articles


@pytest.mark.parametrize("facts", FILES, ids=lambda facts: facts.file)
def test_spans_hold(facts: Facts) -> None:
    document = parsed(facts.file)
    assert "\n".join(block.span.of(document.text) for block in document.blocks) == document.text
    for clause in document.clauses:
        assert clause.span.contains(clause.heading)
    for spans in document.elements.spans.values():
        assert all(span.of(document.text).strip() for span in spans)
