"""Changed bytes: the short form of ``benchmarks/bit_flips.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bit_flips.py"


def test_every_changed_byte_is_found():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--flips", "30", "--seed", "11"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Found: 30 of 30." in done.stdout
