"""Tiny transformers of random weights, in the layouts in which real ones come."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

# A spread that tells texts apart; with the usual .02 all vectors would be nearly one.
_SPREAD = 0.4


def write_encoder(folder: Path, characters: Iterable[str], *, seed: int, prompts: dict[str, str] | None = None) -> Path:
    """Write an encoder as sentence-transformers saves one: a BERT of two layers, and the mean of its last one."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(seed)
    plain = folder / "plain"
    config, tokenizer = _config(characters), _tokenizer(characters)
    BertModel(config, add_pooling_layer=False).save_pretrained(plain)
    tokenizer.save_pretrained(plain)
    transformer = Transformer(str(plain))
    model = SentenceTransformer(
        modules=[transformer, Pooling(config.hidden_size, "mean")], device="cpu", prompts=prompts
    )
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"


def write_reranker(folder: Path, characters: Iterable[str], *, seed: int, labels: int = 1) -> Path:
    """Write a cross-encoder as most stand on the hub: a plain folder of transformers."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    BertForSequenceClassification(_config(characters, num_labels=labels)).save_pretrained(folder)
    _tokenizer(characters).save_pretrained(folder)
    return folder


def _vocabulary(characters: Iterable[str]) -> dict[str, int]:
    return {c: n for n, c in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(set(characters))])}


def _config(characters: Iterable[str], **more):
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(_vocabulary(characters)), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512, initializer_range=_SPREAD, **more,
    )  # fmt: skip


def _tokenizer(characters: Iterable[str]):
    """A token a character."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Sequence as Steps
    from tokenizers.pre_tokenizers import Split, WhitespaceSplit
    from tokenizers.processors import BertProcessing
    from transformers import PreTrainedTokenizerFast

    vocabulary = _vocabulary(characters)
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Steps([WhitespaceSplit(), Split("", "isolated")])
    tokenizer.post_processor = BertProcessing(("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=512, model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
