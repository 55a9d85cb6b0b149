"""Sessions that are over (会话注销): all of somebody's, or everybody's, in every browser and at once.

For each a word of chance is kept that changes when sessions are ended; a session holds what it was at the beginning.
Words and not times: a clock that is set back brings nothing to life again.
"""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from rag.app.followed_file import FollowedFile
from rag.durability import write_durably
from rag.errors import ConfigurationError

ENDED_FILE = "ended-sessions.json"

_EVERYBODY = ""
_WORD_BYTES = 9
_MARK_DIGITS = 16
_words_json: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class EndedSessions:
    """What is kept of one installation. Safe across threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Keep it in a folder, in a file made when sessions are first ended."""
        self._path = folder / ENDED_FILE
        self._file = FollowedFile(self._path, lambda content, _: _words_json.validate_json(content))

    def mark(self, *names: str) -> str:
        """Return what tells a session begun now from one that was ended: of everybody, and of these names.

        Raises:
            ConfigurationError: The file cannot be read.
        """
        words = self._current()
        held = [words.get(name, "") for name in (_EVERYBODY, *names)]
        return sha256("\n".join(held).encode()).hexdigest()[:_MARK_DIGITS] if any(held) else ""

    def end(self, name: str | None) -> None:
        """End the sessions of a name or id; ``None`` for everybody's.

        Raises:
            ConfigurationError: The file cannot be read or written to.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self._path.with_suffix(".lock")):
                words = self._current() | {name or _EVERYBODY: secrets.token_urlsafe(_WORD_BYTES)}
                write_durably(self._path, json.dumps(words, ensure_ascii=False, indent=1).encode())
        except OSError as error:
            raise ConfigurationError(
                f"{self._path} cannot be written to: {error.strerror}", remedy="name another folder in RAG_STATE_DIR"
            ) from error

    def _current(self) -> dict[str, str]:
        try:
            return self._file.now()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigurationError(f"{self._path} cannot be read: {error.strerror}") from error
        except ValidationError as error:
            raise ConfigurationError(
                f"{self._path} is no file of this program", remedy="delete it and session.key; all sign in again"
            ) from error
