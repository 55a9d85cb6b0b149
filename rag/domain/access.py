"""Who may read what (公开属性): disclosure labels, and the scope that every read must name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Disclosure(StrEnum):
    """A document's disclosure label (公开属性; 政府信息公开条例).

    A document without a label is ``UNLABELLED`` and is treated as restricted.
    """

    PUBLIC = "public"  # 主动公开
    ON_REQUEST = "on_request"  # 依申请公开
    INTERNAL = "internal"  # 不予公开 / 免予公开
    UNLABELLED = "unlabelled"  # 未标注


@dataclass(frozen=True, slots=True)
class Scope:
    """The disclosure labels a caller may see. Reads deny whatever is not named here.

    Attributes:
        disclosures: The labels.
        personal_data: Whether personal data (个人信息) is shown; else it is masked, for the operator too. See
            ``rag.domain.personal``.
    """

    disclosures: frozenset[Disclosure]
    personal_data: bool = False

    @classmethod
    def everything(cls, *, personal_data: bool = False) -> Scope:
        """Return the scope of the local operator."""
        return cls(frozenset(Disclosure), personal_data)

    @classmethod
    def public(cls) -> Scope:
        """Return the scope of a caller without a key."""
        return cls(frozenset({Disclosure.PUBLIC}))

    @property
    def is_unrestricted(self) -> bool:
        """Whether this scope admits every label."""
        return self.disclosures == frozenset(Disclosure)

    def admits(self, disclosure: Disclosure) -> bool:
        """Tell whether a document with this label may be read."""
        return disclosure in self.disclosures
