"""What the README must name: every setting, command and route."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from rag.app.api import create_app
from rag.app.cli import app
from rag.app.wiring import Engine
from rag.domain.document import Elements
from rag.errors import UnreadableSource
from rag.parsing.corrections import read_corrections
from rag.settings import Settings

README = Path(__file__).parents[1] / "README.md"


IN_CHINESE = README.with_name("README.zh-CN.md")


@pytest.fixture(scope="module", params=[README, IN_CHINESE], ids=lambda path: path.name)
def readme(request):
    return request.param.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(readme, name):
    assert re.search(rf"\bRAG_{name.upper()}\b", readme)


@pytest.mark.parametrize("command", sorted(get_command(app).commands))
def test_every_command_is_documented(readme, command):
    assert re.search(rf"\brag {command}\b", readme)


@pytest.mark.parametrize("name", [*(f.name for f in fields(Elements) if f.name not in ("spans", "corrected")), "kind"])
@pytest.mark.parametrize("path", [README, IN_CHINESE], ids=lambda path: path.name)
def test_every_element_that_can_be_corrected_is_documented(path, name):
    assert f"`{name}`" in path.read_text(encoding="utf-8")
    with pytest.raises(UnreadableSource, match=r"unknown element") as caught:
        read_corrections(b'nothing = "x"', "a.meta.toml")
    assert f" {name}" in caught.value.reason


def routes():
    described = create_app(Engine(Settings())).openapi()["paths"]
    return sorted((method.upper(), path) for path, methods in described.items() for method in methods)


@pytest.mark.parametrize(("method", "path"), routes())
def test_every_route_is_documented(readme, method, path):
    """As ``METHOD /path``, the path with or without ``/api/v1``."""
    short = path.removeprefix("/api/v1")
    assert re.search(rf"\b{method} `?(?:/api/v1)?{re.escape(short)}(?![\w/])", readme)


def test_both_languages_have_the_same_sections_and_name_the_same():
    """As many sections, and in each the same commands, options, settings and routes, as far as they are set as code."""
    english, chinese = (
        [
            sorted({code for code in re.findall(r"`([^`\n]+)`", section) if code.isascii()})
            for section in re.split(r"(?m)^## ", re.sub(r"(?ms)^ *```.*?```$", "", path.read_text(encoding="utf-8")))
        ]
        for path in (README, IN_CHINESE)
    )
    assert chinese == english
