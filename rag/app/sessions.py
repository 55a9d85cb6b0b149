"""Sessions (登录会话): a signed cookie that says with which key a browser signed in, and nothing else.

The key is looked up again on every request: one that is revoked or has expired ends its sessions at once. The cookie is
HttpOnly and SameSite, and holds no key; the secret that signs it is made once and kept beside the keys.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from rag.errors import ConfigurationError

COOKIE = "rag_session"
SECONDS = 12 * 3_600
"""How long a session lasts: a working day."""

SECRET_FILE = "session.key"  # noqa: S105 - a file's name
_SECRET_BYTES = 32
_SALT = "rag session"
_READ_TRIES = 50


class Sessions:
    """Makes and reads the cookies of one installation."""

    def __init__(self, folder: Path, *, seconds: int = SECONDS) -> None:
        """Sign with the secret of a folder, made at first use."""
        self._path = folder / SECRET_FILE
        self._seconds = seconds
        self._signer: URLSafeTimedSerializer | None = None

    def made(self, key_id: str) -> str:
        """Return the cookie of a session begun with a key.

        Raises:
            ConfigurationError: The secret can be neither read nor made.
        """
        return str(self._serializer().dumps(key_id))

    def key_of(self, cookie: str) -> str | None:
        """Return the id of the key of a session, ``None`` when the cookie is none of ours or too old.

        Raises:
            ConfigurationError: The secret can be neither read nor made.
        """
        try:
            key_id = self._serializer().loads(cookie, max_age=self._seconds)
        except BadData:
            return None
        return key_id if isinstance(key_id, str) else None

    def _serializer(self) -> URLSafeTimedSerializer:
        if self._signer is None:
            self._signer = URLSafeTimedSerializer(self._secret(), salt=_SALT)
        return self._signer

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
