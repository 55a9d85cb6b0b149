from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pytest

from rag.errors import UnreadableSource, UnsupportedFormat
from rag.loaders import MediaType, load
from rag.loaders.office import find_libreoffice, load_office

from .docx_files import p, runs, word_file

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"

needs_libreoffice = pytest.mark.skipif(find_libreoffice() is None, reason="LibreOffice is not installed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for LibreOffice is a shell script")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = "application/vnd.oasis.opendocument.text"


def rtf(*paragraphs: str) -> bytes:
    def escaped(text: str) -> str:
        return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)

    return ("{\\rtf1\\ansi\\uc1 " + "\\par ".join(map(escaped, paragraphs)) + "}").encode()


def odt(*paragraphs: str) -> bytes:
    inside = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:text>{inside}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2"'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as opened:
        opened.writestr("mimetype", ODT)
        opened.writestr("content.xml", content)
        opened.writestr("META-INF/manifest.xml", manifest)
    return saved.getvalue()


def stand_in(folder: Path, script: str) -> list[str]:
    """Put a program called soffice into a folder; return where to look for it."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return [str(folder)]


# ---------------------------------------------------------------------------------- with LibreOffice


@needs_libreoffice
def test_rtf():
    raw = load(rtf("关于防汛工作的通知", "各有关单位：", "现通知如下。"), "a.rtf")
    assert raw.media_type is MediaType.RTF
    assert [block.text for block in raw.blocks] == ["关于防汛工作的通知", "各有关单位：", "现通知如下。"]


@needs_libreoffice
def test_odt():
    raw = load(odt("关于防汛工作的通知", "现通知如下。"), "a.odt")
    assert raw.media_type is MediaType.ODT
    assert [block.text for block in raw.blocks] == ["关于防汛工作的通知", "现通知如下。"]


@needs_libreoffice
def test_doc_whatever_it_is_called(tmp_path):
    document = docx.Document(
        io.BytesIO(word_file(runs("<w:r><w:t>关于防汛工作的通知</w:t></w:r>") + p("现通知如下。")))
    )
    grid = document.add_table(1, 2, style="Table Grid")
    grid.cell(0, 0).text, grid.cell(0, 1).text = "任务", "水务局"
    document.add_paragraph("特此通知。")
    document.save(str(tmp_path / "a.docx"))
    program = find_libreoffice()
    assert program is not None
    profile = (tmp_path / "profile").as_uri()
    command = [str(program.path), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "doc", "--outdir"]
    for _ in range(2):  # the first run may only set up the profile
        subprocess.run([*command, str(tmp_path), str(tmp_path / "a.docx")], check=False, capture_output=True)
    data = (tmp_path / "a.doc").read_bytes()
    assert data.startswith(OLE)
    for name in ("a.doc", "a.docx", "a.wps"):
        raw = load(data, name)
        assert raw.media_type is MediaType.DOC
        assert [block.text for block in raw.blocks] == [
            "关于防汛工作的通知",
            "现通知如下。",
            "任务\t水务局",
            "特此通知。",
        ]


@needs_libreoffice
@pytest.mark.parametrize("data", [OLE + bytes(4000), b"PK\x03\x04" + bytes(100)], ids=["OLE", "ZIP"])
def test_damaged_file(data):
    with pytest.raises(UnreadableSource, match="damaged"):
        load_office(data, "a.doc")


@needs_libreoffice
def test_sample_doc():
    files = sorted((SAMPLES / "doc").glob("*.doc"))
    if not files:
        pytest.skip("the sample files are not in this checkout")
    raw = load(files[0].read_bytes(), files[0].name)
    assert raw.media_type is MediaType.DOC
    assert len(raw.blocks) > 10_000


# ------------------------------------------------------------------------------- without LibreOffice


@pytest.mark.parametrize(("data", "name"), [(OLE + bytes(600), "DOC"), (rtf("甲"), "RTF"), (odt("甲"), "ODT")])
def test_missing_libreoffice_is_named_with_what_to_install(data, name, tmp_path):
    for folders in ([], [str(tmp_path)]):
        with pytest.raises(UnsupportedFormat, match=f"{name}.*LibreOffice") as caught:
            load_office(data, "a.doc", folders=folders)
        assert "libreoffice-writer-nogui" in caught.value.remedy


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not a DOC"),
        ("各有关单位：".encode(), "not a DOC"),  # LibreOffice would make a document of any bytes
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_files_that_are_not_handed_on(data, word):
    with pytest.raises(UnreadableSource, match=word):
        load_office(data, "a.doc", folders=[])


@posix
def test_time_limit_kills_all_that_was_started(tmp_path):
    folders = stand_in(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child\nwait")
    with pytest.raises(UnreadableSource, match="took longer"):
        load_office(rtf("甲"), "a.rtf", folders=folders, seconds=3)
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    for _ in range(500):  # the signal is sent; on a busy machine it takes a while to arrive
        if is_gone(child):
            break
        time.sleep(0.02)
    assert is_gone(child)


def is_gone(process: int) -> bool:
    """Whether a process has ended, though init may not have taken note of it yet."""
    state = Path(f"/proc/{process}/stat")
    if Path("/proc/self/stat").exists():
        return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@posix
@pytest.mark.parametrize(
    ("script", "word"),
    [("exit 0", "damaged or encrypted"), ("kill -9 $$", "signal"), ("exit 81", "damaged or encrypted")],
)
def test_conversion_that_makes_nothing(script, word, tmp_path):
    with pytest.raises(UnreadableSource, match=word):
        load_office(rtf("甲"), "a.rtf", folders=stand_in(tmp_path, script))


@posix
def test_program_that_does_not_start(tmp_path):
    stand_in(tmp_path, "")
    (tmp_path / "soffice").write_bytes(b"\x7fELF not a program")
    with pytest.raises(UnreadableSource, match="does not start"):
        load_office(rtf("甲"), "a.rtf", folders=[str(tmp_path)])


@posix
def test_profile_allows_no_macros_and_its_folder_is_removed(tmp_path):
    script = (
        f"pwd > {tmp_path}/folder\n"
        f"cp profile/user/registrymodifications.xcu {tmp_path}/settings\n"
        # On a first start it sets up the profile and asks to be started again.
        f"[ -e {tmp_path}/again ] || {{ touch {tmp_path}/again; exit 81; }}\n"
        f"mkdir made; cp {tmp_path}/made.docx made/document.docx"
    )
    (tmp_path / "made.docx").write_bytes(word_file(p("甲")))
    raw = load_office(rtf("甲"), "a.rtf", folders=stand_in(tmp_path, script))
    assert [block.text for block in raw.blocks] == ["甲"]
    assert raw.media_type is MediaType.RTF
    chosen = (tmp_path / "settings").read_text(encoding="utf-8")
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in chosen
    assert not Path((tmp_path / "folder").read_text(encoding="utf-8").strip()).exists()


def test_what_stands_beside_the_wrapper_is_started(tmp_path):
    if sys.platform == "win32":
        pytest.skip("links need a privilege there")
    (tmp_path / "program").mkdir()
    stand_in(tmp_path / "program", "")
    (tmp_path / "program" / "soffice.bin").write_bytes(b"")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "libreoffice").symlink_to(tmp_path / "program" / "soffice")
    found = find_libreoffice([str(tmp_path / "bin")])
    assert found is not None
    assert found.path == tmp_path / "program" / "soffice.bin"
    assert found.is_single
