"""Extractive answers (摘句作答): the few sentences that answer, in the documents' own words.

Each statement is a sentence of a document, or a run of its clauses, under the name of its document. Its quote
holds exactly what is stated; only the document's name is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from rag.answering.composing import Composer, label
from rag.answering.enumerations import lead_in, with_items
from rag.answering.evidence import COURTESY, Evidence, names_noun
from rag.answering.intent import Intent, Reading
from rag.answering.kinds import counted_noun, counts_people, holds_kind, names_level
from rag.answering.polarity import asks_yes_or_no
from rag.answering.windows import best_window
from rag.domain.document import DocumentSummary, Kind
from rag.domain.passage import Hit
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.text import fold, sentences, squeeze

ANSWER_CHARACTERS = 300
"""Most characters quoted for an answer from one place; one sentence is always given."""

SHORT_SENTENCE = 40
"""A sentence no longer than this is stated whole even for one figure."""

LONG_SENTENCE = 110
"""A sentence longer than this is cut down to the clauses that answer."""

_NEAR_BEST = {Intent.FIGURE: 0.88, Intent.TIME: 0.88, Intent.WHERE: 0.88}
_NEAR_BEST_OTHERWISE = 0.8
_NEEDS_KIND = frozenset({Intent.FIGURE, Intent.TIME})
_MOST_STATEMENTS = {Intent.FIGURE: 2, Intent.TIME: 2, Intent.WHERE: 2}
_MOST_STATEMENTS_OTHERWISE = 4
_MOST_FOR_YES_OR_NO = 2
_MOST_DOCUMENTS = 12
_READABLE = 12

# A reply says what was proposed before it says what becomes of it; by itself the first answers nothing.
_RESTATES = re.compile(r"(?:关于)?(?:您|你们?|委员|代表)(?:们)?(?:所?提(?:出|到)|建议|反映|希望|关心)")
_CUT_MARK = re.compile(r"[，；,;](?![^（(]*[）)])")


def state_evidence(
    question: Question,
    reading: Reading,
    evidence: Sequence[Evidence],
    composer: Composer,
    *,
    most: int,
    text_of: Callable[[str], str],
) -> None:
    """State the sentences that answer, grouped by document, in reading order within each.

    Args:
        question: The question.
        reading: Its intent.
        evidence: Supported candidates, best first; not empty.
        composer: Where statements go.
        most: Most sentences to state.
        text_of: Gives the canonical text of a document id.
    """
    if asks_yes_or_no(question) and not reading.across:
        most = min(most, _MOST_FOR_YES_OR_NO)
    chosen = (_across(evidence) if reading.across else _within(reading.intent, evidence))[:most]
    order = {document: rank for rank, document in enumerate(dict.fromkeys(e.document.document_id for e in chosen))}
    chosen.sort(key=lambda e: (order[e.document.document_id], e.span.start))
    named: set[str] = set()
    stated: set[tuple[str, Span]] = set()
    for item in chosen:
        text = text_of(item.document.document_id)
        stated_span, quoted_span = _answering_spans(question, reading, item, text)
        if any(doc == item.document.document_id and s.overlaps(quoted_span) for doc, s in stated):
            continue
        stated.add((item.document.document_id, quoted_span))
        words, quote = (span.of(text) for span in (stated_span, quoted_span))
        prefix = "" if item.document.document_id in named else f"{label(item.document)}："
        named.add(item.document.document_id)
        cite = partial(composer.cite, item.document, section=item.passage.section, page=item.passage.page)
        head = _table_head(item)
        lead = lead_in(text, quoted_span) if head is None else None
        if head is not None:
            head_words = head.of(item.passage.text)
            marks = [cite(head_words, head.shift(item.passage.span.start)), cite(quote, quoted_span)]
            composer.state(prefix + _row_in_words(head_words, words), marks)
        elif lead is not None and (item.document.document_id, lead) not in stated:
            stated.add((item.document.document_id, lead))
            composer.state(f"{prefix}{lead.of(text)}\n{words}", [cite(lead.of(text), lead), cite(quote, quoted_span)])
        else:
            composer.state(prefix + words, [cite(quote, quoted_span)])


def state_window(
    question: Question, reading: Reading, document: DocumentSummary, hits: Sequence[Hit], composer: Composer, text: str
) -> bool:
    """State the run of clauses of one document that answers; see ``windows``.

    Args:
        question: The question.
        reading: Its intent.
        document: The document.
        hits: What the search found, best first; of it what is the document's is read.
        composer: Where the statement goes.
        text: The document's canonical text.

    Returns:
        Whether anything was stated.
    """
    found = [(hit.passage, hit.score) for hit in hits if hit.passage.document_id == document.document_id]
    window = best_window(question, reading, found, text)
    if window is None or not _gives_what_is_asked(question, reading.intent, window.span.of(text)):
        return False
    words, home = window.span.of(text), window.passage
    mark = composer.cite(document, words, window.span, section=home.section, page=home.page)
    composer.state(f"{label(document)}：{words}", [mark])
    return True


def _gives_what_is_asked(question: Question, intent: Intent, words: str) -> bool:
    """Whether words hold the figure or date that is asked for, where one is."""
    return intent not in _NEEDS_KIND or holds_kind(intent, question, words)


def _table_head(item: Evidence) -> Span | None:
    """Return where, in the passage, the head of the table stands that the sentence is a row of."""
    cells = item.text.count("\t")
    if not cells:
        return None
    for line in re.finditer(r"[^\n]+", item.passage.text):
        if line[0].count("\t") == cells:
            is_row_itself = line.start() + item.passage.span.start >= item.span.start
            return None if is_row_itself or any(c.isdigit() for c in line[0]) else Span(line.start(), line.end())
    return None


def _row_in_words(head: str, row: str) -> str:
    """Put a table's row as its head reads it: 镇名东塘镇，投入资金（万元）96。"""
    cells = zip(head.split("\t"), row.split("\t"), strict=True)
    return "，".join(f"{name.strip()}{cell.strip()}" for name, cell in cells if cell.strip()) + "。"


