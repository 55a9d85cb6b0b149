"""Word documents (DOCX, DOCM, DOTX) to blocks: what the reader of the printed document would see, in its order."""

from rag.loaders.docx.loading import load_docx

__all__ = ["load_docx"]
