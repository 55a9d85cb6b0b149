"""Pictures of pages for people (页面影像): rendered in the sandbox from the original file, kept on disk beside the index.

What may be seen is decided before a picture is looked for, and what decides it is part of the name it is kept under: a
picture made for one scope is never given to another. A scope without personal data (个人信息) sees the places of what
is masked painted over; where the place of a masked word is not known, the pages it may stand on are not shown. A scope
that may not fetch original files does not see pictures and annotations whose words were not read either.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import stat
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from rag.app.followed_file import FileState
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.layout import Box, Region, page_at
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.errors import NotFound, SourceError
from rag.loaders.confinement import Limits
from rag.loaders.page import PageRequest
from rag.loaders.raw import MediaType
from rag.loaders.rendering import WITH_PICTURES, render_page
from rag.loaders.sandbox import Sandbox
from rag.store.records import SourceRecord
from rag.store.repository import Catalog

_logger = logging.getLogger(__name__)

WIDTHS = (600, 1200, 1800)
"""Pixels; a picture is made in no other width."""

_VERSION = "2"
"""Part of what a picture is kept under; changes when pages are rendered in another way."""

KEPT_SUFFIX = ".page"
"""Of a file that keeps a picture: its SHA-256, then the picture, so that one that is not as it was is made again."""

_DIGEST_BYTES = 32
_WORKERS = 2
_SECONDS = 30.0
_KNOWN_FILES = 1_000
_MEBIBYTE = 1 << 20
_PART_LEFT = 0.8
"""Of the bound, that is left when the oldest pictures are deleted."""

# How far a cover reaches over the box of the words, in parts of its height: where a character begins is known to a
# tenth of it in files with text, and to half of it where it was recognised.
_MARGIN, _MARGIN_RECOGNISED, _MARGIN_ABOVE = 0.15, 0.6, 0.12


class Missing(StrEnum):
    """Why a page has no picture."""

    FORMAT = "format"  # 这种格式没有页面
    OLD = "old"  # 入库时尚未记录版面
    CHANGED = "changed"  # 原文件已改动或不在原处
    PERSONAL = "personal"  # 页面上的个人信息无法定位遮盖
    UNREADABLE = "unreadable"  # 无法显示


class NoPicture(NotFound):
    """A page has no picture for this scope."""

    def __init__(self, why: Missing, message: str) -> None:
        super().__init__(message)
        self.why = why


_SAID = {
    Missing.FORMAT: "files of this format have no pictures of pages",
    Missing.OLD: "the file was taken in before places on pages were kept; take it in again",
    Missing.CHANGED: "the file is not as it was taken in",
    Missing.PERSONAL: "the page holds personal data whose place is not known",
    Missing.UNREADABLE: "the page cannot be shown",
}


class _Hashed(NamedTuple):
    """The hash of a file, and what tells that the file is as it was then.

    Attributes:
        ctime_ns: Who writes into a file may set its time of modification back, but not this one.
    """

    state: FileState
    ctime_ns: int
    sha256: str


class PagePictures:
    """Makes and keeps pictures of pages. Safe across threads."""

    def __init__(self, folder: Path, *, megabytes: int, worker_megabytes: int) -> None:
        """Start nothing yet.

        Args:
            folder: Where pictures are kept; made when the first is.
            megabytes: Most that they may take there, in MiB.
            worker_megabytes: Most memory of a process that makes them.
        """
        self._folder = folder
        self._most_bytes = megabytes * _MEBIBYTE
        self._sandbox = Sandbox(limits=Limits(seconds=_SECONDS, megabytes=worker_megabytes), workers=_WORKERS)
        self._turn = threading.Lock()
        self._under_way: dict[Path, Future[bytes]] = {}
        self._hashes: OrderedDict[Path, _Hashed] = OrderedDict()

    def close(self) -> None:
        """Stop what is under way."""
        self._sandbox.close()

    def missing(
        self, document: OfficialDocument, number: int | None = None, *, catalog: Catalog, scope: Scope
    ) -> Missing | None:
        """Return why a page cannot be shown, ``None`` when it can, as far as is known without trying.

        Args:
            document: The document, as read for this scope.
            number: Of the page, 1-based; without, it is about them all.
            catalog: Holds the document.
            scope: For whom it is.
        """
        reason = _never(document, number)
        if reason is None and self._file(document, catalog, scope) is None:
            reason = Missing.CHANGED
        if reason is None and number is not None and self._covers(document, number, catalog, scope) is None:
            reason = Missing.PERSONAL
        return reason

    def picture(self, document_id: str, number: int, width: int, *, catalog: Catalog, scope: Scope) -> bytes:
        """Return a page as PNG.

        Args:
            document_id: The document.
            number: Of the page, 1-based.
            width: One of ``WIDTHS``.
            catalog: Holds the document.
            scope: For whom it is.

        Raises:
            NotFound: There is no such document within the scope, or no such page.
            NoPicture: It cannot be shown, or not to this scope.
        """
        document = catalog.document(document_id, scope=scope)
        if not 1 <= number <= (document.pages or 0):
            raise NotFound(f"no page {number} of document {document_id}")
        if (reason := _never(document, number)) is not None:
            raise NoPicture(reason, _SAID[reason])
        covers = self._covers(document, number, catalog, scope)
        if covers is None:
            raise NoPicture(Missing.PERSONAL, _SAID[Missing.PERSONAL])
        record = self._file(document, catalog, scope)
        if record is None:
            raise NoPicture(Missing.CHANGED, _SAID[Missing.CHANGED])
        geometry = document.reading.geometry[number - 1]
        assert geometry is not None
        wanted = PageRequest(
            number,
            geometry,
            width,
            is_recognised=number in document.reading.ocr_pages,
            covers=tuple(covers),
            only_read=not scope.personal_data and not scope.is_unrestricted,
        )
        try:
            return self._kept_or_made(record, MediaType(document.reading.media_type), wanted)
        except SourceError as error:
            _logger.warning("page %d of %s cannot be shown: %s", number, document_id, error.reason)
            raise NoPicture(Missing.UNREADABLE, _SAID[Missing.UNREADABLE]) from error

    def forget_all_but(self, is_known: Iterable[str]) -> None:
        """Delete the pictures of documents that are gone.

        Args:
            is_known: Hashes of the documents that are still there, of those that ``kept`` names.
        """
        known = set(is_known)
        for sha256 in self.kept():
            if sha256 not in known:
                shutil.rmtree(self._folder / sha256, ignore_errors=True)

    def kept(self) -> list[str]:
        """Return hashes of the documents that pictures are kept of."""
        if not self._folder.is_dir():
            return []
        return sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir())

    @staticmethod
    def _covers(document: OfficialDocument, number: int, catalog: Catalog, scope: Scope) -> Sequence[Box] | None:
        if scope.personal_data:
            return ()
        spans = [span for span, _ in catalog.personal_spans(document.document_id, scope=scope)]
        regions = catalog.regions(document.document_id, scope=scope) if spans else ()
        return covers_on(number, spans, regions, document.text, document.reading)

    def _kept_or_made(self, record: SourceRecord, media_type: MediaType, wanted: PageRequest) -> bytes:
        key = hashlib.sha256(repr((_VERSION, media_type.value, wanted)).encode()).hexdigest()[:32]
        place = self._folder / record.sha256 / f"{wanted.number}-{wanted.width}-{key}{KEPT_SUFFIX}"
        with suppress(OSError):
            kept = _whole(place.read_bytes())
            if kept is not None:
                os.utime(place)  # the least lately seen go first
                return kept
        with self._turn:
            future = self._under_way.get(place)
            is_mine = future is None
            if future is None:
                future = self._under_way[place] = self._begin(record, media_type, wanted)
        try:
            made = future.result()
        finally:
            with self._turn:
                self._under_way.pop(place, None)
        if is_mine:
            self._keep(place, made)
        return made

    def _begin(self, record: SourceRecord, media_type: MediaType, wanted: PageRequest) -> Future[bytes]:
        try:
            data = record.path.read_bytes()
        except OSError as error:
            raise NoPicture(Missing.CHANGED, _SAID[Missing.CHANGED]) from error
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise NoPicture(Missing.CHANGED, _SAID[Missing.CHANGED])
        return self._sandbox.submit(record.source, len(data), render_page, data, record.source, media_type, wanted)

    def _keep(self, place: Path, made: bytes) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=place.parent, suffix=".part", delete=False) as part:
                part.write(hashlib.sha256(made).digest() + made)
            Path(part.name).replace(place)
            self._shrink()
        except OSError as error:  # it is shown all the same
            _logger.warning("a picture of a page cannot be kept: %s", error.strerror)

    def _shrink(self) -> None:
        """Delete the pictures that were seen least lately, when all of them are too many."""
        with self._turn:
            found: list[tuple[int, int, Path]] = []
            for path in self._folder.rglob("*"):
                with suppress(OSError):
                    state = path.stat()
                    if stat.S_ISREG(state.st_mode):  # what was cut off, or kept by an earlier version, counts too
                        found.append((state.st_mtime_ns, state.st_size, path))
            total = sum(size for _, size, _ in found)
            if total <= self._most_bytes:
                return
            for _, size, path in sorted(found):
                path.unlink(missing_ok=True)
                total -= size
                if total <= _PART_LEFT * self._most_bytes:
                    return

    def _file(self, document: OfficialDocument, catalog: Catalog, scope: Scope) -> SourceRecord | None:
        """Return a file of a document that is as it was taken in, ``None`` when none is."""
        records = catalog.sources_of(document.document_id, scope=scope)
        return next((record for record in records if self._hash_of(record.path) == record.sha256), None)

    def _hash_of(self, path: Path) -> str | None:
        try:
            looked_at = path.stat()
            state, ctime_ns = FileState.of(looked_at), looked_at.st_ctime_ns
            with self._turn:
                before = self._hashes.get(path)
            if before is not None and before[:2] == (state, ctime_ns):
                return before.sha256
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None
        with self._turn:
            self._hashes[path] = _Hashed(state, ctime_ns, found)
            while len(self._hashes) > _KNOWN_FILES:
                self._hashes.popitem(last=False)
        return found


def _whole(kept: bytes) -> bytes | None:
    """Return the picture that a file keeps, ``None`` when it is not as it was written."""
    digest, made = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
    return made if hashlib.sha256(made).digest() == digest else None


def _never(document: OfficialDocument, number: int | None = None) -> Missing | None:
    """Return why a page, or any page, has no picture whoever asks."""
    reading = document.reading
    if reading.media_type not in WITH_PICTURES or not document.pages:
        return Missing.FORMAT
    if len(reading.geometry) != document.pages:
        return Missing.OLD
    if number is not None and reading.geometry[number - 1] is None:
        return Missing.UNREADABLE
    return None


def covers_on(
    page: int, personal: Iterable[Span], regions: Sequence[Region], text: str, reading: Reading
) -> list[Box] | None:
    """Return the places on a page to be painted over, ``None`` when they are not all known.

    Args:
        page: 1-based.
        personal: Where personal data stands in the text.
        regions: Of the document.
        text: Of the document, masked or not: of it only the blanks count, which need no cover.
        reading: How the document was read.
    """
    is_recognised = page in reading.ocr_pages
    boxes: list[Box] = []
    for span in personal:
        placed: set[int] = set()
        for region in _regions_at(regions, span):
            # What stands on end or has no edges is covered as a whole: where its words are in it is not known.
            box = region.part(span) if region.edges else region.box
            if box is None:
                continue
            placed.update(range(max(span.start, region.span.start), min(span.end, region.span.end)))
            if region.page == page:
                boxes.append(_with_margin(box, _MARGIN_RECOGNISED if is_recognised else _MARGIN))
        if any(at not in placed and not text[at].isspace() for at in range(span.start, span.end)):
            first, last = page_at(regions, span.start), page_at(regions, span.end - 1)
            if first is None or last is None or first <= page <= last:
                return None
    boxes += [_with_margin(box, _MARGIN_RECOGNISED) for covered, box in reading.covered if covered == page]
    return boxes


def _regions_at(regions: Sequence[Region], span: Span) -> Iterator[Region]:
    return (region for region in regions if region.span.overlaps(span))


def _with_margin(box: Box, share: float) -> Box:
    height = box.bottom - box.top
    # Of words that stand on end the height of the type is the width of the box.
    aside, above = share * min(height, max(box.right - box.left, height / 2)), _MARGIN_ABOVE * height
    return Box(box.left - aside, box.top - above, box.right + aside, box.bottom + above)
