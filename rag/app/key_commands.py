"""``rag key``: make, list and revoke keys (密钥)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from rag.app.audit.operator import trace
from rag.app.keys import Key, KeyRing
from rag.app.options import IndexOption, JsonOption, print_json, settings_of
from rag.domain.access import Role

keys_app = typer.Typer(
    help="Keys of those who may see more than public documents. 密钥的发放、查看与吊销。", no_args_is_help=True
)

_SEPARATOR = re.compile(r"[,，、;；]")

_ROLE_NAMES = {Role.READER: "读者", Role.STAFF: "工作人员", Role.ADMIN: "管理员"}


@keys_app.command()
def create(
    name: Annotated[str, typer.Option("--name", help="Who will hold it; the audit log names them so.")],
    role: Annotated[
        Role, typer.Option("--role", help="reader: public; staff: and on_request, unlabelled; admin: all, and changes.")
    ] = Role.READER,
    places: Annotated[
        list[str] | None, typer.Option("--places", help="Only documents of these places (地区), separated by commas.")
    ] = None,
    collections: Annotated[
        list[str] | None, typer.Option("--collections", help="Only documents of these folders of the corpus (文件集).")
    ] = None,
    expires: Annotated[
        datetime | None, typer.Option("--expires", formats=["%Y-%m-%d"], help="The last day (UTC) that it is valid.")
    ] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. It is shown this once, and kept nowhere."""
    settings = settings_of(index)
    ring = KeyRing(settings.state_folder)
    secret, key = ring.create(
        name,
        role,
        places=_split(places),
        collections=_split(collections),
        expires_on=expires.date() if expires else None,
    )
    trace(settings, "key create", _as_json(key))
    if as_json:
        print_json({"key": secret, **_as_json(key)})
        return
    typer.echo(secret)
    typer.echo(f"只显示这一次，请妥善保管 (shown this once; keep it safe)\n{_line(key)}", err=True)


@keys_app.command(name="list")
def list_keys(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List keys, with who holds them; never the keys themselves."""
    keys = KeyRing(settings_of(index).state_folder).all()
    if as_json:
        print_json({"keys": [_as_json(key) for key in keys]})
    else:
        typer.echo("\n".join(map(_line, keys)) or "没有密钥 (no keys)")


@keys_app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Id or name of the key.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke a key; on a running server too it opens nothing from now on."""
    settings = settings_of(index)
    revoked = KeyRing(settings.state_folder).revoke(key)
    trace(settings, "key revoke", _as_json(revoked))
    if as_json:
        print_json(_as_json(revoked))
    else:
        typer.echo(_line(revoked))


def _split(given: list[str] | None) -> list[str] | None:
    if given is None:
        return None
    return sorted({part.strip() for value in given for part in _SEPARATOR.split(value) if part.strip()})


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "valid" if key.is_valid(datetime.now(UTC).date()) else "expired"


def _as_json(key: Key) -> dict[str, object]:
    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role.value,
        "places": key.places,
        "collections": key.collections,
        "created_at": key.created_at.isoformat(timespec="seconds"),
        "expires_on": _iso(key.expires_on),
        "revoked_at": key.revoked_at.isoformat(timespec="seconds") if key.revoked_at else None,
        "state": _state(key),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _line(key: Key) -> str:
    states = {"valid": "有效", "expired": "已过期", "revoked": "已吊销"}
    limits = [
        f"{name}：{'、'.join(grants)}" for name, grants in (("地区", key.places), ("文件集", key.collections)) if grants
    ]
    until = f"有效期至 {key.expires_on}" if key.expires_on else ""
    parts = [key.key_id, key.name, f"{_ROLE_NAMES[key.role]} {key.role.value}", *limits, until, states[_state(key)]]
    return "  ".join(part for part in parts if part)
