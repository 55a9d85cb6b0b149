"""Who is asking (访问身份): from a request to the scope that every read then names.

No keys at all: one operator on this machine, full scope, loopback only. Keys: a request with one sees what its role and
its limits allow, a request without one sees public documents, and only who sees everything may change anything.
"""

from __future__ import annotations

from ipaddress import ip_address

from fastapi import HTTPException, Request

from rag.app.wiring import Engine
from rag.domain.access import ANONYMOUS, Principal, Scope
from rag.errors import ConfigurationError

OPERATOR = "operator"
"""Name of the local operator, where there are no keys."""


async def request_principal(request: Request) -> Principal:
    """Return who makes a request.

    A coroutine, as the two below are, so that it runs where it is asked for: a plain function would be sent to
    a thread and back.

    Raises:
        HTTPException: 401, the key given is not one of ours, or not valid any more.
        ConfigurationError: The keys cannot be read.
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        principal = request.state.principal = _identified(request)
    return principal


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
        return ANONYMOUS
    # Header values come decoded as Latin-1.
    holder = engine.keys.holder_of(given.encode("latin-1"))
    if holder is None:
        raise HTTPException(401, "unknown key", headers={"WWW-Authenticate": "Bearer"})
    return holder


def _key(request: Request) -> str | None:
    """Return the key given, ``""`` for credentials of another kind, ``None`` for none at all."""
    authorization = request.headers.get("Authorization")
    if authorization is None:
        return request.headers.get("X-API-Key")
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def client_address(request: Request) -> str:
    """Return where a request comes from, ``""`` where nobody knows."""
    return request.client.host if request.client else ""


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
