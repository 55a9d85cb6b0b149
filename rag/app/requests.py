"""The JSON that callers send (请求数据). Fields may be added, never renamed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    JsonValue,
    StrictBool,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from rag.answering.conversation import MOST_BEFORE
from rag.app.strict import StrictModel
from rag.domain.access import Disclosure
from rag.domain.commitment import CommitmentQuery, CommitmentStatus
from rag.domain.document import Kind
from rag.domain.event import EventQuery
from rag.domain.filters import Filters
from rag.domain.obligation import DutyQuery
from rag.domain.sentence import SentenceFunction
from rag.store.browsing import Browse

_Fact = TypeVar("_Fact")


def _encodable(text: str) -> str:
    # JSON can spell half a character (a lone surrogate), which no text may hold.
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("not valid Unicode") from error
    return text


Words = Annotated[str, AfterValidator(_encodable)]
"""Text from a caller."""


def _number(value: object) -> object:
    # Text is converted where all is text, in addresses; JSON tells numbers, text and truth apart.
    if isinstance(value, str | bool):
        raise ValueError("not a number")  # noqa: TRY004 - a fault of the caller's, for pydantic to tell
    return value


Number = Annotated[int, BeforeValidator(_number)]
"""A whole number in JSON."""

_Year = Annotated[int, Field(ge=1900, le=2200)]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: object) -> object:
    # Otherwise 0 would be a day of 1970.
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written as in 2025-03-31")
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day in an address."""

_NOT_BLANK: dict[str, JsonValue] = {
    "minLength": 1,
    "maxLength": 2000,
    # What Python strips; in ECMA 262 a few of these are no blanks.
    "pattern": r"[^\s\u001c-\u001f\u0085]",
}
"""Said of a text in the description; the floors below hold it to that, with words for people."""

MOST_ROWS = 2**31 - 1
"""Largest number taken for a place in a list."""


class FilterBody(StrictModel):
    """Conditions on documents; all that are given must hold."""

    issuer: Words | None = Field(None, description="Part of the issuing organ's name (发文机关).")
    place: Words | None = Field(None, description="Part of the place's name (地区).")
    document_number: Words | None = Field(None, description="发文字号, in any bracket style.")
    kind: Kind | None = Field(None, description="Kind of document (文种).")
    year_from: Annotated[_Year, BeforeValidator(_number)] | None = Field(None, description="First year of issue.")
    year_to: Annotated[_Year, BeforeValidator(_number)] | None = Field(None, description="Last year of issue.")
    topic: Words | None = Field(None, description="Words in the title or a heading (主题).")
    source: Words | None = Field(None, description="Path of the file, or a folder above it.")

    def to_domain(self, beside: FilterBody | None = None) -> Filters:
        """Return the filters as the lower floors take them; those ``beside`` hold where these name none."""
        stated = {} if beside is None else beside.model_dump(exclude_none=True)
        return Filters(**stated | self.model_dump(exclude_none=True))


class FilterQuery(FilterBody):
    """The same in an address, where numbers are text."""

    year_from: _Year | None = Field(None, description="First year of issue.")
    year_to: _Year | None = Field(None, description="Last year of issue.")


_MOST_ITEMS = 1000


class ListQuery(FilterQuery):
    """Filters and paging of a list."""

    limit: int = Field(50, ge=1, le=_MOST_ITEMS, description="Most items wanted.")
    offset: int = Field(0, ge=0, le=MOST_ROWS, description="Items to skip.")

    def filter_body(self) -> FilterBody:
        """Return the filters alone."""
        return FilterBody(**self.model_dump(include=set(FilterBody.model_fields)))


class DocumentsQuery(ListQuery):
    """Which documents are listed."""

    q: Words = Field("", description="Words of title, 发文字号 or 发文机关, any part of them; empty for all.")
    disclosure: Disclosure | None = Field(None, description="Disclosure label (公开属性).")
    facets: bool = Field(default=False, description="Count all documents found by place, issuer, kind, year and label.")

    def to_browse(self) -> Browse:
        """Return what is looked for as the lower floors take it."""
        return Browse(self.q, self.filter_body().to_domain(), self.disclosure)


class FactQuery(ListQuery):
    """Words, filters, paging and format of a list of facts."""

    # A list of facts is counted and added up: nobody should miss the rest of one for want of asking.
    limit: int = Field(_MOST_ITEMS, ge=1, le=_MOST_ITEMS, description="Most items wanted.")
    q: Words = Field("", description="Words that each must hold; empty for all.")
    format: Literal["json", "csv", "xlsx"] = Field("json", description="csv and xlsx hold all, unless limit is given.")

    @property
    def most(self) -> int:
        """Most facts wanted: of an export all from ``offset`` on, unless ``limit`` is given."""
        is_export_of_all = self.format != "json" and "limit" not in self.model_fields_set
        return MOST_ROWS if is_export_of_all else self.limit

    def page_of(self, found: Sequence[_Fact]) -> Sequence[_Fact]:
        """Return those of the page asked for."""
        return found[self.offset : self.offset + self.most]


