"""Exit codes of the command line."""

from __future__ import annotations

from rag.errors import ConfigurationError, IndexLocked, IndexUnavailable, InvalidRequest, RagError, StorageFailed

FAILED = 1
"""Some inputs failed; they are listed."""

USAGE = 2
"""Usage or configuration is wrong."""

UNAVAILABLE = 3
"""The index is missing, damaged, or being written by another process, or its disk is full or fails."""

INTERRUPTED = 130
"""Stopped by Ctrl-C, as shells count it."""


def exit_code(error: RagError) -> int:
    """Return the exit code an error ends the program with."""
    if isinstance(error, IndexUnavailable | IndexLocked | StorageFailed):
        return UNAVAILABLE
    if isinstance(error, InvalidRequest | ConfigurationError):
        return USAGE
    return FAILED
