"""What a PDF page says beside its drawn text: comments, form fields, stamps, signatures; and what is carried unread.

Works on objects of pypdf and raises whatever it raises for damaged ones; the caller decides what that costs. The names of
those who comment are left out: the deck is kept, not its review.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from ingest.load.text import clean, one_line
from kb.types import Segment, SegmentKind

_SILENT = ("/Popup", "/Link", "/Widget")
_PRINTED = ("/Stamp", "/FreeText")
"""Remarks whose words are part of the page, whether or not they are also stated as such."""
_WRITING = (b"Tj", b"TJ", b"Do")
"""Of what a drawing consists of what shows text, or another drawing."""
_OUT_OF_SIGHT = 1 << 1 | 1 << 5
_COMBO = 1 << 17
_PASSWORD = 1 << 13
_PUSH = 1 << 16
_DEEPEST_FIELD = 32


def comments(page: PageObject) -> list[Segment]:
    """What was written into notes, highlights and free text on ``page``, each text once."""
    texts: dict[str, None] = {}
    for annotation in _annotations(page):
        if annotation.get("/Subtype") not in _SILENT:
            stated = clean(str(annotation.get("/Contents", "") or ""))
            texts.setdefault(stated or (_shown_words(page, annotation) if annotation.get("/Subtype") in _PRINTED else ""))
    return [Segment(text, SegmentKind.COMMENT) for text in texts if text]


def form_fields(page: PageObject) -> list[Segment]:
    """The fields of ``page`` as lines ``name: value``; one left empty gives the name that its author wrote for people."""
    lines: dict[str, None] = {}
    for annotation in _annotations(page):
        if annotation.get("/Subtype") == "/Widget":
            lines.setdefault(_field_line(page, annotation))
    text = "\n".join(line for line in lines if line)
    return [Segment(text, SegmentKind.BODY)] if text else []


def attachments(reader: PdfReader) -> list[str]:
    """The names of the files that are embedded in this one."""
    return list(dict.fromkeys(one_line(item.name) for item in reader.attachment_list))


def has_xfa(reader: PdfReader) -> bool:
    """Whether the file holds a form of Adobe's older kind, whose text is no page text."""
    form = reader.root_object.get("/AcroForm")
    form = None if form is None else form.get_object()
    return isinstance(form, DictionaryObject) and "/XFA" in form


def _annotations(page: PageObject) -> Iterator[DictionaryObject]:
    listed = page.get("/Annots", ArrayObject())
    listed = listed.get_object() if listed is not None else None
    for reference in listed if isinstance(listed, ArrayObject) else ():
        annotation = reference.get_object()
        if isinstance(annotation, DictionaryObject):
            yield annotation


def _field_line(page: PageObject, widget: DictionaryObject) -> str:
    label, value = _inherited_text(widget, "/TU"), _value(widget)
    if value:
        label = label or _inherited_text(widget, "/T")
    # A signature states no value that people could read; its words are only drawn.
    return ": ".join(filter(None, (label, value or _shown_words(page, widget))))


def _shown_words(page: PageObject, annotation: DictionaryObject) -> str:
    """The words that are drawn where ``annotation`` stands; boxes to tick, which are drawn in several states, have none."""
    flags = annotation.get("/F", 0)
    if isinstance(flags, int) and flags & _OUT_OF_SIGHT:
        return ""
    # A drawing that cannot be read costs its own words, not the other fields.
    with suppress(Exception):
        drawing = annotation.get("/AP", DictionaryObject()).get_object().get("/N")
        drawing = None if drawing is None else drawing.get_object()
        # Most drawings of a form's fields are frames; taking them for text would cost more than the page.
        if isinstance(drawing, StreamObject) and any(sign in drawing.get_data() for sign in _WRITING):
            # Any stream will do, whatever the library's annotation says.
            return clean(page.extract_xform_text(drawing))  # type: ignore[arg-type]
    return ""


def _value(widget: DictionaryObject) -> str:
    """What a reader sees in the field: the entry, the choices of a list, the mark of a box, the words on a button."""
    kind = str(_inherited(widget, "/FT") or "")
    flags = _inherited(widget, "/Ff")
    bits = int(flags) if isinstance(flags, int) else 0
    if kind == "/Btn":
        if bits & _PUSH:
            look = widget.get("/MK", DictionaryObject()).get_object()
            return one_line(str(look.get("/CA", "")))
        state = str(widget.get("/AS", "") or "").removeprefix("/")
        return "" if state in ("", "Off") else one_line(state)
    if kind == "/Ch" and not bits & _COMBO:
        return ", ".join(_choices(widget)) or _text_of(_inherited(widget, "/V"))
    if kind == "/Tx" and bits & _PASSWORD:
        return ""
    return _text_of(_inherited(widget, "/V")) if kind in ("/Tx", "/Ch") else ""


def _choices(widget: DictionaryObject) -> list[str]:
    options = _inherited(widget, "/Opt")
    listed = options if isinstance(options, ArrayObject) else ArrayObject()
    return [text for option in listed if (text := _text_of(_shown(option.get_object())))]


def _shown(option: object) -> object:
    """Of an option's export value and its wording the wording."""
    return option[1].get_object() if isinstance(option, ArrayObject) and len(option) > 1 else option


def _text_of(value: object) -> str:
    if isinstance(value, ArrayObject):
        return ", ".join(filter(None, (_text_of(item.get_object()) for item in value)))
    return "" if value is None or isinstance(value, DictionaryObject) else one_line(str(value))


def _inherited_text(widget: DictionaryObject, key: str) -> str:
    return _text_of(_inherited(widget, key))


def _inherited(widget: DictionaryObject, key: str) -> object:
    """The entry of the field or of the nearest field above it; rings of parents end."""
    field: object = widget
    for _ in range(_DEEPEST_FIELD):
        if not isinstance(field, DictionaryObject):
            return None
        if key in field:
            return field[key]
        parent = field.get("/Parent")
        field = None if parent is None else parent.get_object()
    return None
