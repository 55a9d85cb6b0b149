import threading
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.memory import TextMemory


def lengths(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


class Counting:
    """Gives lengths, and knows what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.asked.append(list(texts))
        return lengths(texts)


def test_a_text_is_worked_out_once() -> None:
    work = Counting()
    memory = TextMemory(10, work)
    assert memory.of(["甲", "乙丙", "甲"]) == [1, 2, 1]
    assert memory.of(["乙丙", "丁"]) == [2, 1]
    assert work.asked == [["甲", "乙丙"], ["丁"]]


def test_nothing_new_asks_for_nothing() -> None:
    work = Counting()
    memory = TextMemory(10, work)
    assert memory.of([]) == []
    memory.of(["甲"])
    memory.of(["甲"])
    assert work.asked == [["甲"]]


def test_past_the_most_all_are_forgotten() -> None:
    work = Counting()
    memory = TextMemory(2, work)
    memory.of(["甲", "乙"])
    memory.of(["丙"])
    memory.of(["甲"])
    assert work.asked == [["甲", "乙"], ["丙"], ["甲"]]


@given(st.lists(st.lists(st.text(max_size=3), max_size=6), max_size=8), st.integers(1, 5))
def test_what_is_kept_never_changes_a_value(calls: list[list[str]], most: int) -> None:
    memory = TextMemory(most, lengths)
    assert [memory.of(texts) for texts in calls] == [lengths(texts) for texts in calls]


def test_threads_may_share_it() -> None:
    memory = TextMemory(3, lengths)
    wrong: list[object] = []

    def ask(first: int) -> None:
        for number in range(300):
            texts = [str((first + number + i) ** 5) for i in range(4)]
            if memory.of(texts) != lengths(texts):
                wrong.append(texts)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
