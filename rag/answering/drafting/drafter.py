"""The drafter (代拟): a language model puts an extractive answer into words, and what of that holds is given.

The extractive answer comes first and always stands ready: whatever fails, it is the answer. The model sees the words
that it rests on and the next best sentences, with personal data masked whoever asks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from rag.answering.drafting.checking import faults
from rag.answering.drafting.draft import DraftSentence, read_draft
from rag.answering.drafting.endpoint import ChatEndpoint
from rag.answering.drafting.evidence import NumberedEvidence
from rag.answering.drafting.instructions import speaks_to_a_model
from rag.answering.drafting.prompt import messages
from rag.answering.drafting.reading import read
from rag.answering.drafting.wording import covers, is_empty
from rag.answering.evidence import Evidence
from rag.domain.access import Disclosure
from rag.domain.answer import Answer, Citation, Mode, Statement, UnverifiedSentence
from rag.errors import DraftingFailed

MOST_FURTHER = 6
"""Most sentences sent beside those of the extractive answer."""

MOST_CHARACTERS = 8_000
"""Most characters of evidence sent."""

_logger = logging.getLogger(__name__)

_WITHOUT = "未采用语言模型，以下为原文摘句 (answered without the language model)："
_LIMITED = "所依据的文件未主动公开，不发给语言模型 (documents not released to the public are not sent)"
_ADDRESSED = "所依据的原文中有写给语言模型的话，不发给语言模型 (the evidence speaks to the model)"
_TOO_LONG = "所依据的原文过长 (the evidence is too long)"
_NO_ANSWER = "语言模型认为证据不足 (the model found the evidence insufficient)"
_BESIDE = "所写未依据能回答问题的原文 (it does not rest on the words that answer)"
_NONE_HOLDS = "所写各句均未能核实 (nothing that it wrote could be verified)"


class Drafter:
    """Has drafts written by one endpoint. Safe across threads."""

    def __init__(self, endpoint: ChatEndpoint, *, public_only: bool = False) -> None:
        self._endpoint = endpoint
        self._public_only = public_only

    def draft(
        self,
        question: str,
        answer: Answer,
        able: Sequence[Evidence],
        beside: Sequence[Evidence],
        *,
        text_of: Callable[[str], str],
    ) -> Answer:
        """Return the answer as the model puts it, as far as that can be verified; else the answer with the reason.

        Args:
            question: As asked.
            answer: An extractive answer.
            able: Sentences that may answer, best first. A draft must rest on one of them or on the answer's citations.
            beside: Further sentences near the question, best first.
            text_of: Gives the text of a document id with personal data masked: this is what leaves the machine.
        """
        evidence = self._evidence(answer, [*able, *beside], text_of)
        if not evidence:
            return _without(answer, _LIMITED)
        # Words to a model in what the answer rests on: it stands as it is, and no model sees them.
        if any(map(_speaks, evidence[: len(answer.citations)])):
            return _without(answer, _ADDRESSED)
        evidence = [item for item in evidence if not _speaks(item)]
        if sum(len(item.text) for item in evidence) > MOST_CHARACTERS:
            return _without(answer, _TOO_LONG)
        try:
            written = self._endpoint.complete(messages(question, evidence))
        except DraftingFailed as error:
            _logger.warning("no draft: %s", error)
            return _without(answer, str(error))
        sentences = read_draft(written)
        if not sentences:
            return _without(answer, _NO_ANSWER)
        places = {(e.document.document_id, e.span) for e in able}
        bearing = {item.number for item in evidence if (item.document.document_id, item.span) in places}
        return _checked(answer, sentences, evidence, bearing | {citation.id for citation in answer.citations})

    def _evidence(
        self, answer: Answer, further: Iterable[Evidence], text_of: Callable[[str], str]
    ) -> list[NumberedEvidence]:
        """Number the evidence: the answer's citations under their own ids, then what else may be sent.

        Returns:
            Nothing when a citation may not be sent.
        """
        if any(not self._may_be_sent(c.document.disclosure) for c in answer.citations):
            return []
        found = [
            NumberedEvidence(c.id, c.document, c.section, c.span, c.span.of(text_of(c.document.document_id)), c.page)
            for c in answer.citations
        ]
        length = sum(len(item.text) for item in found)
        last = max(item.number for item in found)
        for sentence in further:
            length += len(sentence.text)
            if len(found) - len(answer.citations) >= MOST_FURTHER or length > MOST_CHARACTERS:
                break
            is_there = any(
                item.document.document_id == sentence.document.document_id and item.span.overlaps(sentence.span)
                for item in found
            )
            if is_there or not self._may_be_sent(sentence.document.disclosure):
                continue
            last += 1
            words = sentence.span.of(text_of(sentence.document.document_id))
            passage = sentence.passage
            found.append(
                NumberedEvidence(
                    last, sentence.document, passage.section, sentence.span, words, passage.page, sentence.text
                )
            )
        return found

    def _may_be_sent(self, label: Disclosure) -> bool:
        return not self._public_only or label is Disclosure.PUBLIC


def _speaks(item: NumberedEvidence) -> bool:
    """Whether the words, or what is said of their document, are addressed to a model."""
    document = item.document
    said = (item.text, document.title, document.issuer, document.document_number, *item.section)
    return any(speaks_to_a_model(words) for words in said if words)


def _without(answer: Answer, reason: str) -> Answer:
    return replace(answer, notes=(*answer.notes, f"{_WITHOUT}{reason}"))


def _checked(
    answer: Answer, sentences: Sequence[DraftSentence], evidence: Sequence[NumberedEvidence], bearing: AbstractSet[int]
) -> Answer:
    """Keep what holds; put the extractive statement where a sentence does not, and tell of the sentence.

    Args:
        answer: The extractive answer.
        sentences: The draft; not empty.
        evidence: What it may cite, the answer's citations first.
        bearing: Numbers of the evidence that bears an answer; what is only near the question does not.
    """
    statements: list[Statement] = []
    unverified: list[UnverifiedSentence] = []
    cited: set[int] = set()
    for sentence in sentences:
        reasons = faults(sentence.text, sentence.citations, evidence)
        if not reasons:
            statements.append(Statement(sentence.text, sentence.citations))
            cited.update(sentence.citations)
            continue
        unverified.append(UnverifiedSentence(sentence.text, sentence.citations, reasons))
        instead = _counterpart(sentence, answer.statements)
        if instead is not None and instead not in statements:
            statements.append(instead)
    answer = replace(answer, unverified=tuple(unverified))
    if not cited:
        return _without(answer, _NONE_HOLDS)
    if not cited & bearing:
        return _without(answer, _BESIDE)
    notes = answer.notes
    if unverified:
        notes = (
            *notes,
            f"语言模型所写有{len(unverified)}句未能核实，不作为答案；能对应的已换成原文"
            f" ({len(unverified)} of the model's sentences could not be verified and are not part of the answer)",
        )
    more = [_citation(item) for item in evidence[len(answer.citations) :] if item.number in cited]
    return replace(
        answer,
        mode=Mode.LLM,
        text="\n".join(s.text + "".join(f"[{i}]" for i in s.citations) for s in statements),
        statements=tuple(statements),
        citations=(*answer.citations, *more),
        notes=notes,
    )


def _citation(item: NumberedEvidence) -> Citation:
    return Citation(item.number, item.document, item.section, item.span, item.quote, item.page)


def _counterpart(sentence: DraftSentence, statements: Sequence[Statement]) -> Statement | None:
    """Return the extractive statement that a sentence corresponds to: of those with a citation of its own, the nearest."""
    shared = [s for s in statements if set(s.citations) & set(sentence.citations)]
    words = [w.word for clause in read(sentence.text).clauses for w in clause.words if not is_empty(w.word)]
    return max(shared, key=lambda s: sum(covers(s.text, word) for word in words), default=None)
