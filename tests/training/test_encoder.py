"""What the shipped encoder folder promises, and the parts that make it."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from contrastive import Plan, train
from corpora import Article, DictionaryEntry, PolicyDocument, Translation
from evaluate_encoder import Bm25, EvaluationSet, question_terms, recall, stretch
from export import quantised, save_model
from hard_negatives import HardNegatives
from hypothesis import given, settings
from hypothesis import strategies as st
from model2vec import StaticModel
from pairs import Pair, Source, article_passages, question_source, sentence_source, table_source, title_source
from token_table import join, tokenize
from tokenizers import Tokenizer
from vocabulary import build_vocabulary

from rag.indexes.encoder import StaticEncoder
from rag.text import fold

FOLDER = Path(__file__).parents[2] / "rag/models/policy-static"


@pytest.fixture(scope="module")
def shipped():
    return StaticModel.from_pretrained(FOLDER, force_download=False, quantize_to="float32")


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


@pytest.mark.parametrize(("folder", "most"), [(FOLDER, 16_000_000), (FOLDER.parent, 17_000_000)])
def test_the_models_fit_the_wheel(folder, most):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= most


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (("哪些部门牵头学生心理工作", "学校心理健康教育由教育局负责"), "城市道路停车泊位收费标准"),
        (("老人看病报销", "医疗保险待遇支付"), "河道采砂许可"),
        (("which department is responsible for student mental health?", "学生心理健康工作的责任单位"), "噪声污染防治"),
    ],
)
def test_related_texts_are_nearer_than_unrelated_ones(shipped, near, far):
    question, passage, other = shipped.encode([fold(text) for text in (*near, far)])
    assert question @ passage > question @ other + 0.1


def test_vectors_are_unit_length_and_an_empty_text_is_zero(shipped):
    vectors = shipped.encode(["政务服务", "㐱", ""])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0], atol=1e-5)


def test_a_long_text_is_read_to_its_end(shipped):
    start = "停车收费" * 900
    assert shipped.encode([start])[0] @ shipped.encode([start + "心理健康" * 900])[0] < 0.95


def test_sentence_transformers_gives_the_same_vectors(shipped):
    with warnings.catch_warnings():
        # torch and transformers warn about themselves while they are imported.
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        other = SentenceTransformer(str(FOLDER), device="cpu").float()
        texts = ["哪些部门牵头学生心理工作?", "which departments lead?", "㐱龘市政务服务 ☃", "13家医疗机构" * 200]
        vectors = other.encode(texts)
    np.testing.assert_allclose(vectors, shipped.encode(texts), atol=1e-4)
    np.testing.assert_allclose(StaticEncoder(FOLDER).encode(texts, kind="query"), vectors, atol=1e-4)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("哪些部门牵头学生心理工作?", ["哪些", "部门", "牵头", "学生", "心理", "工作"]),
        ("12345热线", ["12345", "热线"]),
        ("departments", ["department", "s"]),
    ],
)
def test_text_is_cut_into_words(tokenizer, text, pieces):
    assert tokenizer.encode(text, add_special_tokens=False).tokens == pieces


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="政务服务中心关于办理通知的，。 abc12㐱", max_size=40))
def test_pieces_make_up_the_text(tokenizer, text):
    pieces = tokenizer.encode(text, add_special_tokens=False).tokens
    assert "".join(pieces) == "".join(character for character in text if character.isalnum())


@pytest.fixture(scope="module")
def small():
    articles = [
        Article(f"a{i}", f"学校教师{i}", "学校应当开设课程，教师负责教学。家长应当配合，政府提供保障。")
        for i in range(6)
    ]
    documents = [PolicyDocument("关于教育的通知", ("学校开设心理课程，教师负责。", "政府提供经费保障，部门配合。"))]
    translations = [Translation("the teacher teaches", "教师教学", "tatoeba")]
    dictionary = [DictionaryEntry("学校", "xuexiao", is_name=False, glosses=("school",))]
    vocabulary = build_vocabulary(articles, documents, translations, dictionary, [], 200)
    return vocabulary.tokenizer(), articles


def test_no_question_is_its_own_passage_when_its_words_are_taken_out(small):
    cut, articles = small
    source = sentence_source("s", article_passages(cut, articles), np.zeros(0, np.int32), keep_share=0.0)
    drawn = source.draw(np.random.default_rng(1), 6)
    assert drawn
    for question, passage, _ in drawn:
        joined = " ".join(map(str, passage))
        assert " ".join(map(str, question)) not in joined


def test_titles_are_drawn_once_a_batch(small):
    cut, articles = small
    drawn = title_source("t", article_passages(cut, articles)).draw(np.random.default_rng(1), 100)
    assert len(drawn) == len(articles)


def test_training_draws_pairs_together_and_repeats_itself():
    random = np.random.default_rng(0)
    first = random.normal(size=(40, 8)).astype(np.float32)
    left = join([np.array([i], dtype=np.int32) for i in range(20)])
    right = join([np.array([i + 20], dtype=np.int32) for i in range(20)])
    source = table_source("pairs", left, right)
    plan = Plan(steps=60, batch=20, rate=0.05, dropout=0.0)
    trained = [train(first, [(source, 1.0)], plan, seed=3) for _ in range(2)]
    np.testing.assert_array_equal(*trained)
    unit = trained[0] / np.linalg.norm(trained[0], axis=1, keepdims=True)
    assert (np.argmax(unit[:20] @ unit[20:].T, axis=1) == np.arange(20)).all()


def test_a_vector_for_the_unknown_token_is_refused(tmp_path, small):
    cut, _ = small
    vectors = np.ones((cut.get_vocab_size(), 4), dtype=np.float32)
    with pytest.raises(ValueError, match="unknown token"):
        save_model(tmp_path, cut, vectors)
    vectors[0] = 0
    save_model(tmp_path, cut, vectors)
    assert StaticModel.from_pretrained(tmp_path, force_download=False).dim == 4


def test_a_byte_a_number_keeps_the_vectors():
    vectors = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    vectors[0] = 0
    stored = quantised(vectors)
    assert stored["embeddings"].dtype == np.int8
    back = stored["embeddings"] * stored["weights"][:, None]
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    assert (np.abs(back - vectors) <= largest / 254 + 1e-6).all()
    assert not back[0].any()


@pytest.fixture(scope="module")
def laws(small):
    cut, _ = small
    texts = {
        "教师": "教师负责教学。学校开设课程。",
        "家长": "家长应当配合教师。政府配合。",
        "经费": "政府提供经费保障。部门配合。",
    }
    return cut, article_passages(cut, [Article(title, title, text) for title, text in texts.items()])


def test_wrong_passages_are_like_the_question_and_never_its_answer(laws):
    cut, passages = laws
    questions = tokenize(cut, ["教师负责什么", "谁提供经费保障"])
    order = passages.segments.ids.tolist()
    found = HardNegatives(questions, passages, [frozenset({0}), frozenset({2})], cut.get_vocab_size())
    assert [found.of(i).tolist() for i in range(2)] == [[1, 2], [0, 1]]  # all others: there are but three
    vectors = np.random.default_rng(0).normal(size=(cut.get_vocab_size(), 8)).astype(np.float32)
    found.renew(vectors)
    assert 0 not in found.of(0)
    assert 2 not in found.of(1)
    assert len(found.of(0)) == 4
    assert passages.segments.ids.tolist() == order


def test_a_question_brings_its_wrong_passages_along(laws):
    cut, passages = laws
    questions = tokenize(cut, ["教师负责什么", "家长做什么"])
    right = [frozenset({0}), frozenset({1})]
    source = question_source("q", questions, passages, right, lambda i: np.array([2, 1 - i]))
    drawn = source.draw(np.random.default_rng(1), 9)
    assert len(drawn) == 2
    for pair in drawn:
        number = 0 if np.array_equal(pair.passage, passages.titled(0)) else 1
        assert sorted(map(len, pair.wrong)) == sorted(len(passages.titled(i)) for i in (2, 1 - number))


def test_wrong_passages_are_pushed_away():
    """Question 0 and passages 1, 2 start alike; 1 is right and 2 wrong."""
    first = np.eye(4, dtype=np.float32) + 0.5
    one, two, three = (np.array([i], dtype=np.int32) for i in range(3))

    def draw(random, count):
        return [Pair(one, two, (three,))]

    plan = Plan(steps=30, batch=1, rate=0.05, dropout=0.0)
    trained = train(first, [(Source("q", 1, draw), 1.0)], plan, seed=1)
    unit = trained / np.linalg.norm(trained, axis=1, keepdims=True)
    assert unit[0] @ unit[1] > unit[0] @ unit[2] + 0.3


def test_vectors_are_handed_out_as_training_goes_on():
    seen = []
    first = np.eye(4, dtype=np.float32)
    source = table_source("pairs", *(join([np.array([i], dtype=np.int32)]) for i in (0, 1)))
    train(first, [(source, 1.0)], Plan(steps=5), 1, lambda vectors: seen.append(vectors.copy()), renew_every=2)
    assert len(seen) == 3
    np.testing.assert_array_equal(seen[0], first)


def test_bm25_against_a_hand_count():
    scores = Bm25(["甲", "乙乙"]).scores(question_terms(["甲"]))
    # idf = ln(1 + 1.5/1.5); tf 1, length 1; mean length of 甲 (1) and 乙 乙乙 乙 (3) is 2.
    expected = np.log(2) * 2.2 / (1 + 1.2 * (0.25 + 0.75 / 2))
    np.testing.assert_allclose(scores, [[expected, 0]], rtol=1e-5)


def test_stretched_scores_run_from_zero_to_one():
    stretched = stretch(np.array([[5.0, 1.0, 3.0]], dtype=np.float32))
    np.testing.assert_allclose(stretched, [[1, 0, 0.5]])


def test_recall_counts_documents_found_by_either_leg():
    """Document 1 is passages 300 and 301; the first 200 of 302 passages are looked at."""
    owners = np.array([*([0] * 300), 1, 1])
    evaluation = EvaluationSet("x", [], owners, [], [frozenset({0, 1}), frozenset({1})])
    falling = np.tile(np.arange(302, 0, -1, dtype=np.float32), (2, 1))
    assert recall([falling], evaluation) == 0.25
    assert recall([falling, falling[:, ::-1]], evaluation) == 1.0
