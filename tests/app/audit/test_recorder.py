"""The recorder: nothing that was recorded is lost while the process lives, and a full disk is told and outlived."""

from __future__ import annotations

import logging
import threading

import pytest

from rag.app.audit.log import AuditLog
from rag.app.audit.recorder import Recorder

from .test_record import record


@pytest.fixture
def log(tmp_path):
    return AuditLog(tmp_path / "audit")


def names(log: AuditLog) -> list[str]:
    return [entry["who"] for entry in log.entries()]


def test_records_are_there_after_a_flush_in_order(log):
    recorder = Recorder(log, days=30)
    for n in range(700):
        recorder.record(record(who=f"第{n}人"))
    assert recorder.flush()
    assert names(log) == [f"第{n}人" for n in range(700)]
    assert log.verify().problems == ()
    recorder.close()
    recorder.record(record(who="后来"))  # it starts again
    recorder.close()
    assert names(log)[-1] == "后来"


def test_threads_record_side_by_side(log):
    recorder = Recorder(log, days=30)

    def some(name: str) -> None:
        for _ in range(50):
            recorder.record(record(who=name))

    threads = [threading.Thread(target=some, args=(f"甲{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    assert sorted(names(log)) == sorted(f"甲{n}" for n in range(8) for _ in range(50))
    assert log.verify().problems == ()


def test_a_recorder_that_recorded_nothing_writes_nothing(log, tmp_path):
    recorder = Recorder(log, days=30)
    assert recorder.flush()
    recorder.close()
    assert not (tmp_path / "audit").exists()


def test_what_cannot_be_written_waits_until_it_can(tmp_path, caplog):
    (tmp_path / "audit").write_text("in the way", encoding="utf-8")
    log = AuditLog(tmp_path / "audit")
    recorder = Recorder(log, days=30, retry_seconds=0.01)
    with caplog.at_level(logging.WARNING):
        recorder.record(record(who="先"))
        assert not recorder.flush(0.3)
        assert recorder.failure
        recorder.record(record(who="后"))
        (tmp_path / "audit").unlink()
        assert recorder.flush()
    assert recorder.failure is None
    assert names(log) == ["先", "后"]
    assert "cannot be written" in caplog.text
    assert "can be written again" in caplog.text
    recorder.close()


def test_who_ends_while_it_cannot_be_written_says_what_is_lost(tmp_path, caplog):
    (tmp_path / "audit").write_text("in the way", encoding="utf-8")
    recorder = Recorder(AuditLog(tmp_path / "audit"), days=30, retry_seconds=0.01)
    recorder.record(record())
    recorder.flush(0.2)
    recorder.close()
    assert "1 records of the audit log are lost" in caplog.text
