"""Files on the disk before anything relies on them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.durability import make_durable, write_durably

pytestmark = pytest.mark.skipif(os.name == "nt", reason="folders are not synced there")


@pytest.fixture
def synced(monkeypatch):
    """Numbers of the files and folders synced, in order."""
    numbers: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: numbers.append(os.fstat(descriptor).st_ino))
    return numbers


def test_every_file_and_folder_is_brought_to_the_disk(tmp_path: Path, synced):
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.bin").write_bytes(b"abc")
    (tmp_path / "inner" / "b.bin").write_bytes(b"")
    make_durable(tmp_path)
    assert set(synced) == {path.stat().st_ino for path in (tmp_path, *tmp_path.rglob("*"))}
    assert synced[-1] == tmp_path.stat().st_ino  # a folder after what is in it


def test_a_file_takes_the_place_of_another_once_it_is_there(tmp_path: Path, synced):
    target = tmp_path / "a.txt"
    target.write_bytes(b"before")
    write_durably(target, b"after")
    assert target.read_bytes() == b"after"
    assert synced == [target.stat().st_ino, tmp_path.stat().st_ino]
    assert list(tmp_path.iterdir()) == [target]
