"""The page: written anew above the notes, as they were below; what was not measured stands as it was."""

import dataclasses

import pytest
from results import NOTES, Row, ahead_table, merged, page, read, results_table, write


def row(system="txtai", tokens="default", name="ncp", **changes):
    base = Row(
        set=name,
        system=system,
        tokens=tokens,
        passages=9,
        asked=4,
        answered=4,
        means={"nDCG@10": 0.5, "Recall@10": 0.75, "Recall@100": 1.0},
        index_seconds=1.5,
        p50_ms=12.34,
        p95_ms=56.7,
        peak_memory_mb=1234.4,
        difference=0.125,
        p_value=0.0312,
        load=0.9,
        versions={"txtai": "9.14.0"},
    )
    return dataclasses.replace(base, **changes)


def test_a_row_of_the_table():
    line = results_table([row()]).splitlines()[-1]
    assert line == "| ncp | txtai | default | 4 / 4 | 0.5000 | 0.7500 | 1.0000 | 1.5 | 12.3 | 56.7 | 1,234 |"


def test_a_system_that_gave_nothing_has_dashes_and_a_reason():
    given_up = Row("lecoqa", "Haystack", "default", 9, 300, given_up="over 12 min", load=1.0)
    line = results_table([given_up]).splitlines()[-1]
    assert line == "| lecoqa | Haystack | default | 0 / 300 † | – | – | – | – | – | – | – |"
    assert "† Haystack, default, on lecoqa: over 12 min." in page([given_up], "a machine", "")


def test_a_system_that_was_cut_off_is_compared_on_what_it_answered():
    text = page([row(asked=300, answered=17, ours_on_the_same=0.6)], "a machine", "")
    assert "the time for searching was up after 17 questions; on these rag has nDCG@10 0.6000." in text
    assert "17 / 300 †" in text


def test_notes_survive_an_update():
    first = page([row()], "a machine", "")
    text = page([row(p50_ms=99.0)], "another machine", first + "\n## Why\n\nBecause of this.\n")
    assert "99.0" in text
    assert "12.3" not in text
    assert text.endswith(f"{NOTES}\n\n## Why\n\nBecause of this.\n")
    assert page([row()], "a machine", text).count(NOTES) == 1


@pytest.mark.parametrize(("load", "warns"), [(0.9, False), (1.4, False), (9.5, True)])
def test_a_busy_machine_is_told(load, warns):
    assert ("busy with other work" in page([row(load=load)], "a machine", "")) is warns


def test_the_best_peer_is_that_which_comes_nearest_to_us():
    """Not that of most nDCG: one that was cut off answered other questions. Vectors alone are no peer."""
    rows = [
        row("rag", "its own", difference=None, p_value=None),
        row("txtai", difference=0.2),
        row("Haystack", difference=-0.01, p_value=0.4, means={"nDCG@10": 0.3}),
        row("vectors alone", "none", difference=-0.5),
        row("txtai", name="mailbox", difference=0.05),
    ]
    lines = ahead_table(rows).splitlines()[2:]
    assert lines == [
        "| ncp | Haystack, default | 0.3000 | -0.0100 | 0.4000 |",
        "| mailbox | txtai, default | 0.5000 | +0.1250 | 0.0312 |".replace("+0.1250", "+0.0500"),
    ]


def test_a_peer_that_answered_next_to_nothing_is_not_compared():
    slow = row("Haystack", asked=300, answered=29, difference=-0.2)
    assert "Haystack" not in ahead_table([row(), slow])
    assert "Haystack" in ahead_table([row(), dataclasses.replace(slow, answered=30)])


def test_an_update_of_a_part_keeps_the_rest_in_order():
    before = [row("txtai"), row("Haystack"), row("gone")]
    now = [row("Haystack", p50_ms=1.0)]
    order = [("ncp", "Haystack", "default"), ("ncp", "txtai", "default"), ("ncp", "rag", "its own")]
    assert merged(before, now, order) == [now[0], before[0]]


def test_rows_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "results.json"
    assert read(path) == []
    rows = [row(), row("Haystack", ours_on_the_same=0.5)]
    write(path, "a machine", rows)
    assert read(path) == rows
