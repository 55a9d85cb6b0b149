"""Tests of ``rag.parsing``; a package, so that its modules may share names with other folders' modules."""
