from __future__ import annotations

from datetime import date

import pytest

from rag.domain.document import Kind
from rag.parsing.elements import kind_of

from .builders import document, spanned

END = "\n各有关单位：\n现将有关事项通知如下。"


# Title, as lines of the file; expected title and issuers.
TITLES = [
    ("关于开展某项工作的通知", "关于开展某项工作的通知", []),
    ("汉州市教育局关于开展某项工作的通知", "汉州市教育局关于开展某项工作的通知", ["汉州市教育局"]),
    (
        "民政部办公厅关于调整有关监管措施\n支持社会组织平稳运行的通知",
        "民政部办公厅关于调整有关监管措施支持社会组织平稳运行的通知",
        ["民政部办公厅"],
    ),
    ("商务部 中国银行关于完善金融服务的通知", "商务部中国银行关于完善金融服务的通知", ["商务部", "中国银行"]),
    ("司法部 全国工商联\n关于开展法治体检的通知", "司法部全国工商联关于开展法治体检的通知", ["司法部", "全国工商联"]),
    (
        "国务院应对疫情\n联防联控机制关于印发工作指南的通知",
        "国务院应对疫情联防联控机制关于印发工作指南的通知",
        ["国务院应对疫情联防联控机制"],
    ),
    (
        "汉州市互联网信息办公室等三部门关于印发若干措施的通知",
        "汉州市互联网信息办公室等三部门关于印发若干措施的通知",
        ["汉州市互联网信息办公室"],
    ),
    ("关于印发《汉州市某办法\n（试行）》的通知", "关于印发《汉州市某办法（试行）》的通知", []),
    ("汉州市政务公开管理办法\n（试行）", "汉州市政务公开管理办法（试行）", []),
    ("对市政协六届四次会议第454号提案的答复函", "对市政协六届四次会议第454号提案的答复函", []),
    ("教 育 部\n关于做好某项工作的意见", "教育部关于做好某项工作的意见", ["教育部"]),
    ("## 关于某项工作 第 3 号提案的答复", "关于某项工作第3号提案的答复", []),
    (
        "中共汉州市委 汉州市人民政府关于某项工作的意见",
        "中共汉州市委汉州市人民政府关于某项工作的意见",
        ["中共汉州市委", "汉州市人民政府"],
    ),
    ("2024年工作亮点", "2024年工作亮点", []),
    ("汉州市市场监督管理局行政处罚决定书", "汉州市市场监督管理局行政处罚决定书", []),
    ("政务公开\n政策发布\n汉州市教育局关于开展某项工作的通知", "汉州市教育局关于开展某项工作的通知", ["汉州市教育局"]),
]


@pytest.mark.parametrize(("written", "title", "issuers"), TITLES)
def test_titles(written, title, issuers):
    doc = document(written + END)
    assert doc.elements.title == title
    assert [i for i in (doc.elements.issuer, *doc.elements.co_issuers) if i] == issuers
    assert "".join(spanned(doc, "title")[0].split()) == title


@pytest.mark.parametrize(
    ("written", "organs"),
    [
        ("汉州市卫生健康委员会文件", ["汉州市卫生健康委员会"]),
        ("汉州市卫生健康委员会 文 件", ["汉州市卫生健康委员会"]),
        ("汉州市卫生健康委员会\n文件", ["汉州市卫生健康委员会"]),
        ("汉州市教育局 汉州市财政局文件", ["汉州市教育局", "汉州市财政局"]),
        ("汉州市教育局\n汉州市财政局", ["汉州市教育局", "汉州市财政局"]),
        ("# 汉州市卫生健康委员会", ["汉州市卫生健康委员会"]),
        ("000012\n机密★1年\n特急\n汉州市人民政府办公室文件", ["汉州市人民政府办公室"]),
    ],
)
def test_letterheads(written, organs):
    doc = document(f"{written}\n汉办发〔2025〕3号\n关于开展某项工作的通知{END}")
    assert [doc.elements.issuer, *doc.elements.co_issuers] == organs
    assert doc.elements.title == "关于开展某项工作的通知"
    assert doc.elements.place == "汉州市"
    assert spanned(doc, "place") == ["汉州市"]


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("汉卫函〔2025〕143号", "汉卫函〔2025〕143号"),
        ("汉卫函 〔2025〕 143 号", "汉卫函〔2025〕143号"),
        ("汉卫函[2025]143号", "汉卫函[2025]143号"),
        ("汉卫函（2025）143号", "汉卫函（2025）143号"),
        ("汉卫函【2025】第143号", "汉卫函【2025】第143号"),
        ("（汉卫函〔2025〕143号）", "汉卫函〔2025〕143号"),
        ("文号：汉卫函〔2025〕143号", "汉卫函〔2025〕143号"),
        ("发文字号: 汉卫函〔2025〕143号", "汉卫函〔2025〕143号"),
        ("汉卫函〔2025〕143号　　签发人：李某", "汉卫函〔2025〕143号"),
        ("汉卫函〔2025〕143号    答复类型：A类", "汉卫函〔2025〕143号"),
        ("財政部公告2020年第6號", "財政部公告2020年第6號"),
        ("财政部公告2020年第6号", "财政部公告2020年第6号"),
        ("2020年 第40号", "2020年第40号"),
        ("第179号", "第179号"),
        ("根据汉卫函〔2025〕143号", None),
        ("汉卫函〔2025〕号", None),
    ],
)
def test_document_numbers(line, number):
    doc = document(f"关于开展某项工作的通知\n{line}{END}")
    assert doc.elements.document_number == number


