"""Indexes of earlier versions, as they were written: brought up to today's with nothing lost; one of a later is left alone."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from rag.app.audit.log import AuditLog
from rag.app.keys import KeyRing
from rag.app.starting import start
from rag.app.wiring import Engine
from rag.domain.access import Disclosure, Scope
from rag.errors import ConfigurationError, IndexNewer, IndexOlder
from rag.indexes.generation import current_folder
from rag.indexes.manifest import LAYOUT, MANIFEST_FILE, Manifest
from rag.ingest import ingest
from rag.loaders.sandbox import Sandbox
from rag.settings import Settings
from rag.store.repository import Catalog
from rag.store.schema import MIGRATIONS, applied_migrations
from rag.store.seal import is_sealed, seal_of, seal_problem, set_seal

from .keep import CORPUS

ALL = Scope.everything()
RELEASED = sorted(path.stem for path in Path(__file__).parent.glob("*.zip"))
TODAYS = "catalog-7-layout-4"
OLDER = [name for name in RELEASED if name != TODAYS]
OLDEST = "catalog-1-layout-1"
CORRECTED = "replies/2023-yanwan-buses.txt"
LEADS = [["市住房城乡建设局"], ["市财政局"]]
TELLING = {
    "plans/2024-yanwan-lifts.txt": "每台补助18万元",
    "notices/2025-yanwan-reservoirs.md": "57座小型水库",
    "replies/2023-yanwan-buses.txt": "夜间公交线路6条",
}


def unpacked(name: str, folder: Path) -> Settings:
    with zipfile.ZipFile(Path(__file__).parent / f"{name}.zip") as kept:
        kept.extractall(folder)
    for left in folder.glob("state/keys.json"):
        left.chmod(0o600)
    return Settings(index_dir=folder / "index", corpus_dir=folder / "corpus")


def bytes_below(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for what whoever opens it makes anew."""
    passing = {"LOCK", "LOCK.owner", "catalog.db-shm", "catalog.db-wal"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in passing and path.suffix != ".lock"
    }


def leads_of(settings: Settings) -> list[list[str]]:
    """Who leads, as the catalog says, whatever its version."""
    with closing(sqlite3.connect(settings.index_dir / "catalog.db")) as connection:
        duties = [json.loads(duty) for (duty,) in connection.execute("SELECT duty FROM duties ORDER BY ordinal")]
    return [duty["lead"] for duty in duties]


def assert_nothing_is_lost(engine: Engine, leads: list[list[str]]) -> None:
    assert engine.problems() == []
    assert engine.is_sealed()
    reader = engine.reader()
    listed = reader.catalog.list_documents(scope=ALL, limit=None).documents
    assert {summary.source for summary in listed} == set(TELLING)
    for summary in listed:
        document = reader.catalog.document(summary.document_id, scope=ALL)
        assert TELLING[summary.source] in document.text
        found = reader.searcher.search_text(TELLING[summary.source], scope=ALL, top_k=1)[0].passage
        assert found.document_id == summary.document_id
        assert found.span.of(document.text) == found.text
    plan = reader.find_document("plans/2024-yanwan-lifts.txt", scope=ALL)
    assert plan.elements.document_number == "砚建发〔2024〕12号"
    assert [list(duty.lead) for duty in plan.duties] == leads
    assert reader.answerer.answer("加装电梯每台补助多少？", scope=ALL).citations


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(workers=1) as workers:
        yield workers


@pytest.mark.parametrize("name", OLDER)
def test_who_only_reads_is_told_and_changes_nothing(name, tmp_path):
    settings = unpacked(name, tmp_path)
    before = bytes_below(settings.index_dir)
    with Engine(settings) as engine:
        with pytest.raises(IndexOlder) as caught:
            engine.reader()
        assert caught.value.remedy == "rag verify --repair"
        assert engine.problems() == [f"{caught.value} → rag verify --repair"]
    assert bytes_below(settings.index_dir) == before


