"""The JSON that callers send (请求数据). Fields may be added, never renamed."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from rag.answering.conversation import MOST_BEFORE
from rag.app.strict import StrictModel
from rag.domain.document import Kind
from rag.domain.filters import Filters


def _encodable(text: str) -> str:
    # JSON can spell half a character (a lone surrogate), which no text may hold.
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("not valid Unicode") from error
    return text


Words = Annotated[str, AfterValidator(_encodable)]
"""Text from a caller."""

MOST_ROWS = 2**31 - 1
"""Largest number taken for a place in a list."""


class FilterBody(StrictModel):
    """Conditions on documents; all that are given must hold."""

    issuer: Words | None = Field(None, description="Part of the issuing organ's name (发文机关).")
    place: Words | None = Field(None, description="Part of the place's name (地区).")
    document_number: Words | None = Field(None, description="发文字号, in any bracket style.")
    kind: Kind | None = Field(None, description="Kind of document (文种).")
    year_from: int | None = Field(None, ge=1900, le=2200, description="First year of issue.")
    year_to: int | None = Field(None, ge=1900, le=2200, description="Last year of issue.")
    topic: Words | None = Field(None, description="Words in the title or a heading (主题).")
    source: Words | None = Field(None, description="Path of the file, or a folder above it.")

    def to_domain(self) -> Filters:
        """Return the filters as the lower floors take them."""
        return Filters(**self.model_dump())


class AskBody(StrictModel):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "哪些部门牵头学生心理工作？", "filters": {"place": "云岫"}}]},
    )
    question: Words = Field(description="The question, in Chinese or English; at most 2,000 characters.")
    top_k: int = Field(10, ge=1, le=100, description="Most citations wanted.")
    filters: FilterBody = FilterBody()
    history: list[Words] = Field(
        [],
        max_length=MOST_BEFORE,
        description="Your questions before this one, oldest first: a follow-up (那宜昌呢？) is made whole from them.",
    )


class BatchLine(StrictModel):
    """A line of ``rag ask --batch``; other fields are passed over."""

    model_config = ConfigDict(extra="ignore")
    id: Words | int
    question: Words
    history: list[Words] = Field([], max_length=MOST_BEFORE)


class SearchBody(StrictModel):
    """A search."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "心理援助热线", "top_k": 5}]})
    query: Words = Field(description="Words to look for; at most 2,000 characters.")
    top_k: int = Field(10, ge=1, le=200, description="Most passages wanted.")
    filters: FilterBody = FilterBody()
    clauses: bool = Field(default=False, description="Give with each passage the whole clause that it stands in.")
