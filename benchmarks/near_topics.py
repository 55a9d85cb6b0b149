"""Near-misses of topic (近似而不同的题) over documents of others: refused where the documents do not say, answered where they do.

    python benchmarks/near_topics.py --data ../shared/data --samples ../shared/samples --update

``near_topics.jsonl`` holds 120 questions of ours: 60 whose place, year and document are right and whose topic is one close by
(another subsidy, other people, another phase, figure or attribute), and 60 that the same documents answer. Those with an odd
number were looked at while answering was mended, those with an even one only afterwards. The documents are not part of the
repository: government documents named by the hash of their text (``near_topics_documents.txt``), and the files of ``--samples``.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from reporting import HERE, REPOSITORY, machine, say, sibling, table, told_now_and_then

from rag.evaluation.answers import evaluate_answers
from rag.evaluation.judging import Verdict
from rag.indexes.encoder import load_encoder

sys.path.append(str(REPOSITORY / "training"))
from policy_questions import digest, read_rows

QUESTIONS = HERE / "near_topics.jsonl"
DOCUMENTS = HERE / "near_topics_documents.txt"
PAGE = HERE / "near_topics.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Print a table, and the questions that failed on stderr."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=sibling("data"), help="folder with train/policy_docs.jsonl.gz")
    parser.add_argument("--samples", type=Path, default=sibling("samples"), help="folder of files of other formats")
    parser.add_argument("--cache", type=Path, default=REPOSITORY / ".cache" / "eval", help="where indexes are kept")
    parser.add_argument("--half", choices=("first", "second"), help="list the failures of one half alone")
    parser.add_argument("--update", action="store_true", help=f"put the table into {PAGE.name}")
    options = parser.parse_args()
    folder = lay_out(options.data, options.samples, options.cache / "near_topics")
    report = evaluate_answers(
        folder, QUESTIONS, cache_dir=options.cache, encoder=load_encoder(None), on_progress=told_now_and_then
    )
    for verdict in report.verdicts:
        if not verdict.has_passed and options.half in (None, half_of(verdict)):
            say(
                f"{verdict.question.id} {verdict.question.question}: {'; '.join(verdict.reasons)} | {verdict.answer[:160]}"
            )
    head = ("questions", "near-misses", "refused", "answerable", "right", "wrong", "refused")
    rows = [row(half, [v for v in report.verdicts if half_of(v) == half]) for half in ("first", "second")]
    kinds = dict.fromkeys(verdict.question.kind for verdict in report.verdicts)
    by_kind = [row(kind, [v for v in report.verdicts if v.question.kind == kind]) for kind in kinds]
    figures = f"{machine()}\n\n{table(head, [*rows, row('all', report.verdicts), *by_kind])}\n"
    print(figures)
    if options.update:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(page.split(BEGIN)[0] + BEGIN + figures + END + page.split(END)[1], encoding="utf-8")


def lay_out(data: Path, samples: Path, folder: Path) -> Path:
    """Put the documents into a folder as files: ``policy/<hash>.txt`` and ``samples/…``. Return it."""
    wanted = set(DOCUMENTS.read_text(encoding="utf-8").split())
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "policy").mkdir(parents=True)
    for entry in read_rows(data / "train" / "policy_docs.jsonl.gz"):
        name = digest(entry["text"])
        if name in wanted:
            (folder / "policy" / f"{name}.txt").write_text(with_title(entry), encoding="utf-8")
    shutil.copytree(samples, folder / "samples")
    return folder


def with_title(entry: dict[str, str]) -> str:
    """Return a document's text, under its title where it does not open with it."""
    title, opening = "".join(entry["title"].split()), "".join(entry["text"][:400].split())
    return entry["text"] if title[:20] in opening else f"{entry['title']}\n{entry['text']}"


def half_of(verdict: Verdict) -> str:
    """Return which half a question is of, told by its number."""
    return "first" if int(verdict.question.id[1:]) % 2 else "second"


def row(name: str, verdicts: Iterable[Verdict]) -> Sequence[object]:
    """Return how many near-misses were refused, and how many of the others answered right, wrong or not at all."""
    found = list(verdicts)
    near = [v for v in found if not v.question.answerable]
    able = [v for v in found if v.question.answerable]
    refused = [v for v in able if not v.cited]
    right = [v for v in able if v.has_passed]
    return (
        name,
        len(near) or "",
        sum(not v.cited for v in near) if near else "",
        len(able) or "",
        len(right) if able else "",
        len(able) - len(right) - len(refused) if able else "",
        len(refused) if able else "",
    )


if __name__ == "__main__":
    main()
