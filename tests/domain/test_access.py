"""Who may read what: a scope admits the labels it names and nothing else."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from rag.domain.access import Disclosure, Principal, Role, Scope

EVERY_SCOPE = [
    Scope(frozenset(labels))
    for labels in chain.from_iterable(combinations(Disclosure, size) for size in range(len(Disclosure) + 1))
]


def test_only_the_full_scope_is_unrestricted() -> None:
    assert [scope for scope in EVERY_SCOPE if scope.is_unrestricted] == [Scope.everything()]


def test_without_a_key_only_what_is_labelled_public_is_seen() -> None:
    assert Scope.public().disclosures == {Disclosure.PUBLIC}


def test_personal_data_is_masked_for_every_scope_that_does_not_ask_for_it():
    assert not any(scope.personal_data for scope in (*EVERY_SCOPE, Scope.everything(), Scope.public()))
    assert Scope.everything(personal_data=True).is_unrestricted


@pytest.mark.parametrize(
    ("given", "held"), [(None, None), ((), frozenset()), (["广汉市", "宜昌市"], frozenset({"广汉市", "宜昌市"}))]
)
def test_what_a_role_is_limited_to_is_kept_as_given(given, held):
    scope = Principal.of_role("甲", Role.ADMIN, places=given, collections=given, personal_data=True).scope
    assert (scope.places, scope.collections) == (held, held)
    assert scope.is_unrestricted == scope.personal_data == (given is None)
