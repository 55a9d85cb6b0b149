"""Finding passages (检索)."""
