"""First vectors from word co-occurrence: positive pointwise mutual information, factored by SVD.

Levy & Goldberg 2014 (PPMI as implicit word2vec); Levy, Goldberg & Dagan 2015 for the smoothed context
distribution (exponent 0.75) and the square root of the singular values. Translations and dictionary
entries join in as one context of both languages, which puts the two languages into one space.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from token_table import TokenTable

Floats = npt.NDArray[np.float32]

_CONTEXT_SMOOTHING = 0.75


def window_counts(table: TokenTable, size: int, window: int) -> sparse.csr_matrix:
    """Count neighbours up to ``window`` tokens apart within a text, nearer ones weighing more (1/distance)."""
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    text_of = np.repeat(np.arange(len(table)), table.lengths())
    for distance in range(1, window + 1):
        same = text_of[:-distance] == text_of[distance:]
        left, right = table.ids[:-distance][same], table.ids[distance:][same]
        weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
        total = total + sparse.coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    return total + total.T


def pair_counts(first: TokenTable, second: TokenTable, size: int) -> sparse.csr_matrix:
    """Count each token of a text with each token of its translation, one translation weighing its length."""
    count = len(first)

    def bag(table: TokenTable) -> sparse.csr_matrix:
        rows = np.repeat(np.arange(count), table.lengths())
        return sparse.coo_matrix((np.ones(len(rows), np.float32), (rows, table.ids)), shape=(count, size)).tocsr()

    longer = np.maximum(np.maximum(first.lengths(), second.lengths()), 1).astype(np.float32)
    crossed = bag(first).T @ sparse.diags(2.0 / longer) @ bag(second)
    return (crossed + crossed.T).tocsr()


def factor(counts: sparse.csr_matrix, dimensions: int, shift: float, seed: int) -> Floats:
    """Return ``(n, dimensions)`` vectors whose products approximate the shifted PPMI of ``counts``."""
    matrix = counts.tocoo()
    total = matrix.data.sum()
    row_sum = np.asarray(counts.sum(axis=1)).ravel()
    context = np.power(np.maximum(row_sum, 1e-9), _CONTEXT_SMOOTHING)
    context_probability = context / context.sum()
    information = np.log(matrix.data / total / (row_sum[matrix.row] / total * context_probability[matrix.col])) - shift
    keep = information > 0
    positive = sparse.csr_matrix(
        (information[keep].astype(np.float32), (matrix.row[keep], matrix.col[keep])), shape=counts.shape
    )
    left, values, _ = randomized_svd(positive, dimensions, n_iter=3, random_state=seed)
    return np.ascontiguousarray(left * np.sqrt(values), dtype=np.float32)
