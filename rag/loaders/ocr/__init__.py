"""Words of page images (光学字符识别): a picture of a page to a ``Page`` with words in places.

``engine`` holds the models, ``upright`` turns and straightens the picture, ``seals`` and ``ruling`` take off what
is printed over and around words, ``spelling`` mends what the models cannot tell apart, ``page`` does it all.
"""

from rag.loaders.ocr.engine import use_threads
from rag.loaders.ocr.page import recognize_page

__all__ = ["recognize_page", "use_threads"]
