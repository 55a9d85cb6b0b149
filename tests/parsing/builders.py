"""Documents from strings, and the real ones where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain.document import OfficialDocument
from rag.loaders import load
from rag.parsing.canonical import canonicalize
from rag.parsing.document import parse
from rag.parsing.head import Head, read_head
from rag.parsing.sheet import Sheet

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real documents are not in this checkout")


def document(text: str, source: str = "a.txt") -> OfficialDocument:
    return parse(load(text.encode(), source), source=source, sha256="0123456789abcdef" * 4)


def sheet(text: str, source: str = "a.txt") -> Sheet:
    return Sheet.of(canonicalize(load(text.encode(), source)))


def head(text: str) -> Head:
    return read_head(sheet(text))


def lines(text: str, source: str = "a.txt") -> list[str]:
    canonical = canonicalize(load(text.encode(), source))
    return [line.span.of(canonical.text) for line in canonical.lines]


def seed(number: str) -> OfficialDocument:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    return parse(load(path.read_bytes(), path.name), source=path.name, sha256="0123456789abcdef" * 4)


def spanned(doc: OfficialDocument, name: str) -> list[str]:
    return [span.of(doc.text) for span in doc.elements.spans.get(name, ())]
