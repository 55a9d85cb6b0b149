"""Keys (密钥): who holds one, with which role and for what; kept as hashes in a file outside the index.

A key is 256 random bits, so that one round of SHA-256 is what it takes: nobody can go through 2^256 of them, and the
slow, salted hashes that passwords need would cost every request a tenth of a second for nothing (NIST SP 800-63B,
5.1.1.2, asks for them where secrets are chosen by people).

The file is looked at on every request, and read again when it is another one: a key that is revoked opens nothing
from then on, on a running server too.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from filelock import FileLock
from pydantic import ConfigDict, TypeAdapter, ValidationError

from rag.app.followed_file import FollowedFile
from rag.domain.access import Principal, Role
from rag.durability import make_folder_durable
from rag.errors import ConfigurationError, InvalidRequest, NotFound

KEY_FILE = "keys.json"

_PREFIX = "rag_"  # so that a scanner for leaked secrets can tell what it found
_SECRET_BYTES = 32
_ID_BYTES = 4
_CONFIGURED = "env-"  # before the id of a key of the settings, made of its hash
_ID_DIGITS = 8
_NAME_CHARACTERS = 100
_MOST_GRANTS = 100
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept; the key itself is not.

    Attributes:
        key_id: Names it, and opens nothing.
        name: Who holds it.
        role: What they may do.
        places: Places that it is limited to, ``None`` for all; see ``rag.domain.access.Scope``.
        collections: Folders of the corpus, likewise.
        sha256: Of the key, hexadecimal.
        created_at: When it was made, UTC.
        expires_on: The last day (UTC) on which it opens anything, ``None`` for no end.
        revoked_at: When it was revoked, UTC.
    """

    key_id: str
    name: str
    role: Role
    places: tuple[str, ...] | None
    collections: tuple[str, ...] | None
    sha256: str
    created_at: datetime
    expires_on: date | None = None
    revoked_at: datetime | None = None

    # What a later version says of a key may narrow it: to pass over that would open more than it should.
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    def is_valid(self, today: date) -> bool:
        """Tell whether it opens anything on a day (UTC)."""
        return self.revoked_at is None and (self.expires_on is None or today <= self.expires_on)

    def principal(self, *, personal_data: bool) -> Principal:
        """Return whoever comes with it."""
        return Principal.of_role(
            self.name,
            self.role,
            places=self.places,
            collections=self.collections,
            key_id=self.key_id,
            personal_data=personal_data,
        )


