"""Search (检索): scope and filters, then the legs, then fusion. The one way to passages for every caller."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.domain.access import Scope
from rag.domain.document import DocumentSummary
from rag.domain.filters import Filters
from rag.domain.passage import Hit
from rag.errors import InvalidRequest
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.retrieval.aliases import other_names
from rag.retrieval.authority import AuthorityFit
from rag.retrieval.candidates import find_candidates
from rag.retrieval.duplicates import without_repeats
from rag.retrieval.fusion import Fused, FusionWeights, fuse, weights_for
from rag.retrieval.likeness import Likeness
from rag.retrieval.memory import TextMemory
from rag.retrieval.provenance import Provenance
from rag.retrieval.question import Question, mend, understand
from rag.retrieval.rerank import Reranker, reranked
from rag.retrieval.second_stage import JUDGED, Brevity, Closeness, Wanted, closeness
from rag.retrieval.sharing import SharedSearches
from rag.retrieval.spelling import SpellChecker
from rag.retrieval.terms import TermTable
from rag.retrieval.topic import INTERROGATIVE, Term
from rag.retrieval.words import Words, cut
from rag.store.records import Twin
from rag.store.repository import Catalog
from rag.text import fold, tokens

QUERY_CHARACTERS = 2_000
"""Longest query taken."""

# What may stand right before a 文号: a word that is no part of one, or the name of the organ.
_BEFORE_NUMBER = re.compile(r"[和与及跟问查看按据照对为是于在由的了找号件知案法复到过下看]$|.[市县区省局委会厅院部]$")

_TEXTS_REMEMBERED = 8_000

CANDIDATES = 200
"""Passages each leg brings to the fusion."""

FUSED_PARTS = ("lexical", "dense", "document", "authority")
PARTS = (*FUSED_PARTS, "words", "window", "brevity")
"""What a score is made of, as ``--explain`` names it."""

_READ_AT_ONCE = 20

# What the question says counts so many times as much as another name of what it says.
_TIMES_WRITTEN = 3


class Searcher:
    """Searches one pinned generation of the index, with the catalog it was made from."""

    def __init__(
        self,
        catalog: Catalog,
        generation: Generation,
        encoder: Encoder,
        load_terms: Callable[[], TermTable],
        *,
        judging: Encoder | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Set up a search.

        Args:
            catalog: That the generation was made from.
            generation: To search.
            encoder: That the generation was made with.
            load_terms: Gives the English–Chinese terms.
            judging: Encoder by which ``likeness`` judges; by default the same. Limits on it are tuned to the shipped one.
            reranker: Puts the best passages in order, if there is one.
        """
        self._catalog = catalog
        self._generation = generation
        self._encoder = encoder
        self._reranker = reranker
        self._load_terms = load_terms
        self._authority = AuthorityFit(generation.authorities)
        self._provenance = Provenance(catalog)
        self._spelling = SpellChecker(generation.lexical.document_frequency)
        self._shared = SharedSearches()
        # None of these names the searcher: one that names itself outlives its generation, files and all, until garbage
        # is collected.
        self.likeness = Likeness(judging or encoder)
        self._words = TextMemory(_TEXTS_REMEMBERED, cut)
        self._brevity = Brevity(*generation.lengths)

    def within(self, generation: Generation) -> Searcher:
        """Return a searcher of the same index as one scope knows it; see ``Generation.within``."""
        view = copy(self)
        # What it remembers of words it shares with this one: that is of the encoder, and of no document.
        vars(view).update(
            _generation=generation,
            _authority=AuthorityFit(generation.authorities),
            _spelling=SpellChecker(generation.lexical.document_frequency),
            _shared=SharedSearches(),
            _brevity=Brevity(*generation.lengths),
        )
        return view

    def understand(self, text: str, *, scope: Scope) -> Question:
        """Read a question in the light of the places that the scope's documents come from."""
        places = [p.value for p in self._catalog.places(scope=scope)]

        def reread(words: str) -> Question:
            return understand(words, places=places, load_terms=self._load_terms)

        written = reread(text)
        question = mend(written, self._spelling, reread)
        if not all(self._is_seen(slip.meant, scope) for slip in question.slips):
            question = written
        numbers = dict.fromkeys(self._own_number(number, scope) for number in question.document_numbers)
        return replace(question, document_numbers=tuple(numbers))

    def _is_seen(self, word: str, scope: Scope) -> bool:
        """Tell whether a passage within the scope holds a word: the spelling goes by all, and must give none away."""
        if scope.is_unrestricted:
            return True
        pairs = [pair for pair in tokens(word) if len(pair) > 1]
        admitted = self._catalog.admitted(scope=scope)
        held = self._generation.search_lexical(pairs, _READ_AT_ONCE, admitted=admitted)
        passages = self._catalog.passages([one.row for one in held], scope=scope)
        return any(word in fold(passage.text) for passage in passages.values())

    def _own_number(self, number: str, scope: Scope) -> str:
        """Return the 文号 of a document at the end of ``number``: in a question words are stuck to its front."""
        for start in range(number.index("〔") - 1):
            if start and not _BEFORE_NUMBER.search(number[:start]):
                continue  # 国办发 is not 办发
            if self._catalog.list_documents(
                scope=scope, filters=Filters(document_number=number[start:]), limit=1
            ).total:
                return number[start:]
        return number

    def read(self, query: str, *, scope: Scope) -> Question:
        """Read words typed by a user.

        Raises:
            InvalidRequest: The query is empty or longer than ``QUERY_CHARACTERS``.
        """
        if not query.strip():
            raise InvalidRequest("the query is empty (检索词为空)")
        if len(query) > QUERY_CHARACTERS:
            raise InvalidRequest(f"the query has {len(query):,} characters; at most {QUERY_CHARACTERS:,} are taken")
        return self.understand(query, scope=scope)

    def search_text(self, query: str, *, scope: Scope, filters: Filters | None = None, top_k: int = 10) -> list[Hit]:
        """Find passages for words typed by a user.

        Raises:
            InvalidRequest: The query is empty or longer than ``QUERY_CHARACTERS``.
        """
        question = self.read(query, scope=scope)
        return self.search(question, scope=scope, filters=filters or Filters(), top_k=top_k)

    def search_distinct(self, question: Question, *, scope: Scope, filters: Filters, top_k: int) -> list[Hit]:
        """Find passages as ``search`` does, those of the same words once; see ``without_repeats``.

        Who filters by file or 文号 means that very document, and sees all of it.
        """
        if filters.source is not None or filters.document_number is not None:
            return self.search(question, scope=scope, filters=filters, top_k=top_k)
        hits = self.search(question, scope=scope, filters=filters, top_k=max(JUDGED, 2 * top_k))
        return without_repeats(hits)[:top_k]

    def sharing(self) -> AbstractContextManager[None]:
        """Search once for all that ask the same in this thread until the end; see ``SharedSearches``."""
        return self._shared.sharing()

    def search(self, question: Question, *, scope: Scope, filters: Filters, top_k: int) -> list[Hit]:
        """Find passages for a question, best first, ties by passage.

        Args:
            question: What to look for.
            scope: What the caller may see; applied before the best are chosen.
            filters: Conditions; likewise. Of twins (one text in several files) that meet both, one is searched.
            top_k: Most passages to return.

        Returns:
            Hits with ``PARTS``, each 0..1; those of the second stage are 0 for what it does not judge, and where they have no weight. And ``rerank``,
            likewise, those that a reranker judged.
        """
        return self._shared.get(
            (question, scope, filters), top_k, lambda most: self._search(question, scope, filters, most)
        )

    def _search(self, question: Question, scope: Scope, filters: Filters, top_k: int) -> list[Hit]:
        admitted = self._catalog.admitted(scope=scope, filters=filters)
        if admitted is not None and not len(admitted):
            return []
        wanted = max(CANDIDATES, top_k)
        terms = self._query_terms(question)
        vector = self._query_vector(question)
        named = self._named(question, scope, filters)
        weights = weights_for(self._generation.share_of_long_documents, is_english=question.is_english)
        candidates = find_candidates(
            self._generation,
            terms,
            vector,
            wanted,
            admitted=admitted,
            named=named,
            with_documents=weights.document > 0,
        )
        fitness = self._authority.of(candidates.owners, question.places)
        fitness = self._provenance.weighed(fitness, candidates.owners, question, scope=scope, filters=filters)
        fused = fuse(replace(candidates, authority=fitness), weights=weights)
        first = frozenset(self._generation.rows_of(named).tolist())
        if first:
            fused = fused.at(np.argsort(~np.isin(fused.owners, named), kind="stable"))
        reranker = None if first else self._reranker  # a reranker reads no 文号
        wanted_hits = top_k if reranker is None else max(top_k, reranker.top)
        hits = self._second_stage(fused.at(slice(JUDGED)), question, terms, weights, scope, first)
        if len(hits) < wanted_hits:
            hits += self._unjudged(fused.at(slice(JUDGED, None)), wanted_hits - len(hits), weights, scope, first)
        if reranker is not None:
            hits = self._reranked(question, hits[:wanted_hits], reranker, scope)
        return hits[:top_k]

    def _reranked(self, question: Question, hits: Sequence[Hit], reranker: Reranker, scope: Scope) -> list[Hit]:
        """Have the first passages read with their headings, as they were indexed."""
        from rag.indexes.building import dense_text, heading_of  # with what writes indexes: not for every search

        best = hits[: reranker.top]
        summaries = self.summaries([hit.passage.document_id for hit in best], scope=scope)
        texts = [
            dense_text(heading_of(summaries[hit.passage.document_id].title, hit.passage), hit.passage.text)
            for hit in best
        ]
        return reranked(hits, reranker.scores(question.meant or question.core, texts))

    def _named(self, question: Question, scope: Scope, filters: Filters) -> NDArray[np.int64]:
        """Return the documents whose own 文号 the question names: it stands in the head of a text, which no passage holds."""
        if filters.document_number is not None:
            return np.zeros(0, dtype=np.int64)
        found = [
            self._catalog.admitted(scope=scope, filters=replace(filters, document_number=number))
            for number in question.document_numbers
        ]
        rows = [documents for documents in found if documents is not None]
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)

    def _second_stage(
        self,
        fused: Fused,
        question: Question,
        terms: Sequence[str],
        weights: FusionWeights,
        scope: Scope,
        first: frozenset[int],
    ) -> list[Hit]:
        """Read the best passages and rank them anew; one deleted since this generation was published is passed over."""
        passages = self._catalog.passages(fused.rows.tolist(), scope=scope)
        brevity = self._brevity.of(fused.owners).tolist()
        near = [Closeness(0.0, 0.0)] * len(passages)
        if weights.words or weights.window:
            near = closeness([passage.text for passage in passages.values()], self._wanted(question, terms))
        judged = dict(zip(passages, near, strict=True))
        hits: list[tuple[float, int, Hit]] = []
        for (row, fusion_score, parts), short in zip(_each(fused), brevity, strict=True):
            if row not in passages:
                continue
            words, window = judged[row]
            parts |= {"words": words, "window": window, "brevity": short}
            added = weights.words * words + weights.window * window + weights.brevity * short
            score = _put_first((weights.of_fusion * fusion_score + added) / weights.of_all, row, first)
            hits.append((-score, row, Hit(passages[row], score, parts)))
        return [hit for _, _, hit in sorted(hits, key=lambda item: item[:2])]

    def _unjudged(
        self, fused: Fused, top_k: int, weights: FusionWeights, scope: Scope, first: frozenset[int]
    ) -> list[Hit]:
        """Read what stands below the passages judged, in the order of the fusion."""
        hits: list[Hit] = []
        share = weights.of_fusion / weights.of_all
        for at in range(0, len(fused), _READ_AT_ONCE):
            part = fused.at(slice(at, at + _READ_AT_ONCE))
            passages = self._catalog.passages(part.rows.tolist(), scope=scope)
            hits.extend(
                Hit(passages[row], _put_first(score * share, row, first), dict.fromkeys(PARTS, 0.0) | parts)
                for row, score, parts in _each(part)
                if row in passages
            )
            if len(hits) >= top_k:
                break
        return hits[:top_k]

    def _wanted(self, question: Question, terms: Sequence[str]) -> Wanted:
        """Return what the second stage looks for, each weighed by how rare it is."""
        words = [(term.alternatives, self.weight(term)) for term in question.terms]
        pairs = {term: self._rarity(term) for term in terms if len(term) > 1 or term.isascii()}
        return Wanted([(same, weight) for same, weight in words if weight > 0], pairs)

    def summaries(self, document_ids: Sequence[str], *, scope: Scope) -> dict[str, DocumentSummary]:
        """Return summaries of documents by id, in the order asked."""
        return self._catalog.summaries(list(dict.fromkeys(document_ids)), scope=scope)

    def nearest(self, question: Question, *, scope: Scope, filters: Filters, passages: int) -> list[DocumentSummary]:
        """Return the documents of the best ``passages`` for a question, best first."""
        hits = self.search(question, scope=scope, filters=filters, top_k=passages)
        return list(self.summaries([hit.passage.document_id for hit in hits], scope=scope).values())

    def openings(self, document_ids: Sequence[str], length: int, *, scope: Scope) -> dict[str, str]:
        """Return the first ``length`` characters of documents by id."""
        return self._catalog.openings(document_ids, length, scope=scope)

    def twins(self, document_ids: Iterable[str], *, scope: Scope) -> dict[str, tuple[Twin, ...]]:
        """Return the other files of the same text by document id; those without are left out."""
        return self._catalog.twins(document_ids, scope=scope)

    def weight(self, term: Term) -> float:
        """Return how telling a term is: its share of its inverse document frequency over passages (Robertson & Spärck Jones).

        A word's frequency is taken to be that of its rarest pair of characters. An English word is as telling as the
        most frequent of its renderings.
        """
        words = term.alternatives[:1] if term.word in term.alternatives[:1] else term.alternatives
        frequencies = [self._frequency(word) for word in words]
        return term.share * self._inverse_frequency(max(frequencies, default=0))

    def words_of(self, texts: Sequence[str]) -> list[Words]:
        """Return texts cut into words; they are remembered."""
        return self._words.of(texts)

    def knows(self, word: str) -> bool:
        """Tell whether any passage may hold a word."""
        return self._frequency(word) > 0

    def _rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term of the index."""
        return self._inverse_frequency(self._generation.lexical.document_frequency(term))

    def _inverse_frequency(self, frequency: int) -> float:
        total = len(self._generation.lexical)
        return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))

    def _frequency(self, word: str) -> int:
        cut = tokens(word)
        pairs = [t for t in cut if len(t) > 1 or not "\u4e00" <= t <= "\u9fff"] or cut
        return min((self._generation.lexical.document_frequency(t) for t in pairs), default=0)

    @staticmethod
    def _query_terms(question: Question) -> list[str]:
        if question.is_english:
            found = tokens(question.core)
            for term in question.terms:
                for rank, word in enumerate(term.alternatives):
                    found.extend(tokens(word) * (2 if rank == 0 else 1))
            for place in question.places:
                found.extend(tokens(place.short))
            return found
        written = Counter(tokens(INTERROGATIVE.sub(" ", fold(question.core))) or tokens(question.core))
        meant = Counter(tokens(INTERROGATIVE.sub(" ", question.meant)))
        terms = list((written | meant).elements())
        named = other_names(question.meant or fold(question.core))
        new = dict.fromkeys(term for name in named for term in tokens(name) if len(term) > 1 and term not in written)
        return [*(terms * _TIMES_WRITTEN), *new] if new else terms

    def _query_vector(self, question: Question) -> NDArray[np.float32]:
        """Return the vector of the question; where a slip was mended, halfway between what was written and what was meant."""
        texts = [question.core, question.meant] if question.meant else [question.core]
        vectors = self._encoder.encode(texts, kind="query")
        vector: NDArray[np.float32] = vectors.sum(axis=0)
        if len(texts) > 1:
            vector /= max(float(np.linalg.norm(vector)), 1e-9)
        return vector


def _each(fused: Fused) -> Iterator[tuple[int, float, dict[str, float]]]:
    """Yield row, score and parts of each."""
    columns = [getattr(fused, name).tolist() for name in FUSED_PARTS]
    for row, score, *parts in zip(fused.rows.tolist(), fused.scores.tolist(), *columns, strict=True):
        yield row, score, dict(zip(FUSED_PARTS, parts, strict=True))


def _put_first(score: float, row: int, first: frozenset[int]) -> float:
    """Return a score that puts these passages before all others, when there are any; it stays 0..1."""
    return ((row in first) + score) / 2 if first else score
