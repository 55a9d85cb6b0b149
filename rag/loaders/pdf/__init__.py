"""PDF to blocks: words in places from the file, or recognised where a page is a picture.

``text`` reads characters, ``drawings`` rules and pictures, ``form`` the fields filled in, ``outline`` the headings,
``frame`` turns pages upright, ``loading`` does it all.
"""

from rag.loaders.pdf.loading import load_pdf

__all__ = ["load_pdf"]
