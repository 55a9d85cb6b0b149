"""The lexical leg: BM25 (Robertson & Zaragoza 2009; k1 1.2, b .75) over the terms of ``rag.text.tokens``, in tantivy."""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import tantivy
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.indexes.scored import Ranking, best

Rows = NDArray[np.int64]

TERMS, ROW, DOCUMENT = "terms", "row", "document"

_ANALYZER = "terms"
_HEAP_BYTES = 128_000_000
_DECIMALS = 4
# Admitted documents are either a part of the query, or the results for all are fetched and sifted; the results are
# the same. Measured on 139k passages, p50: as a part of the query 1 document costs 1 ms, 1,000 cost 11 ms, 100,000
# cost 45 ms; to fetch 1,000 results costs 4 ms, 10,000 cost 9 ms.
_SIFTED_AT_MOST = 10_000
_SIFTED_PER_RESULT = 3

# How often a term stands in some documents is counted where it stands in so few entries: 5,000 take 5 ms, once. Beyond,
# these documents are taken to hold their share of them: a word so common tells of nothing.
_COUNTED_AT_MOST = 5_000

# tantivy counts what was removed until it merges. So few are counted anew, 20 us each: a word of a document that is gone
# must not be taken for known. Beyond, some entries more or less tell nothing.
_COUNTED_ANEW_AT_MOST = 50

_TOTAL_EXPLAINED = re.compile(r'"value":\s*([0-9.e+]+),\s*"description":\s*"N, total number of docs"')

CHARACTER_WEIGHT = 0.5
"""How much a match of a single Chinese character counts; pairs, words and numbers count 1.

Measured: 0.5 or 1 make .005 nDCG@10 of difference, 0 loses questions of one-character words."""


COMMON = 0.2
PRUNED_FROM = 100_000
"""A single Chinese character that more than this part of all entries hold tells next to nothing, and to walk through them is
half the time of a search. It is left out in an index of so many entries and more, unless the query has nothing else.

Measured on 183k passages: 1.4 ms a search instead of 4.3, nDCG@10 .461 instead of .463."""


class LexicalEntry(NamedTuple):
    """What the index takes in of a passage, or of a whole document.

    Headings are not a field of their own: they are short, so that BM25 made much of every word in them and policy
    questions (NCP) lost .03 nDCG@10.

    Attributes:
        row: Row number of the passage, or of the document where whole documents are indexed.
        document: Row number of its document.
        terms: Of its headings and its text, through ``rag.text.tokens``; some may be joined by blanks already.
    """

    row: int
    document: int
    terms: Sequence[str]


