"""``python -m rag`` is the command line, and leaves the collection of garbage as it found it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


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


@pytest.mark.skipif(not hasattr(os, "nice"), reason="no niceness here")
@pytest.mark.parametrize(("command", "added"), [("ingest", 10), ("ask", 0)])
def test_a_long_run_gives_way_to_who_waits(command: str, added: int):
    program = (
        f"import os, sys; import rag.app.cli as cli; sys.argv = ['rag', {command!r}]\n"
        "cli.app = lambda: print(os.nice(0))\n"
        "cli.main()"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(shown.stdout) == min(19, os.nice(0) + added)
