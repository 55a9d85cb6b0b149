"""Nobody sees, counts or guesses what they may not: every route, six principals, against servers without the hidden documents.

The short form, driven by hypothesis; ``benchmarks/leaks.py`` is the long one, a walk that asks every route as every
principal a like number of times. Both are ``leaks.walk``.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from .leaks.asking import UNSCOPED, Asking, routes_of
from .leaks.documents import DOCUMENTS, FOLDERS
from .leaks.principals import ADMIN, PRINCIPALS
from .leaks.rig import BY_ID, Rig
from .leaks.walk import Walk


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    rig = Rig(tmp_path_factory.mktemp("leaks"))
    yield rig
    rig.close()


def machine_of(rig: Rig) -> type[RuleBasedStateMachine]:
    """Return the machine that asks and changes. What is chosen within a step follows from its seed, evenly."""
    routes = Asking(Random(0)).routes

    class Leaks(RuleBasedStateMachine):
        @initialize(seed=st.integers(0, 2**32))
        def begin(self, seed) -> None:
            rig.reset()
            self.walk = Walk(rig, Random(seed))

        @rule(who=st.permutations(PRINCIPALS), route=st.permutations(routes))
        def ask(self, who, route) -> None:
            for each in who[:3]:
                self.walk.ask(each, route[0])

        @rule(who=st.permutations(PRINCIPALS), route=st.permutations(routes))
        def ask_more(self, who, route) -> None:
            for each in route[:3]:
                self.walk.ask(who[0], each)

        @rule()
        def change(self) -> None:
            self.walk.change()

    return Leaks


def test_every_route_is_asked(rig):
    """A route that nobody thought of scope for fails here: add it to ``Asking``, or to ``UNSCOPED`` if it reads nothing."""
    assert routes_of(rig.app) == set(Asking(Random(0)).routes) | UNSCOPED


def test_nothing_leaks(rig):
    run_state_machine_as_test(
        machine_of(rig),
        settings=settings(
            max_examples=2,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_rig_finds_a_leak(rig):
    """What the operator sees is not what anybody else may be shown; a comparison that passes it by compares nothing."""
    rig.reset()
    hidden = next(d for d in BY_ID.values() if d.label == "internal")
    anonymous = PRINCIPALS[0]._replace(role=ADMIN.role, name=ADMIN.name)  # asks with the operator's key
    with pytest.raises(AssertionError, match="was told"):
        rig.check(anonymous, ("GET", f"/api/v1/documents/{hidden.document_id}", {}))
    with pytest.raises(AssertionError, match=r"can tell|was told"):
        rig.check(anonymous, ("GET", "/api/v1/documents", {"params": {"limit": 1, "facets": "true"}}))


def test_what_hiding_may_be_told_by_is_there(rig):
    """Without what documents tell of each other, and of their files, the comparison would have nothing to find."""
    rig.reset()

    def got(path, **params):
        return rig.ask(ADMIN, ("GET", path, {"params": params}))

    patterned, twin, page = DOCUMENTS[5], DOCUMENTS[17], DOCUMENTS[22]
    answer = got("/ask/answer.json", q=f"{patterned.number}还有效吗？").json()
    assert answer["answer"].startswith("否。")
    answer = got("/ask/answer.json", q="临洲市民政局托育补助发放办法第二条规定了什么？").json()
    assert {citation["source"] for citation in answer["citations"]} == {"plans/办法-16.txt"}
    assert got(f"/api/v1/documents/{twin.document_id}").json()["also_in"]
    assert got(f"/documents/{page.document_id}/pages/1.png").headers["content-type"] == "image/png"
    copied, citing, cited = DOCUMENTS[19], DOCUMENTS[20], DOCUMENTS[2]
    assert set(got(f"/api/v1/documents/{copied.document_id}").json()["sources"]) == set(copied.sources)
    assert len(copied.sources) == len(FOLDERS)
    for one, other in ((citing, cited), (cited, citing)):
        assert f'href="/documents/{other.document_id}' in got(f"/documents/{one.document_id}").text
    assert "数值不一致" in got("/ask/answer.json", q="汐川县现有公办幼儿园多少所？").json()["answer"]
