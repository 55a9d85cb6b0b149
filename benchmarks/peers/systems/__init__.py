"""The systems compared: each set up as its own documentation recommends for hybrid search, one a module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.indexes.encoder import Encoder


class Peer(Protocol):
    """A peer with an index of passages.

    Passages are known by their place in the list they are given in.
    """

    PACKAGES: tuple[str, ...]
    """Distributions whose versions are reported."""

    def index(self, texts: Sequence[str]) -> None:
        """Index passages with the peer's own means, vectors made by our encoder through the peer's own hook."""

    def search(self, question: str, passages: int) -> list[int]:
        """Return the places of so many passages or fewer, best first."""


class PeerFactory(Protocol):
    """A peer's class."""

    def __call__(self, encoder: Encoder, folder: str, *, chinese_tokens: bool) -> Peer:
        """Make a peer.

        Args:
            encoder: Ours.
            folder: Empty, for what the peer keeps on disk.
            chinese_tokens: Give the peer our Chinese tokens instead of its default tokenizer.
        """
