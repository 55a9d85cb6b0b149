"""What a page tells of itself to the site (导航): its routes, and its place in the navigation."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import APIRouter


class Entry(NamedTuple):
    """A link in the navigation.

    Attributes:
        name: Templates of the page set ``place`` to it; the label is the message ``nav.<name>``.
        path: Address, without the language.
        is_for_operators: Shown only to who may change something.
    """

    name: str
    path: str
    is_for_operators: bool = False


class Section(NamedTuple):
    """A page or several that belong together.

    Attributes:
        router: Their routes.
        entry: Their link in the navigation, ``None`` for pages that are reached from others.
    """

    router: APIRouter
    entry: Entry | None = None
