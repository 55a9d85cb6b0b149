"""Files being read in the sandbox's workers (并行读取), while the run decides what becomes of each in its turn."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace

from rag.ingest.taking import Taken, take
from rag.loaders.sandbox import Sandbox
from rag.parsing.corrections import Corrections


class Readings:
    """What is being read, by the hash of the bytes and the recipe: copies of a file are read once."""

    def __init__(self, sandbox: Sandbox, ready: Mapping[str, Taken]) -> None:
        """Begin with nothing under way.

        Args:
            sandbox: Reads the files.
            ready: Files read before, by hash; without corrections.
        """
        self._sandbox = sandbox
        self._ready = ready
        self._futures: dict[tuple[str, str], Future[Taken]] = {}

    def begin(self, data: bytes, source: str, sha256: str, corrections: Corrections, recipe: str) -> None:
        """Begin to read a file, if that was not begun yet.

        Args:
            data: The whole file.
            source: Its path; what is read is the same under any other of that suffix.
            sha256: Hash of the bytes, hex.
            corrections: Elements stated by hand.
            recipe: What besides the bytes decides the outcome.
        """
        if (sha256, recipe) in self._futures:
            return
        if sha256 in self._ready and not corrections.names:
            self._futures[sha256, recipe] = _done(self._ready[sha256])
        else:
            submit = self._sandbox.submit
            self._futures[sha256, recipe] = submit(source, len(data), take, data, source, sha256, corrections)

    def is_under_way(self, sha256: str, recipe: str) -> bool:
        """Tell whether ``result`` would have to wait for a worker."""
        future = self._futures.get((sha256, recipe))
        return future is not None and not future.done()

    def result(self, sha256: str, recipe: str, source: str) -> Taken | None:
        """Wait for what was begun; ``None`` when it was not.

        Args:
            sha256: Hash of the bytes, hex.
            recipe: What besides the bytes decides the outcome.
            source: What the document is to bear.

        Raises:
            SourceError: It cannot be read as a document.
        """
        future = self._futures.get((sha256, recipe))
        if future is None:
            return None
        taken = future.result()
        # A failure is kept, for the copies; a document is stored now, and its copies will be pointed to it.
        del self._futures[sha256, recipe]
        return taken if taken.document.source == source else _under(source, taken)


def _under(source: str, taken: Taken) -> Taken:
    return replace(taken, document=replace(taken.document, source=source))


def _done(taken: Taken) -> Future[Taken]:
    future: Future[Taken] = Future()
    future.set_result(taken)
    return future
