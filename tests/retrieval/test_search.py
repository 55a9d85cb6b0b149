"""Search over real indexes: scope and filters come before the best, and equal words find equal passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from rag.app.reader import Reader
from rag.app.wiring import Engine
from rag.domain.access import Disclosure, Scope
from rag.domain.document import DocumentSummary, Kind
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.errors import InvalidRequest
from rag.retrieval.fusion import weights_for
from rag.retrieval.search import CANDIDATES, PARTS, QUERY_CHARACTERS
from rag.retrieval.topic import Term
from rag.settings import Settings

ALL = Scope.everything()
PUBLIC = Scope.public()


def search(reader: Reader, query: str, *, scope: Scope = ALL, top_k: int = 10, **filters: object) -> list[Hit]:
    return reader.searcher.search_text(query, scope=scope, filters=Filters(**filters), top_k=top_k)


def sources(reader: Reader, hits: Iterable[Hit]) -> list[str]:
    ids = [hit.passage.document_id for hit in hits]
    summaries = reader.searcher.summaries(ids, scope=ALL)
    return [summaries[document_id].source for document_id in ids]


# -------------------------------------------------------------------------------------------- hits


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("学生心理测评预警", "plans/2023-yunxiu-student-mental-health.txt"),
        ("厨余垃圾处理厂", "plans/2022-tangwan-waste-sorting.md"),
        ("加装电梯服务中心 电梯托管", "replies/2022-wuqiao-elevator.txt"),
        ("老年助餐 就餐补贴", "measures/2023-tangwan-meal-service.txt"),
        ("春风行动 专场招聘会", "notices/2026-luyuan-spring-jobs.txt"),
        ("擅自停运 罚款", "measures/2021-jichuan-bus-management.txt"),
        # Words of an address, of noise and of another script.
        ("霁川市的新能源公交车有多少辆？", "replies/2023-jichuan-bus.txt"),
        ("請問望舒縣12356熱線", "notices/2025-wangshu-12356.txt"),
        # English finds the Chinese passage.
        ("elevator subsidy in Yunxiu City", "notices/2024-yunxiu-elevator-subsidy.txt"),
        ("waste sorting in Tangwan", "plans/2022-tangwan-waste-sorting.md"),
        ("12356 hotline in Wangshu County", "notices/2025-wangshu-12356.txt"),
        ("childcare places per thousand people in Luyuan", "replies/2025-luyuan-childcare.txt"),
    ],
)
def test_the_document_is_on_the_first_page(sample: Reader, query: str, source: str) -> None:
    assert source in sources(sample, search(sample, query, top_k=10))


def test_the_nearest_documents_are_those_of_the_best_passages_each_once(sample: Reader) -> None:
    question = sample.searcher.understand("加装电梯补助标准", scope=ALL)
    hits = sample.searcher.search(question, scope=ALL, filters=Filters(), top_k=12)
    near = sample.searcher.nearest(question, scope=ALL, filters=Filters(), passages=12)
    assert [document.source for document in near] == list(dict.fromkeys(sources(sample, hits)))
    assert 1 < len(near) < 12
    (only,) = sample.searcher.nearest(question, scope=ALL, filters=Filters(), passages=1)
    assert only == near[0]


@pytest.mark.parametrize(
    "query",
    [
        "岫建发〔2024〕27号",
        "岫建发[2024]27号",
        "岫建发（2024）27号",
        "岫建發〔２０２４〕２７號",
        "请问岫建发〔2024〕27号",
    ],
)
def test_a_document_number_finds_its_document_and_then_the_passage_that_cites_it(sample: Reader, query: str) -> None:
    # 岫建发〔2020〕15号 is cited in the text of the later notice, and nowhere else.
    cited = query.replace("2024", "2020").replace("２０２４", "２０２０").replace("27", "15").replace("２７", "１５")
    hits = search(sample, cited, top_k=50)
    first, *others = dict.fromkeys(sources(sample, hits))
    assert first == "notices/2020-yunxiu-elevator-subsidy.txt"
    assert others[0] == "notices/2024-yunxiu-elevator-subsidy.txt"
    citing = next(hit for hit in hits if sources(sample, [hit]) == [others[0]])
    assert "岫建发〔2020〕15号" in citing.passage.text
    assert search(sample, cited, document_number="岫建发〔2020〕15号")


@pytest.mark.parametrize(
    ("simplified", "other"),
    [
        ("云岫市学生心理健康教育", "雲岫市學生心理健康教育"),
        ("社会心理服务体系建设", "社會心理服務體系建設"),
        ("12356热线", "１２３５６熱線"),
        ("补助15万元", "补助 15 万元"),
    ],
)
def test_script_width_and_layout_make_no_difference(sample: Reader, simplified: str, other: str) -> None:
    def found(query: str) -> list[tuple[str, float]]:
        return [(hit.passage.passage_id, round(hit.parts["lexical"], 6)) for hit in search(sample, query)]

    assert dict(found(other)).keys() & dict(found(simplified)).keys()
    lexical = {i: score for i, score in found(simplified) if score}
    same = dict(found(other))
    assert all(same[i] == score for i, score in lexical.items() if i in same)
    assert found(other)[0] == found(simplified)[0]


def test_a_search_gives_the_same_every_time_and_is_ordered(sample: Reader) -> None:
    first = search(sample, "心理健康服务", top_k=50)
    assert search(sample, "心理健康服务", top_k=50) == first
    scores = [hit.score for hit in first]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len({hit.passage.passage_id for hit in first}) == len(first) == 50


@pytest.mark.parametrize("top_k", [1, 7, 40])
def test_fewer_hits_are_the_first_of_more(sample: Reader, top_k: int) -> None:
    assert search(sample, "加装电梯补助", top_k=top_k) == search(sample, "加装电梯补助", top_k=60)[:top_k]


def test_more_than_the_usual_candidates_can_be_asked_for(sample: Reader) -> None:
    assert len(search(sample, "工作", top_k=CANDIDATES + 50)) > CANDIDATES


@pytest.mark.parametrize(("query", "is_english"), [("垃圾分类", False), ("waste sorting", True)])
def test_parts_are_what_the_score_is_made_of(sample: Reader, query: str, is_english: bool) -> None:
    legs = asdict(weights_for(1.0, is_english=is_english))
    assert tuple(legs) == PARTS
    for hit in search(sample, query):
        assert hit.parts.keys() == legs.keys()
        made = sum(legs[leg] * part for leg, part in hit.parts.items()) / sum(legs.values())
        assert hit.score == pytest.approx(made)


@pytest.mark.parametrize("query", ["", "   ", "\n\t　"])
def test_an_empty_query_is_refused(sample: Reader, query: str) -> None:
    with pytest.raises(InvalidRequest, match="empty"):
        search(sample, query)


def test_a_query_is_taken_up_to_its_longest_and_no_further(sample: Reader) -> None:
    assert search(sample, "电梯" * (QUERY_CHARACTERS // 2))
    with pytest.raises(InvalidRequest, match="2,001 characters"):
        search(sample, "梯" * (QUERY_CHARACTERS + 1))


@pytest.mark.parametrize("query", ["？？？", "的", "谁", "🙂", "zzzzqqqq", "' OR 1=1 --", 'a"b AND (', "\x00"])
def test_a_query_without_a_word_of_the_corpus_does_no_harm(sample: Reader, query: str) -> None:
    found = search(sample, query)
    assert all(0.0 <= hit.score <= 1.0 for hit in found)
    assert search(sample, query) == found


# ---------------------------------------------------------------------------------- scope and filters


def test_what_is_outside_the_scope_is_never_found(
    built: Settings, telling_words: dict[str, str], public: set[str]
) -> None:
    with Engine(built) as engine:
        reader = engine.reader()
        for source, words in telling_words.items():
            assert source in sources(reader, search(reader, words))
            for top_k in (1, 10, 1_000):
                found = sources(reader, search(reader, words, scope=PUBLIC, top_k=top_k))
                assert found
                assert set(found) <= public


@pytest.mark.parametrize("label", list(Disclosure))
def test_each_label_is_a_scope_of_its_own(built: Settings, label: Disclosure) -> None:
    with Engine(built) as engine:
        reader = engine.reader()
        hits = search(reader, "市县工作", scope=Scope(frozenset({label})), top_k=1_000)
        documents = reader.searcher.summaries([hit.passage.document_id for hit in hits], scope=ALL).values()
        assert {document.disclosure for document in documents} == {label}


def test_an_empty_scope_finds_nothing(sample: Reader) -> None:
    assert search(sample, "电梯", scope=Scope(frozenset())) == []


def test_a_scope_finds_what_an_index_without_the_rest_would(
    built: Settings, documents: dict[str, str], public: set[str], tmp_path: Path
) -> None:
    for source in public:
        path = tmp_path / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents[source], encoding="utf-8")
    with Engine(built) as whole, Engine(Settings(index_dir=tmp_path / "index")) as part:
        part.ingest([tmp_path / "corpus"])
        for query in ("心理教师", "加装电梯补助", "热线 接线员", "食堂", "冲锋舟", "市卫生健康委牵头"):
            scoped = search(whole.reader(), query, scope=PUBLIC, top_k=100)
            alone = search(part.reader(), query, top_k=100)
            # The same passages; scores differ by how rare words are in either.
            assert {h.passage.passage_id for h in scoped} == {h.passage.passage_id for h in alone}
            assert scoped[0].passage == alone[0].passage


def year(document: DocumentSummary) -> int:
    """Return the year of issue, that of the 文号 where there is no date."""
    if document.issued_on:
        return document.issued_on.year
    return int(re.findall(r"\d{4}", document.document_number)[0])


@pytest.mark.parametrize(
    ("filters", "keeps"),
    [
        ({"issuer": "云岫市教育局"}, lambda d: "云岫市教育局" in d.issuer),
        ({"issuer": "雲岫市教育局"}, lambda d: "云岫市教育局" in d.issuer),
        ({"place": "鹭原"}, lambda d: d.place == "鹭原县"),
        ({"place": "云岫"}, lambda d: d.place in {"云岫市", "云岫市砚溪区"}),
        ({"document_number": "岫建发[2024]27号"}, lambda d: d.document_number == "岫建发〔2024〕27号"),
        ({"kind": Kind.REPLY}, lambda d: d.kind is Kind.REPLY),
        ({"year_from": 2025}, lambda d: year(d) >= 2025),
        ({"year_to": 2020}, lambda d: year(d) <= 2020),
        ({"year_from": 2022, "year_to": 2022}, lambda d: year(d) == 2022),
        ({"topic": "电梯"}, lambda d: "elevator" in d.source or "电梯" in d.title),
        ({"source": "reports"}, lambda d: d.source.startswith("reports/")),
        ({"source": "notices/2025-wangshu-12356.txt"}, lambda d: d.source == "notices/2025-wangshu-12356.txt"),
        ({"place": "云岫", "kind": Kind.REPLY}, lambda d: "云岫" in d.place and d.kind is Kind.REPLY),
    ],
)
def test_each_filter_keeps_what_fits_and_all_of_it(
    sample: Reader, filters: dict[str, object], keeps: Callable[..., bool]
) -> None:
    hits = search(sample, "工作", top_k=2_000, **filters)
    found = sample.searcher.summaries([hit.passage.document_id for hit in hits], scope=ALL)
    assert found
    assert all(keeps(document) for document in found.values())
    fitting = sample.catalog.list_documents(scope=ALL, filters=Filters(**filters))
    assert fitting.total == len(found)


@pytest.mark.parametrize(
    "filters", [{"place": "澄山市"}, {"issuer": " "}, {"year_from": 2090}, {"document_number": "无〔2024〕1号"}]
)
def test_a_filter_that_nothing_fits_finds_nothing(sample: Reader, filters: dict[str, object]) -> None:
    assert search(sample, "工作", **filters) == []


def test_filters_come_before_the_best_are_chosen(sample: Reader) -> None:
    # Best in the corpus is another document; the filter is no sieve over the first ten.
    wanted = "reports/2019-lanting-disclosure-report.txt"
    assert wanted not in sources(sample, search(sample, "加装电梯补助", top_k=10))
    assert sources(sample, search(sample, "加装电梯补助", top_k=1, source=wanted)) == [wanted]


# ---------------------------------------------------------------------------------- rank and place


STATUTES = {
    "law.txt": "中华人民共和国物业服务法",
    "hangzhou.txt": "杭州市物业服务条例",
    "jinan.txt": "济南市物业服务条例",
    "zhengzhou.txt": "郑州市物业服务条例",
}


@pytest.fixture(scope="module")
def statutes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A law, and three cities that put it in nearly the same words."""
    folder = tmp_path_factory.mktemp("statutes")
    for name, title in STATUTES.items():
        more = "" if name == "law.txt" else "业主应当支付物业费，不支付的可以催告。"
        body = f"第一条　为了规范物业服务，制定本法。\n第二条　业主应当按照约定支付物业费。{more}\n第三条　本法自公布之日起施行。\n"
        (folder / name).write_text(f"{title}\n\n{body}", encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path_factory.mktemp("built") / "index")) as engine:
        assert engine.ingest([folder]).failed == []
        yield engine.reader()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("业主应当支付物业费吗", "law.txt"),
        ("杭州的业主欠物业费可以停水停电吗", "hangzhou.txt"),
        ("济南业主欠物业费，能不能停水停电？", "jinan.txt"),
        ("浙江业主欠物业费可以停水停电吗", "hangzhou.txt"),
    ],
)
def test_a_law_answers_for_the_country_and_a_city_for_itself(statutes: Reader, query: str, first: str) -> None:
    found = list(dict.fromkeys(sources(statutes, search(statutes, query))))
    assert found[0] == first
    assert len(found) == len(STATUTES)


