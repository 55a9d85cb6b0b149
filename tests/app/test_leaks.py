"""Nobody sees, counts or guesses what they may not: every route, six principals, against servers without the hidden documents.

The short form; ``benchmarks/leaks.py`` is the long one.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from .leaks import DOCUMENTS, LABELS, PRINCIPALS, UNSCOPED, Rig, requests, routes_of


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    rig = Rig(tmp_path_factory.mktemp("leaks"))
    yield rig
    rig.close()


def machine_of(rig: Rig) -> type[RuleBasedStateMachine]:
    """Return the machine that asks and changes at random; also for the long form."""
    asked = requests(rig)

    class Leaks(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            rig.reset()

        @rule(who=st.sampled_from(PRINCIPALS), asked=st.sampled_from(sorted(asked)).flatmap(asked.__getitem__))
        def ask(self, who, asked) -> None:
            rig.check(who, asked)

        # Again and again, so that most steps ask.
        @rule(who=st.sampled_from(PRINCIPALS), asked=st.sampled_from(sorted(asked)).flatmap(asked.__getitem__))
        def ask_more(self, who, asked) -> None:
            rig.check(who, asked)

        @rule(document=st.sampled_from(DOCUMENTS), label=st.sampled_from(LABELS), asks=st.booleans())
        def relabel_or_restore(self, document, label, asks) -> None:
            if asks or rig.labels.get(document.source) == label:
                return
            rig.change({**rig.labels, document.source: label})

        @rule(document=st.sampled_from(DOCUMENTS), asks=st.integers(0, 3))
        def delete(self, document, asks) -> None:
            if asks or document.source not in rig.labels or len(rig.labels) < 4:
                return
            rig.delete(document.source)

    return Leaks


def test_every_route_is_asked(rig):
    """A route that nobody thought of scope for fails here: add it to ``requests``, or to ``UNSCOPED`` if it reads nothing."""
    assert routes_of(rig.client) == set(requests(rig)) | UNSCOPED


def test_nothing_leaks(rig):
    run_state_machine_as_test(
        machine_of(rig),
        settings=settings(
            max_examples=4,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
