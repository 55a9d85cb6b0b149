"""The catalog: documents, passages and facts in SQLite, the truth that the indexes are derived from."""
