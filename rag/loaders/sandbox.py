"""Worker processes that read files for us (沙箱): a file that breaks its reader costs itself alone.

Each worker is a process with limits of memory, processor time, file size and open files, and with a wall clock that
the parent watches. One that dies or is killed is replaced, and its file gets the true reason; the rest goes on.

Not ``concurrent.futures.ProcessPoolExecutor``: there one dead worker breaks the pool and loses every file in it. Not
``multiprocessing`` at all: its ``fork`` is unsafe under a server's threads, and its other methods import the program's
main module into each worker. A worker here is a plain program with a pipe, started in .3 s, the same on every system;
a thread for each hands it its tasks.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import IO, Any, ParamSpec, Self, TypeVar

from rag.errors import UnreadableSource
from rag.loaders.confinement import Limits, Outcome, Reply, Task
from rag.loaders.worker_folders import WorkerFolder, clear_away

_logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_PROGRAM = (
    "import sys; sys.path[:] = {paths!r}; from rag.loaders.confinement import Limits, work; "
    "work({limits!r}, {parent}, {paths!r})"
)
# A worker that has read so many files, or holds so large a part of its memory, is replaced when it is next idle:
# libraries leak, and what is freed is not always given back.
_FILES_A_WORKER = 2_000
_MEMORY_PART = 0.6
# Between looks at the clocks. A second worker is started when tasks have been waiting since the last look, so that a
# run over a few files pays for one.
_LOOK_SECONDS = 0.2
_IDLE_SECONDS = 60.0
_LAST_WORDS = 4096
_SIGNS_OF_MEMORY = (b"bad_alloc", b"MemoryError", b"annot allocate memory", b"ut of memory", b"alloc failed")


class Sandbox:
    """A pool of confined workers. Safe across threads; workers are started as they are needed."""

    def __init__(self, *, limits: Limits = Limits(), workers: int | None = None) -> None:  # noqa: B008 - it is frozen
        """Start nothing yet.

        Args:
            limits: Of each worker.
            workers: Most at one time; one for each core by default.
        """
        self.limits = limits
        self.workers = workers or available_cores()
        self._tasks: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._turn = threading.Lock()
        self._keepers: list[_Keeper] = []
        self._closing = threading.Event()
        self._watch: threading.Thread | None = None
        self.peak_megabytes = 0
        """Most memory that any worker has held, resident, in MiB."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def submit(
        self, source: str, size: int, function: Callable[P, T], /, *arguments: P.args, **named: P.kwargs
    ) -> Future[T]:
        """Call a function in a worker.

        Args:
            source: The file it reads, for errors.
            size: Bytes of the file, which its time follows from.
            function: At the top of a module; all that goes in and out must be picklable.
            arguments: Its arguments.
            named: Its arguments by name.

        Returns:
            The result to come. It raises the function's ``SourceError``, or ``UnreadableSource`` when the worker
            was killed, died, or the function failed in any other way.
        """
        future: Future[T] = Future()
        seconds = self.limits.seconds_for(size)
        # The wall clock comes first; this one holds when nobody watches it any more.
        task = Task(partial(function, *arguments, **named), int(seconds + 60) * available_cores())
        with self._turn:
            if self._closing.is_set():
                raise RuntimeError("the sandbox is closed")
            if not self._keepers:
                clear_away()
                self._add_keeper()
                self._watch = threading.Thread(target=self._look, name="sandbox", daemon=True)
                self._watch.start()
            self._tasks.put(_Call(task, future, source, seconds))
        return future

    def close(self) -> None:
        """Stop all workers at once; what they were at is cancelled."""
        self._closing.set()
        with self._turn:
            keepers, self._keepers = self._keepers, []
        for keeper in keepers:
            keeper.kill()
        with contextlib.suppress(queue.Empty):
            while True:
                call = self._tasks.get_nowait()
                if call is not None:
                    call.future.cancel()
        for _ in keepers:
            self._tasks.put(None)
        for keeper in keepers:
            keeper.join()
        if self._watch is not None:
            self._watch.join()

    def note_peak(self, megabytes: int) -> None:
        """Take down how much memory a worker has held."""
        with self._turn:
            self.peak_megabytes = max(self.peak_megabytes, megabytes)

    def _add_keeper(self) -> None:
        keeper = _Keeper(self, self._tasks, self._closing)
        self._keepers.append(keeper)
        keeper.start()

    def _look(self) -> None:
        """Kill what is past its time, and start more workers while tasks wait."""
        waited = False
        while not self._closing.wait(_LOOK_SECONDS):
            with self._turn:
                keepers = list(self._keepers)
                waits = not self._tasks.empty()
                if waits and waited and len(keepers) < self.workers and not self._closing.is_set():
                    self._add_keeper()
                waited = waits
            now = time.monotonic()
            for keeper in keepers:
                keeper.kill_when_past(now)


