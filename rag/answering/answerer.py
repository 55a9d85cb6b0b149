"""Answering (问答): a question goes to the answerer that fits it, and what comes back is verified or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rag.answering import verification
from rag.answering.acts import work_out_times
from rag.answering.admission import admitted
from rag.answering.articles import ArticleAnswerer, asked_articles
from rag.answering.catalogue import CatalogueAnswerer
from rag.answering.comparison import Side, compares, reading_of, rows_of, sides_of
from rag.answering.composing import Composer, refuse
from rag.answering.conditions import Condition, conditions_of
from rag.answering.constraints import cites
from rag.answering.contacts import ContactAnswerer
from rag.answering.conversation import resolve, with_place_before
from rag.answering.currency import Currency
from rag.answering.days import note_on_year
from rag.answering.disagreement import SAYS_SO, disagreeing
from rag.answering.duties import DutyFinder, counts_units, state_duties
from rag.answering.enactment import EnactmentAnswerer
from rag.answering.english import in_english
from rag.answering.evidence import Evidence, EvidenceFinder, Findings
from rag.answering.extractive import state_evidence, state_window
from rag.answering.headed import asked_heading, state_headed
from rag.answering.intent import DUTY_INTENTS, Intent, Reading, read_intent
from rag.answering.material import Material, drafted, read_material, reason_against_drafting
from rag.answering.metadata import MetadataAnswerer, asks_speaker
from rag.answering.outline import OutlineAnswerer
from rag.answering.penalties import PenaltyAnswerer
from rag.answering.polarity import Polarity, asks_yes_or_no, polarity_of, polarity_of_role
from rag.answering.progress import ProgressAnswerer, asked_statuses
from rag.answering.question_limits import check_history, check_question
from rag.answering.reasons import Reasons
from rag.answering.refusal import says_something
from rag.answering.relations import RelationFinder
from rag.answering.running import running_document
from rag.answering.statutes import StatuteFinder
from rag.answering.validity import ValidityAnswerer
from rag.domain.access import Scope
from rag.domain.answer import Answer, Status
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.domain.personal import MASK
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog

if TYPE_CHECKING:  # most answers are made without one
    from rag.answering.drafting.drafter import Drafter

_MASKED = "引文中的个人信息已用＊遮盖 (personal data in the quotes is masked)"

MOST_OF_A_SIDE = 2
"""Most sentences quoted for each of the places or years compared."""

_FEWEST_SIDES = 2

_LEAD_PASSAGES = 20
"""The best passages, whose documents are offered as leads."""

_OUTLINE_INTENTS = frozenset({Intent.HOW, Intent.FACT})

_logger = logging.getLogger(__name__)


class Answerer:
    """Answers questions from one index."""

    def __init__(
        self,
        catalog: Catalog,
        searcher: Searcher,
        drafter: Drafter | None = None,
        *,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Read from a catalogue; ``today`` tells whether what a document limits (有效期至…) is over."""
        self._catalog = catalog
        self._searcher = searcher
        self._duties = DutyFinder(catalog, searcher)
        currency = Currency(searcher)
        self.relations = RelationFinder(catalog, searcher, currency).relations
        self._evidence = EvidenceFinder(searcher, currency)
        self._contacts = ContactAnswerer(catalog, searcher)
        self._metadata = MetadataAnswerer(catalog, searcher)
        self.currency = currency
        self._holdings = CatalogueAnswerer(catalog, currency)
        self._outline = OutlineAnswerer(catalog, searcher)
        self._progress = ProgressAnswerer(catalog, searcher, currency)
        self._validity = ValidityAnswerer(catalog, searcher, currency, today)
        self._reasons = Reasons(catalog, searcher)
        statutes = StatuteFinder(catalog, searcher)
        self._articles = ArticleAnswerer(catalog, statutes)
        self._penalties = PenaltyAnswerer(catalog, searcher, statutes)
        self._enactment = EnactmentAnswerer(catalog, statutes)
        self.drafter = drafter

    def answer(
        self, text: str, *, scope: Scope, filters: Filters | None = None, top_k: int = 10, history: Sequence[str] = ()
    ) -> Answer:
        """Answer a question, or say that the documents do not.

        Args:
            text: The question, in Chinese or English.
            scope: What the asker may see; nothing else takes part.
            filters: Conditions on the documents, beside those that the question itself names.
            top_k: Most sentences quoted; duties and lists of documents are given whole.
            history: The asker's questions before this one, oldest first; a follow-up is made whole from them.

        Raises:
            InvalidRequest: A question or the history is none that is taken; see ``rag.answering.question_limits``.
        """
        check_question(text)
        check_history(history)
        whole = resolve(text, history, lambda words: self._searcher.understand(words, scope=scope))
        if whole == text:
            offered = with_place_before(text, history, lambda words: self._searcher.understand(words, scope=scope))
            if offered is not None:
                placed = self._answered(offered, text, scope, filters, top_k)
                if placed.status is Status.ANSWERED:
                    return placed
        return self._answered(whole, text, scope, filters, top_k)

    def _answered(self, whole: str, text: str, scope: Scope, filters: Filters | None, top_k: int) -> Answer:
        """Answer a question made whole; ``text`` is how it was asked."""
        # All is read from one state of the catalog, but a language model, which takes its time, is not waited for in it.
        with self._catalog.snapshot(), self._searcher.sharing():
            question = self._searcher.understand(whole, scope=scope)
            answer, material = self._answer(question, scope, filters or Filters(), top_k)
        if self.drafter is not None and material is not None:
            answer = drafted(self.drafter, question, answer, material)
        if question.is_english and answer.status is Status.NO_EVIDENCE:
            answer = in_english(answer)
        told = (*answer.notes, *note_on_year(question, answer), *self._notes_on_masks(answer, scope))
        notes = (*question.notes, *told)
        if whole == text:
            return replace(answer, notes=notes)
        taken = f"Taken as: {whole}" if question.is_english else f"理解为：{whole}"
        return replace(answer, question=text.strip(), interpreted=whole, notes=(taken, *notes))

    def _notes_on_masks(self, answer: Answer, scope: Scope) -> tuple[str, ...]:
        """Say why words are masked, where they are."""
        if scope.personal_data:
            return ()
        for citation in answer.citations:
            if MASK in citation.quote:
                spans = self._catalog.personal_spans(citation.document.document_id, scope=scope)
                if any(span.overlaps(citation.span) for span, _ in spans):
                    return (_MASKED,)
        return ()

    def _answer(self, question: Question, scope: Scope, filters: Filters, top_k: int) -> tuple[Answer, Material | None]:
        """Return the answer in the documents' words, and what a language model may make another one of."""
        reading = read_intent(question)
        composer = Composer(question.text)
        missing = self._holdings.state(question, composer, scope=scope, filters=filters)
        if missing is None and composer.is_empty:
            missing = self._state_statutes(question, composer, scope, filters)
        if missing is None and composer.is_empty:
            if not self._state_comparison(question, reading, composer, scope, filters):
                for condition in conditions_of(question, filters):
                    composer.counted_in = condition.name
                    self._state(question, reading, composer, scope, condition, top_k)
            if composer.is_empty and question.document_numbers:
                # A 文号 is also asked about because another document cites it.
                self._state_citing(question, reading, composer, scope, filters, top_k)
        if composer.is_empty:
            reason = missing or self._reasons.of(question, scope=scope, filters=filters)
            return self._refused(question, reason, scope, filters), None
        if not composer.is_counted:
            self._validity.state_replacements(composer, question, scope=scope)
        if reading.intent is Intent.TIME:
            work_out_times(composer, scope=scope, catalog=self._catalog)
        answer = self._verified(question, composer, scope, filters)
        return self._with_material(question, reading, composer, answer, scope, filters)

    def _with_material(
        self, question: Question, reading: Reading, composer: Composer, answer: Answer, scope: Scope, filters: Filters
    ) -> tuple[Answer, Material | None]:
        """Return the answer, and what it may be written from again; why it may not be is noted."""
        if self.drafter is None or answer.status is Status.NO_EVIDENCE:
            return answer, None  # a refusal stands: the model is not asked
        reason = reason_against_drafting(question, reading, composer, answer)
        if reason is not None:
            return replace(answer, notes=(*answer.notes, reason)), None
        able: list[Evidence] = []
        beside: list[Evidence] = []
        for condition in conditions_of(question, filters):
            able_here, found = self._read(question, reading, scope, condition)
            able += able_here
            beside += filter(says_something, found.evidence)
        return answer, read_material(answer, able, beside, self._catalog, scope=scope)

    def _state_statutes(self, question: Question, composer: Composer, scope: Scope, filters: Filters) -> str | None:
        """State what the question asks of a statute as such: an article, its making, a penalty.

        Returns:
            Why the question must be refused; ``None`` when something was stated or other answerers may try.
        """
        asked = asked_articles(question)
        if asked is not None:
            missing = self._articles.state(question, asked, composer, scope=scope, filters=filters)
            if missing is None or asked.numbers:
                return missing
        missing = self._enactment.state(question, composer, scope=scope, filters=filters)
        if missing is None and composer.is_empty:
            for condition in conditions_of(question, filters):
                self._penalties.state(question, composer, scope=scope, filters=condition.filters)
        return missing

    def _verified(self, question: Question, composer: Composer, scope: Scope, filters: Filters) -> Answer:
        answer = in_english(composer.answer()) if question.is_english else composer.answer()
        wrong = verification.problems(answer, lambda d: self._catalog.text(d, scope=scope))
        if wrong:
            _logger.error("answer withheld: %d of its citations and statements do not hold", len(wrong))
            return self._refused(question, "未能核实答案的引文，故不作答。", scope, filters)
        return answer

    def _state(
        self, question: Question, reading: Reading, composer: Composer, scope: Scope, condition: Condition, top_k: int
    ) -> None:
        """State what the first answerer that has something says under one condition."""
        filters = condition.filters
        if self._contacts.state(question, composer, scope=scope, filters=filters):
            return
        if self._validity.state(question, composer, scope=scope, filters=filters):
            return
        if self._metadata.state(question, composer, scope=scope, filters=filters) or asks_speaker(question):
            return
        if reading.intent in DUTY_INTENTS or counts_units(question):
            if self._state_duties(question, reading, composer, scope, filters):
                return
        elif reading.intent in _OUTLINE_INTENTS and self._outline.state(
            question, composer, scope=scope, filters=filters
        ):
            return
        evidence, found = list[Evidence](), Findings([], [])
        if not self._progress.is_bare(question, reading):
            evidence, found = self._read(question, reading, scope, condition)
        # What others plan or did answers nothing where the document found first tells it.
        told = running_document(question, reading, evidence) if asked_statuses(question, reading) else None
        if told is None and self._progress.state(
            question, reading, composer, scope=scope, filters=filters, top_k=top_k
        ):
            return
        self._state_evidence(question, reading, evidence, found.hits, composer, scope, top_k)

    def _read(
        self, question: Question, reading: Reading, scope: Scope, condition: Condition
    ) -> tuple[list[Evidence], Findings]:
        """Return the sentences that may answer under a condition, and all that was read for it."""
        filters, _, anywhere = condition
        found = self._evidence.read(question, reading, scope=scope, filters=filters, anywhere=anywhere)
        is_filtered = not filters.is_empty
        able = admitted(
            question,
            reading,
            found,
            self._searcher,
            lambda d: self._catalog.text(d, scope=scope),
            is_filtered=is_filtered,
        )
        return able, found

    def _state_duties(
        self, question: Question, reading: Reading, composer: Composer, scope: Scope, filters: Filters
    ) -> bool:
        """State the duties asked for, of a proposal without a line on its handling who answered it, if there are any."""
        counted = counts_units(question)
        found = self._duties.find(question, counted or reading.intent, scope=scope, filters=filters)
        if found.matches:
            was_empty = composer.is_empty
            state_duties(composer, found, reading, self._catalog, scope, counted=counted)
            if was_empty and len(found.matches) == 1 and asks_yes_or_no(question):
                _lead_with(composer, question, polarity_of_role(question, found.matches[0].duty))
            return True
        return reading.intent is Intent.HANDLES and self._metadata.state_answering(
            question, composer, scope=scope, filters=filters
        )

    def _state_comparison(
        self, question: Question, reading: Reading, composer: Composer, scope: Scope, filters: Filters
    ) -> bool:
        """State what is said of each place or year that the question compares, if at least two have something."""
        if not (compares(question) or reading.across):
            return False
        sides = sides_of(question, filters)
        answered: list[tuple[Side, Composer]] = []
        for side in sides:
            trial = Composer(question.text)
            trial.counted_in = side.name
            condition = Condition(side.filters, side.name)
            self._state(side.question, reading_of(question, reading), trial, scope, condition, MOST_OF_A_SIDE)
            if not trial.is_empty:
                answered.append((side, trial))
        if len(answered) < _FEWEST_SIDES:
            return False
        for side, trial in answered:
            stated = composer.absorb(trial)
            composer.add_rows(rows_of(side, stated, composer.documents))
        return True

    def _state_evidence(
        self,
        question: Question,
        reading: Reading,
        evidence: Sequence[Evidence],
        hits: Sequence[Hit],
        composer: Composer,
        scope: Scope,
        top_k: int,
    ) -> None:
        differing = disagreeing(question, reading, evidence)
        if differing:
            trial = Composer(question.text)
            self._extract(question, replace(reading, across=True), differing, trial, scope, top_k)
            stated = composer.absorb(trial)
            composer.state(SAYS_SO, list(dict.fromkeys(mark for s in stated for mark in s.citations)))
        elif evidence:
            was_empty = composer.is_empty
            if not (
                self._state_headed(question, reading, evidence, composer, scope)
                or self._state_run(question, reading, evidence, hits, composer, scope)
            ):
                self._extract(question, reading, evidence, composer, scope, top_k)
            if was_empty and asks_yes_or_no(question):
                _lead_with(composer, question, polarity_of(question, composer.first_quote, self._searcher))

    def _state_headed(
        self, question: Question, reading: Reading, evidence: Sequence[Evidence], composer: Composer, scope: Scope
    ) -> bool:
        heading = asked_heading(question, reading)
        if heading is None:
            return False
        document = self._catalog.document(evidence[0].document.document_id, scope=scope)
        with composer.extracting():
            return state_headed(question, heading, document, composer, self._searcher)

    def _state_run(
        self,
        question: Question,
        reading: Reading,
        evidence: Sequence[Evidence],
        hits: Sequence[Hit],
        composer: Composer,
        scope: Scope,
    ) -> bool:
        """State the run of clauses that answers, from the supporting document found first, if it is one that runs on."""
        first = running_document(question, reading, evidence)
        if first is None:
            return False
        with composer.extracting():
            return state_window(
                question, reading, first, hits, composer, self._catalog.text(first.document_id, scope=scope)
            )

    def _state_citing(
        self, question: Question, reading: Reading, composer: Composer, scope: Scope, filters: Filters, top_k: int
    ) -> None:
        """State the sentences that cite the 文号 asked about; that they do is all the support they need."""
        found = self._evidence.find(question, reading, scope=scope, filters=filters)
        citing = [e for e in found if any(cites(e.text, number) for number in question.document_numbers)]
        if citing:
            self._extract(question, reading, citing, composer, scope, top_k)

    def _extract(
        self,
        question: Question,
        reading: Reading,
        evidence: Sequence[Evidence],
        composer: Composer,
        scope: Scope,
        top_k: int,
    ) -> None:
        with composer.extracting():
            state_evidence(
                question, reading, evidence, composer, most=top_k, text_of=lambda d: self._catalog.text(d, scope=scope)
            )

    def _refused(self, question: Question, reason: str, scope: Scope, filters: Filters) -> Answer:
        nearest = self._searcher.nearest(question, scope=scope, filters=filters, passages=_LEAD_PASSAGES)
        return refuse(question.text, reason, nearest)


def _lead_with(composer: Composer, question: Question, polarity: Polarity | None) -> None:
    if polarity is not None:
        composer.lead_with(polarity.said_to(question))