def test_a_cited_number_is_not_the_documents_own():
    doc = document(
        "关于开展某项工作的通知\n各有关单位：\n根据《意见》（汉卫函〔2025〕143号）要求，通知如下。\n汉卫函〔2024〕1号"
    )
    assert doc.elements.document_number is None


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("类别:A类", "A"),
        ("分类: A", "A"),
        ("答复类型：B类", "B"),
        ("办理类别：C", "C"),
        ("答复分类：（D类）", "D"),
        ("类 别：Ａ", "A"),
        ("办理结果：b", "B"),
        ("（A类）", "A"),
        ("B类", "B"),
        ("類別：A類", "A"),
        ("类别：A类    签发人：李某", "A"),
        ("类别：ABC", None),
        ("A级景区", None),
        ("类别：重要", None),
    ],
)
def test_reply_categories(line, category):
    doc = document(f"{line}\n关于市政协一届二次会议第3号提案的答复\n某某委员：\n您提出的《关于某事的提案》收悉。")
    assert doc.elements.reply_category == category


def test_a_category_below_the_body():
    doc = document("关于第3号提案的答复\n某某委员：\n您提出的提案收悉。\n答复类别：B类\n汉州市教育局\n2025年1月2日")
    assert doc.elements.reply_category == "B"


@pytest.mark.parametrize(
    ("line", "signatory"),
    [
        ("签发人：李某", "李某"),
        ("签 发 人：李　某", "李某"),
        ("签发：李某某", "李某某"),
        ("签发人：", None),
        ("签发文件20份", None),
    ],
)
def test_signatories(line, signatory):
    assert document(f"{line}\n关于开展某项工作的通知{END}").elements.signatory == signatory


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("某某委员：", ["某某委员"]),
        ("某某委员:", ["某某委员"]),
        ("尊敬的某某代表：", ["某某代表"]),
        ("甲某、乙某某委员：", ["甲某", "乙某某委员"]),
        ("各相关单位：", ["各相关单位"]),
        (
            "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：",
            ["各省、自治区、直辖市人民政府", "国务院各部委", "各直属机构"],
        ),
        ("各区人民政府，市政府各委、办、局，各市属机构：", ["各区人民政府", "市政府各委、办、局", "各市属机构"]),
        ("各省、自治区、直辖市党委和人民政府：", ["各省、自治区、直辖市党委和人民政府"]),
        ("市教育局、市财政局：", ["市教育局", "市财政局"]),
        ("为加强管理，现将有关事项通知如下：", []),
        ("会议指出：", []),
        ("《关于某事的建议》：", []),
    ],
)
def test_addressees(line, expected):
    doc = document(f"关于开展某项工作的通知\n{line}\n为加强工作，特此通知。")
    assert list(doc.elements.addressees) == expected
    assert spanned(doc, "addressees") == expected


