"""Checking (逐句核对): whether the words that a sentence of a draft cites bear all that it says.

Nothing is judged by likeness. Each figure, date, 文号, title, agency and word must be cited; each clause is laid
beside the clause of the evidence that it is taken from, and must not be turned round against it: another subject,
another agency, a negation more or less, the other direction, a plan told as done. In doubt a sentence fails, for a
sentence that fails costs nothing: the document's own words stand in its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answering.drafting.evidence import NumberedEvidence
from rag.answering.drafting.figures import misplaced_figures
from rag.answering.drafting.instructions import MATTER
from rag.answering.drafting.polarity import forgets_exception, limits, tells_as_done, turned
from rag.answering.drafting.reading import Clause, Named, Text, Word, read
from rag.answering.drafting.roles import misplaced, roles
from rag.answering.drafting.wording import LIGHT, covers, is_empty
from rag.answering.quantities import Day, Quantity, comparable
from rag.parsing.agencies import same_agency

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[a-z]")

_OTHERS = re.compile(r"其他|其余|其它|另外(?:的|\d)")
_NARROWING = {"原则上", "仅", "只", "试行"}
_TO = re.compile(r"\s*(?:至|到|[-—–~～])+\s*")
_PASSIVE = re.compile(r"由|被|把|将|对|给|为")
_BY = re.compile(
    r"由([\u4e00-\u9fff]{2,12}?)(?=负责|承担|承办|聘|审|管理|组织|实施|牵头|配合|统筹|落实|提供|制定|公布|公示|办理|受理)"
)

Key = Word | Quantity | Day | tuple[str, Named]


def faults(sentence: str, citations: Sequence[int], evidence: Sequence[NumberedEvidence]) -> tuple[str, ...]:
    """Return why a sentence may not stand; empty when its cited words bear it.

    Args:
        sentence: One sentence of a draft, without its marks.
        citations: The numbers it cites.
        evidence: All that the draft may cite.
    """
    if not citations:
        return ("没有引文",)
    known = {item.number: item for item in evidence}
    if not known.keys() >= set(citations):
        return ("引用了不存在的证据",)
    if MATTER.search(sentence):
        return ("含有网址、图片、标记或代码",)
    text = read(sentence)
    if len(_LETTER.findall(text.plain)) > len(_HAN.findall(text.plain)):
        return ("不是中文，无法逐字核对",)
    cited = [known[number] for number in dict.fromkeys(citations)]
    found = [
        *_unknown_names(text, cited),
        *_unknown_words(text, cited),
        *_ranges_backwards(text),
        *misplaced_figures(text, cited),
        *(f"{name}的职责与引文不符" for name in misplaced(roles(text), [roles(item.with_issuer) for item in cited])),
    ]
    if not any(_keys(clause) for clause in text.clauses):
        return ("没有内容",)
    if not found:
        for clause in text.clauses:
            found.extend(_against_its_source(clause, text, cited))
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------------- each by itself


def _unknown_names(text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    found: list[str] = []
    for clause in text.clauses:
        keys: list[Key] = [*_named(clause), *clause.days]
        found.extend(
            f"“{_words(key, text)}”不在引文中"
            for key in keys
            if not any(_holds_anywhere(item, key) or _is_about(item, key) for item in cited)
        )
    return found


def _ranges_backwards(text: Text) -> list[str]:
    """Return the ranges that end before they begin: 2月14日至2月10日."""
    found = []
    for first, last in pairwise([day for clause in text.clauses for day in clause.days]):
        is_one_year = last.year is None or first.year == last.year
        is_backwards = [part or 0 for part in first.parts[1:]] >= [part or 0 for part in last.parts[1:]]
        if is_one_year and is_backwards and _TO.fullmatch(text.plain, first.span.end, last.span.start):
            found.append(f"“{text.plain[first.span.start : last.span.end]}”前后颠倒")
    for one, other in pairwise(text.quantities):
        is_of_one_unit = other.unit not in ("", "时", "月") and one.unit in (other.unit, "")
        if is_of_one_unit and one.value >= other.value and _TO.fullmatch(text.plain, one.span.end, other.span.start):
            found.append(f"“{text.plain[one.span.start : other.span.end]}”前后颠倒")
    return found


def _unknown_words(text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    held = "\n".join(part for item in cited for part in (item.read.plain, item.about.plain))
    return [
        f"“{word.word}”不在引文中"
        for clause in text.clauses
        for word in clause.words
        if not is_empty(word.word) and word.word not in LIGHT and not covers(held, word.word)
    ]


# ----------------------------------------------------------------------- beside what it is taken from


@dataclass(frozen=True, slots=True)
class _Source:
    """A clause that a clause of a draft may be taken from."""

    item: NumberedEvidence
    clause: Clause
    held: float


def _against_its_source(clause: Clause, text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    """Return what is wrong with a clause beside the clause it is taken from; the most lenient of equals decides."""
    keys = _keys(clause)
    if not keys:
        return []
    sources = [
        _Source(item, other, sum(_weight(key) for key in keys if _holds(other, key)))
        for item in cited
        for other in item.read.clauses
    ]
    # A clause with a figure is taken from where the figure stands.
    figured = [s for s in sources if any(_holds(s.clause, q) for q in clause.quantities)]
    sources = figured or sources
    best = max((source.held for source in sources), default=0.0)
    if not best:
        return []
    judged = [_beside(clause, keys, text, source) for source in sources if source.held >= best]
    return min(judged, key=len)


def _beside(clause: Clause, keys: Sequence[Key], text: Text, source: _Source) -> list[str]:
    """Return what is wrong with a clause if it is taken from this one."""
    reasons = ((key, _foreign(key, clause, source)) for key in keys)
    found = [f"“{_words(key, text)}”{reason}" for key, reason in reasons if reason]
    sentence = "".join(c.text for c in source.item.read.clauses_of(source.clause.sentence))
    wrong = {
        "漏了除外": forgets_exception(clause, source.item.read, text.plain),
        "漏了条件": _drops_condition(source, text),
        "计划写成已办": tells_as_done(clause, source.clause, _before(source)),
        "漏了其他": _OTHERS.search(source.clause.text) is not None and not _OTHERS.search(text.plain),
        "主客颠倒": _exchanged(clause, source.clause),
        "多了限定": bool(limits(clause.text) - limits(sentence)),
        "漏了限定": bool(_NARROWING & (limits(source.clause.text) - limits(text.plain))),
    }
    return [*found, *turned(clause, source.clause, text.plain), *(name for name, is_so in wrong.items() if is_so)]


def _before(source: _Source) -> str:
    """Return what the evidence says before a clause in its sentence and in it, under its headings."""
    clauses = source.item.read.clauses_of(source.clause.sentence)
    said = "".join(c.text for c in clauses if c.number <= source.clause.number)
    return "。".join((*map(comparable, source.item.section), said))


def _drops_condition(source: _Source, text: Text) -> bool:
    """Whether the clause cited holds under a condition right before it, 情节严重的，, of which the draft says nothing."""
    clauses = source.item.read.clauses_of(source.clause.sentence)
    before = next((c for c in clauses if c.number == source.clause.number - 1), None)
    if before is None or not before.text.rstrip("，").endswith("的"):
        return False
    return not any(_holds(clause, key) for key in _keys(before) for clause in text.clauses)


def _foreign(key: Key, clause: Clause, source: _Source) -> str | None:
    """Say why a word that the clause cited does not hold may not be there either."""
    if _holds(source.clause, key):
        return None
    is_about = _is_about(source.item, key)
    if is_about and isinstance(key, Word) and (not key.is_verb or _is_heading(source.item, key)):
        return None
    is_there = is_about or _holds_anywhere(source.item, key)
    if not is_there and isinstance(key, Word) and key.word in LIGHT:
        return "不在引文中" if _is_word_taken(key, clause, source.clause) else None
    if not is_there:
        return "与此处引文无关"
    if _is_taken(key, clause, source.clause) or (not is_about and _is_apart(key, clause, source.item)):
        return "在引文中说的是另一事"
    return None


def _is_apart(key: Key, clause: Clause, item: NumberedEvidence) -> bool:
    """Whether a word stands only where the evidence tells of other days or other agencies than the clause does."""
    return all(
        (clause.days and other.days and not any(a.agrees(b) for a in clause.days for b in other.days))
        or (
            clause.agencies
            and other.agencies
            and not any(same_agency(a.name, b.name) for a in clause.agencies for b in other.agencies)
        )
        for other in item.read.clauses
        if _holds(other, key)
    )


def _is_taken(key: Key, clause: Clause, other: Clause) -> bool:
    """Whether the place that a word from elsewhere takes is held by another of its kind in the clause cited."""
    if isinstance(key, tuple):
        if key[0] == "agency" and _is_done_by_another(clause, other):
            return True
        theirs = [named for kind, named in _named(other) if kind == key[0]]
        ours: list[Key] = list(_named(clause))
        return bool(theirs) and not any(_same(("", named), k) for named in theirs for k in ours if isinstance(k, tuple))
    if isinstance(key, Day):
        return bool(other.days) and not any(d.agrees(o) for d in clause.days for o in other.days)
    return _is_word_taken(key, clause, other) if isinstance(key, Word) else False


def _is_word_taken(word: Word, clause: Clause, other: Clause) -> bool:
    """Whether a word stands where the clause cited has another: verb for verb, 每月 for 每年, noun for noun."""
    theirs = [w for w in other.words if not is_empty(w.word)]
    if word.is_verb:
        verbs = [w for w in theirs if w.is_verb or w.tag.startswith("a")]
        if verbs or not word.is_noun:
            return bool(verbs) and not any(covers(clause.text, w.word) for w in verbs)
    if word.word.startswith("每"):
        return any(w.word.startswith("每") and w.word not in clause.text for w in theirs)
    return word.is_noun and any(w.is_noun and not covers(clause.text, w.word) for w in theirs)


def _exchanged(clause: Clause, other: Clause) -> bool:
    """Whether who does and whom it is done to have changed places around a verb: 甲校帮扶乙校."""
    if _PASSIVE.search(clause.left) or _PASSIVE.search(other.left):
        return False
    for verb in (w for w in clause.words if w.is_verb and len(w.word) > 1):
        here, there = verb.span.start - clause.span.start, other.text.find(verb.word)
        if there < 0:
            continue
        said = [w.word for w in clause.words if w.is_noun]
        before = {w for w in said if clause.text.find(w) < here}
        after = {w for w in said if clause.text.find(w) > here}
        if any(0 <= other.text.find(w) < there for w in after) and any(other.text.find(w) > there for w in before):
            return True
    return False


def _is_done_by_another(clause: Clause, other: Clause) -> bool:
    """Whether the clause cited says 由 somebody whom the draft's clause does not name."""
    agent = _BY.search(other.text)
    return agent is not None and not any(part in clause.text for part in (agent[1], agent[1].removeprefix("各")))


