"""``benchmarks/quality.py`` on the sample alone: what it updates, what it leaves, when it fails."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def quality(monkeypatch, tmp_path, cache):
    """Run the command on the sample; it updates files of the test."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = import_module("quality")
    monkeypatch.setattr(module, "EXPECTED", tmp_path / "expected.json")
    monkeypatch.setattr(module, "PAGE", tmp_path / "quality.md")
    (tmp_path / "quality.md").write_text("as it was", encoding="utf-8")

    def run(*arguments):
        given = ["--data", tmp_path / "none", "--cache", cache, "--no-answers", "--sets", "sample", *arguments]
        monkeypatch.setattr(sys, "argv", ["quality.py", *map(str, given)])
        return module.main()

    return run


@pytest.fixture
def expect(tmp_path):
    def write(values):
        (tmp_path / "expected.json").write_text(json.dumps(values), encoding="utf-8")

    return write


def test_an_update_of_a_part_leaves_the_rest(quality, expect, tmp_path, capsys):
    expect({"lecoqa": {"nDCG@10": 0.5}, "sample": {"nDCG@10": 0.1}})
    assert quality("--update") == 0
    found = json.loads((tmp_path / "expected.json").read_text(encoding="utf-8"))
    assert found["lecoqa"] == {"nDCG@10": 0.5}
    assert found["sample"]["nDCG@10"] > 0.5
    assert found["sample"].keys() >= {"P@1", "Recall@10", "Recall@100", "MRR@10"}
    assert (tmp_path / "quality.md").read_text(encoding="utf-8") == "as it was"
    assert "left as it was" in capsys.readouterr().err


def test_a_set_that_is_missing_keeps_the_page(quality, tmp_path, capsys):
    assert quality("ncp", "--update") == 0
    assert "ncp: " in capsys.readouterr().err
    assert (tmp_path / "quality.md").read_text(encoding="utf-8") == "as it was"


@pytest.mark.parametrize(("value", "code"), [(1.2, 1), (0.1, 0)])
def test_what_fell_is_told(quality, expect, capsys, value, code):
    expect({"sample": {"nDCG@10": value}})
    assert quality() == code
    assert ("below what is expected: sample nDCG@10" in capsys.readouterr().err) == bool(code)


def test_runs_are_kept_and_compared(quality, tmp_path, capsys):
    before = tmp_path / "before.json"
    assert quality("--out", before, "--runs", tmp_path / "runs") == 0
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {"sample.jsonl", "sample.trec", "sample.html"}
    capsys.readouterr()
    assert quality("--against", before) == 0
    assert "| sample | +0.0000 | +0.0000 … +0.0000 | 0 | 0 | 1.0000 |" in capsys.readouterr().out
