"""LangChain and Chroma: ``EnsembleRetriever`` over ``BM25Retriever`` and a ``Chroma`` store, equal weights.

https://reference.langchain.com/python/langchain-classic/retrievers/ensemble/EnsembleRetriever (reciprocal rank
fusion) and https://docs.langchain.com/oss/python/integrations/retrievers/bm25 (``preprocess_func``).
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from rag.indexes.encoder import Encoder
from rag.text import tokens

_PLACE = "place"

# Chroma takes no more than some 5,000 at once.
_AT_ONCE = 5_000


class OurEmbeddings(Embeddings):
    """Our encoder as embeddings of LangChain."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages."""
        return self._encoder.encode(texts, kind="passage").tolist()

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._encoder.encode([text], kind="query")[0].tolist()


class LangChainPeer:
    """LangChain with Chroma on disk."""

    PACKAGES = ("langchain-classic", "langchain-community", "rank-bm25", "langchain-chroma", "chromadb")

    def __init__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> None:
        """Set up a collection of Chroma in ``folder``."""
        self._store = Chroma("passages", embedding_function=OurEmbeddings(encoder), persist_directory=folder)
        self._settings = {"preprocess_func": tokens} if chinese_tokens else {}

    def index(self, texts: Sequence[str]) -> None:
        """See ``Peer``."""
        documents = [Document(page_content=text, metadata={_PLACE: place}) for place, text in enumerate(texts)]
        for start in range(0, len(documents), _AT_ONCE):
            self._store.add_documents(documents[start : start + _AT_ONCE])
        self._lexical = BM25Retriever.from_documents(documents, **self._settings)

    def search(self, question: str, passages: int) -> list[int]:
        """See ``Peer``."""
        self._lexical.k = passages
        fused = EnsembleRetriever(
            retrievers=[self._lexical, self._store.as_retriever(search_kwargs={"k": passages})],
            weights=[0.5, 0.5],
            id_key=_PLACE,
        )
        return [int(document.metadata[_PLACE]) for document in fused.invoke(question)][:passages]
