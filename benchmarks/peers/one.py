"""One system on one set, in a process of its own: index, search, write what came out; started by ``compare.py``."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from given import read_passages, read_questions
from memory import peak_memory_mb
from offline import forbid_connections
from ranking import Search, rank_documents, run
from systems import PeerFactory

from rag.indexes.encoder import load_encoder

PEERS = {
    "txtai": ("systems.txtai_peer", "TxtaiPeer"),
    "llamaindex": ("systems.llamaindex_peer", "LlamaIndexPeer"),
    "haystack": ("systems.haystack_peer", "HaystackPeer"),
    "langchain": ("systems.langchain_peer", "LangChainPeer"),
    "vectors": ("systems.vectors", "VectorsAlone"),
}
PRODUCT = "rag"


class Prepared(NamedTuple):
    """A system about to be measured."""

    index: Callable[[], None]
    search: Search
    packages: tuple[str, ...]


def main() -> None:
    """Measure and write a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--system", choices=[*PEERS, PRODUCT], required=True)
    parser.add_argument("--chinese-tokens", action="store_true")
    parser.add_argument("--given", type=Path, required=True, help="folder of passages and questions")
    parser.add_argument("--collection", type=Path, required=True, help="in BEIR layout; the product reads this")
    parser.add_argument("--limit", type=float, required=True, help="seconds for searching")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    forbid_connections()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        prepared = _product(options, folder) if options.system == PRODUCT else _peer(options, folder)
        started, started_cpu = time.perf_counter(), time.process_time()
        prepared.index()
        index_seconds, index_cpu_seconds = time.perf_counter() - started, time.process_time() - started_cpu
        started_cpu = time.process_time()
        done = run(
            lambda question: rank_documents(prepared.search, question),
            read_questions(options.given),
            limit_seconds=options.limit,
        )
        found = {
            "documents": done.documents,
            "seconds": [round(seconds, 5) for seconds in done.seconds],
            "cpu_seconds": round(time.process_time() - started_cpu, 1),
            "is_cut_off": done.is_cut_off,
            "index_seconds": round(index_seconds, 1),
            "index_cpu_seconds": round(index_cpu_seconds, 1),
            "peak_memory_mb": peak_memory_mb(),
            "load": os.getloadavg()[0],
            "versions": {name: version(name) for name in prepared.packages},
        }
    options.out.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")


def _peer(options: argparse.Namespace, folder: str) -> Prepared:
    module, name = PEERS[options.system]
    make: PeerFactory = getattr(importlib.import_module(module), name)
    peer = make(load_encoder(), folder, chinese_tokens=options.chinese_tokens)
    passages = read_passages(options.given)
    owners = [passage.document for passage in passages]
    texts = [passage.text for passage in passages]

    def search(question: str, most: int) -> list[str]:
        return [owners[place] for place in peer.search(question, most)]

    return Prepared(lambda: peer.index(texts), search, peer.PACKAGES)


def _product(options: argparse.Namespace, folder: str) -> Prepared:
    from systems.product import Product

    product = Product(folder)
    return Prepared(lambda: product.index(options.collection), product.search, product.PACKAGES)


if __name__ == "__main__":
    main()
