"""The sandbox: what each kind of misbehaviour costs, and what it does not."""

from __future__ import annotations

import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.errors import EmptyDocument, UnreadableSource
from rag.loaders.confinement import MEBIBYTE, Limits
from rag.loaders.sandbox import Sandbox

from . import misbehaving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and signals are those of POSIX systems")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds to this limit")


@pytest.fixture(scope="module")
def sandbox():
    """One for all tests: each must leave it fit for the next."""
    with Sandbox(limits=Limits(seconds=60, megabytes=256, written_megabytes=4, open_files=64), workers=2) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def hasty():
    with Sandbox(limits=Limits(seconds=2), workers=1) as sandbox:
        yield sandbox


def submit(sandbox, function, *arguments):
    return sandbox.submit("a.txt", 1, function, *arguments)


def run(sandbox, function, *arguments):
    return submit(sandbox, function, *arguments).result(timeout=60)


def reason(sandbox, function, *arguments):
    with pytest.raises(UnreadableSource) as caught:
        run(sandbox, function, *arguments)
    assert caught.value.source == "a.txt"
    return caught.value.reason


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What was killed and not yet waited for by anyone is not running.
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] if _HAS_PROC else True


_HAS_PROC = Path("/proc/self/stat").is_file()


def wait_until(happened):
    """Wait for what another process does by itself; a failure is a test that ends after a minute."""
    for _ in range(600):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen within a minute")


def test_results_come_back_in_the_order_asked(sandbox):
    futures = [submit(sandbox, misbehaving.double, number) for number in range(500)]
    assert [future.result() for future in futures] == [2 * number for number in range(500)]


def test_a_worker_serves_many_files_and_is_not_this_process(sandbox):
    pids = {run(sandbox, misbehaving.give_pid) for _ in range(20)}
    assert len(pids) <= 2
    assert os.getpid() not in pids
    assert run(sandbox, misbehaving.give_parent) == os.getpid()


def test_large_files_go_in_and_out_whole(sandbox):
    data = os.urandom(20 * MEBIBYTE)
    assert run(sandbox, misbehaving.give_back, data) == data


def test_an_error_of_the_file_comes_back_as_it_is(sandbox):
    with pytest.raises(EmptyDocument) as caught:
        run(sandbox, misbehaving.refuse)
    assert (caught.value.source, caught.value.reason, caught.value.remedy) == ("a.txt", "文件中没有文字", "另存")


def test_a_fault_of_ours_costs_one_file_and_its_words_stay_out_of_the_log(sandbox, caplog):
    with caplog.at_level(logging.DEBUG):
        assert "IndexError" in reason(sandbox, misbehaving.fail)
    assert "misbehaving.py" in caplog.text  # where it was raised
    assert misbehaving.WORDS not in caplog.text


@pytest.mark.parametrize("function", [misbehaving.hang, misbehaving.hang_without_end])
def test_one_that_takes_too_long_is_killed(hasty, function):
    assert "超时" in reason(hasty, function)
    assert run(hasty, misbehaving.double, 2) == 4  # by another worker


def test_what_it_started_is_killed_with_it(hasty, tmp_path):
    note = tmp_path / "pid"
    with Sandbox(limits=Limits(seconds=2), workers=1) as patient:
        assert "超时" in reason(patient, misbehaving.hang_with_child, str(note))
    wait_until(lambda: not is_running(int(note.read_text())))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can stand where it may do less")
def test_a_folder_that_cannot_be_removed_does_not_stop_the_reading(caplog):
    with Sandbox(workers=1) as sandbox:
        assert run(sandbox, misbehaving.double, 1) == 2
        os.seteuid(65534)
        try:
            assert "SIGSEGV" in reason(sandbox, misbehaving.die_of, signal.SIGSEGV)
            wait_until(lambda: "cannot be removed" in caplog.text)
        finally:
            os.seteuid(0)
        assert run(sandbox, misbehaving.double, 2) == 4
    (record,) = [record for record in caplog.records if "cannot be removed" in record.message]
    shutil.rmtree(str(record.args[0]))


def test_what_it_had_unpacked_goes_with_it(tmp_path):
    note = tmp_path / "folder"
    with Sandbox(limits=Limits(seconds=2), workers=1) as patient:
        assert "超时" in reason(patient, misbehaving.unpack_and_hang, str(note))
    assert not Path(note.read_text(encoding="utf-8")).exists()


@on_linux
@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (misbehaving.take_memory, (2048,)),
        (misbehaving.take_memory_and_abort, (2048,)),
        (misbehaving.take_memory_bit_by_bit, ()),
    ],
)
def test_memory_is_limited(sandbox, function, arguments):
    assert "内存超限" in reason(sandbox, function, *arguments)
    assert "256 MB" in reason(sandbox, function, *arguments)
    assert run(sandbox, misbehaving.take_memory, 100) == 100 * MEBIBYTE


