"""A question that names an article is answered by that article, whole, or refused."""

from __future__ import annotations

import pytest

from rag.answering.articles import ArticleNumber, asked_articles
from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status

from .builders import ask
from .conftest import IndexOf

MEALS = """\
临洲市老年助餐服务条例
（2019年3月28日临洲市第十五届人民代表大会常务委员会第二十次会议通过　2023年9月26日临洲市第十六届人民代表大会常务委员会第九次会议修订）
第一章　总则
第一条　为了规范老年助餐服务，制定本条例。
第二条　本条例所称老年人，是指年满六十周岁的公民。
第二章　服务
第三条　助餐点应当具备下列条件：
（一）有固定的场所；
（二）有两名以上厨师；
（三）留存食品样品四十八小时。
助餐点不得设在居民楼二层以上。
第四条　助餐点不得出售隔夜饭菜。
第四条之一　助餐点应当公布菜价。
第三章　法律责任
第五条　违反本条例第四条规定的，由市场监督管理部门处二百元以上二千元以下罚款。
第六条　本条例自2024年1月1日起施行。
"""
OLD_MEALS = """\
临洲市老年助餐服务条例
（2019年3月28日临洲市第十五届人民代表大会常务委员会第二十次会议通过）
第一条　为了规范老年助餐服务，制定本条例。
第二条　本条例所称老年人，是指年满六十五周岁的公民。
第三条　本条例自2019年6月1日起施行。
"""
NOTICE = """\
临洲市民政局关于印发《临洲市助餐点评星办法》的通知

临民规〔2024〕3号

各县（区）民政局：

现将《临洲市助餐点评星办法》印发给你们，请遵照执行。

临洲市民政局
2024年5月6日

临洲市助餐点评星办法

第一条　为了评定助餐点星级，制定本办法。
第二条　星级分为三星、四星、五星，每两年评定一次。
第三条　本办法自印发之日起施行，有效期五年。
"""
COPY = (
    OLD_MEALS.replace("\n第二条　本条例所称老年人，是指年满六十五周岁的公民。", "").replace("老年助餐", "托幼")
    + "附件：\n"
)
ANOTHER_COPY = COPY.replace("第三条　本条例自2019年6月1日起施行。", "第三条　本条例自2019年7月1日起施行。")
LONG = (
    "临洲市燃气管理条例\n（2022年6月1日临洲市第十六届人民代表大会常务委员会第三次会议通过）\n第一章　总则\n第一条　为了安全，制定本条例。\n"
    "第二章　供气\n第一节　管道\n第二条　"
    + "管道应当检查。" * 300
    + "\n第二节　瓶装\n第三条　"
    + "钢瓶应当检查。" * 300
)
DOCUMENTS = {
    "meals.txt": MEALS,
    "old.txt": OLD_MEALS,
    "notice.txt": NOTICE,
    "gas.txt": LONG,
    "copy.txt": COPY,
    "other.txt": ANOTHER_COPY,
}
SCOPE = Scope.everything()


def answered(reader: Reader, text: str) -> Answer:
    return reader.answerer.answer(text, scope=SCOPE)


