"""Encoders: unit vectors, an identity that changes with the model, and plain words when a model is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from rag.errors import ConfigurationError
from rag.indexes.encoder import SHIPPED_MODEL, StaticEncoder, load_encoder

SHIPPED = Path(__file__).parents[2] / "rag" / "models" / SHIPPED_MODEL


@pytest.fixture(scope="module")
def encoder(static_model: Path) -> StaticEncoder:
    return StaticEncoder(static_model)


def test_vectors_have_length_one(encoder):
    vectors = encoder.encode(["学生心理健康", "校园安全", "a"], kind="passage")
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂"])
def test_a_text_of_which_nothing_is_known_has_the_zero_vector(encoder, text):
    assert not encoder.encode([text], kind="query").any()


def test_no_texts_no_vectors(encoder):
    assert encoder.encode([], kind="passage").shape == (0, encoder.dimension)


@pytest.mark.parametrize(("one", "other"), [("學生", "学生"), ("ＡＢＣ", "abc"), ("安 全", "安全")])
def test_spellings_that_fold_together_have_one_vector(encoder, one, other):
    vectors = encoder.encode([one, other], kind="query")
    assert np.allclose(vectors[0], vectors[1], atol=1e-6)


def test_questions_and_passages_are_encoded_alike(encoder):
    assert np.array_equal(encoder.encode(["心理"], kind="query"), encoder.encode(["心理"], kind="passage"))


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(alphabet="学生心理健康 x", max_size=12), max_size=6))
def test_a_text_has_the_same_vector_in_any_company(encoder, texts):
    together = encoder.encode(texts, kind="passage")
    alone = [encoder.encode([text], kind="passage")[0] for text in texts]
    assert np.allclose(together, np.array(alone).reshape(together.shape), atol=1e-6)


def test_a_long_text_is_taken_whole(encoder):
    long = encoder.encode(["学" * 2000 + "a" * 2000, "学" * 2000], kind="passage")
    assert long[0] @ long[1] < 0.99


def test_vectors_stored_a_byte_a_number_are_multiplied_by_their_weights(static_model, encoder, tmp_path):
    (stored,) = load_file(static_model / "model.safetensors").values()
    weights = np.maximum(np.abs(stored).max(axis=1) / 127, 1e-9).astype(np.float32)
    whole = np.rint(stored / weights[:, None]).astype(np.int8)
    copy = tmp_path / "copy"
    shutil.copytree(static_model, copy)
    save_file({"embeddings": whole, "weights": weights}, copy / "model.safetensors")
    texts = ["学生心理健康", "校园安全 a"]
    vectors = StaticEncoder(copy).encode(texts, kind="passage")
    np.testing.assert_allclose(vectors, encoder.encode(texts, kind="passage"), atol=0.02)


def test_identity_is_of_the_model_and_not_of_its_card_or_place(static_model, tmp_path):
    copy = tmp_path / "elsewhere"
    shutil.copytree(static_model, copy)
    (copy / "README.md").write_text("---\nlanguage: zh\n---\nOf other words.")
    assert StaticEncoder(copy).identity == StaticEncoder(static_model).identity
    tokenizer = copy / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text() + "\n")
    assert StaticEncoder(copy).identity != StaticEncoder(static_model).identity


def test_a_folder_of_a_static_model_is_run_as_one(static_model):
    assert isinstance(load_encoder(str(static_model)), StaticEncoder)


def test_the_shipped_model_is_the_default():
    if not SHIPPED.is_dir():
        pytest.skip("the shipped model is not in this checkout")
    encoder = load_encoder()
    near, far = _likeness(encoder)
    assert near > far


def _likeness(encoder) -> tuple[float, float]:
    question = encoder.encode(["学生的心理问题"], kind="query")[0]
    near, far = encoder.encode(["中小学生心理辅导", "污水处理厂扩建"], kind="passage") @ question
    return float(near), float(far)


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "none", "a/b/c"])
def test_a_folder_that_is_not_there(name):
    with pytest.raises(ConfigurationError, match="no model folder"):
        load_encoder(name)


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(ConfigurationError):
        StaticEncoder(tmp_path)


def test_a_folder_whose_list_of_modules_is_broken(tmp_path):
    (tmp_path / "modules.json").write_text("[")
    with pytest.raises(ConfigurationError, match="not JSON"):
        load_encoder(str(tmp_path))
