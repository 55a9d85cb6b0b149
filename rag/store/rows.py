"""Domain objects to and from rows.

What is only ever read whole is kept as JSON through pydantic, so that a new field with a default needs
no migration; what is filtered or joined on has a column of its own.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise

from pydantic import TypeAdapter

from rag.domain.access import Disclosure
from rag.domain.document import Block, DocumentSummary, Elements, Kind, OfficialDocument
from rag.domain.layout import Box, Region
from rag.domain.obligation import Duty
from rag.domain.passage import Clause, Passage
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.store.conditions import issuer_keys, place_keys
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, squeeze

elements_json: TypeAdapter[Elements] = TypeAdapter(Elements)
blocks_json: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Block, ...])
clauses_json: TypeAdapter[tuple[Clause, ...]] = TypeAdapter(tuple[Clause, ...])
reading_json: TypeAdapter[Reading] = TypeAdapter(Reading)
duty_json: TypeAdapter[Duty] = TypeAdapter(Duty)

DOCUMENT_COLUMNS = (
    "document_id", "sha256", "kind", "disclosure", "title", "document_number", "issuer", "place", "issued_on",
    "printed_on", "pages", "year", "number_key", "issuer_key", "place_key", "topic_key",
)  # fmt: skip

SUMMARY_COLUMNS = (
    "d.document_id, (SELECT min(source) FROM sources WHERE document = d.id), d.title, d.document_number,"
    " d.issuer, d.place, d.kind, d.issued_on, d.printed_on, d.disclosure"
)

PASSAGE_COLUMNS = 'p.id, d.document_id, p.ordinal, p.start, p."end", p.section, p.page, p.text'

SummaryRow = tuple[str, str, str | None, str | None, str | None, str | None, str, str | None, str | None, str]
PassageRow = tuple[int, str, int, int, int, str, int | None, str]


def summary_from(row: SummaryRow) -> DocumentSummary:
    """Read ``SUMMARY_COLUMNS``."""
    document_id, source, title, number, issuer, place, kind, issued_on, printed_on, disclosure = row
    return DocumentSummary(
        document_id=document_id,
        source=source,
        title=title,
        document_number=number,
        issuer=issuer,
        place=place,
        kind=Kind(kind),
        issued_on=date.fromisoformat(issued_on) if issued_on else None,
        printed_on=date.fromisoformat(printed_on) if printed_on else None,
        disclosure=Disclosure(disclosure),
    )


def passage_from(row: PassageRow) -> Passage:
    """Read ``PASSAGE_COLUMNS``."""
    _, document_id, ordinal, start, end, section, page, text = row
    return Passage(
        passage_id=f"{document_id}-{ordinal}",
        document_id=document_id,
        ordinal=ordinal,
        span=Span(start, end),
        section=tuple(json.loads(section)),
        page=page,
        text=text,
    )


def regions_blob(regions: Sequence[Region]) -> bytes:
    """Return regions as compressed JSON: a list of whole numbers each, places in tenths of a point.

    They are start, end, page; the four sides of the box; the first edge and the width of each character.
    """
    if not regions:
        return b""
    rows: list[list[int]] = []
    for region in regions:
        row = [region.span.start, region.span.end, region.page]
        if (box := region.box) is not None:
            row += [round(10 * side) for side in (box.left, box.top, box.right, box.bottom)]
            edges = [round(10 * edge) for edge in region.edges]
            row += [*edges[:1], *(right - left for left, right in pairwise(edges))]
        rows.append(row)
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 1)


def regions_from(blob: bytes) -> tuple[Region, ...]:
    """Read ``regions_blob``."""
    found: list[Region] = []
    for start, end, page, *places in json.loads(zlib.decompress(blob)) if blob else ():
        box = Box(*(side / 10 for side in places[:4])) if places else None
        edges = tuple(edge / 10 for edge in accumulate(places[4:]))
        found.append(Region(Span(start, end), page, box, edges))
    return tuple(found)


def document_values(document: OfficialDocument) -> tuple[str | int | None, ...]:
    """Return the values of ``DOCUMENT_COLUMNS``."""
    elements = document.elements
    issuers = [key for name in (elements.issuer, *elements.co_issuers) for key in issuer_keys(name) or ()]
    places = place_keys(elements.place) or ()
    headings = [clause.heading.of(document.text) for clause in document.clauses]
    return (
        document.document_id,
        document.sha256,
        document.kind.value,
        elements.disclosure.value,
        elements.title,
        elements.document_number,
        elements.issuer,
        elements.place,
        elements.issued_on.isoformat() if elements.issued_on else None,
        elements.printed_on.isoformat() if elements.printed_on else None,
        document.pages,
        year_of_issue(elements),
        normalize_document_number(elements.document_number) if elements.document_number else None,
        "\n".join(issuers) or None,
        "\n".join(places) or None,
        "\n".join(squeeze(fold(line)) for line in (elements.title or "", *headings)),
    )


def year_of_issue(elements: Elements) -> int | None:
    """Return the year of 成文日期, else of 印发日期, else the one inside the 发文字号."""
    issued = elements.issued_on or elements.printed_on
    if issued is not None:
        return issued.year
    match = DOCUMENT_NUMBER.search(squeeze(elements.document_number or ""))
    return int(match["year"]) if match else None


def passage_values(title: str | None, passage: Passage) -> tuple[int, int, int, int, int | None, str, str]:
    """Return ordinal, fingerprint, start, end, page, section and text."""
    return (
        passage.ordinal,
        fingerprint(title, passage.section, passage.text),
        passage.span.start,
        passage.span.end,
        passage.page,
        json.dumps(passage.section, ensure_ascii=False),
        passage.text,
    )


def fingerprint(title: str | None, section: tuple[str, ...], text: str) -> int:
    """Return a signed 64-bit hash of all that the indexes take in of a passage."""
    content = "\x1f".join((title or "", *section, text))
    return int.from_bytes(hashlib.blake2b(content.encode(), digest_size=8).digest(), "big", signed=True)
