"""OFD (GB/T 33190, 版式文档) to blocks.

``package`` finds parts by path, ``structure`` pages and their layers, ``resources`` what they share, ``content`` what
they draw, ``text`` the words, ``pictures`` images for recognition, ``geometry`` the numbers, ``loading`` does it all.
"""

from rag.loaders.ofd.loading import load_ofd

__all__ = ["load_ofd"]
