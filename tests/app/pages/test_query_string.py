"""What the query string of a page asks for: empty values are none, wrong ones are named, and a list has a page at least."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from rag.app.pages.query_string import given_in, pages_of, query_of
from rag.app.requests import CommitmentsQuery, PrecedentsQuery
from rag.errors import InvalidRequest


def test_what_is_given_is_trimmed_and_empty_values_are_left_out():
    request = Request({"type": "http", "query_string": b"q=+%E6%89%98%E8%82%B2+&place=&kind=++&page=2&year_from=2024"})
    assert given_in(request, beside=("page",)) == {"q": "托育", "year_from": "2024"}


def test_a_query_is_read():
    assert query_of(CommitmentsQuery, {"q": "托位", "due_from": "2025-01-01"}).q == "托位"


@pytest.mark.parametrize(
    ("kind", "asked", "named"),
    [
        (CommitmentsQuery, {"due_from": "soon"}, ["due_from"]),
        (CommitmentsQuery, {"status": "lost", "x": "1"}, ["status", "x"]),
        (PrecedentsQuery, {"q": "感谢", "kind": "letter"}, ["kind"]),
    ],
)
def test_what_is_wrong_is_named(kind, asked, named):
    with pytest.raises(InvalidRequest) as caught:
        query_of(kind, asked)
    assert [fault.partition(":")[0] for fault in str(caught.value).split("; ")] == named


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (25, 1), (26, 2), (50, 2), (51, 3)])
def test_pages(total, pages):
    assert pages_of(total, 25) == pages
