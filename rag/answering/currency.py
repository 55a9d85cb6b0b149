"""Whether documents are in force (现行有效): one that a later document repeals is not given as current."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.retrieval.search import Searcher
from rag.text import DOCUMENT_NUMBER, normalize_document_number, squeeze

_REPEALS = re.compile(r"废止|失效|停止执行|不再执行")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_PASSAGES_READ = 2_000


class Currency:
    """Knows which documents of one generation are repealed by another document that the asker may see."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._repeals: dict[Scope, dict[str, set[str]]] = {}

    def repealed(self, documents: Iterable[DocumentSummary], *, scope: Scope) -> set[str]:
        """Return ids of the documents that another document in scope says are repealed (同时废止).

        The other document must name the 文号 in the sentence that repeals it; another file of the same text is no
        other document.
        """
        if scope not in self._repeals:
            self._repeals[scope] = self._read(scope)
        repeals = self._repeals[scope]
        repealing = {
            document.document_id: repeals.get(normalize_document_number(document.document_number), set())
            for document in documents
            if document.document_number
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


def repealed_numbers(text: str) -> Iterator[str]:
    """Yield, in standard form, each 文号 that a sentence of ``text`` says is repealed."""
    for sentence in _SENTENCE.findall(squeeze(text)):
        if _REPEALS.search(sentence):
            for match in DOCUMENT_NUMBER.finditer(sentence):
                yield normalize_document_number(match[0])
