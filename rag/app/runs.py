"""Long work for the operator (后台任务), one at a time: sync, verify, repair, rebuild. The server goes on meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rag.app.wiring import Engine
from rag.errors import RagError

if TYPE_CHECKING:
    from rag.ingest import IngestReport, Progress

_logger = logging.getLogger(__name__)


class RunKind(StrEnum):
    """What is done."""

    SYNC = "sync"  # 同步文件夹
    VERIFY = "verify"  # 检查索引
    REPAIR = "repair"  # 修复索引
    REBUILD = "rebuild"  # 更换编码模型重建


@dataclass(slots=True)
class Run:
    """One piece of work, on its way or done.

    Attributes:
        progress: How far it has come, while it tells.
        report: What an ingest did.
        problems: What is wrong with the index, empty when all is well; ``None`` for work that does not look.
        failure: Why it stopped.
        is_done: Whether it has ended, well or not.
    """

    kind: RunKind
    progress: Progress | None = None
    report: IngestReport | None = None
    problems: list[str] | None = None
    failure: str | None = None
    is_done: bool = False


@dataclass
class Runs:
    """The last piece of work, and the way to start the next."""

    last: Run | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def start(self, kind: RunKind, work: Callable[[Run], None]) -> bool:
        """Start work in a thread of its own; ``False`` when something is being done already."""
        with self._turn:
            if self.last is not None and not self.last.is_done:
                return False
            run = self.last = Run(kind)
        # It may be cut off at any moment, as by a power cut: an ingest keeps what it has stored.
        threading.Thread(target=_do, args=(run, work), daemon=True, name=f"run-{kind.value}").start()
        return True


def _do(run: Run, work: Callable[[Run], None]) -> None:
    try:
        work(run)
    except RagError as error:
        run.failure = f"{error} — {error.remedy}" if error.remedy else str(error)
    except Exception as error:  # noqa: BLE001 - the edge of a thread
        # Its own words may be a document's.
        _logger.error("%s in a run of %s", type(error).__name__, run.kind.value)
        run.failure = "internal error; the server's log says more"
    finally:
        run.is_done = True


def sync(engine: Engine, *, prune: bool) -> Callable[[Run], None]:
    """Return the work of bringing the index in step with the corpus folder, with the encoder it was made with."""

    def work(run: Run) -> None:
        run.report = engine.ingest([engine.settings.corpus_dir], prune=prune, as_indexed=True, on_progress=_told(run))

    return work


def verify(engine: Engine) -> Callable[[Run], None]:
    """Return the work of checking the index."""

    def work(run: Run) -> None:
        run.problems = engine.problems()

    return work


def repair(engine: Engine) -> Callable[[Run], None]:
    """Return the work of mending the index, and checking it again."""

    def work(run: Run) -> None:
        run.report = engine.repair()
        run.problems = engine.problems()

    return work


def rebuild(engine: Engine, encoder: str | None) -> Callable[[Run], None]:
    """Return the work of making the index anew with another encoder; this server takes it up when it is there.

    Args:
        engine: What serves meanwhile.
        encoder: Hub name or folder; ``None`` for the one in the package.
    """

    def work(run: Run) -> None:
        settings = engine.settings.model_copy(
            update={"encoder": encoder, "encoder_query_prompt": None, "encoder_passage_prompt": None, "audit": False}
        )
        with Engine(settings) as other:
            run.report = other.ingest([Path(settings.corpus_dir)], on_progress=_told(run))

    return work


def _told(run: Run) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        run.progress = progress

    return tell
