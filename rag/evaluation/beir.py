"""Judged collections in BEIR layout (Thakur et al. 2021): ``corpus.jsonl[.gz]``, ``queries.jsonl[.gz]``, ``qrels.tsv``.

``qrels/test.tsv``, where BEIR's own archives keep the judgements, is found too. What is wrong in a file is
told with its name and line.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rag.errors import InvalidRequest

Qrels = Mapping[str, Mapping[str, int]]
"""Grades by query id and document id; 1 and up is relevant."""

_CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")
_QUERIES = ("queries.jsonl", "queries.jsonl.gz")
_QRELS = ("qrels.tsv", "qrels/test.tsv")

# JSON can write what UTF-8 cannot.
_HALF_PAIR = re.compile("[\ud800-\udfff]")


class CorpusRow(NamedTuple):
    """One document of a collection; ``title`` is ``""`` where it has none."""

    id: str
    title: str
    text: str


class BeirFolder(NamedTuple):
    """Where the three files of a collection are."""

    corpus: Path
    queries: Path
    qrels: Path

    @classmethod
    def find(cls, folder: Path, *, queries: Path | None = None, qrels: Path | None = None) -> BeirFolder:
        """Look for the files of a collection.

        Args:
            folder: The collection.
            queries: Taken instead of the folder's own.
            qrels: Likewise.

        Raises:
            InvalidRequest: The folder or one of the files is not there.
        """
        if not folder.is_dir():
            raise InvalidRequest(f"{folder}: no such folder")
        for path in (queries, qrels):
            if path is not None and not path.is_file():
                raise InvalidRequest(f"{path}: no such file")
        return cls(_one_of(folder, _CORPUS), queries or _one_of(folder, _QUERIES), qrels or _one_of(folder, _QRELS))


def read_corpus(path: Path) -> Iterator[CorpusRow]:
    """Yield the documents in the order of the file. An id may come again: public collections have such slips.

    Raises:
        InvalidRequest: The file cannot be read, or a line is not such a document.
    """
    for place, row in _objects(path):
        yield CorpusRow(_id(row, place), _words(row, "title", place, default=""), _words(row, "text", place))


def read_queries(path: Path) -> dict[str, str]:
    """Return the queries by id, in the order of the file.

    Raises:
        InvalidRequest: The file cannot be read, a line is not a query, a query is empty, or an id comes twice.
    """
    queries: dict[str, str] = {}
    for place, row in _objects(path):
        row_id, text = _id(row, place), _words(row, "text", place)
        if row_id in queries:
            raise InvalidRequest(f"{place}: the _id {row_id} comes twice")
        if not text.strip():
            raise InvalidRequest(f"{place}: the query is empty")
        queries[row_id] = text
    return queries


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return the judgements (query, document, grade, separated by tabs), with or without a line of headings.

    Raises:
        InvalidRequest: The file cannot be read, a line has other than three fields, a grade is not a whole
            number, or a pair comes twice with different grades.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != 3:
            raise InvalidRequest(f"{place}: {len(fields)} fields instead of query, document and grade")
        query, document, written = fields
        try:
            grade = float(written)
        except ValueError as error:
            if number == 1:
                continue  # query-id corpus-id score
            raise InvalidRequest(f"{place}: the grade {written!r} is not a whole number") from error
        if not grade.is_integer():
            raise InvalidRequest(f"{place}: the grade {written!r} is not a whole number")
        if not query or not document:
            raise InvalidRequest(f"{place}: an id is empty")
        if qrels.setdefault(query, {}).setdefault(document, int(grade)) != grade:
            raise InvalidRequest(f"{place}: {query} and {document} were graded otherwise above")
    return qrels


def draw(ids: Iterable[str], count: int) -> list[str]:
    """Return so many of the ids, in their order: drawn as by lot, and always the same, whatever stands beside them."""
    given = list(ids)
    drawn = set(sorted(given, key=lambda each: hashlib.sha256(each.encode()).digest())[:count])
    return [each for each in given if each in drawn]


def _one_of(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InvalidRequest(f"{folder}: holds no {' or '.join(names)}")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and line, as UTF-8, unpacked when the name ends in .gz."""
    number = 0
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        # Read as bytes: decoding ahead would tell a wrong line, and only "\n" ends a line.
        with opener(path, "rb") as file:
            for number, line in enumerate(file, 1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path}:{number}: not UTF-8 text") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidRequest(f"{path}:{number + 1}: the gzip file is damaged or cut off") from error
    except OSError as error:
        raise InvalidRequest(f"{path}: cannot be read: {error.strerror}") from error


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield place (``file:line``) and object of each line that is not blank."""
    for number, line in _lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidRequest(f"{path}:{number}: not JSON") from error
        if not isinstance(row, dict):
            raise InvalidRequest(f"{path}:{number}: not a JSON object")
        yield f"{path}:{number}", row


def _id(row: Mapping[str, object], place: str) -> str:
    value = row.get("_id")
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise InvalidRequest(f"{place}: no _id, or one that is neither a word nor a number")
    return str(value)


def _words(row: Mapping[str, object], name: str, place: str, *, default: str | None = None) -> str:
    value = row.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise InvalidRequest(f"{place}: no {name}, or one that is not text")
    if _HALF_PAIR.search(value):
        raise InvalidRequest(f"{place}: the {name} holds half of a surrogate pair")
    return value
