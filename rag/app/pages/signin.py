"""Signing in (登录) with a key or through the OpenID Connect provider, and out: for a browser, which sends no key of its own."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from rag.app.access import files_hidden, session_of
from rag.app.oidc import signing_in
from rag.app.oidc.signing_in import OpenIdSignIn, Way
from rag.app.pages.navigation import Section
from rag.app.pages.rendering import language_of, page
from rag.app.sessions import ACCOUNT_PREFIX, COOKIE, SECONDS
from rag.app.wiring import Engine
from rag.errors import SignInFailed

_logger = logging.getLogger(__name__)

router = APIRouter(default_response_class=HTMLResponse)

SECTION = Section(router)

_KEY_CHARACTERS = 500
_BACK_CHARACTERS = 1_500  # it travels in a cookie, and those have some 4,000
_RETRY_SECONDS = 10
_STATUS = {
    "unreachable": HTTPStatus.SERVICE_UNAVAILABLE,
    "refused": HTTPStatus.BAD_GATEWAY,
    "declined": HTTPStatus.UNAUTHORIZED,
    "expired": HTTPStatus.UNAUTHORIZED,
}


@router.get("/signin")
def signin_page(request: Request, back: str = "/") -> HTMLResponse:
    """Show the form."""
    return _form(request, back=_local(back))


@router.post("/signin")
def sign_in(
    request: Request, key: Annotated[str, Form(max_length=_KEY_CHARACTERS)], back: Annotated[str, Form()] = "/"
) -> Response:
    """Begin a session with a key."""
    engine: Engine = request.app.state.engine
    with files_hidden():
        holder = engine.keys.holder_of(key.strip().encode("utf-8", "replace"))
    if holder is None or holder.key_id is None:
        return _form(request, back=_local(back), wrong="wrong", status=HTTPStatus.UNAUTHORIZED)
    request.state.principal = holder
    response = RedirectResponse(_local(back), HTTPStatus.SEE_OTHER)
    with files_hidden():
        cookie = engine.sessions.begun(holder)
    _keep(response, cookie, is_secure=engine.proxies.is_https(request))
    return response


# These two are coroutines: they wait for the provider, and take no thread meanwhile.
@router.get("/signin/begin")
async def begin(request: Request, back: str = "/") -> Response:
    """Send a browser to the provider."""
    openid = _openid(request)
    way = Way(_local(back[:_BACK_CHARACTERS]), language_of(request).value)
    try:
        with files_hidden():
            begun = await openid.begin(way)
    except SignInFailed as error:
        return _failed(request, error, way)
    response = RedirectResponse(begun.url, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        signing_in.COOKIE,
        begun.cookie,
        max_age=signing_in.SECONDS,
        path="/signin",
        httponly=True,
        samesite="lax",
        secure=openid.is_secure,
    )
    return response


@router.get("/signin/callback")
async def finish(request: Request) -> Response:
    """Begin a session for whom the provider has signed in."""
    engine: Engine = request.app.state.engine
    openid = _openid(request)
    cookie = request.cookies.get(signing_in.COOKIE)
    way = openid.way(cookie) or Way("/", language_of(request).value)
    request.state.lang = way.lang
    response: Response
    try:
        with files_hidden():
            account, principal = await openid.finish(cookie, dict(request.query_params))
            session = engine.sessions.begun(principal, account)
    except SignInFailed as error:
        response = _failed(request, error, way)
    else:
        request.state.principal = principal
        if account.grant is None:
            name = principal.name.removeprefix(ACCOUNT_PREFIX)
            response = page(request, "signin.html", back=_local(way.back), ungranted=name)
        else:
            response = RedirectResponse(_local(way.back), HTTPStatus.SEE_OTHER)
        _keep(response, session, is_secure=openid.is_secure)
    response.delete_cookie(signing_in.COOKIE, path="/signin", httponly=True, samesite="lax")
    return response


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """End the session of this browser; those of an account, of which a copy may be elsewhere, in every browser."""
    engine: Engine = request.app.state.engine
    session = session_of(request)
    if session is not None and session.account is not None:
        with files_hidden():
            engine.sessions.ended.end(session.holder_id)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


def _openid(request: Request) -> OpenIdSignIn:
    engine: Engine = request.app.state.engine
    if engine.openid is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return engine.openid


def _failed(request: Request, error: SignInFailed, way: Way) -> Response:
    _logger.warning("%s", error)
    response = _form(request, back=_local(way.back), wrong=error.reason, status=_STATUS[error.reason])
    if error.reason == "unreachable":
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _form(request: Request, *, back: str, wrong: str | None = None, status: int = HTTPStatus.OK) -> HTMLResponse:
    """Return the page; ``wrong`` is the end of the name of the message that says why nobody is signed in."""
    engine: Engine = request.app.state.engine
    has_provider = engine.openid is not None
    return page(
        request, "signin.html", status=status, back=back, wrong=wrong, has_provider=has_provider, ungranted=None
    )


def _keep(response: Response, cookie: str, *, is_secure: bool) -> None:
    response.set_cookie(COOKIE, cookie, max_age=SECONDS, path="/", httponly=True, samesite="lax", secure=is_secure)


def _local(address: str) -> str:
    """Return where to go on: a page of this site and no other."""
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_local and "\\" not in address else "/"
