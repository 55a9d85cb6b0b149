"""Whether every changed byte of an index is found, one command; see README.md beside this file.

Each round changes one byte of one file of a sound index, asks what is wrong, and puts the byte back. What `rag verify`
does not look at is what a server keeps beside the index, pictures of pages: of these the picture must be shown as it was
all the same. Half of the rounds take a file by chance and then a byte of it, so that small files have their turn; the
others a byte of all by chance.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pypdfium2
from invented import write_documents
from reporting import HERE, REPOSITORY, machine, table

from rag.app.page_pictures import KEPT_SUFFIX
from rag.app.wiring import PICTURES_FOLDER, Engine
from rag.domain.access import Scope
from rag.settings import Settings

PAGE = HERE / "bit_flips.md"
PDF = "lifts.pdf"
ALL = Scope.everything()
DOCUMENTS = 60
CHARACTERS = 1_500


def main() -> int:
    """Flip so many bytes; 1 when one was not found."""
    options = _options()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        write_documents(Path(folder) / "corpus", DOCUMENTS, CHARACTERS)
        with Engine(Settings(index_dir=index)) as engine:
            (Path(folder) / "corpus" / PDF).write_bytes(_pdf())
            engine.ingest([Path(folder) / "corpus", REPOSITORY / "corpus"])
        if _problems(index):
            print("the index is not sound to begin with", file=sys.stderr)
            return 1
        shown = _shown(index)
        if not list(index.glob(f"{PICTURES_FOLDER}/*/*{KEPT_SUFFIX}")):
            print("no picture of a page is kept", file=sys.stderr)
            return 1
        files = files_of(index)
        flipped: Counter[str] = Counter()
        missed: list[str] = []
        for number in range(options.flips):
            weights = [path.stat().st_size for path in files] if number % 2 else None
            path = chance.choices(files, weights)[0]
            at, change = chance.randrange(path.stat().st_size), chance.randrange(1, 256)
            flip(path, at, change)
            flipped[_sort(path.relative_to(index))] += 1
            is_picture = path.suffix == KEPT_SUFFIX
            if _shown(index) != shown if is_picture else not _problems(index):
                missed.append(f"{path.relative_to(index)} at {at} by {change:#x}")
            if not is_picture:  # that was made again
                flip(path, at, change)
            if number % 50 == 49:
                print(f"{number + 1}/{options.flips}, {len(missed)} missed", file=sys.stderr, flush=True)
        if _problems(index) or _shown(index) != shown:
            print("it is not sound at the end", file=sys.stderr)
            return 1
    page = "\n".join(
        [
            "# Changed bytes\n",
            f"Written by `python benchmarks/bit_flips.py --flips {options.flips} --update`; {machine()}. "
            f"An index of {DOCUMENTS} invented plans and the sample corpus; one byte changed at a time, then what "
            "`rag verify` runs; pictures of pages were asked for again and had to be as before.\n",
            table(["file", "bytes changed"], [*sorted(flipped.items()), ("in all", options.flips)]),
            "",
            f"Found: {options.flips - len(missed)} of {options.flips}.\n",
            "Not files of the index at rest: `catalog.db-wal`, empty once a run is done (SQLite checks each frame of one "
            "that was cut off), `catalog.db-shm`, which whoever opens the catalog first makes anew, `LOCK`, which is empty, "
            "and `LOCK.owner`, there while a run goes on.",
            "",
        ]
    )
    print(page)
    if options.update:
        PAGE.write_text(page, encoding="utf-8")
    for line in missed:
        print(f"not found: {line}", file=sys.stderr)
    return 1 if missed else 0


def files_of(index: Path) -> list[Path]:
    """Return the files of an index at rest that hold anything that lasts."""
    return sorted(p for p in index.rglob("*") if p.is_file() and p.stat().st_size and p.name != "catalog.db-shm")


def flip(path: Path, at: int, change: int) -> None:
    """Change one byte of a file; the same once more puts it back. Files shared between generations are one file."""
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ change]))


def _pdf() -> bytes:
    """Return a PDF of two pages with a few words."""
    made = io.BytesIO()
    with pypdfium2.PdfDocument.new() as file:
        font = pypdfium2.raw.FPDFText_LoadStandardFont(file.raw, b"Helvetica")
        for number in (1, 2):
            page = file.new_page(595, 842)
            words = pypdfium2.raw.FPDFPageObj_CreateTextObj(file.raw, font, 24)
            text = f"Notice {number} on lifts: 900 lifts by 2026".encode("utf-16-le") + b"\0\0"
            pypdfium2.raw.FPDFText_SetText(words, ctypes.cast(text, pypdfium2.raw.FPDF_WIDESTRING))
            pypdfium2.raw.FPDFPageObj_Transform(words, 1, 0, 0, 1, 80, 700)
            pypdfium2.raw.FPDFPage_InsertObject(page.raw, words)
            page.gen_content()
            page.close()
        file.save(made)
    return made.getvalue()


def _shown(index: Path) -> list[bytes]:
    """Return the pictures of the pages of the PDF, kept or made."""
    with Engine(Settings(index_dir=index)) as engine:
        reader = engine.reader()
        document = reader.find_document(PDF, scope=ALL).document_id
        return [engine.pictures.picture(document, n, 600, catalog=reader.catalog, scope=ALL) for n in (1, 2)]


def _problems(index: Path) -> list[str]:
    with Engine(Settings(index_dir=index)) as engine:
        return engine.problems()


def _sort(path: Path) -> str:
    parts = ["gen-N" if part.startswith("gen-") else part for part in path.parts]
    if parts[0] == PICTURES_FOLDER:
        return f"{PICTURES_FOLDER}/*{path.suffix}"
    if parts[-2:-1] in (["lexical"], ["documents"]):
        parts[-1] = f"*{path.suffix or path.name}"
    return "/".join(parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=1_000, help="how many bytes to change")
    parser.add_argument("--seed", type=int, default=7, help="of the files, places and values")
    parser.add_argument("--update", action="store_true", help="rewrite bit_flips.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
