"""The manifest: what was written is what is there, or it is said which file is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from rag.errors import IndexDamaged
from rag.indexes.manifest import MANIFEST_FILE, Manifest, file_hash, measured


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.bin").write_bytes(b"abc")
    (tmp_path / "inner" / "b.bin").write_bytes(b"")
    (tmp_path / "inner" / ".held.lock").write_bytes(b"1")
    return tmp_path


def manifest_of(folder: Path) -> Manifest:
    hashes, sizes = measured(folder, {})
    return Manifest(1, "1", "e", 8, 0, 3, hashes, sizes)


def test_a_file_hash_is_its_sha256(folder):
    # The example of FIPS 180-2, appendix B.1.
    assert file_hash(folder / "a.bin") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_locks_and_the_manifest_itself_are_not_listed(folder):
    manifest_of(folder).write(folder)
    assert set(measured(folder, {})[0]) == {"a.bin", "inner/b.bin"}


def test_a_known_hash_is_taken_over(folder):
    assert measured(folder, {"a.bin": "known"})[0]["a.bin"] == "known"


def test_it_reads_back_what_it_wrote(folder):
    manifest = manifest_of(folder)
    manifest.write(folder)
    assert Manifest.read(folder) == manifest
    assert manifest.problems(folder) == []


def test_sizes_alone_are_compared_above_the_limit(folder):
    manifest = manifest_of(folder)
    (folder / "a.bin").write_bytes(b"abd")
    assert manifest.problems(folder, hashes_up_to_bytes=3)
    assert manifest.problems(folder, hashes_up_to_bytes=2) == []
    (folder / "a.bin").write_bytes(b"ab")
    assert manifest.problems(folder, hashes_up_to_bytes=2) == [f"{folder.name}/a.bin is not as it was written"]
    (folder / "a.bin").unlink()
    assert manifest.problems(folder) == [f"{folder.name}/a.bin is missing"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"layout": 1, "unknown": 2}', "\x00"])
def test_what_is_no_manifest_is_damage(folder, content):
    (folder / MANIFEST_FILE).write_text(content)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        Manifest.read(folder)


def test_any_changed_byte_of_it_is_damage(folder):
    manifest_of(folder).write(folder)
    path = folder / MANIFEST_FILE
    content = path.read_bytes()
    for at in range(len(content)):
        for change in (0x01, 0x20, 0x80):
            path.write_bytes(content[:at] + bytes([content[at] ^ change]) + content[at + 1 :])
            with pytest.raises(IndexDamaged):
                Manifest.read(folder)


def test_one_of_an_earlier_version_has_no_hash_of_itself(folder):
    manifest = manifest_of(folder)
    (folder / MANIFEST_FILE).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    assert Manifest.read(folder) == manifest
