"""A draft (代拟稿) as a model writes it, cut into sentences with the evidence that each cites."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence of a draft.

    Attributes:
        text: Without its marks.
        citations: Numbers of evidence, in the order written.
    """

    text: str
    citations: tuple[int, ...]


NO_ANSWER = "证据不足"
"""What a model writes when the evidence does not answer."""

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_MARK = r"[\[【［]\s*(?:证据)?\s*\d{1,4}(?:\s*[,，、;；]\s*(?:证据)?\s*\d{1,4})*\s*[\]】］]"
_MARKS = re.compile(_MARK)
_DECORATION = re.compile(
    r"^\s*(?:[-*•·>#]+|\d{1,2}[.)、](?!\d)|（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、)\s*|\*\*|__|`"
)
# Up to a stop and the marks behind it; a stop inside brackets or quotes ends nothing that matters here.
_SENTENCE = re.compile(rf"[^。！？!?\n]*(?:[。！？!?]+[”’」』）)]*|\n|$)(?:[ \t]*(?:{_MARK}))*")


def read_draft(text: str) -> list[DraftSentence]:
    """Cut a draft into sentences; what a model thinks aloud is left out, and so are decorations.

    Returns:
        None at all for a draft that says that the evidence does not answer.
    """
    said = _THOUGHTS.sub("", text).strip()
    if NO_ANSWER in said and len(said) <= 4 * len(NO_ANSWER):
        return []
    found: list[DraftSentence] = []
    for match in _SENTENCE.finditer(said):
        numbers = [int(n) for mark in _MARKS.findall(match[0]) for n in re.findall(r"\d+", mark)]
        words = _DECORATION.sub("", _MARKS.sub("", match[0]).strip()).strip()
        # A mark alone on its line belongs to the sentence before it.
        if numbers and not re.search(r"\w", words) and found:
            before = found.pop()
            found.append(DraftSentence(before.text, tuple(dict.fromkeys((*before.citations, *numbers)))))
        elif re.search(r"\w", words):
            found.append(DraftSentence(words, tuple(dict.fromkeys(numbers))))
    return found
