"""Precedents: sentences in the same words taken together and all counted, within scope and filters."""

from __future__ import annotations

import random

import pytest

from rag.app.wiring import Engine
from rag.domain.access import Disclosure, Scope
from rag.domain.document import Kind
from rag.domain.filters import Filters
from rag.domain.sentence import SentenceFunction
from rag.errors import InvalidRequest
from rag.retrieval.precedent import MOST_SENTENCES, TEXT_CHARACTERS, PrecedentFinder
from rag.settings import Settings

THANKS = "感谢您对我市民生工作的关心和支持，希望您一如既往提出宝贵意见。"
EVERYTHING = Scope.everything()


def reply(place: str, year: int, number: int, thanks: str, *, label: str, deed: str) -> str:
    return (
        f"{place}民政局\n\n{place[0]}民函〔{year}〕{number}号\n\n关于市政协第{number:04}号提案的答复\n\n张委员：\n\n"
        f"您提出的提案收悉，现答复如下：\n\n一、工作情况\n\n{deed}\n\n二、下一步打算\n\n"
        f"下一步，我局将会同财政部门研究{number}号提案所提的办法。\n\n{thanks}\n\n"
        f"{place}民政局\n\n{year}年{number % 12 + 1}月5日\n\n公开属性：{label}\n"
    )


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    """Replies of three places: the same thanks in each, written in other widths and scripts."""
    folder = tmp_path_factory.mktemp("replies")
    labels = ["主动公开", "依申请公开", "主动公开", "不予公开"]
    thanks = [THANKS, THANKS.replace("，", ", "), THANKS.replace("关心", "關心"), THANKS.replace("关心和", "")]
    deeds = ["全市建成老年食堂{}个。", "累计发放补贴{}万元。", "改造老旧小区{}处。", "新增停车泊位{}个。"]
    for number in range(1, 41):
        at = number % 4
        text = reply(
            ["临洲市", "汐川市", "云浦市"][number % 3],
            2020 + number % 5,
            number,
            thanks[at],
            label=labels[at],
            deed=deeds[at].format(number * 7),
        )
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("index"))) as engine:
        report = engine.ingest([folder])
        assert not report.failed
        assert report.documents == 40
        reader = engine.reader()
        yield PrecedentFinder(reader.catalog, reader.generation, reader.encoder)


def find(finder, text=THANKS, *, scope=EVERYTHING, filters=Filters(), **options):  # noqa: B008 - frozen
    return finder.find(text, scope=scope, filters=filters, **options)


def test_the_same_words_are_one_precedent_with_every_place_counted(finder):
    best, other, *_ = find(finder).found
    assert best.score > other.score
    assert best.wording == 1
    assert len(best.occurrences) == 30  # in three spellings
    assert best.documents == 30
    assert best.years == (2020, 2021, 2022, 2023, 2024)
    assert set(best.places) == {"临洲市", "汐川市", "云浦市"}
    assert other.text == THANKS.replace("关心和", "")
    assert len(other.occurrences) == 10


def test_a_page_of_one_does_not_shorten_the_count(finder):
    (only,) = find(finder, limit=1).found
    assert len(only.occurrences) == 30


def test_every_occurrence_is_the_text_at_its_place(finder):
    found = find(finder, "您提出的提案收悉，现答复如下：").found
    assert found
    for precedent in found:
        assert precedent.text == precedent.occurrences[0].quote
        for each in precedent.occurrences:
            text = finder._catalog.text(each.document.document_id, scope=EVERYTHING)
            assert each.span.of(text) == each.quote


def test_the_newest_comes_first(finder):
    days = [each.document.issued_on for each in find(finder).found[0].occurrences]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        (Scope.public(), 20),
        (Scope(frozenset({Disclosure.ON_REQUEST})), 10),
        (Scope(frozenset({Disclosure.INTERNAL})), 0),
        (Scope(frozenset()), 0),
    ],
)
def test_counts_are_of_what_the_scope_may_see(finder, scope, count):
    found = find(finder, scope=scope)
    same = [each for each in found.found if each.wording == 1]
    assert sum(len(each.occurrences) for each in same) == count
    for each in found.found:
        assert all(o.document.disclosure in scope.disclosures for o in each.occurrences)


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(place="临洲"), 9),
        (Filters(year_from=2024), 6),
        (Filters(place="云浦", year_to=2020), 2),
        (Filters(kind=Kind.REPLY), 30),
        (Filters(kind=Kind.LAW), 0),
        (Filters(document_number="临民函〔2021〕6号"), 1),
    ],
)
def test_filters_hold_before_the_best_are_chosen(finder, filters, count):
    same = [each for each in find(finder, filters=filters).found if each.wording == 1]
    assert sum(len(each.occurrences) for each in same) == count


