"""``python -m rag`` is the command line, and leaves the collection of garbage as it found it."""

from __future__ import annotations

import subprocess
import sys


def test_python_m_rag_is_the_command_line():
    shown = subprocess.run(
        [sys.executable, "-m", "rag", "--help"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "ingest" in shown.stdout


def test_garbage_is_collected_while_it_runs():
    program = (
        "import gc, sys; import rag.app.cli; from rag.__main__ import main\n"
        "rag.app.cli.main = lambda: print(gc.isenabled(), gc.get_freeze_count() > 10_000)\n"
        "main()"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["True", "True"]
