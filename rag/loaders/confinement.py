"""Inside a worker of the sandbox (受限进程): its limits, and its loop over the files it is handed.

Started by ``sandbox`` as a program of its own; it reads pickled tasks from its standard input and writes pickled
replies to what was its standard output. Whatever else prints goes to its standard error.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from io import BufferedReader
from pathlib import Path
from typing import Any

from rag.errors import SourceError

if sys.platform != "win32":  # there the wall clock alone holds, which the parent watches
    import resource

MEBIBYTE = 1 << 20

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may use.

    Attributes:
        seconds: Wall clock for a file of up to a megabyte; ``seconds_for`` gives larger ones more.
        megabytes: Memory that the process may have of its own, in MiB.
        written_megabytes: Largest file it may write, in MiB.
        open_files: How many files it may have open.
    """

    seconds: float = 600.0
    megabytes: int = 2048
    written_megabytes: int = 1024
    open_files: int = 256

    def seconds_for(self, size: int) -> float:
        """Return the wall clock for a file of so many bytes: up to four times ``seconds`` as it grows to 64 MiB.

        A scan takes some seconds a page, and its pages are what makes it large.
        """
        return self.seconds * min(4.0, 1.0 + 3.0 * size / (64 * MEBIBYTE))


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a function that the worker can import, and how much processor time it may take."""

    call: Callable[[], object]
    cpu_seconds: int


class Outcome(Enum):
    """How a call ended."""

    DONE = auto()
    REFUSED = auto()
    OUT_OF_MEMORY = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to.

    Attributes:
        value: The result; when refused the error's class, source, reason and remedy; for a fault the name of the
            exception and where it was raised, without its words, which may be the document's.
        megabytes: Memory the worker holds now, resident, in MiB; 0 where it cannot tell.
        peak_megabytes: The most it has held.
    """

    outcome: Outcome
    value: Any
    megabytes: int
    peak_megabytes: int


def work(limits: Limits, parent: int, paths: list[str]) -> None:
    """Take tasks until the parent closes the pipe.

    Args:
        limits: To put on this process and all it starts.
        parent: Its process number; when it dies this process does.
        paths: The parent's ``sys.path``.
    """
    sys.path[:] = paths
    # Nothing that a library prints may come between replies, nor may its children hold the pipes open.
    inbox = os.fdopen(os.dup(0), "rb")
    outbox = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _leave_network()
    die_with(parent)
    _confine(limits)
    while (task := _next(inbox)) is not None:
        _allow_processor(task.cpu_seconds)
        reply = _reply(task)
        del task
        pickle.dump(reply, outbox, pickle.HIGHEST_PROTOCOL)
        outbox.flush()
        del reply


def _next(inbox: BufferedReader) -> Task | None:
    try:
        task = pickle.load(inbox)  # noqa: S301 - the parent wrote it
    except EOFError:
        return None
    return task if isinstance(task, Task) else None


def _reply(task: Task) -> Reply:
    try:
        value: object = task.call()
        outcome = Outcome.DONE
    except SourceError as error:
        outcome, value = Outcome.REFUSED, (type(error), error.source, error.reason, error.remedy)
    except MemoryError:
        outcome, value = Outcome.OUT_OF_MEMORY, None
    # The last line of defence: whatever a file brings to light in us or in a library costs that file alone.
    except Exception as error:  # noqa: BLE001
        frames = "".join(traceback.format_tb(error.__traceback__))
        outcome, value = Outcome.FAULT, (type(error).__name__, frames)
    return Reply(outcome, value, _resident_megabytes(), _peak_megabytes())


def die_with(parent: int) -> None:
    """See that this process is killed when its parent dies; Linux only, elsewhere it ends with its pipe.

    Args:
        parent: Process number that the parent should have.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call
            os._exit(0)


def _confine(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    # Not RLIMIT_AS: what a thread or a library reserves without using it counts there, some gigabytes with
    # onnxruntime. RLIMIT_DATA counts private writable memory alone (Linux 4.7 and later).
    _set_limit(resource.RLIMIT_DATA, limits.megabytes * MEBIBYTE)
    _set_limit(resource.RLIMIT_FSIZE, limits.written_megabytes * MEBIBYTE)
    _set_limit(resource.RLIMIT_NOFILE, limits.open_files)
    _set_limit(resource.RLIMIT_CORE, 0)


def _allow_processor(seconds: int) -> None:
    """Allow so much processor time from now on."""
    if sys.platform != "win32":
        spent = resource.getrusage(resource.RUSAGE_SELF)
        _set_limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + seconds, hard=False)


def _set_limit(which: int, value: int, *, hard: bool = True) -> None:
    if sys.platform == "win32":
        return
    _, most = resource.getrlimit(which)
    if most != resource.RLIM_INFINITY:
        value = min(value, most)
    # macOS refuses some of them.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value if hard else most))


def _leave_network() -> None:
    """Go where there is no network, when the system lets us (Linux): a document has no business there."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        # Without a map of its own a process is nobody, and programs look for nobody's home.
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _resident_megabytes() -> int:
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // MEBIBYTE


def _peak_megabytes() -> int:
    if sys.platform != "linux":
        return 0
    # Not ru_maxrss: it begins with what the parent held when it started this process.
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
