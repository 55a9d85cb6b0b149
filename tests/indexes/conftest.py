from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.pre_tokenizers import Split, WhitespaceSplit

from .index_standins import DIMENSION, HashEncoder, Store


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def store() -> Store:
    store = Store()
    for row, text in enumerate(
        ["校园安全由教育局牵头", "托育服务由卫健委负责", "公交线路调整方案", "校园周边公交线路"], start=1
    ):
        store.put(row, text, document=(row + 1) // 2, title="工作方案", section=(f"第{row}节",))
    return store


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model in the layout of sentence-transformers, a vector a character."""
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("model")
    characters = ["[UNK]", *dict.fromkeys("学生心理健康校园安全abcdef0123")]
    tokenizer = Tokenizer(WordLevel({c: n for n, c in enumerate(characters)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Steps([WhitespaceSplit(), Split("", "isolated")])
    weights = np.random.default_rng(7).standard_normal((len(characters), DIMENSION)).astype(np.float32)
    weights[0] = 0
    save_file({"embedding.weight": weights}, str(folder / "model.safetensors"))
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "config_sentence_transformers.json").write_text("{}")
    kind = "sentence_transformers.models.StaticEmbedding"
    (folder / "modules.json").write_text(f'[{{"idx": 0, "name": "0", "path": "", "type": "{kind}"}}]')
    assert StaticModel.from_pretrained(folder).dim == DIMENSION
    return folder
