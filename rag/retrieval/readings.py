"""How characters are read (字音): which ones sound alike, tones apart. Read from the package when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from rag.errors import ConfigurationError

_SHIPPED = Path(__file__).parent.parent / "models" / "readings.txt"


@lru_cache(maxsize=1)
def characters_by_reading() -> Mapping[str, str]:
    """Return the characters of GB 2312 by reading, without tone; ``lü`` is written ``lv``.

    Raises:
        ConfigurationError: The package lacks the table or it cannot be read.
    """
    try:
        lines = _SHIPPED.read_text(encoding="utf-8").splitlines()
        return MappingProxyType(dict(line.split() for line in lines if not line.startswith("#")))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{_SHIPPED.name}: cannot be read; the package is incomplete") from error


@lru_cache(maxsize=1)
def _readings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for reading, characters in characters_by_reading().items():
        for character in characters:
            found.setdefault(character, []).append(reading)
    return {character: tuple(readings) for character, readings in found.items()}


def readings_of(character: str) -> tuple[str, ...]:
    """Return how a character is read, in alphabetical order; nothing for one that is not in GB 2312."""
    return _readings().get(character, ())


@lru_cache(maxsize=2_048)
def homophones(character: str) -> str:
    """Return the characters that may sound as this one, itself left out, in a fixed order."""
    found = dict.fromkeys(
        other for reading in readings_of(character) for other in characters_by_reading()[reading] if other != character
    )
    return "".join(found)
