"""An answer as a Word document (导出回答), in the form of GB/T 9704-2012 with its sources as footnotes."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.app.words.catalogue import Texts
from rag.app.writing.draft import Draft, Paragraph, Passage, Source, Table
from rag.app.writing.gongwen import as_docx
from rag.domain.answer import Answer, Citation


def answer_docx(answer: Answer, texts: Texts) -> bytes:
    """Return an answer as DOCX: the question as title, the statements, the duties, the words cited."""
    sources = {citation.id: _source(citation) for citation in answer.citations}

    def cited(ids: tuple[int, ...]) -> tuple[Source, ...]:
        return tuple(dict.fromkeys(sources[i] for i in ids))

    parts: list[Paragraph | Table] = [Paragraph.of(s.text, *cited(s.citations)) for s in answer.statements]
    if not answer.statements:
        parts.append(Paragraph.of(answer.text))
    if answer.duties:
        parts.append(Paragraph.of(texts("answer.duties"), level=1))
        rows = (
            (
                Passage(duty.task, cited(duty.citations)),
                Passage(texts("list.separator").join(duty.lead) or texts("answer.none")),
                Passage(texts("list.separator").join(duty.cooperating)),
            )
            for duty in answer.duties
        )
        parts.append(Table((texts("answer.task"), texts("answer.lead"), texts("answer.cooperating")), tuple(rows)))
    if answer.comparison:
        parts.append(Paragraph.of(texts("answer.comparison"), level=1))
        compared = (
            (Passage(row.place or ""), Passage(str(row.year or "")), Passage(row.text, cited(row.citations)))
            for row in answer.comparison
        )
        parts.append(Table((texts("documents.place"), texts("answer.year"), texts("answer.content")), tuple(compared)))
    if answer.citations:
        parts.append(Paragraph.of(texts("answer.quotes"), level=1))
        parts += [Paragraph.of(f"“{c.quote}”", sources[c.id]) for c in answer.citations]
    draft = Draft(answer.interpreted or answer.question, tuple(parts), sources_heading=texts("answer.citations"))
    return as_docx(draft, written_at=datetime.now(UTC))


def _source(citation: Citation) -> Source:
    document = citation.document
    return Source(
        document.title or document.source,
        document.document_number,
        document.issued_on,
        document.issuer,
        is_titled=document.title is not None,
    )
