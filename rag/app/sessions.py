"""Sessions (登录会话): a signed cookie that says who signed in with a browser, by key or by account, and nothing else.

What the key or the account may see is looked up again on every request: a key that is revoked or has expired ends its
sessions at once. The cookie is HttpOnly and SameSite, and holds neither key nor token; the secret that signs it is made
once and kept beside the keys.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer
from pydantic import TypeAdapter, ValidationError

from rag.app.ended_sessions import EndedSessions
from rag.domain.access import Principal
from rag.errors import ConfigurationError

COOKIE = "rag_session"
ACCOUNT_PREFIX = "oidc:"
"""Before the names of accounts, so that none is taken for a key's or the operator's."""

SECONDS = 12 * 3_600
"""How long a session lasts: a working day."""

SECRET_FILE = "session.key"  # noqa: S105 - a file's name
_SECRET_BYTES = 32
_SALT = "rag session"
_READ_TRIES = 50


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom the provider of ``rag.app.oidc`` has signed in.

    Attributes:
        account_id: Names the person, and no other, to the audit log.
        name: As the audit log tells it.
        grant: Number of the entry of the grants that fits them; ``None`` for none.
        rules: Names the provider and the grants, as they were then.
    """

    account_id: str
    name: str
    grant: int | None
    rules: str


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says.

    Attributes:
        holder_id: Id of the key, or of the account.
        mark: See ``EndedSessions.mark``, as it was at the beginning.
        account: Who it is, if not the holder of a key.
    """

    holder_id: str
    mark: str
    account: Account | None = None


_session = TypeAdapter(Session)


class Sessions:
    """Makes and reads the cookies of one installation."""

    def __init__(self, folder: Path, *, seconds: int = SECONDS) -> None:
        """Sign with the secret of a folder, made at first use."""
        self._path = folder / SECRET_FILE
        self._seconds = seconds
        self._known: bytes | None = None
        self.ended = EndedSessions(folder)

    def begun(self, principal: Principal, account: Account | None = None) -> str:
        """Return the cookie of a session that begins.

        Raises:
            ConfigurationError: The secret can be neither read nor made, or it cannot be told which sessions are over.
        """
        if principal.key_id is None:
            raise ValueError("a session is of somebody with an id")
        mark = self.ended.mark(principal.key_id, principal.name)
        return self.signed(asdict(Session(principal.key_id, mark, account)), salt=_SALT)

    def read(self, cookie: str) -> Session | None:
        """Return what a cookie says, ``None`` when it is none of ours or too old.

        Raises:
            ConfigurationError: The secret can be neither read nor made.
        """
        said = self.unsigned(cookie, salt=_SALT, seconds=self._seconds)
        try:
            return None if said is None else _session.validate_python(said)
        except ValidationError:  # a version before
            return None

    def goes_on(self, session: Session, principal: Principal) -> bool:
        """Tell whether nobody has ended a session since it began.

        Raises:
            ConfigurationError: It cannot be told which sessions are over.
        """
        return session.mark == self.ended.mark(session.holder_id, principal.name)

    def signed(self, value: object, *, salt: str) -> str:
        """Return a value as a cookie may hold it; anybody may read it, and nobody can change it.

        Raises:
            ConfigurationError: The secret can be neither read nor made.
        """
        return str(self._serializer(salt).dumps(value))

    def unsigned(self, cookie: str, *, salt: str, seconds: int) -> object:
        """Return the value of a cookie that was signed under this salt, ``None`` when it was not or is too old.

        Raises:
            ConfigurationError: The secret can be neither read nor made.
        """
        try:
            value: object = self._serializer(salt).loads(cookie, max_age=seconds)
        except BadData:
            return None
        return value

    def _serializer(self, salt: str) -> URLSafeTimedSerializer:
        if self._known is None:
            self._known = self._secret()
        return URLSafeTimedSerializer(self._known, salt=salt)

    def _secret(self) -> bytes:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(secrets.token_bytes(_SECRET_BYTES))
            except FileExistsError:
                pass
            for _ in range(_READ_TRIES):  # another process may be writing it
                secret = self._path.read_bytes()
                if len(secret) == _SECRET_BYTES:
                    return secret
                time.sleep(0.01)
        except OSError as error:
            raise ConfigurationError(f"{self._path} cannot be used: {error.strerror}") from error
        raise ConfigurationError(f"{self._path} holds no secret of ours", remedy="delete it; all sign in again")