# --------------------------------------------------------------------------------- what others ask it


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("岫建发〔2024〕27号的附件", "岫建发〔2024〕27号"),
        # Words stuck to the front: a greeting, a preposition, the organ's own name.
        ("请问岫建发〔2024〕27号的附件", "岫建发〔2024〕27号"),
        ("关于岫建发〔2024〕27号", "岫建发〔2024〕27号"),
        ("文号岫建发〔2024〕27号", "岫建发〔2024〕27号"),
        ("云岫市住建局岫建发〔2024〕27号", "岫建发〔2024〕27号"),
        ("我想查岫建发［２０２４］２７號", "岫建发〔2024〕27号"),
        # Another organ's number that ends alike is another number.
        ("国岫建发〔2024〕27号的附件", "国岫建发〔2024〕27号"),
        ("建发〔2024〕27号的附件", "建发〔2024〕27号"),
        ("请问岫建发〔2031〕9号的附件", "请问岫建发〔2031〕9号"),
    ],
)
def test_a_document_number_is_told_from_the_words_before_it(sample: Reader, asked: str, number: str) -> None:
    assert sample.searcher.understand(asked, scope=ALL).document_numbers == (number,)


def test_a_number_outside_the_scope_is_not_known(sample: Reader) -> None:
    # 霁政办发〔2024〕26号 is 依申请公开.
    for scope, expected in ((ALL, "霁政办发〔2024〕26号"), (PUBLIC, "请问霁政办发〔2024〕26号")):
        found = sample.searcher.understand("请问霁政办发〔2024〕26号", scope=scope)
        assert found.document_numbers == (expected,)


