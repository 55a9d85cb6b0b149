"""The files of the audit log: every change of them shows, several processes write them, and old days go in order."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rag.app.audit.log import START, AuditLog

DAY = datetime(2026, 3, 1, 23, 59, 58, tzinfo=UTC)


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.now = DAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "audit"


@pytest.fixture
def log(folder, clock):
    return AuditLog(folder, now=clock)


def entry(n: int) -> dict[str, object]:
    return {"who": "张处", "did": "read", "asked": {"question": f"第{n}问"}, "shown": [f"{n:016x}"]}


def write(log: AuditLog, *numbers: int) -> None:
    log.append([entry(n) for n in numbers], durable=False)


def write_days(log: AuditLog, clock: Clock, days: int) -> None:
    for n in range(days):
        clock.now = DAY + timedelta(days=n)
        write(log, 2 * n, 2 * n + 1)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix == ".jsonl")


def test_entries_are_numbered_bound_and_a_file_a_day(log, clock, folder):
    write(log, 1, 2)
    clock.now += timedelta(seconds=3)
    write(log, 3)
    assert [path.name for path in files(folder)] == ["2026-03-01.jsonl", "2026-03-02.jsonl"]
    found = list(log.entries())
    assert [one["n"] for one in found] == [1, 2, 3]
    assert [one["prev"] for one in found] == [START, found[0]["hash"], found[1]["hash"]]
    assert found[2]["asked"] == {"question": "第3问"}
    verdict = log.verify()
    assert (verdict.entries, verdict.first_day, verdict.head) == (3, "2026-03-01", found[2]["hash"])
    assert verdict.problems == ()
    assert [one["n"] for one in log.entries(since=date(2026, 3, 2))] == [3]
    assert [one["n"] for one in log.entries(until=date(2026, 3, 1))] == [1, 2]


def test_an_empty_log_is_sound(log):
    assert log.verify().problems == ()
    assert list(log.entries()) == []
    assert log.prune(1) == []
    assert log.verify(head="0" * 63 + "1").problems


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_the_owner_may_read_it(log, folder):
    write(log, 1)
    assert stat.S_IMODE(files(folder)[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_changed_byte_shows(log, folder):
    write(log, *range(4))
    (path,) = files(folder)
    sound = path.read_bytes()
    chance = random.Random(7)
    for at in range(len(sound)):
        changed = bytearray(sound)
        changed[at] ^= 1 << chance.randrange(8)
        path.write_bytes(changed)
        assert log.verify().problems, at
    path.write_bytes(sound)
    assert not log.verify().problems


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[1:],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:2], lines[1], *lines[2:]],
        lambda lines: [*lines[:2], b"{}", *lines[2:]],
        lambda lines: [*lines[:3], lines[3][:-9]],
    ],
    ids=["first gone", "one gone", "exchanged", "twice", "inserted", "cut off"],
)
def test_lines_taken_out_or_put_in_show(log, folder, damage):
    write(log, *range(4))
    (path,) = files(folder)
    path.write_bytes(b"\n".join([*damage(path.read_bytes().split(b"\n")[:-1]), b""]))
    assert log.verify().problems


def test_a_day_that_is_gone_shows(log, clock, folder):
    write_days(log, clock, 4)
    for path in files(folder)[:3]:
        kept = path.read_bytes()
        path.unlink()
        assert log.verify().problems, path.name
        path.write_bytes(kept)
    assert not log.verify().problems


def test_that_the_end_was_cut_off_shows_to_who_noted_it(log, folder):
    write(log, 1, 2, 3)
    head = log.verify().head
    write(log, 4)
    assert not log.verify(head).problems
    (path,) = files(folder)
    path.write_bytes(b"".join(line + b"\n" for line in path.read_bytes().split(b"\n")[:2]))
    assert not log.verify().problems
    assert "noted" in " ".join(log.verify(head).problems)


@pytest.mark.parametrize(("cut", "left"), [(1, [1, 2, 3]), (2, [1, 2]), (60, [1, 2]), (150, [1, 2])])
def test_a_line_that_a_crash_cut_off_is_told_and_the_rest_goes_on(log, clock, folder, cut, left):
    write(log, 1, 2)
    (path,) = files(folder)
    path.write_bytes(path.read_bytes()[:-cut])
    assert log.verify().problems
    after = AuditLog(folder, now=clock)  # the process that starts then
    write(after, 3)
    assert not after.verify().problems
    assert [one["n"] for one in after.entries()] == left
    assert list(after.entries())[-1]["torn"] is True
    write(after, 4)
    assert not after.verify().problems
    assert "torn" not in list(after.entries())[-1]


def test_old_days_go_and_the_rest_can_still_be_checked(log, clock, folder):
    write_days(log, clock, 10)
    assert log.prune(30) == []
    removed = log.prune(4)
    assert removed == [f"2026-03-0{n}" for n in range(1, 6)] + []
    assert [path.stem for path in files(folder)] == [
        "2026-03-06",
        "2026-03-07",
        "2026-03-08",
        "2026-03-09",
        "2026-03-10",
    ]
    verdict = log.verify()
    assert verdict.problems == ()
    assert verdict.first_day == "2026-03-06"
    files(folder)[0].unlink()  # by hand: nothing tells of that
    assert log.verify().problems


def test_a_crash_while_old_days_go_is_no_fault(log, clock, folder):
    write_days(log, clock, 10)
    kept = {path: path.read_bytes() for path in files(folder)[:5]}
    log.prune(4)
    for path in list(kept)[2:]:  # the first two went
        path.write_bytes(kept[path])
    assert not log.verify().problems
    log.prune(4)
    assert not log.verify().problems


def test_the_last_day_is_never_removed(log, clock, folder):
    write(log, 1)
    clock.now += timedelta(days=900)
    assert log.prune(1) == []
    assert len(files(folder)) == 1


def test_when_the_clock_goes_back_the_order_stays(log, clock, folder):
    clock.now += timedelta(days=30)
    write(log, 1)
    clock.now -= timedelta(days=20)
    write(log, 2)
    assert len(files(folder)) == 1
    assert not log.verify().problems


def _write_many(folder: Path, name: str) -> None:
    log = AuditLog(folder)
    for n in range(25):
        log.append([{"who": name, "no": n}, {"who": name, "no": n, "second": True}], durable=False)


def test_processes_write_side_by_side(folder):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(folder, f"甲{n}")) for n in range(2)]
    for writer in writers:
        writer.start()
    _write_many(folder, "乙")
    for writer in writers:
        writer.join()
    log = AuditLog(folder)
    assert log.verify().problems == ()
    found = list(log.entries())
    assert len(found) == 150
    for name in ("甲0", "甲1", "乙"):
        assert [one["no"] for one in found if one["who"] == name] == [n for n in range(25) for _ in range(2)]


def test_what_does_not_fit_on_the_disk_is_not_half_there(log, folder):
    write(log, 1)
    (path,) = files(folder)
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, limits[1]))
    try:
        with pytest.raises(OSError):
            write(log, 2, 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before
    write(log, 2)
    assert not log.verify().problems
    assert len(list(log.entries())) == 2
