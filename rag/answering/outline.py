"""Answers that are a clause's parts (提纲作答): 基本原则有哪三条 is answered by the headings under 基本原则."""

from __future__ import annotations

import re

import numpy as np

from rag.answering.composing import Composer, label
from rag.answering.matching import TermMatcher
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.filters import Filters
from rag.domain.passage import Clause
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold, squeeze

_ASKS_PARTS = re.compile(
    r"哪(?:几|些|[两一二三四五六七八九十]+)(?:条|项|个|点|方面|种|大|步|章)?|(?:原则|任务|措施|目标|举措|要求|工作|打算|做法|保障)(?:是|有|包括)?什么"
    r"|what (?:principles|tasks|measures|goals|steps|safeguards)|which (?:principles|tasks|measures)"
)
_CANDIDATE_PASSAGES = 20
_MOST_PARTS = 20
_MOST_CHARACTERS = 3_000
"""Most characters of articles given whole as the parts of a chapter."""
# Nearly the whole question must be the heading itself: a heading that shares a word names something else.
_LEAST_HELD = 0.8
_LEAST_SHARE_ASKED = 0.6
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零\d]+条(?:之[一二三四五六七八九十])?")
_NUMBER = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|第[一二三四五六七八九十百\d]+[章节条])\s*")


class OutlineAnswerer:
    """Answers questions for the parts of a clause."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> bool:
        """State the headings under the clause that the question names, if it names one.

        Returns:
            Whether anything was stated.
        """
        if not question.terms or not _ASKS_PARTS.search(fold(question.text)):
            return False
        asked = squeeze(fold(question.text))
        hits = self._searcher.search(question, scope=scope, filters=filters, top_k=_CANDIDATE_PASSAGES)
        matcher = TermMatcher(question.terms, self._searcher)
        weights = np.array([self._searcher.weight(term) for term in question.terms])
        best: tuple[float, OfficialDocument, Clause] | None = None
        for document_id in dict.fromkeys(hit.passage.document_id for hit in hits):
            document = self._catalog.document(document_id, scope=scope)
            proposal = document.elements.proposal
            title = matcher.strengths(f"{document.elements.title or ''} {proposal.title or '' if proposal else ''}")
            for clause in document.clauses:
                if _share_asked(clause.heading.of(document.text), asked) < _LEAST_SHARE_ASKED:
                    continue
                heading = matcher.strengths(clause.heading.of(document.text))
                held = float(np.dot(weights, np.maximum(heading, title)) / weights.sum())
                is_named = float(np.dot(weights, heading)) > float(np.dot(weights, np.minimum(heading, title)))
                if (
                    held >= _LEAST_HELD
                    and is_named
                    and len(_parts(document, clause)) > 1
                    and (best is None or held > best[0])
                ):
                    best = (held, document, clause)
        if best is None:
            return False
        _, document, clause = best
        summary = document.summary
        parts = _parts(document, clause)[:_MOST_PARTS]
        spans = [part.heading for part in parts]
        if all(_ARTICLE.fullmatch(span.of(document.text)) for span in spans):
            spans = [part.span for part in parts]  # 第四十六条 by itself says nothing
            if sum(len(span) for span in spans) > _MOST_CHARACTERS:
                return False
        for number, (part, span) in enumerate(zip(parts, spans, strict=True)):
            words = span.of(document.text)
            mark = composer.cite(summary, document.text, span, section=clause.path, page=document.page_of(part.heading))
            composer.state(f"{label(summary)}：{words}" if number == 0 else squeeze(words), [mark])
        return True


def _share_asked(heading: str, asked: str) -> float:
    """Return the share of a heading's pairs of characters that stand in the question, its number left out."""
    title = squeeze(fold(_NUMBER.sub("", heading)))
    pairs = [title[i : i + 2] for i in range(len(title) - 1)]
    return sum(pair in asked for pair in pairs) / len(pairs) if pairs else 0.0


def _parts(document: OfficialDocument, clause: Clause) -> list[Clause]:
    """Return a clause's children, in order."""
    inside = [
        c for c in document.clauses if c is not clause and clause.span.contains(c.span) and c.level > clause.level
    ]
    nearest = min((c.level for c in inside), default=0)
    return [c for c in inside if c.level == nearest]
