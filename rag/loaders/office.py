"""Older word processors' files (DOC, WPS, RTF, ODT) to blocks: LibreOffice makes a DOCX of them, which is then read.

LibreOffice is a program of its own, not a library: it is found where it is installed, started for one file with a
profile of its own that allows no macros and no network, and killed when it takes too long. It is one process in this
one's process group, so that whoever kills the group gets it too; limits on this process hold for it as well.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rag.errors import UnreadableSource, UnsupportedFormat
from rag.loaders.archive import Archive
from rag.loaders.confinement import die_with
from rag.loaders.containers import OLE_SIGN, names_encrypted_package
from rag.loaders.docx import load_docx
from rag.loaders.raw import MediaType, RawDocument

SECONDS = 120.0
"""Wall clock for one file; four hundred pages take five."""

_MOST_BYTES = 500 * 2**20
_NAMES = ("soffice", "libreoffice")
_FOLDERS = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    r"C:\Program Files\LibreOffice\program",
    r"C:\Program Files (x86)\LibreOffice\program",
)
_PROGRAM = "soffice.bin"
"""What ``soffice`` starts in the end; started itself, it is one process that can be killed."""
_RESTART = 81
"""With this it ends after setting up a new profile, and wants to be started again."""

_REMEDY = (
    "安装 LibreOffice (Debian/Ubuntu: apt install libreoffice-writer-nogui), 或另存为 DOCX "
    "(install LibreOffice, or save the file as DOCX)"
)

_KINDS: tuple[tuple[bytes, MediaType, str], ...] = (
    (OLE_SIGN, MediaType.DOC, "doc"),
    (b"{\\rtf", MediaType.RTF, "rtf"),
    (b"PK\x03\x04", MediaType.ODT, "odt"),
    # Word 2003's XML, as .doc or .xml.
    (b"<?xml", MediaType.DOC, "xml"),
    (b"\xef\xbb\xbf<?xml", MediaType.DOC, "xml"),
)

# No macros, nothing fetched for a picture or link: what is not in the file stays out, and the proxy leads nowhere.
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """LibreOffice on this machine.

    Attributes:
        path: What to start.
        is_single: Whether it runs as one process; a wrapper starts others, which need a process group to be killed by.
    """

    path: Path
    is_single: bool


def find_libreoffice(folders: Sequence[str] | None = None) -> Program | None:
    """Return LibreOffice, ``None`` where it is not installed.

    Args:
        folders: Where to look; ``None`` for the search path and the places it is usually installed in.
    """
    where = [*os.get_exec_path(), *_FOLDERS] if folders is None else list(folders)
    for name in _NAMES:
        if found := shutil.which(name, path=os.pathsep.join(where)) if where else None:
            wrapper = Path(found).resolve()
            if (path := wrapper.with_name(_PROGRAM)).is_file():
                return Program(path, is_single=True)
            return Program(wrapper, is_single=sys.platform == "darwin")
    return None


def load_office(
    data: bytes, source: str, *, folders: Sequence[str] | None = None, seconds: float = SECONDS
) -> RawDocument:
    """Read a DOC, WPS, RTF or ODT file by way of LibreOffice.

    Args:
        data: The whole file.
        source: Its path, for errors.
        folders: Where to look for LibreOffice; ``None`` for the usual places.
        seconds: Wall clock allowed to it.

    Raises:
        EmptyDocument: It holds no words.
        UnreadableSource: It is damaged or encrypted, or LibreOffice takes too long over it.
        UnsupportedFormat: LibreOffice is not installed.
    """
    media_type, suffix = _kind(data, source)
    program = find_libreoffice(folders)
    if program is None:
        reason = f"读取 {media_type.name} 需要 LibreOffice, 本机未安装 ({media_type.name} is read by LibreOffice, which is not installed)"
        raise UnsupportedFormat(source, reason, remedy=_REMEDY)
    return replace(load_docx(_converted(data, suffix, source, program, seconds), source), media_type=media_type)


def _kind(data: bytes, source: str) -> tuple[MediaType, str]:
    """Return what a file is, and the suffix that LibreOffice knows it by."""
    for magic, media_type, suffix in _KINDS:
        if data.startswith(magic):
            if names_encrypted_package(data):
                raise UnreadableSource(source, "文件已加密 (the file is encrypted)")
            if media_type is MediaType.ODT:
                Archive.open(data, source)  # refuses bombs before another program unpacks them
            return media_type, suffix
    # Anything else it would take for text, and make a document of the bytes.
    raise UnreadableSource(source, "不是 DOC、WPS、RTF 或 ODT 文件 (not a DOC, WPS, RTF or ODT file)")


def _converted(data: bytes, suffix: str, source: str, program: Program, seconds: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile, given, made = folder / "profile", folder / f"document.{suffix}", folder / "made" / "document.docx"
        given.write_bytes(data)
        _write_settings(profile)
        command = [
            *(str(program.path), f"-env:UserInstallation={profile.as_uri()}"),
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx", "--outdir", str(made.parent), str(given)),
        ]
        deadline = time.monotonic() + seconds
        try:
            code = _run(command, folder, program, deadline)
            if code == _RESTART:
                code = _run(command, folder, program, deadline)
        except subprocess.TimeoutExpired as error:
            reason = f"LibreOffice 转换超过 {seconds:g} 秒 (LibreOffice took longer than that)"
            raise UnreadableSource(source, reason) from error
        except OSError as error:
            raise UnreadableSource(source, "LibreOffice 无法启动 (LibreOffice does not start)") from error
        # It ends with 0 whether it could read the file or not; what it made tells.
        if not made.is_file():
            if code < 0:
                reason = f"LibreOffice 异常退出, 信号 {-code} (LibreOffice was killed by a signal)"
            else:
                reason = "LibreOffice 无法打开, 文件损坏或已加密 (LibreOffice cannot open it: damaged or encrypted)"
            raise UnreadableSource(source, reason)
        if made.stat().st_size > _MOST_BYTES:
            raise UnreadableSource(source, f"转换后超过 {_MOST_BYTES // 2**20} MB (too large when converted)")
        return made.read_bytes()


def _run(command: Sequence[str], folder: Path, program: Program, deadline: float) -> int:
    """Run LibreOffice and return its exit code, negative for a signal.

    Raises:
        OSError: It cannot be started.
        subprocess.TimeoutExpired: It was still running at the deadline, and was killed.
    """
    has_own_group = not program.is_single and sys.platform != "win32"
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(  # noqa: S603 - the program found, with names of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=has_own_group,
        # In a worker it must not outlive the worker; between fork and exec that is safe where no other thread runs.
        preexec_fn=partial(die_with, os.getpid()) if _is_alone() else None,  # noqa: PLW1509
    )
    try:
        return process.wait(timeout=max(0.0, deadline - time.monotonic()))
    finally:
        if has_own_group:
            # A wrapper's children outlive it.
            _kill_group(process.pid)
        process.kill()
        process.wait()


def _is_alone() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _kill_group(leader: int) -> None:
    if sys.platform != "win32":
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            return


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path if path.startswith("Inet") else "Office." + path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
