"""What a question pins down (限定条件), held against a sentence: years, places, numbers, 文号, 《titles》."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answering.days import days_asked, names_day
from rag.domain.document import DocumentSummary
from rag.domain.passage import Passage
from rag.parsing.agencies import mentions, same_agency
from rag.retrieval.places import Place
from rag.retrieval.question import Question
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, squeeze

# Of the passages and titles of one question each is compared with all its sentences.
_TEXTS_REMEMBERED = 512

_NAMING_NUMBER = re.compile(r"^\d{3,}$")
_TITLE = re.compile(r"《([^《》]{2,60})》")
# 劳动法规定每天工作几小时: the law is named without 《》.
_LAW_THAT_RULES = re.compile(
    r"^(?:请问|根据|按照|依据|依照|现行|最新|我国|中国|国家|的)*(?P<law>[\u4e00-\u9fff]{1,18}?(?:(?<![办方做执立依违司合非书])法|法典|条例))(?=中?规定)"
)
_OF_MANY = ("部门", "政府", "单位", "机关", "机构")
# Not 城市规划局 for 市规划局, nor 市政协 of a proposal, whose replies need not name it.
# 协 ends 老年协, and begins 协作. 福建省对…的局 says something of Fujian and names no body.
_BODY = re.compile(
    r"(?:国家|全国|中国|(?<!城)[省市县区州])"
    r"(?P<body>(?!政协|[对在将把为向给由与和])(?:[\u4e00-\u9fff]{1,8}?(?:局|署|委员会|协会|协(?![作调议商同助定力查])|联合会|学会)|民委))"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*(?:年|[-—~～至]))")
_YEAR_OR_NUMBER = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*[年〕\]］）)])")  # 国办发〔2020〕12号


# 嵩阳科技学院 says nothing of 嵩阳: a body named after a place is not the place.
_AFTER_NAME = (
    r"(?:省|市|县|区)?[^的各在有要将设建和与及等、，。；：“”（）()\s]{0,10}?"
    r"(?:大学|学院|学校|医院|中学|小学|幼儿园|公司|集团|银行|研究院|研究所)"
)


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def _plain(text: str) -> str:
    return squeeze(fold(text))


def agrees(question: Question, text: str, passage: Passage, document: DocumentSummary, *, opening: str = "") -> bool:
    """Tell whether a sentence may speak of what the question pins down.

    Args:
        question: The question.
        text: The sentence.
        passage: Where it stands.
        document: Likewise.
        opening: First words of a document that comes from no place: what they name is what all of it is about.
    """
    return (
        (
            _year_agrees(question.all_years, text, passage, document, opening)
            or _day_agrees(question, text, passage, document, opening)
        )
        and _places_agree(question, passage, document, opening)
        and _agencies_agree(question, passage, document, opening)
        and _numbers_agree(question, passage, document)
        and _titles_agree(question, text, passage, document, opening)
    )


def _year_agrees(years: frozenset[int], text: str, passage: Passage, document: DocumentSummary, opening: str) -> bool:
    """Whether the sentence may speak of the years asked for.

    A sentence that names years must name one of them. One that names none may stand in a passage that
    does, or in a document of that year (今年 means the year of the document). One that says of none
    is of the latest year in its first words: what it cites there is not newer than itself.
    """
    if not years:
        return True
    named = {int(m[1]) for m in _YEAR.finditer(text)}
    if named:
        spanned = set(range(min(named), max(named) + 1)) if re.search(r"年?\s*[至到—~～-]", text) else named
        return bool(spanned & years)
    around = {int(m[1]) for m in _YEAR.finditer(passage.text)} | {
        int(m[1]) for m in _YEAR.finditer(" ".join(passage.section))
    }
    own = document_years(document) or set(sorted(int(m[1]) for m in _YEAR_OR_NUMBER.finditer(opening))[-1:])
    return bool((around | own) & years)


def _day_agrees(question: Question, text: str, passage: Passage, document: DocumentSummary, opening: str) -> bool:
    """Whether the day asked for is named around a sentence, and no year at all: see ``rag.answering.days``."""
    days = days_asked(question)
    if not days or document_years(document):
        return False
    said = " ".join((text, passage.text, *passage.section, opening))
    return not (_YEAR_OR_NUMBER.search(said) or _YEAR.search(said)) and names_day(days, said)


def document_years(document: DocumentSummary) -> set[int]:
    """Return the years a document stands for: of issue, of printing, in its number and in its title."""
    years = {d.year for d in (document.issued_on, document.printed_on) if d is not None}
    for text in (document.document_number, document.title):
        years |= {int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", text or "")}
    return years


def cites(text: str, number: str) -> bool:
    """Tell whether a text cites a 文号, given in standard form, in any bracket style.

    In running text words may be stuck to the front of the agency code, so the ends are compared.
    """
    written = (normalize_document_number(m[0]) for m in DOCUMENT_NUMBER.finditer(squeeze(text)))
    return any(cited.endswith(number) or number.endswith(cited) for cited in written)


def _numbers_agree(question: Question, passage: Passage, document: DocumentSummary) -> bool:
    """Whether a number that names something (12356, 第454号) stands where the sentence does."""
    around = _plain(" ".join((passage.text, document.title or "", *passage.section)))
    own = normalize_document_number(document.document_number or "")
    if not all(number == own or cites(passage.text, number) for number in question.document_numbers):
        return False
    return all(term.word in around for term in question.terms if _NAMING_NUMBER.match(term.word)) and all(
        re.search(rf"(?<!\d)0*{number}(?!\d)", around) for number in question.proposal_numbers
    )


def _titles_agree(question: Question, text: str, passage: Passage, document: DocumentSummary, opening: str) -> bool:
    """Whether each document that the question names as 《…》 is the sentence's own or is named where it stands."""
    law = law_that_rules(question)
    if law and law not in squeeze(fold(f"{document.title or ''} {text}")):
        return False  # named somewhere beside the sentence, it does not rule what the sentence says
    titles = titles_named(question)
    around = _plain(" ".join((document.title or "", passage.text, opening))) if titles else ""
    return all(squeeze(title).removeprefix("中华人民共和国") in around for title in titles)


