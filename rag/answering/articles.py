"""Articles of statutes (条文): 社会保险法第十六条 is answered by that article, whole, and by no other.

A question that names an article is about that article alone: its topic words would lead to the articles beside it.
Where the statute is not here, has no such article or is not named at all, the question is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.composing import Composer, label
from rag.answering.statutes import StatuteFinder, names_statute
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.filters import Filters
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.store.repository import Catalog
from rag.text import chinese_number, fold, squeeze

MOST_ARTICLES = 10
"""Most articles quoted for one question (第五条至第四十条)."""

MOST_CHAPTER_CHARACTERS = 3_000
"""A chapter no longer than this is quoted whole; of a longer one its headings."""

_NUMERAL = r"[一二三四五六七八九十百千零〇两\d]{1,8}"
_ARTICLE = re.compile(
    rf"(?:第\s*|(?<=[法例典》]))(?P<ordinal>{_NUMERAL})\s*条(?:之\s*(?P<inserted>[一二三四五六七八九十]))?"
)
_ENGLISH_ARTICLE = re.compile(r"\b(?:article|art\.)\s*(?P<ordinal>\d{1,4})\b(?P<inserted>(?!))?")
_CHAPTER = re.compile(rf"第\s*(?P<ordinal>{_NUMERAL})\s*章")
_SECTION = re.compile(rf"第\s*{_NUMERAL}\s*节")
_ASKS_CHAPTERS = re.compile(
    r"(?:哪些|哪几|几|多少)个?(?:章|章节)|章节(?:目录|结构|有哪些|是什么)|分(?:为|成)?(?:哪几|几)章"
)
_RANGE = re.compile(r"^(?:第\S{1,6}款)?\s*(?:至|到|[-—~～]+)\s*$")


@dataclass(frozen=True, slots=True, order=True)
class ArticleNumber:
    """第二十条之一 is (20, 1); 第二十条 is (20, 0)."""

    ordinal: int
    inserted: int = 0


@dataclass(frozen=True, slots=True)
class AskedArticles:
    """What a question asks of articles.

    Attributes:
        before: The question up to the first article or chapter, folded: it names the statute, if any does.
        numbers: Articles asked for, in order; empty when chapters are asked for.
        written: The first, as written.
        chapter: The chapter asked for, ``None`` when the list of chapters is.
    """

    before: str
    numbers: tuple[ArticleNumber, ...]
    written: str
    chapter: int | None = None


def asked_articles(question: Question) -> AskedArticles | None:
    """Return the articles or the chapter that a question names, ``None`` when it names none."""
    text = squeeze(fold(question.text))
    found = list((_ENGLISH_ARTICLE if question.is_english else _ARTICLE).finditer(text))
    numbers: dict[ArticleNumber, None] = {}
    previous: tuple[int, ArticleNumber] | None = None
    for match in found:
        number = _number(match)
        if number is None:
            continue
        if previous is not None and _RANGE.match(text[previous[0] : match.start()]):
            between = range(previous[1].ordinal + 1, min(number.ordinal, previous[1].ordinal + MOST_ARTICLES))
            numbers |= {ArticleNumber(ordinal): None for ordinal in between}
        numbers[number] = None
        previous = match.end(), number
    if not numbers:
        chapter = _CHAPTER.search(text)
        named = chapter or _ASKS_CHAPTERS.search(text)
        if named is None or question.is_english:
            return None
        return AskedArticles(
            text[: named.start()], (), named[0], chinese_number(chapter["ordinal"]) if chapter else None
        )
    before = text if question.is_english else text[: found[0].start()]
    return AskedArticles(before, tuple(numbers)[:MOST_ARTICLES], found[0][0])


class ArticleAnswerer:
    """Answers questions that name an article."""

    def __init__(self, catalog: Catalog, statutes: StatuteFinder) -> None:
        self._catalog = catalog
        self._statutes = statutes

    def state(
        self, question: Question, asked: AskedArticles, composer: Composer, *, scope: Scope, filters: Filters
    ) -> str | None:
        """State the articles asked for, whole, or the headings of the chapters.

        Returns:
            Why nothing was stated, ``None`` when something was.
        """
        named = self._statutes.named(question, scope=scope, filters=filters, before=asked.before)
        if not named:
            if names_statute(asked.before) or question.document_numbers:
                return f"库中没有所问的法规或文件，无法给出其{asked.written}。"
            return f"没有写明是哪部法规或哪份文件的{asked.written}。"
        stated: set[str] = set()
        for summary in named:
            document = self._catalog.document(summary.document_id, scope=scope)
            is_first = True
            for clause, span in _asked_parts(document, asked):
                words = span.of(document.text)
                if squeeze(words) in stated:
                    continue  # the same words in another file
                stated.add(squeeze(words))
                mark = composer.cite(summary, document.text, span, section=clause.path, page=document.page_of(span))
                composer.state(f"{label(summary)}：{words}" if is_first else words, [mark])
                is_first = False
        if composer.is_empty:
            return f"{label(named[0])}中没有{asked.written}。"
        return None


def _asked_parts(document: OfficialDocument, asked: AskedArticles) -> list[tuple[Clause, Span]]:
    """Return what is asked for, each clause with the words to quote of it."""
    if asked.numbers:
        return [(clause, clause.span) for clause in articles(document, asked.numbers)]
    chapters = [(c, m) for c in document.clauses if (m := _CHAPTER.match(fold(c.heading.of(document.text))))]
    if asked.chapter is None:
        return [(clause, clause.heading) for clause, _ in chapters]
    wanted = [clause for clause, match in chapters if chinese_number(match["ordinal"]) == asked.chapter]
    parts: list[tuple[Clause, Span]] = []
    for chapter in wanted:
        if len(chapter.span) <= MOST_CHAPTER_CHARACTERS:
            parts.append((chapter, chapter.span))
        else:
            inside = [c for c in document.clauses if chapter.span.contains(c.span)]
            parts.extend(
                (c, c.heading) for c in inside if c is chapter or _SECTION.match(fold(c.heading.of(document.text)))
            )
    return parts


def articles(document: OfficialDocument, numbers: Sequence[ArticleNumber]) -> list[Clause]:
    """Return the articles of a document that bear one of the numbers, in order."""
    wanted = set(numbers)
    return [clause for number, clause in numbered_articles(document) if number in wanted]


def numbered_articles(document: OfficialDocument) -> Iterator[tuple[ArticleNumber, Clause]]:
    """Yield the articles of a document with their numbers, in order."""
    for clause in document.clauses:
        match = _ARTICLE.match(fold(clause.heading.of(document.text)))
        if match and (number := _number(match)) is not None:
            yield number, clause


def _number(match: re.Match[str]) -> ArticleNumber | None:
    ordinal = chinese_number(match["ordinal"])
    inserted = chinese_number(match["inserted"]) if match["inserted"] else 0
    return None if ordinal is None or inserted is None else ArticleNumber(ordinal, inserted)
