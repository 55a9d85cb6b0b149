"""The dense leg: vectors in FAISS, in half precision; from 50,000 on, short codes of them are looked through first.

The codes are those of a product quantizer read by table look-ups in registers (FastScan: André, Kermarrec & Le Scouarnec
2015), half a byte for a few dimensions each. They choose candidates only: all scores are those of the vectors.
On 183k statute passages of 256 dimensions that takes 1 ms instead of 5. Of the 10 nearest it finds all, of the 50 nearest
.999 and of the 200 nearest .988 with 512 dimensions.

Faiss runs a query on one thread: two were slower, and a server runs queries side by side.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import faiss as faiss_library
import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.indexes.scored import Ranking, best

# Its type stubs give the C++ signatures, which its Python layer replaces.
faiss: Any = faiss_library

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

EXACT_LIMIT = 50_000

VECTORS_FILE = "vectors.faiss"
COARSE_FILE = "coarse.faiss"

# Scores are kept to what half precision can tell apart, so that equal texts tie exactly.
_DECIMALS = 6
_BATCH = 65_536
# Parts a code has at most, or as many as give each 4 dimensions: 128 parts of 2 find .999 of the 200 nearest, 64 parts
# of 4 find .967, and both all of the 10 nearest.
_PARTS = 128
_DIMENSIONS_PER_PART = 4
_BITS = 4
# Vectors that the codes are made from. It hardly matters which: codes made from another collection, or from random
# vectors even, find the same .999. So they are made once, and kept as the collection changes.
_TRAINED_FROM = 4_096
_TRAINED_AT_LEAST = 640  # faiss wants 39 for each of the 16 values of a part
_ROUNDS = 10
# Candidates looked at exactly for each result. 8 find .996 of the 200 nearest, and take .5 ms more.
_REFINED = 5
# So few admitted are all looked at.
_FEW = 500


# What each half-precision number is in single precision, by its bits: a look-up is four times quicker than a conversion.
_SINGLES: NDArray[np.float32] = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


class _Stored:
    """Where the vectors of an exact index stand; good until it changes."""

    def __init__(self, exact: Any) -> None:
        self._keeper = exact
        self.rows_by_place = np.asarray(faiss.vector_to_array(exact.id_map), dtype=np.int64)
        """Row numbers in the order of storage."""
        rows = self.rows_by_place
        self._order = None if bool(np.all(rows[1:] > rows[:-1])) else np.argsort(rows, kind="stable")
        self.rows = rows if self._order is None else rows[self._order]
        """Row numbers, ascending."""
        codes = faiss.downcast_index(exact.index).codes
        self._halves = np.zeros((0, exact.d), dtype=np.uint16)
        if codes.size():
            # Faiss's own memory.
            self._halves = faiss.rev_swig_ptr(codes.data(), codes.size()).view(np.uint16).reshape(-1, exact.d)

    def places_of(self, rows: Rows) -> Rows:
        """Return where the vectors of these rows stand; of rows that are not there nothing."""
        if not len(self.rows):
            return rows[:0]
        at = np.searchsorted(self.rows, rows)
        at = at[self.rows[np.minimum(at, len(self.rows) - 1)] == rows]
        places: Rows = at if self._order is None else self._order[at]
        return places

    def vectors_at(self, places: Rows) -> Vectors:
        """Return ``(n, dimension)``."""
        found: Vectors = _SINGLES[self._halves[places]]
        return found


class VectorIndex:
    """Vectors by passage row number, compared by inner product (cosine, for vectors of length 1).

    Vectors are stored in half precision: recall@10 .9996 against single. Safe for concurrent searches; not
    for a change beside anything else.
    """

    def __init__(self, dimension: int, *, exact_limit: int = EXACT_LIMIT) -> None:
        """Make an empty index.

        Args:
            dimension: Length of a vector.
            exact_limit: Above this many vectors, ``settle`` adds codes to look through first.
        """
        quantizer = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        self._exact = faiss.IndexIDMap2(quantizer)
        self._coarse: Any | None = None
        self._outdated: Any | None = None
        self._exact_limit = exact_limit
        self._known: _Stored | None = None

    @classmethod
    def load(cls, folder: Path, *, exact_limit: int = EXACT_LIMIT) -> Self:
        """Read an index that ``save`` wrote.

        Raises:
            IndexDamaged: Its files are missing or not readable.
        """
        try:
            exact = faiss.read_index(str(folder / VECTORS_FILE))
            coarse = faiss.read_index(str(folder / COARSE_FILE)) if (folder / COARSE_FILE).is_file() else None
        except RuntimeError as error:
            raise IndexDamaged(f"{VECTORS_FILE} cannot be read", remedy="rag verify --repair") from error
        if not isinstance(exact, faiss.IndexIDMap2):
            raise IndexDamaged(f"{VECTORS_FILE} is of another kind", remedy="rag verify --repair")
        if coarse is not None and (not isinstance(coarse, faiss.IndexIVFPQFastScan) or coarse.ntotal != exact.ntotal):
            raise IndexDamaged(f"{COARSE_FILE} is of another kind", remedy="rag verify --repair")
        index = cls(exact.d, exact_limit=exact_limit)
        index._exact, index._coarse = exact, coarse
        return index

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        faiss.write_index(self._exact, str(folder / VECTORS_FILE))
        (folder / COARSE_FILE).unlink(missing_ok=True)
        if self._coarse is not None:
            faiss.write_index(self._coarse, str(folder / COARSE_FILE))

    def __len__(self) -> int:
        return int(self._exact.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._exact.d)

    @property
    def rows(self) -> Rows:
        """Row numbers of all vectors, ascending."""
        return self._stored().rows.copy()

    def add(self, rows: Rows, vectors: Vectors) -> None:
        """Add vectors under row numbers that the index does not hold yet."""
        self._known = None
        self._exact.add_with_ids(np.ascontiguousarray(vectors), rows)
        if self._coarse is not None:
            self._coarse.add(np.ascontiguousarray(vectors))

    def remove(self, rows: Rows) -> None:
        """Take out vectors; numbers that the index does not hold are passed over."""
        if not len(self._stored().places_of(rows)):
            return
        self._known = None
        self._exact.remove_ids(rows)
        # Codes go by place, and the vectors after one taken out have moved up. To take codes out alone would not do
        # either: faiss 1.15 writes the next ones over what they left, without clearing it.
        if self._coarse is not None:
            self._outdated, self._coarse = self._coarse, None

    def settle(self) -> None:
        """Make or drop the codes, as the number of vectors asks. To be called after changes."""
        if len(self) <= self._exact_limit:
            self._coarse = None
        elif self._coarse is None:
            self._coarse = self._coded(self._outdated)
        self._outdated = None

    def search(self, vectors: Vectors, k: int, admitted: Rows | None = None) -> list[Ranking]:
        """Return the ``k`` nearest for each vector, nearest first, ties by row number.

        Args:
            vectors: ``(n, dimension)``.
            k: Most to return.
            admitted: Row numbers that may be found, ``None`` for all.

        Returns:
            Cosines, -1..1, higher is closer; fewer than ``k`` when there are no more.
        """
        # OpenMP keeps this number for each calling thread, so it cannot be set once for a server.
        faiss.omp_set_num_threads(1)
        stored = self._stored()
        places = None if admitted is None else stored.places_of(admitted)
        most = len(self) if places is None else len(places)
        selector = None if places is None else _selector(places)

        def nearest(vector: Vectors) -> Ranking:
            if places is not None and most <= _FEW:
                return best(k, most, lambda _: self._ranked(vector, places))
            return best(k, most, lambda limit: self._nearest(vector, limit, most, selector))

        return [nearest(vector) for vector in vectors]

    def scores(self, vector: Vectors, rows: Rows) -> NDArray[np.float64]:
        """Return the cosine of ``vector`` with each of these rows.

        Raises:
            KeyError: The index does not hold one of them.
        """
        places = self._stored().places_of(np.asarray(rows, dtype=np.int64))
        if len(places) < len(rows):
            raise KeyError("a row is not in the index")
        return self._scores_at(vector, places)

    def _nearest(self, vector: Vectors, limit: int, most: int, selector: Any) -> tuple[Rows, NDArray[np.float64]]:
        query = np.ascontiguousarray(vector.reshape(1, -1))
        if self._coarse is not None:
            both = faiss.IndexRefine(self._coarse, self._exact.index)
            parameters = faiss.IndexRefineSearchParameters(
                k_factor=min(_REFINED, (most + 0.5) / limit),
                base_index_params=faiss.SearchParametersIVF(nprobe=1, sel=selector),
            )
            _, places = both.search(query, limit, params=parameters)
            # It fills up with -1 where it found no more, as for a vector of zeros, to which all are alike.
            if (places >= 0).all():
                return self._ranked(vector, places[0])
        _, places = self._exact.index.search(query, limit, params=faiss.SearchParameters(sel=selector))
        return self._ranked(vector, places[0][places[0] >= 0])

    def _ranked(self, vector: Vectors, places: Rows) -> tuple[Rows, NDArray[np.float64]]:
        """Return rows and scores of what stands at these places, best first, ties by row number."""
        rows = self._stored().rows_by_place[places]
        # Scored again, so that a score is the same whichever way a passage was found.
        scores = self._scores_at(vector, places)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def _scores_at(self, vector: Vectors, places: Rows) -> NDArray[np.float64]:
        vectors = self._stored().vectors_at(places)
        # Row by row: a matrix product may round equal rows differently by where they stand.
        scores: NDArray[np.float64] = np.einsum("ij,j->i", vectors, vector.reshape(-1), dtype=np.float64)
        return scores.round(_DECIMALS)

    def _coded(self, outdated: Any | None) -> Any:
        """Return the codes of all vectors, by place.

        Args:
            outdated: Codes of other vectors, whose meaning is kept; they are overwritten.
        """
        faiss.omp_set_num_threads(1)  # the threads' waiting for each other costs more than they save
        codes = self._trained() if outdated is None else outdated
        codes.reset()
        for at in range(0, len(self), _BATCH):
            codes.add(self._stored().vectors_at(np.arange(at, min(at + _BATCH, len(self)))))
        return codes

    def _trained(self) -> Any:
        """Return an inverted file of one list, empty: faiss filters codes in such a file alone."""
        dimension = self.dimension
        lists = faiss.IndexFlatIP(dimension)
        lists.add(np.zeros((1, dimension), dtype=np.float32))
        codes = faiss.IndexIVFPQFastScan(lists, dimension, 1, _parts(dimension), _BITS, faiss.METRIC_INNER_PRODUCT)
        codes.by_residual = False
        codes.pq.cp.niter = _ROUNDS
        # Evenly spread over the order of arrival, so that the same vectors make the same codes.
        sample = self._stored().vectors_at(np.arange(0, len(self), max(1, len(self) // _TRAINED_FROM)))
        codes.train(np.resize(sample, (max(len(sample), _TRAINED_AT_LEAST), dimension)))
        return codes

    def _stored(self) -> _Stored:
        if self._known is None:
            self._known = _Stored(self._exact)
        return self._known


def _parts(dimension: int) -> int:
    """Return into how many parts of equal length to cut a vector."""
    most = max(_PARTS, dimension // _DIMENSIONS_PER_PART)
    return max(parts for parts in range(1, min(most, dimension) + 1) if dimension % parts == 0)


def _selector(places: Rows) -> Any:
    """Return a bitmap selector: for many it is twice as quick as a hash set, for few as quick."""
    bits = np.zeros(int(places.max(initial=-1)) + 1, dtype=bool)
    bits[places] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))