def _keys(clause: Clause) -> list[Key]:
    words: list[Key] = [w for w in clause.words if not is_empty(w.word)]
    return [*words, *clause.quantities, *clause.days, *_named(clause)]


def _named(clause: Clause) -> list[tuple[str, Named]]:
    return [
        *(("agency", a) for a in clause.agencies),
        *(("title", t) for t in clause.titles),
        *(("number", n) for n in clause.document_numbers),
    ]


def _weight(key: Key) -> float:
    return 1.0 if isinstance(key, Word) else 2.0


def _holds(clause: Clause, key: Key) -> bool:
    if isinstance(key, Word):
        return covers(clause.text, key.word)
    if isinstance(key, Quantity):
        return any(key.value == q.value and key.unit == q.unit for q in clause.quantities)
    if isinstance(key, Day):
        return any(key.within(day) for day in clause.days)
    return any(_same(key, other) for other in _named(clause))


def _holds_anywhere(item: NumberedEvidence, key: Key) -> bool:
    if any(_holds(clause, key) for clause in item.read.clauses):
        return True
    # 县精神卫生中心 is no agency of the tables, and still stands there.
    return isinstance(key, Word) and covers(item.read.plain, key.word)


def _is_about(item: NumberedEvidence, key: Key) -> bool:
    if isinstance(key, Day) and any(key.within(day) for day in item.own_days):
        return True
    if isinstance(key, Word):
        return covers(item.about.plain, key.word)
    return any(_holds(clause, key) for clause in item.about.clauses)


def _is_heading(item: NumberedEvidence, key: Word) -> bool:
    return any(covers(comparable(heading), key.word) for heading in item.section)


def _same(one: tuple[str, Named], other: tuple[str, Named]) -> bool:
    if one[0] and one[0] != other[0]:
        return False
    if other[0] == "agency":
        return same_agency(one[1].name, other[1].name)
    if other[0] == "title":
        return one[1].name in other[1].name or other[1].name in one[1].name
    # 原安水通〔2018〕9号: the code takes in the word before it.
    return one[1].name.endswith(other[1].name) or other[1].name.endswith(one[1].name)


def _words(key: Key, text: Text) -> str:
    return key[1].span.of(text.plain) if isinstance(key, tuple) else key.span.of(text.plain)
