"""How documents refer to one another (引用关系): what one cites, what cites it, and what repeals it.

A document is meant where its 发文字号 stands, or its title in 《》. What is named so and is not in the catalogue, or not
within the scope, is told as written and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.currency import Currency, repealed_numbers
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.span import Span
from rag.retrieval.search import Searcher
from rag.store.names import is_title_of
from rag.store.repository import Catalog
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, squeeze

MOST_CITED = 60
_PASSAGES_READ = 100
_LONGEST_QUERY = 120

_TITLE = re.compile(r"《(?P<title>[^《》\n]{3,100})》")
# 《…》（国发〔2018〕41号）: one mention. Between them may stand a blank or a word of the version.
_MENTION = re.compile(
    rf"{_TITLE.pattern}(?:\s*[（(]\s*(?P<number>{re.sub(r'[?]P<[a-z]+>', '?:', DOCUMENT_NUMBER.pattern)})\s*[)）])?"
    rf"|(?P<bare>{re.sub(r'[?]P<[a-z]+>', '?:', DOCUMENT_NUMBER.pattern)})"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a document.

    Attributes:
        span: Where they stand.
        title: Inside 《》, ``None`` where there is none.
        number: 发文字号 as written, ``None`` where there is none.
    """

    span: Span
    title: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that another one names.

    Attributes:
        mention: Its first mention.
        document: Which it is, ``None`` when it is not there.
        is_repealed: Whether the one that names it says that it is repealed.
    """

    mention: Mention
    document: DocumentSummary | None
    is_repealed: bool = False


@dataclass(frozen=True, slots=True)
class Citing:
    """A document that names another one, and where."""

    document: DocumentSummary
    span: Span


@dataclass(frozen=True, slots=True)
class Relations:
    """What there is to say of one document's place among the others.

    Attributes:
        cites: In the order of their first mention, each once.
        cited_by: Newest first.
        repealed_by: Oldest first.
    """

    cites: Sequence[Cited] = ()
    cited_by: Sequence[Citing] = ()
    repealed_by: Sequence[DocumentSummary] = ()


class RelationFinder:
    """Finds the relations of documents of one generation."""

    def __init__(self, catalog: Catalog, searcher: Searcher, currency: Currency) -> None:
        self._catalog = catalog
        self._searcher = searcher
        self._currency = currency

    def relations(self, document: OfficialDocument, *, scope: Scope) -> Relations:
        """Return what a document cites, what cites it, and what repeals it, within the scope."""
        summary = self._catalog.summaries([document.document_id], scope=scope).get(document.document_id)
        if summary is None:
            return Relations()
        return Relations(
            self._cited(document, scope), self._citing(summary, scope), self._currency.repealing(summary, scope=scope)
        )

    def _cited(self, document: OfficialDocument, scope: Scope) -> list[Cited]:
        own = {_key(document.elements.title), *numbers_of(document.elements.document_number or "")}
        mentions: dict[str, Mention] = {}
        for mention in mentions_in(document.text):
            names = {_key(mention.title), *numbers_of(mention.number or "")} - {""}
            if not names & own and not is_title_of(mention.title, document.elements.title):
                shortest = min(numbers_of(mention.number or ""), key=len, default=_key(mention.title))
                mentions.setdefault(shortest, mention)
        found = list(mentions.values())[:MOST_CITED]
        numbered = self._catalog.numbered(
            [number for mention in found for number in numbers_of(mention.number or "")], scope=scope
        )
        titled = self._catalog.titled([mention.title for mention in found if mention.title], scope=scope)
        repealed = set(repealed_numbers(document.text))
        told: dict[str, None] = {}
        cited: list[Cited] = []
        for mention in found:
            numbers = numbers_of(mention.number or "")
            meant = next((numbered[number] for number in numbers if number in numbered), None)
            meant = meant or (titled.get(mention.title) if mention.title and not numbers else None)
            if meant is not None and (meant.document_id == document.document_id or meant.document_id in told):
                continue
            if meant is not None:
                told[meant.document_id] = None
            cited.append(Cited(mention, meant, bool(repealed & set(numbers))))
        return cited

    def _citing(self, document: DocumentSummary, scope: Scope) -> list[Citing]:
        numbers = set(numbers_of(document.document_number or "")[:1])
        names = [name for name in (document.document_number, document.title) if name]
        twins = self._searcher.twins([document.document_id], scope=scope).get(document.document_id, ())
        same = {document.document_id, *(twin.document_id for twin in twins)}
        found: dict[str, Span] = {}
        for name in names:
            for hit in self._searcher.search_text(name[:_LONGEST_QUERY], scope=scope, top_k=_PASSAGES_READ):
                passage = hit.passage
                if passage.document_id in same:
                    continue
                for mention in mentions_in(passage.text):
                    if numbers & set(numbers_of(mention.number or "")) or (
                        not mention.number and is_title_of(mention.title, document.title)
                    ):
                        start = passage.span.start
                        span = Span(start + mention.span.start, start + mention.span.end)
                        if passage.document_id not in found or span.start < found[passage.document_id].start:
                            found[passage.document_id] = span
                        break
        summaries = self._searcher.summaries(sorted(found), scope=scope)
        citing = [Citing(summary, found[document_id]) for document_id, summary in summaries.items()]
        return sorted(citing, key=_newest_first)


def mentions_in(text: str) -> Iterator[Mention]:
    """Yield the names of documents in a text, in order."""
    for match in _MENTION.finditer(text):
        number = match["number"] or match["bare"]
        yield Mention(Span(*match.span()), match["title"], number)


def numbers_of(written: str) -> list[str]:
    """Return the 发文字号 that a mention may mean, in standard form, the longest first.

    Words before it are read as part of the agency's code: 根据国发〔2018〕41号 may mean 国发〔2018〕41号.
    """
    match = DOCUMENT_NUMBER.search(squeeze(fold(written)))
    if match is None:
        return []
    code = match["code"]
    tail = f"〔{match['year']}〕{int(match['serial'])}号"
    return [normalize_document_number(code[at:] + tail) for at in range(max(1, len(code) - 1))]


def _newest_first(citing: Citing) -> tuple[int, str]:
    day = citing.document.issued_on
    return (-day.toordinal() if day else 0, citing.document.source)


def _key(name: str | None) -> str:
    return squeeze(fold(name or ""))
