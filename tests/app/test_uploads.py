"""Names of uploaded files."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.app.uploads import safe_name
from rag.errors import InvalidRequest
from rag.ingest import is_document_name


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
