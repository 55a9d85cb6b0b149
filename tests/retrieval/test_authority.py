"""Which ranks and places fit a question (效力位阶、地域效力)."""

from __future__ import annotations

import numpy as np
import pytest

from rag.indexes.authority import Authorities
from rag.parsing.authority import Authority, Rank
from rag.retrieval.authority import AuthorityFit
from rag.retrieval.places import Place

LAW, COURT, MINISTRY, UNTOLD = (Authority(rank) for rank in (Rank.LAW, Rank.JUDICIAL, Rank.MINISTRY, Rank.UNKNOWN))
SOMEWHERE = Authority(Rank.LOCAL)


def local(place: str) -> Authority:
    return Authority(Rank.LOCAL, place)


def fitness(documents: list[Authority], *places: Place) -> list[float]:
    fit = AuthorityFit(Authorities.of(enumerate(documents)))
    found = fit.of(np.arange(len(documents))[::-1].copy(), places)
    return found[::-1].tolist()


def place(written: str, *names: str) -> Place:
    return Place(written, names, written)


MANY = [local("杭州市"), local("浙江省"), local("济南市"), local("郑州市"), local("广东省")]


def test_without_a_place_laws_stand_first_and_texts_of_places_last() -> None:
    law, court, ministry, untold, somewhere, *others = fitness([LAW, COURT, MINISTRY, UNTOLD, SOMEWHERE, *MANY])
    assert law > court > ministry > max(others)
    assert untold == somewhere == ministry
    assert set(others) == {0.0}


def test_texts_of_one_rank_are_alike() -> None:
    assert len(set(fitness(MANY))) == 1
    assert len(set(fitness([UNTOLD, UNTOLD]))) == 1


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        (place("杭州"), [True, True, False, False, False]),
        (place("杭州市西湖区"), [True, True, False, False, False]),
        (place("浙江省"), [True, True, False, False, False]),
        (place("杭州", "浙江省杭州市"), [True, True, False, False, False]),
        (place("山东"), [False, False, True, False, False]),
        (place("拉萨"), [False] * 5),
    ],
)
def test_a_place_wants_its_own_texts_and_those_around_it(asked: Place, right: list[bool]) -> None:
    national = [LAW, COURT, MINISTRY, UNTOLD, SOMEWHERE]
    assert fitness([*national, *MANY], asked) == [1.0] * len(national) + [float(fits) for fits in right]


def test_of_several_places_each_is_wanted() -> None:
    assert fitness(MANY, place("杭州"), place("广东")) == [1.0, 1.0, 0.0, 0.0, 1.0]


def test_a_place_in_pinyin_that_no_document_comes_from_holds_nothing_back() -> None:
    assert fitness([LAW, *MANY], place("hanzhong")) == [1.0] * 6
    assert fitness(MANY, place("hangzhou", "杭州市")) == [1.0, 1.0, 0.0, 0.0, 0.0]


def test_a_city_s_own_collection_is_not_held_back() -> None:
    found = fitness([LAW, MINISTRY, local("云岫市"), local("云岫市砚溪区"), local("云岫市"), local("济南市")])
    assert found[2] == found[3] == found[4] == found[1] > found[5]