def test_the_table_of_a_government_site():
    text = (
        "索 引 号：\n000014349/2019-00007\n主题分类：\n市场监管\n发文机关：\n汉州市人民政府\n成文日期：\n2019年01月27日\n"
        "标　　题：\n汉州市人民政府关于推行联合监管的意见\n发文字号：\n汉政发〔2019〕5号\n发布日期：\n2019年02月15日\n主 题 词：\n"
        "汉州市人民政府关于推行\n联合监管的意见\n汉政发〔2019〕5号\n各区县人民政府：\n为加强监管，提出如下意见。"
    )
    elements = document(text).elements
    assert elements.title == "汉州市人民政府关于推行联合监管的意见"
    assert (elements.issuer, elements.document_number) == ("汉州市人民政府", "汉政发〔2019〕5号")
    assert elements.issued_on == date(2019, 1, 27)
    assert elements.addressees == ("各区县人民政府",)
    beside = "发文单位：汉州市教育局\t文号：汉教发〔2019〕5号\n名称：关于某项工作的通知\n正文第一段。"
    assert document(beside).elements.issuer == "汉州市教育局"


def test_an_order_is_named_by_what_it_issues():
    text = (
        "汉州市人民政府令\n第38号\n《汉州市公共汽车管理办法》已经通过，现予公布，自2021年12月1日起施行。\n市长　某某\n"
        "2021年9月28日\n汉州市公共汽车管理办法\n第一章　总则\n第一条　为规范管理，制定本办法。"
    )
    doc = document(text)
    assert (doc.elements.title, doc.kind) == ("汉州市公共汽车管理办法", Kind.LAW)
    assert (doc.elements.issuer, doc.elements.document_number) == ("汉州市人民政府", "第38号")
    assert doc.elements.issued_on == date(2021, 9, 28)
    assert document("汉州市人民政府令\n第38号\n现决定废止有关规定。").elements.title == "汉州市人民政府令"


def test_a_note_above_the_title_is_no_part_of_it():
    doc = document("（示例文件，据公开答复的事实改写）\n关于市政协一届二次会议第3号提案的答复\n某某委员：\n提案收悉。")
    assert doc.elements.title == "关于市政协一届二次会议第3号提案的答复"


def test_a_text_without_a_head_has_no_elements():
    doc = document("申请人应当如实提交申请材料，不得隐瞒真实情况。\n应当及时更新。")
    assert doc.elements.title is None
    assert doc.elements.issuer is None
    assert dict(doc.elements.spans) == {}
    assert doc.kind is Kind.OTHER


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("对市政协六届四次会议第454号提案的答复函", Kind.REPLY),
        ("关于某事的复函", Kind.REPLY),
        ("关于第3号建议办理情况的函", Kind.REPLY),
        ("汉州市社会心理服务工作实施方案", Kind.PLAN),
        ("关于印发汉州市社会心理服务工作实施方案的通知", Kind.PLAN),
        ("关于印发《汉州市某行动计划（2023—2025年）》的通知", Kind.PLAN),
        ("关于印发《汉州市某办法（试行）》的通知", Kind.LAW),
        ("中华人民共和国某法", Kind.LAW),
        ("汉州市某条例（2021年修订）", Kind.LAW),
        ("关于开展某项工作的通知", Kind.NOTICE),
        ("关于某项工作的公告（第350号）", Kind.NOTICE),
        ("汉州市人民政府工作报告", Kind.REPORT),
        ("汉州市教育局2024年工作总结和2025年工作安排", Kind.REPORT),
        ("關於開展某項工作的通知", Kind.NOTICE),
        ("关于某项工作的请示", Kind.OTHER),
        (None, Kind.OTHER),
    ],
)
def test_kinds(title, kind):
    assert kind_of(title, None) is kind


@pytest.mark.parametrize(
    ("lines", "signatory", "number"),
    [
        ("汉府〔2024〕5号　　　签发人：张某某", "张某某", "汉府〔2024〕5号"),
        ("签发人：张某某\n汉府〔2024〕5号", "张某某", "汉府〔2024〕5号"),
        ("汉府〔2024〕5号　　签发人：李　某", "李某", "汉府〔2024〕5号"),
        # several, in a column beside the number
        ("汉府〔2024〕5号　　签发人：张某某　李某某\n　　　　王某某", "张某某 李某某 王某某", "汉府〔2024〕5号"),
        ("签发人：张某某\n　　　　李某某\n汉府〔2024〕5号　　　王某某", "张某某 李某某 王某某", "汉府〔2024〕5号"),
        ("签发人：张某某　李　某\n汉府〔2024〕5号", "张某某 李某", "汉府〔2024〕5号"),
        ("签 发 人：张某某、李某某\n汉府〔2024〕5号", "张某某 李某某", "汉府〔2024〕5号"),
    ],
)
def test_signatories_beside_the_number(lines, signatory, number):
    doc = document(f"汉州市人民政府文件\n{lines}\n关于报送某项工作情况的报告\n省人民政府：\n现将有关情况报告如下。")
    assert doc.elements.signatory == signatory
    assert doc.elements.document_number == number
    assert doc.elements.title == "关于报送某项工作情况的报告"
    assert [name.replace("　", "") for name in spanned(doc, "signatory")] == signatory.split(" ")


