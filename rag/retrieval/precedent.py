"""Precedents (先例): sentences of past documents worded like a text, those in the same words taken together.

Passages are found as for any search, scope and filters first; their sentences are then compared with those of the text.
Two sentences are the same when the analyzer cannot tell them apart: width, script, punctuation and blanks do not count.
So every place of a sentence is found by its terms in the index, and its count is of all that the scope may see.

What a sentence is for (``rag.parsing.sentence_functions``) is told when it is asked for, not at ingest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.passage import Passage
from rag.domain.precedent import Occurrence, Precedent, Precedents
from rag.domain.sentence import SentenceFunction
from rag.domain.span import Span
from rag.errors import InvalidRequest
from rag.indexes.encoder import Encoder
from rag.indexes.generation import Generation
from rag.parsing.dates import date_of
from rag.parsing.sentence_functions import function_of
from rag.store.repository import Catalog
from rag.text import sentences, tokens

TEXT_CHARACTERS = 2_000
"""Longest text taken."""

MOST_SENTENCES = 12
"""Most sentences of the text that are looked for; the rest is passed over."""

_LEXICAL, _DENSE = 200, 60
"""Passages that words and meaning bring for each sentence of the text."""

LEAST_WORDING = 0.25
LEAST_OF_ONE_FUNCTION = 0.12
LEAST_MEANING = 0.5
"""A sentence is like another when it shares so much of its words, or less and is for the same, or is so near in meaning
(cosine)."""

# What a score is made of: wording, meaning, and being for the same.
_WORDING_SHARE, _MEANING_SHARE, _FUNCTION_SHARE = 0.65, 0.2, 0.15

# Tversky (1977): what the text says and the sentence does not weighs more than what the sentence says besides.
_LACKING, _BESIDES = 0.7, 0.15

_LEAST_TERMS = 4
"""Shorter sentences (附件：, 此复) are labels more than wording, unless the text is as short."""

_TERMS_LOOKED_FOR = 12
_AT_ONCE = 400

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage.

    Attributes:
        row: Row number of the passage.
        span: Where it stands in the document.
        key: Its terms, by which it is the same as another.
    """

    row: int
    passage: Passage
    span: Span
    text: str
    key: Key


