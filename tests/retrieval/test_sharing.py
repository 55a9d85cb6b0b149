"""What one answer looks for twice is searched for once, and shows the same."""

from __future__ import annotations

import pytest

from rag.app.reader import Reader
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.domain.passage import Hit, Passage
from rag.domain.span import Span
from rag.retrieval.sharing import AT_LEAST, Asked, SharedSearches

ALL = Scope.everything()
HITS = [Hit(Passage(f"a-{at}", "a", at, Span(at, at + 1), (), None, "字"), 1 - at / 100) for at in range(90)]


class Index:
    """Counts how often, and for how many, it is searched."""

    def __init__(self, hits: list[Hit]) -> None:
        self.hits, self.asked = hits, []

    def find(self, most: int) -> list[Hit]:
        self.asked.append(most)
        return self.hits[:most]


@pytest.fixture
def asked(sample: Reader) -> Asked:
    return sample.searcher.understand("心理热线", scope=ALL), ALL, Filters()


def test_without_an_answer_being_made_each_search_is_its_own(asked: Asked) -> None:
    shared, index = SharedSearches(), Index(HITS)
    assert shared.get(asked, 3, index.find) == shared.get(asked, 3, index.find) == HITS[:3]
    assert index.asked == [3, 3]


def test_what_was_found_serves_all_that_ask_for_no_more(asked: Asked) -> None:
    shared, index = SharedSearches(), Index(HITS)
    with shared.sharing():
        assert shared.get(asked, 3, index.find) == HITS[:3]
        with shared.sharing():
            assert shared.get(asked, AT_LEAST, index.find) == HITS[:AT_LEAST]
        assert shared.get(asked, 60, index.find) == HITS[:60]
        assert shared.get(asked, 50, index.find) == HITS[:50]
    assert index.asked == [AT_LEAST, 60]
    assert shared.get(asked, 3, index.find) == HITS[:3]
    assert index.asked == [AT_LEAST, 60, 3]  # the answer is made


def test_fewer_than_asked_for_are_all_there_are(asked: Asked) -> None:
    shared, index = SharedSearches(), Index(HITS[:5])
    with shared.sharing():
        assert shared.get(asked, 10, index.find) == shared.get(asked, 90, index.find) == HITS[:5]
    assert index.asked == [AT_LEAST]


def test_scopes_and_filters_share_nothing(asked: Asked) -> None:
    shared, index = SharedSearches(), Index(HITS)
    with shared.sharing():
        for other in (asked, (asked[0], Scope.public(), asked[2]), (asked[0], ALL, Filters(place="云岫"))):
            shared.get(other, 3, index.find)
    assert len(index.asked) == 3


@pytest.mark.parametrize("text", ["心理热线", "电梯补助", "mental health hotline"])
def test_a_shared_search_finds_what_one_by_itself_does(sample: Reader, text: str) -> None:
    question = sample.searcher.understand(text, scope=ALL)
    alone = [sample.searcher.search(question, scope=ALL, filters=Filters(), top_k=most) for most in (3, 20, 60)]
    with sample.searcher.sharing():
        assert alone == [
            sample.searcher.search(question, scope=ALL, filters=Filters(), top_k=most) for most in (3, 20, 60)
        ]
