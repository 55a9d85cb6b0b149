"""What both indexes promise, run over both: changes, filters, order, keeping, emptiness."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexDamaged
from rag.indexes import vector
from rag.indexes.lexical import LexicalEntry, LexicalIndex
from rag.indexes.scored import Scored
from rag.indexes.vector import COARSE_FILE, VectorIndex
from rag.text import tokens

TEXTS = {
    1: "校园安全由教育局牵头",
    2: "托育服务由卫健委负责",
    3: "公交线路调整方案",
    4: "校园周边公交线路",
    5: "校园安全由教育局牵头",
    6: "校园安全由教育局牵头",
}


class Lexical:
    """Each passage is its own document here, so that both indexes filter on the same numbers."""

    def __init__(self, folder: Path, encoder) -> None:
        folder.mkdir()
        self.folder, self.index = folder, LexicalIndex.create(folder)

    def add(self, texts: dict[int, str]) -> None:
        self.index.update(LexicalEntry(row, row, tokens(text)) for row, text in texts.items())

    def remove(self, rows: list[int]) -> None:
        self.index.update(removed=rows)

    def search(self, text: str, k: int = 10, admitted=None) -> list[Scored]:
        return list(self.index.search(tokens(text), k, admitted))

    def again(self) -> Lexical:
        self.index = LexicalIndex.open(self.folder)
        return self


class Dense:
    exact_limit = 10**6

    def __init__(self, folder: Path, encoder) -> None:
        folder.mkdir()
        self.folder, self.encoder = folder, encoder
        self.index = VectorIndex(encoder.dimension, exact_limit=self.exact_limit)

    def add(self, texts: dict[int, str]) -> None:
        self.index.add(np.array(list(texts), dtype=np.int64), self.encoder.encode(list(texts.values()), kind="passage"))
        self.index.settle()

    def remove(self, rows: list[int]) -> None:
        self.index.remove(np.array(rows, dtype=np.int64))
        self.index.settle()

    def search(self, text: str, k: int = 10, admitted=None) -> list[Scored]:
        return list(self.index.search(self.encoder.encode([text], kind="query"), k, admitted)[0])

    def again(self) -> Dense:
        self.index.save(self.folder)
        self.index = VectorIndex.load(self.folder, exact_limit=self.exact_limit)
        return self


class Coarse(Dense):
    """With codes, which usually come above 50,000 vectors."""

    exact_limit = 2


@pytest.fixture(params=[Lexical, Dense, Coarse], ids=lambda kind: kind.__name__.lower())
def index(request, tmp_path, encoder, monkeypatch):
    monkeypatch.setattr(
        vector, "_REFINED", 10**6
    )  # all are looked at: what it finds is then exact; test_vector has its recall
    monkeypatch.setattr(vector, "_FEW", 100)
    return request.param(tmp_path / "index", encoder)


def rows(found: list[Scored]) -> list[int]:
    return [row for row, _ in found]


def test_an_empty_index_finds_nothing(index):
    assert len(index.index) == 0
    assert index.search("校园") == []
    assert index.index.rows.tolist() == []
    assert index.again().search("校园", admitted=np.array([1])) == []
    index.remove([1, 2])


def test_the_passage_itself_comes_first(index):
    index.add(TEXTS)
    for row in (1, 2, 3, 4):
        assert rows(index.search(TEXTS[row]))[0] == row
    assert index.index.rows.tolist() == list(TEXTS)


def test_fewer_than_k_are_all_there_are(index):
    index.add({1: TEXTS[1], 4: TEXTS[4]})
    assert sorted(rows(index.search("校园", k=1000))) == [1, 4]


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_no_more_than_k(index, k):
    index.add(TEXTS)
    assert len(index.search("校园安全", k=k)) == k


def test_equal_texts_tie_and_come_by_row_number(index):
    index.add({6: TEXTS[6], 5: TEXTS[5]})
    index.add({3: TEXTS[3], 1: TEXTS[1]})
    found = index.search(TEXTS[1])
    assert rows(found)[:3] == [1, 5, 6]
    assert len({score for _, score in found[:3]}) == 1
    for k in (1, 2):
        assert index.search(TEXTS[1], k=k) == found[:k]


def test_ties_of_many_are_cut_by_row_number(index):
    index.add(dict.fromkeys(range(300, 0, -1), "校园安全"))
    assert rows(index.search("校园安全", k=7)) == [1, 2, 3, 4, 5, 6, 7]
    assert rows(index.search("校园安全", k=3, admitted=np.arange(100, 290))) == [100, 101, 102]


def test_scores_fall(index):
    index.add(TEXTS)
    scores = [score for _, score in index.search("校园公交线路")]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("admitted", [[], [4], [3, 4], [2, 3, 4, 5], [999], [4, 999], list(range(1, 50))])
def test_what_is_not_admitted_is_not_found(index, admitted):
    index.add(TEXTS)
    everything = index.search("校园公交", k=100)
    found = index.search("校园公交", k=100, admitted=np.array(admitted, dtype=np.int64))
    assert found == [scored for scored in everything if scored.row in admitted]


@pytest.mark.parametrize("share", [1, 2, 40, 900, 1999])
def test_filters_come_before_the_best_are_chosen(index, share):
    """Whatever part is admitted, the best k are the best k among those, not those among the best."""
    random = np.random.default_rng(5)
    texts = {n: "".join(random.choice(list("校园安全公交线路托育服务"), 8)) + "方案" for n in range(1, 2001)}
    index.add(texts)
    admitted = np.sort(random.choice(np.arange(1, 2001), share, replace=False))
    everything = index.search("校园公交方案", k=2000)
    expected = [scored for scored in everything if scored.row in set(admitted.tolist())]
    found = index.search("校园公交方案", k=20, admitted=admitted)
    assert len(found) == min(20, share)
    assert found == expected[:20]


def test_what_is_removed_is_not_found(index):
    index.add(TEXTS)
    index.remove([1, 5, 777])
    assert len(index.index) == 4
    assert index.index.rows.tolist() == [2, 3, 4, 6]
    assert rows(index.search(TEXTS[1]))[0] == 6
    assert not {1, 5} & set(rows(index.search(TEXTS[1], k=100)))
    assert index.search(TEXTS[1], admitted=np.array([1, 5])) == []
    index.remove([2, 3, 4, 6])
    assert len(index.index) == 0
    assert index.search(TEXTS[1]) == []


def test_a_row_may_come_back_with_another_text(index):
    index.add(TEXTS)
    index.remove([3])
    index.add({3: TEXTS[2]})
    assert rows(index.search(TEXTS[2]))[:2] == [2, 3]


def test_it_is_the_same_after_opening_again(index):
    index.add(TEXTS)
    index.remove([2])
    before = index.search("校园公交线路")
    assert index.again().search("校园公交线路") == before
    assert index.index.rows.tolist() == [1, 3, 4, 5, 6]
    index.add({2: TEXTS[2]})
    assert rows(index.search(TEXTS[2]))[0] == 2


def test_searching_twice_gives_the_same(index):
    index.add(TEXTS)
    assert index.search("校园公交") == index.search("校园公交")


def test_two_indexes_of_the_same_passages_agree(index, tmp_path, encoder):
    index.add(TEXTS)
    other = type(index)(tmp_path / "other", encoder)
    for row in reversed(TEXTS):
        other.add({row: TEXTS[row]})
    found = index.search("校园公交线路", k=3)
    assert rows(other.search("校园公交线路", k=3)) == rows(found)


def test_damaged_files_are_said_to_be_damaged(index):
    index.add(TEXTS)
    index.again()
    for path in index.folder.rglob("*"):
        data = path.read_bytes()
        path.unlink()  # tantivy maps its files: cut short in place, they would take the process with them
        path.write_bytes(data[:20])
    with pytest.raises(IndexDamaged) as caught:
        index.again() if isinstance(index, Lexical) else VectorIndex.load(index.folder)
    assert caught.value.remedy


def test_codes_come_and_go_with_the_number_of_vectors(tmp_path, encoder):
    index = Coarse(tmp_path / "index", encoder)
    index.add({1: TEXTS[1], 2: TEXTS[2]})
    index.again()
    assert not (index.folder / COARSE_FILE).exists()
    index.add({3: TEXTS[3]})
    index.again()
    assert (index.folder / COARSE_FILE).exists()
    index.remove([1])
    index.again()
    assert not (index.folder / COARSE_FILE).exists()
