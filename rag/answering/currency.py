"""Whether documents are in force (现行有效): one that a later document repeals or replaces is not given as current.

A question may ask for another day (2021年时): then what was issued later neither answers nor repeals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from rag.answering.repeal import may_repeal
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, Kind
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, squeeze

_REPEALS = re.compile(r"废止|失效|停止执行|不再执行")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_PASSAGES_READ = 2_000
_RULES = frozenset({Kind.LAW, Kind.NOTICE})
_VERSION = re.compile(r"[(（](?:试行|暂行|修订|修订版|修正)[)）]")
_AS_OF = re.compile(
    r"(?P<year>(?:19|20)\d{2})年(?:那时|那会儿|的时候|当时|时(?![间期段限]))|\bas of (?:the end of )?(?P<english>(?:19|20)\d{2})\b"
)


class Currency:
    """Knows which documents of one generation are repealed by another document that the asker may see."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._repeals: dict[Scope, dict[str, set[str]]] = {}

    def repealed(self, documents: Iterable[DocumentSummary], *, scope: Scope, as_of: int | None = None) -> set[str]:
        """Return ids of the documents that another document in scope says are repealed (同时废止), or that one replaces.

        The other document must name the 文号 in the sentence that repeals it, and must be of an organ that may repeal it
        (``may_repeal``); another file of the same text is no other document. Of rules of one organ and one title the newest replaces the others.

        Args:
            documents: To tell of.
            scope: What may be known.
            as_of: Year at whose end they are looked at; by default all that is known counts.
        """
        told = list(documents)
        return self._repealed_by_name(told, scope, as_of) | _replaced(told, as_of)

    def in_force_first(
        self, hits: Sequence[Hit], summaries: Mapping[str, DocumentSummary], question: Question, *, scope: Scope
    ) -> list[Hit]:
        """Put passages of repealed documents behind those of the documents that repeal or replace them, where both are found.

        A question that names a year, a 文号 or another day keeps its order.

        Args:
            hits: Passages, best first.
            summaries: Of their documents at least, by id.
            question: What they were found for.
            scope: What may be seen.
        """
        if question.years or question.document_numbers or as_of_year(question) is not None:
            return list(hits)
        documents = {hit.passage.document_id: summaries[hit.passage.document_id] for hit in hits}
        gone = self.repealed(documents.values(), scope=scope)
        last = {
            document_id: max(
                (
                    rank
                    for rank, hit in enumerate(hits)
                    if hit.passage.document_id not in gone
                    and _stands_for(documents[hit.passage.document_id], documents[document_id], self, scope)
                ),
                default=-1,
            )
            for document_id in gone
        }
        order = {
            rank: (max(rank, last.get(hit.passage.document_id, -1)), hit.passage.document_id in gone, rank)
            for rank, hit in enumerate(hits)
        }
        return [hits[rank] for rank in sorted(order, key=lambda rank: order[rank])]

    def repealing(self, document: DocumentSummary, *, scope: Scope) -> list[DocumentSummary]:
        """Return the documents in scope that say of a document that it is repealed, oldest first."""
        if not document.document_number or not self._repealed_by_name([document], scope, None):
            return []
        ids = self._repeals[scope].get(normalize_document_number(document.document_number), set())
        found = self._searcher.summaries(sorted(ids - {document.document_id}), scope=scope).values()
        entitled = (by for by in found if may_repeal(by, document))
        return sorted(entitled, key=lambda d: (d.issued_on or date.max, d.source))

    def _repealed_by_name(self, documents: Sequence[DocumentSummary], scope: Scope, as_of: int | None) -> set[str]:
        if scope not in self._repeals:
            self._repeals[scope] = self._read(scope)
        repeals = self._repeals[scope]
        repealing = {
            document.document_id: repeals.get(normalize_document_number(document.document_number), set())
            for document in documents
            if document.document_number
        }
        # What was read once is of this generation; a document may have gone, or been hidden, since.
        known = self._searcher.summaries(sorted(set().union(*repealing.values())), scope=scope)
        told = {document.document_id: document for document in documents}
        repealing = {
            document_id: {
                each
                for each in by
                if each in known
                and may_repeal(known[each], told[document_id])
                and not (as_of is not None and _is_later(known[each], as_of))
            }
            for document_id, by in repealing.items()
        }
        twins = self._searcher.twins((document_id for document_id, by in repealing.items() if by), scope=scope)
        return {
            document_id
            for document_id, by in repealing.items()
            if by - {document_id} - {twin.document_id for twin in twins.get(document_id, ())}
        }

    def _read(self, scope: Scope) -> dict[str, set[str]]:
        """Return, by 文号, the ids of the documents that repeal it."""
        found: dict[str, set[str]] = {}
        for hit in self._searcher.search_text("废止 失效", scope=scope, filters=Filters(), top_k=_PASSAGES_READ):
            for number in repealed_numbers(hit.passage.text):
                found.setdefault(number, set()).add(hit.passage.document_id)
        return found


def _is_later(document: DocumentSummary, year: int) -> bool:
    return document.issued_on is not None and document.issued_on.year > year


def _stands_for(document: DocumentSummary, old: DocumentSummary, currency: Currency, scope: Scope) -> bool:
    """Whether a document repeals an older one, or is the newer one of its title and organ."""
    if any(by.document_id == document.document_id for by in currency.repealing(old, scope=scope)):
        return True
    return bool(_replaced([document, old], None))


def as_of_year(question: Question) -> int | None:
    """Return the year as of which a question asks (2021年时, as of 2021), ``None`` when it asks for what holds."""
    match = _AS_OF.search(fold(question.text))
    return int(match["year"] or match["english"]) if match else None


def repealing_sentence(text: str, number: str) -> Span | None:
    """Return the sentence that says that the document of a 文号, in standard form, is repealed."""
    for match in _SENTENCE.finditer(text):
        if number in repealed_numbers(match[0]):
            return Span(match.start(), match.end() + (text[match.end() : match.end() + 1] in "。；"))
    return None


def _replaced(documents: Sequence[DocumentSummary], as_of: int | None) -> set[str]:
    """Return ids of rules that a newer one of the same organ and title stands for, trial versions (试行) among them."""
    newest: dict[tuple[str, str], date] = {}
    known: list[tuple[tuple[str, str], date, str]] = []
    for d in documents:
        if d.kind not in _RULES or not d.issuer or not d.title or d.issued_on is None:
            continue
        if as_of is not None and d.issued_on.year > as_of:
            continue
        key = (squeeze(fold(d.issuer)), _VERSION.sub("", squeeze(fold(d.title))))
        known.append((key, d.issued_on, d.document_id))
        newest[key] = max(newest.get(key, d.issued_on), d.issued_on)
    return {document_id for key, issued, document_id in known if issued < newest[key]}


def repealed_numbers(text: str) -> Iterator[str]:
    """Yield, in standard form, each 文号 that a sentence of ``text`` says is repealed."""
    for sentence in _SENTENCE.findall(squeeze(text)):
        if _REPEALS.search(sentence):
            for match in DOCUMENT_NUMBER.finditer(sentence):
                yield normalize_document_number(match[0])
