"""What a question or query says (问题理解): its language, its constraints, and the words that carry it.

A pure function of the text and of the place names the catalogue knows; every later step, from search to
refusal, reads from it. Words are cut by rjieba, whose tags tell names of places from other nouns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.retrieval.places import Place, chinese_places, english_places, may_name_a_place, misspelt
from rag.retrieval.references import in_standard_form
from rag.retrieval.spelling import Slip, SpellChecker
from rag.retrieval.terms import TermTable
from rag.retrieval.topic import INTERROGATIVE, Term, chinese_terms, english_terms, without_courtesy
from rag.retrieval.years import named_years, spell_years_in_figures, with_years_between, without_years
from rag.text import DOCUMENT_NUMBER, fold, normalize_document_number, squeeze

_PROPOSAL_NUMBER = re.compile(
    r"(?:第\s*)?(?<![\d〕\]）)])(\d{1,5})\s*号\s*(?:的)?(?=提案|建议|议案|代表|委员|$|的?答复|复函|是)"
)
_ENGLISH_PROPOSAL_NUMBER = re.compile(r"\b(?:proposals?|suggestions?|motions?) (?:no\.? ?|number )?(\d{1,5})\b(?!号)")

_TITLE = r"《[^《》]{2,60}》"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood.

    Attributes:
        text: As asked, with layout spaces taken out.
        is_english: Asked in English.
        places: Places named, in order.
        years: Years named, in order.
        all_years: Those, with the years between of 2023—2025.
        document_numbers: 发文字号 in standard form.
        proposal_numbers: Numbers of proposals, without leading zeros.
        terms: The words that carry the topic; places, years and asking words are not among them.
        subject: ``text`` without asking words and places: what to compare texts with.
        core: ``text`` without greetings and thanks, each 文号 in standard form: what to search for.
        meant: ``core`` with probable slips mended, folded; ``""`` where there is none. ``terms`` and ``subject`` are then
            of what was meant.
        slips: What was mended.
    """

    text: str
    is_english: bool
    places: tuple[Place, ...]
    years: tuple[int, ...]
    all_years: frozenset[int]
    document_numbers: tuple[str, ...]
    proposal_numbers: tuple[str, ...]
    terms: tuple[Term, ...]
    subject: str
    core: str
    meant: str = ""
    slips: tuple[Slip, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the asker must be told of how the question was taken."""
        return tuple(f"已按“{slip.meant}”检索 (also searched for “{slip.meant}”)" for slip in self.slips)


def understand(text: str, *, places: Sequence[str] = (), load_terms: Callable[[], TermTable]) -> Question:
    """Read a question.

    Args:
        text: The question as typed, in Chinese or English.
        places: Place names of the documents in scope (``地区``), e.g. ``重庆市渝北区``.
        load_terms: Gives the English–Chinese terms; called for English questions only.
    """
    asked = squeeze(" ".join(text.split()))
    own_words = DOCUMENT_NUMBER.sub("", asked)  # a 文号 is Chinese in any language
    letters = sum(c.isascii() and c.isalpha() for c in own_words)
    han = sum("\u4e00" <= c <= "\u9fff" for c in own_words)
    is_english = letters > 3 * han and letters > 3
    core = without_courtesy(asked)
    plain = fold(core)
    folded = in_standard_form(plain)
    if folded != plain:
        core = folded
    numbers = tuple(dict.fromkeys(normalize_document_number(m[0]) for m in DOCUMENT_NUMBER.finditer(folded)))
    rest = spell_years_in_figures(DOCUMENT_NUMBER.sub(" ", folded))
    numbered = (_PROPOSAL_NUMBER, _ENGLISH_PROPOSAL_NUMBER) if is_english else (_PROPOSAL_NUMBER,)
    proposals = tuple(dict.fromkeys(m[1].lstrip("0") or "0" for way in numbered for m in way.finditer(rest)))
    for way in numbered:
        rest = way.sub(" ", rest)
    years = named_years(rest)
    slips: tuple[Slip, ...] = ()
    if is_english:
        names = {word.lower() for word in re.findall(r"\b[A-Z][a-z']+", asked)}
        found = english_places(rest, places, names) if may_name_a_place(asked, load_terms()) else ()
    else:
        found = chinese_places(rest, places)
        slips = tuple(
            Slip(rest.find(place.written), place.written, meant.names[0])
            for place in found
            if (meant := misspelt(place, places)) is not None
        )
        found = tuple(misspelt(place, places) or place for place in found)
    topic = rest
    for place in found:
        topic = re.sub(re.escape(place.written), " ", topic, flags=re.IGNORECASE)
    topic = without_years(topic)
    terms = english_terms(topic, load_terms()) if is_english else chinese_terms(topic)
    if is_english:
        subject = " ".join(term.alternatives[0] if term.alternatives else term.word for term in terms)
    else:
        subject = squeeze(" ".join(INTERROGATIVE.sub(" ", topic).split())).strip("？?。！! ")
    return Question(
        asked,
        is_english,
        found,
        years,
        with_years_between(years, rest),
        numbers,
        proposals,
        terms,
        subject or asked,
        core,
        slips=slips,
    )


def mend(question: Question, checker: SpellChecker, reread: Callable[[str], Question]) -> Question:
    """Return a question as it was probably meant; itself when it holds no slip.

    文号, numbers and what stands in 《》 are never mended, places as ``misspelt`` says, and questions in English are left alone.

    Args:
        question: As understood from what was written.
        checker: Knows the documents' words.
        reread: Understands a text, as ``understand`` does.
    """
    if question.is_english:
        return question
    folded = fold(question.core)
    names = [re.escape(fold(place.written)) for place in question.places]
    open_to_change = re.sub("|".join([DOCUMENT_NUMBER.pattern, _TITLE, *names]), _blanked, folded)
    mended = checker.mend(open_to_change)
    if mended is None:
        return question
    characters = list(folded)
    for slip in mended.slips:
        characters[slip.at] = mended.text[slip.at]
    meant = "".join(characters)
    return replace(
        reread(meant), text=question.text, places=question.places, meant=meant, slips=(*question.slips, *mended.slips)
    )


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])
