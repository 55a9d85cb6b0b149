"""Who has to do what (职责分工): brackets 〔X牵头，Y按职责分工负责〕, statements X负责…, and 主办/协办 lines.

A unit must be written like an agency; a list that is not made of such names gives no duty at all, because a
wrong department is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.domain.document import Kind
from rag.domain.obligation import Duty, DutyForm
from rag.domain.passage import Clause
from rag.domain.span import Span
from rag.parsing.agencies import normalize
from rag.parsing.clause_finder import ClauseFinder, Place
from rag.parsing.markers import leading_marker
from rag.parsing.responsibility import Units, read_bracket, read_statements
from rag.parsing.sheet import Sheet, value_of
from rag.text import sentences

_WORDS = re.compile(
    r"牵头|负责|责任|主办|协办|承办|配合|会同|部门|承担|将[^。；\n]{2,60}纳入|职责|(?i:lead|responsible|support)[a-z ]{0,24}[:：]"
)
_BRACKET_WORDS = re.compile(
    r"牵头|负责|责任单位|责任部门|责任主体|主责|主办|协办|承办|配合|落实|(?i:lead|responsible|support)[a-z ]{0,24}[:：]"
)
_LONGEST_BRACKET = 600
_LEAST_TASK = 2
"""Characters; 基础类 and 老年人 are titles of tasks."""


def read_duties(sheet: Sheet, head_end: int, clauses: Sequence[Clause], kind: Kind) -> tuple[Duty, ...]:
    """Read the duties of a document in the order in which its units are named."""
    found = list(_handling(sheet))
    if _WORDS.search(sheet.plain):
        places = ClauseFinder(sheet, clauses)
        for number in range(head_end, len(sheet.lines)):
            line = sheet.lines[number]
            if (
                number in sheet.foot
                or number in sheet.contents
                or line.is_table_row
                or not _WORDS.search(sheet.words(number))
            ):
                continue
            brackets = list(_brackets(sheet, line.span))
            found.extend(_bracketed(sheet, line.span, brackets, places))
            found.extend(_stated(sheet, line.span, brackets, places, kind))
        found.extend(_listed(sheet, head_end, places))
        found.extend(_tabled(sheet, head_end, places))
    found.sort(key=lambda duty: (duty.span.start, duty.task_span.start))
    return tuple(found)


# --------------------------------------------------------------------------------------- brackets

_OPENING = "〔（(【[［"
_CLOSING = "〕）)】]］"
_ANY_BRACKET = re.compile(rf"[{re.escape(_OPENING + _CLOSING)}]")


def _brackets(sheet: Sheet, paragraph: Span) -> Iterator[Span]:
    """Yield the outermost brackets of a paragraph that speak of responsibility, brackets included.

    A bracket that is never closed, or too long, is passed over, and what stands inside it is read.
    """
    opened: list[int] = []
    closed: list[Span] = []
    for match in _ANY_BRACKET.finditer(sheet.plain, paragraph.start, paragraph.end):
        if match[0] in _OPENING:
            opened.append(match.start())
        elif opened and match.end() - (start := opened.pop()) <= _LONGEST_BRACKET:
            closed.append(Span(start, match.end()))
    end = paragraph.start
    for span in sorted(closed):
        if span.start >= end:
            end = span.end
            if _BRACKET_WORDS.search(sheet.plain, span.start, span.end):
                yield span


def _bracketed(sheet: Sheet, paragraph: Span, brackets: list[Span], places: ClauseFinder) -> Iterator[Duty]:
    start = paragraph.start
    for bracket in brackets:
        units = read_bracket(sheet.plain, Span(bracket.start + 1, bracket.end - 1))
        if units is None:
            continue
        place = places.at(bracket.start)
        task = _task(sheet, Span(start, bracket.start), place, paragraph, places)
        start = bracket.end
        if task is not None and len(task) >= _LEAST_TASK:
            yield _duty(sheet, task, bracket, units, place.section, DutyForm.BRACKET)


_LABEL_CHARACTERS = 26
_TASK_CHARACTERS = 80
# A label begins with what is to be done, not with who, when or why.
_NO_LABEL = re.compile(r"各|我|本|为|按|到|在|对|根据|依托|通过|市|县|区|全|以|结合|针对|围绕|20\d\d|鼓励.{12}")
_ADVERBIAL = re.compile(
    r"(?:依托|通过|按照|根据|围绕|结合|针对|为|以|在|对于|坚持|依据|充分利用|充分发挥|借助|利用)[^，。；]{3,80}[，,]"
)
_CLAUSE_MARK = re.compile(r"[，,；;]")
_ENUMERATION = re.compile(r"^(?:[一二三四五六七八九十]{1,2}是|[一二三四五六七八九十]{1,2}要)")


def _task(sheet: Sheet, before: Span, place: Place, paragraph: Span, places: ClauseFinder) -> Span | None:
    """Choose the words that say what is to be done, out of the text in front of the bracket."""
    body = sheet.trimmed(before.start, before.end)
    # Inside 一是…。〔…〕二是…。〔…〕 the text since the last bracket is the task's; inside one item, the item's.
    if place.clause is not None and before.start < place.clause.span.start < before.end:
        body = sheet.trimmed(place.clause.span.start, before.end)
    parts = sentences(sheet.plain, body) if len(body) else []
    if parts:
        first = _without_number(sheet, parts[0])
        words = first.of(sheet.plain)
        is_label = len(words) <= _LABEL_CHARACTERS and not _CLAUSE_MARK.search(words) and len(parts) > 1
        if is_label and not _NO_LABEL.match(words):
            return first
        if place.clause is not None and places.is_only_body(place.clause, paragraph):
            return _title(sheet, place.clause)
        if is_label and leading_marker(parts[0].of(sheet.plain)) is not None:
            return first
        return _cut(sheet, first)
    if place.clause is not None:
        return _title(sheet, place.clause)
    return None


_BULLETS = " \t\u3000•·●▪◆*"


def _without_number(sheet: Sheet, sentence: Span) -> Span:
    sentence = Span(sheet.trimmed(sentence.start, sentence.end, _BULLETS).start, sentence.end)
    words = sentence.of(sheet.plain)
    marker = leading_marker(words)
    start = sentence.start + (marker.end if marker else 0)
    if match := _ENUMERATION.match(sheet.plain[start : start + 4]):
        start += match.end()
    return sheet.trimmed(start, sentence.end, " \t\u3000\n。；;！：:，,")


def _title(sheet: Sheet, clause: Clause) -> Span | None:
    title = _without_number(sheet, clause.heading)
    return title if len(title) >= 2 else None


def _cut(sheet: Sheet, sentence: Span) -> Span | None:
    words = sentence.of(sheet.plain)
    start = 0
    if (adverbial := _ADVERBIAL.match(words)) and len(words) - adverbial.end() >= 10:
        start = adverbial.end()
    end = len(words)
    if end - start > _TASK_CHARACTERS:
        marks = [m.start() for m in _CLAUSE_MARK.finditer(words, start + 10, start + _TASK_CHARACTERS)]
        end = marks[-1] if marks else start + _TASK_CHARACTERS
    return sheet.trimmed(sentence.start + start, sentence.start + end) if end > start else None


# --------------------------------------------------------------------------------------- statements


def _stated(sheet: Sheet, paragraph: Span, brackets: list[Span], places: ClauseFinder, kind: Kind) -> Iterator[Duty]:
    marker = leading_marker(sheet.plain[paragraph.start : paragraph.start + 12])
    start = paragraph.start + (marker.end if marker else 0)
    for sentence in sentences(sheet.plain, Span(start, paragraph.end)):
        if len(sentence) > _LONGEST_BRACKET or not _WORDS.search(sheet.plain, sentence.start, sentence.end):
            continue
        if any(bracket.start <= sentence.start < bracket.end for bracket in brackets):
            continue
        end = min((b.start for b in brackets if sentence.start < b.start < sentence.end), default=sentence.end)
        statements = read_statements(
            sheet.plain, sheet.trimmed(sentence.start, end), orders=kind not in (Kind.REPLY, Kind.REPORT, Kind.OTHER)
        )
        for position, statement in enumerate(statements):
            task = sheet.trimmed(statement.task.start, statement.task.end, " \t\u3000\n。；;，,：:")
            place = places.at(statement.start)
            if len(task) < _LEAST_TASK:
                # X牵头，Y共同推进。 leaves the task to the title above it.
                title = (
                    _title(sheet, place.clause) if place.clause is not None and statement.units.cooperating else None
                )
                if title is None:
                    continue
                task = title
            last = position == len(statements) - 1
            span = sheet.trimmed(
                sentence.start if position == 0 else statement.start, end if last else statement.task.end
            )
            yield _duty(sheet, task, span, statement.units, place.section, DutyForm.STATEMENT)


# ------------------------------------------------------------------------------------------- lists

_LABELLED_LINE = re.compile(
    r"(?P<bullet>[ \t\u3000]*(?:[-*•·●▪◆–][ \t\u3000]*)?(?:\*\*)?)(?:(?P<leads>牵头|责任|主办|主责|负责|承办|实施)?(?:配合|协办|参与|协同|协助)?(?:单位|部门|主体)|(?i:lead|responsible|support|cooperating)[a-z ]{0,24})[ \t\u3000]*[:：]"
)


def _behind_bullet(line: Span, words: str) -> Span:
    match = _LABELLED_LINE.match(words)
    return Span(line.start + (match.end("bullet") if match else 0), line.end)


def _listed(sheet: Sheet, head_end: int, places: ClauseFinder) -> Iterator[Duty]:
    """Read 责任单位：X and 配合单位：Y that stand on lines of their own under the paragraph of their task."""
    number = head_end
    while number < len(sheet.lines):
        first = number
        while number < len(sheet.lines) and number not in sheet.foot and _LABELLED_LINE.match(sheet.words(number)):
            number += 1
        if number == first:
            number += 1
            continue
        lines = sheet.lines[first:number]
        read = [
            read_bracket(sheet.plain, _behind_bullet(line.span, sheet.words(n))) for n, line in enumerate(lines, first)
        ]
        if first == head_end or any(units is None for units in read):
            continue
        known = [units for units in read if units is not None]
        units = Units(
            tuple(unit for part in known for unit in part.lead),
            tuple(unit for part in known for unit in part.cooperating),
        )
        paragraph = sheet.lines[first - 1].span
        place = places.at(paragraph.start)
        task = _task(sheet, paragraph, place, paragraph, places)
        if task is not None and len(task) >= _LEAST_TASK:
            span = Span(lines[0].span.start, lines[-1].span.end)
            yield _duty(sheet, task, span, units, place.section, DutyForm.BRACKET)


# ------------------------------------------------------------------------------------------ tables

_TASK_COLUMN = re.compile(
    r"(?:重点|主要|具体)?(?:工作)?(?:任务|内容|事项|措施|举措|项目|目标任务|目标)(?:名称|内容|及.{1,6})?|任务分工"
)
_LEAD_COLUMN = re.compile(r"(?:牵头|主办|主责|责任|负责)(?:单位|部门|科室)?(?:及.{1,6})?")
_COOPERATING_COLUMN = re.compile(r"(?:配合|协办|参与|协同|会办|协助)(?:单位|部门)?")


def _tabled(sheet: Sheet, head_end: int, places: ClauseFinder) -> Iterator[Duty]:
    """Read tables with a column of tasks and one of 牵头单位 or 责任单位."""
    columns: tuple[int, int, int | None] | None = None
    for number in range(head_end, len(sheet.lines)):
        line = sheet.lines[number]
        if not line.is_table_row:
            columns = None
            continue
        cells = _cells(sheet, line.span)
        names = ["".join(cell.of(sheet.plain).split()) for cell in cells]
        header = _columns(names)
        if header is not None:
            columns = header
        elif columns is not None and number not in sheet.foot and max(columns[:2]) < len(cells):
            task, lead, cooperating = columns
            has_cooperating = cooperating is not None and cooperating < len(cells)  # empty cells at the end are cut
            units = _cell_units(sheet, cells[lead], cells[cooperating] if cooperating and has_cooperating else None)
            if units is not None and len(cells[task]) >= _LEAST_TASK:
                yield _duty(
                    sheet,
                    cells[task],
                    line.span,
                    units,
                    places.at(line.span.start).section,
                    DutyForm.BRACKET,
                )


def _cells(sheet: Sheet, row: Span) -> list[Span]:
    found: list[Span] = []
    start = row.start
    for cell in row.of(sheet.plain).split("\t"):
        found.append(sheet.trimmed(start, start + len(cell)))
        start += len(cell) + 1
    return found


def _columns(names: list[str]) -> tuple[int, int, int | None] | None:
    task = next((i for i, name in enumerate(names) if _TASK_COLUMN.fullmatch(name)), None)
    lead = next((i for i, name in enumerate(names) if _LEAD_COLUMN.fullmatch(name)), None)
    cooperating = next((i for i, name in enumerate(names) if _COOPERATING_COLUMN.fullmatch(name)), None)
    return None if task is None or lead is None else (task, lead, cooperating)


def _cell_units(sheet: Sheet, lead: Span, cooperating: Span | None) -> Units | None:
    leading = read_bracket(sheet.plain, lead, default_lead=True)
    others = (
        read_bracket(sheet.plain, cooperating, default_lead=True)
        if cooperating is not None and len(cooperating)
        else None
    )
    if leading is None:
        return None
    return Units(leading.lead, leading.cooperating + (others.lead + others.cooperating if others else ()))


# ---------------------------------------------------------------------------------------- handling


_HANDLES = re.compile(r"\s*等?(?:主办|承办|协办|会办|分办|协同办理|配合办理)")


def _handling(sheet: Sheet) -> Iterator[Duty]:
    """Yield the 主办/协办 duty of a reply; its task is the proposal."""
    lead = sheet.spans.get("lead_unit", ())
    cooperating = sheet.spans.get("cooperating_units", ())
    task = next(iter(sheet.spans.get("proposal.title") or sheet.spans.get("title") or ()), None)
    if task is None or not (lead or cooperating):
        return
    units = sorted((*lead, *cooperating))
    start = units[0].start
    line = next(line for line in reversed(sheet.lines) if line.span.start <= start)
    # With 协办, so that the span says what the units do.
    match = _HANDLES.match(sheet.plain, units[-1].end, line.span.end)
    end = match.end() if match else units[-1].end
    start = start - 1 if sheet.plain[start - 1 : start] == "由" else start
    yield _duty(sheet, task, Span(start, end), Units(lead, cooperating), (), DutyForm.HANDLING)


def _duty(
    sheet: Sheet,
    task: Span,
    span: Span,
    units: Units,
    section: tuple[str, ...],
    form: DutyForm,
) -> Duty:
    lead = tuple(value_of(unit.of(sheet.text)) for unit in units.lead)
    cooperating = tuple(value_of(unit.of(sheet.text)) for unit in units.cooperating)
    return Duty(
        task=value_of(task.of(sheet.text)),
        task_span=task,
        span=span,
        section=section,
        form=form,
        lead=lead,
        cooperating=cooperating,
        lead_normalized=tuple(map(normalize, lead)),
        cooperating_normalized=tuple(map(normalize, cooperating)),
        page=sheet.page_at(span.start),
    )
