"""What the interface answers is what its description says, whatever is sent; the long form is ``benchmarks/fuzz.py``."""

from __future__ import annotations

import pytest

from .fuzzing import Rig, told


@pytest.fixture(scope="module")
def rig(built, tmp_path_factory):
    rig = Rig(tmp_path_factory.mktemp("fuzz"), built)
    yield rig
    rig.close()


@pytest.mark.parametrize(
    ("caller", "phases", "expected"),
    [
        ("anonymous", ("fuzzing",), {("POST /api/v1/ask", 200), ("POST /api/v1/documents", 401)}),
        (
            "admin",
            ("examples", "fuzzing", "stateful"),
            {("POST /api/v1/documents", 201), ("DELETE /api/v1/documents/{document_id}", 200)},
        ),
    ],
)
def test_what_is_drawn_is_answered_as_described(rig, caller, phases, expected):
    outcome = rig.fuzz(caller, examples=2, phases=phases)
    assert not list(told(outcome))
    assert expected <= outcome.answers.keys()
    assert outcome.checks > 300


def test_the_borders_of_every_schema_are_held_as_described(rig):
    outcome = rig.fuzz("operator", examples=1, phases=("coverage",), operations=("search", "document"))
    assert not list(told(outcome))
    assert outcome.checks > 1_000
    assert {200, 404, 405, 422} <= {status for _, status in outcome.answers}
