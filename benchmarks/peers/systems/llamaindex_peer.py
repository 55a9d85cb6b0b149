"""LlamaIndex: ``BM25Retriever`` (bm25s) and a ``VectorStoreIndex`` on Chroma, fused by ``QueryFusionRetriever``.

https://developers.llamaindex.ai/python/examples/retrievers/bm25_retriever/ ("Hybrid Retriever with BM25 + Chroma")
and …/reciprocal_rerank_fusion/ for the fusion.
"""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import chromadb
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores.utils import node_to_metadata_dict
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr

from rag.indexes.encoder import Encoder
from rag.text import tokens

_PLACE = "place"
_AT_ONCE = 500

# bm25s' own pattern wants words of two letters and more; our tokens are joined by blanks and taken as they are.
_BETWEEN_BLANKS = r"\S+"


class OurEmbedding(BaseEmbedding):
    """Our encoder as an embedding model of LlamaIndex."""

    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        super().__init__(model_name="policy-static", embed_batch_size=_AT_ONCE)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encoder.encode([query], kind="query")[0].tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode(texts, kind="passage").tolist()


class ChineseBM25Retriever(BM25Retriever):
    """The same retriever over our tokens: it takes a finished index (``existing_bm25``), but no tokenizer."""

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return super()._retrieve(QueryBundle(" ".join(tokens(query_bundle.query_str))))


class LlamaIndexPeer:
    """LlamaIndex with both retrievers of its hybrid example."""

    PACKAGES = ("llama-index-core", "llama-index-retrievers-bm25", "bm25s", "chromadb")
    FUSION = FUSION_MODES.RECIPROCAL_RANK

    def __init__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> None:
        """Set up a collection of Chroma in ``folder``."""
        self._embedding = OurEmbedding(encoder)
        self._collection = chromadb.PersistentClient(path=folder).get_or_create_collection("passages")
        self._chinese_tokens = chinese_tokens

    def index(self, texts: Sequence[str]) -> None:
        """See ``Peer``."""
        nodes = [
            # The place is for us: no part of what is searched.
            TextNode(id_=str(place), text=text, metadata={_PLACE: place}, excluded_embed_metadata_keys=[_PLACE])
            for place, text in enumerate(texts)
        ]
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=self._collection))
        self._vectors = VectorStoreIndex(nodes, storage_context=store, embed_model=self._embedding)
        self._lexical = self._over_our_tokens(nodes) if self._chinese_tokens else BM25Retriever(nodes=nodes)

    @staticmethod
    def _over_our_tokens(nodes: Sequence[TextNode]) -> BM25Retriever:
        finished = bm25s.BM25(corpus=[node_to_metadata_dict(node) | {"node_id": node.node_id} for node in nodes])
        cut = bm25s.tokenize(
            [" ".join(tokens(node.text)) for node in nodes],
            token_pattern=_BETWEEN_BLANKS,
            stopwords=None,
            show_progress=False,
        )
        finished.index(cut, show_progress=False)
        return ChineseBM25Retriever(existing_bm25=finished, skip_stemming=True, token_pattern=_BETWEEN_BLANKS)

    def search(self, question: str, passages: int) -> list[int]:
        """See ``Peer``."""
        most = min(passages, self._collection.count())  # bm25s refuses to be asked for more than there are
        self._lexical.similarity_top_k = most
        fused = QueryFusionRetriever(
            [self._vectors.as_retriever(similarity_top_k=most), self._lexical],
            llm=MockLLM(),  # never called: it would write further questions
            num_queries=1,
            similarity_top_k=passages,
            mode=self.FUSION,
            use_async=False,
        )
        return [int(found.node.metadata[_PLACE]) for found in fused.retrieve(question)]
