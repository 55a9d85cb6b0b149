"""A loaded file to an official document (公文): the one way into ``rag.parsing``."""

from __future__ import annotations

from dataclasses import replace

from rag.domain.document import DOCUMENT_ID_DIGITS, Block, BlockRole, OfficialDocument
from rag.loaders import RawDocument
from rag.parsing.canonical import canonicalize
from rag.parsing.clauses import read_clauses
from rag.parsing.commitments import read_commitments
from rag.parsing.corrections import NONE, Corrections
from rag.parsing.duties import read_duties
from rag.parsing.elements import kind_of, read_elements
from rag.parsing.events import read_events
from rag.parsing.sheet import Sheet


def parse(raw: RawDocument, *, source: str, sha256: str, corrections: Corrections = NONE) -> OfficialDocument:
    """Parse a loaded file.

    Args:
        raw: The file's blocks.
        source: Path relative to the corpus folder, ``/`` between parts.
        sha256: Hash of the file's bytes, hex.
        corrections: Elements stated by hand, which stand in place of what is read.
    """
    canonical = canonicalize(raw)
    sheet = Sheet.of(canonical)
    elements, head = read_elements(sheet)
    elements = corrections.applied(elements)
    kind = corrections.kind or kind_of(elements.title, elements.proposal)
    clauses = read_clauses(sheet, head.end)
    commitments = read_commitments(sheet, head.end, clauses, kind, elements)
    return OfficialDocument(
        document_id=sha256[:DOCUMENT_ID_DIGITS],
        source=source,
        sha256=sha256,
        kind=kind,
        text=sheet.text,
        elements=elements,
        blocks=_blocks(sheet, head.end),
        clauses=clauses,
        duties=read_duties(sheet, head.end, clauses, kind),
        commitments=commitments,
        events=read_events(sheet, head.end, clauses, kind, elements, commitments),
        pages=raw.pages,
        reading=replace(raw.reading, media_type=raw.media_type.value, covered=canonical.covered),
        regions=sheet.regions,
        personal=canonical.personal,
    )


def _blocks(sheet: Sheet, head_end: int) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for number, line in enumerate(sheet.lines):
        if number in sheet.contents:
            role = BlockRole.CONTENTS
        elif number < head_end:
            role = BlockRole.HEAD
        elif number in sheet.foot:
            role = BlockRole.FOOT
        elif line.is_table_row:
            role = BlockRole.TABLE
        else:
            role = BlockRole.BODY
        blocks.append(Block(line.span, role, line.page))
    return tuple(blocks)
