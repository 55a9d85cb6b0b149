"""Accessibility rules (无障碍检查) by axe-core: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Page

_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(
    (found) => found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`)
)"""


def _source() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Return the rules that a page breaks, each with where."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN)
    return found
