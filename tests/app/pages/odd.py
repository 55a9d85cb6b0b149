"""Odd addresses and forms for the pages, and what must hold of every answer: no server error, nothing reflected as markup."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as fix_seed
from hypothesis import strategies as st
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.pages.admin import CORRECTABLE
from rag.app.wiring import Engine
from rag.settings import Settings
from tests.app.leaks.asking import routes_of

# An element and an attribute that no page of ours has: where a page has them, what was sent became markup.
_ELEMENT, _ATTRIBUTE = "zqx", "zqy"

_HOSTILE = (
    f"<{_ELEMENT}>",
    f'"><{_ELEMENT} {_ATTRIBUTE}=1>',
    f"'><{_ELEMENT}>",
    f'" {_ATTRIBUTE}="1',
    f"' {_ATTRIBUTE}='1",
    f"x {_ATTRIBUTE}=1 onmouseover=alert(1)",
    f"</script><{_ELEMENT}>",
    f"</title></textarea></style><{_ELEMENT}>",
    f"<!--><{_ELEMENT}>-->",
    f"]]><{_ELEMENT}>",
    f"&lt;{_ELEMENT}&gt;",
    f"&#60;{_ELEMENT}&#62;",
    f"＜{_ELEMENT}＞",
    f"data: x\n\n<{_ELEMENT}>",
    f"{{{{ 7*7 }}}}{{% raw %}}<{_ELEMENT}>",
    "javascript:alert(1)",
    "data:text/html,x",
    "//elsewhere.example/x",
    "/\\elsewhere.example",
    "https://elsewhere.example/",
    "a\r\nSet-Cookie: zqz=1\r\n\r\n",
    "../../etc/passwd",
    "a\x00b",
    "\ud800",
    "\u202eab\u2066",
    "[1](javascript:alert(1)) ![x](//e)",
    "=1+1|cmd",
    "%00%ff%C0%AF",
    "9" * 5_000,
    "-1",
    "1e9",
    "",
    " ",
)

# Every name that a page reads, on whichever.
_NAMES = (
    "q", "after", "lang", "page", "place", "issuer", "document_number", "kind", "year_from", "year_to", "topic", "source",
    "disclosure", "agency", "role", "sort", "status", "due_from", "due_to", "pick", "title", "function", "start", "end",
    "number", "width", "which", "busy", "back", "code", "state", "error", "format", "limit", "offset", f"<{_ELEMENT}>",
)  # fmt: skip

_NO_PAGES = frozenset({"/static", "/openapi.json", "/healthz", "/readyz", "/admin/upload"})

_RIGHT = ("学生心理健康课程由谁牵头？", "临洲", "reply", "2024", "3", "0", "en", "lead", "-date", "true", "/documents")

VALUES = st.one_of(st.sampled_from(_HOSTILE), st.sampled_from(_RIGHT), st.text(max_size=40))


class Sent(NamedTuple):
    """A request; ``form`` is sent with POST."""

    path: str
    query: tuple[tuple[str, str], ...]
    form: dict[str, str] | None

    @property
    def url(self) -> str:
        """Path and query as a browser writes them; half characters as the bytes that they would be."""
        query = urlencode(self.query, encoding="utf-8", errors="surrogatepass")
        return f"{self.path}?{query}" if query else self.path

    @property
    def body(self) -> bytes:
        """The form, likewise."""
        return urlencode(self.form or {}, encoding="utf-8", errors="surrogatepass").encode()


def requests(
    pages: Sequence[str], forms: Sequence[str], document_ids: Sequence[str], fields: Sequence[str]
) -> st.SearchStrategy[Sent]:
    """Return requests for pages, and for forms, by the paths of their routes.

    Args:
        pages: Routes that are got.
        forms: Routes that are sent a form.
        document_ids: Of documents that are there.
        fields: Names of the fields of forms.
    """
    written = VALUES.map(lambda value: quote(value, safe="", errors="surrogatepass"))
    ids = st.one_of(st.sampled_from(document_ids), written)
    numbers = st.one_of(st.sampled_from(["0", "1", "999999999", "9" * 5_000]), written)

    def placed(path: str) -> st.SearchStrategy[str]:
        numbered = path.replace("{number:page}", "{number}")
        return st.builds(lambda i, n: numbered.replace("{document_id}", i).replace("{number}", n), ids, numbers)

    query = st.lists(st.tuples(st.sampled_from(_NAMES), VALUES), max_size=5).map(tuple)
    form = st.dictionaries(st.sampled_from(fields), VALUES, max_size=4)
    return st.one_of(
        st.builds(Sent, st.sampled_from(pages).flatmap(placed), query, st.none()),
        st.builds(Sent, st.sampled_from(forms).flatmap(placed), query, form),
    )


class _Markup(HTMLParser):
    """Takes note of what a page should not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == _ATTRIBUTE or name.startswith("on") or name == "style":
                self.wrong.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction", "data-url") and not _is_local(value or ""):
                self.wrong.append(f"<{tag} {name}={value!r}>")
        if tag in (_ELEMENT, "base", "iframe", "object", "embed", "style"):
            self.wrong.append(f"<{tag}>")
        if tag == "script" and not (dict(attrs).get("src") or "").startswith("/static/"):
            self.wrong.append("<script>")