@pytest.fixture(scope="module")
def statutes(index_of: IndexOf) -> Reader:
    return index_of(DOCUMENTS)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("社会保险法第十六条规定了什么", [(16, 0)]),
        ("社会保险法第16条规定了什么", [(16, 0)]),
        ("社会保险法16条", [(16, 0)]),
        ("立法法第一百二十条", [(120, 0)]),
        ("刑法第一百三十三条之一", [(133, 1)]),
        ("国旗法第三条和第五条", [(3, 0), (5, 0)]),
        ("国旗法第三条至第五条", [(3, 0), (4, 0), (5, 0)]),
        ("未成年人保护法第五十九条第一款", [(59, 0)]),
        ("What does Article 12 of the Licensing Law say?", [(12, 0)]),
        ("这个办法有多少条", None),
        ("出台了十五条措施吗", None),
        ("第二章讲什么", []),
        ("老年助餐服务条例有哪些章节", []),
    ],
)
def test_articles_are_read_from_questions(text: str, numbers: list[tuple[int, int]] | None) -> None:
    asked = asked_articles(ask(text))
    assert (list(asked.numbers) if asked else None) == (numbers and [ArticleNumber(*n) for n in numbers])


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("临洲市老年助餐服务条例第三条规定了什么？", "第三条", "居民楼二层以上。"),  # items and the paragraph below
        ("《临洲市老年助餐服务条例》第3条有哪些要求", "第三条", "居民楼二层以上。"),
        ("老年助餐服务条例第四条", "第四条", "隔夜饭菜。"),  # not 第四条之一
        ("请问临洲老年助餐服务条例第四条之一", "第四条之一", "公布菜价。"),
        ("违反老年助餐服务条例第五条怎么处罚", "第五条", "罚款。"),
        ("老年助餐服务条例第二条", "第二条", "六十周岁的公民。"),  # the latest version
        ("2019年的老年助餐服务条例第二条", "第二条", "六十五周岁的公民。"),
        ("助餐点评星办法第二条", "第二条", "每两年评定一次。"),
        ("临民规〔2024〕3号第二条", "第二条", "每两年评定一次。"),
    ],
)
def test_the_article_named_is_quoted_whole(statutes: Reader, question: str, first: str, last: str) -> None:
    answer = answered(statutes, question)
    assert answer.status is Status.ANSWERED
    (citation,) = answer.citations
    assert citation.quote.startswith(f"{first}　")
    assert citation.quote.endswith(last)
    assert citation.section[-1] == first
    assert citation.span.of(statutes.catalog.text(citation.document.document_id, scope=SCOPE)) == citation.quote


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("老年助餐服务条例第九十条", "中没有第九十条"),
        ("婚姻法第三条规定了什么", "库中没有所问的法规"),
        ("民法典第三条", "库中没有所问的法规"),
        ("鹭原市老年助餐服务条例第三条", "库中没有所问的法规"),  # of another place
        ("老年助餐服务条例实施细则第三条", "库中没有所问的法规"),  # another document with a longer name
        ("第三条规定了什么", "没有写明是哪部法规"),
        ("鹭政发〔2020〕9号第三条", "库中没有所问的法规"),
        ("2015年的老年助餐服务条例第二条", "库中没有所问的法规"),  # of no version here
    ],
)
def test_no_other_article_stands_in(statutes: Reader, question: str, reason: str) -> None:
    answer = answered(statutes, question)
    assert answer.status is Status.NO_EVIDENCE
    assert reason in answer.text
    assert not answer.citations


def test_several_articles_are_stated_in_order(statutes: Reader) -> None:
    answer = answered(statutes, "老年助餐服务条例第一条至第三条")
    assert [c.section[-1] for c in answer.citations] == ["第一条", "第二条", "第三条"]


def test_the_same_article_of_two_documents_is_cited_once(statutes: Reader) -> None:
    (citation,) = answered(statutes, "托幼服务条例第一条").citations
    assert citation.quote == "第一条　为了规范托幼服务，制定本条例。"
    assert len(answered(statutes, "托幼服务条例第三条").citations) == 2  # not the same words


def test_a_short_chapter_is_quoted_whole(statutes: Reader) -> None:
    (citation,) = answered(statutes, "老年助餐服务条例第三章讲什么？").citations
    assert citation.quote.startswith("第三章　法律责任\n第五条")
    assert citation.quote.endswith("起施行。")


def test_of_a_long_chapter_the_headings_are_given(statutes: Reader) -> None:
    answer = answered(statutes, "燃气管理条例第二章讲什么？")
    assert [c.quote for c in answer.citations] == ["第二章　供气", "第一节　管道", "第二节　瓶装"]


def test_who_passed_a_statute_is_its_issuer(statutes: Reader) -> None:
    (citation,) = answered(statutes, "燃气管理条例由哪个机关通过？").citations
    assert citation.quote.endswith("人民代表大会常务委员会")


def test_chapters_are_listed_by_their_headings(statutes: Reader) -> None:
    answer = answered(statutes, "老年助餐服务条例有哪些章？")
    assert [c.quote for c in answer.citations] == ["第一章　总则", "第二章　服务", "第三章　法律责任"]


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("黄酒古法酿造保护条例第二条规定了什么？", True),  # the title opens with its place, without 市
        ("绍兴黄酒古法酿造保护条例第二条规定了什么？", True),
        ("临洲市黄酒古法酿造保护条例第二条规定了什么？", False),
    ],
)
def test_a_statute_is_named_with_its_place_or_without(index_of: IndexOf, question: str, is_answered: bool) -> None:
    statute = (
        "绍兴黄酒古法酿造保护条例\n"
        "第一条　为了保护古法酿造，制定本条例。\n第二条　每年十一月为古法酿造宣传月。\n第三条　本条例自2021年5月1日起施行。\n"
    )
    answer = index_of({"wine.txt": statute, "meals.txt": MEALS}).answerer.answer(question, scope=Scope.everything())
    assert (answer.status is Status.ANSWERED) is is_answered
    assert all("宣传月" in citation.quote for citation in answer.citations)
