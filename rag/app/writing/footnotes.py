"""The footnotes (脚注) of a Word document: a part of its own (ECMA-376, part 1, 17.11), which python-docx does not write."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

REFERENCE_STYLE = "FootnoteReference"
TEXT_STYLE = "FootnoteText"

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

# The line above the notes, and the one where notes go on; Word wants both, and settings.xml to name them.
_SEPARATORS = (("separator", -1), ("continuationSeparator", 0))
_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    + "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240"'
        f' w:lineRule="auto"/><w:ind w:firstLine="0" w:firstLineChars="0"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for kind, number in _SEPARATORS
    )
    + "</w:footnotes>"
)

# CT_Settings is a sequence; w:footnotePr stands before all of these that our documents may hold.
_AFTER_FOOTNOTES = tuple(
    "w:endnotePr w:compat w:docVars w:rsids w:themeFontLang w:clrSchemeMapping w:shapeDefaults w:decimalSymbol"
    " w:listSeparator".split()
)


class Footnotes:
    """The footnotes of one document, numbered from 1 in the order they are added."""

    def __init__(self, document: Document) -> None:
        """Give a document its part for footnotes.

        Args:
            document: That has none yet.
        """
        package = document.part.package
        self._part = XmlPart(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, parse_xml(_EMPTY), package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._number = 0
        settings = document.settings.element
        properties = OxmlElement("w:footnotePr")
        for _, number in _SEPARATORS:
            mark = OxmlElement("w:footnote")
            mark.set(qn("w:id"), str(number))
            properties.append(mark)
        settings.insert_element_before(properties, *_AFTER_FOOTNOTES)

    def add(self, paragraph: Paragraph, texts: Sequence[str]) -> None:
        """Put a mark at the end of a paragraph for each text, and the texts at the foot of the page.

        Args:
            paragraph: Of the same document.
            texts: Fit for XML, on one line each.
        """
        for place, text in enumerate(texts):
            self._number += 1
            if place:  # else 2 and 3 would read 23
                paragraph.add_run("，", style=REFERENCE_STYLE)
            mark = OxmlElement("w:footnoteReference")
            mark.set(qn("w:id"), str(self._number))
            paragraph._p.append(_marked(mark))  # noqa: SLF001 - python-docx's own way to its elements
            self._part.element.append(self._note(text))

    def _note(self, text: str) -> BaseOxmlElement:
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(self._number))
        said = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{TEXT_STYLE}"/></w:pPr></w:p>')
        said.append(_marked(OxmlElement("w:footnoteRef")))
        run = parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"/></w:r>')
        run[0].text = f" {text}"
        said.append(run)
        note.append(said)
        return note


def _marked(element: BaseOxmlElement) -> BaseOxmlElement:
    """Return a run of the style of marks that holds an element."""
    run: BaseOxmlElement = parse_xml(f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="{REFERENCE_STYLE}"/></w:rPr></w:r>')
    run.append(element)
    return run
