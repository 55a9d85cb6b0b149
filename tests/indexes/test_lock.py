"""One writer at a time, across threads and processes; the loser is told who holds the lock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.errors import IndexLocked
from rag.indexes.lock import OWNER_FILE, writer_lock

HOLD = """
import sys
from pathlib import Path
from rag.indexes.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_same_thread_may_take_it_again(tmp_path):
    with writer_lock(tmp_path / "new"):
        with writer_lock(tmp_path / "new"):
            pass
        assert (tmp_path / "new" / OWNER_FILE).exists()
        assert _refused_in_another_thread(tmp_path / "new")
    assert not (tmp_path / "new" / OWNER_FILE).exists()
    assert not _refused_in_another_thread(tmp_path / "new")


def _refused_in_another_thread(folder: Path) -> list[IndexLocked]:
    refusals: list[IndexLocked] = []

    def take() -> None:
        try:
            with writer_lock(folder):
                pass
        except IndexLocked as error:
            refusals.append(error)

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    return refusals


def test_the_message_names_the_holder(tmp_path):
    with writer_lock(tmp_path):
        (refusal,) = _refused_in_another_thread(tmp_path)
    assert re.search(rf"process {os.getpid()} since \d{{4}}-\d\d-\d\dT", str(refusal))
    assert refusal.retryable


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json"])
def test_a_holder_that_has_not_said_who_it_is(tmp_path, content):
    with writer_lock(tmp_path):
        (tmp_path / OWNER_FILE).write_text(content)
        (refusal,) = _refused_in_another_thread(tmp_path)
    assert "another process" in str(refusal)


def test_it_is_let_go_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path):
        raise ZeroDivisionError
    assert not _refused_in_another_thread(tmp_path)


def test_another_process_is_kept_out_until_this_one_ends(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(IndexLocked, match=f"process {child.pid} "), writer_lock(tmp_path):
            pytest.fail("two writers at once")
        child.kill()  # a writer that dies lets go
    with writer_lock(tmp_path, wait_seconds=5):
        pass
