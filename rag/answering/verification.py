"""The last gate (核验): no answer leaves unless its citations hold.

What is checked is mechanical, so that it cannot be argued with: each quote equals the document's words, each
statement has a citation, and every figure and 文号 a statement gives stands in its quotes or names its document. The
statement of a count gives the number of documents, and says again the figures of the question, which are its conditions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.answering.composing import label
from rag.domain.answer import Answer, Citation, Statement
from rag.retrieval.years import spell_years_in_figures
from rag.text import fold, squeeze

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def problems(answer: Answer, text_of: Callable[[str], str]) -> list[str]:
    """Return what is wrong with an answer's citations; empty when it may be given.

    Args:
        answer: The answer.
        text_of: Gives the canonical text of a document id.
    """
    by_id = {citation.id: citation for citation in answer.citations}
    asked = spell_years_in_figures(squeeze(fold(answer.question)))
    found = [
        f"citation {citation.id}: the quote is not what the document says at its place"
        for citation in answer.citations
        if not citation.quote or citation.span.of(text_of(citation.document.document_id)) != citation.quote
    ]
    for number, statement in enumerate(answer.statements, 1):
        if not statement.citations:
            found.append(f"statement {number}: no citation")
        elif not set(statement.citations) <= by_id.keys():
            found.append(f"statement {number}: cites what is not there")
        else:
            found.extend(
                f"statement {number}: {figure} is in none of its quotes"
                for figure in _unsupported(statement, [by_id[i] for i in statement.citations])
                if number > 1 or answer.count is None or figure not in {str(answer.count), *_FIGURE.findall(asked)}
            )
    return found


def _unsupported(statement: Statement, citations: list[Citation]) -> list[str]:
    support = squeeze(fold(" ".join(c.quote for c in citations)))
    said = statement.text
    for citation in citations:
        for name in (label(citation.document), f"《{citation.document.title}》"):
            said = said.replace(squeeze(name), " ")
    return [figure for figure in _FIGURE.findall(squeeze(fold(said))) if figure not in support]
