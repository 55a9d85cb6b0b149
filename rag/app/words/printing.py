"""Words of the command line (终端)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "print.question": Message("问", "Q"),
    "print.note": Message("注", "Note"),
    "print.lead": Message("可参考", "See perhaps"),
    "print.none": Message("（未写明）", "(not stated)"),
    "print.sources": Message("出处", "Sources"),
}
