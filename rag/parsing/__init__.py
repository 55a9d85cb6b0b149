"""Blocks of text to official documents: canonical text, elements, clauses, duties, agency names."""
