"""Files of a corpus: which of them are documents."""

from __future__ import annotations

import pytest

from rag.ingest import is_document_name


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("2024年通知.txt", True),
        ("答复.PDF", True),
        ("没有扩展名", True),
        ("README.md", False),  # says what a folder holds
        ("readme.txt", False),
        (".hidden.txt", False),
        ("~$答复.docx", False),  # Word's lock file
        ("答复.txt~", False),  # an editor's backup
        ("答复.pdf.part", False),  # a download under way
        ("答复.txt.meta.toml", False),  # hand corrections beside a file
        ("Thumbs.db", False),
    ],
)
def test_names_of_documents(name, is_one):
    assert is_document_name(name) is is_one
