"""Words in places to blocks of text in reading order: lines, columns, tables, page furniture, paragraphs.

Formats that say where each word stands and nothing more (PDF, OFD, recognised images) are read by this.
"""

from rag.loaders.layout.arranging import arrange

__all__ = ["arrange"]
