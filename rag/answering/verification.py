"""The last gate (核验): no answer leaves unless its citations hold.

What is checked is mechanical, so that it cannot be argued with: each quote equals the document's words, each
statement has a citation, and every figure and 文号 a statement gives stands in its quotes or names its document; where a
language model wrote the statement, by value (代拟的按数值核对). The
statement of a count gives the number of documents or duties and of those listed, and says again the figures of the
question, which are its conditions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from rag.answering.composing import label
from rag.answering.quantities import comparable, quantities
from rag.domain.answer import Answer, Citation, Mode, Statement
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
            cited = [by_id[i] for i in statement.citations]
            counted: set[str] = set()
            if statement.count is not None:
                counted = {str(statement.count), str(statement.listed), *_FIGURE.findall(asked)}
            found.extend(
                f"statement {number}: {figure} is in none of its quotes"
                for figure in _unsupported(statement, cited, answer.mode)
                if figure not in counted
            )
    return found


def _unsupported(statement: Statement, citations: list[Citation], mode: Mode) -> list[str]:
    support = squeeze(fold(" ".join(c.quote for c in citations)))
    said = statement.text
    if statement.worked_out is not None:  # it follows from the words and the document's date, and stands in neither
        said = said.replace(statement.worked_out.chinese, " ").replace(statement.worked_out.english, " ")
    for citation in citations:
        document = citation.document
        for name in (label(document), f"《{document.title}》", document.document_number or ""):
            if not name:
                continue
            said = said.replace(squeeze(name), " ")
    wanting = [figure for figure in _FIGURE.findall(squeeze(fold(said))) if figure not in support]
    return wanting if mode is Mode.EXTRACTIVE or not wanting else _unsupported_by_value(said, citations, wanting)


def _unsupported_by_value(said: str, citations: list[Citation], wanting: list[str]) -> list[str]:
    """Return which figures are in no quote by value either: a model may write 214000人 for 21.4万人."""
    held = set(_values(" ".join(c.quote for c in citations)).values())
    dates = (c.document.issued_on for c in citations)
    held |= {Decimal(part) for day in dates if day for part in (day.year, day.month, day.day)}
    given = _values(said)
    return [figure for figure in wanting if given.get(figure, Decimal(figure)) not in held]


def _values(text: str) -> dict[str, Decimal]:
    """Return the values of a text's figures, by the figure as written: 21.4 of 21.4万人 is 214000."""
    plain = comparable(text)
    found = {q.span.of(plain): q.value for q in quantities(plain)}
    return {(_FIGURE.findall(written) or [written])[0]: value for written, value in found.items()}
