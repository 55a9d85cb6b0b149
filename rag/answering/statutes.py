"""Which statute a question names (所指法规): 社会保险法 in the catalogue, and not another place's or an older version."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import rjieba

from rag.answering.constraints import document_years
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.parsing.authority import authority_of
from rag.retrieval.places import short_names
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold, normalize_document_number, squeeze

_SCANNED = 200
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
_GOES_ON = re.compile(r"[》>]?的?(?:(?:实施|施行)(?!的?(?:日期|时间)|[后前于从自以])|细则|解释|修正案|草案|释义|配套)")
_ISSUED = re.compile(
    r"(?:印发|发布|公布|颁布|转发|批转)[《<]?(?P<title>[^《》<>]{4,60}?)[》>]?的(?:通知|公告|决定|通告)$"
)
_PLACE_END = re.compile(r"[省市州县区旗]$")
_SHORTEST_NAME = 3


class StatuteFinder:
    """Finds the statutes and other documents that questions name."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def named(
        self, question: Question, *, scope: Scope, filters: Filters, before: str | None = None
    ) -> list[DocumentSummary]:
        """Return the documents asked about: of versions of one statute the latest, or that of the year named.

        Args:
            question: The question.
            scope: What the asker may see.
            filters: Conditions on the documents.
            before: What stands before the article asked for, folded: a name right there comes before one elsewhere.
        """
        candidates = self._candidates(question, scope, filters)
        if question.document_numbers:
            wanted = set(question.document_numbers)
            return [d for d in candidates if normalize_document_number(d.document_number or "") in wanted]
        if len(candidates) == 1 and not filters.is_empty and before is not None and not names_statute(before):
            return candidates
        ways: list[Callable[[str, DocumentSummary], bool]]
        if question.is_english:
            ways = [lambda name, _: _is_in_english(name, question)]
        else:
            text = squeeze(fold(question.text))
            ways = [lambda name, document: _is_in(name, document, text)]
            if before is not None:
                ways.insert(0, lambda name, document: _ends(name, document, before))
        for is_named in ways:
            lengths = [max((len(name) for name in _names(d) if is_named(name, d)), default=0) for d in candidates]
            longest = max(lengths, default=0)
            if longest:
                named = [d for d, length in zip(candidates, lengths, strict=True) if length == longest]
                if question.years:
                    named = [d for d in named if document_years(d) & question.all_years]
                return _latest(named)
        return []

    def _candidates(self, question: Question, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        few = self._catalog.all_if_few(_SCANNED, scope=scope, filters=filters)
        if few is not None:
            return few
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
        near = self._searcher.nearest(question, scope=scope, filters=filters, passages=_SCANNED)
        return list((found | {d.document_id: d for d in near}).values())


def names_statute(before: str) -> bool:
    """Whether words end in what may be a statute's name (某某法, 某某办法的), folded."""
    return _NAMES_STATUTE.search(before) is not None


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
    """Return the names of the document's place, folded: its issuer's, and that which its title holds for."""
    places = (document.place, authority_of(document.title).place)
    return tuple(fold(name) for place in places if place for name in short_names(place))


def _ends(name: str, document: DocumentSummary, before: str) -> bool:
    at = before.rfind(name)
    is_next = at >= 0 and _AFTER_NAME.match(before[at + len(name) :]) is not None
    return is_next and _begins_name(before[:at], document)


def _is_in(name: str, document: DocumentSummary, text: str) -> bool:
    at = text.find(name)
    return at >= 0 and not _GOES_ON.match(text[at + len(name) :]) and _begins_name(text[:at], document)


def _is_in_english(name: str, question: Question) -> bool:
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
