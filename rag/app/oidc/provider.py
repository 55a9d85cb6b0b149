"""The provider (身份提供方): one OpenID Connect server, and everything that it may get wrong.

Imported only where one is set: the libraries under it take a quarter of a second to load.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import time
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, NamedTuple

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import SignInFailed

_logger = logging.getLogger(__name__)

LEEWAY_SECONDS = 60
"""How far the provider's clock may be from ours."""

KEPT_SECONDS = 3_600.0
"""How long its description and its keys are kept."""

REFRESH_SECONDS = 60.0
"""How often at most its keys are fetched before that, for a token that names one we do not have (key rotation)."""

# Public keys alone: what the provider publishes must not be of use to forge (RFC 8725, 3.1).
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
_RSA_BITS, _RSA_CHARACTERS = 2048, 342  # RFC 7518, 3.3; in base64url
_MOST_KEYS = 100
_MOST_BYTES = 1 << 20
_CONNECT_SECONDS = 5.0
_DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, 4
# What the libraries raise on JSON of the wrong shape, or nested too deep.
_WORD = re.compile("[a-z_]{0,40}")
_GARBLED = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Client:
    """What this program is to the provider, as registered there.

    Attributes:
        issuer: The provider, as it names itself.
        secret: ``None`` for a public client, which PKCE alone protects.
        redirect_uri: Where it sends browsers back to.
        scopes: What is asked for, beside ``openid``.
        seconds: Longest time that a sign-in waits for it, altogether.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("profile",)
    seconds: float = 10.0


class _Described(BaseModel):
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3; RFC 9207, 3)."""

    model_config = ConfigDict(strict=True, frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


_Words = Annotated[str, Field(min_length=1, max_length=255)]


class _Claims(BaseModel):
    """The claims of an ID token that we go by (OpenID Connect Core 1.0, 2); the library checks what they say."""

    model_config = ConfigDict(strict=True, extra="allow")

    iss: str
    sub: _Words
    aud: str | list[str]
    exp: int | float
    iat: int | float
    nonce: str
    azp: str | None = None
    at_hash: str | None = None


class _Kept(NamedTuple):
    described: _Described
    at: float


class _KeptKeys(NamedTuple):
    keys: KeySet
    at: float


class Provider:
    """One provider. Nothing is asked of it before somebody signs in."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Make what speaks with a provider.

        Args:
            client: What we are to it.
            clock: Seconds, from any beginning.
        """
        self._client = client
        self._clock = clock
        self._origin = _origin_of(client.issuer)
        self._kept: _Kept | None = None
        self._keys: _KeptKeys | None = None
        self._refreshed_at = float("-inf")

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser is sent to sign in.

        Args:
            state: Comes back with the browser; bound to it by a cookie.
            nonce: Comes back in the ID token.
            verifier: Whose hash goes along, so that only its holder can use the code (PKCE, S256).

        Raises:
            SignInFailed: The provider cannot be reached, or describes itself in a way that is not believed.
        """
        async with self._speaking() as http:
            described = await self._described(http)
            url, _ = http.create_authorization_url(
                described.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
            return str(url)

    async def identified(self, *, code: str, issuer: str | None, nonce: str, verifier: str) -> Mapping[str, Any]:
        """Return the claims of whom a code stands for, verified.

        Args:
            code: As the browser brought it.
            issuer: Who gave it, as the browser brought it; ``None`` where it says nothing (RFC 9207).
            nonce: That this sign-in began with.
            verifier: Likewise.

        Raises:
            SignInFailed: The provider cannot be reached, or what it says is not believed.
        """
        async with self._speaking() as http:
            described = await self._described(http)
            if issuer != self._client.issuer and (
                issuer is not None or described.authorization_response_iss_parameter_supported
            ):
                raise _lying("the code is of another issuer")
            method = _method_of(described, has_secret=self._client.secret is not None)
            http.token_endpoint_auth_method = method
            try:
                given = await http.fetch_token(described.token_endpoint, code=code, code_verifier=verifier)
                token, access_token = given["id_token"], given.get("access_token")
            except httpx2.HTTPStatusError as error:
                raise _failing(f"its token endpoint answers {error.response.status_code}") from None
            except AuthlibBaseError as error:
                raise _lying(f"it takes no code: {_word(error.error)}") from None
            except _GARBLED:
                raise _lying("its token endpoint sends what is no ID token") from None
            if not isinstance(token, str):
                raise _lying("its token endpoint sends what is no ID token")
            decoded = await self._decoded(http, described, token)
        return self._checked(decoded, nonce=nonce, access_token=access_token)

    # ------------------------------------------------------------------------------- what it signs

    async def _decoded(self, http: AsyncOAuth2Client, described: _Described, token: str) -> jwt.Token:
        try:
            return _verified(token, await self._current_keys(http, described))
        except InvalidKeyIdError:
            if self._clock() - self._refreshed_at < REFRESH_SECONDS:
                raise _lying("its ID token names a key that it does not publish") from None
        self._refreshed_at = self._clock()
        self._keys = None
        try:
            return _verified(token, await self._current_keys(http, described))
        except InvalidKeyIdError:
            raise _lying("its ID token names a key that it does not publish") from None

    def _checked(self, decoded: jwt.Token, *, nonce: str, access_token: object) -> Mapping[str, Any]:
        try:
            claims = _Claims.model_validate(decoded.claims).model_dump(exclude_none=True)
            CodeIDToken(
                claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._client.issuer},
                    "aud": {"essential": True, "value": self._client.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self._client.client_id,
                    "access_token": access_token if isinstance(access_token, str) else None,
                },
            ).validate(now=int(time.time()), leeway=LEEWAY_SECONDS)
        except ValidationError as error:
            raise _lying(f"its ID token's {error.errors()[0]['loc'][0]} is missing or of the wrong kind") from None
        except JoseError as error:
            raise _lying(
                f"its ID token is refused: {_word(error.error)} {_word(getattr(error, 'claim', ''))}"
            ) from None
        except _GARBLED:
            raise _lying("its ID token cannot be read") from None
        return claims

    async def _current_keys(self, http: AsyncOAuth2Client, described: _Described) -> KeySet:
        kept = self._keys
        if kept is None or self._clock() - kept.at > KEPT_SECONDS:
            keys = _keys_of(await _json(http, described.jwks_uri))
            kept = self._keys = _KeptKeys(keys, self._clock())
        return kept.keys

    # --------------------------------------------------------------------------- what it is asked

    async def _described(self, http: AsyncOAuth2Client) -> _Described:
        kept = self._kept
        if kept is not None and self._clock() - kept.at <= KEPT_SECONDS:
            return kept.described
        found = await _json(http, self._client.issuer.rstrip("/") + _DISCOVERY)
        try:
            described = _Described.model_validate(found)
        except ValidationError:
            raise _lying("its description lacks what is needed") from None
        if described.issuer != self._client.issuer:
            raise _lying("its description is of another issuer")
        for address in (described.authorization_endpoint, described.token_endpoint, described.jwks_uri):
            if _origin_of(address) != self._origin:
                raise _lying("its description names another server")
        self._kept = _Kept(described, self._clock())
        return described

    @asynccontextmanager
    async def _speaking(self) -> AsyncIterator[AsyncOAuth2Client]:
        client = self._client
        try:
            async with (
                asyncio.timeout(client.seconds),
                AsyncOAuth2Client(
                    client.client_id,
                    client.secret,
                    redirect_uri=client.redirect_uri,
                    scope=" ".join(("openid", *client.scopes)),
                    code_challenge_method="S256",
                    grant_type="authorization_code",
                    # A redirection, or a proxy of the environment, would be a server that nobody named.
                    follow_redirects=False,
                    trust_env=False,
                    transport=_Bounded(verify=_tls()),
                    timeout=httpx2.Timeout(client.seconds, connect=_CONNECT_SECONDS),
                    headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                ) as http,
            ):
                yield http
        except (TimeoutError, httpx2.TimeoutException):
            raise _failing(f"it does not answer within {client.seconds:g} seconds") from None
        except httpx2.HTTPError as error:
            raise _failing(f"it cannot be reached ({type(error).__name__})") from None


class _Bounded(httpx2.AsyncHTTPTransport):
    """Connections over which no answer comes that would fill the memory."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.RemoteProtocolError("compressed, which was not asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        async for part in self._stream:
            received += len(part)
            if received > _MOST_BYTES:
                raise httpx2.RemoteProtocolError("too large")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """Return what checks certificates, by the system's list, or ``SSL_CERT_FILE``; reading that takes a while."""
    return httpx2.create_ssl_context()


async def _json(http: AsyncOAuth2Client, address: str) -> object:
    response = await http.request("GET", address, withhold_token=True)
    if response.status_code != httpx2.codes.OK:
        raise _failing(f"{response.request.url.path} answers {response.status_code}")
    try:
        found: object = response.json()
    except _GARBLED:
        raise _lying(f"{response.request.url.path} is no JSON") from None
    return found


def _verified(token: str, keys: KeySet) -> jwt.Token:
    """Return a token whose signature is right.

    Raises:
        InvalidKeyIdError: It names a key that is not among these.
        SignInFailed: Its signature is wrong, or of a kind that is not believed.
    """
    try:
        with warnings.catch_warnings():
            # Of the name EdDSA, which RFC 9864 replaces by Ed25519, and providers still use.
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.decode(token, keys, registry=JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False))
    except InvalidKeyIdError:
        raise
    except JoseError as error:
        raise _lying(f"its ID token is refused: {_word(error.error)}") from None
    except _GARBLED:
        raise _lying("its ID token cannot be read") from None


