"""Rate limits (限流): how many requests a key, or an address without one, may make.

A token bucket each (RFC 2698 names it so): it holds a minute's worth, and fills again evenly.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_MOST_BUCKETS = 20_000
_IPV6_NETWORK_BITS = 64  # what one subscriber has


class Buckets:
    """Buckets of one size, one for each name. To be used in one thread."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Make buckets.

        Args:
            per_minute: Requests; 0 for no limit.
            clock: Seconds, from any beginning.
        """
        self._per_minute = per_minute
        self._clock = clock
        # Tokens and when they were counted; the one used longest ago comes first and goes first.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> int:
        """Take a token; return 0, or for how many seconds there is none."""
        if not self._per_minute:
            return 0
        now = self._clock()
        tokens, counted_at = self._buckets.pop(name, (float(self._per_minute), now))
        tokens = min(self._per_minute, tokens + (now - counted_at) * self._per_minute / 60)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) * 60 / self._per_minute)
        self._buckets[name] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return wait

    def is_empty(self, name: str) -> bool:
        """Tell whether there is no token, taking none."""
        tokens, counted_at = self._buckets.get(name, (1.0, 0.0))
        return bool(self._per_minute) and tokens + (self._clock() - counted_at) * self._per_minute / 60 < 1


def network_of(address: str) -> str:
    """Return what one caller is taken to be: an IPv4 address, or the network of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> _IPV6_NETWORK_BITS << _IPV6_NETWORK_BITS))
    return str(parsed)
