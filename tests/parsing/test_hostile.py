"""Text made to hurt: long lines, many lines, nothing closed. Work must grow with length, not with its square.

Steps are measured by the processor time of a child process: where work grew with the square of the length, the
limit would be passed many times over, so that a slow or busy machine does not matter.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each makes the lines of a text out of a size. One line of a million characters:
LINE = 500_000
LONG_LINES = {
    "brackets": "'（' * n",
    "closing": "'）' * n",
    "kinds": "'（一〔1.《“' * (n // 6)",
    "figures": "'1' * n",
    "blanks": "'甲' + ' ' * n + '乙'",
    "wide": "'甲' + '\\u3000' * n + '乙'",
    "dots": "'甲' + '.' * n + '1'",
    "leaders": "'第一章' + '…' * n + '1'",
    "zeros": "'二' + '〇' * n",
    "dates": "'2024年' * (n // 5)",
    "commas": "'甲，' * (n // 2)",
    "inline": "'一是甲；' * (n // 4)",
    "agencies": "'市教育局、' * (n // 5)",
    "duties": "'市教育局负责' * (n // 6)",
    "bracketed": "'〔市教育局牵头' * (n // 7)",
    "labels": "'责任单位：' * (n // 5)",
    "people": "'联系人' * (n // 3)",
    "phones": "'0800-' * (n // 5)",
    "quotes": "'“' * n",
    "tabs": "'甲\\t' * (n // 2)",
    "conjunctions": "'及与和' * (n // 3)",
    "disclosure": "'此件公开' * (n // 4)",
}
# Many short lines:
LINES = 15_000
SHORT_LINES = {
    "letters": "['甲'] * n",
    "copies": "['抄送：市委办'] * n",
    "signatures": "['汉州市教育局', '2024年5月6日'] * (n // 2)",
    "articles": "[f'第{i + 1}条　甲' for i in range(n)]",
    "first articles": "['第一条　甲'] * n",
    "statute": "['第一章　总则', '第一条　甲：', '（一）乙；', '丙。'] * (n // 4)",
    "levels": "['一、甲', '（一）乙', '1.丙', '（1）丁', '①戊'] * (n // 5)",
    "contents": "['目录', '第一章　总则'] * (n // 2)",
    "entries": "['目录'] + [f'第{i}章　甲' for i in range(n // 2)] * 2",
    "dotted": "['第一章　总则......3'] * n",
    "annexes": "['附件1', '某方案', '一、甲'] * (n // 3)",
    "lists": "['附件：1.某方案', '2.某表'] * (n // 2)",
    "brackets": "['一、甲工作。〔市教育局牵头，市公安局配合〕'] * n",
    "units": "['责任单位：市教育局', '配合单位：市公安局'] * (n // 2)",
    "open quotes": "['说：“甲', '第二条　乙'] * (n // 2)",
    "issued": "['《某某管理办法》', '某某管理办法'] * (n // 2)",
    "contacts": "['联系人：某某，电话：0800-1234567'] * n",
    "numbers": "['汉教发〔2024〕3号'] * n",
}
# Linear work takes 1 to 3 s; work that grows with the square takes minutes.
CPU_SECONDS = 20

PROGRAM = """
import sys
from rag.chunking import cut
from rag.loaders import MediaType, RawBlock, RawDocument
from rag.parsing.document import parse
n = int(sys.argv[1])
made = eval(sys.argv[2])
lines = ["关于某事的通知", "各单位：", "现将有关事项通知如下。", *([made] if isinstance(made, str) else made)]
document = parse(RawDocument(tuple(map(RawBlock, lines)), MediaType.TEXT), source="a.txt", sha256="0" * 64)
assert len(document.text) >= 1000
assert cut(document)
"""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def run(size: int, made: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), made],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", LONG_LINES)
def test_one_long_line(name: str) -> None:
    done = run(LINE, LONG_LINES[name])
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize("name", SHORT_LINES)
def test_many_lines(name: str) -> None:
    done = run(LINES, SHORT_LINES[name])
    assert done.returncode == 0, done.stderr[-500:]