def _keys_of(published: object) -> KeySet:
    """Return the keys that may sign; one that cannot be read costs no other (RFC 7517, 5)."""
    listed = published.get("keys") if isinstance(published, dict) else None
    keys: list[Key] = []
    for entry in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(entry, dict) or entry.get("kty") not in _KEY_TYPES or entry.get("use", "sig") != "sig":
            continue
        if entry["kty"] == "RSA" and len(str(entry.get("n"))) < _RSA_CHARACTERS:
            continue  # the library would only warn
        try:
            key = JWKRegistry.import_key(entry)
            if not isinstance(key, RSAKey) or key.public_key.key_size >= _RSA_BITS:
                keys.append(key)
        except (JoseError, UnsupportedAlgorithm, *_GARBLED):
            _logger.warning("OpenID Connect: a key of the provider cannot be read")
    if not keys:
        raise _lying("it publishes no key to check its signatures with")
    return KeySet(keys)


def _method_of(described: _Described, *, has_secret: bool) -> str:
    """Return how we prove to the token endpoint who we are."""
    if not has_secret:
        return "none"
    for method in ("client_secret_basic", "client_secret_post"):
        if method in described.token_endpoint_auth_methods_supported:
            return method
    raise _lying("it takes no client secret, but RAG_OIDC_CLIENT_SECRET is set")


def _origin_of(address: str) -> tuple[str, str, int | None]:
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, *_GARBLED):
        raise _lying("its description names an address that is none") from None
    if not url.host or url.userinfo:
        raise _lying("its description names an address that is none")
    return url.scheme, url.host, url.port


def _word(said: object) -> str:
    """Return a word of the protocol (RFC 6749, 5.2) or the library; all else may be a secret, and no log may hold it."""
    return str(said) if _WORD.fullmatch(str(said)) else "an error of its own"


def _failing(reason: str) -> SignInFailed:
    return SignInFailed(f"OpenID Connect: {reason}", reason="unreachable")


def _lying(reason: str) -> SignInFailed:
    return SignInFailed(f"OpenID Connect: {reason}", reason="refused")
