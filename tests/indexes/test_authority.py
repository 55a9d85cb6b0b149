"""Ranks and places of documents beside the indexes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamaged
from rag.indexes.authority import NO_PLACE, PLACES_FILE, RANKS_FILE, Authorities
from rag.indexes.generation import Generation
from rag.indexes.synchronisation import synchronise
from rag.parsing.authority import Authority, Rank

from .index_standins import HashEncoder, Store

DOCUMENTS = [
    (9, Authority(Rank.LOCAL, "宁波市")),
    (2, Authority(Rank.LAW)),
    (5, Authority(Rank.LOCAL, "杭州市")),
    (7, Authority(Rank.LOCAL, "宁波市")),
]


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def test_ranks_and_places_come_in_the_order_asked(tmp_path: Path) -> None:
    Authorities.of(DOCUMENTS).save(tmp_path)
    for table in (Authorities.of(DOCUMENTS), Authorities.load(tmp_path)):
        assert table.rows.tolist() == [2, 5, 7, 9]
        assert table.ranks(rows(9, 2, 9)).tolist() == [Rank.LOCAL, Rank.LAW, Rank.LOCAL]
        numbers = table.place_numbers(rows(9, 5, 7, 2)).tolist()
        assert numbers[3] == NO_PLACE
        assert [table.places[number] for number in numbers[:3]] == ["宁波市", "杭州市", "宁波市"]
        assert table.are_as(Authorities.of(reversed(DOCUMENTS)))


def test_tables_differ_by_a_rank_or_a_place() -> None:
    table = Authorities.of(DOCUMENTS)
    assert not table.are_as(Authorities.of([*DOCUMENTS[1:], (9, Authority(Rank.LOCAL, "温州市"))]))
    assert not table.are_as(Authorities.of([*DOCUMENTS[1:], (9, Authority(Rank.LAW))]))
    assert not table.are_as(Authorities.of(DOCUMENTS[1:]))


@pytest.mark.parametrize(
    ("places", "home"),
    [
        ([], None),
        (["杭州市"], "杭州市"),
        (["杭州市", "杭州市", "浙江省", "宁波市"], "杭州市"),
        (["杭州市", "宁波市", "温州市", "济南市"], None),
        (["云岫市", "云岫市砚溪区", "云岫市砚溪区", "鹭原县"], "云岫市砚溪区"),
    ],
)
def test_home_is_where_most_texts_of_places_come_from(places: list[str], home: str | None) -> None:
    local = [(row, Authority(Rank.LOCAL, place)) for row, place in enumerate(places, start=10)]
    national = [(row, Authority(Rank.LAW)) for row in range(1, 9)]
    assert Authorities.of([*national, *local, (99, Authority(Rank.LOCAL))]).home() == home


@pytest.mark.parametrize("name", [RANKS_FILE, PLACES_FILE])
def test_a_missing_or_broken_file_is_damage(name: str, tmp_path: Path) -> None:
    Authorities.of(DOCUMENTS).save(tmp_path)
    (tmp_path / name).write_bytes(b"{")
    with pytest.raises(IndexDamaged, match=r"authority\.npy"):
        Authorities.load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(IndexDamaged, match=r"authority\.npy"):
        Authorities.load(tmp_path)


def test_a_generation_knows_the_rank_of_each_document(store: Store, encoder: HashEncoder, tmp_path: Path) -> None:
    store.put(11, "用人单位应当及时足额支付劳动报酬", title="中华人民共和国劳动合同法 第三十条")
    store.put(12, "电梯使用单位应当设置标志", title="杭州市电梯安全管理条例")
    generation = synchronise(store, encoder, tmp_path)
    assert generation.authorities.rows.tolist() == [1, 2, 11, 12]
    assert generation.authorities.ranks(rows(11, 12, 1)).tolist() == [Rank.LAW, Rank.LOCAL, Rank.UNKNOWN]
    assert generation.share_of_long_documents == 0.5


def test_a_place_put_right_by_hand_makes_a_new_generation(store: Store, encoder: HashEncoder, tmp_path: Path) -> None:
    first = synchronise(store, encoder, tmp_path)
    names = store.document_names()
    store.document_names = lambda: [(row, title, "云岫市民政局", "云岫市") for row, title, *_ in names]
    second = synchronise(store, encoder, tmp_path)
    assert second.number == first.number + 1
    assert second.authorities.places == ["云岫市"]
    assert np.array_equal(second.keys, first.keys)
    assert Generation.open(tmp_path, encoder.identity).authorities.are_as(second.authorities)
