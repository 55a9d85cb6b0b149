"""The pages (网页)."""

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Add the pages."""