class _Call:
    """A task with where its result goes."""

    __slots__ = ("future", "seconds", "source", "task")

    def __init__(self, task: Task, future: Future[Any], source: str, seconds: float) -> None:
        self.task = task
        self.future = future
        self.source = source
        self.seconds = seconds


class _Keeper:
    """A thread with at most one worker process, which it starts, feeds and replaces."""

    def __init__(self, sandbox: Sandbox, tasks: queue.SimpleQueue[_Call | None], closing: threading.Event) -> None:
        self._thread = threading.Thread(target=self._run, name="sandbox worker", daemon=True)
        self._sandbox = sandbox
        self._tasks = tasks
        self._closing = closing
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self._deadline: float | None = None
        self._is_late = False

    def start(self) -> None:
        """Serve tasks from now on, until the sandbox closes."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it serves no more."""
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                try:
                    call = self._tasks.get(timeout=_IDLE_SECONDS)
                except queue.Empty:
                    self._stop()
                    continue
                if call is None:
                    break
                if call.future.set_running_or_notify_cancel():
                    try:
                        self._serve(call)
                    except Exception as error:  # noqa: BLE001 - the caller's: an argument that is not picklable
                        self._stop()  # it may have been sent by half
                        call.future.set_exception(error)
        finally:
            self._stop()

    def kill(self) -> None:
        """Kill the worker, whatever it is at; from any thread."""
        with self._turn:
            if self._worker is not None:
                self._worker.kill()

    def kill_when_past(self, now: float) -> None:
        """Kill the worker when its file has had its time; from any thread."""
        with self._turn:
            if self._worker is not None and self._deadline is not None and now > self._deadline:
                self._is_late = True
                self._deadline = None
                self._worker.kill()

    def _serve(self, call: _Call) -> None:
        try:
            worker = self._started()
        except OSError as error:
            reason = f"解析进程无法启动: {error.strerror} (the parsing process cannot be started)"
            call.future.set_exception(UnreadableSource(call.source, reason))
            return
        self._set_deadline(time.monotonic() + call.seconds)
        reply = worker.ask(call.task)
        self._set_deadline(None)
        if reply is None:
            reason = self._reason_of_death(worker, call.seconds)
            self._stop()
            if self._closing.is_set():
                reason = "解析被中断 (reading was interrupted)"
            call.future.set_exception(UnreadableSource(call.source, reason))
            return
        self._sandbox.note_peak(reply.peak_megabytes)
        is_full = reply.megabytes > _MEMORY_PART * self._sandbox.limits.megabytes
        if reply.outcome is Outcome.OUT_OF_MEMORY or is_full or worker.files >= _FILES_A_WORKER:
            self._stop()
        self._settle(call, reply)

    def _settle(self, call: _Call, reply: Reply) -> None:
        match reply.outcome:
            case Outcome.DONE:
                call.future.set_result(reply.value)
            case Outcome.REFUSED:
                kind, source, reason, remedy = reply.value
                call.future.set_exception(kind(source, reason, remedy=remedy))
            case Outcome.OUT_OF_MEMORY:
                call.future.set_exception(UnreadableSource(call.source, self._too_much_memory()))
            case Outcome.FAULT:
                name, frames = reply.value
                _logger.error("%r cannot be parsed: %s\n%s", call.source, name, frames)
                reason = f"程序解析出错 {name} (the program cannot parse it)"
                call.future.set_exception(UnreadableSource(call.source, reason))

    def _started(self) -> _Worker:
        with self._turn:
            if self._worker is None or not self._worker.is_alive:
                if self._worker is not None:
                    self._worker.close()
                self._worker = _Worker(self._sandbox.limits)
                if self._closing.is_set():  # close() came between and saw no worker to kill
                    self._worker.kill()
            self._is_late = False
            return self._worker

    def _set_deadline(self, deadline: float | None) -> None:
        with self._turn:
            self._deadline = deadline

    def _stop(self) -> None:
        with self._turn:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _reason_of_death(self, worker: _Worker, seconds: float) -> str:
        """Say why a worker died in the middle of a file."""
        code = worker.exit_code()
        if self._is_late:
            return f"解析超时: 超过 {seconds:.0f} 秒 (reading it took longer than {seconds:.0f} s)"
        if worker.ran_out_of_memory():
            return self._too_much_memory()
        if code >= 0:
            return f"解析进程意外退出, 退出码 {code} (the parsing process ended with code {code})"
        name = _signal_name(-code)
        if name == "SIGXCPU":
            return "处理器时间超限 (reading it took too much processor time)"
        if name == "SIGKILL":
            return "解析进程被系统终止, 可能因内存不足 (the system killed the parsing process, perhaps for memory)"
        return f"解析进程崩溃, 信号 {name} (the parsing process crashed: {name})"

    def _too_much_memory(self) -> str:
        most = self._sandbox.limits.megabytes
        return f"内存超限: 解析需要超过 {most} MB (reading it takes more than {most} MB of memory)"