def titles_named(question: Question) -> list[str]:
    """Return the titles, folded, that a question gives in 《》."""
    return _TITLE.findall(_plain(question.text))


def law_that_rules(question: Question) -> str | None:
    """Return the law by which a question asks (劳动法规定…), folded, without the state's name."""
    match = _LAW_THAT_RULES.match(_plain(question.text))
    return match["law"].removeprefix("中华人民共和国") if match else None


def around(passage: Passage, document: DocumentSummary, opening: str = "") -> str:
    """Return what stands where a sentence of a passage does, folded: the passage, its headings, title and issuer."""
    return _plain(" ".join((passage.text, document.title or "", document.issuer or "", *passage.section, opening)))


def names_places(question: Question, said: str) -> bool:
    """Whether words, folded, name each place that the question names and no document comes from.

    Where no other place is named, a school or company called after one does not name it, unless the question means that.
    """
    is_placed = any(place.names for place in question.places)
    return all(place.names or _names_place(said, place, question, is_placed=is_placed) for place in question.places)


def _names_place(said: str, place: Place, question: Question, *, is_placed: bool) -> bool:
    name = re.escape(place.short)
    if is_placed or re.search(name + _AFTER_NAME, _plain(question.text)):
        return place.short in said
    return re.search(f"{name}(?!{_AFTER_NAME})", said) is not None


def _places_agree(question: Question, passage: Passage, document: DocumentSummary, opening: str) -> bool:
    """Whether each place that no document comes from is at least named where the sentence stands."""
    return names_places(question, "") or names_places(question, around(passage, document, opening))


def _agencies_agree(question: Question, passage: Passage, document: DocumentSummary, opening: str) -> bool:
    """Whether an agency that the question names issued the document or is named where the sentence stands.

    Of several one is enough: who leads is told in one sentence, who helps in another.
    """
    # 民政部门 and 县政府 may be said of many: asked for they constrain nothing, but they may be who is asked for.
    asked = [name for name in _agencies(question.text) if not name.endswith(_OF_MANY)]
    bodies = _other_bodies(question.text)
    if not asked and not bodies:
        return True
    said = around(passage, document, opening)
    here = _agencies(said)
    return any(body in said for body in bodies) or any(same_agency(one, other) for one in asked for other in here)


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def _agencies(text: str) -> tuple[str, ...]:
    """Return the agencies that a text names, each once."""
    return tuple({name: None for _, name in mentions(text)})


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def _other_bodies(text: str) -> tuple[str, ...]:
    """Return the names, without their level, of bodies that are not among the agencies known: 国家地震局, 市档案局."""
    known = [span for span, _ in mentions(text)]
    found = (
        match
        for match in _BODY.finditer(text)
        if not any(s.start < match.end() and match.start() < s.end for s in known)
    )
    return tuple(_plain(match["body"]) for match in found)
