"""A real OpenID Connect provider on this machine, small, honest and lying by turns."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key

CLIENT_ID, SECRET = "rag", "client-secret-of-the-test"
REDIRECT = "http://127.0.0.1/signin/callback"

Claims = dict[str, Any]


def key_of(kid: str) -> ECKey:
    """Make a key that signs."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def encoded(value: object) -> str:
    """Return a part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(claims: Claims) -> str:
    """Return a token of alg "none"."""
    return f"{encoded({'alg': 'none'})}.{encoded(claims)}."


def signed_with_public_key(claims: Claims, key: Key) -> str:
    """Return a token whose MAC is made with what everybody knows (key confusion)."""
    signed = f"{encoded({'alg': 'HS256', 'kid': key.kid})}.{encoded(claims)}"
    mac = hmac.new(key.as_pem(private=False), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{encoded(mac)}"


class OpenIdProvider:
    """The provider.

    Attributes:
        person: Claims of whoever signs in next.
        key: What signs.
        published: What the JWKS holds.
        described: Alters what the provider says of itself.
        claims: Alters the claims of an ID token before it is signed.
        token: Makes an ID token of claims, ``None`` for an honest one.
        answers: By path, how a request is answered instead: status, body, and headers if any; a callable may also
            wait. A body of several pieces comes one every twentieth of a second.
        asked: Paths asked for, in order.
    """

    def __init__(self, host: str = "127.0.0.1", redirect: str = REDIRECT, tls: ssl.SSLContext | None = None) -> None:
        self.redirect = redirect
        self.person: Claims = {"sub": "u-1", "preferred_username": "zhang.san", "groups": ["卫健科"]}
        self.key: Key = key_of("first")
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.described: Callable[[dict[str, Any]], dict[str, Any]] = lambda said: said
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.token: Callable[[Claims], str] | None = None
        self.answers: dict[str, Callable[[], tuple[Any, ...]]] = {}
        self.asked: list[str] = []
        self.issued: list[str] = []
        """Codes and tokens that nobody may log."""
        self.ended = threading.Event()
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({})

            def do_POST(self) -> None:
                self._answer(dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())))

            def _answer(self, form: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                provider.asked.append(path)
                if path == "/authorize":  # a real browser
                    self.send_response(302)
                    brought = provider.authorize(provider.issuer + self.path)
                    self.send_header("Location", f"{provider.redirect}?{urlencode(brought)}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                told = provider.answers.get(path)
                answer = told() if told else provider.answer(path, form, self.headers.get("Authorization", ""))
                pieces = [answer[1]] if isinstance(answer[1], bytes) else answer[1]
                headers = {"Content-Type": "application/json", "Content-Length": str(sum(map(len, pieces)))}
                try:
                    self.send_response(answer[0])
                    for name, value in (headers | (answer[2] if len(answer) > 2 else {})).items():
                        self.send_header(name, value)
                    self.end_headers()
                    for number, piece in enumerate(pieces):
                        if number and provider.ended.wait(0.05):
                            break
                        self.wfile.write(piece)
                except OSError:  # who asked has gone
                    pass

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.issuer = f"{'https' if tls else 'http'}://{host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # ------------------------------------------------------------------------------------ protocol

    def authorize(self, url: str) -> dict[str, str]:
        """Do what the provider's own pages do once somebody has signed in; return what the browser brings back."""
        parts = urlsplit(url)
        assert url.startswith(f"{self.issuer}/authorize?")
        asked = dict(parse_qsl(parts.query))
        assert asked["response_type"] == "code"
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, self.redirect)
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(24)
        self._codes[code] = asked
        self.issued.append(code)
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def back_to(self, brought: dict[str, str]) -> str:
        """Return the path that the browser comes back to."""
        return f"{urlsplit(self.redirect).path}?{urlencode(brought)}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        if path == "/.well-known/openid-configuration":
            return _json(
                self.described(
                    {
                        "issuer": self.issuer,
                        "authorization_endpoint": f"{self.issuer}/authorize",
                        "token_endpoint": f"{self.issuer}/token",
                        "jwks_uri": f"{self.issuer}/jwks",
                        "response_types_supported": ["code"],
                        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
                    }
                )
            )
        if path == "/jwks":
            return _json({"keys": self.published})
        return self._token(form, authorization) if path == "/token" else (404, b"{}")

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        if authorization != "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode():
            return _json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)  # once
        if asked is None or form.get("grant_type") != "authorization_code" or form.get("redirect_uri") != self.redirect:
            return _json({"error": "invalid_grant"}, 400)
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if challenge != asked["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        access_token = secrets.token_urlsafe(24)
        now = int(time.time())
        claims = self.claims(
            {
                "iss": self.issuer,
                "aud": CLIENT_ID,
                "exp": now + 300,
                "iat": now,
                "nonce": asked["nonce"],
                "at_hash": encoded(hashlib.sha256(access_token.encode()).digest()[:16]),
                **self.person,
            }
        )
        token = self.token(claims) if self.token else self.signed(claims)
        self.issued += [access_token, token]
        return _json({"access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def signed(self, claims: Claims) -> str:
        """Return an honest ID token."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key = key_of("second")
        self.published = [self.key.as_dict(private=False)]


def _json(value: object, status: int = 200) -> tuple[int, bytes]:
    return status, json.dumps(value).encode()
