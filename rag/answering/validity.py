"""Whether a document is still in force (效力问答), and what replaced one that an answer rests on.

Said is what documents say: which one repeals it, until when it is to hold, and whether that day is past.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from rag.answering.composing import Composer, label
from rag.answering.constraints import document_years
from rag.answering.currency import Currency, as_of_year, repealing_sentence
from rag.answering.expiry import Expiry, expiry_of
from rag.answering.matching import TermMatcher
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold, normalize_document_number

_ASKS = re.compile(
    r"(?:还|仍|仍然|是否|现在|目前|依然|继续)[^,，。？?]{0,6}(?:有效|生效|管用|适用|作数)|(?:有效|失效|废止|作废)(?:了)?(?:吗|没有?|么)|(?:是否|有没有)(?:已经?|被)*(?:失效|废止|作废)"
    r"|(?:still|no longer) (?:valid|in force|in effect|effective|apply)|\b(?:been )?repealed\b|被(?:哪个|哪份|什么|哪一?个)[^,，。？?]{0,6}(?:废止|取代|替代|代替)"
)
_HOLDS_UNTIL = re.compile(r"[^。；\n]*有效期[^。；\n]*[。；]?")
_NOT_NAME = re.compile(r"有效|失效|废止|作废|还|仍|仍然|现在|目前|办法|规定|通知|文件|valid|force|repealed|still")
_LEAST_NAMED = 0.7
_CANDIDATES = 20


class ValidityAnswerer:
    """Answers questions for the validity of one document."""

    def __init__(self, catalog: Catalog, searcher: Searcher, currency: Currency, today: Callable[[], date]) -> None:
        self._catalog = catalog
        self._today = today
        self._searcher = searcher
        self._currency = currency

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> bool:
        """State what repeals the document that the question names, or until when it is to hold.

        Returns:
            Whether anything was stated.
        """
        if not _ASKS.search(fold(question.text)):
            return False
        for document in self._named(question, scope, filters):
            repealing = self._currency.repealing(document, scope=scope)
            if self._state_repeal(document, repealing, composer, scope, verdict="否。"):
                continue
            text = self._catalog.text(document.document_id, scope=scope)
            expiry = expiry_of(text, document.issued_on)
            match = _HOLDS_UNTIL.search(text)
            if expiry is not None:
                self._state_expiry(document, text, expiry, composer, question, is_asked=True)
            elif match is not None:
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                span = Span(start, match.end())
                composer.state(f"{label(document)}：{span.of(text)}", [composer.cite(document, text, span)])
        return not composer.is_empty

    def _state_expiry(
        self,
        document: DocumentSummary,
        text: str,
        expiry: Expiry,
        composer: Composer,
        question: Question,
        *,
        is_asked: bool,
    ) -> None:
        on = self._day(question)
        mark = composer.cite(document, text, expiry.span)
        verdict = "否。" if is_asked and expiry.day < on else ""
        words = f"{verdict}{label(document)}：{expiry.span.of(text)}"
        composer.state(words, [mark], worked_out=expiry.worked_out(on))

    def _day(self, question: Question) -> date:
        """Return the day on which validity is looked at: today, or the last of the year as of which is asked."""
        year = as_of_year(question)
        return self._today() if year is None else min(self._today(), date(year, 12, 31))

    def state_replacements(self, composer: Composer, question: Question, *, scope: Scope) -> None:
        """Say of each document that an answer rests on what repealed it, or that its term is over (有效期满).

        Not where the document that repeals it, or the sentence that limits it, is cited itself.
        """
        cited = {document.document_id: document for document in composer.documents.values()}
        for document in cited.values():
            repealing = self._currency.repealing(document, scope=scope)
            if not any(by.document_id in cited for by in repealing):
                if self._state_repeal(document, repealing, composer, scope) or repealing:
                    continue
                text = self._catalog.text(document.document_id, scope=scope)
                expiry = expiry_of(text, document.issued_on)
                quoted = [c.span for c in composer.citations.values() if c.document == document]
                if expiry is None or expiry.day >= self._day(question):
                    continue
                if not any(span.overlaps(expiry.span) for span in quoted):
                    self._state_expiry(document, text, expiry, composer, question, is_asked=False)

    def _state_repeal(
        self,
        document: DocumentSummary,
        repealing: Sequence[DocumentSummary],
        composer: Composer,
        scope: Scope,
        verdict: str = "",
    ) -> bool:
        number = normalize_document_number(document.document_number or "")
        for by in repealing[:1]:
            text = self._catalog.text(by.document_id, scope=scope)
            span = repealing_sentence(text, number)
            if span is not None:
                composer.state(f"{verdict}{label(by)}：{span.of(text)}", [composer.cite(by, text, span)])
                return True
        return False

    def _named(self, question: Question, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        """Return the documents that the question names by 文号 or by the words of a title; of several the oldest first."""
        if question.document_numbers or filters.document_number:
            found = self._catalog.list_documents(scope=scope, filters=filters, limit=_CANDIDATES, are_distinct=True)
            return list(found.documents) if filters.document_number else []
        terms = [term for term in question.terms if not _NOT_NAME.fullmatch(term.word)]
        if not terms:
            return []
        matcher = TermMatcher(terms, self._searcher)
        named = [
            summary
            for summary in self._searcher.nearest(question, scope=scope, filters=filters, passages=_CANDIDATES)
            if matcher.strengths(summary.title or "").mean() >= _LEAST_NAMED
            and (not question.years or document_years(summary) & question.all_years)
        ]
        return sorted(named, key=lambda d: (str(d.issued_on), d.source))
