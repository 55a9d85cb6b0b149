import pytest

from rag.retrieval.words import cut


@pytest.mark.parametrize(
    ("text", "folded", "words"),
    [
        # traditional script and full width are folded; single characters are no words
        ("學校心理輔導", "学校心理辅导", {"学校", "心理", "辅导"}),
        ("経费２００万元", "経费200万元", {"200", "万元"}),
        # blanks of page layout between Chinese characters go
        ("心理 辅导", "心理辅导", {"心理", "辅导"}),
        # a word twice is one
        ("学校和学校", "学校和学校", {"学校"}),
        ("", "", set()),
    ],
)
def test_texts_are_folded_and_cut(text: str, folded: str, words: set[str]) -> None:
    (found,) = cut([text])
    assert found.folded == folded
    assert words <= set(found.words)
    assert len(found.words) == len(set(found.words))
    assert all(len(word) > 1 for word in found.words)


def test_texts_are_cut_in_the_order_given() -> None:
    assert [each.folded for each in cut(["甲乙", "丙丁", "甲乙"])] == ["甲乙", "丙丁", "甲乙"]
