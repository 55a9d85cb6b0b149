"""The start of a server (启动): the index is checked cheaply, and what is damaged is mended before the first question.

A generation is made anew from the catalog, a catalog from the files (``Engine.repair``). An index of an earlier version
is brought up to this one (升级); one of a later version is left alone. Bytes are compared up to a
size that takes a quarter of a second; ``rag verify`` compares them all.
"""

from __future__ import annotations

import logging

from rag.app.wiring import Engine
from rag.errors import IndexDamaged, IndexOlder
from rag.store.seal import seal_problem

_logger = logging.getLogger(__name__)

_COMPARED_UP_TO_BYTES = 256 << 20


def start(engine: Engine) -> None:
    """Open the index to serve from, mending it where it is damaged.

    Raises:
        IndexMissing: There is none yet.
        IndexDamaged: It is damaged, and there is nothing to mend it from.
        IndexMismatch: It was built with an encoder that is not here.
        IndexNewer: It was built by a later version.
    """
    try:
        _open(engine)
    except IndexDamaged as error:
        _logger.warning("索引损坏，现予修复 (the index is damaged and is being mended): %s", error)
        report = engine.repair()
        for failure in report.failed if report else ():
            _logger.warning("未能重新读入 (could not be read again): %s: %s", failure.source, failure.reason)
        engine.reader()


def _open(engine: Engine) -> None:
    _check_catalog(engine)
    try:
        engine.reader()
    except IndexOlder as error:
        _logger.warning("索引由较早的版本建立，现予更新 (the index is brought up to this version): %s", error)
        engine.bring_up()
        engine.reader()


def _check_catalog(engine: Engine) -> None:
    path = engine.catalog_path
    if path.is_file() and path.stat().st_size <= _COMPARED_UP_TO_BYTES:
        problem = seal_problem(path)
        if problem is not None:
            raise IndexDamaged(problem)
