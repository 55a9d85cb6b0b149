import numpy as np
from alignment import Bitext, align, word_ids


def test_words_seen_together_and_only_together_are_translations():
    english_ids: dict[str, int] = {}
    chinese_ids: dict[str, int] = {}
    english = word_ids([["new", "school"], ["new", "road"], ["old", "road"], ["old", "school"]], english_ids)
    chinese = word_ids([["新", "学校"], ["新", "道路"], ["旧", "道路"], ["旧", "学校"]], chinese_ids)
    aligned = align(Bitext(english, chinese, np.ones(4)), len(english_ids), len(chinese_ids))
    score = {
        (list(english_ids)[e], list(chinese_ids)[z]): s
        for e, z, s in zip(aligned.english, aligned.chinese, aligned.scores, strict=True)
    }
    for word, translation, other in (("school", "学校", "新"), ("road", "道路", "旧"), ("new", "新", "道路")):
        assert score[word, translation] > 0.8
        assert score[word, other] < 0.2


def test_a_pair_weighs_by_its_weight():
    ids: dict[str, int] = {}
    english = word_ids([["lead"], ["lead"]], ids)
    chinese_ids: dict[str, int] = {}
    chinese = word_ids([["牵头"], ["铅"]], chinese_ids)
    aligned = align(Bitext(english, chinese, np.array([3.0, 1.0])), 1, 2)
    first, second = aligned.scores
    assert first > second
    # t(zh|en) is 3/4 and 1/4; t(en|zh) is 1 for both, each Chinese word having one partner.
    np.testing.assert_allclose([first, second], np.sqrt([0.75, 0.25]), atol=1e-6)
