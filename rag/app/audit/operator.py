"""What the local operator does on the command line (本机操作), in the log too.

Whoever may run the command line may read the files themselves: the log is a trace here, no barrier, and where it cannot
be written a warning is all.
"""

from __future__ import annotations

import getpass
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from rag.app.audit.log import AUDIT_FOLDER, AuditLog
from rag.app.audit.record import cleaned
from rag.settings import Settings

_logger = logging.getLogger(__name__)


def trace(settings: Settings, command: str, given: Mapping[str, object]) -> None:
    """Write that a command was given, with what it was given."""
    if not settings.audit:
        return
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "who": f"operator:{_login()}",
        "from": "command line",
        "did": command,
        "asked": cleaned({name: value for name, value in given.items() if value not in (None, [], False, "")}),
    }
    try:
        AuditLog(settings.state_folder / AUDIT_FOLDER).append([entry], durable=False)
    except OSError as error:
        _logger.warning("the audit log cannot be written: %s", error.strerror)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a user of this number
        return "?"
