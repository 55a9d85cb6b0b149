"""Answers about a document itself (公文要素问答): its 文号, proposal, dates, addressees, disclosure label.

The values come from the parsed elements and are cited to the words they were read from. An element
the document does not have is never made up: the question then has no answer here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.basis import asks_basis, basis_of
from rag.answering.composing import Composer, label
from rag.answering.constraints import document_years, titles_named
from rag.answering.intent import WHEN
from rag.domain.access import Scope
from rag.domain.document import Elements, OfficialDocument, ProposalBody
from rag.domain.filters import Filters
from rag.domain.span import Span
from rag.retrieval.question import Question
from rag.retrieval.search import Searcher
from rag.store.repository import Catalog
from rag.text import fold, normalize_document_number, squeeze

_SCANNED = 200
_FEW = 3
_TITLE_NAMED = 0.75


@dataclass(frozen=True, slots=True)
class _Element:
    """One element a question can ask for.

    Attributes:
        name: Key into ``Elements.spans``.
        asks: Pattern of questions that ask for it.
        sentence: Gives the sentence; called with the words as written.
    """

    name: str
    asks: re.Pattern[str]
    sentence: Callable[[str, Elements], str]


def _body(elements: Elements) -> str:
    npc = elements.proposal is not None and elements.proposal.body is ProposalBody.NPC
    return "建议" if npc else "提案"


_ELEMENTS: tuple[_Element, ...] = (
    _Element(
        "document_number",
        re.compile(r"文号|发文字号|字号|document number|reference number"),
        lambda words, _: f"发文字号是{words}。",
    ),
    _Element(
        "proposal.number",
        re.compile(
            r"第几号|几号(?:提案|建议|议案)|(?:提案|建议|议案)(?:的)?(?:编号|号码|号)(?!函)|(?:proposal|suggestion) number|number of the (?:proposal|suggestion)|which (?:proposal|suggestion)|哪[一个件]*(?:提案|建议|议案)|(?:提案|建议|议案)(?:还是|或者?是?)[^，。？]{0,6}(?:提案|建议|议案)"
        ),
        lambda words, e: f"答复的是第{words}号{_body(e)}。",
    ),
    _Element(
        "proposal.session",
        re.compile(r"几届几次|哪[一]?[届次]|什么会议|哪次会议|which session|what session"),
        lambda words, e: f"答复的{_body(e)}出自{words}。",
    ),
    _Element(
        "proposal.title",
        re.compile(
            r"(?:提案|建议|议案)(?:的)?(?:题目|标题|题名|名称|名字|叫什么|案由)|title of the (?:proposal|suggestion)"
        ),
        lambda words, e: f"答复的{_body(e)}题为《{words}》。",
    ),
    _Element(
        "disclosure",
        re.compile(
            r"公开属性|公开方式|公开类型|公开情况|公开选项|是否公开|能不能公开|可以公开|公开吗|怎么公开|属于.{0,6}公开|主动公开还是|(?:是|算|为)(?:主动|依申请|不予|免予)公开|disclosure|is .*\b(?:public|disclosed)\b|publicly available"
        ),
        lambda words, _: f"公开属性标注为“{words}”。",
    ),
    _Element(
        "signatory", re.compile(r"签发人|谁签发|由谁签发|who signed|signatory"), lambda words, _: f"签发人是{words}。"
    ),
    _Element(
        "cc",
        re.compile(r"抄送|copied to|cc(?:'d|ed)? to"),
        lambda words, _: f"抄送{words}。",
    ),
    _Element(
        "addressees",
        re.compile(
            r"主送|(?:答复|回复|写|发)给(?:了)?(?:谁|哪)|答复对象|收件|发给|addressed to|addressee|哪位(?:委员|代表)|谁提(?:出|的)"
        ),
        lambda words, _: f"主送{words}。",
    ),
    _Element(
        "reply_category",
        re.compile(
            r"答复类[型别]|(?:类别|分类)是|(?:哪一?|什么|几)类(?:答复|件|文件)?|[a-d]类(?:吗|还是)|reply (?:category|class)"
        ),
        lambda words, _: f"答复类别标注为{words}类。",
    ),
    _Element("attachments", re.compile(r"附件|attachments?"), lambda words, _: f"附件为{words}。"),
    _Element(
        "issuer",
        re.compile(
            r"发文机关|发文单位|印发机关|谁(?:印发|发布|发|出具|制发|答复|颁布|公布)的?|(?:哪个|哪些|什么|哪家|哪几个)(?:单位|部门|机关|局|委)(?:联合)?(?:印发|发布|发出|发|出具|制发|答复|回复|作出|通过|颁布|公布)的?|who issued|issued by|issuing"
        ),
        lambda words, _: f"发文机关是{words}。",
    ),
    _Element(
        "title",
        re.compile(r"(?:标题|题目|名称|全称)(?:是|叫)?|叫什么|what is the title|title of"),
        lambda words, _: f"标题是《{words}》。",
    ),
)
# 文号岫建发〔2024〕27号是谁发的 names a 文号 and does not ask for one.
_BEFORE_NUMBER = re.compile(r"(?:发文字号|文号|字号)[为是:]?(?=\w{1,10}\s*[〔\[(【]\s*(?:19|20)\d\d)")
# Asked for in words that often mean something else (谁发布, 什么名称): the title must then be named.
_LOOSE = frozenset({"issuer", "title", "attachments", "reply_category"})
_ASKS_DATE = re.compile(rf"{WHEN}|日期|时间|\bwhen\b|what date|\bdate\b")
_DATED_ACT = re.compile(
    rf"(?:文件|答复函?|复函|回复|通知|方案|公文|办法|意见|报告)(?:是|为)?{WHEN}[出写作做定]?的?[?？。]?$|印发|发布|出台|下发|成文|落款|发文|作出答复|(?:答复|回复|复函)的?(?=[?？。]?$)|制发|公布|issued?|published|dated|printed|promulgated"
)
# Who gave a report (报告人) stands in its opening line, with the date and the meeting, or on the line below.
_ASKS_SPEAKER = re.compile(r"谁(?:来)?(?:所?[作做]|宣读|代表[^，。？]{2,12}[作做])(?:的|了|报告|$)|报告人(?:是|叫)?谁")
_SPEAKER = re.compile(r"(?:[省市县区州盟旗镇乡]长|主席|院长|检察长|主任|局长|厅长|部长)[ \t\u3000]*[\u3400-\u9fff]{2}")
_LONGEST_OFFICER_LINE = 40
_NOT_TOPIC = re.compile(
    r"^(?:文号|发文|字号|提案|建议|议案|编号|号|印发|发布|出台|下发|成文|落款|答复|回复|复函|函|文件|通知|日期|时间|公开|属性|方式|机关|单位|部门|"
    r"标题|题目|名称|签发人|签发|抄送|主送|附件|类别|类型|分类|会议|届次|委员|代表|公布|颁布|通过|标注|申请|主动|政协|人大|提出|上级|根据|依据|按照|制定|"
    r"issued?|published|document|reply|notice|number|date|dated|title|proposal|public|disclosed)$"
)


_ASKS_JOINT = re.compile(r"协办|会办|配合|协助|\bassist|\bcooperat|\bjointly")


class MetadataAnswerer:
    """Answers questions about documents' elements."""

    def __init__(self, catalog: Catalog, searcher: Searcher) -> None:
        self._catalog = catalog
        self._searcher = searcher

    def state(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> bool:
        """State what the question asks about a document, if it asks that.

        Returns:
            Whether anything was stated; ``False`` leaves the question to other answerers.
        """
        asked = _BEFORE_NUMBER.sub("", fold(question.text))
        element = next((e for e in _ELEMENTS if e.asks.search(asked)), None)
        if asks_speaker(question):
            documents = self._referred(question, scope, filters, needs_title=True)
            reports = [d for d in documents if not question.years or document_years(d.summary) & question.all_years]
            return sum(_state_speaker(d, composer) for d in reports) > 0
        if asks_basis(question):
            # 根据德阳哪个文件: a place without documents is that of the document rested on.
            known = replace(question, places=tuple(place for place in question.places if place.names))
            documents = self._referred(known, scope, filters, needs_title=True)
            return sum(_state_basis(d, question, composer) for d in documents) > 0
        wants_date = bool(_ASKS_DATE.search(asked) and _DATED_ACT.search(asked))
        if element is None and not wants_date:
            return False
        documents = self._referred(question, scope, filters, needs_title=element is None or element.name in _LOOSE)
        if element is None:
            return sum(_state_date(document, composer) for document in documents) > 0
        return sum(self._state_element(d, element, composer, scope, filters) for d in documents) > 0

    def state_answering(self, question: Question, composer: Composer, *, scope: Scope, filters: Filters) -> bool:
        """State which organ answered the proposal named: it is the one that handled it (承办), where no line says more.

        Returns:
            Whether anything was stated.
        """
        if not question.proposal_numbers or _ASKS_JOINT.search(fold(question.text)):
            return False
        documents = self._referred(question, scope, filters, needs_title=True)
        return sum(_state_answering(d, composer) for d in documents) > 0

    def _state_element(
        self, document: OfficialDocument, element: _Element, composer: Composer, scope: Scope, filters: Filters
    ) -> bool:
        """State an element of a document, from another file of the same text where this one lacks it."""
        if _state_element(document, element, composer):
            return True
        if element.name.partition(".")[0] in document.elements.corrected:
            return False
        twins = self._catalog.twins([document.document_id], scope=scope, filters=filters).get(document.document_id, ())
        return any(
            _state_element(self._catalog.document(twin.document_id, scope=scope), element, composer) for twin in twins
        )

    def _referred(
        self, question: Question, scope: Scope, filters: Filters, *, needs_title: bool
    ) -> list[OfficialDocument]:
        """Return the documents that the question points at; none when it points at no one in particular."""
        documents = self._candidates(question, scope, filters)
        if question.document_numbers:
            wanted = set(question.document_numbers)
            return [d for d in documents if normalize_document_number(d.elements.document_number or "") in wanted]
        if any(not place.names for place in question.places):
            return []
        if question.proposal_numbers:
            return [d for d in documents if _proposal_number(d) in question.proposal_numbers]
        titles = titles_named(question)
        if titles:
            return [d for d in documents if any(_is_titled(d, title) for title in titles)]
        topic = [t.alternatives for t in question.terms if not _NOT_TOPIC.match(t.word)]
        shares = [_title_share(topic, d) for d in documents]
        best = max(shares, default=0.0)
        if topic and best >= _TITLE_NAMED:
            return [d for d, share in zip(documents, shares, strict=True) if share >= best - 1e-9]
        # Not named by its title; but where so few documents come from, it is clear which is meant.
        is_narrow = bool(question.places) or not filters.is_empty
        return documents if is_narrow and len(documents) <= _FEW and (not topic or not needs_title) else []

    def _candidates(self, question: Question, scope: Scope, filters: Filters) -> list[OfficialDocument]:
        few = self._catalog.all_if_few(_SCANNED, scope=scope, filters=filters)
        if few is None:
            few = self._searcher.nearest(question, scope=scope, filters=filters, passages=_SCANNED)
        return [self._catalog.document(d.document_id, scope=scope) for d in few]


def _is_titled(document: OfficialDocument, title: str) -> bool:
    """Whether a document's title is one given in 《》, or holds it, or is it without 印发…的通知."""
    own = squeeze(fold(document.elements.title or "")).strip("《》")
    return bool(own) and (title in own or own in title)


def _named(document: OfficialDocument) -> str:
    return f"《{document.elements.title}》" if document.elements.title else ""


def _proposal_number(document: OfficialDocument) -> str:
    proposal = document.elements.proposal
    return (proposal.number or "").lstrip("0") if proposal else ""


def _title_share(topic: Sequence[Sequence[str]], document: OfficialDocument) -> float:
    title = squeeze(fold(document.elements.title or ""))
    proposal = document.elements.proposal
    names = title + " " + fold(proposal.title or "" if proposal else "")
    if not topic:
        return 0.0
    held = sum(len(words[0]) for words in topic if any(word in names for word in words))
    return held / sum(len(words[0]) for words in topic)


def _state_element(document: OfficialDocument, element: _Element, composer: Composer) -> bool:
    spans = document.elements.spans.get(element.name, ())
    if element.name == "issuer":
        spans = (*spans, *document.elements.spans.get("co_issuers", ()))
    if not spans:
        return False
    summary = document.summary
    marks = [composer.cite(summary, document.text, s, page=document.page_of(s)) for s in spans]
    words = "、".join(squeeze(s.of(document.text)) for s in spans)
    composer.state(f"{label(summary)}：{_named(document)}{element.sentence(words, document.elements)}", marks)
    return True


def _state_basis(document: OfficialDocument, question: Question, composer: Composer) -> bool:
    span = basis_of(document, question)
    if span is None:
        return False
    summary = document.summary
    mark = composer.cite(summary, document.text, span, page=document.page_of(span))
    composer.state(f"{label(summary)}：{squeeze(span.of(document.text))}", [mark])
    return True


def _state_answering(document: OfficialDocument, composer: Composer) -> bool:
    elements = document.elements
    title, number, issuer = (elements.spans.get(name, ())[:1] for name in ("title", "proposal.number", "issuer"))
    if elements.proposal is None or not (number and issuer):
        return False
    proof = title if title and title[0].contains(number[0]) else number
    summary = document.summary
    marks = [composer.cite(summary, document.text, s, page=document.page_of(s)) for s in (*issuer, *proof)]
    organ = squeeze(issuer[0].of(document.text))
    composer.state(f"{label(summary)}：答复第{elements.proposal.number}号{_body(elements)}的是{organ}。", marks)
    return True


def _state_date(document: OfficialDocument, composer: Composer) -> bool:
    summary = document.summary
    stated = False
    for name, words in (("issued_on", "成文日期是{}。"), ("printed_on", "印发日期是{}。")):
        spans = document.elements.spans.get(name, ())
        if spans:
            mark = composer.cite(summary, document.text, spans[0], page=document.page_of(spans[0]))
            written = squeeze(spans[0].of(document.text)).removesuffix("印发")
            composer.state(f"{label(summary)}：{_named(document)}{words.format(written)}", [mark])
            stated = True
    return stated


def asks_speaker(question: Question) -> bool:
    """Whether a question asks who gave a report."""
    asked = fold(question.text)
    return "报告" in asked and _ASKS_SPEAKER.search(asked) is not None


def _state_speaker(document: OfficialDocument, composer: Composer) -> bool:
    dated = document.elements.spans.get("issued_on", ())
    if not dated:
        return False
    start = document.text.rfind("\n", 0, dated[0].start) + 1
    first, _, rest = document.text[start:].partition("\n")
    second = rest.partition("\n")[0]
    if _SPEAKER.search(first):
        span = Span(start, start + len(first))
    elif len(second) <= _LONGEST_OFFICER_LINE and _SPEAKER.search(second):
        span = Span(start, start + len(first) + 1 + len(second))
    else:
        return False
    summary = document.summary
    mark = composer.cite(summary, document.text, span, page=document.page_of(span))
    composer.state(f"{label(summary)}：{' '.join(span.of(document.text).split())}", [mark])
    return True
