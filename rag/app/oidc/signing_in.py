"""A sign-in (登录过程): from a browser to the provider and back, and from claims to who is asking.

Between the two the browser keeps a signed cookie with state, nonce and verifier: whoever brings a code without it,
or with the state of another browser, is not signed in (login CSRF; RFC 6749, 10.12).
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.app.oidc.grants import Granted, Grants
from rag.app.sessions import ACCOUNT_PREFIX, Account, Sessions
from rag.domain.access import Principal, Role
from rag.errors import SignInFailed
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.app.oidc.provider import Provider

COOKIE = "rag_signin"
SECONDS = 600
"""How long somebody may take at the provider."""

_SALT = "rag sign-in"
_SECRET_BYTES = 32
_ID_DIGITS = 12
_NAME_CHARACTERS = 100
_MOST_USED = 10_000
_MOST_CODE = 4_096


class Begun(NamedTuple):
    """A sign-in on its way.

    Attributes:
        url: Where the browser goes.
        cookie: What it keeps meanwhile.
    """

    url: str
    cookie: str


class _Way(BaseModel):
    """What the cookie holds."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    state: str
    nonce: str
    verifier: str
    back: str
    lang: str


class Way(NamedTuple):
    """Where somebody came from.

    Attributes:
        back: Page to go on with; of this site.
        lang: Language of the page that they came from.
    """

    back: str
    lang: str


class SignedIn(NamedTuple):
    """Whom the provider has signed in.

    Attributes:
        account: As the session holds it.
        principal: What they may see.
    """

    account: Account
    principal: Principal


class OpenIdSignIn:
    """Signs people in through one provider. Safe across threads."""

    def __init__(self, settings: Settings, sessions: Sessions) -> None:
        """Make what signs in; the settings name a provider."""
        self._settings = settings
        self._sessions = sessions
        self._provider: Provider | None = None
        self._turn = threading.Lock()
        self._used: OrderedDict[str, float] = OrderedDict()
        self.grants = Grants(settings.oidc_grants)

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over HTTPS, as the redirect address says."""
        return str(self._settings.oidc_redirect_uri).startswith("https:")

    async def begin(self, way: Way) -> Begun:
        """Begin a sign-in.

        Raises:
            SignInFailed: See ``Provider.authorization_url``.
            ConfigurationError: The secret of the sessions cannot be had.
        """
        provider = await self._ready()
        kept = _Way(
            state=secrets.token_urlsafe(_SECRET_BYTES),
            nonce=secrets.token_urlsafe(_SECRET_BYTES),
            verifier=secrets.token_urlsafe(_SECRET_BYTES),
            back=way.back,
            lang=way.lang,
        )
        url = await provider.authorization_url(state=kept.state, nonce=kept.nonce, verifier=kept.verifier)
        return Begun(url, self._sessions.signed(kept.model_dump(), salt=_SALT))

    def way(self, cookie: str | None) -> Way | None:
        """Return where the holder of a cookie came from, ``None`` when it is none of ours or too old."""
        kept = self._kept(cookie)
        return Way(kept.back, kept.lang) if kept is not None else None

    async def finish(self, cookie: str | None, brought: Mapping[str, str]) -> SignedIn:
        """Return whom the provider has signed in.

        Args:
            cookie: As ``begin`` gave it.
            brought: Parameters with which the browser came back.

        Raises:
            SignInFailed: It is not the browser that began, it took too long or came twice, the provider declined, or
                see ``Provider.identified``.
            ConfigurationError: The grants cannot be read.
        """
        kept = self._kept(cookie)
        if kept is None or not hmac.compare_digest(brought.get("state", "").encode(), kept.state.encode()):
            raise SignInFailed("OpenID Connect: not the browser that began, or too late", reason="expired")
        self._use_up(kept.state)
        if "error" in brought:
            raise SignInFailed("OpenID Connect: the provider declined", reason="declined")
        code = brought.get("code", "")
        if not 0 < len(code) <= _MOST_CODE:
            raise SignInFailed("OpenID Connect: the browser brought no code", reason="refused")
        provider = await self._ready()
        claims = await provider.identified(
            code=code, issuer=brought.get("iss"), nonce=kept.nonce, verifier=kept.verifier
        )
        granted = self.grants.now()
        account = self._account(claims, granted)
        return SignedIn(account, self._principal(account, granted))

    def principal_of(self, account: Account) -> Principal | None:
        """Return who an account is, ``None`` when the grants or the provider are others than when it signed in.

        Raises:
            ConfigurationError: The grants cannot be read.
        """
        granted = self.grants.now()
        return self._principal(account, granted) if account.rules == self._rules(granted) else None

    def _principal(self, account: Account, granted: Granted) -> Principal:
        if account.grant is None:
            return Principal.of_role(account.name, Role.READER, key_id=account.account_id)
        grant = granted.entries[account.grant]
        return Principal.of_role(
            account.name,
            grant.role,
            places=grant.places,
            collections=grant.collections,
            key_id=account.account_id,
            personal_data=self._settings.show_personal,
        )

    def _account(self, claims: Mapping[str, Any], granted: Granted) -> Account:
        subject = str(claims["sub"])
        said = claims.get(self._settings.oidc_groups_claim)
        groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        name = claims.get(self._settings.oidc_name_claim)
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _NAME_CHARACTERS:
            name = subject if subject.isprintable() else ""
        identity = sha256(f"{self._settings.oidc_issuer}\n{subject}".encode()).hexdigest()
        account_id = f"oidc-{identity[:_ID_DIGITS]}"
        return Account(
            account_id,
            ACCOUNT_PREFIX + (name.strip()[:_NAME_CHARACTERS] or account_id),
            granted.fitting(subject, [group for group in groups if isinstance(group, str)]),
            self._rules(granted),
        )

    def _rules(self, granted: Granted) -> str:
        """Name the provider and the grants: a session begun under others is over."""
        parts = (self._settings.oidc_issuer, self._settings.oidc_client_id, granted.digest)
        return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]

    def _kept(self, cookie: str | None) -> _Way | None:
        said = self._sessions.unsigned(cookie, salt=_SALT, seconds=SECONDS) if cookie else None
        try:
            return None if said is None else _Way.model_validate(said)
        except ValidationError:
            return None

    def _use_up(self, state: str) -> None:
        """Let a state sign in once: the cookie of a browser could be copied."""
        now = time.monotonic()
        with self._turn:
            while self._used and (len(self._used) >= _MOST_USED or next(iter(self._used.values())) < now - SECONDS):
                self._used.popitem(last=False)
            if state in self._used:
                raise SignInFailed("OpenID Connect: this sign-in was finished before", reason="expired")
            self._used[state] = now

    async def _ready(self) -> Provider:
        if self._provider is None:
            # Its libraries take a quarter of a second to load, for which nobody else should wait.
            self._provider = await asyncio.to_thread(self._made)
        return self._provider

    def _made(self) -> Provider:
        from rag.app.oidc.provider import Client, Provider

        settings = self._settings
        secret = settings.oidc_client_secret
        return Provider(
            Client(
                issuer=str(settings.oidc_issuer),
                client_id=str(settings.oidc_client_id),
                redirect_uri=str(settings.oidc_redirect_uri),
                secret=secret.get_secret_value() if secret is not None else None,
                scopes=tuple(settings.oidc_scopes),
                seconds=settings.oidc_seconds,
            )
        )
