"""Encoders that sentence-transformers runs: prompts reach the model, and the identity is of all that decides a vector."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ConfigurationError
from rag.indexes.encoder import StaticEncoder, encoder_of, load_encoder
from rag.indexes.encoding import EncoderRecipe
from rag.indexes.pretrained import Runtime
from rag.indexes.transformer import TransformerEncoder

TEXTS = ["学生心理健康", "校园餐", "冲锋舟42艘", "学生"]


def recipe(folder: Path, **more) -> EncoderRecipe:
    return EncoderRecipe(str(folder), **more)


def encoder(folder: Path, **more) -> TransformerEncoder:
    made = encoder_of(recipe(folder, **more))
    assert isinstance(made, TransformerEncoder)
    return made


def test_vectors_have_length_one(tiny_encoder):
    model = encoder(tiny_encoder)
    vectors = model.encode(TEXTS, kind="passage")
    assert vectors.shape == (len(TEXTS), model.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert model.encode([], kind="query").shape == (0, model.dimension)


def test_a_text_has_the_same_vector_in_any_company_and_any_batch(tiny_encoder):
    together = encoder(tiny_encoder).encode(TEXTS, kind="passage")
    one_by_one = encoder_of(recipe(tiny_encoder), Runtime(batch_size=1)).encode(TEXTS, kind="passage")
    assert np.allclose(together, one_by_one, atol=1e-5)


def test_the_models_own_prompts_reach_it(tiny_encoder):
    own = encoder(tiny_encoder)
    bare = encoder(tiny_encoder, query_prompt="", passage_prompt="")
    for kind, prompt in (("query", "问: "), ("passage", "文: ")):
        prompted = bare.encode([prompt + text for text in TEXTS], kind=kind)
        assert np.allclose(own.encode(TEXTS, kind=kind), prompted, atol=1e-5)
        assert not np.allclose(own.encode(TEXTS, kind=kind), bare.encode(TEXTS, kind=kind), atol=1e-3)


def test_prompts_may_be_set(other_tiny_encoder):
    plain = encoder(other_tiny_encoder)
    prompted = encoder(other_tiny_encoder, query_prompt="学: ", passage_prompt="校: ")
    for kind, prompt in (("query", "学: "), ("passage", "校: ")):
        expected = plain.encode([prompt + text for text in TEXTS], kind=kind)
        assert np.allclose(prompted.encode(TEXTS, kind=kind), expected, atol=1e-5)


def test_what_lies_beyond_the_limit_is_cut_off(tiny_encoder):
    cut = encoder(tiny_encoder, max_tokens=8)
    vectors = cut.encode(["学生心理健康学生" + "学" * 50, "学生心理健康学生" + "餐" * 50], kind="passage")
    assert np.allclose(vectors[0], vectors[1], atol=1e-6)
    whole = encoder(tiny_encoder).encode(
        ["学生心理健康学生" + "学" * 50, "学生心理健康学生" + "餐" * 50], kind="passage"
    )
    assert not np.allclose(whole[0], whole[1], atol=1e-3)


def test_identity_is_of_the_files_and_not_of_their_place(tiny_encoder, tmp_path):
    copy = tmp_path / "elsewhere"
    shutil.copytree(tiny_encoder, copy)
    (copy / "README.md").write_text("Of other words.")
    (copy / ".cache").mkdir()
    (copy / ".cache/fetched.json").write_text("{}")
    assert encoder(copy).identity == encoder(tiny_encoder).identity


@pytest.mark.parametrize("changed", ["1_Pooling/config.json", "config_sentence_transformers.json", "tokenizer.json"])
def test_identity_changes_with_whatever_decides_a_vector(tiny_encoder, tmp_path, changed):
    copy = tmp_path / "copy"
    shutil.copytree(tiny_encoder, copy)
    path = copy / changed
    path.write_text(path.read_text() + "\n")
    assert encoder(copy).identity != encoder(tiny_encoder).identity


def test_identity_changes_with_the_weights(tiny_encoder, other_tiny_encoder):
    assert encoder(tiny_encoder).identity != encoder(other_tiny_encoder).identity


def test_identity_is_of_what_passages_are_encoded_with(tiny_encoder):
    own = encoder(tiny_encoder).identity
    assert encoder(tiny_encoder, query_prompt="other: ").identity == own  # no vector of a question is kept
    assert encoder(tiny_encoder, passage_prompt="文: ").identity == own  # what the model says itself
    others = [encoder(tiny_encoder, passage_prompt="").identity, encoder(tiny_encoder, max_tokens=64).identity]
    assert len({own, *others}) == 3


def test_a_recipe_names_the_folder_whole(tiny_encoder, monkeypatch):
    monkeypatch.chdir(tiny_encoder.parent)
    made = encoder(Path(tiny_encoder.name), query_prompt="q")
    assert made.recipe == EncoderRecipe(str(tiny_encoder.resolve()), query_prompt="q")


def test_threads_may_encode_side_by_side(tiny_encoder):
    model = encoder(tiny_encoder)
    texts = [text * n for n in range(1, 9) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: model.encode([text], kind="query")[0], texts))
    expected = [model.encode([text], kind="query")[0] for text in texts]
    assert np.array_equal(np.array(found), np.array(expected))


def test_agrees_with_the_static_one_on_folded_text(static_model):
    static, other = StaticEncoder(static_model), TransformerEncoder(recipe(static_model), Runtime())
    assert other.dimension == static.dimension
    assert other.identity != static.identity
    texts = ["学生心理", "校园安全", ""]
    for kind in ("query", "passage"):
        assert np.allclose(other.encode(texts, kind=kind), static.encode(texts, kind=kind), atol=1e-6)


def test_a_model_that_gives_no_numbers_is_an_error(tiny_encoder, tmp_path):
    from safetensors.numpy import load_file, save_file

    copy = tmp_path / "copy"
    shutil.copytree(tiny_encoder, copy)
    weights = load_file(copy / "model.safetensors")
    weights["embeddings.word_embeddings.weight"][:] = np.nan
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ConfigurationError, match="no numbers"):
        encoder(copy).encode(["学生"], kind="query")


def test_weights_that_do_not_fit_are_told(tiny_encoder, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(tiny_encoder, copy)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "hidden_size": 64}))
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        load_encoder(str(copy))
