"""XML read without entities, DTDs or network, for packages from anywhere."""

from __future__ import annotations

from lxml import etree

from rag.errors import UnreadableSource

_HEAD_BYTES = 200  # in which a declaration ends


def parse_xml(data: bytes, source: str, member: str) -> etree._Element:
    """Return the root element of an XML member.

    Args:
        data: Its bytes.
        source: The file it is packed in, for errors.
        member: Its name in the package, for errors.

    Raises:
        UnreadableSource: It is not well-formed, nests too deep, or declares a document type.
    """
    # One parser a call: libxml2 keeps what went wrong in the last text.
    if data[:1] in (b"\n", b"\r", b" ", b"\t") and data.lstrip().startswith(b"<"):
        data = data.lstrip()  # some programs write an empty line first, where the declaration must stand
    parser = etree.XMLParser(
        encoding=_unsaid_encoding(data),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # at most 256 elements deep and 10 million bytes a text, and entities cannot swell
        remove_comments=True,
        remove_pis=True,  # words on both sides of one are one text
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableSource(source, f"{member} 不是合法的 XML (not well-formed XML)") from error
    if root is None:
        raise UnreadableSource(source, f"{member} 不是合法的 XML (not well-formed XML)")
    if root.getroottree().docinfo.doctype:
        raise UnreadableSource(source, f"{member} 含有 DTD 声明 (declares a document type, which no office file needs)")
    return root


def _unsaid_encoding(data: bytes) -> str | None:
    """Return the encoding of XML that says none and is not UTF-8; libxml2 refuses it or takes it for Latin-1."""
    if not data.startswith(b"<") or data[1:2] == b"\0" or b"encoding" in data[:_HEAD_BYTES]:
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return None
