"""Particulars (要素条件) that documents are counted and listed by, beside the filters that every read accepts."""

from __future__ import annotations

from dataclasses import dataclass, fields

from rag.domain.access import Disclosure
from rag.domain.document import ProposalBody


@dataclass(frozen=True, slots=True)
class Particulars:
    """Conditions on the elements and the words of documents; ``None`` or empty means no condition. All must hold.

    Attributes:
        issuer: 发文机关, by the end of its name: 市教育局 is 云岫市教育局, and 人民政府 not its 办公室.
        disclosure: Disclosure label (公开属性).
        proposal_body: Whose proposal a reply answers (政协提案, 人大建议).
        proposal_number: Its number, without leading zeros.
        reply_category: Class of a reply (答复类别), A to D.
        lead_unit: 主办单位, by any of its names.
        cooperating_unit: 协办单位, likewise.
        named: Words of which the title, or the title of the proposal answered, holds one of each group.
        mentioned: Words of which the text holds one of each group, in either script.
    """

    issuer: str | None = None
    disclosure: Disclosure | None = None
    proposal_body: ProposalBody | None = None
    proposal_number: str | None = None
    reply_category: str | None = None
    lead_unit: str | None = None
    cooperating_unit: str | None = None
    named: tuple[tuple[str, ...], ...] = ()
    mentioned: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no condition is given."""
        return all(getattr(self, field.name) in (None, ()) for field in fields(self))
