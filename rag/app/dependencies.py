"""What routes are handed (依赖注入): the engine, and what whoever asks may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rag.app.access import operator_scope, request_scope
from rag.app.wiring import Engine
from rag.domain.access import Scope


# A coroutine, so that it runs where it is asked for: a plain function would be sent to a thread and back.
async def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


EngineHere = Annotated[Engine, Depends(_engine)]
"""All of the product, over the index that is served."""

ReadScope = Annotated[Scope, Depends(request_scope)]
"""What the caller may see."""

OperatorScope = Annotated[Scope, Depends(operator_scope)]
"""The full scope, of callers who may change something; others are refused."""
