"""Characters that a file for the desk may carry (可用字符). Text of documents is not ours, and is not trusted."""

from __future__ import annotations

import re

# What XML 1.0 cannot carry, C1 controls, and marks that turn the direction of what follows (UAX #9): with them a line can be
# made to read otherwise than it is stored.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def printable(text: str) -> str:
    """Return ``text`` without characters that XML cannot carry, controls, and marks that turn its direction."""
    return _UNFIT.sub("", text)


def one_line(text: str) -> str:
    """Return ``printable`` text on one line, each run of blanks one blank."""
    return " ".join(printable(text).split())
