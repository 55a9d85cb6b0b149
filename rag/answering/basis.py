"""What a document is made under (制定依据): the words by which it names the document of a higher organ that it rests on."""

from __future__ import annotations

import re

from rag.answering.relations import Mention, mentions_in, numbers_of
from rag.domain.document import OfficialDocument
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.store.names import is_title_of
from rag.text import fold, sentences, squeeze

_DOCUMENT = r"(?:文[号件]?|通知|方案|意见|规定|规划|办法|条例|精神|决定|法律?|法规)"
_RESTING = r"(?:根据|依据|按照|依照|遵照|贯彻|落实|转发)"
_ASKS = re.compile(
    rf"{_RESTING}(?:的?是)?[^，。？]{{0,8}}?(?:哪|什么|何)[^，。？]{{0,8}}?{_DOCUMENT}"
    rf"|上级(?:的|机关)*{_DOCUMENT}的?(?:文号|字号|名称|标题|是)|(?:制定|出台|印发|起草)的?依据|依据的?(?:文件|通知|文号)"
    r"|\bbased on (?:which|what)\b|\b(?:which|what)\b.*\b(?:based on|made under|issued under)"
)
_ASKS_NUMBER = re.compile(r"文号|字号|几号|\bnumber\b")
_RESTS = re.compile(rf"{_RESTING}|按(?=《)|依(?=《)|参照|为(?:深入|全面|认真|进一步)")
_PREAMBLE_CHARACTERS = 1_500
"""A document says in its first words what it rests on; further down 根据 tells by what a single thing is done."""


def asks_basis(question: Question) -> bool:
    """Whether a question wants the document that another one rests on: 根据上级哪个文号的文件制定."""
    return _ASKS.search(fold(question.text)) is not None


def basis_of(document: OfficialDocument, question: Question) -> Span | None:
    """Return where a document says what it rests on, from the word that says so to the end of that document's name.

    Args:
        document: The document.
        question: One that asks for it; where it asks for the 文号, only a document named with one will do.

    Returns:
        ``None`` where the first words name no other document so.
    """
    wants_number = _ASKS_NUMBER.search(fold(question.text)) is not None
    own = set(numbers_of(document.elements.document_number or ""))
    for sentence in sentences(document.text, Span(0, min(len(document.text), _PREAMBLE_CHARACTERS))):
        words = sentence.of(document.text)
        for mention in mentions_in(words):
            if wants_number and not mention.number:
                continue
            if any(not place.names and place.short not in words for place in question.places):
                continue
            if own & set(numbers_of(mention.number or "")) or is_title_of(mention.title, document.elements.title):
                continue
            rests = _resting_on(words, mention)
            if rests is not None:
                return Span(rests, mention.span.end).shift(sentence.start)
    return None


def _resting_on(words: str, mention: Mention) -> int | None:
    """Return where the word stands that a mention belongs to, in its clause or as one of the names that it governs."""
    found = [match.start() for match in _RESTS.finditer(words, 0, mention.span.start)]
    if mention.number and not mention.title:  # 根据国办发〔2020〕1号: read as part of the agency's code
        inside = _RESTS.match(squeeze(words[mention.span.start : mention.span.end]))
        found += [mention.span.start] if inside else []
    if not found:
        return None
    between = words[found[-1] : mention.span.start]
    return found[-1] if "，" not in re.sub(r"《[^《》]*》", "", between) else None
