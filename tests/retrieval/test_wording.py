"""How sentences differ in wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.wording import Change, Difference, differences

SAME, ADDED, REMOVED = Change.SAME, Change.ADDED, Change.REMOVED


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("感谢您的关心。", "感谢您的关心。", [(SAME, "感谢您的关心。")]),
        (
            "感谢您对教育工作的关心。",
            "感谢您对卫生健康工作的关心。",
            [(SAME, "感谢您对"), (REMOVED, "教育"), (ADDED, "卫生健康"), (SAME, "工作的关心。")],
        ),
        ("感谢您的支持。", "再次感谢您的支持。", [(ADDED, "再次"), (SAME, "感谢您的支持。")]),
        ("我局将继续努力。", "我局将努力。", [(SAME, "我局将"), (REMOVED, "继续"), (SAME, "努力。")]),
        # script and width are no difference, and the sentence found is shown as it is written
        ("社会心理服务体系建设", "社會心理服務體系建設", [(SAME, "社會心理服務體系建設")]),
        ("", "特此函复。", [(ADDED, "特此函复。")]),
    ],
)
def test_differences(before, after, found):
    assert [*differences(before, after)] == [Difference(*each) for each in found]


@given(st.text(alphabet="感谢您对的工作教育卫生，。 2025", max_size=40), st.text(max_size=40))
def test_each_sentence_can_be_put_together_again(before, after):
    found = differences(before, after)
    assert "".join(d.text for d in found if d.change is not Change.REMOVED) == after
    back = differences(after, before)
    assert "".join(d.text for d in back if d.change is not Change.REMOVED) == before
