"""Documents that disagree (说法不一): different figures for one thing, each shown with its document, newest first.

Only what is stated as a fact is compared: what is to be reached or is a least measure is no other count of the thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rag.answering.evidence import Evidence, is_target
from rag.answering.intent import Intent, Reading
from rag.answering.kinds import asked_unit
from rag.answering.refusal import support
from rag.parsing.numbers import ARABIC, scaled
from rag.retrieval.question import Question
from rag.text import fold, squeeze

SAYS_SO = "以上各件给出的数值不一致，按成文日期由新到旧排列。"

_NEAR_BEST = 0.85
_LEAST_OWN = 0.6


def disagreeing(question: Question, reading: Reading, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the best sentence of each document where documents of one place give different figures, newest first.

    Args:
        question: For one figure of no year in particular; of others nothing is returned.
        reading: Its intent.
        evidence: Supported candidates, best first.
    """
    unit = asked_unit(question)
    if reading.intent is not Intent.FIGURE or reading.across or question.years or not unit or not evidence:
        return []
    least, own = _NEAR_BEST * max(map(support, evidence)), _LEAST_OWN * max(e.own for e in evidence)
    first: dict[str, Evidence] = {}
    for each in evidence:
        if each.fits and not is_target(each.text) and support(each) >= least and each.own >= own:
            first.setdefault(each.document.document_id, each)
    told = [(each, values) for each in first.values() if (values := _values(each.text, unit))]
    if len(told) < 2 or len({each.document.place for each, _ in told}) != 1 or told[0][0].document.place is None:
        return []
    if all(values == told[0][1] for _, values in told):
        return []
    return sorted((each for each, _ in told), key=_newest_first)


def _values(text: str, unit: str) -> frozenset[Decimal]:
    """Return what the figures of a sentence come to that are in the unit asked for: 2.48万 and 24800 are one."""
    found = re.finditer(rf"(?P<number>{ARABIC})(?P<scale>[万亿千百]?)余?{re.escape(unit)}", squeeze(fold(text)))
    return frozenset(scaled(Decimal(m["number"].replace(",", "")), m["scale"]) for m in found)


def _newest_first(evidence: Evidence) -> tuple[int, str]:
    issued = evidence.document.issued_on or date.min
    return -issued.toordinal(), evidence.document.source
