"""The command line: every command, its JSON, its exit codes. A few run as real processes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing, contextmanager

import openpyxl
import pytest
from typer.main import get_command

from rag import __version__
from rag.app.cli import app
from rag.app.wiring import Engine

_NOBODY = 65534

COMMANDS = sorted(get_command(app).commands)


@pytest.fixture
def index(built):
    return ("--index", built.index_dir)


def test_the_commands_are_those_of_the_contract():
    assert set(COMMANDS) >= {
        "ingest",
        "ask",
        "search",
        "documents",
        "show",
        "duties",
        "commitments",
        "events",
        "eval",
        "serve",
        "verify",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_json_and_index(rag, command):
    ran = rag(command, "--help")
    assert ran.code == 0
    found = get_command(app).commands[command]
    for each in getattr(found, "commands", {"": found}).values():  # rag key has commands of its own
        options = {option for parameter in each.params for option in parameter.opts}
        assert {"--json", "--index"} <= options


def test_the_version(rag):
    ran = rag("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"rag {__version__}\n", "")


def test_names_in_ascii_alone_are_refused(rag, monkeypatch):
    """``PYTHONUTF8=0`` in the C locale: no file with a Chinese name could be opened."""
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    ran = rag("documents")
    assert (ran.code, ran.out) == (2, "")
    assert "PYTHONUTF8=1" in ran.err


# --------------------------------------------------------------------------------------------- ask


def test_ask_as_json_and_for_people(rag, index):
    body = rag("ask", "哪个部门牵头开齐心理课程？", "--json", *index).json
    assert body["status"] == "answered"
    assert body["duties"][0]["lead"] == ["市教育局"]
    ran = rag("ask", "哪个部门牵头开齐心理课程？", *index)
    assert ran.code == 0
    for words in (
        "牵头：市教育局",
        "配合：市卫生健康委、团市委",
        "临政办发〔2024〕8号",
        "plans/2024-linzhou-psychology.txt",
    ):
        assert words in ran.out


def test_a_refusal_is_no_failure(rag, index):
    ran = rag("ask", "火星基地的氧气由谁供应？", "--json", *index)
    assert ran.code == 0
    assert ran.json["status"] == "no_evidence"
    ran = rag("ask", "火星基地的氧气由谁供应？", *index)
    assert ran.code == 0
    assert "没有依据" in ran.out


def test_filters_narrow_an_answer(rag, index):
    assert rag("ask", "冲锋舟有多少艘？", "--place", "临洲", "--json", *index).json["status"] == "no_evidence"
    assert "42" in rag("ask", "冲锋舟有多少艘？", "--place", "汐川", "--json", *index).json["answer"]


def test_a_batch_answers_each_line_and_names_the_bad_ones(rag, index, tmp_path):
    lines = [
        '\ufeff{"id": "a", "question": "冲锋舟有多少艘？", "note": "passed over"}',
        "",
        "not json",
        '{"id": 3}',
        '{"id": 4, "question": 5}',
        '{"id": 5, "question": ""}',
        '{"question": "没有编号"}',
        '[1, "x"]',
        '{"id": 8, "question": "\\ud800"}',
        "[" * 5_000,
        # U+2028 ends a line for Python, not for JSON
        '{"id": "b", "question": "每台电梯\u2028补助多少？"}',
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    ran = rag("ask", "--batch", file, *index)
    assert ran.code == 1
    values = [json.loads(line) for line in ran.out.splitlines() if line]
    assert [value["id"] for value in values] == ["a", None, 3, 4, 5, None, None, 8, None, "b"]
    assert values[0]["status"] == values[-1]["status"] == "answered"
    for number, value in zip((3, 4, 5, 6, 7, 8, 9, 10), values[1:-1], strict=True):
        assert value.keys() == {"id", "error"}
        assert value["error"].startswith(f"line {number}: ")


def test_a_good_batch_ends_well(rag, index, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": 1, "question": "火星基地的氧气由谁供应？"}\n', encoding="utf-8")
    ran = rag("ask", "--batch", file, "--json", *index)
    assert ran.code == 0
    assert ran.json["id"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", ""],
        ["ask", " "],
        ["ask", "问" * 34_000],  # 100 kB
        ["ask", "热线？", "--batch", "questions.jsonl"],
        ["ask", "--batch", "no-such-file.jsonl"],
        ["ask", "热线？", "--top-k", "0"],
        ["ask", "热线？", "--kind", "memo"],
        ["ask", "热线？", "--year-from", "99999"],
        ["ask", "热线？", "--colour", "red"],
        ["search", ""],
        ["search", "询" * 34_000],
        ["search", "热线", "--issuer", "\udcff"],
        ["search", "\udcff"],
        ["documents", "--limit", "0"],
        ["documents", "--offset", "9" * 30],
        ["duties", "--format", "pdf"],
        ["show"],
        ["ingest"],
        ["fly"],
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--host", "192.168.7.7"],
        ["serve", "--host", "::"],
        ["serve", "--port", "70000"],
        ["eval", "no-such-folder"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40].encode("ascii", "backslashreplace").decode(),
)
def test_wrong_usage_ends_with_two_and_says_why(rag, index, arguments):
    ran = rag(*arguments, *(index if arguments[0] not in ("fly", "eval") else ()))
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.strip()
    assert "Traceback" not in ran.err
    assert len(ran.err) < 2_000


def test_what_is_wrong_is_named(rag, index):
    assert "--kind" in rag("ask", "热线？", "--kind", "memo", *index).err
    assert "--year-from" in rag("search", "热线", "--year-from", "99999", *index).err
    assert "34,000" in rag("ask", "问" * 34_000, *index).err
    assert "RAG_API_KEYS" in rag("serve", "--host", "0.0.0.0", *index).err


# ------------------------------------------------------------------- search, documents, show, duties


def test_search(rag, index):
    hits = rag("search", "心理援助热线", "--top-k", 2, "--json", *index).json["hits"]
    assert 0 < len(hits) <= 2
    assert hits[0]["document_number"] == "临卫发〔2025〕6号"
    ran = rag("search", "心理援助热线", "--explain", *index)
    assert "notices/2025-linzhou-hotline.txt" in ran.out
    assert "lexical" in ran.out
    assert "没有找到" in rag("search", "热线", "--place", "无此地", *index).out


def test_documents(rag, index, documents):
    listed = rag("documents", "--json", *index).json
    assert listed["total"] == len(documents)
    assert {d["source"] for d in listed["documents"]} == set(documents)
    assert rag("documents", "--limit", 1, "--offset", 1, "--json", *index).json["documents"] == listed["documents"][1:2]
    ran = rag("documents", "--kind", "reply", *index)
    assert "临教函〔2024〕31号" in ran.out
    assert "共 1 份" in ran.out


@pytest.mark.parametrize(
    "reference",
    ["{id}", "replies/2024-linzhou-meals.txt", "./replies/2024-linzhou-meals.txt", "{file}", "临教函〔2024〕31号",
     "临教函[2024]31号", "临教函（2024）第31号", "replies"],
)  # fmt: skip
def test_show_by_id_path_and_number(rag, index, built, reference):
    listed = rag("documents", "--kind", "reply", "--json", *index).json["documents"]
    reference = reference.format(id=listed[0]["document_id"], file=built.corpus_dir / "replies/2024-linzhou-meals.txt")
    document = rag("show", reference, "--json", *index).json
    assert document["document_id"] == listed[0]["document_id"]
    assert document["proposal"] == {
        "body": "cppcc", "session": "三届二次会议", "number": "0077", "title": "关于提高校园餐质量的提案",
    }  # fmt: skip
    for name, spans in document["spans"].items():
        for span in spans:
            assert document["text"][span["start"] : span["end"]].strip(), name


def test_show_for_people(rag, index):
    ran = rag("show", "汐应急〔2023〕5号", *index)
    assert "disclosure: internal" in ran.out
    assert "冲锋舟42艘" in ran.out


@pytest.mark.parametrize("reference", ["nothing", "临教函〔2024〕32号", "notices", "", "../../etc/passwd"])
def test_show_of_what_is_not_there_fails(rag, index, reference):
    ran = rag("show", reference, "--json", *index)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("rag: ")


def test_duties_in_every_format(rag, index, tmp_path):
    duties = rag("duties", "--json", *index).json
    assert duties["total"] == len(duties["duties"]) >= 2
    assert rag("duties", "--format", "json", *index).json == duties
    rows = list(csv.reader(io.StringIO(rag("duties", "--format", "csv", *index).out.removeprefix("\ufeff"))))
    assert len(rows) == duties["total"] + 1
    assert rag("duties", "--format", "xlsx", "--output", tmp_path / "d.xlsx", *index).code == 0
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx").active
    assert sheet.max_row == duties["total"] + 1
    ran = rag("duties", "心理课程", *index)
    assert "牵头：市教育局" in ran.out
    assert "共 1 条" in ran.out


def test_commitments_in_every_format(rag, index, tmp_path):
    found = rag("commitments", "--json", *index).json
    assert found["total"] == len(found["commitments"]) >= 1
    rows = list(csv.reader(io.StringIO(rag("commitments", "--format", "csv", *index).out.removeprefix("\ufeff"))))
    assert len(rows) == found["total"] + 1
    assert rag("commitments", "--format", "xlsx", "--output", tmp_path / "c.xlsx", *index).code == 0
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").active.max_row == found["total"] + 1
    ran = rag("commitments", "配备率", "--status", "target", "--due-to", "2026-12-31", *index)
    assert "【目标】" in ran.out
    assert "时限 2026-12-31（到2026年）" in ran.out
    assert "共 1 条" in ran.out
    assert "共 0 条" in rag("commitments", "配备率", "--due-from", "2027-01-01", *index).out
    assert rag("commitments", "--due-to", "soon", *index).code == 2


def test_events_in_every_format(rag, index, tmp_path):
    found = rag("events", "--json", *index).json
    assert found["total"] == len(found["events"]) >= 1
    rows = list(csv.reader(io.StringIO(rag("events", "--format", "csv", *index).out.removeprefix("\ufeff"))))
    assert len(rows) == found["total"] + 1
    assert rag("events", "--format", "xlsx", "--output", tmp_path / "e.xlsx", *index).code == 0
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").active.max_row == found["total"] + 1
    assert (
        "【今年3月 = 2024年3月】" in rag("events", "--date-from", "2024-03-01", "--date-to", "2024-03-31", *index).out
    )
    assert "共 0 条" in rag("events", "--date-to", "1990-01-01", *index).out
    assert rag("events", "--date-to", "soon", *index).code == 2


def test_a_file_that_cannot_be_written_is_told(rag, index, tmp_path):
    ran = rag("duties", "--format", "csv", "--output", tmp_path / "no/such/folder.csv", *index)
    assert ran.code == 2
    assert "cannot be written" in ran.err


# ---------------------------------------------------------------------------------- ingest, verify


def test_ingest_reports_in_json_and_fails_on_bad_files(rag, corpus, tmp_path, documents):
    (corpus / "empty.txt").touch()
    ran = rag("ingest", corpus, "--index", tmp_path / "index", "--json")
    assert ran.code == 1
    report = ran.json
    assert report["added"] == report["documents"] == len(documents)
    assert [failure["source"] for failure in report["failed"]] == ["empty.txt"]
    assert report["failed"][0]["reason"]
    assert report.keys() >= {"updated", "unchanged", "removed", "passages", "seconds"}
    ran = rag("ingest", corpus, "--index", tmp_path / "index")
    assert ran.code == 1
    assert f"未变 {len(documents)}" in ran.out
    assert "empty.txt" in ran.err
    (corpus / "empty.txt").unlink()
    assert rag("ingest", corpus, "--index", tmp_path / "index").code == 0


def test_ingest_of_nothing(rag, tmp_path):
    ran = rag("ingest", tmp_path / "nowhere", "--index", tmp_path / "index", "--json")
    assert ran.code == 1
    assert ran.json["documents"] == 0
    (tmp_path / "folder").mkdir()
    ran = rag("ingest", tmp_path / "folder", "--index", tmp_path / "index", "--json")
    assert ran.code == 0
    ran = rag("ask", "热线？", "--index", tmp_path / "index", "--json")
    assert ran.code == 0
    assert ran.json["status"] == "no_evidence"


def test_an_index_that_cannot_be_written_to_is_a_matter_of_configuration(rag, corpus, tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file/index"):
        ran = rag("ingest", corpus, "--index", folder)
        assert ran.code == 2
        assert "cannot be written to" in ran.err
        assert "RAG_INDEX_DIR" in ran.err
    assert (tmp_path / "file").read_bytes() == b""


def test_a_wrong_encoder_leaves_nothing_behind(rag, corpus, tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_ENCODER", str(tmp_path / "no-model"))
    ran = rag("ingest", corpus, "--index", tmp_path / "index")
    assert ran.code == 2
    assert "no-model" in ran.err
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    "command",
    [["ask", "热线？"], ["search", "热线"], ["documents"], ["show", "x"], ["duties"], ["commitments"], ["events"]],
)
@pytest.mark.parametrize("state", ["missing", "a file", "another program's", "damaged"])
def test_without_a_usable_index_every_command_ends_with_three(rag, own, command, state):
    if state == "damaged":
        next(own.index_dir.glob("gen-*/manifest.json")).write_text("{}", encoding="utf-8")
    elif state == "another program's":
        (own.index_dir / "catalog.db").unlink()
        with closing(sqlite3.connect(own.index_dir / "catalog.db")) as connection:
            connection.execute("CREATE TABLE photos (name TEXT)")
    else:
        shutil.rmtree(own.index_dir)
        if state == "a file":
            own.index_dir.touch()
    ran = rag(*command, "--json", "--index", own.index_dir)
    assert ran.code == 3
    assert ran.out == ""
    assert re.search(r"→ .*(rag |folder)", ran.err)
    if "→ rag" in ran.err:  # the command that mends it works on the same index
        assert f"--index {own.index_dir}" in ran.err


def test_verify_finds_an_index_sound(rag, index):
    assert rag("verify", "--json", *index).json == {"ok": True, "problems": []}
    ran = rag("verify", *index)
    assert ran.code == 0
    assert "all is well" in ran.out


@pytest.mark.parametrize("harm", ["vectors", "lexical", "pointer", "passage", "catalog", "generation"])
def test_verify_finds_harm_and_repair_mends_it(rag, own, harm, monkeypatch, documents):
    monkeypatch.setenv("RAG_INDEX_DIR", str(own.index_dir))
    monkeypatch.setenv("RAG_CORPUS_DIR", str(own.corpus_dir))
    (generation,) = own.index_dir.glob("gen-*")
    if harm == "vectors":
        with (generation / "vectors.faiss").open("r+b") as file:
            file.seek(100)
            file.write(b"\x00\xff\x00\xff")
    elif harm == "lexical":
        next((generation / "lexical").glob("*.store")).unlink()
    elif harm == "pointer":
        (own.index_dir / "CURRENT").write_text("gen-99\n", encoding="utf-8")
    elif harm == "passage":
        with closing(sqlite3.connect(own.index_dir / "catalog.db")) as connection, connection:
            connection.execute("UPDATE passages SET text = '篡改' WHERE id = 1")
    elif harm == "catalog":
        (own.index_dir / "catalog.db").write_bytes(b"not a database at all " * 400)
    else:
        shutil.rmtree(generation)
    ran = rag("verify", "--json")
    assert ran.code == 3
    assert ran.json["ok"] is False
    assert ran.json["problems"]
    ran = rag("verify", "--repair", "--json")
    assert ran.code == 0, ran.err
    assert ran.json == {"ok": True, "problems": []}
    assert rag("documents", "--json").json["total"] == len(documents)
    assert "42" in rag("ask", "冲锋舟有多少艘？", "--json").json["answer"]


def test_verify_of_nothing(rag, tmp_path):
    ran = rag("verify", "--json", "--index", tmp_path / "index")
    assert ran.code == 3
    assert "rag ingest" in ran.json["problems"][0]
    assert rag("verify", "--repair", "--index", tmp_path / "index").code == 3


def test_repair_of_a_catalog_without_its_corpus_says_what_to_do(rag, own, monkeypatch, tmp_path):
    monkeypatch.setenv("RAG_CORPUS_DIR", str(tmp_path / "nowhere"))
    (own.index_dir / "catalog.db").write_bytes(b"not a database at all " * 400)
    ran = rag("verify", "--repair", "--index", own.index_dir)
    assert ran.code == 3
    assert f"delete {own.index_dir}" in ran.err
    assert (own.index_dir / "catalog.db").is_file()


# ----------------------------------------------------------------------------------------- settings


def test_a_wrong_setting_is_named(rag, monkeypatch, index):
    monkeypatch.setenv("RAG_PORT", "eighty")
    ran = rag("documents", *index)
    assert ran.code == 2
    assert "RAG_PORT" in ran.err
    assert "eighty" not in ran.err


# ---------------------------------------------------------------------------------------- processes


def test_json_is_all_there_is_on_stdout_and_it_is_utf8(rag_run, corpus, tmp_path):
    """With a console that knows no Chinese, as on a Windows of another code page."""
    latin = {"PYTHONIOENCODING": "latin-1", "RAG_INDEX_DIR": str(tmp_path / "index")}
    ran = rag_run("ingest", corpus, "--json", environment=latin)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["documents"] == 6
    ran = rag_run("ask", "冲锋舟有多少艘？", "--json", environment=latin)
    assert ran.code == 0
    assert "42艘" in ran.json["answer"]
    ran = rag_run("ask", "热线？", "--json", environment={**latin, "RAG_INDEX_DIR": str(tmp_path / "no")})
    assert (ran.code, ran.out) == (3, "")
    assert "→ rag ingest" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_second_ingest_waits_for_the_first(rag_process, corpus, tmp_path):
    options = {"environment": {"RAG_INDEX_DIR": str(tmp_path / "index")}}
    with (
        rag_process("ingest", corpus, "--json", **options) as one,
        rag_process("ingest", corpus, "--json", **options) as other,
    ):
        said = [process.communicate(timeout=120) for process in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), said
    reports = [json.loads(out) for out, _ in said]
    assert sorted((r["added"], r["unchanged"]) for r in reports) == [(0, 6), (6, 0)]
    with Engine(_settings(tmp_path, corpus)) as engine:
        assert engine.problems() == []


def test_one_that_may_not_wait_says_who_holds_the_lock(rag, own, monkeypatch):
    import threading

    from rag.indexes.lock import writer_lock

    monkeypatch.setattr("rag.app.wiring._WRITER_WAIT_SECONDS", 0.1)
    held, done = threading.Event(), threading.Event()

    def hold():
        with writer_lock(own.index_dir):
            held.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(60)
        ran = rag("ingest", own.corpus_dir, "--index", own.index_dir)
    finally:
        done.set()
        holder.join()
    assert ran.code == 3
    assert f"process {os.getpid()}" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="no signals")
@pytest.mark.parametrize("stage", ["files", "index"])
def test_a_run_killed_halfway_is_finished_by_the_next(rag_run, tmp_path, stage):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(150):  # more than one transaction
        text = f"关于第{number}号工程的通知\n\n第{number}号工程投资{number + 1000}万元。\n"
        (corpus / f"{number:03}.txt").write_text(text, encoding="utf-8")
    # The process kills itself (SIGKILL, nothing is flushed or closed) when it has come so far.
    program = (
        "import os, signal, sys\n"
        "import rag.ingest.sync as ingest\n"
        "real = ingest.Progress\n"
        "def progress(stage, done, total, current='', pages=0):\n"
        f"    if stage == {stage!r} and done >= 100: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(stage, done, total, current, pages)\n"
        "ingest.Progress = progress\n"
        "from rag.app.cli import main\n"
        "main()\n"
    )
    import subprocess

    environment = {**os.environ, "RAG_INDEX_DIR": str(tmp_path / "index")}
    killed = subprocess.run(
        [sys.executable, "-c", program, "ingest", str(corpus)],
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert not (tmp_path / "index/CURRENT").exists()  # nothing half done was published
    ran = rag_run("ingest", corpus, "--json", environment={"RAG_INDEX_DIR": str(tmp_path / "index")})
    assert ran.code == 0, ran.err
    assert ran.json["documents"] == 150
    assert ran.json["added"] + ran.json["unchanged"] == 150
    assert ran.json["unchanged"] >= 100  # what was told to be done
    with Engine(_settings(tmp_path, corpus)) as engine:
        assert engine.problems() == []
        assert len(engine.reader().generation) == ran.json["passages"]


def _settings(tmp_path, corpus):
    from rag.settings import Settings

    return Settings(index_dir=tmp_path / "index", corpus_dir=corpus)


@pytest.fixture
def without_privileges(tmp_path):
    """Do as a user whom permissions bind; root drops to another for the time being."""
    if os.name == "nt":
        pytest.skip("POSIX permissions")

    @contextmanager
    def drop():
        if os.geteuid() != 0:
            yield
            return
        for path in (tmp_path, *tmp_path.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)
        above = [path for path in tmp_path.parents if path.stat().st_uid == 0 and path.stat().st_mode & 0o777 == 0o700]
        for path in above:
            path.chmod(0o711)
        os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(0)
            for path in above:
                path.chmod(0o700)

    return drop


def test_what_may_not_be_read_is_listed(rag, own, without_privileges):
    rag("ingest", own.corpus_dir, "--index", own.index_dir)  # what is imported on the way may lie out of reach later
    (own.corpus_dir / "replies/2024-linzhou-meals.txt").chmod(0)
    with without_privileges():
        (own.corpus_dir / "plans").chmod(0)
        try:
            ran = rag("ingest", own.corpus_dir, "--prune", "--json", "--index", own.index_dir)
        finally:
            (own.corpus_dir / "plans").chmod(0o755)
    assert ran.code == 1
    assert {failure["source"] for failure in ran.json["failed"]} == {"plans", "replies/2024-linzhou-meals.txt"}
    assert ran.json["removed"] == 0  # what cannot be looked at is not taken for gone
    assert ran.json["documents"] == 6


def test_an_index_folder_of_someone_else(rag, own, without_privileges):
    rag("ingest", own.corpus_dir, "--index", own.index_dir)
    with without_privileges():
        own.index_dir.chmod(0o555)
        try:
            ran = rag("ingest", own.corpus_dir, "--index", own.index_dir)
        finally:
            own.index_dir.chmod(0o755)
    assert ran.code == 2
    assert "cannot be written to" in ran.err
    assert rag("verify", "--index", own.index_dir).code == 0


def test_a_follow_up_is_made_whole_from_the_history(rag, index, tmp_path):
    first = "汐川县冲锋舟有多少艘？"
    answer = rag("ask", "那临洲市呢？", "--history", first, "--json", *index).json
    assert answer["interpreted"] == "临洲市冲锋舟有多少艘？"
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps({"id": 1, "question": "那临洲市呢？", "history": [first]}), encoding="utf-8")
    (line,) = rag("ask", "--batch", batch, *index).out.splitlines()
    assert json.loads(line)["interpreted"] == answer["interpreted"]
    assert "理解为：临洲市冲锋舟有多少艘？" in rag("ask", "那临洲市呢？", "--history", first, *index).out
