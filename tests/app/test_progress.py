"""Progress in plain lines and in a bar, and what Ctrl-C does to a run."""

from __future__ import annotations

import io
import os
import sys

import pytest

from rag.app.progress import lines, progress
from rag.ingest import Progress


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self):
        return self.now


def tell(steps):
    """Run steps, each at a second, through plain lines."""
    clock = Clock()
    sink = lines(clock)
    for second, step in steps:
        clock.now = second
        sink(step)


def test_a_short_run_prints_nothing(capsys):
    tell([(0.1 * n, Progress("files", n, 10, "a.txt")) for n in range(11)])
    assert capsys.readouterr() == ("", "")


def test_a_long_run_prints_a_line_every_few_seconds(capsys):
    tell(
        [(0.5 * n, Progress("files", n, 20, f"{n}.pdf", pages=10 * n)) for n in range(20)]
        + [(10, Progress("files", 20, 20, pages=200))]
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "files: 6/20, 60 pages, 2.0/s, ETA 0:07, 6.pdf",
        "files: 12/20, 120 pages, 2.0/s, ETA 0:04, 12.pdf",
        "files: 18/20, 180 pages, 2.0/s, ETA 0:01, 18.pdf",
        "files: 20/20, 200 pages, 2.0/s, ETA 0:00",
    ]  # fmt: skip


def test_names_cannot_move_the_cursor(capsys):
    tell([(0, Progress("files", 0, 2)), (4, Progress("files", 1, 2, "a\x1b[2J\n.txt"))])
    assert capsys.readouterr().err == "files: 1/2, 0.2/s, ETA 0:04, a?[2J?.txt\n"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_on_a_terminal_there_is_a_bar(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    with progress(for_machine=True) as sink:
        for done in range(4):
            sink(Progress("files", done, 3, f"notices/{done}[bold].pdf", pages=2 * done))
        sink(Progress("index", 5, 5))
    shown = terminal.getvalue()
    assert "读取 files" in shown
    assert "3/3" in shown
    assert "6 页 pages" in shown
    assert "索引 index" in shown


def test_a_program_gets_no_lines(monkeypatch, capsys):
    with progress(for_machine=True) as sink:
        sink(Progress("files", 1, 1))
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_ctrl_c_keeps_what_was_taken_in_and_the_next_run_goes_on(rag_run, tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(150):
        text = f"关于第{number}号工程的通知\n\n第{number}号工程投资{number + 1000}万元。\n"
        (corpus / f"{number:03}.txt").write_text(text, encoding="utf-8")
    # The process presses its own Ctrl-C when it has come so far.
    program = (
        "import os, signal\n"
        "from contextlib import contextmanager\n"
        "from rag.app import cli\n"
        "def tell(step):\n"
        "    if step.stage == 'files' and step.done >= 100: os.kill(os.getpid(), signal.SIGINT)\n"
        "@contextmanager\n"
        "def progress(**_): yield tell\n"
        "cli.progress = progress\n"
        "cli.main()\n"
    )
    import subprocess

    stopped = subprocess.run(
        [sys.executable, "-c", program, "ingest", str(corpus), "--index", str(index), "--json"],
        capture_output=True,
        timeout=300,
        check=False,
    )
    err = stopped.stderr.decode()
    assert stopped.returncode == 130, err
    assert stopped.stdout == b""
    assert "rag ingest" in err
    assert "Traceback" not in err
    report = rag_run("ingest", corpus, "--index", index, "--json").json
    assert report["unchanged"] >= 100
    assert report["documents"] == 150
    assert rag_run("verify", "--index", index, "--json").json == {"ok": True, "problems": []}
