"""Word files made in memory: python-docx's, with XML of our own where it has no words for a thing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import docx
from docx.oxml import parse_xml

from rag.loaders import RawBlock
from rag.loaders.docx import load_docx

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

DOCUMENT = "word/document.xml"


def word_file(
    body: str,
    *,
    numbering: str | None = None,
    styles: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    related: Mapping[str, tuple[str, str]] | None = None,
) -> bytes:
    """Return a DOCX.

    Args:
        body: What stands in ``w:body``.
        numbering: What stands in ``w:numbering``; python-docx's own lists where it is ``None``.
        styles: More ``w:style`` elements.
        parts: More parts by name; XML without a root declares our prefixes by itself.
        related: More relationships of the document: id -> (last word of the type, target).
    """
    document = docx.Document()
    element = document.element.body
    section = element[-1]
    for child in list(element)[:-1]:
        element.remove(child)
    for child in parse_xml(f"<w:body {DECLARATIONS}>{body}</w:body>"):
        section.addprevious(child)
    for style in parse_xml(f"<w:styles {DECLARATIONS}>{styles}</w:styles>"):
        document.styles.element.append(style)
    if numbering is not None:
        own = document.part.numbering_part.element
        own.clear()
        own.extend(list(parse_xml(f"<w:numbering {DECLARATIONS}>{numbering}</w:numbering>")))
    saved = io.BytesIO()
    document.save(saved)
    packed = unpacked(saved.getvalue())
    for name, text in (parts or {}).items():
        packed[name] = text.encode() if isinstance(text, str) else text
    relationships = "".join(
        f'<Relationship Id="{identity}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for identity, (kind, target) in (related or {}).items()
    )
    rels = "word/_rels/document.xml.rels"
    packed[rels] = packed[rels].replace(b"</Relationships>", f"{relationships}</Relationships>".encode())
    return pack(packed)


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pack(parts: Mapping[str, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name, data)
    return saved.getvalue()


def notes(kind: str, **texts: str) -> str:
    """Return a footnotes or endnotes part: ``_2="…"`` is the note of id 2."""
    inside = "".join(f'<w:{kind} w:id="{name[1:]}">{p(text)}</w:{kind}>' for name, text in texts.items())
    rule = f'<w:{kind} w:id="0" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    return f"<w:{kind}s {DECLARATIONS}>{rule}{inside}</w:{kind}s>"


def p(text: str = "", properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p>{_properties(properties)}{r(text) if text else ''}</w:p>"


def runs(*inside: str, properties: str = "") -> str:
    """Return a paragraph of XML."""
    return f"<w:p>{_properties(properties)}{''.join(inside)}</w:p>"


def r(text: str, properties: str = "") -> str:
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{own}<w:t xml:space="preserve">{text}</w:t></w:r>'


def listed(text: str, list_id: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(at: int, style: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def lists(*levels: str, more: str = "") -> str:
    """Return one list, ``w:numId`` 1, of these levels."""
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{num(1)}{more}'


def num(identity: int, overrides: str = "", abstract: int = 7) -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def table(*rows: str, borders: str = "single", properties: str = "") -> str:
    own = f'<w:tblPr>{properties}<w:tblBorders><w:top w:val="{borders}"/><w:insideV w:val="{borders}"/></w:tblBorders></w:tblPr>'
    return f"<w:tbl>{own}{''.join(rows)}</w:tbl>"


def tr(*cells: str, properties: str = "") -> str:
    own = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{own}{''.join(cell if cell.startswith('<w:tc>') else tc(p(cell)) for cell in cells)}</w:tr>"


def tc(inside: str, properties: str = "") -> str:
    own = f"<w:tcPr>{properties}</w:tcPr>" if properties else ""
    return f"<w:tc>{own}{inside}</w:tc>"


def text_box(*paragraphs: str, frame: str = "page", top: int = 0) -> str:
    """Return a run with a text box in both drawing languages, as Word writes it; ``top`` in points."""
    content = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    drawing = (
        f'<w:drawing><wp:anchor><wp:positionV relativeFrom="{frame}"><wp:posOffset>{top * 12700}</wp:posOffset></wp:positionV>'
        f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing>"
    )
    picture = f"<w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice>'
        f"<mc:Fallback>{picture}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(instruction: str, result: str | None, form: str = "") -> str:
    """Return the runs of a field; without a result where it is ``None``."""
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def blocks(body: str, **more: object) -> list[RawBlock]:
    return list(load_docx(word_file(body, **more), "a.docx").blocks)  # type: ignore[arg-type]


def texts(body: str, **more: object) -> list[str]:
    return [block.text for block in blocks(body, **more)]


def _properties(properties: str) -> str:
    return f"<w:pPr>{properties}</w:pPr>" if properties else ""