def _is_local(address: str) -> bool:
    return address.startswith(("/", "#", "?")) and not address.startswith(("//", "/\\"))


@contextmanager
def site(corpus: Path, folder: Path) -> Iterator[TestClient]:
    """Serve a copy of a corpus, in an empty folder, to whoever may change it; redirects are not followed."""
    shutil.copytree(corpus, folder / "corpus")
    with Engine(Settings(index_dir=folder / "index", corpus_dir=folder / "corpus", parse_workers=1)) as engine:
        engine.ingest([folder / "corpus"])
        yield TestClient(
            create_app(engine), base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False
        )


def ask_at_random(client: Any, *, examples: int, seed: int) -> Counter[int]:
    """Send what is drawn, and hold every answer to ``faults``; return how many there were by status.

    Args:
        client: Of ``site``.
        examples: How many to send.
        seed: Another one draws others; the same one the same.

    Raises:
        AssertionError: An answer has a fault.
    """
    routes = [
        route
        for route in sorted(routes_of(client.app))
        if not route[1].startswith("/api/") and route[1] not in _NO_PAGES
    ]
    listed = client.get("/api/v1/documents").json()["documents"]
    drawn = requests(
        [path for method, path in routes if method == "GET"],
        [path for method, path in routes if method == "POST"],
        [document["document_id"] for document in listed],
        [*CORRECTABLE, "withdraw", "key", "back", "kind"],
    )
    statuses: Counter[int] = Counter()

    @fix_seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn)
    def every(one: Sent) -> None:
        response = answer(client, one)
        statuses[response.status_code] += 1
        assert not faults(response), (one, faults(response))

    every()
    return statuses


def answer(client: Any, one: Sent) -> Any:
    """Return what a site answers a request of one of its own pages."""
    headers = {"Accept": "text/html"}
    if one.form is None:
        return client.get(one.url, headers=headers)
    headers |= {"Origin": "http://127.0.0.1", "Content-Type": "application/x-www-form-urlencoded"}
    return client.post(one.url, content=one.body, headers=headers)


def faults(response: Any) -> list[str]:
    """Return what is wrong with an answer of the site."""
    headers = response.headers
    wrong = [f"status {response.status_code}"] if response.status_code >= 500 else []
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy or headers.get("X-Content-Type-Options") != "nosniff":
        wrong.append("a security header is missing")
    if "zqz" in str(headers.get("Set-Cookie", "")):
        wrong.append("a header was sent by the caller")
    if "Location" in headers and not _is_local(headers["Location"].removeprefix("http://127.0.0.1")):
        wrong.append(f"leads to {headers['Location']!r}")
    kind = headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        markup = _Markup()
        markup.feed(response.text)
        markup.close()
        wrong += markup.wrong
    elif response.status_code >= 400 and kind != "application/problem+json":
        wrong.append(f"an error as {kind}")
    return wrong
