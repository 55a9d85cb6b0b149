"""Pictures of every page (截图): Chinese and English, light and dark, desk and phone; see README.md beside this file.

A server is started over the sample corpus and looked at with the machine's Chromium. The pictures go into a folder
that git ignores; ``--docs`` makes those that the README shows.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from reporting import REPOSITORY

from rag.app.api import create_app
from rag.app.pages.site import SECTIONS
from rag.app.serving import address_of, listen
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.settings import Settings

CORPUS = REPOSITORY / "corpus"
FOLDER = REPOSITORY / ".cache" / "screenshots"
DOCS = REPOSITORY / "docs"

DESK = {"width": 1360, "height": 900}
PHONE = {"width": 360, "height": 740}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip

ASKED = {
    "answer": "哪些部门牵头学生心理工作？",
    "comparison": "棠湾市和鹭原县每千人口托位数各是多少？",
    "refusal": "棠湾市2030年的托位数是多少？",
}
WORDED = "感谢您对我市工作的关心和支持！"


class Look(NamedTuple):
    """A way of looking at a page."""

    name: str
    language: str
    scheme: str
    viewport: dict[str, int]


LOOKS = (
    Look("zh", "zh", "light", DESK),
    Look("en", "en", "light", DESK),
    Look("dark", "zh", "dark", DESK),
    Look("phone", "zh", "light", PHONE),
)


@contextmanager
def served(index: Path) -> Iterator[tuple[str, Engine]]:
    """Serve the sample corpus; give the address and what serves."""
    with Engine(Settings(index_dir=index, corpus_dir=CORPUS)) as engine:
        engine.ingest([CORPUS])
        listening = listen("127.0.0.1", 0, has_keys=False)
        server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield address_of(listening), engine
        finally:
            server.should_exit = True
            thread.join()


def addresses(engine: Engine) -> dict[str, str]:
    """Return the path of every page by the name of its picture."""
    reader = engine.reader()
    entries = [section.entry for section in SECTIONS if section.entry is not None]
    paths = {entry.name: entry.path for entry in entries}
    paths |= {name: f"/?{urlencode({'q': question})}" for name, question in ASKED.items()}
    cited = reader.answerer.answer(ASKED["answer"], scope=Scope.everything()).citations[0]
    place = urlencode({"start": cited.span.start, "end": cited.span.end})
    paths["document"] = f"/documents/{cited.document.document_id}?{place}#quote"
    paths["nothing-found"] = f"/documents?{urlencode({'topic': '没有这样的词'})}"
    paths["error"] = "/nothing"
    if "precedents" in paths:
        paths["precedents-found"] = f"/precedents?{urlencode({'q': WORDED})}"
    return paths


def take(browser: Browser, address: str, path: str, look: Look, file: Path, *, is_whole: bool = True) -> None:
    """Take one picture."""
    page = browser.new_page(color_scheme=look.scheme, viewport=look.viewport, base_url=address)
    before, mark, fragment = path.partition("#")
    if look.language != "zh":
        before += ("&" if "?" in before else "?") + f"lang={look.language}"
    page.goto(before + mark + fragment, wait_until="networkidle")
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=is_whole)
    page.close()


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--only", help="part of a page's name")
    parser.add_argument("--docs", action="store_true", help="make those that the README shows")
    options = parser.parse_args()
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        print("no chromium on this machine (Debian: apt-get install chromium)", file=sys.stderr)
        return 2
    with (
        tempfile.TemporaryDirectory() as index,
        served(Path(index)) as (address, engine),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        paths = addresses(engine)
        if options.docs:
            for name in ("answer", "precedents-found", "document"):
                take(browser, address, paths[name], LOOKS[0], DOCS / f"{name}.png", is_whole=False)
            return 0
        for name, path in paths.items():
            if options.only is None or options.only in name:
                for look in LOOKS:
                    take(browser, address, path, look, options.out / f"{name}-{look.name}.png")
                print(name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
