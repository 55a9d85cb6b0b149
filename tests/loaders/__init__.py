"""Tests of ``rag.loaders``; a package, so that its modules may share names with other folders' modules."""
