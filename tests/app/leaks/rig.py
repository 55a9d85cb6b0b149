"""A server, and for each principal a twin over a corpus without what that principal may not see.

Whatever a principal asks, the answer must be the twin's, and hold no canary of a hidden document.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import anyio.to_thread
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response

from rag.app.api import create_app
from rag.app.wiring import Engine
from rag.settings import Settings

from .documents import DOCUMENTS, FOLDERS, UPLOADED, Source
from .mean_lengths import give_mean_lengths, mean_lengths_of
from .principals import ADMIN, PRINCIPALS, Who
from .responses import seen, words_of

Asked = tuple[str, str, dict[str, Any]]
"""Method, path, and the keywords of the request."""

Labels = Mapping[str, str]
"""Disclosure by document id, of the documents that are there."""

BY_ID = {document.document_id: document for document in DOCUMENTS}
AT_FIRST: Labels = {document.document_id: document.label for document in DOCUMENTS}

_TWINS_KEPT = 16

RANKED = re.compile(r"/|/ask/.*|/precedents|/api/v1/(?:ask|search|precedents)")
"""Paths of what is put in order by likeness.

BM25 divides by the mean length of an entry, hidden ones too, which tantivy does not let us choose (see SECURITY.md). So an
answer that is another than the twin's must be the very one of a twin whose entries have the server's mean length: that
number alone may be behind it.
"""


class _Server:
    """An engine over a corpus of its own, with its client."""

    def __init__(
        self,
        folder: Path,
        state: Path,
        loop: asyncio.Runner,
        *,
        models_of: Engine | None = None,
        app: FastAPI | None = None,
    ) -> None:
        """Start with nothing.

        Args:
            folder: Of the corpus and the index.
            state: Folder of the keys.
            loop: In which requests run.
            models_of: An engine that lends its models and the process that reads files.
            app: One that another server made, which takes turns with this one; to make it takes long.
        """
        self.folder = folder
        self._loop = loop
        self._closing = ExitStack()
        settings = Settings(
            index_dir=folder / "index", corpus_dir=folder / "corpus", state_dir=state, audit=False, parse_workers=1,
            requests_per_minute=0, anonymous_per_minute=0,
        )  # fmt: skip
        self.engine = self._closing.enter_context(Engine(settings))
        if models_of is not None:
            self.engine.models, self.engine._sandbox = models_of.models, models_of.sandbox
        self.app = app or create_app(self.engine)
        # Not TestClient: it goes to a thread and back eight times a request.
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        self._client = AsyncClient(transport=transport, base_url="http://127.0.0.1")

    def ask(self, method: str, path: str, keywords: Mapping[str, Any]) -> Response:
        """Send a request, and return the response read whole."""
        self.app.state.engine = self.engine
        return self._loop.run(self._client.request(method, path, **keywords))

    def take_in(self, files: Mapping[str, tuple[Source, str]]) -> None:
        """Make these the files, with the labels beside them, and take them in."""
        corpus = self.engine.settings.corpus_dir
        for folder in FOLDERS:
            (corpus / folder).mkdir(parents=True, exist_ok=True)
        for path in corpus.rglob("*"):
            if path.is_file() and path.relative_to(corpus).as_posix().removesuffix(".meta.toml") not in files:
                path.unlink()
        for source, (document, label) in files.items():
            self.write_label(source, document, label)
            path = corpus / source
            if not path.exists():
                path.write_bytes(document.data)
                self.set_time(source)
        report = self.engine.ingest([corpus], prune=True)
        assert not report.failed, report.failed

    def write_label(self, source: str, document: Source, label: str) -> None:
        """State a document's label beside one of its files."""
        sidecar = self.engine.settings.corpus_dir / f"{source}.meta.toml"
        said = f'disclosure = "{label}"\nplace = "{document.place}"\n'
        if not sidecar.exists() or sidecar.read_text(encoding="utf-8") != said:
            sidecar.write_text(said, encoding="utf-8")

    def set_time(self, source: str) -> None:
        """Give a file a time that is the same everywhere: an operator is told of it."""
        os.utime(self.engine.settings.corpus_dir / source, (1_700_000_000, 1_700_000_000))

    def close(self) -> None:
        """End it, and delete what it held."""
        self._loop.run(self._client.aclose())
        self._closing.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Rig:
    """The server, its twins, and the state that both are in."""

    def __init__(self, folder: Path) -> None:
        """Take the corpus in."""
        self._folder = folder
        self._made = 0
        self._closing = ExitStack()
        # Here and not in threads of the server: one request comes after the other, and each change of thread waits.
        self._closing.enter_context(patch.object(anyio.to_thread, "run_sync", _here))
        self._loop = self._closing.enter_context(asyncio.Runner())
        self._main = _Server(folder / "main", folder / "state", self._loop)
        self._twins: OrderedDict[object, _Server] = OrderedDict()
        self._app_of_twins: FastAPI | None = None
        self.labels: dict[str, str] = {}
        # Equals are put in the order in which they were taken in, so the twins take them in in the same order.
        self._batches: list[list[str]] = []
        self._set(AT_FIRST)
        self.keys = {who.name: self._key(who) for who in PRINCIPALS if who.role is not None}
        for who in PRINCIPALS:  # the scopes of the product are those of the test, and none is of all or of nothing
            total = self.ask(who, ("GET", "/api/v1/documents", {})).json()["total"]
            assert total == sum(bool(who.files_of(d, d.label)) for d in DOCUMENTS) > 0
        self.has_changed = False
        self.by_length = 0

    @property
    def app(self) -> FastAPI:
        """Of the server itself."""
        return self._main.app

    def close(self) -> None:
        """End everything."""
        while self._twins:
            self._forget_twin()
        self._main.close()
        self._closing.close()

    def reset(self) -> None:
        """Bring everything back to how it was at first."""
        if self.has_changed:
            self._set({})
            self._set(AT_FIRST)
            self.has_changed = False

    def change(self, labels: Labels) -> None:
        """Make these the documents, with these labels, as an operator does with files."""
        self.has_changed = True
        self._set(labels)

    def delete(self, document: Source) -> None:
        """Delete a document as an administrator does, over HTTP."""
        self.has_changed = True
        response = self.ask(ADMIN, ("DELETE", f"/api/v1/documents/{document.document_id}", {}))
        assert response.status_code == 200
        self._note({i: label for i, label in self.labels.items() if i != document.document_id})

    def upload(self, label: str) -> None:
        """Upload the document that can be, over HTTP; what is said beside it is there before."""
        self.has_changed = True
        self._main.write_label(UPLOADED.source, UPLOADED, label)
        response = self.ask(
            ADMIN, ("POST", "/api/v1/documents", {"files": {"files": (UPLOADED.source, UPLOADED.data)}})
        )
        assert response.status_code == 201, response.text
        self._main.set_time(UPLOADED.source)
        self._note({**self.labels, UPLOADED.document_id: label})
        self._set(self.labels)

    def ask(self, who: Who, asked: Asked, server: _Server | None = None) -> Response:
        """Send a request."""
        method, path, keywords = asked
        headers = {"X-API-Key": self.keys[who.name]} if who.role is not None else {}
        if not path.startswith("/api/"):
            headers["Accept"] = "text/html"
        given = {**keywords, "headers": headers | keywords.get("headers", {})}
        return (server or self._main).ask(method, path, given)

    def check(self, who: Who, asked: Asked) -> None:
        """Ask server and twin, and hold that neither answer nor what it is about gives anything away."""
        response = self.ask(who, asked)
        assert response.status_code < 500, (who.name, asked, response.text)
        said = words_of(response)
        told = json.dumps(asked, ensure_ascii=False, default=repr)
        for word in self._hidden_words(who):
            assert word in told or word not in said, f"{who.name} was told {word} by {asked}"
        visible = self._files(who)
        if len(visible) == len(self._files(ADMIN)):
            return  # nothing is hidden
        ours = seen(response)
        different = ours.differs_from(seen(self.ask(who, asked, self._twin(visible))))
        if different and RANKED.fullmatch(asked[1]):
            like = self._twin(visible, mean_lengths_of(self._main.engine))
            different = ours.differs_from(seen(self.ask(who, asked, like)))
            self.by_length += not different
        assert not different, f"{who.name} can tell by {asked}: {different}"

    def _files(self, who: Who) -> dict[str, tuple[Source, str]]:
        """Return the files that a principal may know of, with document and label."""
        return {
            source: (BY_ID[i], label) for i, label in self.labels.items() for source in who.files_of(BY_ID[i], label)
        }

    def _hidden_words(self, who: Who) -> set[str]:
        """Return what no response may hold: ids, paths and canaries that nothing tells of which the principal may see."""
        visible = self._files(who)
        seen_documents = {document.document_id for document, _ in visible.values()}
        told = "\n".join(BY_ID[i].text for i in seen_documents) + "\n".join(visible)
        words = {i for i in BY_ID if i not in seen_documents}
        for document in DOCUMENTS:
            words.update(word for word in (*document.words, *document.sources) if word not in told)
        return words

    def _set(self, labels: Labels) -> None:
        self._note(labels)
        self._main.take_in(self._files(ADMIN))

    def _note(self, labels: Labels) -> None:
        """Keep in which order documents came."""
        come = [i for i in labels if i not in self.labels]
        stay = ([i for i in batch if i in labels] for batch in self._batches)
        self._batches = [batch for batch in (*stay, come) if batch]
        self.labels = dict(labels)

    def _twin(
        self, visible: Mapping[str, tuple[Source, str]], mean_lengths: tuple[float, float] | None = None
    ) -> _Server:
        """Return the server over what a principal may see, and nothing else.

        With ``mean_lengths`` its passages and documents have these, by which BM25 divides.
        """
        batches = [
            [source for i in batch for source in BY_ID[i].sources if source in visible] for batch in self._batches
        ]
        order = tuple(tuple(sorted(batch)) for batch in batches if batch)
        key = (order, frozenset((source, label) for source, (_, label) in visible.items()), mean_lengths)
        if key not in self._twins:
            self._made += 1
            twin = _Server(
                self._folder / f"twin-{self._made}",
                self._folder / "state",
                self._loop,
                models_of=self._main.engine,
                app=self._app_of_twins,
            )
            self._app_of_twins = twin.app
            there: dict[str, tuple[Source, str]] = {}
            for batch in [batch for batch in batches if batch] or [[]]:
                there |= {source: visible[source] for source in batch}
                twin.take_in(there)
            if mean_lengths is not None:
                give_mean_lengths(twin.engine, mean_lengths)
            self._twins[key] = twin
            if len(self._twins) > _TWINS_KEPT:
                self._forget_twin()
        self._twins.move_to_end(key)
        return self._twins[key]

    def _forget_twin(self) -> None:
        _, twin = self._twins.popitem(last=False)
        twin.engine._sandbox = None  # the server's own
        twin.close()

    def _key(self, who: Who) -> str:
        assert who.role is not None
        secret, _ = self._main.engine.keys.create(
            who.name, who.role, places=who.place and [who.place], collections=who.folder and [who.folder]
        )
        return secret


async def _here(function: Callable[..., Any], *arguments: Any, **_: object) -> Any:
    """Run a function as ``anyio.to_thread.run_sync`` does, but in this thread."""
    return function(*arguments)
