"""Grants (授权): what those who sign in through the provider may see, as the operator's file says.

Entry by entry, and the first that fits counts: what two groups allow is never added up to what neither does. Whom no
entry fits sees public documents, like anybody. The file is looked at with every request, and a change of it ends the
sessions begun under the one before.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from rag.app.followed_file import FollowedFile
from rag.app.strict import StrictModel
from rag.domain.access import Role
from rag.errors import ConfigurationError

_OTHERS_WRITE = 0o002
_Names = Annotated[tuple[Annotated[str, Field(pattern=r"\S")], ...], Field(min_length=1, max_length=100)]


class Grant(StrictModel):
    """One entry: whom it is for, and what they may see.

    Attributes:
        groups: Groups (用户组) as the provider names them; one of them is enough.
        subjects: People, by the provider's own identifier (``sub``), which it gives to nobody else.
        role: See ``rag.domain.access.Role``.
        places: See ``rag.domain.access.Scope``; ``None`` for all.
        collections: Likewise.
    """

    groups: _Names = ()
    subjects: _Names = ()
    role: Role
    places: _Names | None = None
    collections: _Names | None = None


class _File(StrictModel):
    grant: tuple[Grant, ...] = ()


class Granted(NamedTuple):
    """The entries of a file at one moment.

    Attributes:
        entries: In the order of the file.
        digest: Names its content.
    """

    entries: tuple[Grant, ...] = ()
    digest: str = ""

    def fitting(self, subject: str, groups: Collection[str]) -> int | None:
        """Return the number of the first entry that fits somebody, from 0."""
        for number, grant in enumerate(self.entries):
            if subject in grant.subjects or not set(groups).isdisjoint(grant.groups):
                return number
        return None


class Grants:
    """The entries of a file, read again when it is another one. Safe across threads."""

    def __init__(self, path: Path | None) -> None:
        """Look after a file; without one nobody has more than public documents."""
        self._file = (
            None if path is None else FollowedFile(path, partial(_granted, path), permit=partial(_permit, path))
        )

    def now(self) -> Granted:
        """Return the entries as they are now.

        Raises:
            ConfigurationError: The file cannot be read, says what cannot be, or anybody may write to it.
        """
        if self._file is None:
            return Granted()
        try:
            return self._file.now()
        except OSError as error:
            raise ConfigurationError(f"RAG_OIDC_GRANTS: {self._file.path} cannot be read: {error.strerror}") from error


def _permit(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & _OTHERS_WRITE:
        raise ConfigurationError(f"anybody may write to {path}", remedy=f"chmod o-w {path}")


def _granted(path: Path, content: bytes, _mode: int) -> Granted:
    return Granted(_entries(content, path), sha256(content).hexdigest()[:16])


def _entries(content: bytes, path: Path) -> tuple[Grant, ...]:
    try:
        grants = _File.model_validate(tomllib.loads(content.decode())).grant
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise ConfigurationError(f"RAG_OIDC_GRANTS: {path}: {where}: {first['msg']}") from error
    except ValueError as error:
        raise ConfigurationError(f"RAG_OIDC_GRANTS: {path} is no TOML in UTF-8") from error
    for number, grant in enumerate(grants, 1):
        if not grant.groups and not grant.subjects:
            raise ConfigurationError(f"RAG_OIDC_GRANTS: {path}: grant.{number} names neither groups nor subjects")
    return grants
