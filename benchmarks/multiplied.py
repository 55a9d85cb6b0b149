"""Collections of files for measuring speed: samples multiplied, so that no copy is another's exact duplicate."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from invented import write_documents


def multiplied_pdfs(samples: Sequence[Path], folder: Path, pages: int) -> tuple[int, int]:
    """Write copies of PDF files until they have so many pages; return how many files and pages there are."""
    folder.mkdir(parents=True)
    files = written = 0
    while written < pages:
        sample = samples[files % len(samples)]
        # What follows the end of a PDF changes its hash alone.
        (folder / f"{files:04}.pdf").write_bytes(sample.read_bytes() + b"\n%%%d\n" % files)
        written += pages_of(sample)
        files += 1
    return files, written


def multiplied_docx(samples: Sequence[Path], folder: Path, files: int) -> None:
    """Write so many copies of Word files, each with a comment of its own on the archive."""
    folder.mkdir(parents=True)
    for number in range(files):
        target = folder / f"{number:04}.docx"
        shutil.copyfile(samples[number % len(samples)], target)
        with zipfile.ZipFile(target, "a") as archive:
            archive.comment = str(number).encode()


def pages_of(pdf: Path) -> int:
    """Return how many pages a PDF file has."""
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def texts_of(collection: Path, folder: Path, files: int, characters: int) -> None:
    """Write text documents of so many characters, from stretches of real ones, or invented where there are none.

    Args:
        collection: JSON lines with ``text``, gzipped.
        folder: Where to write.
        files: How many.
        characters: Of each.
    """
    if not collection.is_file():
        write_documents(folder, files, characters)
        return
    with gzip.open(collection, "rt", encoding="utf-8") as lines:
        paragraphs = [part for line in lines for part in json.loads(line)["text"].split("\n") if part.strip()]
    folder.mkdir(parents=True)
    chance = random.Random(files)
    for number in range(files):
        text = f"关于第{number}号事项的通知\n"
        at = chance.randrange(len(paragraphs))
        while len(text) < characters:
            text += f"\n{paragraphs[at % len(paragraphs)]}"
            at += 1
        (folder / f"{number:05}.txt").write_text(text[:characters], encoding="utf-8")
