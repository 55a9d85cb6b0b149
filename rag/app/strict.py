"""The base of all JSON objects that callers send or see."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """An object that has its own fields and no other."""

    model_config = ConfigDict(extra="forbid")
