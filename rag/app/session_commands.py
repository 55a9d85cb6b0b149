"""``rag session``: end sessions of browsers (会话注销)."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.app.audit.operator import trace
from rag.app.ended_sessions import EndedSessions
from rag.app.options import IndexOption, JsonOption, print_json, settings_of
from rag.errors import InvalidRequest

sessions_app = typer.Typer(help="Sessions of browsers that signed in. 浏览器登录会话的注销。", no_args_is_help=True)


@sessions_app.callback()
def _sessions() -> None:
    """Make ``end`` a command of its own, and not the whole of it."""


@sessions_app.command()
def end(
    who: Annotated[
        str | None, typer.Argument(help="Name or id, as the audit log tells it: 张处, oidc:zhang.", show_default=False)
    ] = None,
    everybody: Annotated[bool, typer.Option("--all", help="The sessions of everybody.")] = False,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """End all sessions of somebody in every browser, on running servers too; they may sign in again.

    A key opens what it opens until it is revoked, and an account until the provider or the grants refuse it.
    """
    if everybody == bool(who and who.strip()):
        raise InvalidRequest("name somebody, or --all")
    settings = settings_of(index)
    name = who.strip() if who else None
    EndedSessions(settings.state_folder).end(name)
    trace(settings, "session end", {"name": name or "--all"})
    if as_json:
        print_json({"ended": name or "all"})
    else:
        whose = f"{name} 的" if name else "所有人的"
        typer.echo(f"{whose}浏览器会话（如有）均已结束 (the sessions, if there were any, are over)")
