"""Every exception the package raises on purpose, and the commands that mend an index.

::

    RagError
    ├── ConfigurationError        a setting or option is wrong           exit 2   HTTP 500
    ├── InvalidRequest            a question, query or filter is wrong   exit 2   HTTP 422
    ├── NotFound                  no such document in this scope         exit 1   HTTP 404
    ├── SourceError               one file cannot be taken in; the batch goes on and lists it
    │   ├── UnsupportedFormat         no loader reads this kind of file
    │   ├── UnreadableSource          damaged, encrypted, not text, unreadable
    │   └── EmptyDocument             read, but holds no text
    ├── IndexUnavailable          the index cannot serve                 exit 3   HTTP 503
    │   ├── IndexMissing              never built
    │   ├── IndexDamaged              files missing, hashes or counts wrong
    │   └── IndexMismatch             built by another encoder, or another program's
    │       ├── IndexOlder                by an earlier version: a server brings it up to date
    │       └── IndexNewer                by a later version: nothing is written to it
    ├── StorageFailed             the disk is full, read-only or fails   exit 3   HTTP 503
    ├── IndexLocked               another process is writing             exit 3   HTTP 503, retryable
    ├── DraftingFailed            no draft: answered without it          exit 1   HTTP 502
    └── SignInFailed              nobody was signed in                   exit 1   HTTP 502

Classes differ only where a caller acts differently. ``str(error)`` is safe to show a user:
it names the file or value and the reason, and never carries document text.
"""

from __future__ import annotations

from typing import Literal

INGEST_REMEDY = "rag ingest <folder>"
REPAIR_REMEDY = "rag verify --repair"


class RagError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        remedy: The command or action that mends it, ``""`` when there is none.
        retryable: The same call may succeed later with nothing changed.
    """

    retryable = False

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ConfigurationError(RagError):
    """A setting or option is wrong."""


class InvalidRequest(RagError):
    """A question, query or filter is wrong."""


class NotFound(RagError):
    """No such document within the caller's scope."""


class SourceError(RagError):
    """One file cannot be taken in.

    Attributes:
        source: Path of the file as the user gave it.
        reason: What is wrong with it, without the path.
    """

    def __init__(self, source: str, reason: str, *, remedy: str = "") -> None:
        super().__init__(f"{source}: {reason}", remedy=remedy)
        self.source = source
        self.reason = reason


class UnsupportedFormat(SourceError):
    """No loader reads this kind of file."""


class UnreadableSource(SourceError):
    """The file is damaged, encrypted, not text, or cannot be opened."""


class EmptyDocument(SourceError):
    """The file was read but holds no text."""


class IndexUnavailable(RagError):
    """The index cannot serve."""


class IndexMissing(IndexUnavailable):
    """The index was never built."""


class IndexDamaged(IndexUnavailable):
    """Index files are missing, or their hashes or counts do not agree."""


class IndexMismatch(IndexUnavailable):
    """The index was built by another encoder, or by another program."""


class IndexOlder(IndexMismatch):
    """The index was built by an earlier version of the program, and can be brought up to this one."""


class IndexNewer(IndexMismatch):
    """The index was built by a later version of the program, which alone knows what is in it."""

    def __init__(
        self, message: str, *, remedy: str = "update the program, or make another index (RAG_INDEX_DIR)"
    ) -> None:
        super().__init__(message, remedy=remedy)


class StorageFailed(RagError):
    """The disk is full, read-only or fails. Nothing is damaged by it, and what was reported as done is kept."""


class IndexLocked(RagError):
    """Another process is writing to the index."""

    retryable = True


class DraftingFailed(RagError):
    """The language model gave no draft that could be used; the question is answered without it."""


class SignInFailed(RagError):
    """Nobody was signed in; the message holds nothing that the provider or the browser sent.

    Attributes:
        reason: ``unreachable``: the provider is down or slow; ``refused``: what it says is not believed; ``declined``:
            it does not want to; ``expired``: it is not the browser that began, or too late.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: Literal["unreachable", "refused", "declined", "expired"] = "refused",
        remedy: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason
