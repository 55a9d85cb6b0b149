"""Counts and lists of documents (目录问答), over the whole catalogue and never over the best hits.

The number is that of all documents in scope that meet the conditions; each one listed is cited to the words by which
it meets them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.answering.composing import Composer, label
from rag.answering.currency import Currency
from rag.answering.holdings import DISCLOSURE_NAMES, HoldingsQuestion, read_holdings_question
from rag.domain.access import Scope
from rag.domain.document import DocumentSummary, Kind, OfficialDocument, ProposalBody
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.store.particulars import pattern_of
from rag.store.repository import Catalog
from rag.text import squeeze

MOST_LISTED = 200
"""Most documents listed one by one; the number given is that of all."""

_KIND_NAMES = {
    Kind.REPLY: "答复",
    Kind.PLAN: "方案计划",
    Kind.NOTICE: "通知",
    Kind.REPORT: "报告总结",
    Kind.LAW: "法规办法",
    Kind.OTHER: "其他",
}
_BODY_NAMES = {ProposalBody.CPPCC: "政协提案", ProposalBody.NPC: "人大建议"}


class CatalogueAnswerer:
    """Counts and lists the documents of one index."""

    def __init__(self, catalog: Catalog, currency: Currency) -> None:
        self._catalog = catalog
        self._currency = currency

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> str | None:
        """State how many documents there are and which, if the question asks that.

        Returns:
            Why there is nothing to count; ``None`` when something was stated, or the question is another one.
        """
        asked = read_holdings_question(question)
        if asked is None:
            return None
        conditions = _conditions_in_words(asked, question)
        unknown = [place.written for place in question.places if not place.names]
        found = [] if unknown else self._documents(asked, question, scope, filters)
        if not found:
            # With a subject in it the question may be for what a document says, and others may know.
            return None if asked.has_subject else f"库中没有符合条件（{conditions}）的文件。"
        marks: list[int] = []
        lines: list[tuple[str, list[int]]] = []
        for summary in found[:MOST_LISTED]:
            document = self._catalog.document(summary.document_id, scope=scope)
            spans = list(dict.fromkeys(_telling_spans(document, asked, is_dated=bool(question.years))))
            mine = [composer.cite(summary, document.text, s, page=document.page_of(s)) for s in spans]
            marks.append(mine[0])
            lines.append((_named(summary), mine))
        listed = "" if len(found) <= MOST_LISTED else f"，下面列出前{MOST_LISTED}件"
        composer.state_count(
            f"库中符合条件（{conditions}）的文件共{len(found)}件{listed}：", len(found), marks, listed=len(lines)
        )
        for words, mine in lines:
            composer.state(words, mine)
        return None

    def _documents(
        self, asked: HoldingsQuestion, question: Question, scope: Scope, filters: Filters
    ) -> list[DocumentSummary]:
        """Return the documents that meet all conditions, newest first."""
        narrowed = replace(filters, kind=asked.kind or filters.kind)
        found: dict[str, DocumentSummary] = {}
        ways = [narrowed]
        if filters.place is None and question.places:
            ways = [replace(narrowed, place=key) for key in dict.fromkeys(place.key for place in question.places)]
        if question.years:
            ways = [_within_year(each, year) for each in ways for year in sorted(question.all_years)]
        for each in ways:
            page = self._catalog.list_documents(
                scope=scope, filters=each, particulars=asked.particulars, are_distinct=True
            )
            found |= {summary.document_id: summary for summary in page.documents}
        documents = list(found.values())
        if asked.is_repealed:
            gone = self._currency.repealed(documents, scope=scope)
            documents = [summary for summary in documents if summary.document_id in gone]
        return documents


def _within_year(filters: Filters, year: int) -> Filters:
    return replace(filters, year_from=max(year, filters.year_from or year), year_to=min(year, filters.year_to or year))


def _telling_spans(document: OfficialDocument, asked: HoldingsQuestion, *, is_dated: bool) -> Iterator[Span]:
    """Yield the words by which a document meets the conditions: its title, and the elements asked for."""
    wanted = ["title"]
    if is_dated:
        wanted.append(
            next((n for n in ("issued_on", "printed_on") if document.elements.spans.get(n)), "document_number")
        )
    particulars = asked.particulars
    for name, value in (
        ("disclosure", particulars.disclosure),
        ("reply_category", particulars.reply_category),
        ("proposal.session", particulars.proposal_body),
        ("lead_unit", particulars.lead_unit),
        ("cooperating_units", particulars.cooperating_unit),
        ("issuer", particulars.issuer),
    ):
        if value is not None:
            wanted.append(name)
    spans = [span for name in wanted for span in document.elements.spans.get(name, ())[:1]]
    for words in particulars.mentioned:
        held = pattern_of(words).search(document.text)
        if held is not None:
            spans.append(_sentence_around(document.text, Span(held.start(), held.end())))
    yield from spans or [_sentence_around(document.text, Span(0, 1))]


def _sentence_around(text: str, span: Span) -> Span:
    """Return the sentence, or the line, that holds ``span``."""
    start = max(text.rfind(mark, 0, span.start) for mark in "。；\n") + 1
    ends = [end for end in (text.find(mark, span.end) for mark in "。；\n") if end >= 0]
    end = min(ends, default=len(text))
    while start < span.start and text[start].isspace():
        start += 1
    return Span(start, end)


def _named(summary: DocumentSummary) -> str:
    """Name a document in a list: issuer, 文号 and title."""
    name = label(summary)
    title = squeeze(summary.title or "")
    return f"{name}。" if not title or f"《{title}》" in squeeze(name) else f"{name}：《{title}》。"


def _conditions_in_words(asked: HoldingsQuestion, question: Question) -> str:
    """Say what the documents were chosen by."""
    particulars = asked.particulars
    parts = [
        ("地区", "、".join(place.written for place in question.places)),
        ("年份", "、".join(str(year) for year in sorted(question.all_years))),
        ("文种", _KIND_NAMES[asked.kind] if asked.kind else ""),
        ("发文机关", particulars.issuer or ""),
        ("公开属性", DISCLOSURE_NAMES[particulars.disclosure] if particulars.disclosure else ""),
        ("答复对象", _BODY_NAMES[particulars.proposal_body] if particulars.proposal_body else ""),
        ("答复类别", f"{particulars.reply_category}类" if particulars.reply_category else ""),
        ("主办单位", particulars.lead_unit or ""),
        ("协办单位", particulars.cooperating_unit or ""),
        ("标题含", "、".join(words[0] for words in particulars.named)),
        ("正文提到", "、".join(words[0] for words in particulars.mentioned)),
        ("效力", "已被废止" if asked.is_repealed else ""),
    ]
    return "；".join(f"{name}：{value}" for name, value in parts if value) or "全部文件"