def test_what_a_sentence_is_for_is_a_facet_and_a_filter(finder):
    text = f"下一步，我局将会同财政部门研究提案所提的办法。{THANKS}"
    found = find(finder, text, limit=100)
    assert sum(found.functions.values()) == found.total == len(found.found)
    assert found.functions[SentenceFunction.NEXT_STEPS] == 40
    only = find(finder, text, function=SentenceFunction.NEXT_STEPS, limit=100)
    assert only.total == 40
    assert {each.function for each in only.found} == {SentenceFunction.NEXT_STEPS}
    assert only.functions == found.functions
    assert find(finder, text, function=SentenceFunction.VALIDITY).found == ()


def test_each_sentence_of_the_text_finds_its_own(finder):
    first, second = "您提出的提案收悉，现答复如下：", THANKS
    likes = {each.like for each in find(finder, f"{first}\n{second}", limit=100).found if each.wording == 1}
    assert likes == {first, second}


def test_pages_follow_each_other(finder):
    whole = find(finder, "我局将会同财政部门研究提案所提的办法。", limit=100)
    parts = [
        precedent.text
        for offset in range(0, whole.total, 7)
        for precedent in find(finder, "我局将会同财政部门研究提案所提的办法。", limit=7, offset=offset).found
    ]
    assert parts == [each.text for each in whole.found]
    assert len(parts) == whole.total


def test_the_same_is_found_every_time(finder):
    assert find(finder, "研究提案的办法") == find(finder, "研究提案的办法")


@pytest.mark.parametrize("text", ["", "  \n", "，。！", "甲" * (TEXT_CHARACTERS + 1)])
def test_a_text_without_words_or_too_long_is_refused(finder, text):
    with pytest.raises(InvalidRequest):
        find(finder, text)


def test_a_long_text_is_read_up_to_a_bound(finder):
    drawn = random.Random(7)
    text = "".join(f"{''.join(drawn.sample('电梯公交托育养老热线补贴学校医院', 8))}。" for _ in range(MOST_SENTENCES))
    assert all(each.wording < 1 for each in find(finder, text + THANKS).found)
    assert find(finder, text[: -len(text) // 2] + THANKS).found[0].wording == 1


def test_words_that_no_document_has_find_nothing(finder):
    found = find(finder, "zxqv wkjh")
    assert (found.total, found.found) == (0, ())


def test_what_is_for_the_same_comes_before_what_is_about_the_same(finder):
    text = "下一步，我局将研究提案。"
    first = find(finder, text).found[0]
    assert first.function is SentenceFunction.NEXT_STEPS
    about = [each for each in find(finder, text, limit=100).found if each.function is not SentenceFunction.NEXT_STEPS]
    assert all(each.score < first.score for each in about)


def test_scores_tell_nothing_of_what_is_hidden(finder, tmp_path):
    """An index of the public documents alone gives the same scores as the whole one read as a stranger."""
    scope = Scope.public()
    public = [d.source for d in finder._catalog.list_documents(scope=scope).documents]
    for source in public:
        text = finder._catalog.text(
            finder._catalog.list_documents(scope=scope, filters=Filters(source=source)).documents[0].document_id,
            scope=scope,
        )
        (tmp_path / source).write_text(text, encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path / "index")) as engine:
        engine.ingest([tmp_path])
        reader = engine.reader()
        alone = PrecedentFinder(reader.catalog, reader.generation, reader.encoder)
        for text in (THANKS, "您提出的提案收悉", "研究办法"):
            told = [(each.text, each.score, each.wording) for each in find(alone, text, scope=scope, limit=100).found]
            assert told == [(e.text, e.score, e.wording) for e in find(finder, text, scope=scope, limit=100).found]
