"""A real browser on a real server: Debian's Chromium, driven by Playwright, over the sample corpus.

Every page that a test opens is watched: an error on its console, an uncaught exception or a request to another host
fails the test. Skipped with the reason where there is no browser.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from rag.app.api import create_app
from rag.app.serving import address_of, listen
from rag.app.wiring import Engine
from rag.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"
SHARED = Path(__file__).parents[3] / "shared"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Not even a name is looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE 127.0.0.2",
]
PATIENCE_MS = 10_000

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. For this package alone: its event loop would be in the way of other tests."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        address: ``http://127.0.0.1:<port>``.
        engine: What it serves.
    """

    address: str
    engine: Engine


def serving(settings: Settings, paths: list[Path]) -> Iterator[Server]:
    with Engine(settings) as engine:
        if paths:
            engine.ingest(paths)
        port = settings.port if "port" in settings.model_fields_set else 0
        listening = listen("127.0.0.1", port, has_keys=bool(settings.api_keys))
        config = uvicorn.Config(create_app(engine), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Server(address_of(listening), engine)
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join()
            listening.close()


@pytest.fixture(scope="package")
def server(browser, tmp_path_factory) -> Iterator[Server]:
    """A server over the sample corpus of this repository. Not to be changed."""
    yield from serving(Settings(index_dir=tmp_path_factory.mktemp("sample"), corpus_dir=CORPUS), [CORPUS])


@pytest.fixture
def serve(browser, request) -> Callable[[Settings, list[Path]], Server]:
    """Start a server of one's own over settings and the paths to take in."""

    def start(settings: Settings, paths: list[Path]) -> Server:
        running = serving(settings, paths)
        request.addfinalizer(lambda: next(running, None))
        return next(running)

    return start


@pytest.fixture(scope="session")
def shared() -> Path:
    """Documents handed out beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("no shared folder beside the repository")
    return SHARED


@dataclass
class Watch:
    """What went wrong on pages that should be quiet."""

    host: str
    seen: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Watch a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"exception: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports a page that is an error page, which tests open on purpose.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.seen.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        to = urlsplit(request.url)
        if to.scheme not in ("data", "blob") and to.netloc != self.host:
            self.seen.append(f"request to another host: {request.url}")


@pytest.fixture
def open_page(browser, server) -> Iterator[Callable[..., Page]]:
    """Open a page of the server in a context of its own; see ``go``."""
    watches: list[Watch] = []
    contexts = []

    def go(
        path: str,
        *,
        on: Server = server,
        script: bool = True,
        scheme: str = "light",
        viewport: dict[str, int] = DESK,
        **options: object,
    ) -> Page:
        """Open ``path``.

        Args:
            path: Path and query.
            on: The server.
            script: Whether the browser runs JavaScript.
            scheme: ``light`` or ``dark``.
            viewport: Size of the window in CSS pixels.
            options: Of the context, as Playwright takes them.
        """
        context = browser.new_context(
            java_script_enabled=script, color_scheme=scheme, viewport=viewport, base_url=on.address, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(urlsplit(on.address).netloc))
        watches[-1].on(page)
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert [seen for watch in watches for seen in watch.seen] == []
