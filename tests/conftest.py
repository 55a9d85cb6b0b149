"""Documents that the tests write (our own words, invented places), and an index of them built once a session."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from hypothesis import settings

from rag.app.cli import main
from rag.app.wiring import Engine
from rag.settings import Settings
from rag.store.repository import Catalog

from .tiny_models import write_encoder, write_reranker

# How long an example takes says more of the machine than of the code.
settings.register_profile("rag", deadline=None)
settings.load_profile("rag")

# Two public, two that only an operator may see by label, one without a label, one more public in Markdown.
DOCUMENTS = {
    "plans/2024-linzhou-psychology.txt": """\
临洲市人民政府办公室文件

临政办发〔2024〕8号

临洲市人民政府办公室关于印发《临洲市学生心理健康行动方案》的通知

各县（区）人民政府，市政府各部门：

《临洲市学生心理健康行动方案》已经市政府同意，现印发给你们，请认真贯彻执行。

一、总体要求

到2026年，全市中小学专职心理教师配备率达到95%。

二、重点任务

（一）开齐心理课程。中小学每两周安排1课时心理健康课。〔市教育局牵头，市卫生健康委、团市委按职责分工负责〕

（二）畅通转介渠道。县级医院为学校开通绿色通道。〔市卫生健康委牵头，市医保局配合〕

三、经费保障

市财政每年安排学生心理健康专项经费320万元。

临洲市人民政府办公室

2024年3月8日

（此件公开发布）
""",
    "notices/2025-linzhou-hotline.txt": """\
临洲市卫生健康委员会文件

临卫发〔2025〕6号

关于开通心理援助热线的通知

各县（区）卫生健康局：

为方便群众求助，自2025年5月1日起开通临洲市心理援助热线，每天24小时有人接听。

热线由市精神卫生中心承办，首批配备接线员18名。

临洲市卫生健康委员会

2025年4月16日

公开属性：主动公开
""",
    "notices/2022-linzhou-elevators.md": """\
# 临洲市既有住宅加装电梯补助办法

临建规〔2022〕3号

第一条 为推进既有住宅加装电梯，制定本办法。

第二条 四层以上住宅加装电梯，每台补助15万元。

第三条 补助资金由市住房城乡建设局审核，市财政局拨付。

临洲市住房和城乡建设局

2022年7月1日

（主动公开）
""",
    "replies/2024-linzhou-meals.txt": """\
临洲市教育局

临教函〔2024〕31号

关于市政协三届二次会议第0077号提案的答复

提案委员：

您提出的《关于提高校园餐质量的提案》收悉，现答复如下：

全市已有136所学校建成自营食堂，校园餐人均标准为每餐12元。今年3月，市教育局出台校园餐管理办法。

下一步将由市教育局牵头、市市场监督管理局配合，每学期开展两次食堂抽检。

临洲市教育局

2024年6月20日

公开属性：依申请公开
""",
    "notices/2023-xichuan-flood.txt": """\
汐川县应急管理局文件

汐应急〔2023〕5号

关于做好防汛物资储备的通知

各乡镇人民政府：

全县储备冲锋舟42艘、编织袋26万条，存放于县级仓库。

防汛物资调运由县应急管理局负责，县交通运输局配合。

汐川县应急管理局

2023年5月12日

公开属性：不予公开
""",
    "notices/2021-xichuan-canteens.txt": """\
汐川县民政局文件

汐民发〔2021〕14号

关于支持老年助餐点运营的通知

各乡镇人民政府：

对连续运营满一年的老年助餐点，每个补贴2.5万元。

汐川县民政局

