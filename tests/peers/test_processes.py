"""What a measured process is given, what it may not do, and a comparison from end to end on a collection of our own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import compare
import pytest
from given import Passage, read_passages, read_questions, write
from material import judged, prepare
from memory import peak_memory_mb
from offline import SWITCHES

REPOSITORY = Path(__file__).parents[2]

CORPUS = (
    {"_id": "d1", "title": "云岫市养老服务条例 第三条", "text": "市民政部门负责全市养老服务工作。"},
    {"_id": "d2", "title": "", "text": "农村公路由县级人民政府建设和养护，乡道由乡级人民政府管理。"},
    {"_id": "d3", "title": "空白", "text": " "},
    {"_id": "d4", "title": "校车管理", "text": "校车载有学生时，其他车辆应当让行。"},
)
QUERIES = {"q1": "养老服务归谁管", "q2": "农村公路谁来养护", "q3": "遇到校车怎么办", "q4": "没有判断的问题"}
QRELS = (("q1", "d1"), ("q2", "d2"), ("q3", "d4"))


@pytest.fixture
def data(tmp_path):
    """A folder of data with one set, named as one of ours."""
    folder = tmp_path / "data" / "eval" / "ncp"
    folder.mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in CORPUS), encoding="utf-8")
    lines = (json.dumps({"_id": key, "text": text}) + "\n" for key, text in QUERIES.items())
    (folder / "queries.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("".join(f"{query}\t{document}\t1\n" for query, document in QRELS), "utf-8")
    return tmp_path / "data"


def test_what_is_written_is_read(tmp_path):
    passages = [Passage("甲", "标题\n“引文”\u2028与换行"), Passage("乙", "正文")]
    write(tmp_path / "new", passages, {"q1": "问\n题"})
    assert read_passages(tmp_path / "new") == passages
    assert read_questions(tmp_path / "new") == {"q1": "问\n题"}


def test_passages_carry_their_title_and_come_from_every_document_with_text(data, tmp_path):
    collection = data / "eval" / "ncp"
    prepare(collection, judged(collection, data).questions, tmp_path / "given")
    passages = read_passages(tmp_path / "given")
    assert passages[0] == Passage("d1", "云岫市养老服务条例 第三条\n市民政部门负责全市养老服务工作。")
    assert [passage.document for passage in passages] == ["d1", "d2", "d3", "d4"]
    assert passages[2].text.endswith("空白")  # a row without a text is read from its title


def test_only_judged_questions_are_asked(data):
    found = judged(data / "eval" / "ncp", data)
    assert sorted(found.questions) == ["q1", "q2", "q3"]
    assert found.qrels == {"q1": {"d1": 1}, "q2": {"d2": 1}, "q3": {"d4": 1}}


def test_of_the_set_trained_on_only_questions_kept_out_are_asked(data, tmp_path):
    kept = data / "eval" / "lecoqa"
    (data / "eval" / "ncp").rename(kept)
    import gzip

    with gzip.open(kept / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write((kept / "corpus.jsonl").read_text(encoding="utf-8"))
    numbers = range(400)
    questions = "".join(json.dumps({"_id": f"q{n}", "text": f"第{n}个问题"}) + "\n" for n in numbers)
    (kept / "queries.jsonl").write_text(questions, encoding="utf-8")
    (kept / "qrels.tsv").write_text("head\tof\ttable\n" + "".join(f"q{n}\td1\t1\n" for n in numbers), encoding="utf-8")
    (data / "train").mkdir()
    (data / "train" / "lecoqa_answers.jsonl").write_text("", encoding="utf-8")
    assert len(judged(kept, data).questions) == 300


def test_questions_come_in_an_order_that_does_not_depend_on_the_file(data):
    collection = data / "eval" / "ncp"
    before = list(judged(collection, data).questions)
    lines = (collection / "queries.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (collection / "queries.jsonl").write_text("".join(reversed(lines)), encoding="utf-8")
    assert list(judged(collection, data).questions) == before


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "socket.getaddrinfo('example.org', 443)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))",
    ],
)
def test_no_process_reaches_beyond_the_machine(attempt):
    code = f"import socket\nfrom offline import forbid_connections\nforbid_connections()\n{attempt}"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY / "benchmarks" / "peers",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "ConnectionForbidden" in ended.stderr


def test_switches_are_set_for_each_peer():
    assert SWITCHES["HAYSTACK_TELEMETRY_ENABLED"] == SWITCHES["ANONYMIZED_TELEMETRY"] == "False"
    assert SWITCHES["HF_HUB_OFFLINE"] == "1"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="VmHWM is Linux's")
def test_memory_is_that_of_the_process_itself():
    """Not that of the process which started it."""
    held = bytearray(os.urandom(1) * 300_000_000)
    code = (
        "import sys; sys.path.insert(0, 'benchmarks/peers'); from memory import peak_memory_mb; print(peak_memory_mb())"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert len(held) / 1e6 > float(out.stdout)
    assert peak_memory_mb() >= 300


def compared(data, tmp_path, monkeypatch, *more):
    """Run the command with the product's own interpreter in place of the peers'."""
    monkeypatch.setattr(compare, "PEERS_PYTHON", Path(sys.executable))
    monkeypatch.setattr(compare, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(compare, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(compare, "PAGE", tmp_path / "results.md")
    arguments = ["--data", str(data), "--sets", "ncp", "--systems", "rag", "vectors", *more]
    monkeypatch.setattr(sys, "argv", ["compare.py", *arguments])
    return compare.main()


def test_a_comparison_from_end_to_end_and_again_from_what_was_kept(data, tmp_path, monkeypatch, capsys):
    assert compared(data, tmp_path, monkeypatch, "--update") == 0
    rows = {row["system"]: row for row in json.loads((tmp_path / "results.json").read_text("utf-8"))["rows"]}
    assert rows["rag"]["means"]["nDCG@10"] == 1.0
    assert rows["rag"]["answered"] == rows["vectors alone"]["answered"] == 3
    assert rows["vectors alone"]["difference"] == round(1 - rows["vectors alone"]["means"]["nDCG@10"], 4)
    assert rows["rag"]["peak_memory_mb"] > 0
    assert "| ncp | **rag** | its own | 3 / 3 | 1.0000 |" in (tmp_path / "results.md").read_text("utf-8")
    printed = capsys.readouterr().out

    monkeypatch.setattr(subprocess, "run", lambda *_a, **_k: pytest.fail("measured again"))
    assert compared(data, tmp_path, monkeypatch) == 0
    assert capsys.readouterr().out == printed


def test_a_system_that_fails_is_said_so(data, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setattr(compare, "SWITCHES", {"PYTHONHOME": str(tmp_path)})  # no such installation of Python
    assert compared(data, tmp_path, monkeypatch, "--update") == 0
    assert "ended with exit status" in (tmp_path / "results.md").read_text("utf-8")


def test_a_set_that_is_absent_is_left_out(tmp_path, monkeypatch, capsys):
    assert compared(tmp_path / "nothing", tmp_path, monkeypatch) == 0
    assert "ncp" in capsys.readouterr().err


def test_peers_that_are_not_installed_are_told(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(compare, "PEERS_PYTHON", tmp_path / "none")
    monkeypatch.setattr(sys, "argv", ["compare.py", "--data", str(data), "--systems", "txtai"])
    assert compare.main() == 2
    assert "--install" in capsys.readouterr().err
