"""Filters are empty until a condition is given, whatever its value."""

from __future__ import annotations

from dataclasses import fields

import pytest

from rag.domain.document import Kind
from rag.domain.filters import Filters


def test_no_condition_is_empty() -> None:
    assert Filters().is_empty


@pytest.mark.parametrize("name", [field.name for field in fields(Filters)])
def test_any_one_condition_is_one(name: str) -> None:
    value = {"kind": Kind.PLAN, "year_from": 0, "year_to": 0}.get(name, "")
    assert not Filters(**{name: value}).is_empty
