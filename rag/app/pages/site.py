"""The site (网站): all pages together, with their navigation, errors and headers."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from rag.app.pages import (
    admin,
    ask,
    commitments,
    document,
    documents,
    duties,
    errors,
    page_views,
    precedents,
    signin,
    source,
)
from rag.app.pages.navigation import Section
from rag.app.pages.rendering import FOLDER, environment
from rag.app.runs import Runs

SECTIONS: tuple[Section, ...] = (
    ask.SECTION,
    source.SECTION,
    precedents.SECTION,
    duties.SECTION,
    commitments.SECTION,
    documents.SECTION,
    document.SECTION,
    page_views.SECTION,
    admin.SECTION,
    signin.SECTION,
)
"""In the order of the navigation: 问答, 先例, 职责, 承诺, 文件库, 管理. A new page adds itself here."""


def install(app: FastAPI) -> None:
    """Add the pages, and show errors on them as pages.

    To be called after the handlers of errors are in place.
    """
    app.state.templates = environment()
    app.state.runs = Runs()
    app.state.navigation = tuple(section.entry for section in SECTIONS if section.entry is not None)
    for section in SECTIONS:
        app.include_router(section.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    errors.install(app)
