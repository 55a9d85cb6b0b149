"""What requests are told apart by before any route sees them (请求分类): whether one reads, and addresses that stand apart."""

from __future__ import annotations

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""

FREE_PATHS = ("/static/", "/healthz", "/readyz", "/openapi.json", "/favicon.ico")
"""Where nothing of a document is shown: no key is asked for, nothing is logged, and nobody queues."""

SIGN_IN_PATH = "/signin"

PROVIDER_PATHS = f"{SIGN_IN_PATH}/"
"""Where browsers go to the OpenID Connect provider and come back from it; the queries hold what opens doors."""
