"""The static model run by our own few lines: what model2vec gives, and plain errors for broken files."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model2vec import StaticModel
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import WhitespaceSplit

from rag.errors import ConfigurationError
from rag.indexes.encoder import StaticEncoder
from rag.indexes.token_vectors import TokenVectors, load_token_vectors

PIECES = [("[UNK]", -20.0), ("学", -3.0), ("生", -3.0), ("学生", -4.0), ("安全", -4.5), ("a", -5.0), ("ab", -6.0)]


def model_folder(folder: Path, *, unknown: int = 0) -> Path:
    """A unigram model of six pieces in four dimensions, each row a byte a number."""
    folder.mkdir()
    tokenizer = Tokenizer(Unigram(PIECES[-unknown:] + PIECES[:-unknown] if unknown else PIECES, unknown, False))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(3).integers(-127, 128, (len(PIECES), 4), dtype=np.int8)
    weights = np.linspace(0.001, 0.02, len(PIECES)).astype(np.float32)
    save_file({"embeddings": table, "weights": weights}, folder / "model.safetensors")
    (folder / "config.json").write_text('{"normalize": false, "max_length": null}')
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_folder(tmp_path_factory.mktemp("vectors") / "model")


@pytest.fixture(scope="module")
def ours(folder) -> TokenVectors:
    model = load_token_vectors(folder)
    assert model is not None
    return model


@pytest.fixture(scope="module")
def reference(folder) -> StaticModel:
    return by_model2vec(folder)


def by_model2vec(folder: Path) -> StaticModel:
    """The same in double precision: a plain sum of ten thousand rows in single precision is off by 2e-5."""
    tensors = load_file(folder / "model.safetensors")
    vectors = tensors["embeddings"] * tensors["weights"][:, None].astype(np.float64)
    return StaticModel(vectors, Tokenizer.from_file(str(folder / "tokenizer.json")), normalize=False, max_length=None)


def test_the_mean_of_the_rows_each_times_its_weight():
    tokenizer = Tokenizer(Unigram([("[UNK]", -20.0), ("学", -3.0), ("生", -3.0)], 0, False)).to_str().encode()
    table = np.array([[9, 9], [1, 2], [4, -2]], dtype=np.int8)
    model = TokenVectors(table, np.array([1, 1, 0.5]), tokenizer)
    # 学 (1, 2), 生 (2, -1), 学 (1, 2), and 校, which is unknown and does not count
    np.testing.assert_allclose(model.encode(["学生校学", "校"]), [[4 / 3, 1], [0, 0]], rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(alphabet="学生安全ab校 ", max_size=30), max_size=5))
def test_vectors_are_those_of_model2vec(ours, reference, texts):
    if texts:
        expected = reference.encode(texts, normalize=False, use_multiprocessing=False)
        np.testing.assert_allclose(ours.encode(texts), expected, atol=1e-6)


@pytest.mark.parametrize("count", [1, 511, 512, 513, 10_000])
def test_a_text_of_many_tokens_is_averaged_whole(ours, reference, count):
    text = "a 学生 " * (count // 2) + "安全"
    expected = reference.encode([text], normalize=False, use_multiprocessing=False)
    np.testing.assert_allclose(ours.encode([text]), expected, atol=1e-6)


def test_more_texts_than_are_cut_at_once(ours):
    texts = ["学生", "安全", "a b", ""] * 700
    np.testing.assert_array_equal(ours.encode(texts), np.tile(ours.encode(texts[:4]), (700, 1)))


def test_an_unknown_piece_that_is_not_the_first_does_not_count_either(tmp_path):
    folder = model_folder(tmp_path / "model", unknown=2)
    model = load_token_vectors(folder)
    assert model is not None
    expected = by_model2vec(folder).encode(["学校生", "校"], normalize=False, use_multiprocessing=False)
    np.testing.assert_allclose(model.encode(["学校生", "校"]), expected, atol=1e-6)
    assert not model.encode(["校"]).any()


def test_another_layout_is_left_to_model2vec(static_model):
    assert load_token_vectors(static_model) is None
    assert StaticEncoder(static_model).encode(["学生"], kind="query").any()


def test_no_texts_no_vectors(ours):
    assert ours.encode([]).shape == (0, 4)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_broken_file_is_told(folder, tmp_path, name):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:40])
    with pytest.raises(ConfigurationError, match="no static model"):
        StaticEncoder(copy)


def test_a_table_of_another_vocabulary_is_refused(folder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    tensors = load_file(copy / "model.safetensors")
    save_file({name: tensor[:-1].copy() for name, tensor in tensors.items()}, copy / "model.safetensors")
    with pytest.raises(ConfigurationError):
        StaticEncoder(copy)
