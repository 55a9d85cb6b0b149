"""No process of this comparison reaches beyond the machine: by the peers' own switches, and by force."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from types import MappingProxyType

SWITCHES: Mapping[str, str] = MappingProxyType(
    {
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "DO_NOT_TRACK": "1",
        "ANONYMIZED_TELEMETRY": "False",  # Chroma
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "LANGCHAIN_TRACING_V2": "false",
        "LANGSMITH_TRACING": "false",
        "TOKENIZERS_PARALLELISM": "false",
    }
)
"""Environment of every process."""


class ConnectionForbidden(RuntimeError):
    """Something tried to connect."""


def forbid_connections() -> None:
    """Let every attempt of this process to look up a host or to connect to one fail, until it ends."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        raise ConnectionForbidden(f"looked up {arguments[0]}")
    if event == "socket.connect":
        connection, address = arguments
        if isinstance(connection, socket.socket) and connection.family != getattr(socket, "AF_UNIX", None):
            raise ConnectionForbidden(f"connected to {address}")