2021年9月3日
""",
}

PUBLIC = {
    "plans/2024-linzhou-psychology.txt",
    "notices/2025-linzhou-hotline.txt",
    "notices/2022-linzhou-elevators.md",
}

# Words that stand in one document each, beside the disclosure of it.
TELLING_WORDS = {
    "plans/2024-linzhou-psychology.txt": "绿色通道",
    "notices/2025-linzhou-hotline.txt": "接线员18名",
    "notices/2022-linzhou-elevators.md": "每台补助15万元",
    "replies/2024-linzhou-meals.txt": "自营食堂",
    "notices/2023-xichuan-flood.txt": "冲锋舟42艘",
    "notices/2021-xichuan-canteens.txt": "老年助餐点",
}


_CHARACTERS = "".join(DOCUMENTS.values()) + "问文: "

# Variables of the machine that change what a child process does.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "COVERAGE_PROCESS_START")


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


def _write(folder: Path, documents: Mapping[str, str]) -> Path:
    for name, text in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RAG_{name.upper()}", raising=False)


@pytest.fixture(scope="session")
def documents():
    """The documents by source."""
    return MappingProxyType(DOCUMENTS)


@pytest.fixture(scope="session")
def public():
    """Sources of the documents that anyone may see."""
    return PUBLIC


@pytest.fixture(scope="session")
def telling_words():
    """By source, words that no other document holds."""
    return MappingProxyType(TELLING_WORDS)


@pytest.fixture
def corpus(tmp_path):
    """A corpus folder of one's own."""
    return _write(tmp_path / "corpus", DOCUMENTS)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Settings over the corpus and index of the session. Not to be changed."""
    folder = tmp_path_factory.mktemp("built")
    _write(folder / "corpus", DOCUMENTS)
    settings = Settings(index_dir=folder / "index", corpus_dir=folder / "corpus")
    with Engine(settings) as engine:
        report = engine.ingest([folder / "corpus"])
    assert not report.failed
    assert report.documents == len(DOCUMENTS)
    return settings


@pytest.fixture
def own(built, corpus, tmp_path):
    """Settings over a copy of the session's corpus and index, to be changed at will."""
    shutil.copytree(built.index_dir, tmp_path / "index")
    with closing(sqlite3.connect(tmp_path / "index/catalog.db")) as connection, connection:
        connection.execute("UPDATE sources SET root = ?", (str(corpus.resolve()),))
    (tmp_path / "index/catalog.db.sha256").unlink()
    with Catalog.open(tmp_path / "index/catalog.db") as catalog:
        catalog.seal()
    return Settings(index_dir=tmp_path / "index", corpus_dir=corpus)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory):
    """Folder of a transformer of chance, with prompts."""
    folder = tmp_path_factory.mktemp("tiny-encoder")
    return write_encoder(folder, _CHARACTERS, seed=1, prompts={"query": "问: ", "document": "文: "})


@pytest.fixture(scope="session")
def other_tiny_encoder(tmp_path_factory):
    """Folder of another, without prompts."""
    return write_encoder(tmp_path_factory.mktemp("other-tiny-encoder"), _CHARACTERS, seed=2)


@pytest.fixture(scope="session")
def tiny_reranker(tmp_path_factory):
    """Folder of a cross-encoder of chance."""
    return write_reranker(tmp_path_factory.mktemp("tiny-reranker"), _CHARACTERS, seed=3)


@pytest.fixture
def rag(monkeypatch, capsys):
    """Run the command line in this process."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["rag", *map(str, arguments)])
        monkeypatch.setattr("os.nice", lambda _: 0, raising=False)  # there is no way back for this process
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def rag_process():
    """Start the command line in a process of its own; keywords go to ``Popen``, ``environment`` to its variables."""

    def start(
        *arguments: object,
        environment: Mapping[str, str] = MappingProxyType({}),
        program: str = "from rag.app.cli import main; main()",
        **options,
    ) -> subprocess.Popen:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            env={**kept, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    return start


@pytest.fixture(scope="session")
def rag_run(rag_process):
    """Run the command line in a process of its own, to its end."""

    def run(*arguments: object, **options) -> Ran:
        with rag_process(*arguments, **options) as process:
            out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out.decode(), err.decode())

    return run
