"""Sessions ended for somebody or everybody, across processes and whatever the clock says."""

from __future__ import annotations

import pytest

from rag.app.ended_sessions import ENDED_FILE, EndedSessions
from rag.app.sessions import Sessions
from rag.domain.access import Principal, Role
from rag.errors import ConfigurationError

ZHANG = Principal.of_role("张处", Role.STAFF, key_id="ab12")
LI = Principal.of_role("李科", Role.STAFF, key_id="cd34")


@pytest.mark.parametrize(
    ("ended", "goes_on"),
    [
        ([], (True, True)),
        (["张处"], (False, True)),
        (["ab12"], (False, True)),
        (["ab12", "李科"], (False, False)),
        ([None], (False, False)),
        (["王五"], (True, True)),
        (["张"], (True, True)),
    ],
)
def test_whose_sessions_are_over(tmp_path, ended, goes_on):
    sessions = Sessions(tmp_path)
    begun = [(sessions.read(sessions.begun(who)), who) for who in (ZHANG, LI)]
    for name in ended:
        EndedSessions(tmp_path).end(name)  # as another process does
    assert tuple(sessions.goes_on(session, who) for session, who in begun) == goes_on
    again = sessions.read(sessions.begun(ZHANG))
    assert sessions.goes_on(again, ZHANG)


def test_what_was_ended_twice_stays_over(tmp_path):
    ended = EndedSessions(tmp_path)
    marks = [ended.mark("ab12", "张处")]
    for _ in range(3):
        ended.end("张处")
        marks.append(ended.mark("ab12", "张处"))
    assert len(set(marks)) == 4


def test_a_file_that_cannot_be_read_ends_all(tmp_path):
    ended = EndedSessions(tmp_path)
    ended.end("张处")
    for content in (b"[]", b"{", b'{"a": 1}'):
        (tmp_path / ENDED_FILE).write_bytes(content)
        with pytest.raises(ConfigurationError):
            ended.mark("ab12")
    (tmp_path / ENDED_FILE).unlink()
    (tmp_path / ENDED_FILE).mkdir()
    with pytest.raises(ConfigurationError):
        ended.mark("ab12")


def test_the_command(rag, tmp_path):
    index = tmp_path / "index"
    ended = EndedSessions(tmp_path / "state")
    marks = [ended.mark("张处")]
    assert rag("session", "end", "张处", "--index", index, "--json").json == {"ended": "张处"}
    marks.append(ended.mark("张处"))
    assert "所有人" in rag("session", "end", "--all", "--index", index).out
    marks.append(ended.mark("张处"))
    assert len(set(marks)) == 3
    for wrong in ([], ["张处", "--all"], [" "]):
        assert rag("session", "end", *wrong, "--index", index).code == 2
    entries = rag("audit", "show", "--index", index, "--json").json["entries"]
    assert [(e["did"], e["asked"]["name"]) for e in entries] == [("session end", "张处"), ("session end", "--all")]
