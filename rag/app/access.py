"""Who is asking (访问身份): from a request to the scope that every read then names.

No keys at all: one operator on this machine, full scope, loopback only. Keys: a request with one sees what its role and
its limits allow, a request without one sees public documents, and only who sees everything may change anything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from rag.app.request_kinds import READING_METHODS
from rag.app.sessions import ACCOUNT_PREFIX, COOKIE, Session
from rag.app.wiring import Engine
from rag.domain.access import ANONYMOUS, Principal, Scope
from rag.errors import ConfigurationError

_logger = logging.getLogger(__name__)

OPERATOR = "operator"
"""Name of the local operator, where there are no keys."""


async def request_principal(request: Request) -> Principal:
    """Return who makes a request.

    A coroutine, as the two below are, so that it runs where it is asked for: a plain function would be sent to
    a thread and back.

    Raises:
        HTTPException: 401, the key given is not one of ours, or not valid any more; 500, see ``files_hidden``.
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        with files_hidden():
            principal = request.state.principal = _identified(request)
    return principal


@contextmanager
def files_hidden() -> Iterator[None]:
    """Tell the log, and not whoever asks, which file of keys, sessions or grants cannot be used.

    Raises:
        HTTPException: 500, one cannot: nobody knows who may see what.
    """
    try:
        yield
    except ConfigurationError as error:
        _logger.error("%s", error)
        raise HTTPException(500, "the server's keys or sessions cannot be read; its log says more") from error


async def request_scope(request: Request) -> Scope:
    """Return the scope of a request.

    Raises:
        HTTPException: 401, the key given is not one of ours, or not valid any more.
    """
    return (await request_principal(request)).scope


async def operator_scope(request: Request) -> Scope:
    """Return full scope, for what an operator alone may do.

    Raises:
        HTTPException: 401 without a key, or with an unknown one; 403 with one that does not see everything.
    """
    principal = await request_principal(request)
    if principal.may_change:
        return principal.scope
    if principal.is_anonymous:
        raise HTTPException(401, "this needs a key", headers={"WWW-Authenticate": "Bearer"})
    raise HTTPException(403, "this needs an administrator's key without limits")


def _identified(request: Request) -> Principal:
    engine: Engine = request.app.state.engine
    if not engine.keys.are_any:
        return Principal(OPERATOR, engine.operator_scope)
    given = _key(request)
    if given is None:
        return engine.proxies.signed_in(request) or _of_session(request, engine) or ANONYMOUS
    # Header values come decoded as Latin-1.
    holder = engine.keys.holder_of(given.encode("latin-1"))
    if holder is None:
        raise HTTPException(401, "unknown key", headers={"WWW-Authenticate": "Bearer"})
    return holder


def _of_session(request: Request, engine: Engine) -> Principal | None:
    """Return who signed in with this browser, ``None`` when nobody did, or the key is not valid any more.

    Raises:
        HTTPException: 403, it would change something, and nothing says that a page of this site sends it. A browser
            sends its cookies for pages of other sites too; see also ``rag.app.guard``.
    """
    cookie = request.cookies.get(COOKIE)
    session = engine.sessions.read(cookie) if cookie else None
    holder = _holder_of(session, engine) if session else None
    if session is None or holder is None or not engine.sessions.goes_on(session, holder):
        return None
    if request.method not in READING_METHODS and "Sec-Fetch-Site" not in request.headers:
        origin = request.headers.get("Origin", "")
        if urlsplit(origin).netloc != request.headers.get("Host"):
            raise HTTPException(403, "a page of another site may not change anything here")
    request.state.session = session
    return holder


def _holder_of(session: Session, engine: Engine) -> Principal | None:
    if session.account is None:
        return engine.keys.holder_of_id(session.holder_id)
    return engine.openid.principal_of(session.account) if engine.openid is not None else None


def session_of(request: Request) -> Session | None:
    """Return the session that a request is part of, ``None`` when nobody signed in with this browser."""
    session: Session | None = getattr(request.state, "session", None)
    return session


def session_name(request: Request) -> str | None:
    """Return the name of who signed in with this browser, for pages to show."""
    if session_of(request) is None:
        return None
    principal: Principal = request.state.principal
    return principal.name.removeprefix(ACCOUNT_PREFIX)


def is_anonymous(request: Request) -> bool:
    """Tell whether nobody knows who asks."""
    principal: Principal | None = getattr(request.state, "principal", None)
    return principal is not None and principal.is_anonymous


def _key(request: Request) -> str | None:
    """Return the key given, ``""`` for credentials of another kind, ``None`` for none at all."""
    authorization = request.headers.get("Authorization")
    if authorization is None:
        return request.headers.get("X-API-Key")
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def client_address(request: Request) -> str:
    """Return where a request comes from, ``""`` where nobody knows; see ``Proxies.client_address``."""
    engine: Engine = request.app.state.engine
    return engine.proxies.client_address(request)


def check_binding(host: str, *, has_keys: bool) -> None:
    """Refuse to listen beyond this machine without keys.

    Raises:
        ConfigurationError: ``host`` is not a loopback address and no key is configured.
    """
    try:
        is_loopback = ip_address(host).is_loopback
    except ValueError:
        is_loopback = host == "localhost"
    if not is_loopback and not has_keys:
        raise ConfigurationError(
            f"{host}: without keys the server listens on this machine only",
            remedy="make a key with rag key create or set RAG_API_KEYS, or use --host 127.0.0.1",
        )
