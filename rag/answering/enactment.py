"""What a statute says of itself (立法情况): why it was made, who passed and amended it when, since when it holds.

The purpose stands in the article that ends in 制定本法, the passing and each amendment in the bracket below the title
(题注), the date of force among the last articles. Their words are the same in every statute, and a question's words
(立法目的, 哪年修正) are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rag.answering.composing import Composer, label
from rag.answering.intent import WHEN
from rag.answering.statutes import StatuteFinder
from rag.domain.access import Scope
from rag.domain.document import OfficialDocument
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.store.repository import Catalog
from rag.text import fold, sentences, squeeze

_SELF = r"本(?:法典?|条例|办法|规定|细则|规则|章程|准则)"
_WHEN = rf"(?:{WHEN}|几年)"
_CHANGED = r"(?:修正|修订|修改)"
# A purpose is the statute's own only where nothing else is named: 社会保险法中工伤认定的目的 is another's.
_ASKS_PURPOSE = re.compile(
    r"立法(?:目的|宗旨|本意)|(?:目的|宗旨)是(?:为了)?什么|为(?:什么|何|啥)要?(?:制定|立法|出台|颁布)|(?:制定|出台|颁布)(?:.{2,40}?)?的?(?:目的|宗旨)"
)
_ASKS_CHANGE = re.compile(
    rf"{_WHEN}[^，。？]{{0,8}}{_CHANGED}|{_CHANGED}[^，。？]{{0,8}}(?:{_WHEN}|时间|日期)|{_CHANGED}过?(?:几|多少)次|(?:几|多少)次{_CHANGED}"
)
_ASKS_PASSING = re.compile(rf"{_WHEN}[^，。？]{{0,4}}通过|通过的?(?:时间|日期|是?{_WHEN})")
_ASKS_FORCE = re.compile(
    rf"{_WHEN}[^，。？]{{0,4}}(?:施行|生效|实施)|(?:施行|生效|实施)的?(?:时间|日期|是?{_WHEN})|自{_WHEN}起"
)
# The name of a law that is not here, but not 办法, 立法, 合法, 法律.
_NAMES_LAW = re.compile(r"[\u4e00-\u9fff]{2}(?:(?<![办方做看说想用执立司合违守普])法|法典)(?![律规院人定])")
_LAST = re.compile(r"最(?:近|新|后)|上一?次|现行")
_PURPOSE = re.compile(rf"(?:^|\s)为了?[^。]{{4,}}制定{_SELF}")
# Events of the bracket below a title; its dates are those of meetings and orders.
_EVENT = re.compile(
    r"(?:根据)?\s*(?:19|20)\d{2}年\d{1,2}月\d{1,2}日(?:(?!(?:19|20)\d{2}年\d)[^。；])*?(?:通过|批准|第[一二三四五六七八九十]+次(?:修正|修订)|修正|修订|公布|发布)(?=[）)\s　，,；;。]|$|根据|自)"
)
_FORCE = re.compile(rf"{_SELF}[^。]{{0,12}}自[^。]{{2,24}}起(?:施行|实施|生效)")
_HEAD_CHARACTERS = 2_000
_FIRST_ARTICLES = 3_000

Finder = Callable[[OfficialDocument, str], list[Span]]


class EnactmentAnswerer:
    """Answers questions about the making of a statute that they name."""

    def __init__(self, catalog: Catalog, statutes: StatuteFinder) -> None:
        self._catalog = catalog
        self._statutes = statutes

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> str | None:
        """State why or when a statute was made, amended or put in force, where the question asks that.

        Returns:
            Why nothing was stated though that was asked; ``None`` when something was, or it was not asked.
        """
        asked = squeeze(fold(question.text))
        finder = _finder(asked)
        if question.is_english or finder is None:
            return None
        named = self._statutes.named(question, scope=scope, filters=filters)
        for summary in named:
            document = self._catalog.document(summary.document_id, scope=scope)
            for number, span in enumerate(finder(document, asked)):
                words = span.of(document.text)
                mark = composer.cite(summary, document.text, span, page=document.page_of(span))
                composer.state(f"{label(summary)}：{words}" if number == 0 else words, [mark])
        if not composer.is_empty:
            return None
        if named:
            return None if finder is _force else f"{label(named[0])}没有写明这一点。"
        return "库中没有所问的法规。" if _NAMES_LAW.search(asked) else None


def _finder(asked: str) -> Finder | None:
    for pattern, finder in (
        (_ASKS_CHANGE, _changes),
        (_ASKS_PASSING, _passing),
        (_ASKS_FORCE, _force),
        (_ASKS_PURPOSE, _purpose),
    ):
        if pattern.search(asked):
            return finder
    return None


def _purpose(document: OfficialDocument, _: str) -> list[Span]:
    start = document.clauses[0].span.start if document.clauses else 0
    for span in sentences(document.text, Span(start, min(len(document.text), start + _FIRST_ARTICLES))):
        if _PURPOSE.search(span.of(document.text)):
            return [span]
    return []


def _events(document: OfficialDocument) -> Iterator[Span]:
    """Yield the events told below the title, in order."""
    end = min(_HEAD_CHARACTERS, document.clauses[0].span.start if document.clauses else _HEAD_CHARACTERS)
    for match in _EVENT.finditer(document.text, 0, end):
        yield Span(*match.span())


def _changes(document: OfficialDocument, asked: str) -> list[Span]:
    found = [s for s in _events(document) if re.search(rf"{_CHANGED}$", s.of(document.text))]
    return found[-1:] if _LAST.search(asked) else found


def _passing(document: OfficialDocument, _: str) -> list[Span]:
    return [s for s in _events(document) if s.of(document.text).endswith(("通过", "批准"))][:1]


def _force(document: OfficialDocument, _: str) -> list[Span]:
    found = [s for s in sentences(document.text) if _FORCE.search(s.of(document.text))]
    return found[-1:]
