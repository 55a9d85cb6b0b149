"""A file read again when it is another one, and only then."""

from __future__ import annotations

import os

import pytest

from rag.app.followed_file import FollowedFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.txt"


def put(path, content):
    """Put another file in its place, as whoever writes one does."""
    part = path.with_suffix(".part")
    part.write_text(content, "utf-8")
    part.replace(path)


class Reader:
    """Reads, and counts how often; refuses what is no number."""

    def __init__(self):
        self.times = 0

    def __call__(self, content, mode):
        self.times += 1
        return int(content), mode


def test_it_is_read_once_while_it_is_the_same(path):
    put(path, "1")
    reader = Reader()
    file = FollowedFile(path, reader)
    assert [file.now() for _ in range(3)] == [(1, path.stat().st_mode)] * 3
    assert reader.times == 1


def test_another_one_of_the_same_size_is_read(path):
    put(path, "1")
    file = FollowedFile(path, Reader())
    assert file.now()[0] == 1
    put(path, "2")
    assert file.now()[0] == 2


@pytest.mark.parametrize("changed", [b"2", b"12"])
def test_one_written_over_in_place_is_read(path, changed):
    put(path, "1")
    file = FollowedFile(path, Reader())
    file.now()
    path.write_bytes(changed)
    os.utime(path, ns=(0, 1))
    assert file.now()[0] == int(changed)


def test_one_that_is_gone_is_forgotten(path, tmp_path):
    file = FollowedFile(path, reader := Reader())
    with pytest.raises(FileNotFoundError):
        file.now()
    put(path, "1")
    file.now()
    path.rename(tmp_path / "aside")
    with pytest.raises(FileNotFoundError):
        file.now()
    (tmp_path / "aside").rename(path)  # to the last byte and second the one before
    assert file.now()[0] == 1
    assert reader.times == 2


def test_one_that_cannot_be_read_is_tried_again(path):
    put(path, "1")
    file = FollowedFile(path, Reader())
    file.now()
    put(path, "一件")
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            file.now()
    path.unlink()
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        file.now()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_whether_it_may_be_read_is_asked_every_time(path):
    def permit(mode):
        if mode & 0o002:
            raise PermissionError("anybody may write to it")

    put(path, "1")
    file = FollowedFile(path, Reader(), permit=permit)
    assert file.now()[0] == 1
    path.chmod(0o666)
    with pytest.raises(PermissionError):
        file.now()
    path.chmod(0o600)
    assert file.now()[0] == 1
