"""Six laws, each as PDF and DOCX: one text, one clause tree, one set of elements."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from rag.domain.document import BlockRole, Kind, OfficialDocument
from rag.loaders import load
from rag.parsing.document import parse
from rag.text import chinese_number

LAWS = Path(__file__).parents[2].parent / "shared" / "samples" / "laws"

pytestmark = pytest.mark.skipif(not LAWS.is_dir(), reason="the sample laws are not beside this checkout")

# Law, articles (its last article's number), chapters, lines of contents with their heading, issuer, version.
FACTS = [
    ("中华人民共和国反垄断法", 57, 8, 9, "全国人民代表大会常务委员会", date(2007, 8, 30)),
    ("中华人民共和国国旗法", 24, 0, 0, "全国人民代表大会常务委员会", date(2020, 10, 17)),
    ("中华人民共和国未成年人保护法", 132, 9, 10, "全国人民代表大会常务委员会", date(2020, 10, 17)),
    ("中华人民共和国社会保险法", 98, 12, 13, "全国人民代表大会常务委员会", date(2018, 12, 29)),
    ("中华人民共和国立法法", 120, 6, 14, "全国人民代表大会", date(2023, 3, 13)),
    ("中华人民共和国行政许可法", 83, 8, 15, "全国人民代表大会常务委员会", date(2003, 8, 27)),
]
NAMES = [facts[0] for facts in FACTS]
FORMATS = (".pdf", ".docx")

ARTICLE = re.compile(r"第([一二三四五六七八九十百零]+)条")
CHAPTER = re.compile(r"第([一二三四五六七八九十]+)章")


@cache
def law(name: str, suffix: str) -> OfficialDocument:
    path = LAWS / (name + suffix)
    return parse(load(path.read_bytes(), path.name), source=path.name, sha256="0" * 64)


def folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def numbers(document: OfficialDocument, pattern: re.Pattern[str]) -> list[int | None]:
    matches = (pattern.match(clause.path[-1]) for clause in document.clauses)
    return [chinese_number(match[1]) for match in matches if match]


@pytest.mark.parametrize("name", NAMES)
def test_both_formats_give_one_text(name: str) -> None:
    pdf, docx = (folded(law(name, suffix).text) for suffix in FORMATS)
    assert pdf == docx or SequenceMatcher(None, pdf, docx, autojunk=False).ratio() >= 0.995


@pytest.mark.parametrize("name", NAMES)
def test_both_formats_give_one_tree(name: str) -> None:
    pdf, docx = ([tuple(map(folded, clause.path)) for clause in law(name, suffix).clauses] for suffix in FORMATS)
    assert pdf == docx


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(("name", "articles", "chapters", "contents", "issuer", "issued_on"), FACTS)
def test_nothing_is_missing_or_counted_twice(
    name: str, articles: int, chapters: int, contents: int, issuer: str, issued_on: date, suffix: str
) -> None:
    document = law(name, suffix)
    assert numbers(document, ARTICLE) == list(range(1, articles + 1))
    assert numbers(document, CHAPTER) == list(range(1, chapters + 1))
    assert sum(block.role is BlockRole.CONTENTS for block in document.blocks) == contents
    assert document.kind is Kind.LAW
    assert document.elements.title == name
    assert document.elements.issuer == issuer
    assert document.elements.issued_on == issued_on


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_annex_of_a_law_is_no_part_of_its_last_article(suffix: str) -> None:
    document = law("中华人民共和国国旗法", suffix)
    last = next(clause for clause in document.clauses if clause.path[-1] == "第二十四条")
    assert "\n" not in last.span.of(document.text)
    assert document.clauses[-1].path[0].startswith("附：")


@pytest.mark.parametrize("name", NAMES)
def test_pages_of_a_law_are_known(name: str) -> None:
    document = law(name, ".pdf")
    assert document.pages
    assert {region.page for region in document.regions} == set(range(1, document.pages + 1))