class _Worker:
    """One process. Used by one thread; ``kill`` may come from others."""

    def __init__(self, limits: Limits) -> None:
        paths = [os.path.abspath(path) for path in sys.path]  # noqa: PTH100 - "" is the current folder
        program = _PROGRAM.format(limits=limits, parent=os.getpid(), paths=paths)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process is
        # What a killed worker had unpacked or converted goes with it.
        self._folder = WorkerFolder()
        own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder.name)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env={**os.environ, **_ONE_THREAD_EACH, **own},
                start_new_session=True,  # to be killed with all that it starts
            )
        except OSError:
            self._errors.close()
            self._folder.remove()
            raise
        self.files = 0

    @property
    def is_alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def ask(self, task: Task) -> Reply | None:
        """Hand over a task and wait for its reply; ``None`` when the process died instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.files += 1
        try:
            pickle.dump(task, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            reply = pickle.load(self._process.stdout)  # noqa: S301 - our own worker wrote it
        except (EOFError, BrokenPipeError, ConnectionResetError, pickle.UnpicklingError):
            return None
        return reply if isinstance(reply, Reply) else None

    def kill(self) -> None:
        """Kill the process and all that it started."""
        if self._process.poll() is None:
            if os.name == "nt":
                self._process.kill()
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def exit_code(self) -> int:
        """Wait for the end; return the exit code, negative for a signal."""
        return self._process.wait()

    def ran_out_of_memory(self) -> bool:
        """Tell from its last words whether it died for want of memory; they may be the document's, and stay here."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - _LAST_WORDS))
        words = self._errors.read()
        return any(sign in words for sign in _SIGNS_OF_MEMORY)

    def close(self) -> None:
        """Kill the process if it runs, and let go of all that it held."""
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self._process.wait()
        self._errors.close()
        try:
            self._folder.remove()
        except OSError as error:  # it lies out of our reach for now; the thread has other files to read
            _logger.warning("%s cannot be removed: %s", self._folder.name, error.strerror)


# The workers share the cores; libraries that start a thread for each core in every worker would be slower.
_ONE_THREAD_EACH = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def available_cores() -> int:
    """Return how many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
