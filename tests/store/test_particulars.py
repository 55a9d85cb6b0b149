"""Words are found in either script and width; what no word names matches nothing."""

from __future__ import annotations

import pytest

from rag.store.particulars import pattern_of


@pytest.mark.parametrize(
    ("words", "text", "is_held"),
    [
        (("热线",), "启用心理援助热线", True),
        (("热线",), "啟用心理援助熱線", True),
        (("热线",), "热线路", True),
        (("热线",), "热水管线", False),
        (("公交", "巴士"), "巴士站", True),
        (("12356",), "“１２３５６”热线", True),
        (("12356",), "1 2356", False),
        (("公交车",), "公交 车", True),
        (("a.c",), "abc", False),
        (("npc",), "NPC suggestion", True),
    ],
)
def test_words_are_found_as_documents_write_them(words: tuple[str, ...], text: str, is_held: bool) -> None:
    assert (pattern_of(words).search(text) is not None) is is_held