def test_a_title_of_one_word_below_a_signatory():
    doc = document("汉州市人民政府文件\n签发人：张某某\n通报\n各镇人民政府：\n现将有关情况通报如下。")
    assert doc.elements.signatory == "张某某"


@pytest.mark.parametrize(
    "title",
    [
        "汉州市人民政府办公室关于进一步加强\n全市城镇燃气安全管理工作\n的通知",
        "汉州市人民政府办公室\n关于进一步加强全市城镇燃气安全\n管理工作的通知",
        "汉州市人民政府办公室关于印发汉州市\n燃气安全管理办法\n（试行）的通知",
        "汉州市人民政府办公室关于印发《汉州市\n燃气安全管理办法\n（试行）》的通知",
    ],
)
def test_titles_in_the_shape_of_a_trapezium(title):
    doc = document(f"汉州市人民政府办公室文件\n汉府办发〔2024〕8号\n{title}{END}")
    assert doc.elements.title == title.replace("\n", "")
    assert doc.elements.issuer == "汉州市人民政府办公室"


@pytest.mark.parametrize(
    "letterhead",
    [
        "发展改革委办公厅　文件\n税务总局办公厅",
        "发展改革委办公厅\n税务总局办公厅　文件",
        "发展改革委办公厅\n文件\n税务总局办公厅",
        "发展改革委办公厅\n税务总局办公厅\n文件",
        "发 展 改 革 委 办 公 厅\n税 务 总 局 办 公 厅 文 件",
    ],
)
def test_joint_letterheads_set_in_two_lines(letterhead):
    doc = document(
        f"{letterhead}\n发改办财金规〔2019〕860号\n关于开展某项工作的通知{END}\n国家发展改革委办公厅\n税务总局办公厅\n2019年8月20日"
    )
    assert (doc.elements.issuer, *doc.elements.co_issuers) == ("发展改革委办公厅", "税务总局办公厅")
    assert doc.elements.document_number == "发改办财金规〔2019〕860号"


@pytest.mark.parametrize(
    "above",
    ["份号：000012", "No.000012", "机密★1年", "机 密 ★ 长 期", "特 急", "内部资料　注意保存", "内 部 明 电"],
)
def test_marks_above_the_letterhead(above):
    doc = document(f"{above}\n汉州市教育局文件\n汉教发〔2024〕8号\n关于开展某项工作的通知{END}")
    assert doc.elements.title == "关于开展某项工作的通知"
    assert doc.elements.issuer == "汉州市教育局"


def test_a_letter_has_its_number_below_the_name_without_the_word_document():
    doc = document(
        "汉州市教育局\n汉教函〔2024〕15号\n汉州市教育局关于商请支持学校\n周边道路整治工作的函\n市交通运输局：\n现商请贵局支持。\n专此函达。\n汉州市教育局\n2024年3月5日"
    )
    assert doc.elements.title == "汉州市教育局关于商请支持学校周边道路整治工作的函"
    assert doc.elements.document_number == "汉教函〔2024〕15号"
    assert doc.elements.addressees == ("市交通运输局",)


def test_a_page_whose_heading_is_a_question():
    doc = document("# 某证如何办理？一文说清\n某证可在线上办理。", "a.md")
    assert doc.elements.title == "某证如何办理？一文说清"


def test_levels_listed_before_one_agency_are_one_addressee():
    doc = document(
        "关于开展某项工作的通知\n国家税务总局各省、自治区、直辖市和计划单列市税务局，各省、自治区、直辖市牵头部门：\n现通知如下。"
    )
    assert doc.elements.addressees == (
        "国家税务总局各省、自治区、直辖市和计划单列市税务局",
        "各省、自治区、直辖市牵头部门",
    )
