"""How alike texts and words are in meaning (语义相近), by an encoder: what answers are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from rag.indexes.encoder import Encoder
from rag.retrieval.memory import TextMemory

# Everyday words of different subjects, against which likeness of meaning is measured.
_UNRELATED_WORDS = tuple(
    "河流 音乐 合同 天气 桥梁 颜色 粮食 邮票 语言 钢铁 树木 电影 疫苗 星期 煤矿 足球 皮肤 统计 森林 税收 "
    "厨房 雕塑 航空 历史 蔬菜 法院 海洋 铁路 算术 婚姻 石油 舞蹈 肥料 诗歌 护照 轮胎 桌子 地震 眼镜 纺织".split()
)

_WORDS_REMEMBERED = 20_000
_TEXTS_REMEMBERED = 8_000


class Likeness:
    """Likeness by one encoder, 0 as unrelated words of it are. Safe across threads."""

    def __init__(self, encoder: Encoder) -> None:
        """Judge by an encoder."""
        self._encoder = encoder
        encoded = partial(encoder.encode, kind="passage")
        self._word_vectors = TextMemory(_WORDS_REMEMBERED, encoded)
        self._text_vectors = TextMemory(_TEXTS_REMEMBERED, encoded)

    def similarities(self, text: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how alike ``text`` is to each of ``texts``, ``(n,)``: 0 as unrelated words, 1 the same.

        It is the cosine, less what this encoder gives to unrelated words.
        """
        vector = self._encoder.encode([text], kind="query")[0]
        unrelated, _ = self._background
        result: NDArray[np.float32] = (np.stack(self._text_vectors.of(texts)) @ vector - unrelated) / (1 - unrelated)
        return result

    def word_likeness(self, words: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """Return how alike words are in meaning, ``(words, others)``, in standard deviations above unrelated words.

        Encoders differ in the cosines they give; measured against their own unrelated words they can be compared.
        """
        mean, deviation = self._background
        cosines = self.encode_words(words) @ self.encode_words(others).T
        result: NDArray[np.float32] = (cosines - mean) / deviation
        return result

    @cached_property
    def _background(self) -> tuple[float, float]:
        vectors = self.encode_words(_UNRELATED_WORDS)
        cosines = (vectors @ vectors.T)[~np.eye(len(_UNRELATED_WORDS), dtype=bool)]
        return float(cosines.mean()), max(float(cosines.std()), 1e-6)

    def encode_words(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return ``(n, dimension)`` vectors of single words; they are remembered."""
        return np.stack(self._word_vectors.of(words))
