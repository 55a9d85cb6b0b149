"""Which of the sentences found may answer."""

from __future__ import annotations

import pytest

from rag.domain.access import Scope
from rag.domain.answer import Status

from .conftest import IndexOf

NEWS = {
    "news.txt": "督导组检查口罩生产\n\n本报2月3日讯 督导组今天到蓝翎防护用品有限公司检查口罩生产，了解原料供应。\n\n"
    "督导组提出，要保证工人的休息。\n",
}


@pytest.mark.parametrize(
    ("question", "name"),
    [("督导组到哪家企业检查口罩生产？", "蓝翎防护用品"), ("督导组检查口罩生产的企业在哪里？", None)],
)
def test_which_one_it_is_news_tell_without_a_site(index_of: IndexOf, question: str, name: str | None) -> None:
    answer = index_of(NEWS).answerer.answer(question, scope=Scope.everything())
    if name is None:
        assert answer.status is Status.NO_EVIDENCE
    else:
        assert name in answer.text
