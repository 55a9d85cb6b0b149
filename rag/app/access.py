"""Who is asking (访问身份): from a request to the scope that every read then names.

No keys configured: one operator on this machine, full scope, loopback only. Keys configured: a request with a key
has full scope, one without sees public documents and changes nothing.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from fastapi import HTTPException, Request

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import ConfigurationError


async def request_scope(request: Request) -> Scope:
    """Return the scope of a request.

    A coroutine, as ``operator_scope`` is, so that it runs where it is asked for: a plain function would be sent to
    a thread and back.

    Raises:
        HTTPException: 401, the key given is not one of ours.
    """
    engine: Engine = request.app.state.engine
    keys = engine.settings.api_keys
    if not keys:
        return engine.operator_scope
    given = _key(request)
    if given is None:
        return Scope.public()
    # Every key is compared, so that the time taken tells nothing. Header values come decoded as Latin-1.
    if sum(hmac.compare_digest(given.encode("latin-1"), key.encode()) for key in keys):
        return engine.operator_scope
    raise HTTPException(401, "unknown key", headers={"WWW-Authenticate": "Bearer"})


async def operator_scope(request: Request) -> Scope:
    """Return full scope, for what an operator alone may do.

    Raises:
        HTTPException: 401 without a key, or with an unknown one.
    """
    scope = await request_scope(request)
    if not scope.is_unrestricted:
        raise HTTPException(401, "this needs a key", headers={"WWW-Authenticate": "Bearer"})
    return scope


def _key(request: Request) -> str | None:
    """Return the key given, ``""`` for credentials of another kind, ``None`` for none at all."""
    authorization = request.headers.get("Authorization")
    if authorization is None:
        return request.headers.get("X-API-Key")
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


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
            remedy="set RAG_API_KEYS, or use --host 127.0.0.1",
        )
