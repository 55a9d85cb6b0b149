"""Whether an answer is put into a language model's words (代拟), from what, and whether they are then given."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rag.answering import verification
from rag.answering.composing import Composer
from rag.answering.evidence import Evidence
from rag.answering.intent import DUTY_INTENTS, Reading
from rag.domain.access import Scope
from rag.domain.answer import Answer
from rag.retrieval.question import Question
from rag.store.repository import Catalog

if TYPE_CHECKING:  # most answers are made without one
    from rag.answering.drafting.drafter import Drafter

_logger = logging.getLogger(__name__)

_NOT_IN_ENGLISH = "英文提问不交语言模型 (questions in English are answered without the language model)"
_NOT_FOR_FACTS = (
    "职责、数目、清单、比较和法条原样列出，不交语言模型 (duties, counts, lists, comparisons and articles are stated as they stand,"
    " without the language model)"
)
_DRAFT_WITHHELD = "语言模型所写未通过核验，以下为原文摘句 (the draft did not pass; the answer is extractive)"


class Material(NamedTuple):
    """What a language model is given, read beforehand: sentences that answer, others beside them, texts by document id."""

    able: Sequence[Evidence]
    beside: Sequence[Evidence]
    texts: dict[str, str]
    masked_texts: dict[str, str]


def reason_against_drafting(question: Question, reading: Reading, composer: Composer, answer: Answer) -> str | None:
    """Return why a model is not asked to write an answer, ``None`` where it may be."""
    if question.is_english:
        return _NOT_IN_ENGLISH
    if not composer.is_extract or answer.comparison or reading.intent in DUTY_INTENTS:
        return _NOT_FOR_FACTS
    return None


def read_material(
    answer: Answer, able: Sequence[Evidence], beside: Sequence[Evidence], catalog: Catalog, *, scope: Scope
) -> Material:
    """Read the texts of what an answer cites, and of sentences that answer and others beside them."""
    cited = [citation.document.document_id for citation in answer.citations]
    ids = dict.fromkeys([*cited, *(e.document.document_id for e in (*able, *beside))])
    texts = masked_texts = {i: catalog.text(i, scope=scope) for i in ids}
    if scope.personal_data:
        masked_texts = {i: catalog.text(i, scope=replace(scope, personal_data=False)) for i in ids}
    return Material(able, beside, texts, masked_texts)


def drafted(drafter: Drafter, question: Question, answer: Answer, material: Material) -> Answer:
    """Return the answer in a language model's words where these hold, else the answer and why it is extractive."""
    draft = drafter.draft(
        question.text, answer, material.able, material.beside, text_of=material.masked_texts.__getitem__
    )
    wrong = verification.problems(draft, material.texts.__getitem__)
    if wrong:
        _logger.error("draft withheld: %d of its citations and statements do not hold", len(wrong))
        return replace(answer, notes=(*answer.notes, _DRAFT_WITHHELD))
    return draft
