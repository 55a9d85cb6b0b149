"""Folders of workers: gone with their owner, or soon after it was killed; nobody else's is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from rag.loaders.sandbox import Sandbox
from rag.loaders.worker_folders import WorkerFolder, clear_away

HOUR = 3_600
OWNER = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from rag.loaders.worker_folders import WorkerFolder
folder = WorkerFolder()
print(folder.name, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """The folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def aged(folder: Path, seconds: float = HOUR) -> Path:
    then = folder.stat().st_mtime - seconds
    os.utime(folder, (then, then))
    return folder


@pytest.fixture
def owner(root):
    """Another process with a folder of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        folder = Path(process.stdout.readline().strip())
        (folder / "unpacked.xml").write_text("x")
        yield process, aged(folder)
        process.kill()


def test_what_a_killed_process_left_is_cleared_away(owner):
    process, folder = owner
    assert clear_away() == 0
    assert (folder / "unpacked.xml").is_file()
    process.kill()
    process.wait()
    assert clear_away() == 1
    assert not folder.exists()


def test_one_just_made_is_left_alone(root):
    folder = root / "rag-worker-new"
    folder.mkdir()
    (folder / ".owner").touch()
    assert clear_away() == 0
    assert folder.is_dir()
    aged(folder)
    assert clear_away() == 1


def test_what_is_not_ours_is_left_alone(root):
    (root / "elsewhere").mkdir()
    (root / "elsewhere/.owner").touch()
    (root / "rag-worker-link").symlink_to(aged(root / "elsewhere"))
    for name in ("rag-worker-unmarked", "rag-other-1"):
        (root / name).mkdir()
        (root / name / "precious").touch()
        aged(root / name)
    (root / "rag-worker-file").touch()
    before = sorted(root.rglob("*"))
    assert clear_away() == 0
    assert sorted(root.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users here")
def test_another_users_is_left_alone(root, monkeypatch):
    folder = root / "rag-worker-theirs"
    folder.mkdir()
    (folder / ".owner").touch()
    aged(folder)
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert clear_away() == 0
    assert folder.is_dir()


def test_much_is_cleared_in_turns(root, monkeypatch):
    monkeypatch.setattr("rag.loaders.worker_folders._MOST_CLEARED", 2)
    for n in range(3):
        (root / f"rag-worker-{n}").mkdir()
        (root / f"rag-worker-{n}/.owner").touch()
        aged(root / f"rag-worker-{n}")
    assert [clear_away(), clear_away()] == [2, 1]


def test_ones_own_goes_when_it_is_removed(root):
    folder = WorkerFolder()
    aged(Path(folder.name))
    assert clear_away() == 0
    folder.remove()
    assert list(root.iterdir()) == []


def test_reading_files_clears_away_first(owner):
    process, folder = owner
    process.kill()
    process.wait()
    with Sandbox(workers=1) as sandbox:
        assert sandbox.submit("a.txt", 1, len, "abc").result() == 3
        assert not folder.exists()
