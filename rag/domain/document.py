"""An official document (公文) and its elements under GB/T 9704-2012."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rag.domain.access import Disclosure
from rag.domain.commitment import Commitment
from rag.domain.event import Event
from rag.domain.layout import Region
from rag.domain.obligation import Duty
from rag.domain.passage import Clause
from rag.domain.personal import PersonalData
from rag.domain.reading import Reading
from rag.domain.span import Span

DOCUMENT_ID_DIGITS = 16
"""A document's id is so many hexadecimal digits of the hash of its file."""


class Kind(StrEnum):
    """Kind of document (文种), as filters name it."""

    REPLY = "reply"  # 建议提案答复、复函
    PLAN = "plan"  # 实施方案、规划、计划
    NOTICE = "notice"  # 通知、通告、公告
    REPORT = "report"  # 报告、总结
    LAW = "law"  # 法律、法规、规章、办法
    OTHER = "other"


class ProposalBody(StrEnum):
    """The body whose proposal (提案、建议) a reply answers."""

    CPPCC = "cppcc"  # 政协提案
    NPC = "npc"  # 人大建议


@dataclass(frozen=True, slots=True)
class Proposal:
    """The proposal (提案) or suggestion (建议) that a reply answers.

    Attributes:
        body: 政协 or 人大.
        session: Session as written without spaces, e.g. ``六届四次会议``.
        number: Number as written, e.g. ``454`` or ``0018``.
        title: Title without 《》.
    """

    body: ProposalBody
    session: str | None = None
    number: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Elements:
    """Elements of a document (公文格式要素). What is not in the text is ``None`` or empty, never guessed.

    ``spans`` maps an element's name to where it stands; a listed element has one span an item,
    and a part of the proposal is named ``proposal.number`` and so on. Values are the spanned words
    with layout spaces taken out (a date becomes a date).

    Attributes:
        title: 标题.
        document_number: 发文字号 as written.
        issuer: 发文机关; of several, the one that leads (主办机关).
        co_issuers: The other organs of a joint document (联合行文).
        place: 地区, the place name that the issuer's name opens with.
        reply_category: Class of a reply (答复类别), A to D; its meaning differs by place.
        proposal: What a reply answers.
        addressees: 主送机关 or the person addressed.
        cc: 抄送机关.
        signatory: 签发人; the names of several have a blank between them.
        issued_on: 成文日期.
        printed_on: 印发日期.
        disclosure: 公开属性.
        attachments: 附件说明, titles as listed.
        lead_unit: 主办单位.
        cooperating_units: 协办单位.
        corrected: Names of the elements that were stated by hand (and ``kind``), not read from the text.
    """

    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    co_issuers: tuple[str, ...] = ()
    place: str | None = None
    reply_category: str | None = None
    proposal: Proposal | None = None
    addressees: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    signatory: str | None = None
    issued_on: date | None = None
    printed_on: date | None = None
    disclosure: Disclosure = Disclosure.UNLABELLED
    attachments: tuple[str, ...] = ()
    lead_unit: str | None = None
    cooperating_units: tuple[str, ...] = ()
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    corrected: tuple[str, ...] = ()


class BlockRole(StrEnum):
    """What a block of canonical text is for."""

    HEAD = "head"  # 版头、标题、主送: elements above the body
    CONTENTS = "contents"  # 目录: says again what the headings below say
    BODY = "body"  # 正文
    TABLE = "table"  # 表格行
    FOOT = "foot"  # 落款、附注、版记、联系方式: elements below the body


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or table row of canonical text.

    Attributes:
        span: Where it stands, without its line end.
        role: What it is for.
        page: 1-based page it starts on, ``None`` where the format has no pages.
    """

    span: Span
    role: BlockRole = BlockRole.BODY
    page: int | None = None


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A parsed document (公文).

    Attributes:
        document_id: First 16 hex digits of ``sha256``; the same bytes have the same id anywhere.
        source: Path relative to the corpus folder, ``/`` between parts.
        sha256: Hash of the file's bytes, hex.
        text: Canonical text (规范文本); every offset in the product points into it.
        blocks: Paragraphs in reading order; they cover all but line ends.
        clauses: The clause tree, each parent before its children.
        pages: Number of pages, ``None`` where the format has none.
        reading: How the file was read.
        regions: Where the words stand on the pages, by span; empty for a format without pages. Long, and needed
            only to show a page: a document read back from the catalog comes without, ``Catalog.regions`` has them.
        personal: The words masked in ``text`` (个人信息); of a document read back, only where the scope allows, and
            then ``text`` has them too.
    """

    document_id: str
    source: str
    sha256: str
    kind: Kind
    text: str
    elements: Elements
    blocks: tuple[Block, ...]
    clauses: tuple[Clause, ...]
    duties: tuple[Duty, ...]
    pages: int | None = None
    reading: Reading = field(default_factory=Reading)
    commitments: tuple[Commitment, ...] = ()
    events: tuple[Event, ...] = ()
    regions: tuple[Region, ...] = ()
    personal: tuple[PersonalData, ...] = ()

    @property
    def summary(self) -> DocumentSummary:
        """What a citation or a list says about it."""
        return DocumentSummary(
            self.document_id,
            self.source,
            self.elements.title,
            self.elements.document_number,
            self.elements.issuer,
            self.elements.place,
            self.kind,
            self.elements.issued_on,
            self.elements.printed_on,
            self.elements.disclosure,
        )

    def page_of(self, span: Span) -> int | None:
        """Return the page on which the first paragraph of ``span`` begins, ``None`` where the format has none."""
        return next((block.page for block in self.blocks if block.span.overlaps(span)), None)


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """What a hit, a citation or a list says about its document.

    Attributes:
        source: The first of the document's sources in name order.
    """

    document_id: str
    source: str
    title: str | None
    document_number: str | None
    issuer: str | None
    place: str | None
    kind: Kind
    issued_on: date | None
    printed_on: date | None
    disclosure: Disclosure
