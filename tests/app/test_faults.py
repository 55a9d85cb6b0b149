"""Disks that are full, failing or read-only, and clocks that jump: what is then said, and that nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.durability import refusal_of
from rag.errors import ConfigurationError, StorageFailed
from rag.ingest import files

ALL = Scope.everything()
SOURCE = Path(__file__).parents[2] / "benchmarks/faulty_disk.c"
FULL, ONCE = 1, 2


@pytest.fixture(scope="module")
def faulty_disk(tmp_path_factory):
    """A library that makes calls fail."""
    if sys.platform != "linux" or not shutil.which("cc"):
        pytest.skip("no C compiler here")
    library = tmp_path_factory.mktemp("disk") / "faulty_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


@pytest.mark.parametrize(
    ("action", "number", "call", "said"),
    [
        (FULL, errno.ENOSPC, 20, "disk"),  # the catalog is written
        (FULL, errno.ENOSPC, 150, "disk is full"),  # a generation is written
        (ONCE, errno.EIO, 40, "disk"),
    ],
)
def test_what_the_disk_refuses_is_told_and_loses_nothing(rag_run, own, faulty_disk, action, number, call, said):
    for n in range(3):
        (own.corpus_dir / f"new-{n}.txt").write_text(f"关于停水的通知\n\n周{n}停水4小时。\n", encoding="utf-8")
    failing = {"LD_PRELOAD": str(faulty_disk), "FAULTY_DISK": f"{action} {number} {call} {own.index_dir}"}
    ran = rag_run("ingest", own.corpus_dir, "--index", own.index_dir, environment=failing)
    assert ran.code == 3, ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert "damaged" not in ran.err.replace("nothing is lost or damaged", "")
    with Engine(own) as engine:
        assert engine.problems() == []
        assert engine.reader().catalog.counts(scope=ALL).documents >= 6
        assert engine.ingest([own.corpus_dir]).documents == 9
        assert engine.problems() == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_keeps_what_it_has_and_serves_on(own, small_disk):
    shutil.copytree(own.index_dir, small_disk / "index")
    settings = own.model_copy(update={"index_dir": small_disk / "index"})
    with Engine(settings) as server, Engine(settings) as engine:
        assert server.reader().searcher.search_text("冲锋舟", scope=ALL)
        (own.corpus_dir / "new.txt").write_text("关于停水的通知\n\n周三停水4小时。\n", encoding="utf-8")
        with (small_disk / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(1 << 12))
        with pytest.raises(StorageFailed, match="full"):
            engine.ingest([own.corpus_dir])
        assert server.reader().searcher.search_text("冲锋舟", scope=ALL)
        assert server.problems() == []
        (small_disk / "ballast").unlink()
        assert engine.ingest([own.corpus_dir]).documents == 7
        assert server.reader().searcher.search_text("停水4小时", scope=ALL)[0].passage.text == "周三停水4小时。"
        assert server.problems() == []


def test_a_read_only_disk_is_read_and_not_written_to(own, small_disk):
    shutil.copytree(own.index_dir, small_disk / "index")
    for left in (small_disk / "index").glob("catalog.db-*"):
        left.unlink()
    settings = own.model_copy(update={"index_dir": small_disk / "index"})
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with Engine(settings) as engine:
        assert engine.reader().searcher.search_text("冲锋舟", scope=ALL)
        assert engine.problems() == []
        with pytest.raises(ConfigurationError, match=r"[Rr]ead-only"):
            engine.ingest([own.corpus_dir])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (OSError(errno.EIO, "Input/output error"), "fails"),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), "full"),  # tantivy
        (RuntimeError("Error: 'ret == (size)' failed: write error: 0 != 8 (No space left on device)"), "full"),  # faiss
        (
            ValueError("'An index writer was killed.. A worker thread encountered an error (io::Error most likely)"),
            "full",
        ),
        (OSError("99 requested and 0 written"), "full"),  # numpy
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError("no such field"), None),
    ],
)
def test_how_libraries_tell_that_the_disk_refuses(error, told):
    reason = refusal_of(error)
    assert reason is None if told is None else told in str(reason)


@pytest.mark.parametrize("years", [-20, 20])
def test_a_clock_that_jumps_hides_no_change_and_makes_none(own, monkeypatch, years):
    real = time.time_ns
    monkeypatch.setattr(files.time, "time_ns", lambda: real() + years * 365 * 86_400 * 10**9)
    flood = own.corpus_dir / "notices/2023-xichuan-flood.txt"
    with Engine(own) as engine:
        assert engine.ingest([own.corpus_dir]).unchanged == 6
        before = flood.stat()
        flood.write_text(
            flood.read_text(encoding="utf-8").replace("42艘", "57艘"), encoding="utf-8"
        )  # of the same size
        os.utime(flood, ns=(before.st_atime_ns, before.st_mtime_ns))
        report = engine.ingest([own.corpus_dir])
        assert (report.updated, report.unchanged) == (1, 5)
        assert engine.ingest([own.corpus_dir]).unchanged == 6
        assert engine.problems() == []
