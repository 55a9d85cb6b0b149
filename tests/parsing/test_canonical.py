from __future__ import annotations

import pytest

from rag.domain.layout import Box
from rag.loaders import Fragment, MediaType, RawBlock, RawDocument
from rag.parsing.canonical import canonicalize

from .builders import SEEDS, document, lines, needs_seeds, seed

LONG = "为进一步加强全市社会心理服务体系建设，健全部门协作机制，提升基层服务能力，"

# (first piece, second piece): one paragraph that page layout broke.
JOINED = [
    ("一、统筹谋划，全域贯通。一是压实责任。形成政府主导、部门", "协同、社会参与的格局。"),
    ("培训基层医务人员、社区工作者、", "志愿者等共计200余人次。"),
    ("到2025年，全市基本建成社会心理服务体系。全年服务来电群", "众711人次。"),
    ("组建精防队伍。全区22个镇街医院已有19个设置精神（心", "理）科，共有精防医生50名。"),
    ("通过创建职工之家。各单位可依托心灵驿站（或心理咨询室、职工之家等）", "及购买服务等方式提供服务。"),
    ("扩充志愿者队伍，开展相关培训。〔市", "委宣传部牵头，市应急局按职责分工负责〕"),
    ("公共文化设施配备科普读物。〔市委宣传部牵头，各部门按职责", "分工负责〕"),
    ("细化实施方案，制定保障措施，抓好落实。", "〔各镇（街道）人民政府，各相关部门按职责分工负责〕"),
    ("（一）强化组织领导", "（牵头单位：市卫健委；配合单位：市教育局）"),
    ("依托镇卫生院设立心理咨询室，", "配备专兼职工作人员。"),
    ("各部门各行业做好本部门本行业的社会心理服务工作。卫生", "健康、政法部门共同牵头。"),
    ("市政府发布了《关于加强", "心理健康服务的意见》，各地认真落实。"),
    ("根据省卫生健康委等部门印发的文件精神和工作部署要求", "结合我市实际，制定本方案。"),
    ("WHO has called mental health a basic human right,", "and the city agrees."),
]

# Lines that stand apart.
APART = [
    ["汉州市卫生健康局", "关于开展心理健康服务工作的通知", "汉卫发〔2025〕1号", "各有关单位："],
    ["二、加强人才队伍建设，提升心理健康服务能力", "指导各医疗机构完善分配制度，提高职业吸引力。"],
    ["一、总体要求", "坚持预防为主，完善社会心理服务体系。"],
    ["各责任单位要抓好落实。", "汉州市公安局", "汉州市民政局", "汉州市司法局"],
    ["感谢您对卫生健康工作的关心和支持", "汉州市卫生健康局", "2025年5月17日"],
    ["联系人：办公室", "联系电话：12345", "邮政编码：443000"],
    ["1. 申请人身份证明", "2. 房屋权属证明", "3. 设计方案"],
    ["1.加强组织领导，压实工作责任", "2.加强宣传引导，营造良好氛围"],
    ["（一）推进服务网络建设。建成市级中心1个", "（二）培养服务队伍。组建50人的队伍。"],
    ["抄送：市政协提案委，市政府督查室", "汉州市卫生健康局办公室", "2025年6月1日印发"],
    ["现将有关事项通知如下：", "一是加强领导。", "二是抓好落实。"],
    ["实施方案和有关材料请于本月底前报送我局", "附件：1.任务分工表", "2.进度安排表"],
    ["强化创新引领，加快构建现代化产业体系和城乡融合发展新格局", "围绕打造区域中心，统筹推进各项工作。"],
    ["全面推进乡村振兴工作。具体要求如下：", "各镇要加强领导。"],
    ["完善工作机制。〔市卫健局牵头，市教育局按职责分工负责〕", "依托各级医疗机构，统筹建设康复网络。"],
]


@pytest.mark.parametrize(("first", "second"), JOINED)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\f", "\n- 3 -\n", "\n第3页 共9页\n"])
def test_a_broken_paragraph_is_joined(first, second, gap):
    found = lines(f"{first}{gap}{second}")
    assert len(found) == 1
    assert found[0].replace(" ", "") == (first + second).replace(" ", "")


@pytest.mark.parametrize("expected", APART)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_lines_of_their_own_stay_apart(expected, gap):
    assert lines(gap.join(expected)) == expected


def test_latin_words_keep_a_blank_where_a_line_broke():
    assert lines("A line of English ends in a comma,\nand goes on here.") == [
        "A line of English ends in a comma, and goes on here."
    ]
    assert lines("服务热线为400,\n每天24小时开通。")[0] == "服务热线为400,每天24小时开通。"


