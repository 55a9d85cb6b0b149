"""Questions read in the light of a few invented and real places."""

from __future__ import annotations

from rag.retrieval.question import Question, understand
from rag.retrieval.terms import shipped_terms

PLACES = ("云岫市", "云岫市砚溪区", "霁川市", "重庆市渝北区", "汉中市", "鹭原县", "石狮市")


def read(text: str) -> Question:
    """Return what a question says."""
    return understand(text, places=PLACES, load_terms=shipped_terms)
