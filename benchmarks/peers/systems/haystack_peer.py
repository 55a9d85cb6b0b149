"""Haystack: BM25 and embedding retrievers on the in-memory store, fused by ``DocumentJoiner``.

https://docs.haystack.deepset.ai/docs/inmemorybm25retriever, …/inmemoryembeddingretriever, …/documentjoiner. The
pipeline is that of its tutorial on hybrid retrieval, without the cross-encoder, which would be a download.
"""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.joiners.document_joiner import JoinMode
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from rag.indexes.encoder import Encoder
from rag.text import tokens

_AT_ONCE = 500


@component
class OurTextEmbedder:
    """Our encoder as an embedder of Haystack."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        self._encoder = encoder

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, list[float]]:
        """Return a question's vector."""
        return {"embedding": self._encoder.encode([text], kind="query")[0].tolist()}


class HaystackPeer:
    """Haystack with what needs no server."""

    PACKAGES = ("haystack-ai",)

    def __init__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> None:
        """Set up an empty store in memory."""
        del folder
        self._encoder = encoder
        self._store = InMemoryDocumentStore(shared=False)
        if chinese_tokens:
            # The setting takes a regular expression only, and bigrams overlap.
            self._store.tokenizer = tokens
        pipeline = Pipeline()
        pipeline.add_component("embedder", OurTextEmbedder(encoder))
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(self._store))
        pipeline.add_component("lexical", InMemoryBM25Retriever(self._store))
        pipeline.add_component("joiner", DocumentJoiner(join_mode=JoinMode.RECIPROCAL_RANK_FUSION))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("lexical", "joiner")
        self._pipeline = pipeline

    def index(self, texts: Sequence[str]) -> None:
        """See ``Peer``."""
        for start in range(0, len(texts), _AT_ONCE):
            part = texts[start : start + _AT_ONCE]
            vectors = self._encoder.encode(part, kind="passage").tolist()
            self._store.write_documents(
                [
                    Document(id=str(place), content=text, embedding=vector)
                    for place, (text, vector) in enumerate(zip(part, vectors, strict=True), start)
                ]
            )

    def search(self, question: str, passages: int) -> list[int]:
        """See ``Peer``."""
        found = self._pipeline.run(
            {
                "embedder": {"text": question},
                "dense": {"top_k": passages},
                "lexical": {"query": question, "top_k": passages},
                "joiner": {"top_k": passages},
            }
        )
        return [int(document.id) for document in found["joiner"]["documents"]]
