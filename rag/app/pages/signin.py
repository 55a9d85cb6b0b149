"""Signing in (登录) with a key, and out: for a browser, which sends no key of its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from rag.app.pages.navigation import Section
from rag.app.pages.rendering import page
from rag.app.sessions import COOKIE, SECONDS
from rag.app.wiring import Engine

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router)

_KEY_CHARACTERS = 500


@router.get("/signin")
def signin_page(request: Request, back: str = "/") -> HTMLResponse:
    """Show the form."""
    return page(request, "signin.html", back=_local(back), is_wrong=False)


@router.post("/signin")
def sign_in(
    request: Request, key: Annotated[str, Form(max_length=_KEY_CHARACTERS)], back: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session with a key."""
    engine: Engine = request.app.state.engine
    holder = engine.keys.holder_of(key.strip().encode("utf-8", "replace"))
    if holder is None or holder.key_id is None:
        return page(request, "signin.html", status=HTTPStatus.UNAUTHORIZED, back=_local(back), is_wrong=True)
    request.state.principal = holder
    response = RedirectResponse(_local(back), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE,
        engine.sessions.made(holder.key_id),
        max_age=SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=engine.proxies.is_https(request),
    )
    return response


@router.post("/signout")
def sign_out() -> Response:
    """End the session of this browser."""
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _local(address: str) -> str:
    """Return where to go on: a page of this site and no other."""
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_local and "\\" not in address else "/"
