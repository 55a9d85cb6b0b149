"""The indexes: what is derived from the catalog and may be deleted and rebuilt at any time."""