class DutiesQuery(FactQuery):
    """Which duties are wanted."""

    q: Words = Field("", description="Words of the task or the unit; empty for all.")
    agency: Words = Field("", description="A unit that leads or cooperates, under any of its names.")
    role: Literal["lead", "cooperating"] | None = Field(None, description="What that unit is to do.")
    sort: Annotated[str, Field(pattern=r"^-?(document|task|lead|place|date)$")] = Field(
        "document", description="Order of the list; with - before it the other way round."
    )

    def to_duty_query(self) -> DutyQuery:
        """Return the conditions on duties as the lower floors take them, but for those on the unit."""
        return DutyQuery(self.q)


class CommitmentsQuery(FactQuery):
    """Which commitments are wanted."""

    q: Words = Field("", description="Words of the commitment, its section or who makes it; empty for all.")
    status: CommitmentStatus | None = Field(None, description="How far it has come.")
    due_from: Day | None = Field(None, description="Due on this day or later.")
    due_to: Day | None = Field(None, description="Due on this day or before.")
    agency: Words = Field("", description="Who commits, under any of its names.")
    sort: Annotated[str, Field(pattern=r"^-?(document|text|status|actor|deadline|place|date)$")] = Field(
        "document", description="Order of the list; with - before it the other way round."
    )

    def to_commitment_query(self) -> CommitmentQuery:
        """Return the conditions on commitments as the lower floors take them, but for that on who commits."""
        return CommitmentQuery(self.status, self.due_from, self.due_to, self.q)


class EventsQuery(FactQuery):
    """Which events are wanted."""

    q: Words = Field("", description="Words of the event, its section or who acted; empty for all.")
    date_from: Day | None = Field(None, description="Some of it happened on this day or later.")
    date_to: Day | None = Field(None, description="Some of it happened on this day or before.")

    def to_event_query(self) -> EventQuery:
        """Return the conditions on events as the lower floors take them."""
        return EventQuery(self.date_from, self.date_to, self.q)


class PrecedentsQuery(ListQuery):
    """Which precedents are wanted."""

    q: Words = Field(
        description="What is to be said: a sentence or a few; at most 2,000 characters.",
        examples=["下一步将加强学校心理健康教育"],
        json_schema_extra=_NOT_BLANK,
    )
    function: SentenceFunction | None = Field(None, description="What the sentence is for (句子功能).")
    limit: int = Field(20, ge=1, le=100, description="Most sentences wanted.")
    occurrences: int = Field(20, ge=1, le=1000, description="Most places listed of each; count tells of all.")


class _Body(StrictModel):
    """What a caller sends as JSON; what may be left out may also be null, as many clients write what is not set."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value is not None or name not in cls.model_fields}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        described = handler.resolve_ref_schema(schema)
        for name, stated in described["properties"].items():
            if name not in described.get("required", ()):
                about = {key: stated.pop(key) for key in ("title", "description", "default") if key in stated}
                described["properties"][name] = {"anyOf": [stated, {"type": "null"}], **about}
        return schema


class AskBody(_Body):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "哪些部门牵头学生心理工作？", "filters": {"place": "云岫"}}]},
    )
    question: Words = Field(
        description="The question, in Chinese or English; at most 2,000 characters.", json_schema_extra=_NOT_BLANK
    )
    top_k: Number = Field(10, ge=1, le=100, description="Most citations wanted.")
    filters: FilterBody = FilterBody()
    history: list[Annotated[Words, Field(json_schema_extra=_NOT_BLANK)]] = Field(
        [],
        max_length=MOST_BEFORE,
        description="Your questions before this one, oldest first: a follow-up (那宜昌呢？) is made whole from them.",
    )


class BatchLine(_Body):
    """A line of ``rag ask --batch``; other fields are passed over."""

    model_config = ConfigDict(extra="ignore")
    id: Words | int
    question: Words
    history: list[Words] = Field([], max_length=MOST_BEFORE)


class SearchBody(_Body):
    """A search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "心理援助热线", "top_k": 5}]})
    query: Words = Field(description="Words to look for; at most 2,000 characters.", json_schema_extra=_NOT_BLANK)
    top_k: Number = Field(10, ge=1, le=200, description="Most passages wanted.")
    filters: FilterBody = FilterBody()
    clauses: StrictBool = Field(default=False, description="Give with each passage the whole clause that it stands in.")
