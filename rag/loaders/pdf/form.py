"""What was filled into the fields of a PDF form (表单域): it stands on the page but is not among its words."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.domain.layout import Box
from rag.loaders.page import Run
from rag.loaders.pdf.frame import Frame

_MOST_ANNOTATIONS = 2_000  # a page
_MOST_CHARACTERS = 20_000  # a field
_TYPE_HEIGHT = 12.0  # points
_LINE_SHARE = 0.75  # of the height of a field with one line is its type
_UNSEEN = 1 << 0 | 1 << 1 | 1 << 5  # Invisible, Hidden, NoView: PDF 32000-1 table 165


def field_places(page: object, frame: Frame) -> Iterator[Box]:
    """Yield the places of the fields of an open page, filled in or not.

    Args:
        page: Raw PDFium page.
        frame: The page as it is read.
    """
    for at in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        try:
            if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_WIDGET:
                place = pdfium_c.FS_RECTF()
                pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(place))
                yield frame.box(place.left, place.bottom, place.right, place.top)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


class Form:
    """The fields of an open document; one without a form has none."""

    def __init__(self, environment: object | None) -> None:
        self._environment = environment

    @classmethod
    @contextmanager
    def of(cls, document: pdfium.PdfDocument) -> Iterator[Self]:
        """Open the form of a document, which must not be closed before it."""
        if document.get_formtype() == pdfium_c.FORMTYPE_NONE:
            yield cls(None)
            return
        document.init_forms()
        yield cls(document.formenv.raw if document.formenv else None)

    def values(self, page: object, frame: Frame) -> Iterator[Run]:
        """Yield the lines filled into text and choice fields of an open page.

        Args:
            page: Raw PDFium page.
            frame: The page as it is read.
        """
        if self._environment is None:
            return
        for at in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
            annotation = pdfium_c.FPDFPage_GetAnnot(page, at)
            if not annotation:
                continue
            try:
                if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_WIDGET:
                    yield from self._lines(annotation, frame)
            finally:
                pdfium_c.FPDFPage_CloseAnnot(annotation)

    def _lines(self, annotation: object, frame: Frame) -> Iterator[Run]:
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(self._environment, annotation)
        shows_text = kind in (
            pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
            pdfium_c.FPDF_FORMFIELD_COMBOBOX,
            pdfium_c.FPDF_FORMFIELD_LISTBOX,
        )
        if not shows_text or pdfium_c.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
            return
        place = pdfium_c.FS_RECTF()
        pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(place))
        lines = [line.strip() for line in self._value(annotation).splitlines() if line.strip()]
        if not lines:
            return
        box = frame.box(place.left, place.bottom, place.right, place.top)
        pitch = (box.bottom - box.top) / len(lines)
        size = min(_TYPE_HEIGHT, _LINE_SHARE * pitch)
        for number, line in enumerate(lines):
            middle = box.top + (number + 0.5) * pitch
            width = size * sum(0.5 if character < "\u2000" else 1.0 for character in line)
            right = min(box.right, box.left + width)
            yield Run(line, Box(box.left, middle - size / 2, right, middle + size / 2), (), size)

    def _value(self, annotation: object) -> str:
        size = pdfium_c.FPDFAnnot_GetFormFieldValue(self._environment, annotation, None, 0)
        if not 2 < size <= 2 * _MOST_CHARACTERS:
            return ""
        buffer = (ctypes.c_ushort * (size // 2))()
        pdfium_c.FPDFAnnot_GetFormFieldValue(self._environment, annotation, buffer, size)
        return bytes(buffer)[:-2].decode("utf-16-le", "replace")