PARAGRAPHS = [
    "汉州市卫生健康局文件",
    "汉卫发〔2025〕18号",
    "关于印发汉州市心理健康服务方案的通知",
    "各镇人民政府：",
    "为进一步加强全市社会心理服务体系建设，健全部门协作机制，提升基层服务能力，现结合我市实际制定本方案，请认真贯彻执行。各镇要高度重视，细化措施，确保各项任务落到实处。",
    "一、主要任务",
    "（一）健全服务网络。依托综治中心、党群服务中心和镇卫生院等场所，普遍设立社会心理服务工作室，配备专兼职工作人员，开展心理疏导、情绪支持和关系调适等服务。〔市卫健局牵头，市民政局、市公安局、市司法局、市人社局、各镇（街道）人民政府按职责分工负责〕",
    "（二）加强学校心理健康教育。中小学校普遍设立心理辅导室，每所学校至少配备一名专职心理健康教育教师，定期开展筛查，建立学生心理健康档案并严格保密。〔市教育局牵头，市卫健局、团市委、市妇联按职责分工负责〕",
    "（三）开展危机干预。组建心理危机干预队伍，设置二十四小时心理援助热线，定期开展演练，及时为群众提供应急处置和心理援助服务。〔市卫健局牵头，市应急局、市公安局配合〕",
    "二、工作保障",
    "各部门要加强协作配合，定期会商研判，及时研究解决工作推进中的困难和问题。要加大宣传力度，广泛普及心理健康知识，营造全社会关心支持的良好氛围，并按季度报送工作进展情况。",
    "汉州市卫生健康局",
    "2025年5月17日",
]


def wrapped(width, *, gap="\n", indent="", between="\n"):
    whole = []
    for paragraph in PARAGRAPHS:
        text = (indent if len(paragraph) > width else "") + paragraph
        whole.append(gap.join(text[at : at + width] for at in range(0, len(text), width)))
    return between.join(whole)


@pytest.mark.parametrize("width", [26, 28, 30, 35, 40])
@pytest.mark.parametrize(
    "setting",
    [
        {},
        {"gap": "\r\n", "between": "\r\n"},
        {"indent": "　　"},
        {"between": "\n\n"},
        {"gap": "\n\n", "between": "\n\n"},
    ],
    ids=["plain", "crlf", "indent", "blank between", "blank everywhere"],
)
def test_hard_wrapped_text(width, setting):
    assert lines(wrapped(width, **setting)) == PARAGRAPHS


@pytest.mark.parametrize("width", [28, 35])
def test_hard_wrapping_changes_no_element_and_no_duty(width):
    whole, broken = document("\n".join(PARAGRAPHS)), document(wrapped(width))
    assert broken.text == whole.text
    assert broken.elements == whole.elements
    assert broken.duties == whole.duties
    assert len(broken.duties) == 4


def test_a_broken_title_is_joined_when_lines_are_wrapped():
    title = "汉州市卫生健康局关于进一步加强全市中小学校学生心理健康服务工作有关事项的通知"
    text = "\n".join([title[:30], title[30:], *wrapped(30).split("\n")[3:]])
    assert lines(text)[0] == title


def test_spaces_inside_a_line_stay_and_odd_ones_become_plain():
    assert lines("每 10 万\u00a0人口\u2002配备\u200b医师。\ufeff") == ["每 10 万 人口 配备医师。"]


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u2066", "\u2069", "\u202e", "\ufe0f", "\u034f", "\u3164", "\uffa0", "\U000e0041", "\U000e0101", "\u180e", "\u061c"],
)  # fmt: skip
def test_nothing_hides_inside_a_document_number(unseen):
    assert lines(f"棠卫{unseen}健函〔2025〕6{unseen}2号") == ["棠卫健函〔2025〕62号"]


def test_table_rows_keep_their_cells():
    assert lines("| 任务 | 单位 |\n|---|---|\n| 建网络、 | 市卫健局 |\n续行", "a.md") == [
        "任务\t单位",
        "建网络、\t市卫健局",
        "续行",
    ]


def test_lines_cover_the_text():
    doc = document("\n".join(PARAGRAPHS))
    assert "\n".join(block.span.of(doc.text) for block in doc.blocks) == doc.text


# ------------------------------------------------------------------------------- the real documents

SEED_JOINS = [
    ("000", "主导、部门协同、社会"),
    ("000", "充精神心理科专业人才"),
    ("000", "服务来电群众711人"),
    ("001", "昌市社会心理服务体系"),
    ("001", "中心、宜都肖家巷村医"),
    ("001", "知识讲座和培训，争取"),
    ("002", "有100余人参加；5"),
    ("003", "于加强社会心理服务的"),
    ("003", "设相结合，从试点探索"),
    ("003", "咨询室），配备专兼职"),
    ("003", "工之家等）及购买服务"),
    ("003", "机构，建立社会心理服"),
    ("003", "服务。〔市委宣传部牵"),
    ("003", "政府按职责分工负责〕"),
    ("003", "级党校、干部学院和网"),
    ("003", "规范开展精神障碍诊断"),
    ("003", "和临床服务规范。鼓励"),
    ("003", "理与落实。〔各镇（街"),
    ("003", "工作。卫生健康、政法"),
    ("004", "工作以来，区卫生健康"),
    ("004", "置精神（心理)科,共"),
    ("004", "(社区)社会工作室开"),
    ("004", "区级相关部门、各镇街"),
]


