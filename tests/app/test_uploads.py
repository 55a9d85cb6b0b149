"""Uploaded files: their names, and where they are read."""

from __future__ import annotations

import io
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from fastapi import UploadFile
from hypothesis import given
from hypothesis import strategies as st

import rag.app.uploads
import rag.ingest.reading
from rag.app.uploads import safe_name, store_upload
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.errors import InvalidRequest
from rag.ingest import is_document_name
from tests.ingest import faults


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("通知.txt", "通知.txt"),
        ("dir/通知.txt", "通知.txt"),
        ("C:\\文件\\通知.txt", "通知.txt"),
        ("a:b?c*.txt", "abc.txt"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("e\u0301.txt", "\u00e9.txt"),  # macOS sends names decomposed
        ("\u202etxt.exe", "txt.exe"),  # a mark that turns the writing round
    ],
)
def test_what_is_kept_of_a_name(name, kept):
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["", " ", ".", "..", "/", "a/..", ".git", "~$a.docx", "nul", "COM1.txt", "答" * 67])
def test_what_is_no_name(name):
    with pytest.raises(InvalidRequest) as refused:
        safe_name(name)
    assert len(str(refused.value)) < 300


@given(st.text(max_size=40))
def test_a_name_kept_is_one_part_of_a_path_anywhere(name):
    try:
        kept = safe_name(name)
    except InvalidRequest:
        return
    assert PurePosixPath(kept).parts == (kept,)
    assert PureWindowsPath(kept).parts == (kept,)
    assert not PureWindowsPath(kept).drive
    assert is_document_name(kept)
    assert safe_name(kept) == kept


def uploaded(**texts):
    return [UploadFile(io.BytesIO(text.encode()), filename=f"{name}.txt") for name, text in texts.items()]


def test_an_upload_that_breaks_its_reader_harms_nothing_else(own, monkeypatch):
    monkeypatch.setattr(rag.app.uploads, "take", faults.take)
    with Engine(own) as engine:
        report, documents = store_upload(
            engine, uploaded(crash="关于甲的通知", fault="关于乙的通知", good="关于丙的通知\n\n放假一天。")
        )
        assert report.added == 1
        assert {failure.source for failure in report.failed} == {"crash.txt", "fault.txt"}
        assert {
            name: engine.reader().find_document(name, scope=Scope.everything()).document_id for name in documents
        } == documents
        assert documents.keys() == {"good.txt"}
        assert (own.corpus_dir / "good.txt").is_file()
        assert not (own.corpus_dir / "crash.txt").exists()
        assert store_upload(engine, uploaded(better="关于丁的通知\n\n放假两天。")).report.added == 1


def test_an_upload_is_read_once(own, monkeypatch):
    monkeypatch.setattr(rag.ingest.reading, "take", faults.take)  # what would read it again breaks on it
    with Engine(own) as engine:
        report, _ = store_upload(engine, uploaded(fault="关于甲的通知\n\n放假一天。"))
        assert (report.added, report.failed) == (1, [])
        assert engine.reader().find_document("fault.txt", scope=Scope.everything()).text.endswith("放假一天。")