@pytest.mark.parametrize("name", RELEASED)
def test_a_server_brings_it_up_without_the_files(name, tmp_path):
    settings = unpacked(name, tmp_path)
    leads = leads_of(settings)
    shutil.rmtree(settings.corpus_dir)
    with Engine(settings) as engine:
        start(engine)
        assert_nothing_is_lost(engine, leads)


@pytest.mark.parametrize("name", [OLDEST, TODAYS])
def test_it_is_made_anew_without_the_files(name, tmp_path):
    settings = unpacked(name, tmp_path)
    leads = leads_of(settings)
    shutil.rmtree(settings.corpus_dir)
    with Engine(settings) as engine:
        assert engine.repair() is None
        assert_nothing_is_lost(engine, leads)


@pytest.mark.parametrize("name", OLDER)
def test_the_next_ingest_reads_what_is_read_otherwise_today(name, tmp_path, sandbox):
    settings = unpacked(name, tmp_path)
    with Engine(settings) as engine:
        with Catalog.open(engine.catalog_path) as catalog:
            report = ingest(
                [settings.corpus_dir],
                catalog=catalog,
                encoder=engine.encoder,
                index_dir=settings.index_dir,
                sandbox=sandbox,
            )
        # What was read as it is read today is left as it is.
        assert (report.updated + report.moved + report.unchanged, report.added, report.failed) == (len(TELLING), 0, [])
        assert_nothing_is_lost(engine, LEADS)
        corrected = engine.reader().find_document(CORRECTED, scope=ALL).elements
        assert (corrected.title, corrected.disclosure) == ("夜间公交提案的答复", Disclosure.INTERNAL)
        assert len(list(engine.reader().catalog.commitments(scope=ALL))) == 4


def test_todays_is_read_as_it_is(tmp_path):
    settings = unpacked(TODAYS, tmp_path)
    leads = leads_of(settings)
    before = bytes_below(settings.index_dir)
    with Engine(settings) as engine:
        start(engine)
        assert_nothing_is_lost(engine, leads)
    assert bytes_below(settings.index_dir) == before


def test_a_server_mends_an_older_one_that_is_damaged(tmp_path):
    settings = unpacked(OLDEST, tmp_path)
    data = settings.index_dir.joinpath("catalog.db").read_bytes()
    settings.index_dir.joinpath("catalog.db").write_bytes(data[:4096] + b"\x5a" * (len(data) - 4096))
    with Engine(settings) as engine:
        start(engine)
        assert_nothing_is_lost(engine, LEADS)


def test_an_upgrade_that_is_cut_off_anywhere_leaves_the_old_or_the_new(tmp_path):
    """A copy of the files at each statement is what a process that is killed there leaves."""
    settings = unpacked("catalog-1-layout-2", tmp_path / "old")
    path = settings.index_dir / "catalog.db"
    set_seal(path)
    left: list[Path] = []

    def copy(_statement: str) -> None:
        folder = tmp_path / f"at-{len(left)}"
        folder.mkdir()
        for file in (path, seal_of(path), Path(f"{path}-wal")):
            if file.exists():
                shutil.copyfile(file, folder / file.name)
        left.append(folder / path.name)

    real = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:

        def connect(*arguments, **named):
            connection = real(*arguments, **named)
            connection.set_trace_callback(copy)
            return connection

        patch.setattr(sqlite3, "connect", connect)
        Catalog.open(path).close()
    copy("the end")

    stood = []
    for at in left:
        assert seal_problem(at) is None
        with closing(sqlite3.connect(at)) as connection:
            stood.append(applied_migrations(connection))
            columns = {row[1] for row in connection.execute("PRAGMA table_info (contents)")}
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        # Each migration by what it adds, whole or not at all.
        assert {"reading", "regions"} & columns == ({"reading", "regions"} if stood[-1] > 1 else set())
        assert ("events" in tables) == (stood[-1] > 5)
        with Catalog.open(at) as catalog:
            assert catalog.problems() == []
            assert catalog.counts(scope=ALL).documents == len(TELLING)
            assert set(catalog.sources()) == set(TELLING)
    assert stood == sorted(stood)
    assert set(stood) == set(range(1, len(MIGRATIONS) + 1))
    assert len(left) > 3 * len(MIGRATIONS)


