"""Personal data (个人信息) in a document, and the one rule by which it is shown or masked.

The rule. A document's text is stored with every character of personal data replaced by one ＊ (U+FF0A), and indexes,
passages, answers, lists, exports and logs are made from that text: what is not there cannot leak. The words
themselves stand beside it with their spans, and a read puts them back where its scope allows
(``Scope.personal_data``). A mask is as long as what it covers, so every offset holds for every reader, and
``text[start:end] == quote`` is true within each scope. Blanks, dashes and brackets between the characters stay.

Sources: 个人信息保护法, articles 28 and 51; 政府信息公开条例, article 15.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.domain.span import Span

MASK = "＊"

_KEPT = frozenset("-－—–−、，,；;/（）()+＋")


class PersonalKind(StrEnum):
    """What kind of personal data it is."""

    NAME = "name"  # 联系人姓名
    PHONE = "phone"  # 电话、手机
    IDENTITY = "identity"  # 居民身份证号码、护照号
    ADDRESS = "address"  # 家庭住址
    EMAIL = "email"  # 个人电子邮箱
    BANK_CARD = "bank_card"  # 银行卡号


@dataclass(frozen=True, slots=True, order=True)
class PersonalData:
    """Words of a document that are somebody's own.

    Attributes:
        span: Where they stand in the canonical text.
        kind: What they are.
        words: As the file has them; as long as ``span``.
    """

    span: Span
    kind: PersonalKind
    words: str

    @property
    def masked(self) -> str:
        """What stands in the stored text in their place, as long as they are."""
        return "".join(c if c.isspace() or c in _KEPT else MASK for c in self.words)


def masked(text: str, found: Iterable[PersonalData]) -> str:
    """Return ``text``, of the same length, with what was found in it masked."""
    return _put(text, ((data.span, data.masked) for data in found))


def revealed(text: str, found: Sequence[PersonalData], *, start: int = 0) -> str:
    """Return a stretch of a stored text with the masked words put back.

    Args:
        text: The stretch.
        found: Personal data of the document; what lies outside the stretch is passed over.
        start: Where the stretch begins in the document's text.
    """
    pieces = []
    for data in found:
        first, last = max(data.span.start, start), min(data.span.end, start + len(text))
        if first < last:
            words = data.words[first - data.span.start : last - data.span.start]
            pieces.append((Span(first - start, last - start), words))
    return _put(text, pieces)


def _put(text: str, pieces: Iterable[tuple[Span, str]]) -> str:
    characters: list[str] | None = None
    for span, words in pieces:
        characters = characters or list(text)
        characters[span.start : span.end] = words
    return text if characters is None else "".join(characters)
