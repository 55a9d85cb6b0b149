"""What a measurement cost: memory of this process, percentiles of times."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np


def peak_memory_mb() -> float | None:
    """Return the most memory this process has held so far (peak resident set), in MB of 10⁶ bytes.

    ``None`` where the system does not tell (Windows).
    """
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes (getrusage(2) of each).
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def percentile_ms(seconds: Sequence[float], percent: float) -> float:
    """Return a percentile of times, in milliseconds, between neighbours in proportion; 0 when there are none."""
    return round(float(np.percentile(seconds, percent)) * 1000, 3) if len(seconds) else 0.0
