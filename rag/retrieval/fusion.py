"""Fusion (融合): one ranking of passages from what is known of each.

Weighted mean of parts, each 0..1. Three are scores, scaled by their leg's best candidate: words of the passage (BM25),
meaning of the passage (cosine), words of its whole document (BM25). The last knows what a document is about when the passage
that answers does not repeat it; it is worth .05 nDCG@10 on policy questions. Where documents have but one passage, as
statutes stored article by article, it says what the first leg says already, and takes weight from the meaning.
The fourth is how well rank and place of the document fit the question; see ``authority``. Reciprocal-rank fusion was
measured and lost .06, because it throws away how much better the first hit is.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Weights of the parts, chosen on the development halves by ``training/tune_ranking.py``. Their sum is free.

    The last three are of the second stage, and have no part in the fusion.
    """

    lexical: float
    dense: float
    document: float
    authority: float
    words: float = 0.0
    window: float = 0.0
    brevity: float = 0.0

    @property
    def of_fusion(self) -> float:
        """Sum of the first four."""
        return self.lexical + self.dense + self.document + self.authority

    @property
    def of_all(self) -> float:
        """Sum of all."""
        return self.of_fusion + self.words + self.window + self.brevity


# For documents of many passages, and for those of one. On the development halves the best weights for long documents
# leave passage scores out (ncp .902, mailbox .777 nDCG@10 against .897 and .776 here), and on unseen questions gain
# nothing; they are kept above 0 for collections that are asked in other words than their own. Authority, which makes no
# difference on these sets, keeps the share that questions of a year, a place or an agency need.
_LONG = FusionWeights(lexical=0.04, dense=0.08, document=0.42, authority=0.16, words=0.14, window=0.20, brevity=0.14)
_SHORT = FusionWeights(lexical=0.2, dense=0.48, document=0.0, authority=0.28, brevity=0.06)
# An English question reaches Chinese words by translation, and a long text holds a translation of anything.
_ENGLISH_LONG = FusionWeights(lexical=0.44, dense=0.3, document=0.12, authority=0.26, words=0.1)
_ENGLISH_SHORT = FusionWeights(lexical=0.44, dense=0.2, document=0.0, authority=0.26, words=0.1, window=0.03)

# A collection with fewer documents of several passages than the first of these is one of short documents, with more
# than the second one of long documents; between, the weights go over.
_SHORT_BELOW, _LONG_ABOVE = 0.25, 0.5


def weights_for(share_of_long_documents: float, *, is_english: bool) -> FusionWeights:
    """Return the weights for a collection.

    Args:
        share_of_long_documents: Which part of its documents has more than one passage, 0..1.
        is_english: The question is in English.
    """
    short, long = (_ENGLISH_SHORT, _ENGLISH_LONG) if is_english else (_SHORT, _LONG)
    part = min(1.0, max(0.0, (share_of_long_documents - _SHORT_BELOW) / (_LONG_ABOVE - _SHORT_BELOW)))
    return FusionWeights(*(low + part * (high - low) for low, high in zip(astuple(short), astuple(long), strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Passages and what is known of each: arrays of one length.

    Attributes:
        rows: Row numbers.
        owners: Row numbers of their documents.
        lexical: BM25 scores of the passages, 0 or more; 0 for one that the leg did not find.
        dense: Cosines, −1..1.
        document: BM25 scores of their documents, as ``lexical``.
        authority: How well their documents fit, 0..1.
    """

    rows: Rows
    owners: Rows
    lexical: Scores
    dense: Scores
    document: Scores
    authority: Scores

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, places: Rows | slice) -> Self:
        """Return those that stand at these places, in this order."""
        return type(self)(*(getattr(self, field.name)[places] for field in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Fused(Candidates):
    """Candidates, best first, each part 0..1, and their scores, likewise."""

    scores: Scores


def fuse(candidates: Candidates, *, weights: FusionWeights) -> Fused:
    """Rank candidates.

    Returns:
        All of them, best first, ties by row number; scores 0..1.
    """
    words, meanings, wholes = map(_scaled, (candidates.lexical, candidates.dense, candidates.document))
    fits = candidates.authority
    scores = (
        weights.lexical * words + weights.dense * meanings + weights.document * wholes + weights.authority * fits
    ) / weights.of_fusion
    order = np.lexsort((candidates.rows, -scores))
    return Fused(candidates.rows, candidates.owners, words, meanings, wholes, fits, scores).at(order)


def _scaled(scores: Scores) -> Scores:
    """Return one leg's scores as parts of its best; what is below 0 has 0."""
    best = scores.max(initial=0.0)
    parts: Scores = np.maximum(0.0, scores) / (best if best > 0 else 1.0)
    return parts
