"""What a public body says it will do, has in view, or has done (承诺事项): commitments and their figures (数据).

A commitment is a sentence of a document's body, or a part of one, that is

- a **target** (目标): a state or level to be reached. Said with a date or a word of aim before a result (到2025年…基本建成,
  力争, 确保…达到, 争取在三年内), under a heading of aims (工作目标), or, in a plan, as a least level with a figure
  (每校至少配备2名, 不低于1:4000);
- **planned** (计划): an act that the issuer, or a body the sentence names, is going to do. Said with 将, 拟, 计划, 今年内,
  年底前, 下一步, 接下来, or in a section on what comes next (下一步工作);
- **done** (已完成): an act told as carried out, with a figure of what came of it. Told so by 已, 截至, 累计, 共, 完成 or 了, by
  a date in the past, or by a count of deeds (人次, 场次). A plan or target said to be fulfilled needs no figure.

No commitment: a task that a plan assigns to units without level or date (a duty, 职责); what a law or another body's
document asks of others; a state that no act is told of (现有医师243人); how many bodies signed something; 将 for 把
(将经费纳入预算) unless the issuer says it of itself in a plan; what a text says that has no issuer, in a sentence that
names no body either (a handbook, an article, an invoice): nobody could be held to it; wishes, thanks, labels of items (一是健全网络。).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.domain.span import Span


class Bound(StrEnum):
    """How a written number stands to the true one."""

    EXACT = "exact"
    ABOUT = "about"  # 近2000, 约20, 30余, 200多
    LEAST = "least"  # 至少1名, 不低于60%, 20个以上
    MOST = "most"  # 不超过3天, 5%以下
    RANGE = "range"  # 15至20名, 3—5年
    RATIO = "ratio"  # 1:4000


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit and what it counts (数据).

    Attributes:
        text: As written, layout blanks taken out (``2.48万人次``, ``不低于1:4000``).
        span: Where it stands.
        value: In ``unit``, multiples (万, 亿) worked out; a percentage as written (``57.2`` with unit ``%``); of a range
            the lower end, of a ratio the second part over the first (1:4000 is 4000).
        upper: The upper end of a range, else ``None``.
        unit: ``人次``, ``个``, ``万元`` is ``元``; ``""`` where none is written.
        bound: How the number is meant.
        counted: What is counted, as written beside it, or ``""``.
        scope: Where, as written before it in the sentence (全市), or ``""``.
        date: When, as written before it in the sentence (截至2024年底), or ``""``.
    """

    text: str
    span: Span
    value: float
    upper: float | None
    unit: str
    bound: Bound
    counted: str = ""
    scope: str = ""
    date: str = ""


class CommitmentStatus(StrEnum):
    """How far it has come."""

    DONE = "done"
    PLANNED = "planned"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class CommitmentQuery:
    """Conditions on commitments; ``None`` asks for nothing.

    Attributes:
        status: How far it has come.
        due_from: Due on this day or later; one without a date is left out.
        due_to: Due on this day or before; one without a date is left out.
        words: Separated by blanks. The commitment holds each: itself, in its headings, in the name of its actor (an
            agency is also found by another of its names) or in the title of its document.
        actors: Who commits is one of these, as written.
    """

    status: CommitmentStatus | None = None
    due_from: date | None = None
    due_to: date | None = None
    words: str = ""
    actors: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment (承诺事项).

    Attributes:
        span: The words that say it.
        text: Those words, layout blanks taken out.
        actor: Who does it: the body named as the subject, as written, else the issuer; ``None`` where neither is known.
        action: What is done or reached: the words without the date and the actor before them.
        status: Done, planned or target.
        deadline: The last day, ``None`` where no date is said or it cannot be told from the document's.
        deadline_text: The words the deadline was read from (``今年内``), as written, or ``None``.
        figures: The numbers in it, in order.
        section: Heading path.
        page: 1-based page, or ``None``.
    """

    span: Span
    text: str
    actor: str | None
    action: str
    status: CommitmentStatus
    deadline: date | None
    deadline_text: str | None
    figures: tuple[Figure, ...]
    section: tuple[str, ...]
    page: int | None = None
