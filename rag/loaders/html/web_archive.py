"""Web archives (MHTML, RFC 2557): a page saved as a mail with its pictures beside it, by Word and by browsers."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence

from rag.loaders.html.tree import TooDeep


def page_of_archive(data: bytes, kinds: Sequence[str] = ("text/html",)) -> tuple[bytes, str] | None:
    """Return the first page in an archive and the encoding it declares (``""`` for none), ``None`` without a page.

    Args:
        data: The archive.
        kinds: Media types of a page; one that stands first is taken before those after it.

    Raises:
        TooDeep: Its parts are nested too deep.
    """
    try:
        parts = list(email.message_from_bytes(data, policy=email.policy.compat32).walk())
    except RecursionError as error:  # the library goes one call deeper for each part within a part
        raise TooDeep from error
    for kind in kinds:
        for part in parts:
            if part.get_content_type() == kind:
                page = part.get_payload(decode=True)
                if isinstance(page, bytes) and page.strip():
                    return page, str(part.get_content_charset() or "").lower()
    return None
