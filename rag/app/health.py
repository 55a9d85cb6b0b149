"""Whether the server is up (运行状态): for whoever watches it, so without a key and outside ``/api/v1``."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import Field

from rag.app import description
from rag.app.description import WITHOUT_KEY, Tag
from rag.app.strict import StrictModel
from rag.app.wiring import Engine

router = APIRouter(tags=[Tag.HEALTH], responses=description.errors(400, 414, 500))


class HealthView(StrictModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyView(StrictModel):
    """The index is loaded."""

    status: Literal["ready"] = "ready"
    note: str | None = Field(None, description="Where the index is not as the settings say; absent otherwise.")


@router.get("/healthz", summary="Alive 存活", response_description="The process is alive.", openapi_extra=WITHOUT_KEY)
def healthz() -> HealthView:
    """Tell that the process is alive."""
    return HealthView()


@router.get(
    "/readyz",
    summary="Ready 就绪",
    response_description="The index is loaded.",
    response_model_exclude_none=True,
    responses=description.errors(503),
    openapi_extra=WITHOUT_KEY,
)
def readyz(request: Request) -> ReadyView:
    """Tell that the index is loaded; 503 with the remedy when it is not. A ``note`` says where it is not as set."""
    engine: Engine = request.app.state.engine
    engine.reader()
    return ReadyView(note=engine.note or None)
