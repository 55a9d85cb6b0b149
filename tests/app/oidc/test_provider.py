"""What a provider says is believed only where it stands up to every check."""

from __future__ import annotations

import asyncio
import gzip
import json
import ssl
import time
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws, jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from rag.app.oidc import provider
from rag.app.oidc.provider import KEPT_SECONDS, LEEWAY_SECONDS, REFRESH_SECONDS, Client, Provider
from rag.errors import SignInFailed

from .openid_provider import (
    CLIENT_ID,
    REDIRECT,
    SECRET,
    OpenIdProvider,
    encoded,
    key_of,
    signed_with_public_key,
    unsigned,
)


@pytest.fixture
def server():
    with OpenIdProvider() as running:
        yield running


class Ours:
    """Our side, with a clock of its own."""

    def __init__(self, server: OpenIdProvider, **options: object) -> None:
        self.server = server
        self.seconds = 0.0
        client = {"issuer": server.issuer, "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "secret": SECRET}
        self.provider = Provider(Client(**{**client, **options}), clock=lambda: self.seconds)

    def sign_in(self, **changed: str | None) -> dict[str, object]:
        """Sign in; what the browser brings may be changed on the way."""
        given = {"nonce": "nonce-1", "verifier": "v" * 43}

        async def whole() -> dict[str, object]:
            url = await self.provider.authorization_url(state="state-1", **given)
            brought = self.server.authorize(url)
            sent = {"code": brought["code"], "issuer": brought["iss"], **given, **changed}
            return dict(await self.provider.identified(**sent))

        return asyncio.run(whole())

    def refusal(self, **changed: str | None) -> SignInFailed:
        with pytest.raises(SignInFailed) as caught:
            self.sign_in(**changed)
        return caught.value


@pytest.fixture
def ours(server):
    return Ours(server)


def test_an_honest_provider_is_believed(server, ours):
    claims = ours.sign_in()
    assert (claims["sub"], claims["preferred_username"], claims["groups"]) == ("u-1", "zhang.san", ["卫健科"])


def test_description_and_keys_are_kept_for_an_hour_and_nobody_else_is_asked(server, ours):
    assert server.asked == []  # nothing before somebody signs in
    for _ in range(3):
        ours.sign_in()
    assert server.asked == ["/.well-known/openid-configuration", "/token", "/jwks", "/token", "/token"]
    ours.seconds += KEPT_SECONDS + 1
    ours.sign_in()
    assert server.asked[5:] == ["/.well-known/openid-configuration", "/token", "/jwks"]


NOW = int(time.time())
OTHER_KEY = key_of("first")  # the name of the real one

LIES = [
    ("nonce", {"nonce": "another"}, "nonce"),
    ("no nonce", {"nonce": None}, "nonce"),
    ("other audience", {"aud": "elsewhere"}, "aud"),
    ("other audience beside the right party", {"aud": "elsewhere", "azp": CLIENT_ID}, "aud"),
    ("many audiences, no party", {"aud": [CLIENT_ID, "elsewhere"]}, "azp"),
    ("other party", {"azp": "elsewhere"}, "azp"),
    ("no audience", {"aud": None}, "aud"),
    ("empty audience", {"aud": []}, "aud"),
    ("other issuer", {"iss": "https://evil.example"}, "iss"),
    ("no issuer", {"iss": None}, "iss"),
    ("expired", {"exp": NOW - LEEWAY_SECONDS - 5}, "exp"),
    ("never expires", {"exp": None}, "exp"),
    ("expires in words", {"exp": "tomorrow"}, "exp"),
    ("expires at no number", {"exp": float("nan")}, "exp"),
    ("issued in the future", {"iat": NOW + 3_600}, "iat"),
    ("not valid yet", {"nbf": NOW + 3_600}, "nbf"),
    ("no subject", {"sub": None}, "sub"),
    ("empty subject", {"sub": ""}, "sub"),
    ("subject a number", {"sub": 1}, "sub"),
    ("of another access token", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    ("hash of an odd kind", {"at_hash": 7}, "at_hash"),
]


@pytest.mark.parametrize(("changed", "named"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_token_with_wrong_claims_signs_nobody_in(server, ours, changed, named):
    server.claims = lambda claims: {n: v for n, v in (claims | changed).items() if v is not None}
    error = ours.refusal()
    assert error.reason == "refused"
    assert named in str(error)
    server.claims = lambda claims: claims
    assert ours.sign_in()["sub"] == "u-1"  # the lie was all that was wrong


@pytest.mark.parametrize("offset", [-LEEWAY_SECONDS + 20, 1])
def test_clocks_may_differ_a_little(server, ours, offset):
    server.claims = lambda claims: claims | {"exp": int(time.time()) + offset, "iat": int(time.time()) + 20}
    assert ours.sign_in()["sub"] == "u-1"


def test_a_party_named_beside_several_audiences_is_ours(server, ours):
    server.claims = lambda claims: claims | {"aud": ["elsewhere", CLIENT_ID], "azp": CLIENT_ID}
    assert ours.sign_in()["sub"] == "u-1"


def _with_claims(token: str, claims: dict[str, object]) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded(claims)}.{signature}"


def _with_own_key(claims: dict[str, object]) -> str:
    key = key_of("first")
    signed = jwt.encode({"alg": "ES256", "kid": "first", "jwk": key.as_dict(private=False)}, claims, key)
    return str(signed)


def _signed_raw(server: OpenIdProvider, payload: bytes) -> str:
    return jws.serialize_compact({"alg": "ES256", "kid": "first"}, payload, server.key)


def _critical(server: OpenIdProvider, claims: dict[str, object]) -> str:
    _, payload, signature = server.signed(claims).split(".")
    return f"{encoded({'alg': 'ES256', 'kid': 'first', 'crit': ['x'], 'x': 1})}.{payload}.{signature}"


TOKENS = [
    ("alg none", lambda server, claims: unsigned(claims)),
    ("alg None", lambda server, claims: unsigned(claims).replace(encoded({"alg": "none"}), encoded({"alg": "None"}))),
    ("key confusion", lambda server, claims: signed_with_public_key(claims, server.key)),
    (
        "another key of that name",
        lambda server, claims: jwt.encode({"alg": "ES256", "kid": "first"}, claims, OTHER_KEY),
    ),
    ("signature cut", lambda server, claims: server.signed(claims)[:-4]),
    ("claims changed", lambda server, claims: _with_claims(server.signed(claims), claims | {"sub": "root"})),
    ("own key in the header", lambda server, claims: _with_own_key(claims)),
    ("three dots", lambda server, claims: "..."),
    ("no token", lambda server, claims: ""),
    ("a number", lambda server, claims: 7),
    ("null", lambda server, claims: None),
    ("claims a list", lambda server, claims: _signed_raw(server, b"[1]")),
    ("claims nested deep", lambda server, claims: _signed_raw(server, b"[" * 30_000 + b"]" * 30_000)),
    ("claims no JSON", lambda server, claims: _signed_raw(server, b"\xff\xfe")),
    ("encrypted", lambda server, claims: f"{encoded({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d"),
    ("huge", lambda server, claims: server.signed(claims | {"x": "x" * 200_000})),
    ("unknown critical header", _critical),
]


@pytest.mark.parametrize("made", [token[1] for token in TOKENS], ids=[token[0] for token in TOKENS])
def test_a_token_that_is_not_soundly_signed_signs_nobody_in(server, ours, made):
    server.token = lambda claims: made(server, claims)
    assert ours.refusal().reason == "refused"


@pytest.mark.parametrize(
    "made", [unsigned, lambda claims: signed_with_public_key(claims, OTHER_KEY)], ids=["none", "HS256"]
)
def test_some_algorithms_are_not_even_tried(server, ours, made):
    """Whatever the provider says it supports, and whatever the library under us would do with them."""
    server.token = made
    assert "unsupported_algorithm" in str(ours.refusal())


def test_a_key_that_is_rotated_is_fetched_and_one_that_is_not_published_is_refused(server, ours):
    ours.sign_in()
    server.rotate()
    assert ours.sign_in()["sub"] == "u-1"
    assert server.asked.count("/jwks") == 2
    server.key = key_of("third")  # which it keeps to itself
    assert "does not publish" in str(ours.refusal())
    assert server.asked.count("/jwks") == 2  # not again within a minute
    ours.seconds += REFRESH_SECONDS + 1
    assert "does not publish" in str(ours.refusal())
    assert server.asked.count("/jwks") == 3


def test_of_the_keys_only_public_ones_of_some_length_count(server, ours):
    short = {"kty": "RSA", "kid": "first", "e": "AQAB", "n": encoded(b"\xff" * 128)}
    for published in (
        [],
        [{"kty": "oct", "k": encoded(b"x" * 32), "kid": "first"}],
        [server.key.as_dict(private=False) | {"use": "enc"}],
        [short],
        [{"kty": "EC", "kid": "first"}, 7, None, "x", {"kty": "EC", "crv": "P-0", "x": "AA", "y": "AA"}],
    ):
        server.published = published
        assert "publishes no key" in str(Ours(server).refusal()), published
    server.published = [{"kty": "EC", "kid": "odd"}, {"kty": "new"}, server.key.as_dict(private=False)]
    assert ours.sign_in()["sub"] == "u-1"  # one that cannot be read costs no other


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_rsa_keys_serve_too(server, ours, algorithm):
    key = RSAKey.generate_key(2048, {"kid": "rsa"})
    server.published = [key.as_dict(private=False)]
    server.token = lambda claims: jwt.encode({"alg": algorithm, "kid": "rsa"}, claims, key, [algorithm])
    assert ours.sign_in()["sub"] == "u-1"


DESCRIPTIONS = [
    ("another issuer (mix-up)", lambda said: said | {"issuer": "https://evil.example"}),
    ("the issuer with a slash", lambda said: said | {"issuer": said["issuer"] + "/"}),
    ("token endpoint elsewhere", lambda said: said | {"token_endpoint": "http://127.0.0.1:1/token"}),
    ("keys elsewhere", lambda said: said | {"jwks_uri": "https://evil.example/jwks"}),
    ("browsers elsewhere", lambda said: said | {"authorization_endpoint": "https://evil.example/"}),
    ("a script", lambda said: said | {"authorization_endpoint": "javascript:alert(1)"}),
    ("a file", lambda said: said | {"jwks_uri": "file:///etc/passwd"}),
    ("no address", lambda said: said | {"jwks_uri": "http://[::1"}),
    ("a password in the address", lambda said: said | {"token_endpoint": said["issuer"].replace("//", "//a:b@")}),
    ("no keys", lambda said: {n: v for n, v in said.items() if n != "jwks_uri"}),
    ("keys a number", lambda said: said | {"jwks_uri": 7}),
    ("a list", lambda said: [said]),
    ("null", lambda said: None),
]


@pytest.mark.parametrize("described", [d[1] for d in DESCRIPTIONS], ids=[d[0] for d in DESCRIPTIONS])
def test_a_description_that_is_wrong_is_refused_and_not_kept(server, ours, described):
    honest, server.described = server.described, described
    assert ours.refusal().reason == "refused"
    server.described = honest
    assert ours.sign_in()["sub"] == "u-1"


def test_we_prove_who_we_are_as_the_provider_wants_it(server, ours):
    honest = server.described
    server.described = lambda said: honest(said) | {"token_endpoint_auth_methods_supported": ["private_key_jwt"]}
    assert "no client secret" in str(ours.refusal())
    server.described = honest
    assert "invalid_client" in str(Ours(server, secret="another").refusal())
    assert "invalid_client" in str(Ours(server, secret=None).refusal())


def test_a_code_of_another_issuer_is_not_redeemed(server, ours):
    """Mix-up (RFC 9207): another provider sends its code to us, hoping that we carry it to this one."""
    assert "another issuer" in str(ours.refusal(issuer="https://evil.example"))
    assert ours.sign_in(issuer=None)["sub"] == "u-1"  # most providers say nothing
    honest = server.described
    server.described = lambda said: honest(said) | {"authorization_response_iss_parameter_supported": True}
    ours = Ours(server)
    assert "another issuer" in str(ours.refusal(issuer=None))
    assert server.asked[-1] != "/token"


def test_a_code_is_redeemed_once_and_by_who_began(server, ours):
    url = asyncio.run(ours.provider.authorization_url(state="s", nonce="n", verifier="v" * 43))
    code = server.authorize(url)["code"]
    given = {"code": code, "issuer": server.issuer, "nonce": "n", "verifier": "v" * 43}
    asyncio.run(ours.provider.identified(**given))
    with pytest.raises(SignInFailed, match="invalid_grant"):
        asyncio.run(ours.provider.identified(**given))
    assert "invalid_grant" in str(ours.refusal(verifier="w" * 43))  # PKCE


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize(
    ("answer", "reasons"),
    [
        ((500, b"{}"), {"unreachable"}),
        ((503, b"down"), {"unreachable"}),
        ((404, b"{}"), {"unreachable", "refused"}),
        ((302, b""), {"unreachable", "refused"}),
        ((200, b"<html>"), {"refused"}),
        ((200, b""), {"refused"}),
        ((200, b"[]"), {"refused"}),
        ((200, b"{}"), {"refused"}),
        ((200, b'"x"'), {"refused"}),
        ((200, b"[" * 100_000), {"refused"}),
        ((200, b'{"error": {"a": []}, "keys": {}}'), {"refused"}),
        ((200, b'{"id_token": {}, "access_token": 7, "expires_in": []}'), {"refused"}),
        ((200, b'{"id_token": "a.b.c", "expires_at": "x"}'), {"refused"}),
        ((200, b"{" + b" " * (1 << 21) + b"}"), {"unreachable"}),
    ],
    ids=lambda value: f"{value[0]} {value[1][:12]!r}" if isinstance(value, tuple) else "",
)
def test_whatever_an_endpoint_answers_it_is_a_refusal(server, ours, path, answer, reasons):
    server.answers[path] = lambda: answer
    error = ours.refusal()
    assert error.reason in reasons
    assert "<html>" not in str(error)
    del server.answers[path]
    assert ours.sign_in()["sub"] == "u-1"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_who_does_not_answer_is_not_waited_for(server, path):
    ours = Ours(server, seconds=0.3)
    server.answers[path] = lambda: (server.ended.wait(20), (200, b"{}"))[1]
    error = ours.refusal()
    assert error.reason == "unreachable"
    assert "0.3 seconds" in str(error)


def test_who_answers_drop_by_drop_is_not_waited_for_either(server):
    ours = Ours(server, seconds=0.3)
    server.answers["/token"] = lambda: (200, [b"{"] + [b" "] * 400)
    assert "0.3 seconds" in str(ours.refusal())


def test_a_redirection_is_not_followed_and_a_compressed_answer_not_unpacked(server, ours):
    for path in ("/.well-known/openid-configuration", "/token", "/jwks"):
        server.answers[path] = lambda: (307, b"", {"Location": f"{server.issuer}/stolen"})
        assert ours.refusal().reason in {"unreachable", "refused"}
        server.answers[path] = lambda: (200, gzip.compress(b" " * 1_000_000), {"Content-Encoding": "gzip"})
        assert ours.refusal().reason == "unreachable"
        del server.answers[path]
    assert "/stolen" not in server.asked


def test_a_proxy_of_the_environment_is_passed_by(server, ours, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert ours.sign_in()["sub"] == "u-1"


def _certificate(tmp_path: Path) -> Path:
    """Write a certificate of 127.0.0.1 that nobody but itself vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "certificate.pem"
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(written + certificate.public_bytes(Encoding.PEM))
    return file


def test_a_certificate_counts_where_the_operator_says_so_and_nowhere_else(tmp_path, monkeypatch):
    file = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with OpenIdProvider(tls=context) as server:
        assert Ours(server).refusal().reason == "unreachable"
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        provider._tls.cache_clear()
        try:
            assert Ours(server).sign_in()["sub"] == "u-1"
        finally:
            provider._tls.cache_clear()


def test_who_is_not_there_is_a_refusal(server):
    ours = Ours(server, issuer="http://127.0.0.1:9")
    with pytest.raises(SignInFailed) as caught:
        ours.sign_in()
    assert caught.value.reason == "unreachable"


def test_neither_messages_nor_reprs_hold_a_secret(server, ours):
    for told in (SECRET, f"no, {SECRET} <b>", f"{SECRET}\n", "ey" + "J" * 80, {"a": SECRET}):
        server.answers["/token"] = lambda told=told: (400, json.dumps({"error": told}).encode())
        assert str(ours.refusal()).endswith("an error of its own"), told
    assert SECRET not in repr(Client(server.issuer, CLIENT_ID, REDIRECT, SECRET))


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_the_two_names_of_one_algorithm_serve(server, ours, algorithm):
    key = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    server.published = [key.as_dict(private=False)]
    server.claims = lambda claims: {n: v for n, v in claims.items() if n != "at_hash"}

    def signed(claims: dict[str, object]) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.encode({"alg": algorithm, "kid": "ed"}, claims, key, [algorithm])

    server.token = signed
    assert ours.sign_in()["sub"] == "u-1"


def test_another_curve_serves_too(server, ours):
    key = ECKey.generate_key("P-384", {"kid": "p384"})
    server.published = [key.as_dict(private=False)]
    server.claims = lambda claims: {n: v for n, v in claims.items() if n != "at_hash"}
    server.token = lambda claims: jwt.encode({"alg": "ES384", "kid": "p384"}, claims, key, ["ES384"])
    assert ours.sign_in()["sub"] == "u-1"
