"""What the legs bring, in one table; checked against the legs one by one."""

from __future__ import annotations

import numpy as np
import pytest

from rag.app.reader import Reader
from rag.retrieval.candidates import find_candidates
from rag.text import tokens

NOTHING = np.zeros(0, dtype=np.int64)
WANTED = 20


def vector_of(reader: Reader, text: str) -> np.ndarray:
    return reader.encoder.encode([text], kind="query")[0]


@pytest.mark.parametrize("with_documents", [False, True])
@pytest.mark.parametrize("text", ["学生心理健康由谁牵头", "电梯", "xyzzy"])
def test_each_has_what_each_leg_says_of_it(sample: Reader, text: str, with_documents: bool) -> None:
    generation, terms, vector = sample.generation, tokens(text), vector_of(sample, text)
    found = find_candidates(
        generation, terms, vector, WANTED, admitted=None, named=NOTHING, with_documents=with_documents
    )
    lexical = dict(generation.search_lexical(terms, WANTED))
    dense = dict(generation.search_dense(vector, WANTED))
    wholes = dict(generation.search_documents(terms, WANTED)) if with_documents else {}
    assert found.rows.tolist() == sorted(lexical.keys() | dense.keys())
    assert found.owners.tolist() == generation.documents_of(found.rows).tolist()
    assert found.lexical.tolist() == [lexical.get(row, 0.0) for row in found.rows.tolist()]
    assert found.dense.tolist() == generation.vectors.scores(vector, found.rows).tolist()
    assert found.document.tolist() == [wholes.get(owner, 0.0) for owner in found.owners.tolist()]
    assert not with_documents or text == "xyzzy" or found.document.any()


def test_all_passages_of_a_named_document_come_admitted_or_not(sample: Reader) -> None:
    generation, text = sample.generation, "加装电梯补助"
    named = np.array([int(generation.keys[-1, 1])])
    admitted = np.setdiff1d(generation.keys[:, 1], named)
    found = find_candidates(
        generation, tokens(text), vector_of(sample, text), 1, admitted=admitted, named=named, with_documents=False
    )
    assert 1 <= np.isin(found.owners, named).sum() <= 1
    assert len(found) >= 2


def test_what_is_not_admitted_does_not_come(sample: Reader) -> None:
    generation, text = sample.generation, "学生心理健康"
    admitted = np.unique(generation.keys[:, 1])[:3]
    found = find_candidates(
        generation, tokens(text), vector_of(sample, text), 200, admitted=admitted, named=NOTHING, with_documents=True
    )
    assert set(found.owners.tolist()) == set(admitted.tolist())
