"""Articles of statutes (条文): 社会保险法第十六条 is answered by that article, whole, and by no other.

A question that names an article is about that article alone: its topic words would lead to the articles beside it.
Where the statute is not here, has no such article or is not named at all, the question is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import rjieba

from rag.answering.composing import Composer, label
from rag.answering.constraints import document_years
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.retrieval.places import short_names
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import chinese_number, fold, normalize_document_number, squeeze

MOST_ARTICLES = 10
"""Most articles quoted for one question (第五条至第四十条)."""

MOST_CHAPTER_CHARACTERS = 3_000
"""A chapter no longer than this is quoted whole; of a longer one its headings."""

_SCANNED = 200
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
# Between the name of a statute and its article: 《国旗法》（2020年修正）中的第五条.
_AFTER_NAME = re.compile(
    r"^[》>]?\s*(?:[（(][^（）()]{1,20}[)）])?\s*(?:的|中|里|里面|当中|规定的?|中的|里的)?[,，:：、]?\s*$"
)
_TITLE_IN_MARKS = re.compile(r"[《<]([^《》<>]{2,60})[》>]")
_STATE_NAME = "中华人民共和国"
# What may stand before the name of a statute and is no part of a longer one (某省社会保险法).
_BEFORE_NAME = re.compile(rf"(?:^|[《<(（“\s,，。:：、]|{_STATE_NAME}|中国|我国|国家|现行|和|与|及|跟|的)$")
_NAMES_STATUTE = re.compile(
    r"(?:法典?|条例|办法|规定|细则|规则|章程|准则|决定|解释|方案|通知|意见|规范|制度)[》>]?(?:[（(][^（）()]*[)）])?(?:的|中|里|规定的?)?$"
)
_GOES_ON = re.compile(r"[》>]?的?(?:实施|施行|细则|解释|修正|草案|释义|配套)")
_ISSUED = re.compile(
    r"(?:印发|发布|公布|颁布|转发|批转)[《<]?(?P<title>[^《》<>]{4,60}?)[》>]?的(?:通知|公告|决定|通告)$"
)
_OPENING_PLACE = re.compile(r"(?:^|[《<])(?P<place>[\u4e00-\u9fff]{2,6}?(?:省|自治区|自治州|市|县|区))(?!域|划)")
_PLACE_END = re.compile(r"[省市州县区旗]$")
_SHORTEST_NAME = 3


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

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def state(
        self, question: Question, asked: AskedArticles, composer: Composer, *, scope: Scope, filters: Filters
    ) -> str | None:
        """State the articles asked for, whole, or the headings of the chapters.

        Returns:
            Why nothing was stated, ``None`` when something was.
        """
        named = self._named(question, asked, scope, filters)
        if not named:
            if _NAMES_STATUTE.search(asked.before) or question.document_numbers:
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
                mark = composer.cite(summary, document.text, span, section=clause.path, page=_page(document, clause))
                composer.state(f"{label(summary)}：{words}" if is_first else words, [mark])
                is_first = False
        if composer.is_empty:
            return f"{label(named[0])}中没有{asked.written}。"
        return None

    def _named(self, question: Question, asked: AskedArticles, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        """Return the documents asked about: of versions of one statute the latest, or that of the year named."""
        candidates = self._candidates(question, scope, filters)
        if question.document_numbers:
            wanted = set(question.document_numbers)
            return [d for d in candidates if normalize_document_number(d.document_number or "") in wanted]
        if len(candidates) == 1 and not filters.is_empty and not _NAMES_STATUTE.search(asked.before):
            return candidates
        for is_named in (_is_in_english,) if question.is_english else (_is_before_article, _is_anywhere):
            lengths = [
                max((len(name) for name in _names(d) if is_named(name, d, question, asked)), default=0)
                for d in candidates
            ]
            longest = max(lengths, default=0)
            if longest:
                named = [d for d, length in zip(candidates, lengths, strict=True) if length == longest]
                if question.years:
                    named = [d for d in named if document_years(d) & question.all_years]
                return _latest(named)
        return []

    def _candidates(self, question: Question, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        page = self._catalog.list_documents(scope=scope, filters=filters, limit=_SCANNED, are_distinct=True)
        if page.total <= _SCANNED:
            return list(page.documents)
        narrowed = [replace(filters, document_number=n) for n in question.document_numbers] + [
            replace(filters, topic=title) for title in _TITLE_IN_MARKS.findall(question.text) if filters.topic is None
        ]
        found = {
            d.document_id: d
            for narrow in narrowed
            for d in self._catalog.list_documents(
                scope=scope, filters=narrow, limit=_SCANNED, are_distinct=True
            ).documents
        }
        hits = self._searcher.search(question, scope=scope, filters=filters, top_k=_SCANNED)
        return list((found | self._searcher.summaries([h.passage.document_id for h in hits], scope=scope)).values())


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
    found: list[Clause] = []
    for clause in document.clauses:
        match = _ARTICLE.match(fold(clause.heading.of(document.text)))
        if match and _number(match) in wanted:
            found.append(clause)
    return found


def _number(match: re.Match[str]) -> ArticleNumber | None:
    ordinal = chinese_number(match["ordinal"])
    inserted = chinese_number(match["inserted"]) if match["inserted"] else 0
    return None if ordinal is None or inserted is None else ArticleNumber(ordinal, inserted)


def _names(document: DocumentSummary) -> list[str]:
    """Return the names a document goes by, folded: its title, the title it issues, both without state and place."""
    title = squeeze(fold(document.title or ""))
    issued = _ISSUED.search(title)
    names = [title, *_TITLE_IN_MARKS.findall(title), *([issued["title"]] if issued else [])]
    for name in tuple(names):
        names.extend(
            name.removeprefix(prefix) for prefix in (_STATE_NAME, *_places(document)) if name.startswith(prefix)
        )
    return [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST_NAME]


def _places(document: DocumentSummary) -> tuple[str, ...]:
    """Return the names of the document's place, folded: what its title opens with or its issuer's."""
    opening = _OPENING_PLACE.search(squeeze(fold(document.title or "")))
    places = [document.place or "", opening["place"] if opening else ""]
    return tuple(fold(name) for place in places if place for name in short_names(place))


def _is_before_article(name: str, document: DocumentSummary, _: Question, asked: AskedArticles) -> bool:
    at = asked.before.rfind(name)
    is_next = at >= 0 and _AFTER_NAME.match(asked.before[at + len(name) :]) is not None
    return is_next and _begins_name(asked.before[:at], document)


def _is_anywhere(name: str, document: DocumentSummary, question: Question, _: AskedArticles) -> bool:
    text = squeeze(fold(question.text))
    at = text.find(name)
    return at >= 0 and not _GOES_ON.match(text[at + len(name) :]) and _begins_name(text[:at], document)


def _is_in_english(name: str, _document: DocumentSummary, question: Question, _: AskedArticles) -> bool:
    """Whether the question's words, rendered in Chinese, make up the whole name."""
    rest = name
    for word in sorted((w for term in question.terms for w in term.alternatives), key=len, reverse=True):
        rest = rest.replace(word, " ")
    return not rest.strip()


def _begins_name(before: str, document: DocumentSummary) -> bool:
    """Whether a name may begin after these words: 深圳市 before 老年人优待办法 makes it another place's."""
    if _BEFORE_NAME.search(before) or before.endswith(_places(document)):
        return True
    return not _PLACE_END.search(before) and not rjieba.tag(before)[-1][1].startswith(("n", "j", "l", "b"))


def _latest(documents: Sequence[DocumentSummary]) -> list[DocumentSummary]:
    """Return, of the versions of each statute, the last; of those without dates all."""
    last: dict[str, date] = {}
    for document in documents:
        title = fold(document.title or "")
        last[title] = max(last.get(title, date.min), document.issued_on or date.min)
    return [d for d in documents if (d.issued_on or date.min) == last[fold(d.title or "")]]


def _page(document: OfficialDocument, clause: Clause) -> int | None:
    return next((b.page for b in document.blocks if b.span.start <= clause.span.start < b.span.end), None)
