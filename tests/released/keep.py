"""Keep an index of today's format (版本样本) for the tests of later versions; see README.md beside this file.

Goes through the command line alone, so that it makes one with any earlier version of the program too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
RAG = (sys.executable, "-c", "from rag.app.cli import main; main()")

# Two with duties, one of them in Markdown; one that a file beside it corrects.
CORPUS = {
    "plans/2024-yanwan-lifts.txt": """\
砚湾市住房和城乡建设局文件

砚建发〔2024〕12号

关于印发砚湾市老旧小区加装电梯工作方案的通知

各县（区）住房和城乡建设局：

一、工作目标

到2026年底，全市完成加装电梯900台。

二、重点任务

（一）简化审批。加装电梯实行联合审查，7个工作日内办结。〔市住房城乡建设局牵头，市自然资源局、市市场监督管理局按职责分工负责〕

（二）落实补助。每台补助18万元。〔市财政局牵头，市住房城乡建设局配合〕

砚湾市住房和城乡建设局

2024年5月20日

公开属性：主动公开
""",
    "notices/2025-yanwan-reservoirs.md": """\
# 砚湾市水利局关于开展水库安全检查的通知

砚水函〔2025〕4号

各县（区）水利局：

2025年6月底前，对全市57座小型水库逐座检查。

检查由市水利局牵头，市应急管理局配合。

砚湾市水利局

2025年3月6日

公开属性：不予公开
""",
    "replies/2023-yanwan-buses.txt": """\
砚湾市交通运输局

砚交函〔2023〕71号

关于市政协五届二次会议第0148号提案的答复

提案委员：

您提出的关于增开夜间公交线路的提案收悉，现答复如下：

今年以来，已开通夜间公交线路6条，末班车延至23时30分。

下一步，将在大学城增设站点14处。

砚湾市交通运输局

2023年8月15日
""",
    "replies/2023-yanwan-buses.meta.toml": 'disclosure = "internal"\ntitle = "夜间公交提案的答复"\n',
}


def main() -> int:
    """Write ``<name>.zip`` beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of the version, as 0.1.0")
    parser.add_argument("--into", type=Path, default=HERE, help="folder to write to")
    options = parser.parse_args()
    target = options.into / f"{options.name}.zip"
    if target.exists():
        parser.error(f"{target} is there already; what was released stays as it is")
    with tempfile.TemporaryDirectory(prefix="rag-released-") as folder:
        home = Path(folder)
        for name, text in CORPUS.items():
            path = home / "corpus" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _rag(home, "ingest", "corpus")
        # Earlier versions had no keys and no audit log, and some no such command.
        for command in (
            ("key", "create", "--name", "readers' desk", "--role", "reader", "--places", "砚湾市"),
            ("key", "create", "--name", "gone", "--role", "admin"),
            ("key", "revoke", "gone"),
            ("ask", "加装电梯每台补助多少？"),
        ):
            _rag(home, *command, may_fail=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept:
            for path in sorted(home.rglob("*")):
                if path.is_file() and path.suffix != ".lock" and path.name not in {"LOCK", ".lock"}:
                    kept.write(path, path.relative_to(home).as_posix())
    sys.stdout.write(f"{target}: {target.stat().st_size:,} bytes\n")
    return 0


def _rag(home: Path, *arguments: str, may_fail: bool = False) -> None:
    settings = {"RAG_INDEX_DIR": str(home / "index"), "RAG_CORPUS_DIR": str(home / "corpus")}
    path = os.pathsep.join(filter(None, [str(Path.cwd()), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [*RAG, *arguments],
        cwd=home,
        env={**os.environ, **settings, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not may_fail:
        raise SystemExit(f"rag {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
