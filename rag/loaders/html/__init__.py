"""Web pages to blocks: the document without the site around it.

``web_archive`` opens MHTML, ``tree`` parses, ``main_content`` finds the document, ``page_labels`` and ``names`` know what sites set around it,
``blocks`` reads it, ``loading`` does it all.
"""

from rag.loaders.html.loading import load_html

__all__ = ["load_html"]