def test_places_are_those_of_the_scope(sample: Reader) -> None:
    # 梧桥区 is known from a document disclosed on request only.
    assert sample.searcher.understand("梧桥区", scope=ALL).places[0].names == ("霁川市梧桥区",)
    assert sample.searcher.understand("梧桥区", scope=PUBLIC).places[0].names == ()


def test_rare_words_tell_more_than_common_ones_and_verbs_less(sample: Reader) -> None:
    weight = sample.searcher.weight
    assert weight(Term("冲锋舟", ("冲锋舟",))) > weight(Term("电梯", ("电梯",))) > weight(Term("工作", ("工作",))) > 0
    assert weight(Term("电梯", ("电梯",), 0.6)) == pytest.approx(0.6 * weight(Term("电梯", ("电梯",))))


def test_words_in_the_corpus_are_known(sample: Reader) -> None:
    assert sample.searcher.knows("加装电梯")
    assert sample.searcher.knows("12356")
    assert not sample.searcher.knows("冲锋舟艇")
    assert not sample.searcher.knows("")


# ----------------------------------------------------------------------------------------------- slips


@pytest.mark.parametrize(
    ("query", "meant", "source"),
    [
        ("学生心里健康预警", "心理健康", "plans/2023-yunxiu-student-mental-health.txt"),
        ("厨余拉圾处理厂", "垃圾", "plans/2022-tangwan-waste-sorting.md"),
        ("加装电体服务中心", "电梯", "replies/2022-wuqiao-elevator.txt"),
    ],
)
def test_a_slip_is_mended_and_told(sample: Reader, query: str, meant: str, source: str) -> None:
    question = sample.searcher.read(query, scope=ALL)
    assert question.text == query
    assert meant in question.meant
    assert any(meant in note for note in question.notes)
    assert source in sources(sample, search(sample, query, top_k=3))


