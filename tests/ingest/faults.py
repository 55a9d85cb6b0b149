"""A parser with faults, called inside workers in the place of the real one."""

from __future__ import annotations

import os

from rag.ingest import taking
from rag.parsing.corrections import NONE

WORDS = "秘密的原文"


def take(data, source, sha256, corrections=NONE):
    if source.startswith("fault"):
        raise IndexError(WORDS)
    if source.startswith("crash"):
        os._exit(7)
    return taking.take(data, source, sha256, corrections)
