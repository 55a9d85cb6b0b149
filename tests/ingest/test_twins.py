"""One text in several files, through a whole run."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import docx
import pytest

from rag.domain.access import Scope

ALL = Scope.everything()
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"

LINES = [
    "岚湾市民政局文件",
    "岚民发〔2024〕31号",
    "关于新建社区助餐网点的通知",
    "各街道办事处：",
    "年内新建助餐网点二十处，由各街道办事处负责选址，选址方案六月底前报送。",
    "每个网点配备厨师和送餐员各两名，经费由市级财政按季度拨付到街道专户。",
    "岚湾市民政局",
    "2024年6月20日",
]


def write(path, lines):
    if path.suffix == ".docx":
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(path)
    elif path.suffix == ".html":
        body = "".join(f"<p>{line}</p>" for line in lines)
        path.write_text(f"<html><head><title>通知</title></head><body><article>{body}</article></body></html>", "utf-8")
    else:
        path.write_text("\n\n".join(lines), "utf-8")


def twins(engine):
    """Sources of each document's twins, by its source."""
    catalog = engine.reader().catalog
    listed = catalog.list_documents(scope=ALL).documents
    found = catalog.twins([d.document_id for d in listed], scope=ALL)
    return {d.source: [twin.source for twin in found.get(d.document_id, ())] for d in listed}


def test_files_of_one_text_are_linked_whatever_their_format(engine, folder):
    for name in ("a.docx", "b.html", "c.txt"):
        write(folder / name, LINES)
    write(folder / "d.txt", [line.replace("31号", "32号").replace("二十", "七") for line in LINES])
    assert engine.ingest([folder]).failed == []
    assert twins(engine) == {
        "a.docx": ["b.html", "c.txt"],
        "b.html": ["a.docx", "c.txt"],
        "c.txt": ["a.docx", "b.html"],
        "d.txt": [],
    }


def test_links_come_and_go_with_the_files(engine, folder):
    write(folder / "a.docx", LINES)
    engine.ingest([folder])
    assert twins(engine) == {"a.docx": []}
    write(folder / "c.txt", LINES)
    engine.ingest([folder])
    assert twins(engine) == {"a.docx": ["c.txt"], "c.txt": ["a.docx"]}
    shutil.move(folder / "c.txt", folder / "moved.txt")
    engine.ingest([folder])
    assert twins(engine) == {"a.docx": ["moved.txt"], "moved.txt": ["a.docx"]}
    (folder / "a.docx").unlink()
    engine.ingest([folder], prune=True)
    assert twins(engine) == {"moved.txt": []}


def test_a_correction_parts_twins_and_its_end_joins_them(engine, folder):
    write(folder / "a.docx", LINES)
    write(folder / "c.txt", LINES)
    sidecar = folder / "c.txt.meta.toml"
    sidecar.write_text('document_number = "岚民发〔2024〕77号"', "utf-8")
    engine.ingest([folder])
    assert twins(engine) == {"a.docx": [], "c.txt": []}
    sidecar.unlink()
    engine.ingest([folder])
    assert twins(engine) == {"a.docx": ["c.txt"], "c.txt": ["a.docx"]}


def test_links_that_are_missing_are_made_by_the_next_run(engine, folder):
    write(folder / "a.docx", LINES)
    write(folder / "c.txt", LINES)
    engine.ingest([folder])
    with closing(sqlite3.connect(engine.settings.index_dir / "catalog.db")) as connection, connection:
        connection.execute("DELETE FROM sketches")
        connection.execute("DELETE FROM bands")
    assert engine.ingest([folder]).unchanged == 2
    assert twins(engine) == {"a.docx": ["c.txt"], "c.txt": ["a.docx"]}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not here")
def test_a_law_as_pdf_and_docx_is_one_text(engine, folder):
    for path in sorted((SAMPLES / "laws").glob("*国旗法*")) + sorted((SAMPLES / "laws").glob("*反垄断法*")):
        shutil.copy(path, folder)
    assert engine.ingest([folder]).failed == []
    found = twins(engine)
    assert len(found) == 4
    assert all([Path(other).stem for other in others] == [Path(source).stem] for source, others in found.items())
