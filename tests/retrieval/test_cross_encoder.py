"""The cross-encoder as it is: its own scores, remembered, or an error."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.errors import ConfigurationError
from rag.indexes.pretrained import Runtime
from rag.retrieval.cross_encoder import CrossEncoderReranker
from tests.tiny_models import write_reranker

QUERY = "学生心理健康"
TEXTS = ["校园餐人均标准", "冲锋舟42艘", "心理课程", "", "学生"]


def reranker(folder, **more) -> CrossEncoderReranker:
    return CrossEncoderReranker(str(folder), Runtime(), **({"top": 50} | more))


def test_scores_are_those_of_the_model_itself(tiny_reranker):
    from sentence_transformers import CrossEncoder

    own = CrossEncoder(str(tiny_reranker), device="cpu")
    expected = own.predict([(QUERY, text) for text in TEXTS])  # through its sigmoid, as models of one label are saved
    found = reranker(tiny_reranker).scores(QUERY, TEXTS)
    assert np.allclose(found, expected, atol=1e-4)
    assert len(set(found.tolist())) > 1
    assert ((found >= 0) & (found <= 1)).all()


def test_scores_do_not_depend_on_the_batch_or_on_what_was_asked_before(tiny_reranker):
    together = reranker(tiny_reranker)
    alone = [float(reranker(tiny_reranker).scores(QUERY, [text])[0]) for text in TEXTS[:2]]
    assert together.scores(QUERY, TEXTS)[:2].tolist() == pytest.approx(alone, abs=2e-4)
    again = together.scores(QUERY, TEXTS[::-1])
    assert again.tolist() == together.scores(QUERY, TEXTS)[::-1].tolist()
    twice = together.scores(QUERY, [TEXTS[0], TEXTS[0]])
    assert twice[0] == twice[1]
    assert together.scores(QUERY, []).shape == (0,)


def test_another_question_is_judged_anew(tiny_reranker):
    judge = reranker(tiny_reranker)
    assert not np.allclose(judge.scores(QUERY, TEXTS), judge.scores("冲锋舟", TEXTS), atol=1e-3)


def test_threads_may_ask_side_by_side(tiny_reranker):
    judge = reranker(tiny_reranker)
    queries = [QUERY[:n] + "餐" * m for n in range(1, 6) for m in range(4)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda query: judge.scores(query, TEXTS), queries))
    one_by_one = reranker(tiny_reranker)
    assert np.allclose(found, [one_by_one.scores(query, TEXTS) for query in queries], atol=2e-4)


def test_an_encoder_is_no_reranker(tiny_encoder):
    with pytest.raises(ConfigurationError, match="no cross-encoder") as caught:
        reranker(tiny_encoder)
    assert "RAG_ENCODER" in caught.value.remedy


def test_a_classifier_of_three_classes_is_no_reranker(tmp_path):
    with pytest.raises(ConfigurationError, match="3 labels"):
        reranker(write_reranker(tmp_path / "three", TEXTS[0], seed=5, labels=3))


@pytest.mark.parametrize("name", ["/no/such/folder", "none"])
def test_a_folder_that_is_not_there(name):
    with pytest.raises(ConfigurationError, match="RAG_RERANKER"):
        reranker(name)


def test_a_model_that_gives_no_numbers_is_an_error(tiny_reranker, tmp_path):
    with pytest.raises(ConfigurationError, match="no numbers"):
        reranker(spoilt(tiny_reranker, tmp_path / "spoilt")).scores(QUERY, TEXTS)


def spoilt(folder, target):
    from safetensors.numpy import load_file, save_file

    shutil.copytree(folder, target)
    weights = load_file(target / "model.safetensors")
    weights["classifier.bias"][:] = np.nan
    save_file(weights, target / "model.safetensors", metadata={"format": "pt"})
    return target
