"""What a question pins down must agree with the sentence, its passage or its document."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.constraints import agrees, document_years

from .builders import ask, passage, summary

UNDATED = summary(number=None, issued_on=None, title="关于校园安全的答复")


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        # A sentence that names years must name one of them.
        ("2024年补助多少？", "2024年补助12万元。", True),
        ("2024年补助多少？", "2023年补助10万元。", False),
        ("2024年补助多少？", "2023年补助10万元，2024年补助12万元。", True),
        # A range holds the years inside it.
        ("2024年补助多少？", "2023年至2025年每年补助12万元。", True),
        ("2024年补助多少？", "2023—2025年每年补助12万元。", True),
        ("2026年补助多少？", "2023—2025年每年补助12万元。", False),
        # None asked for: any will do.
        ("补助多少？", "2019年补助10万元。", True),
    ],
)
def test_years_of_the_sentence(question: str, text: str, holds: bool) -> None:
    assert agrees(ask(question), text, passage(text), UNDATED) is holds


@pytest.mark.parametrize(
    ("question", "holds"), [("2024年补助多少？", True), ("2025年补助多少？", False), ("2023年补助多少？", False)]
)
def test_a_sentence_without_years_speaks_of_the_year_of_its_document(question: str, holds: bool) -> None:
    text = "今年每部补助12万元。"
    assert agrees(ask(question), text, passage(text), summary(issued_on=date(2024, 7, 12))) is holds


def test_or_of_the_years_in_its_passage_or_headings() -> None:
    text = "每部补助12万元。"
    asked = ask("2023年补助多少？")
    assert agrees(asked, text, passage("2023年启动改造。" + text), UNDATED)
    assert agrees(asked, text, passage(text, section=("一、2023年工作",)), UNDATED)
    assert not agrees(asked, text, passage(text), UNDATED)


@pytest.mark.parametrize(
    ("opening", "text", "holds"),
    [
        ("转发安全提示 根据棠安办〔2023〕8号，", "全面排查。", True),
        ("2023年1月25日，发布会举行。", "全面排查。", True),
        ("根据棠安办〔2021〕8号和棠安办〔2023〕9号，", "全面排查。", True),
        ("根据棠安办〔2023〕8号，2024年1月起", "全面排查。", False),  # it is of 2024
        ("根据棠安办〔2023〕8号，", "2022年全面排查。", False),
        ("1月25日，发布会举行。", "全面排查。", False),  # of no year
    ],
)
def test_a_document_without_a_date_is_of_the_latest_year_in_its_first_words(
    opening: str, text: str, holds: bool
) -> None:
    asked = ask("2023年要求排查什么？")
    assert agrees(asked, text, passage(text), UNDATED, opening=opening) is holds


@pytest.mark.parametrize(
    ("question", "around", "opening", "holds"),
    [
        ("2020年3月5日的通知要求什么？", "", "3月5日晚，云岫市下发通知。", True),
        ("2020年03月05日的通知要求什么？", "3月5日，通知下发。", "", True),
        ("2020年3月5日的通知要求什么？", "", "13月5日晚，云岫市下发通知。", False),
        ("2020年3月5日的通知要求什么？", "", "3月6日晚，云岫市下发通知。", False),
        ("2020年3月的通知要求什么？", "", "3月5日晚，云岫市下发通知。", False),  # no day
        # Where a year is named the day alone tells nothing.
        ("2020年3月5日的通知要求什么？", "", "2021年3月5日晚，云岫市下发通知。", False),
        ("2020年3月5日的通知要求什么？", "根据岫办〔2021〕8号，", "3月5日晚，云岫市下发通知。", False),
        ("2020年3月5日的通知对2021年要求什么？", "", "3月5日晚，云岫市下发通知。", False),
    ],
)
def test_a_day_is_enough_where_no_year_is_named(question: str, around: str, opening: str, holds: bool) -> None:
    text = "全面排查。"
    assert agrees(ask(question), text, passage(around + text), UNDATED, opening=opening) is holds


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        ("棠梨市园艺协会举办什么？", "棠梨市园艺协会举办展览。", True),
        ("棠梨市园艺协会举办什么？", "棠梨市举办展览。", False),
        ("棠梨市对劳务协作提供什么补助？", "棠梨市给予劳务协作补助。", True),  # 协作 is no body
    ],
)
def test_bodies(question: str, text: str, holds: bool) -> None:
    assert agrees(ask(question), text, passage(text), UNDATED) is holds


@pytest.mark.parametrize(
    ("document", "years"),
    [
        (summary(), {2024}),
        (summary(number=None, issued_on=date(2025, 1, 15), title="2024年工作总结"), {2024, 2025}),
        (summary(number="甲办〔2023〕9号", issued_on=None, printed_on=date(2024, 1, 3), title=None), {2023, 2024}),
        (summary(number=None, issued_on=None, title="行动计划（2023—2025年）"), {2023, 2025}),
        (UNDATED, set()),
    ],
)
def test_years_of_a_document(document: object, years: set[int]) -> None:
    assert document_years(document) == years


@pytest.mark.parametrize(
    ("question", "text", "section", "holds"),
    [
        # A place that no document comes from must be named where the sentence stands.
        ("澄山市的热线开通了吗", "热线已经开通。", (), False),
        ("澄山市的热线开通了吗", "澄山、云岫两地的热线已经开通。", (), True),
        ("澄山市的热线开通了吗", "热线已经开通。", ("三、澄山市的做法",), True),
        ("澄山市的热线开通了吗", "澄 山市的热线已经开通。", (), True),  # layout
        # A school or company called after it is not the place, but where the question means it.
        ("澄山市的热线开通了吗", "澄山科技职业学院的热线已经开通。", (), False),
        ("澄山市的热线开通了吗", "澄山市第三医院的热线已经开通。", (), False),
        ("澄山市第三医院的热线开通了吗", "澄山市第三医院的热线已经开通。", (), True),
        ("澄山市的热线开通了吗", "澄山科技职业学院和澄山市各医院的热线已经开通。", (), True),
        ("鹭原县的热线和澄山市的专家有什么关系", "澄山市第三医院专家接听热线。", (), True),
        # A place of the catalogue is looked after by the filter.
        ("鹭原县的热线开通了吗", "热线已经开通。", (), True),
    ],
)
def test_places(question: str, text: str, section: tuple[str, ...], holds: bool) -> None:
    assert agrees(ask(question), text, passage(text, section=section), summary()) is holds


@pytest.mark.parametrize(
    ("question", "text", "document", "holds"),
    [
        # Numbers that name something.
        ("12356热线怎么接听", "12356热线24小时接听。", summary(), True),
        ("12356热线怎么接听", "12355热线24小时接听。", summary(), False),
        ("1000人的培训完成了吗", "完成培训1000人。", summary(), True),
        ("30家单位怎么选的", "选定单位若干。", summary(), True),  # two digits name nothing
        # Proposals, with or without leading zeros.
        ("第18号提案谁办理", "第0018号提案由市教育局办理。", summary(), True),
        ("第18号提案谁办理", "第118号提案由市教育局办理。", summary(), False),
        ("第18号提案谁办理", "由市教育局办理。", summary(title="关于第0018号提案的答复"), True),
        # 文号: the document's own, or cited in the passage, with words stuck to its front.
        ("岫教函〔2024〕33号说了什么", "已经开通。", summary(), True),
        ("岫教函〔2024〕34号说了什么", "已经开通。", summary(), False),
        ("岫建发〔2020〕15号被谁废止", "原岫建发[2020]15号同时废止。", summary(), True),
        ("岫建发〔2020〕15号被谁废止", "岫建发〔2020〕115号同时废止。", summary(), False),
    ],
)
def test_numbers(question: str, text: str, document: object, holds: bool) -> None:
    assert agrees(ask(question), text, passage(text), document) is holds


@pytest.mark.parametrize(
    ("question", "text", "title", "holds"),
    [
        ("《校车条例》规定由谁负责？", "由学校负责。", "云岫市校车条例", True),
        ("《中华人民共和国校车法》规定由谁负责？", "由学校负责。", "校车法", True),
        ("《校车条例》规定由谁负责？", "根据《校车条例》，由学校负责。", "关于校园安全的答复", True),
        ("校车条例规定由谁负责？", "由学校负责。", "云岫市校车条例", True),
        ("公交条例规定由谁负责？", "由学校负责。", "云岫市校车条例", False),
        ("办法规定由谁负责？", "由学校负责。", "云岫市校车条例", True),  # no name
        ("《公交条例》规定由谁负责？", "由学校负责。", "云岫市校车条例", False),
    ],
)
def test_titles(question: str, text: str, title: str, holds: bool) -> None:
    assert agrees(ask(question), text, passage(text), summary(title=title)) is holds


@pytest.mark.parametrize(
    ("opening", "holds"),
    [
        ("棠梨市举行疫情防控新闻发布会", True),  # what the news names first, all of it is about
        ("绿源县举行新闻发布会", False),
        ("", False),
    ],
)
def test_a_text_of_no_place_is_about_the_place_that_its_first_words_name(opening: str, holds: bool) -> None:
    text = "平台已于1月31日上线。"
    asked = ask("棠梨市的平台什么时候上线？")
    assert [place.short for place in asked.places] == ["棠梨"]
    assert agrees(asked, text, passage(text), UNDATED, opening=opening) is holds


def test_a_document_may_be_named_in_the_first_words() -> None:
    text = "有三个环节。"
    asked = ask("《申报指南》涵盖哪些环节？")
    assert agrees(asked, text, passage(text), UNDATED, opening="《申报指南》公布")
    assert not agrees(asked, text, passage(text), UNDATED, opening="《办事指南》公布")


@pytest.mark.parametrize(
    ("question", "text", "holds"),
    [
        # By its name, or another of its names.
        ("市教体局对学校有什么要求？", "市教体局要求每校开课。", True),
        ("市卫健委做了什么？", "市卫生健康局开展巡诊。", True),
        ("市民政局对学校有什么要求？", "市教体局要求每校开课。", False),
        ("云岫市民政局牵头什么？", "民政部门牵头社区康复工作。", True),
        # Of several one is enough.
        ("市教体局和市卫健委怎么配合？", "市教体局要求每校开课。", True),
        # Bodies that the list of agencies does not know.
        ("国家地震局有什么规定？", "地震局对观测站作出规定。", True),
        ("国家地震局有什么规定？", "气象站应当报告。", False),
        ("国家民委怎么管理？", "学校应当报告。", False),
        ("中国作协怎么管理？", "学校应当报告。", False),
        # What may be said of many constrains nothing.
        ("民政部门有什么要求？", "每校开课。", True),
        ("县政府有什么要求？", "每校开课。", True),
        ("市政协的提案怎么答复的？", "每校开课。", True),
        ("居民委员会做什么？", "每校开课。", True),
    ],
)
def test_agencies(question: str, text: str, holds: bool) -> None:
    assert agrees(ask(question), text, passage(text), summary(issuer="云岫市住房局", title="关于校园的答复")) is holds


def test_what_an_agency_issued_is_its_own() -> None:
    text = "每校开课。"
    assert agrees(ask("市教育局有什么要求？"), text, passage(text), summary(issuer="云岫市教育局"))
