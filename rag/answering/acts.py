"""When something was done (何时成立、何时启用): the date of the act asked for, not that of another beside it.

The notice of a body has a date, and the founding of the body another: a sentence answers 什么时候成立 only where it tells
of founding. What a date like 今年4月 comes to is said from the event (事件) that was read there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.composing import Composer
from rag.answering.evidence import Evidence
from rag.answering.intent import WHEN
from rag.answering.progress import worked_out_deadline, worked_out_time
from rag.domain.access import Scope
from rag.retrieval.question import Question
from rag.store.repository import Catalog
from rag.text import fold, simplify, squeeze

# Acts that stand for one another, and how English asks for them.
_ACTS: tuple[tuple[str, str], ...] = (
    (r"成立|设立|组建|建立|创办|创立", r"\b(?:found|establish|set up|creat|form)(?:ed)?\b"),
    (
        r"启用|开通|上线|投用|投入使用|投入运[行营]|开放|开业|启动|开园",
        r"\b(?:launch|open|activat)\w*\b|\bput into (?:use|operation)\b|\bgo live\b",
    ),
    (r"印发|下发|制发|发文|发布|公布|出台|颁布|转发", r"\b(?:issu|publish|releas|promulgat)\w*\b"),
    (r"召开|举行|举办|开展|组织|办", r"\b(?:held|hold|take place|took place|organi[sz]ed)\b"),
    (r"建成|竣工|落成|完工|完成|建好|修好|建", r"\b(?:complet|finish|built|build|renovat)\w*\b"),
    (r"开工|动工|启动|开始", r"\b(?:start|begin|began|begun|commenc)\w*\b"),
    (r"实施|施行|生效|执行|试行", r"\b(?:take effect|took effect|in force|into force|effective|implement)\w*\b"),
    (r"废止|失效|停止执行", r"\brepeal\w*\b"),
)
_TIME = rf"(?:{WHEN}|几年)份?"
# What was done stands right behind the asking word (什么时候成立的), else right before it (成立是什么时候).
_AFTER = re.compile(rf"{_TIME}(?:正式|开始|才|就|被|由[^，。？]{{1,12}})*(?P<said>[\u4e00-\u9fff]{{1,4}})")
_ASKING = re.compile(rf"(?:的?(?:时间|日期))?(?:是|为|在|于)*{_TIME}")
_GENERAL = re.compile(r"^(?:办|建|开始|组织|开展|完成)$")


def asked_act(question: Question) -> re.Pattern[str] | None:
    """Return the words for the act whose date is asked for, ``None`` where the question names none that is told apart."""
    text = fold(question.text)
    if question.is_english:
        found = [chinese for chinese, english in _ACTS[:4] if re.search(english, text)]
        return re.compile("|".join(found)) if found else None
    after, asking = _AFTER.search(text), _ASKING.search(text)
    found = [chinese for chinese, _ in _ACTS if after and _is_named(re.match(chinese, after["said"]))]
    if not found and asking:
        before = text[: asking.start()]
        found = [chinese for chinese, _ in _ACTS if _is_named(re.search(rf"(?:{chinese})$", before))]
    return re.compile("|".join(found)) if found else None


def _is_named(match: re.Match[str] | None) -> bool:
    return match is not None and not _GENERAL.match(match[0])


def of_the_act(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return those of the sentences that tell of the act asked for; all where none is told apart."""
    act = asked_act(question)
    if act is None:
        return list(evidence)
    return [e for e in evidence if act.search(squeeze(simplify(e.text)))]


def work_out_times(composer: Composer, *, scope: Scope, catalog: Catalog) -> None:
    """Say behind each statement what a time of its words comes to (今年4月上旬即2025年4月1日至10日)."""
    cited = composer.citations
    ids = list(dict.fromkeys(c.document.document_id for c in cited.values()))
    told = [
        *((e.when, e.span, d.document_id, worked_out_time(e)) for e, d in catalog.events(scope=scope, documents=ids)),
        *(
            (c.deadline_text, c.span, d.document_id, worked_out_deadline(c))
            for c, d in catalog.commitments(scope=scope, documents=ids)
        ),
    ]
    for number, statement in enumerate(composer.stated):
        if statement.worked_out is not None or len(statement.citations) != 1:
            continue
        citation = cited[statement.citations[0]]
        for when, span, document_id, said in told:
            is_said = when is not None and when in statement.text and span.overlaps(citation.span)
            if said is not None and is_said and document_id == citation.document.document_id:
                composer.work_out(number, said)
                break