class PrecedentFinder:
    """Finds precedents in one pinned generation of the index."""

    def __init__(self, catalog: Catalog, generation: Generation, encoder: Encoder) -> None:
        """Set up.

        Args:
            catalog: That the generation was made from.
            generation: To search.
            encoder: That the generation was made with.
        """
        self._catalog = catalog
        self._generation = generation
        self._encoder = encoder

    def find(
        self,
        text: str,
        *,
        scope: Scope,
        filters: Filters,
        function: SentenceFunction | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> Precedents:
        """Return sentences worded like a text, best first.

        Args:
            text: A sentence, or a few.
            scope: What the caller may see; applied before the best are chosen and in every count.
            filters: Conditions on the documents; likewise.
            function: Only sentences for this.
            limit: Most to return.
            offset: Those to skip.

        Raises:
            InvalidRequest: The text has no words, or more than ``TEXT_CHARACTERS`` characters.
        """
        wanted = _wanted(text)
        admitted = self._catalog.admitted(scope=scope, filters=filters)
        if admitted is not None and not len(admitted):
            return Precedents(0, {}, ())
        passages = self._catalog.passages(self._candidates(wanted, admitted), scope=scope)
        groups = _grouped(_cut(passages))
        functions = {key: function_of(same[0].text, same[0].passage.section) for key, same in groups.items()}
        judged = self._judged(groups, functions, wanted)
        counts = Counter(functions[key] for key in judged)
        chosen = [key for key in judged if function is None or functions[key] is function]
        found = []
        for key in chosen[offset : offset + limit]:
            occurrences = self._occurrences(key, admitted, scope)
            if occurrences:  # else deleted since this generation was published
                like, wording, score = judged[key]
                found.append(Precedent(occurrences[0].quote, like, wording, score, functions[key], occurrences))
        order = sorted(counts, key=lambda each: (-counts[each], each.value))
        return Precedents(len(chosen), {each: counts[each] for each in order}, tuple(found))

    def _candidates(self, wanted: Mapping[Key, str], admitted: NDArray[np.int64] | None) -> list[int]:
        vectors = self._encoder.encode(list(wanted.values()), kind="query")
        rows: dict[int, None] = {}
        for key, vector in zip(wanted, vectors, strict=True):
            by_words = self._generation.search_lexical(key, _LEXICAL, admitted=admitted)
            by_meaning = self._generation.search_dense(vector, _DENSE, admitted=admitted)
            rows.update(dict.fromkeys([*by_words.rows.tolist(), *by_meaning.rows.tolist()]))
        return list(rows)

    def _judged(
        self,
        groups: Mapping[Key, Sequence[_Sentence]],
        functions: Mapping[Key, SentenceFunction],
        wanted: Mapping[Key, str],
    ) -> dict[Key, tuple[str, float, float]]:
        """Return for each group that is like the text what it is like, wording and score, best first."""
        if not groups:
            return {}
        vectors = self._encoder.encode([same[0].text for same in groups.values()], kind="passage")
        near = vectors @ self._encoder.encode(list(wanted.values()), kind="query").T
        asked = [(said, _pairs(key), function_of(said)) for key, said in wanted.items()]
        found: dict[Key, tuple[str, float, float]] = {}
        for key, nearness in zip(groups, near.tolist(), strict=True):
            pairs = _pairs(key)
            best: tuple[str, float, float] | None = None
            for (said, said_pairs, function), meaning in zip(asked, nearness, strict=True):
                wording = _shared(said_pairs, pairs)
                is_for_the_same = function is functions[key] and function is not SentenceFunction.OTHER
                if meaning < LEAST_MEANING and wording < (LEAST_OF_ONE_FUNCTION if is_for_the_same else LEAST_WORDING):
                    continue
                score = _WORDING_SHARE * wording + _MEANING_SHARE * max(0.0, min(1.0, meaning))
                score += _FUNCTION_SHARE if function is functions[key] else 0.0
                if best is None or score > best[2]:
                    best = (said, round(wording, 4), round(score, 4))
            if best is not None:
                found[key] = best
        order = sorted(found, key=lambda key: (-found[key][2], groups[key][0].text, key))
        return {key: found[key] for key in order}

    def _occurrences(self, key: Key, admitted: NDArray[np.int64] | None, scope: Scope) -> tuple[Occurrence, ...]:
        """Return every place of a sentence within the scope, newest first."""
        frequency = self._generation.lexical.document_frequency
        rarest = sorted(set(key), key=lambda term: (frequency(term), term))[:_TERMS_LOOKED_FOR]
        rows = self._generation.containing(rarest, admitted=admitted).tolist()
        same = []
        for at in range(0, len(rows), _AT_ONCE):
            passages = self._catalog.passages(rows[at : at + _AT_ONCE], scope=scope)
            same += [sentence for sentence in _cut(passages) if sentence.key == key]
        summaries = self._catalog.summaries(
            list(dict.fromkeys(sentence.passage.document_id for sentence in same)), scope=scope
        )
        found = []
        for sentence in same:
            document = summaries.get(sentence.passage.document_id)
            if document is not None:
                passage, year = sentence.passage, date_of(document).year
                found.append(Occurrence(document, sentence.span, sentence.text, passage.section, passage.page, year))
        return tuple(sorted(found, key=_newest_first))


def _newest_first(occurrence: Occurrence) -> tuple[int, int, str, str, int]:
    document = occurrence.document
    day = date_of(document).day
    return (
        -(occurrence.year or 0),
        -(day.toordinal() if day else 0),
        document.source,
        document.document_id,
        occurrence.span.start,
    )


def _wanted(text: str) -> dict[Key, str]:
    """Return the sentences of a text by their terms, in order.

    Raises:
        InvalidRequest: See ``PrecedentFinder.find``.
    """
    if len(text) > TEXT_CHARACTERS:
        raise InvalidRequest(f"the text has {len(text):,} characters; at most {TEXT_CHARACTERS:,} are taken")
    cut = {tuple(tokens(said)): said for said in (span.of(text) for span in sentences(text))}
    long = {key: said for key, said in cut.items() if len(key) >= _LEAST_TERMS}
    found = long or {key: said for key, said in cut.items() if key}
    if not found:
        raise InvalidRequest("the text has no words (没有可查的文字)")
    return dict(list(found.items())[:MOST_SENTENCES])


def _cut(passages: Mapping[int, Passage]) -> list[_Sentence]:
    """Return the sentences of passages, in order."""
    found = []
    for row, passage in passages.items():
        for span in sentences(passage.text):
            text = span.of(passage.text)
            key = tuple(tokens(text))
            if len(key) >= _LEAST_TERMS:
                found.append(_Sentence(row, passage, span.shift(passage.span.start), text, key))
    return found


def _grouped(found: Iterable[_Sentence]) -> dict[Key, list[_Sentence]]:
    groups: dict[Key, list[_Sentence]] = {}
    for sentence in sorted(found, key=lambda each: (each.row, each.span)):
        groups.setdefault(sentence.key, []).append(sentence)
    return groups


def _pairs(key: Key) -> frozenset[str]:
    """Return the pairs of characters, words and numbers of a sentence; what has none is told by its characters."""
    return frozenset(term for term in key if len(term) > 1 or term.isascii()) or frozenset(key)


def _shared(wanted: frozenset[str], held: frozenset[str]) -> float:
    """Return how much of their words two sentences share: Tversky's ratio, 0..1.

    Each pair counts alike. Weighed by how rare it is, the topic would outweigh the turn of phrase that is looked for; and
    how rare a word is would be told from documents that the scope may not see.
    """
    both = len(wanted & held)
    whole = both + _LACKING * (len(wanted) - both) + _BESIDES * (len(held) - both)
    return both / whole if whole > 0 else 0.0
