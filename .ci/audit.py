"""Audit of the dependencies (依赖审计): is a package of this environment known to be vulnerable?

pip-audit asks; this tells apart what it answers. Found: exit 1. Not found: exit 0. The advisories cannot be had, as in
an office without internet or behind a mirror that serves packages alone: one line says so, and exit 0. pip-audit takes
such a mirror's silence for a clean bill, so one question whose answer is known goes first.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

# Known to be vulnerable (CVE-2019-20916): who has nothing to say of it has no advisories.
_PYPI = "https://pypi.org/pypi/pip/19.1/json"
_KNOWN = {"package": {"name": "pip", "ecosystem": "PyPI"}, "version": "19.1"}


class Outcome(NamedTuple):
    """What came of an audit: what to print, and the exit code."""

    told: str
    code: int


def audited(osv_url: str | None, path: Path | None, *, seconds: float, all_seconds: float) -> Outcome:
    """Ask for the advisories of every package.

    Args:
        osv_url: Service that speaks OSV's protocol (https://google.github.io/osv.dev/post-v1-query/); PyPI's if none.
        path: Folder of the packages; those of this interpreter if none.
        seconds: Longest time for one answer.
        all_seconds: Longest time for all.
    """
    silence = _silence(osv_url, seconds)
    if silence is not None:
        return _unknown(silence)
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--format", "json", "--skip-editable"]
    command += ["--timeout", str(max(1, int(seconds)))]
    command += ["--path", str(path)] if path else ["--local"]
    command += ["--vulnerability-service", "osv", "--osv-url", osv_url] if osv_url else []
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=all_seconds, check=False)
    except subprocess.TimeoutExpired:
        return _unknown(f"not done within {all_seconds:g} seconds")
    try:
        return outcome_of(json.loads(ran.stdout)["dependencies"])
    except (ValueError, KeyError, TypeError):
        last = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
        return _unknown(f"pip-audit broke off: {last}")


def outcome_of(dependencies: list[dict[str, Any]]) -> Outcome:
    """Return what the report of pip-audit comes to."""
    asked = [d for d in dependencies if "skip_reason" not in d]
    if not asked:
        return _unknown("no package is known there")
    unknown = [d["name"] for d in dependencies if "skip_reason" in d]
    beside = f"; not known there: {', '.join(sorted(unknown))}" if unknown else ""
    found = [
        f"{d['name']} {d['version']}: {v['id']}, mended in {', '.join(v['fix_versions']) or 'no version'}"
        for d in asked
        for v in d["vulns"]
    ]
    if found:
        return Outcome("\n".join(["audit: packages with known vulnerabilities", *found]), 1)
    return Outcome(f"audit: no known vulnerability in {len(asked)} packages{beside}", 0)


def _silence(osv_url: str | None, seconds: float) -> str | None:
    """Return why no advisories can be had, ``None`` when they can."""
    asked = Request(osv_url or _PYPI, data=json.dumps(_KNOWN).encode() if osv_url else None)
    try:
        with urlopen(asked, timeout=seconds) as response:
            said = json.load(response)
    except (URLError, OSError) as error:
        return str(getattr(error, "reason", "") or error)
    except ValueError:
        return "what answers is no service of advisories"
    if not isinstance(said, dict) or not said.get("vulns" if osv_url else "vulnerabilities"):
        return "what answers knows of no advisories"
    return None


def _unknown(reason: str) -> Outcome:
    return Outcome(f"audit: NOT DONE, the advisories cannot be had ({reason}); nothing is known either way", 0)


def main() -> int:
    """Run the audit."""
    parser = argparse.ArgumentParser(description="Tell whether a package here is known to be vulnerable.")
    parser.add_argument("--osv-url", help="service that speaks OSV's protocol; PyPI's if none")
    parser.add_argument("--path", type=Path, help="folder of the packages; those of this interpreter if none")
    parser.add_argument("--seconds", type=float, default=5.0, help="longest time for one answer (%(default)s)")
    parser.add_argument("--all-seconds", type=float, default=300.0, help="longest time for all (%(default)s)")
    given = parser.parse_args()
    outcome = audited(given.osv_url or None, given.path, seconds=given.seconds, all_seconds=given.all_seconds)
    print(outcome.told)
    return outcome.code


if __name__ == "__main__":
    sys.exit(main())