class LexicalIndex:
    """Terms of passages, or of whole documents. A search sees the index as it was opened or last changed; searches may run side by side."""

    def __init__(self, index: tantivy.Index, *, pruned_from: int = PRUNED_FROM) -> None:
        """Wrap an opened index.

        Args:
            index: Of the schema that ``create`` makes.
            pruned_from: With so many entries and more, common characters are left out of queries.
        """
        # Terms come cut already, joined by blanks; tantivy does not store which analyzer cuts them.
        index.register_tokenizer(_ANALYZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()
        self._pruned_from = pruned_from
        self._within: Rows | None = None
        self._size_within = 0
        self._counted: dict[str, int] = {}
        self._total_as_scored: int | None = None

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make an empty index in an empty folder."""
        schema = (
            tantivy.SchemaBuilder()
            .add_text_field(TERMS, tokenizer_name=_ANALYZER, index_option="freq")
            .add_unsigned_field(ROW, indexed=True, fast=True)
            .add_unsigned_field(DOCUMENT, indexed=True, fast=True)
            .build()
        )
        return cls(tantivy.Index(schema, str(folder)))

    @classmethod
    def open(cls, folder: Path, *, pruned_from: int = PRUNED_FROM) -> Self:
        """Open an index that ``create`` made; ``pruned_from`` as for the class.

        Raises:
            IndexDamaged: Its files are missing or not readable.
        """
        try:
            return cls(_opened(folder), pruned_from=pruned_from)
        except (ValueError, OSError) as error:
            raise IndexDamaged("the lexical index cannot be read", remedy="rag verify --repair") from error

    def within(self, documents: Rows, *, entries: int) -> Self:
        """Return this index as it is for whoever knows of these documents alone: what it counts, it counts in them.

        A term's frequency in documents that a caller may not see would tell what they say. Only the mean length of an
        entry, by which BM25 divides, is still that of all. It does not find fewer: that is for ``admitted`` to say.

        Args:
            documents: Row numbers, ascending.
            entries: How many entries are of them.
        """
        view = copy(self)
        vars(view).update(_within=documents, _counted={}, _size_within=entries)
        return view

    def __len__(self) -> int:
        """Return the number of entries, of these documents where it is limited to some."""
        return self._size if self._within is None else self._size_within

    @property
    def _size(self) -> int:
        return int(self._searcher.num_docs)

    @property
    def rows(self) -> Rows:
        """Row numbers of all passages, ascending."""
        rows, _, _ = self._fetch(tantivy.Query.all_query(), max(1, self._size))
        return np.sort(rows)

    def update(self, added: Iterable[LexicalEntry] = (), removed: Iterable[int] = ()) -> None:
        """Take passages out and in, in one commit.

        Args:
            added: New passages.
            removed: Row numbers; those that the index does not hold are passed over.
        """
        # One thread: the order of documents, and with it the files, then follow from the input.
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        try:
            # Not delete_documents_by_term: on an unsigned field it looks for a signed term and deletes nothing
            # (tantivy-py 0.27).
            writer.delete_documents_by_query(
                tantivy.Query.term_set_query(self._schema, ROW, [int(row) for row in removed])
            )
            for entry in added:
                document = tantivy.Document()
                document.add_text(TERMS, " ".join(entry.terms))
                document.add_unsigned(ROW, int(entry.row))
                document.add_unsigned(DOCUMENT, int(entry.document))
                writer.add_document(document)
            writer.commit()
        finally:
            writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._counted = {}
        self._total_as_scored = None

    def document_frequency(self, term: str) -> int:
        """Return in how many entries a term stands; of these documents where it is limited to some."""
        if self._within is None:
            as_scored = self._frequency_as_scored(term)
            if not 0 < as_scored <= _COUNTED_ANEW_AT_MOST:
                return as_scored
            return len(self._searcher.search(_term_query(self._schema, term), as_scored, count=False).hits)
        if term not in self._counted:
            self._counted[term] = self._frequency_within(term, self._within)
        return self._counted[term]

    def _frequency_as_scored(self, term: str) -> int:
        """Return in how many entries a term stands as tantivy's scores go by: with those that were removed."""
        return int(self._searcher.doc_freq(TERMS, term))

    def _size_as_scored(self, term: str) -> int:
        """Return how many entries tantivy's scores go by: with those that were removed.

        It tells so only where it explains the score of an entry.

        Args:
            term: One that an entry holds.
        """
        if self._total_as_scored is None:
            query = _term_query(self._schema, term)
            hits = self._searcher.search(query, 1, count=False).hits
            if not hits:
                return self._size
            total = _TOTAL_EXPLAINED.search(query.explain(self._searcher, hits[0][1]).to_json())
            assert total is not None
            self._total_as_scored = int(float(total[1]))
        return self._total_as_scored

    def _frequency_within(self, term: str, documents: Rows) -> int:
        in_all = self._frequency_as_scored(term)
        if not in_all:
            return 0
        if in_all > _COUNTED_AT_MOST:
            return in_all * len(self) // max(1, self._size)
        _, _, owners = self._fetch(_term_query(self._schema, term), in_all)
        return int(np.isin(owners, documents).sum())

    def search(
        self,
        terms: Sequence[str],
        k: int,
        admitted: Rows | None = None,
        *,
        character_weight: float = CHARACTER_WEIGHT,
    ) -> Ranking:
        """Return the ``k`` best passages, best first, ties by row number.

        Args:
            terms: Of the query, through the analyzer; a repeated one counts as often.
            k: Most to return.
            admitted: Row numbers of documents that may be found, ascending; ``None`` for all.
            character_weight: How much a single Chinese character counts.

        Returns:
            BM25 scores, 0 and up, comparable within one query only. A passage without any of the terms is not found.
        """
        query = self._query(terms, character_weight)
        if query is None or k <= 0 or not self._size or (admitted is not None and not len(admitted)):
            return Ranking.nothing()
        if admitted is None:
            return best(k, self._size, lambda limit: self._fetch(query, limit)[:2])
        expected = _SIFTED_PER_RESULT * k * self._size // len(admitted)
        if expected <= _SIFTED_AT_MOST:
            sifted = self._sift(query, k, admitted, limit=min(max(expected, 10 * k), self._size))
            if sifted is not None:
                return sifted
        named = tantivy.Query.term_set_query(self._schema, DOCUMENT, admitted.tolist())
        both = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, query),
                (tantivy.Occur.Must, tantivy.Query.const_score_query(named, 0.0)),
            ]
        )
        return best(k, self._size, lambda limit: self._fetch(both, limit)[:2])

    def containing(self, terms: Sequence[str], admitted: Rows | None = None) -> Rows:
        """Return the row numbers of all passages that hold every one of the terms, ascending; none for no terms.

        Args:
            terms: Through the analyzer.
            admitted: Row numbers of documents that may be found, ascending; ``None`` for all.
        """
        if not terms or not self._size:
            return np.zeros(0, dtype=np.int64)
        wanted = [(tantivy.Occur.Must, _term_query(self._schema, term)) for term in dict.fromkeys(terms)]
        rarest = min(map(self._frequency_as_scored, terms))
        if not rarest:
            return np.zeros(0, dtype=np.int64)
        rows, _, documents = self._fetch(tantivy.Query.boolean_query(wanted), rarest)
        return np.sort(rows if admitted is None else rows[np.isin(documents, admitted)])

    def _sift(self, query: tantivy.Query, k: int, admitted: Rows, *, limit: int) -> Ranking | None:
        """Return the ``k`` best admitted of the ``limit`` best of all, ``None`` when they may not be there."""
        rows, scores, documents = self._fetch(query, limit)
        at = np.minimum(np.searchsorted(admitted, documents), len(admitted) - 1)
        held = admitted[at] == documents
        # Below the last score fetched nothing is known; passages that tie with it may be missing.
        if len(rows) == limit < self._size:
            held &= scores > scores[-1]
            if int(held.sum()) < k:
                return None
        rows, scores = rows[held], scores[held]
        return best(k, len(rows), lambda _: (rows, scores))

    def _query(self, terms: Sequence[str], character_weight: float) -> tantivy.Query | None:
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        telling = terms if self._size < self._pruned_from else [term for term in terms if not self._is_common(term)]
        for term, times in Counter(telling or terms).items():
            worth = times * (character_weight if _is_character(term) else 1.0) * self._correction(term)
            if worth > 0:
                parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(_term_query(self._schema, term), worth)))
        return tantivy.Query.boolean_query(parts) if parts else None

    def _correction(self, term: str) -> float:
        """Return by what to multiply a term's score so that its rarity is that within the documents this is limited to."""
        if self._within is None:
            return 1.0
        held = self.document_frequency(term)
        if not held:
            return 0.0
        return _rarity(held, len(self)) / _rarity(self._frequency_as_scored(term), self._size_as_scored(term))

    def _is_common(self, term: str) -> bool:
        return _is_character(term) and self._frequency_as_scored(term) > COMMON * self._size

    def _fetch(self, query: tantivy.Query, limit: int) -> tuple[Rows, NDArray[np.float64], Rows]:
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _, address in hits]
        rows = np.array(self._searcher.fast_field_values(ROW, addresses), dtype=np.int64)
        documents = np.array(self._searcher.fast_field_values(DOCUMENT, addresses), dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float64)
        return rows, scores.round(_DECIMALS), documents


def _term_query(schema: tantivy.Schema, term: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, TERMS, term, index_option="freq")


def _rarity(frequency: int, total: int) -> float:
    """Return the inverse document frequency as tantivy takes it (Robertson & Spärck Jones, never negative)."""
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _is_character(term: str) -> bool:
    return len(term) == 1 and not term.isascii()


def _opened(folder: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        if "Read-only file system" not in str(error):
            raise
    # tantivy locks even to read. Links to the files will do: those that it reads stay open when the links go. A thread
    # of its own looks for changes and may make a lock just as they go; that one stays then.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as links:
        for path in folder.iterdir():
            if path.suffix != ".lock":
                (Path(links) / path.name).symlink_to(path.resolve())
        index = tantivy.Index.open(links)
        index.searcher()
        return index