def _within(intent: Intent, evidence: Sequence[Evidence]) -> list[Evidence]:
    best = evidence[0]
    wanted = [e for e in evidence if e.fits] if best.fits else evidence
    # A score may be below nothing: a courtesy can still be the one sentence that cites the 文号 asked about.
    bar = best.score - (1 - _NEAR_BEST.get(intent, _NEAR_BEST_OTHERWISE)) * abs(best.score)
    chosen: list[Evidence] = []
    length = 0
    for item in wanted:
        if item.score < bar or len(chosen) >= _MOST_STATEMENTS.get(intent, _MOST_STATEMENTS_OTHERWISE):
            break
        if _repeats(item, chosen):
            continue
        length += min(len(item.text), LONG_SENTENCE)
        if chosen and length > ANSWER_CHARACTERS:
            break
        chosen.append(item)
    return chosen


def _across(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Take each document's best sentence, and a second when it is as good."""
    best = evidence[0].score
    chosen: dict[str, list[Evidence]] = {}
    for item in evidence:
        mine = chosen.setdefault(item.document.document_id, [])
        if item.score >= 0.55 * best and (not mine or (len(mine) < 2 and item.score >= 0.9 * mine[0].score)):
            mine.append(item)
    return [e for items in list(chosen.values())[:_MOST_DOCUMENTS] for e in items]


def _repeats(item: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Whether the same words are already given from another place."""
    plain = squeeze(fold(item.text))
    return any(squeeze(fold(other.text)) == plain for other in chosen)


def _answering_spans(question: Question, reading: Reading, item: Evidence, text: str) -> tuple[Span, Span]:
    """Return what to state of a sentence, and what to quote for it, which holds the first.

    For one figure, date or place the clause that gives it is stated and its sentence is quoted; else a long
    sentence is cut to the clauses that answer, and a clause's title is given with what it introduces.
    """
    whole = with_items(text, item.span)
    if whole != item.span:
        return whole, whole
    if item.document.kind is Kind.LAW and reading.intent not in _NEAR_BEST:
        whole = _to_full_stop(text, item.span)
        return whole, whole
    if reading.intent in _NEAR_BEST:
        if reading.asks_once and len(item.text) > SHORT_SENTENCE:
            stated = _shortened(question, reading.intent, item)
            return stated, item.span if len(item.text) <= ANSWER_CHARACTERS else stated
        return item.span, item.span
    if _introduces(item) or _RESTATES.match(item.text):
        span = _with_following(item)
        return span, span
    span = item.span if len(item.text) <= LONG_SENTENCE else _shortened(question, reading.intent, item)
    return span, span


def _to_full_stop(text: str, span: Span) -> Span:
    """Return a sentence of a statute up to its 。 on the same line: half of …处罚；情节较轻的，… is another norm."""
    line_end = text.find("\n", span.end)
    stop = text.find("。", span.end - 1, line_end if line_end >= 0 else len(text))
    return Span(span.start, stop + 1) if span.end <= stop < span.start + ANSWER_CHARACTERS else span


def _introduces(item: Evidence) -> bool:
    """Whether the sentence is a clause's title, so that what follows it is the answer."""
    return (
        len(item.text) <= 40
        and re.match(r"^(?:[一二三四五六七八九十]+[、是]|（[一二三四五六七八九十]+）|\(|\d+[.．、])", item.text)
        is not None
    )


def _with_following(item: Evidence) -> Span:
    base = item.passage.span.start
    end = item.span.end
    for following in sentences(item.passage.text, Span(item.span.end - base, len(item.passage.text))):
        words = following.of(item.passage.text)
        if base + following.end - item.span.start > ANSWER_CHARACTERS or COURTESY.search(words):
            break
        end = base + following.end
    return Span(item.span.start, end)


def _shortened(question: Question, intent: Intent, item: Evidence) -> Span:
    """Cut a long sentence down to the run of clauses that holds the question's words.

    The run starts at a clause mark and ends before one; it is the shortest that keeps every word of the
    question found in the sentence, and for a figure or a date a clause that has one; a figure's names what it counts.
    """
    text = item.text
    edges = [0, *(m.end() for m in _CUT_MARK.finditer(text)), len(text)]
    pieces = [Span(a, b) for a, b in pairwise(edges) if b > a]
    folded = [fold(p.of(text)) for p in pieces]
    asked = [term.alternatives for term in question.terms] + [(str(year),) for year in question.years]
    wanted = [words for words in asked if any(any(w in f for w in words) for f in folded)]
    counted = counted_noun(question)[-1:] if intent is Intent.FIGURE and not counts_people(question) else ()
    if any(not names_noun(squeeze(fold(text)), noun) for noun in counted):
        return item.span  # counted by another name: the words that are the same do not tell which figure is meant
    best: tuple[int, int, int] | None = None
    for first in range(len(pieces)):
        for last in range(first, len(pieces)):
            run = "".join(folded[first : last + 1])
            held = sum(any(w in run for w in words) for words in wanted)
            held -= any(not names_noun(squeeze(run), noun) for noun in counted)
            is_of_kind = holds_kind(intent, question, run) and (
                intent is not Intent.FIGURE or names_level(question, run)
            )
            if held == len(wanted) and (not item.fits or is_of_kind):
                size = pieces[last].end - pieces[first].start
                if best is None or size < best[0]:
                    best = (size, first, last)
                break
    if best is None or not wanted:
        return item.span
    start, end = pieces[best[1]].start, pieces[best[2]].end
    while end - start < _READABLE and best[2] + 1 < len(pieces):  # too short to read well
        best = (best[0], best[1], best[2] + 1)
        end = pieces[best[2]].end
    end -= len(text[start:end]) - len(text[start:end].rstrip("，；、：,; ")) if end < len(text) else 0
    return Span(start, end).shift(item.span.start)
