"""Answers about whom to call (联系人、联系电话): the lines of a document that name a contact person.

They stand below the text, where no passage is made of them. What they hold is personal data and masked unless the
scope allows it; the answer then says which document gives a contact, and that the words are masked.
"""

from __future__ import annotations

import re

from rag.answering.composing import Composer, label
from rag.answering.conditions import replying
from rag.answering.kinds import facility_called
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, OfficialDocument
from rag.domain.filters import Filters
from rag.domain.personal import PersonalKind
from rag.domain.span import Span
from rag.parsing.agencies import mentions, same_agency
from rag.parsing.dates import date_of
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold

_ASKS = re.compile(
    r"联系人|联系电话|联系方式|办公电话|电话号码|经办人|承办人|(?:电话|手机号?|座机|传真)(?:号码?)?(?:是|为|有)?(?:多少|什么|几号)|"
    r"怎么联系|如何联系|联系谁|找谁联系|\b(?:contact|phone|telephone|fax)\b(?!.*\b(?:hotline|helpline)\b)"
)
# These numbers are in the text, for everybody.
_ASKS_PUBLIC = re.compile(r"热线|援助|举报|投诉|监督|咨询电话|服务电话|求助|预约|报名|hotline|helpline")
_MOST_DOCUMENTS = 3
_CONTACT_KINDS = frozenset({PersonalKind.NAME, PersonalKind.PHONE, PersonalKind.EMAIL})


class ContactAnswerer:
    """States the contact lines of the documents that a question pins down."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> bool:
        """State them if the question asks for a contact and names a place, a document or an agency."""
        text = fold(question.text)
        if not _ASKS.search(text) or _ASKS_PUBLIC.search(text):
            return False
        agencies = [name for _, name in mentions(question.text)]
        if filters.is_empty and not agencies and not question.proposal_numbers:
            return False
        found = [d for d in self._documents(question, scope, filters) if self._fits(d, question, agencies)]
        for summary in found[:_MOST_DOCUMENTS]:
            document = self._catalog.document(summary.document_id, scope=scope)
            for span in self._lines(document, scope):
                mark = composer.cite(summary, document.text, span, page=document.page_of(span))
                composer.state(f"{label(summary)}：{span.of(document.text)}", [mark])
        return not composer.is_empty

    def _documents(self, question: Question, scope: Scope, filters: Filters) -> list[DocumentSummary]:
        """Return the documents nearest to the question, then the newest of those that meet the conditions.

        Of a proposal named by its number they are those that answer it, and no others.
        """
        if question.proposal_numbers:
            return replying(question, self._catalog, scope=scope, filters=filters)
        near = self._searcher.nearest(question, scope=scope, filters=filters, passages=20)
        listed = self._catalog.list_documents(scope=scope, filters=filters, limit=20, are_distinct=True).documents
        return list({d.document_id: d for d in (*near, *listed)}.values())

    def _fits(self, document: DocumentSummary, question: Question, agencies: list[str]) -> bool:
        issuer = document.issuer or ""
        if agencies and not any(name in issuer or same_agency(name, issuer) for name in agencies):
            return False
        facility = facility_called(question)
        if facility and not fold(issuer).endswith(facility):
            return False  # that of the 中心 is not that of whoever wrote of it
        return not question.years or date_of(document).year in question.years

    def _lines(self, document: OfficialDocument, scope: Scope) -> list[Span]:
        spans = [
            s for s, kind in self._catalog.personal_spans(document.document_id, scope=scope) if kind in _CONTACT_KINDS
        ]
        return [block.span for block in document.blocks if any(block.span.overlaps(span) for span in spans)]
