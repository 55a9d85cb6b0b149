"""Memory goes back to the system: as glibc itself counts it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes, sys
from rag.app.allocation import give_large_memory_back
names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in names]
libc = ctypes.CDLL(None)
libc.mallinfo2.restype, libc.malloc.restype, libc.free.argtypes = Info, ctypes.c_void_p, [ctypes.c_void_p]
if sys.argv[1] == "told":
    assert give_large_memory_back()
libc.free(libc.malloc(24 << 20))  # glibc now takes pieces up to this size for ordinary
before = libc.mallinfo2().hblks
libc.malloc(8 << 20)
print(libc.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's own behaviour")
@pytest.mark.parametrize(("told", "on_their_own"), [("told", 1), ("not", 0)])
def test_a_large_piece_stands_on_its_own_even_after_a_larger_one_was_freed(told: str, on_their_own: int):
    done = subprocess.run([sys.executable, "-c", _PROGRAM, told], capture_output=True, text=True, check=True)
    assert int(done.stdout) == on_their_own