@on_linux
def test_a_file_too_large_for_the_memory_is_told_so(sandbox):
    assert "内存超限" in reason(sandbox, misbehaving.give_back, bytes(300 * MEBIBYTE))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGSEGV, "SIGSEGV"),
        (signal.SIGABRT, "SIGABRT"),
        (signal.SIGKILL, "被系统终止"),
        (signal.SIGXCPU, "处理器时间"),
    ],
)
def test_a_crash_is_told_by_its_signal(sandbox, number, words):
    assert words in reason(sandbox, misbehaving.die_of, number)
    assert run(sandbox, misbehaving.double, 3) == 6


def test_a_crash_in_native_code_costs_one_file(sandbox):
    futures = [
        submit(sandbox, misbehaving.crash) if number % 5 == 0 else submit(sandbox, misbehaving.double, number)
        for number in range(15)
    ]
    for number, future in enumerate(futures):
        if number % 5 == 0:
            with pytest.raises(UnreadableSource, match=r"崩溃.*SIGSEGV"):
                future.result(timeout=60)
        else:
            assert future.result(timeout=60) == 2 * number


@pytest.mark.parametrize("code", [0, 3])
def test_a_worker_that_ends_by_itself_is_told_by_its_code(sandbox, code):
    assert f"退出码 {code}" in reason(sandbox, misbehaving.end, code)


def test_files_written_are_limited(sandbox, tmp_path):
    assert run(sandbox, misbehaving.write_file, str(tmp_path / "small"), 3) == 3
    assert "OSError" in reason(sandbox, misbehaving.write_file, str(tmp_path / "large"), 5)
    assert (tmp_path / "large").stat().st_size <= 4 * MEBIBYTE


def test_open_files_are_limited(sandbox):
    assert run(sandbox, misbehaving.open_files, __file__, 20) == 20
    assert "OSError" in reason(sandbox, misbehaving.open_files, __file__, 100)


def test_what_is_printed_does_not_come_between(sandbox):
    assert [run(sandbox, misbehaving.print_much) for _ in range(3)] == ["quiet"] * 3


def test_workers_ignore_interrupts(sandbox):
    assert run(sandbox, misbehaving.ignores_interrupt)


@on_linux
def test_workers_have_no_network_where_the_system_allows_it(sandbox):
    import socket

    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody leave the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run(sandbox, misbehaving.reach_network, server.getsockname()[1]) != 0


def test_time_grows_with_the_file_and_is_bounded():
    limits = Limits(seconds=10)
    assert limits.seconds_for(0) == 10
    assert limits.seconds_for(32 * MEBIBYTE) == 25
    assert limits.seconds_for(10**12) == 40


def test_closing_stops_what_is_under_way(tmp_path):
    sandbox = Sandbox(workers=1)
    note = tmp_path / "pid"
    running = submit(sandbox, misbehaving.note_and_hang, str(note))
    waiting = submit(sandbox, misbehaving.double, 1)
    wait_until(lambda: note.is_file() and note.read_text())
    sandbox.close()
    with pytest.raises(UnreadableSource, match="中断"):
        running.result(timeout=60)
    assert waiting.cancelled()
    assert not is_running(int(note.read_text()))
    with pytest.raises(RuntimeError):
        submit(sandbox, misbehaving.double, 1)


@on_linux
def test_workers_die_with_the_program(tmp_path):
    note = tmp_path / "pid"
    program = (
        "from rag.loaders.sandbox import Sandbox\n"
        "from tests.loaders import misbehaving\n"
        f"Sandbox(workers=1).submit('a', 1, misbehaving.note_and_hang, {str(note)!r}).result()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[2]) as process:
        wait_until(lambda: note.is_file() and note.read_text())
        process.kill()
    wait_until(lambda: not is_running(int(note.read_text())))


def test_what_cannot_be_sent_is_told_to_the_caller(sandbox):
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        run(sandbox, lambda: None)
    assert run(sandbox, misbehaving.double, 4) == 8


def test_one_worker_serves_a_few_small_files():
    with Sandbox(workers=4) as sandbox:
        assert len({run(sandbox, misbehaving.give_pid) for _ in range(5)}) == 1


@on_linux
def test_what_the_program_holds_is_not_counted_as_its_workers():
    held = bytearray(os.urandom(1024)) * (400 * 1024)  # 400 MB, all of it written
    with Sandbox(workers=1) as small:
        assert run(small, misbehaving.double, 2) == 4
        assert 0 < small.peak_megabytes < len(held) // MEBIBYTE