@pytest.mark.parametrize(
    "query",
    ["学生心理测评预警", "云岫市", "岫建发〔2024〕27号", "《心里健康》", "12356", "mental heelth", "谢谢"],
)
def test_what_holds_no_slip_is_taken_as_written(sample: Reader, query: str) -> None:
    question = sample.searcher.read(query, scope=ALL)
    assert (question.meant, question.slips, question.notes) == ("", (), ())


@pytest.mark.parametrize("seen", [False, True])
def test_a_slip_is_mended_only_by_words_that_the_asker_may_see(tmp_path: Path, seen: bool) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for at in range(12):  # well known to the index, but disclosed on request only
        text = f"公开属性：依申请公开\n\n澄山市第{at + 1}中学简报\n\n学生心理健康由第{at + 1}年级负责。\n"
        (folder / f"closed-{at}.txt").write_text(text, encoding="utf-8")
    words = "学生心理健康" if seen else "学生视力检查"
    (folder / "open.txt").write_text(f"公开属性：主动公开\n\n澄山市通知\n\n{words}由学校负责。\n", encoding="utf-8")
    with Engine(Settings(index_dir=tmp_path / "index")) as engine:
        assert engine.ingest([folder]).failed == []
        searcher = engine.reader().searcher
        assert any("心理健康" in note for note in searcher.read("学生心里健康", scope=ALL).notes)
        question = searcher.read("学生心里健康", scope=PUBLIC)
        assert [slip.meant for slip in question.slips] == (["心理健康"] if seen else [])
        assert bool(question.meant) is bool(question.notes) is seen


