"""What fits on a line: whether one goes on with the line above, because there was no more room there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.loaders.layout.lines import Line

STOPS = "。；：！？"
_FULL = 2.0  # heights of the type
_MOST_TAKEN_ALONG = 3
_CLOSING = "，。、；：！？）〕】》”’…,.;:!?)]"
_OPENING, _QUOTES = "（〔【《“‘([", ("“", "‘", '"')
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,%/:_-]*")


def room_needed(line: Line) -> float:
    """Return how much room the beginning of a line would have needed on the line above, beyond one character."""
    if token := _TOKEN.match(line.text):
        end = min(token.end(), len(line.edges) - 1)
        return max(0.0, (line.edges[end] - line.left) / line.size - 0.5)
    rest = line.text.lstrip(_OPENING)[1:]
    taken = len(line.text) - len(rest) - 1 + len(rest) - len(rest.lstrip(_CLOSING))
    if rest.startswith(_QUOTES):  # which some programs bind to the word before as well as to that after
        taken += 2
    return float(min(taken, _MOST_TAKEN_ALONG))


def continued_lefts(lines: Sequence[Line], right: float) -> list[float]:
    """Return the left edges of the lines whose sentence begins on the line above, which reaches ``right``."""
    return [
        below.left
        for above, below in pairwise(lines)
        if right - above.right < _FULL * above.size and above.text[-1] not in STOPS
    ]
