"""Names searched as one types: any part, any field, any spelling; in the order of the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.store.names import Named, Names, is_title_of, words_of

TITLES = (
    (7, ("关于青溪市校园安全的复函", "青教函〔2024〕12号", "青溪市教育局")),
    (3, ("青溪市既有住宅加装电梯办法", "青建规〔2022〕3号", "青溪市住房和城乡建设局")),
    (9, ("校园餐管理办法", None, "棠湾市教育局")),
    (1, (None, None, None)),
    (4, ("關於校園周邊交通的通知", "棠公发〔2023〕8号", None)),
)
NAMES = Names(Named(row, names) for row, names in TITLES)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("校园", [7, 9, 4]),
        ("校園", [7, 9, 4]),  # traditional and simplified alike
        ("校 园", [7, 9, 4]),
        ("教育局", [7, 9]),  # the issuer
        ("青教函〔2024〕12号", [7]),
        ("青教函(2024)12", [7]),  # brackets of any kind
        ("青教函202412", [7]),
        ("２０２４", [7]),
        ("棠湾 办法", [9]),  # words of two fields
        ("办法 青溪", [3]),
        ("号青溪", []),  # not over the end of a field
        ("局青溪", []),
        ("校园 校园", [7, 9, 4]),
        ("电梯 校园", []),
        ("", []),
        ("〔〕 ，", []),
    ],
)
def test_what_is_held(query, rows):
    assert NAMES.holding(query) == rows


def test_titles_that_begin_so_come_first():
    assert NAMES.beginning("校园", 10) == [9, 7, 4]
    assert NAMES.beginning("校园", 2) == [9, 7]
    assert NAMES.beginning("校园", 1) == [9]
    assert NAMES.beginning("", 10) == []


@pytest.mark.parametrize(
    ("mentioned", "title", "expected"),
    [
        ("校园餐管理办法", "校园餐管理办法", True),
        ("社会保险法", "中华人民共和国社会保险法", True),
        ("青溪市公共停车场管理办法", "青溪市人民政府关于印发《青溪市公共停车场管理办法》的通知", True),
        ("青溪市公共停车场管理办法", "青溪市人民政府关于印发青溪市公共停车场管理办法的通知", True),
        ("停车场管理办法", "青溪市人民政府关于印发《青溪市公共停车场管理办法》的通知", False),
        ("关于推进公共停车场建设的意见", "青溪市人民政府关于推进公共停车场建设的意见", True),
        ("的意见", "青溪市人民政府关于推进公共停车场建设的意见", False),  # too short to be the end of any one
        ("管理办法", "青溪市公共停车场管理办法", False),
        (None, None, False),
    ],
)
def test_what_a_cited_title_means(mentioned, title, expected):
    assert is_title_of(mentioned, title) is expected
    if mentioned:
        assert (Names([Named(5, (title, None, None))]).titled(mentioned) == 5) is expected


def test_no_document_at_all():
    assert Names([]).holding("校园") == []
    assert len(Names([])) == 0


SIGNS = st.text(alphabet="校园安全青溪市2024〔〕 号", max_size=8)


@given(st.lists(SIGNS, max_size=8), SIGNS)
def test_as_looking_at_each(titles, query):
    names = Names(Named(row, (title,)) for row, title in enumerate(titles))
    words = words_of(query)
    expected = [
        row for row, title in enumerate(titles) if words and all(word in "".join(words_of(title)) for word in words)
    ]
    assert names.holding(query) == expected
    assert sorted(names.beginning(query, 100)) == expected
