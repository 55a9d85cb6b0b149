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

from rag.answering.drafting.evidence import NumberedEvidence
from rag.answering.drafting.figures import misplaced_figures
from rag.answering.drafting.polarity import forgets_exception, limits, turned
from rag.answering.drafting.reading import Clause, Named, Text, Word, read
from rag.answering.drafting.roles import misplaced, roles
from rag.answering.drafting.wording import covers, is_empty
from rag.answering.quantities import Day, Quantity
from rag.parsing.agencies import same_agency

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTER = re.compile(r"[a-z]")

_BY = re.compile(r"由([\u4e00-\u9fff]{2,12}?)(?=负责|承担|承办|聘|审|管理|组织|实施|牵头|配合|统筹|落实|提供|制定|公布|公示|办理|受理)")

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
    text = read(sentence)
    if len(_LETTER.findall(text.plain)) > len(_HAN.findall(text.plain)):
        return ("不是中文，无法逐字核对",)
    cited = [known[number] for number in dict.fromkeys(citations)]
    found = [
        *_unknown_names(text, cited),
        *_unknown_words(text, cited),
        *misplaced_figures(text, cited),
        *(f"{name}的职责与引文不符" for name in misplaced(roles(text), [roles(item.read) for item in cited])),
    ]
    if not found:
        for clause in text.clauses:
            found.extend(_against_its_source(clause, text, cited))
    return tuple(dict.fromkeys(found))


# ------------------------------------------------------------------------------- each by itself


def _unknown_names(text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    found = []
    for clause in text.clauses:
        keys: list[Key] = [*_named(clause), *clause.days]
        found.extend(
            f"“{_words(key, text)}”不在引文中"
            for key in keys
            if not any(_holds_anywhere(item, key) or _is_about(item, key) for item in cited)
        )
    return found


def _unknown_words(text: Text, cited: Sequence[NumberedEvidence]) -> list[str]:
    held = "\n".join(part for item in cited for part in (item.read.plain, item.about.plain))
    return [
        f"“{word.word}”不在引文中"
        for clause in text.clauses
        for word in clause.words
        if not is_empty(word.word) and not covers(held, word.word)
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
    found = []
    for key in keys:
        if _holds(source.clause, key):
            continue
        is_about = _is_about(source.item, key)
        if is_about and isinstance(key, Word) and not key.is_verb:
            continue
        if not is_about and not _holds_anywhere(source.item, key):
            found.append(f"“{_words(key, text)}”与此处引文无关")
        elif _is_taken(key, clause, source.clause):
            found.append(f"“{_words(key, text)}”在引文中说的是另一事")
    if forgets_exception(clause, source.item.read, text.plain):
        found.append("漏了除外")
    found.extend(turned(clause, source.clause, text.plain))
    sentence = "".join(c.text for c in source.item.read.clauses_of(source.clause.sentence))
    if limits(clause.text) - limits(sentence):
        found.append("多了限定")
    if {"原则上", "仅", "只", "试行"} & (limits(source.clause.text) - limits(text.plain)):
        found.append("漏了限定")
    return found


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
    if isinstance(key, Word) and key.is_verb:
        verbs = [w for w in other.words if (w.is_verb or w.tag.startswith("a")) and not is_empty(w.word)]
        return bool(verbs) and not any(covers(clause.text, word.word) for word in verbs)
    if isinstance(key, Word) and key.is_noun:
        subject = _subject(other)
        return bool(subject) and not any(covers(clause.text, word.word) for word in subject)
    return False


def _is_done_by_another(clause: Clause, other: Clause) -> bool:
    """Whether the clause cited says 由 somebody whom the draft's clause does not name."""
    agent = _BY.search(other.text)
    return agent is not None and not any(part in clause.text for part in (agent[1], agent[1].removeprefix("各")))


def _subject(clause: Clause) -> list[Word]:
    """Return the nouns that a clause opens with, before it says what is done."""
    found = []
    for word in clause.words:
        if word.is_verb:
            break
        if word.is_noun and not is_empty(word.word):
            found.append(word)
    return found


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


def _same(one: tuple[str, Named], other: tuple[str, Named]) -> bool:
    if one[0] and one[0] != other[0]:
        return False
    if other[0] == "agency":
        return same_agency(one[1].name, other[1].name)
    if other[0] == "title":
        return one[1].name in other[1].name or other[1].name in one[1].name
    return one[1].name == other[1].name


def _words(key: Key, text: Text) -> str:
    return key[1].span.of(text.plain) if isinstance(key, tuple) else key.span.of(text.plain)
