"""Every hostile file is read, or refused for a true reason; nothing else happens to the worker that reads it."""

from __future__ import annotations

import re
import sys
from concurrent.futures import Future

import pytest

from rag.errors import EmptyDocument, SourceError
from rag.ingest.taking import Taken, take
from rag.loaders import load
from rag.loaders.confinement import Limits
from rag.loaders.office import find_libreoffice
from rag.loaders.sandbox import Sandbox

from . import documents, packages, writings
from .expectations import READ, Hostile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX systems")

HOSTILE: dict[str, Hostile] = {
    hostile.name: hostile
    for source in (
        *(packages.packages, packages.word_files, packages.ofd_packages, documents.pdfs, documents.pictures),
        *(writings.texts, writings.pages, writings.misnamed, writings.truncated),
        *((writings.office,) if find_libreoffice() else ()),
    )
    for hostile in source()
}

# What the sandbox says when a worker died, ran out of memory or time, or met an error that no loader foresaw.
_BROKE_ITS_READER = re.compile(r"cannot parse|took longer|out of memory|more memory|the program|was killed|died")


@pytest.fixture(scope="module")
def outcomes():
    """What each file came to, all read by the workers as a run reads them."""
    with Sandbox(limits=Limits(seconds=120), workers=2) as sandbox:
        futures: dict[str, Future[Taken]] = {
            name: sandbox.submit(name, len(hostile.data), take, hostile.data, name, "ab" * 32)
            for name, hostile in HOSTILE.items()
        }
        found: dict[str, Taken | SourceError] = {}
        for name, future in futures.items():
            try:
                found[name] = future.result()
            except SourceError as error:
                found[name] = error
        assert sandbox.peak_megabytes <= 1200
    return found


def test_there_are_enough():
    assert len(HOSTILE) >= 300


@pytest.mark.parametrize("name", HOSTILE)
def test_read_or_refused_for_a_true_reason(outcomes, name):
    hostile, outcome = HOSTILE[name], outcomes[name]
    if isinstance(outcome, SourceError):
        assert hostile.outcome != READ, outcome.reason
        allowed = SourceError if hostile.outcome in (None, READ) else hostile.outcome
        assert isinstance(outcome, allowed), outcome.reason
        assert re.search(hostile.reason, outcome.reason), outcome.reason
        assert not _BROKE_ITS_READER.search(outcome.reason), outcome.reason
        assert outcome.source == name
        assert "root:" not in str(outcome)
    else:
        assert hostile.outcome in (None, READ), outcome.document.text[:99]
        text = outcome.document.text
        assert text.strip()
        assert hostile.words in text
        assert "root:" not in text
        assert "".join(passage.text for passage in outcome.passages).strip()


def test_a_reason_is_that_of_the_file_and_not_of_the_one_before():
    """PDFium leaves its last error standing where it gives up without one of its own."""
    for name in ("encrypted.pdf", "1048576-pages-of-one.pdf"):
        with pytest.raises(SourceError) as caught:
            load(HOSTILE[name].data, name)
        assert re.search(HOSTILE[name].reason, caught.value.reason)


def test_a_file_of_furniture_only_is_empty():
    with pytest.raises(EmptyDocument, match="nothing but page numbers"):
        take("（此页无正文）\n— 1 —\n".encode(), "a.txt", "ab" * 32)
