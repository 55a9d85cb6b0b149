"""Who may repeal what (废止权限): a document that says of any other that it is repealed has not repealed it.

A text is repealed by the organ that made it or by one above it (立法法, 2023, articles 107 and 108; 规章制定程序条例,
article 38; 党政机关公文处理工作条例, article 4), and not before it was there. What a document says beyond that stays what it says:
it is shown on its page, and changes no answer.
"""

from __future__ import annotations

import re

from rag.domain.document import DocumentSummary
from rag.parsing.agencies import same_agency
from rag.parsing.authority import Authority, Rank, authority_of
from rag.parsing.gazetteer import parts
from rag.text import DOCUMENT_NUMBER, normalize_document_number, squeeze

_GOVERNMENT = re.compile(
    r"人民政府(?:办公[厅室])?$|(?:人民代表大会|人大)(?:常务委员会|常委会)?$|^(?:中共)?[^局部厅]{0,12}委(?:员会)?办公[厅室]$"
)


def may_repeal(repealing: DocumentSummary, repealed: DocumentSummary) -> bool:
    """Tell whether one document may repeal another: by its date, and because one organ issued both or it stands above.

    In doubt it may not: where nothing tells who issued it, or from where.
    """
    if repealing.issued_on and repealed.issued_on and repealing.issued_on < repealed.issued_on:
        return False
    if _is_one_organ(repealing, repealed):
        return True
    above, below = _authority(repealing), _authority(repealed)
    if above.rank < Rank.LOCAL:
        return above.rank < below.rank
    if above.rank is not Rank.LOCAL or above.place is None or below.place is None:
        return False
    over, under = parts(above.place), parts(below.place)
    if under[: len(over)] == over and len(under) > len(over):
        return True
    return over == under and repealing.issuer is not None and _GOVERNMENT.search(squeeze(repealing.issuer)) is not None


def _is_one_organ(one: DocumentSummary, other: DocumentSummary) -> bool:
    if one.issuer and other.issuer:
        return same_agency(squeeze(one.issuer), squeeze(other.issuer))
    code = _code(one)
    return code is not None and code == _code(other)


def _code(document: DocumentSummary) -> str | None:
    """Return the agency code of a 文号: 岫建发 of 岫建发〔2020〕15号."""
    match = DOCUMENT_NUMBER.search(normalize_document_number(document.document_number or ""))
    return match["code"] if match else None


def _authority(document: DocumentSummary) -> Authority:
    return authority_of(document.title, document.issuer, document.place)