class TestOfTheFuture:
    @pytest.fixture(params=["catalog", "layout", "analyzer"])
    def settings(self, request, tmp_path):
        settings = unpacked(TODAYS, tmp_path)
        catalog = settings.index_dir / "catalog.db"
        if request.param == "catalog":
            with closing(sqlite3.connect(catalog)) as connection, connection:
                connection.execute("INSERT INTO migrations VALUES (?, 'of tomorrow')", (len(MIGRATIONS),))
            set_seal(catalog)
        else:
            folder = current_folder(settings.index_dir)
            said = json.loads((folder / MANIFEST_FILE).read_bytes())
            del said["manifest_sha256"]
            said |= {"layout": LAYOUT + 1, "of_tomorrow": {}} if request.param == "layout" else {"analyzer": "1000"}
            (folder / MANIFEST_FILE).write_text(json.dumps(said), encoding="utf-8")
        return settings

    def test_it_is_refused_and_left_as_it_is(self, settings):
        before = bytes_below(settings.index_dir)
        with Engine(settings) as engine:
            for use in (
                engine.reader,
                engine.repair,
                engine.bring_up,
                lambda: start(engine),
                lambda: engine.ingest([settings.corpus_dir]),
                lambda: engine.remove("0" * 16),
            ):
                with pytest.raises(IndexNewer, match="newer") as caught:
                    use()
                assert "update the program" in caught.value.remedy
            assert ["newer version → update the program" in line for line in engine.problems()] == [True]
        assert bytes_below(settings.index_dir) == before
        assert is_sealed(settings.index_dir / "catalog.db")

    def test_the_command_says_so(self, settings, rag):
        ran = rag("ingest", settings.corpus_dir, "--index", settings.index_dir)
        assert ran.code == 3
        assert "update the program" in ran.err


def test_a_server_that_runs_serves_on_when_a_later_version_has_indexed(own):
    with Engine(own) as engine:
        reader = engine.reader()
        folder = current_folder(own.index_dir)
        later = own.index_dir / f"gen-{reader.generation.number + 1}"
        shutil.copytree(folder, later)
        said = json.loads((later / MANIFEST_FILE).read_bytes())
        del said["manifest_sha256"]
        (later / MANIFEST_FILE).write_text(json.dumps(said | {"layout": LAYOUT + 1}), encoding="utf-8")
        (own.index_dir / "CURRENT.new").write_text(f"{later.name}\n")
        (own.index_dir / "CURRENT.new").replace(own.index_dir / "CURRENT")
        assert engine.reader() is reader
        assert "newer" in str(engine.note)


def test_keys_and_the_log_are_read_as_they_were_written(tmp_path):
    unpacked(TODAYS, tmp_path)
    keys = {key.name: key for key in KeyRing(tmp_path / "state").all()}
    assert {name: key.revoked_at is not None for name, key in keys.items()} == {"readers' desk": False, "gone": True}
    assert keys["readers' desk"].places == ("砚湾市",)
    verdict = AuditLog(tmp_path / "state/audit").verify()
    assert (verdict.problems, verdict.entries) == ((), 5)


def test_a_key_of_which_a_later_version_says_more_opens_nothing(tmp_path):
    unpacked(TODAYS, tmp_path)
    path = tmp_path / "state/keys.json"
    said = json.loads(path.read_bytes())
    path.write_text(json.dumps([key | {"only_on": ["Monday"]} for key in said]), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="this version"):
        KeyRing(tmp_path / "state").all()


def test_what_is_written_today_is_kept_for_the_versions_to_come(tmp_path):
    """Who changes a format adds an index of it: see README.md here."""
    settings = unpacked(TODAYS, tmp_path)
    assert Manifest.read(current_folder(settings.index_dir)).layout == LAYOUT, "keep one: CONTRIBUTING.md tells how"
    with closing(sqlite3.connect(settings.index_dir / "catalog.db")) as connection:
        assert applied_migrations(connection) == len(MIGRATIONS), "keep one: CONTRIBUTING.md tells how"
    assert {source for source in CORPUS if not source.endswith(".toml")} == set(TELLING)
