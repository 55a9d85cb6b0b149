"""Odd words on the command line: one JSON value on stdout or a message on stderr, never a traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

_WORDS = st.one_of(
    st.text(max_size=60),
    st.text("托育心理 牵头\u3000\u200b\ufeff〔2024〕1号《》?？[](){}*^~\"'\\\\:/-+\t\n\x00", min_size=1, max_size=40),
)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_odd_words_are_answered_or_refused(command, rag, built):
    codes = set()

    @settings(
        max_examples=6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(words=_WORDS)
    @example(words="\udcff")  # what a shell hands over of bytes that are no text
    @example(words="长" * 2_001)
    @example(words="a\x00b AND (OR")
    @example(words="")
    @example(words="-")
    def every(words):
        ran = rag(command, "--json", "--index", built.index_dir, "--", words)
        codes.add(ran.code)
        assert "Traceback" not in ran.err
        if ran.code:
            assert ran.code == 2
            assert ran.err.strip()
            assert not ran.out.strip()
        else:
            value = json.loads(ran.out)
            assert (
                value["status"] in ("answered", "no_evidence") if command == "ask" else isinstance(value["hits"], list)
            )

    every()
    assert codes == {0, 2}
