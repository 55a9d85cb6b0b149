"""What a reader of files may do wrong; called inside workers."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rag.errors import EmptyDocument

WORDS = "文件里的秘密"


def double(number):
    return 2 * number


def give_pid():
    return os.getpid()


def give_parent():
    return os.getppid()


def give_back(data):
    return data


def refuse():
    raise EmptyDocument("a.txt", "文件中没有文字", remedy="另存")


def fail():
    raise IndexError(WORDS)


def hang():
    time.sleep(3600)


def hang_without_end():
    """Not to be interrupted by anything in Python."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def hang_with_child(note):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    Path(note).write_text(str(child.pid))
    time.sleep(3600)


def note_and_hang(note):
    Path(note).write_text(str(os.getpid()))
    time.sleep(3600)


def unpack_and_hang(note):
    folder = tempfile.mkdtemp()
    Path(folder, "words").write_text(WORDS, encoding="utf-8")
    Path(note).write_text(folder, encoding="utf-8")
    hang()


def crash():
    ctypes.string_at(0)


def end(code):
    os._exit(code)


def die_of(number):
    os.kill(os.getpid(), number)
    time.sleep(60)


def take_memory(megabytes):
    return len(bytearray(megabytes << 20))


def take_memory_and_abort(megabytes):
    """As a C++ library does that cannot allocate."""
    try:
        bytearray(megabytes << 20)
    except MemoryError:
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()


def take_memory_bit_by_bit():
    held = []
    while True:
        held.append(os.urandom(1 << 20))


def write_file(path, megabytes):
    with Path(path).open("wb") as file:
        file.writelines(bytes(1 << 20) for _ in range(megabytes))
    return megabytes


def open_files(path, count):
    files = [Path(path).open("rb") for _ in range(count)]  # noqa: SIM115
    return len(files)


def print_much():
    print(WORDS * 1000)  # noqa: T201
    os.write(1, b"noise")
    os.system("echo more noise")
    return "quiet"


def reach_network(port):
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port))


def ignores_interrupt():
    return signal.getsignal(signal.SIGINT) == signal.SIG_IGN