# --------------------------------------------------------------------------------------------- numbers

_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _ways_to_type(code: str, year: str, serial: str) -> list[str]:
    return [
        *(
            f"{code}{opening}{year}{closing}{serial}号"
            for opening, closing in "〔〕 [] （） () 【】 〈〉 《》 ［］".split()
        ),
        f"{code} 〔 {year} 〕 第 {serial} 号",
        f"{code}〔{year}〕0{serial}號",
        f"{code}〔{year}〕{serial}号".translate(_FULL_WIDTH),
        f"{code}〔{year.translate(_CHINESE_DIGITS)}〕{serial}号",
        f"{code}〔{year.replace('0', 'O')}〕{serial.replace('1', 'l')}号",
        f"{code}〔{year}〕{serial}",
        f"请问{code}〔{year}〕{serial}号是什么文件？",
        f"查一下{code}[{year}]{serial}号，谢谢",
    ]


def test_a_document_is_first_for_its_number_however_typed(sample: Reader) -> None:
    asked = 0
    for document in sample.catalog.list_documents(scope=ALL, filters=Filters(), limit=200).documents:
        parts = re.fullmatch(r"(.+)〔(\d{4})〕(\d+)号", document.document_number or "")
        for query in _ways_to_type(*parts.groups()) if parts else ():
            asked += 1
            assert sources(sample, search(sample, query, top_k=1)) == [document.source], query
    assert asked > 300


def test_scores_stay_in_order_where_a_number_is_named(sample: Reader) -> None:
    scores = [hit.score for hit in search(sample, "岫建发〔2024〕27号 加装电梯", top_k=50)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_number_outside_the_scope_is_not_found_by_name(sample: Reader) -> None:
    assert search(sample, "岫建发〔2024〕27号", scope=Scope(frozenset())) == []
