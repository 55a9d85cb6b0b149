"""What the query string of a page asks for (地址参数), checked as the API checks it, and how many pages a list has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from rag.errors import InvalidRequest

_Query = TypeVar("_Query", bound=BaseModel)


def given_in(request: Request, *, beside: Collection[str]) -> dict[str, str]:
    """Return what an address says, without empty values and the parameters named ``beside``."""
    return {name: value.strip() for name, value in request.query_params.items() if name not in beside and value.strip()}


def query_of(kind: type[_Query], asked: Mapping[str, object]) -> _Query:
    """Return the query that parameters make.

    Raises:
        InvalidRequest: One of them is none, or wrong; the message names each.
    """
    try:
        return kind.model_validate(asked)
    except ValidationError as error:
        wrong = (": ".join([*map(str, fault["loc"][:1]), fault["msg"]]) for fault in error.errors())
        raise InvalidRequest("; ".join(wrong)) from error


def pages_of(total: int, a_page: int) -> int:
    """Return how many pages a list of ``total`` rows has, at least one."""
    return max(1, -(-total // a_page))
