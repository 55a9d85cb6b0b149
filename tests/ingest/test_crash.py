"""Runs that are killed: the short form of ``benchmarks/crash.py``, with the real command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CRASH = Path(__file__).parents[2] / "benchmarks" / "crash.py"


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
@pytest.mark.skipif(shutil.which("cc") is None, reason="the disk that fails is compiled")
def test_killed_runs_lose_nothing_and_leave_nothing_behind():
    done = subprocess.run(
        [sys.executable, str(CRASH), "--kills", "13", "--processes", "1", "--seed", "7"],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "| `rag ingest` killed at a random moment | 1 |" in done.stdout
    assert "killed at a named point" in done.stdout
