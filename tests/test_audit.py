"""The audit of the dependencies, against a service of advisories on this machine, honest and otherwise."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "audit.py"

ADVISORY = {
    "id": "PYSEC-0000-1",
    "summary": "opens every door",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}],
            "versions": ["1.2"],
        }
    ],
}
KNOWS_PIP = {"pip": {"vulns": [{"id": "PYSEC-2020-173", "affected": []}]}}


@pytest.fixture
def packages(tmp_path):
    """A folder with two installed packages."""
    for name, version in (("leaky", "1.2"), ("sound", "3.0")):
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    return tmp_path


@pytest.fixture
def service():
    """Start a service that answers as told, by package: JSON, or a status."""
    started = []

    def start(answers: dict[str, object] | int) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = answers if isinstance(answers, int) else answers.get(asked["package"]["name"], {})
                body = b"" if isinstance(answer, int) else json.dumps(answer).encode()
                self.send_response(answer if isinstance(answer, int) else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/v1/query"

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


# Starting pip-audit takes a second of processor time, so each case is one that nothing else covers.
def audit(url: str, packages: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, str(SCRIPT), "--osv-url", url, "--path", str(packages), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def test_what_is_found_fails_and_is_named(service, packages):
    code, told = audit(service({**KNOWS_PIP, "leaky": {"vulns": [ADVISORY]}}), packages)
    assert code == 1
    assert "leaky 1.2: PYSEC-0000-1, mended in 1.3" in told
    assert "sound" not in told


def test_nothing_found_says_of_how_many(service, packages):
    assert audit(service(KNOWS_PIP), packages) == (0, "audit: no known vulnerability in 2 packages")


@pytest.mark.parametrize("answers", [404, 500, {}, {"pip": []}], ids=["404", "500", "knows nothing", "garbage"])
def test_silence_is_no_clean_bill(service, packages, answers):
    code, told = audit(service(answers), packages)
    assert code == 0
    assert told.startswith("audit: NOT DONE")
    assert "\n" not in told


def test_a_service_that_breaks_off_is_no_clean_bill(service, packages):
    code, told = audit(service({**KNOWS_PIP, "leaky": 500}), packages)
    assert (code, told[:15]) == (0, "audit: NOT DONE")


def test_who_does_not_answer_is_not_waited_for(packages):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never a word
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        code, told = audit(url, packages, "--seconds", "0.2")
    assert (code, told[:15]) == (0, "audit: NOT DONE")
    code, told = audit(url, packages)  # nobody listens there any more
    assert (code, told[:15]) == (0, "audit: NOT DONE")
