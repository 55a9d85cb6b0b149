"""Why there is no answer (无据原因): which part of the question no document meets."""

from __future__ import annotations

from dataclasses import replace

from rag.answering.subject import things_named, unknown_nouns
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.particulars import Particulars
from rag.parsing.agencies import mentions
from rag.retrieval.places import Place
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog

_FEW = 500
"""Texts of no more documents than these are read through to tell what they do not mention."""


_MOST_NAMED = 3


class Reasons:
    """Tells of a question that was refused which of its constraints failed."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def of(self, question: Question, *, scope: Scope, filters: Filters) -> str:
        """Return one sentence that says why, of the first constraint that fails: number, place, year, agency, topic."""
        for number in question.document_numbers:
            if not self._any(scope, replace(filters, document_number=number)):
                return f"库中没有文号为{number}的文件。"
        for number in question.proposal_numbers:
            if not self._any(scope, filters, Particulars(proposal_number=number)):
                return f"库中没有答复第{number}号提案或建议的文件。"
        missing = [p.written for p in question.places if not p.names and not self._searcher.knows(p.short)]
        if missing:
            return f"现有文件没有提到{'、'.join(missing)}。"
        known = list(dict.fromkeys(p for p in question.places if p.names))
        if not known and filters.is_empty:
            absent = self._not_mentioned(question, scope, filters)
            return f"现有文件没有提到{absent}。" if absent else "现有文件没有说明。"
        whose = "、".join(dict.fromkeys(place.written for place in known)) or "符合条件"
        narrowings: list[Place | None] = [*known] or [None]
        for place in narrowings:
            narrowed = filters if place is None or filters.place else replace(filters, place=place.key)
            absent = self._not_mentioned(question, scope, narrowed)
            if absent:
                return f"有{place.written if place else whose}的文件，但没有提到{absent}。"
        return f"有{whose}的文件，但没有找到能回答这一问题的内容。"

    def _not_mentioned(self, question: Question, scope: Scope, filters: Filters) -> str:
        """Return what of the question the documents that meet ``filters`` do not mention: years, agencies, words."""
        if self._catalog.count_documents(scope=scope, filters=filters) > _FEW:
            # The index knows words of documents that the asker may not see: only who sees all is told by it.
            known = unknown_nouns(question, self._searcher) if scope.is_unrestricted else ()
            return _quoted(known[:_MOST_NAMED])
        years = [
            year
            for year in question.years
            if not self._any(scope, replace(filters, year_from=year, year_to=year))
            and not self._mentioned(str(year), scope, filters)
        ]
        if years:
            return "、".join(f"{year}年" for year in years)
        agencies = [name for _, name in mentions(question.text) if not self._agency_mentioned(name, scope, filters)]
        if agencies:
            return "、".join(dict.fromkeys(agencies))
        words = [
            term.word
            for term in things_named(question)
            if not any(self._mentioned(word, scope, filters) for word in term.alternatives)
        ]
        return _quoted(words[:_MOST_NAMED])

    def _agency_mentioned(self, name: str, scope: Scope, filters: Filters) -> bool:
        """Whether an agency is mentioned by its name or by what its name says: 卫生健康委员会 is 卫生健康局 too."""
        stem = name.removeprefix("市").removeprefix("县").removeprefix("区")
        for ending in ("委员会", "部门", "局", "委", "办公室"):
            stem = stem.removesuffix(ending)
        return self._mentioned(stem or name, scope, filters)

    def _mentioned(self, word: str, scope: Scope, filters: Filters) -> bool:
        return self._any(scope, filters, Particulars(mentioned=((word,),))) or self._any(
            scope, filters, Particulars(named=((word,),))
        )

    def _any(self, scope: Scope, filters: Filters, particulars: Particulars | None = None) -> bool:
        number = self._catalog.count_documents(scope=scope, filters=filters, particulars=particulars or Particulars())
        return number > 0


def _quoted(words: list[str] | tuple[str, ...]) -> str:
    return "、".join(f"“{word}”" for word in words)