@needs_seeds
@pytest.mark.parametrize(("number", "words"), SEED_JOINS)
def test_joins_of_the_real_documents(number, words):
    assert words in seed(number).text


@needs_seeds
def test_nothing_else_is_joined_in_the_real_documents():
    # Raw lines less furniture (five in 003: 文件, two blank pages, two pieces of a seal) less the 23 joins.
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in SEEDS.glob("*")}
    counts = {number: sum(bool(line.strip()) for line in text.split("\n")) for number, text in texts.items()}
    joins = {number: sum(number == other for other, _ in SEED_JOINS) for number in counts}
    for number, count in counts.items():
        assert len(seed(number).blocks) == count - joins[number] - (5 if number == "003" else 0)


def placed(text: str, page: int, top: float, **more: object) -> RawBlock:
    """A line whose characters are ten points wide, from the left edge of the page."""
    edges = tuple(10.0 * at for at in range(len(text) + 1))
    part = Fragment(0, len(text), page, Box(0, top, edges[-1], top + 12), edges)
    return RawBlock(text, page, fragments=(part,), **more)


def test_regions_lead_from_the_words_to_their_places():
    canonical = canonicalize(
        RawDocument(
            (
                placed("\u3000\u3000一、总\u200b体 ", 1, 100),
                placed("文件精神和工作", 1, 120),
                placed("部署要求", 2, 20, continues=True),
            ),
            MediaType.PDF,
            pages=2,
        )
    )
    assert canonical.text == "一、总体\n文件精神和工作部署要求"
    assert [(r.span.of(canonical.text), r.page) for r in canonical.regions] == [
        ("一、总体", 1),
        ("文件精神和工作", 1),
        ("部署要求", 2),
    ]
    assert canonical.regions[0].edges == (20.0, 30.0, 40.0, 60.0, 70.0)
    assert canonical.regions[0].box == Box(20.0, 100, 70.0, 112)


def test_a_block_says_whether_it_goes_on_before_its_words_do():
    def text(**more: object) -> str:
        first, second = "为进一步加强全市社会心理服务体系建设，健全部门", "协作机制，提升能力。"
        return canonicalize(RawDocument((placed(first, 1, 9), placed(second, 2, 9, **more)), MediaType.PDF)).text

    assert "\n" not in text()
    assert "\n" in text(continues=False)
    assert "\n" not in text(continues=True)


def positioned(*pieces: tuple[str, bool | None]) -> list[str]:
    """Lines of canonical text of blocks of a format that has places, and tells whether a block goes on."""
    blocks = tuple(
        RawBlock(text, page=1, continues=continues, fragments=(Fragment(0, len(text), 1, Box(0, 0, 100, 10)),))
        for text, continues in pieces
    )
    canonical = canonicalize(RawDocument(blocks, MediaType.PDF, 1))
    return canonical.text.split("\n")


def test_paragraphs_that_places_told_are_left_as_they_are():
    """Whole paragraphs of one length are no broken lines, whatever their widths."""
    pieces = [(f"{LONG[: 30 + n % 2]}第{n}批", False) for n in range(8)]
    assert positioned(*pieces) == [text for text, _ in pieces]
    titles = [
        ("汉州市教育局关于做好", False),
        ("招生工作的通知", False),
        ("各学校：", False),
        (LONG + "现通知如下。", None),
    ]
    assert positioned(*titles) == [text for text, _ in titles]


def test_a_paragraph_that_a_page_broke_goes_on():
    assert positioned(("坚持预防为主，完善服务", False), ("体系，提升能力。", True), ("二、任务", False)) == [
        "坚持预防为主，完善服务体系，提升能力。",
        "二、任务",
    ]


def test_a_number_below_the_end_of_a_sentence_opens_a_paragraph_though_the_page_broke_there():
    assert positioned(("坚持预防为主，完善服务体系。", False), ("二、任务", True)) == [
        "坚持预防为主，完善服务体系。",
        "二、任务",
    ]


def test_the_bracket_of_a_duty_joins_its_task_wherever_it_stands():
    assert positioned(("完善服务体系。", False), ("〔市教育局牵头，市公安局配合〕", False)) == [
        "完善服务体系。〔市教育局牵头，市公安局配合〕"
    ]