_keys_json: TypeAdapter[tuple[Key, ...]] = TypeAdapter(tuple[Key, ...])


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KeyRing:
    """The keys of the key file, and those of the settings, which have full scope. Safe across threads and processes."""

    def __init__(
        self,
        folder: Path,
        configured: Sequence[str] = (),
        *,
        personal_data: bool = False,
        are_needed: bool = False,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Look after the keys of a folder.

        Args:
            folder: Holds the key file; made with the first key.
            configured: Keys of the settings.
            personal_data: Whether full scope sees personal data.
            are_needed: Somebody else signs people in, so that nobody is the operator without more.
            now: The time, UTC.
        """
        self._path = folder / KEY_FILE
        self._configured = tuple(
            (sha256(key.encode()).hexdigest(), f"RAG_API_KEYS#{n}") for n, key in enumerate(configured, 1)
        )
        self._personal_data = personal_data
        self._now = now
        self._file = FollowedFile(self._path, self._read)
        self._were_any = are_needed

    @property
    def are_any(self) -> bool:
        """Whether callers need a key to see more than what is public.

        Revoked and expired keys count, and so does a key file that has gone since: the last key revoked, or the
        file deleted under a running server, must not open everything.
        """
        return bool(self._configured) or bool(self.all()) or self._were_any

    def all(self) -> tuple[Key, ...]:
        """Return every key of the file, revoked and expired ones too.

        Raises:
            ConfigurationError: The file cannot be read, is not one of ours, or others than its owner may read it.
        """
        try:
            keys = self._file.now()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ConfigurationError(f"the key file {self._path} cannot be read: {error.strerror}") from error
        self._were_any = self._were_any or bool(keys)
        return keys

    def holder_of(self, given: bytes) -> Principal | None:
        """Return who holds a key, ``None`` when it is none of ours or not valid any more.

        All are compared, each in constant time, so that the time taken tells nothing.
        """
        digest = sha256(given).hexdigest()
        today = self._now().date()
        holder: Principal | None = None
        for key in self.all():
            if hmac.compare_digest(key.sha256, digest) and key.is_valid(today):
                holder = key.principal(personal_data=self._personal_data)
        for configured, name in self._configured:
            if hmac.compare_digest(configured, digest):
                holder = self._configured_holder(configured, name)
        return holder

    def _configured_holder(self, digest: str, name: str) -> Principal:
        key_id = f"{_CONFIGURED}{digest[:_ID_DIGITS]}"
        return Principal.of_role(name, Role.ADMIN, key_id=key_id, personal_data=self._personal_data)

    def holder_of_id(self, key_id: str) -> Principal | None:
        """Return who holds the key of an id, ``None`` when it is not valid any more; for sessions begun with it."""
        today = self._now().date()
        for key in self.all():
            if key.key_id == key_id and key.is_valid(today):
                return key.principal(personal_data=self._personal_data)
        for configured, name in self._configured:
            holder = self._configured_holder(configured, name)
            if holder.key_id == key_id:
                return holder
        return None

    def create(
        self,
        name: str,
        role: Role,
        *,
        places: Collection[str] | None = None,
        collections: Collection[str] | None = None,
        expires_on: date | None = None,
    ) -> tuple[str, Key]:
        """Make a key.

        Returns:
            The key itself, which is kept nowhere, and what is kept.

        Raises:
            InvalidRequest: The name is none or in use, a grant is none, there are too many, or it has expired already.
            ConfigurationError: The file cannot be written to.
        """
        name = name.strip()
        if not 1 <= len(name) <= _NAME_CHARACTERS or not name.isprintable():
            raise InvalidRequest(f"a key's name has 1 to {_NAME_CHARACTERS} printable characters")
        for grants in (places, collections):
            if grants is not None and (
                not 1 <= len(grants) <= _MOST_GRANTS or not all(g.strip("./\\ ") for g in grants)
            ):
                raise InvalidRequest(
                    f"a key is limited to between 1 and {_MOST_GRANTS} places or collections, each with a name"
                )
        now = self._now()
        if expires_on is not None and expires_on < now.date():
            raise InvalidRequest(f"{expires_on.isoformat()} is over")
        secret = _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        with self._changing() as keys:
            if any(key.name == name and key.is_valid(now.date()) for key in keys):
                raise InvalidRequest(f"there is a key of the name {name}; revoke it first, or choose another name")
            made = Key(
                secrets.token_hex(_ID_BYTES),
                name,
                role,
                None if places is None else tuple(sorted(place.strip() for place in places)),
                None if collections is None else tuple(sorted(folder.strip() for folder in collections)),
                sha256(secret.encode()).hexdigest(),
                now,
                expires_on,
            )
            self._write((*keys, made))
        return secret, made

    def revoke(self, reference: str) -> Key:
        """Revoke a key by its id, or by its name; it opens nothing from then on.

        Raises:
            NotFound: No valid key fits.
            ConfigurationError: The file cannot be written to.
        """
        now = self._now()
        with self._changing() as keys:
            valid = [key for key in keys if key.is_valid(now.date())]
            fitting = [key for key in valid if key.key_id == reference] or [k for k in valid if k.name == reference]
            if not fitting:
                raise NotFound(f"no valid key {reference}", remedy="rag key list")
            revoked = replace(fitting[0], revoked_at=now)
            self._write([revoked if key.key_id == revoked.key_id else key for key in keys])
        return revoked

    def take_back(self, kept: Sequence[Key]) -> list[str]:
        """Take in the keys of a backup, and return the names of those that came back revoked.

        What is known of a key here holds, so that one revoked since stays revoked. One that this file does not know was
        taken out of it, or the file was made anew: nobody can say that it still holds, and it is revoked. Where there
        is no file, all come back as they were.

        Raises:
            ConfigurationError: The file cannot be read, or not be written to.
        """
        now = self._now()
        with self._changing() as keys:
            known = {key.sha256 for key in keys} | {key.key_id for key in keys}
            coming = [key for key in kept if not {key.sha256, key.key_id} & known]
            revoked = [key for key in coming if keys and key.is_valid(now.date())]
            if coming:
                self._write([*keys, *(replace(key, revoked_at=now) if key in revoked else key for key in coming)])
        return [key.name for key in revoked]

    def _read(self, content: bytes, mode: int) -> tuple[Key, ...]:
        if os.name == "posix" and mode & _OTHERS:
            raise ConfigurationError(
                f"others may read the key file {self._path}", remedy=f"chmod 600 {self._path}, and make new keys"
            )
        try:
            return _keys_json.validate_json(content)
        except ValidationError as error:
            raise ConfigurationError(f"{self._path} is no key file of this version of the program") from error

    @contextmanager
    def _changing(self) -> Iterator[tuple[Key, ...]]:
        """Lend the keys to change, to one process at a time."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self._path.with_suffix(".lock")):
                yield self.all()
        except OSError as error:
            raise ConfigurationError(
                f"the key file {self._path} cannot be written to: {error.strerror}",
                remedy="name another folder in RAG_STATE_DIR",
            ) from error

    def _write(self, keys: Sequence[Key]) -> None:
        part = self._path.with_suffix(f".{secrets.token_hex(_ID_BYTES)}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(_keys_json.dump_json(tuple(keys), indent=1))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
            make_folder_durable(self._path.parent)
        finally:
            part.unlink(missing_ok=True)
