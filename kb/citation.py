"""How a slide is cited: APA style, BibTeX and RIS. Pure.

All three are English conventions and say in English that a deck is a reconstruction; a sentence in the reader's own
language is the doors' business. Names stand as the deck states them: Indonesian and Korean ones cannot be turned into
"surname, initials" by rule. Sources: Publication Manual of the APA, 7th edition, section 10.14 (presentation slides);
BibTeX entry ``misc``; RIS type ``SLIDE``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kb.types import Document, Provenance

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_CITED_FIELDS = frozenset({"title", "speaker", "organisation", "city", "country", "event", "date"})
"""The fields of a deck's metadata that citations name."""

_BIBTEX_SPECIAL = re.compile(r"([\\{}$&#%_^~])")
_BIBTEX_NAMES = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
_WORD = re.compile(r"\w+")
_LINE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cited:
    """One slide of a deck and the address it is found at."""

    document: Document
    page: int
    address: str

    @property
    def author(self) -> str:
        """Whose deck it is: the speaker, else the organisation, else the city."""
        said = self.document.metadata
        return said.speaker or said.organisation or said.city

    @property
    def reconstruction(self) -> bool:
        """Whether the deck is an illustrative reconstruction."""
        return self.document.metadata.provenance is Provenance.ILLUSTRATIVE

    @property
    def unconfirmed(self) -> bool:
        """Whether something that a citation names is only suggested by the file, and nobody has confirmed it."""
        return bool(unconfirmed(self.document))

    @property
    def remarks(self) -> list[str]:
        """What a reader must know of the deck, in English."""
        said = [("illustrative reconstruction", self.reconstruction), ("details unconfirmed", self.unconfirmed)]
        return [words for words, holds in said if holds]

    @property
    def place(self) -> str:
        """City and country, as far as they are stated."""
        return ", ".join(filter(None, [self.document.metadata.city, self.document.metadata.country]))


def unconfirmed(document: Document) -> tuple[str, ...]:
    """Which of the fields that citations name are only suggested by the file, and nobody has confirmed, each once."""
    return tuple(dict.fromkeys(one.field for one in document.suggested if one.field in _CITED_FIELDS))


def apa(cited: Cited) -> str:
    """The slide in APA style, as plain text."""
    said = cited.document.metadata
    date = f"({said.date.year}, {_MONTHS[said.date.month - 1]} {said.date.day})" if said.date else "(n.d.)"
    kind = f"[{'; '.join(['Presentation slides', *cited.remarks])}]"
    title = f"{_line(said.title)}, slide {cited.page} {kind}"
    parts = [f"{cited.author} {date}", title] if cited.author else [f"{title} {date}"]
    parts += filter(None, [_line(said.event), cited.place])
    return " ".join([*(part if part.endswith(".") else f"{part}." for part in parts), cited.address])


def bibtex(cited: Cited) -> str:
    """The slide as a BibTeX entry."""
    said = cited.document.metadata
    note = [f"Slide {cited.page}", said.event, *map(str.capitalize, cited.remarks)]
    fields = [
        ("author", f"{{{_escaped(cited.author)}}}" if cited.author else ""),
        ("title", f"{{{_escaped(said.title)}}}"),
        ("year", str(said.date.year) if said.date else ""),
        ("month", str(said.date.month) if said.date else ""),
        ("howpublished", "Presentation slides"),
        ("address", _escaped(cited.place)),
        ("note", _escaped(". ".join(filter(None, note)))),
        ("url", cited.address),
    ]
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{_key(cited)},\n{lines}\n}}\n"


def ris(cited: Cited) -> str:
    """The slide as a RIS record, lines ended as its readers expect."""
    said = cited.document.metadata
    fields = [
        ("TY", "SLIDE"),
        ("AU", cited.author),
        ("TI", said.title),
        ("T2", said.event),
        ("PY", str(said.date.year) if said.date else ""),
        ("DA", _slashed(said.date) if said.date else ""),
        ("CY", cited.place),
        ("SP", str(cited.page)),
        ("UR", cited.address),
        ("N1", "; ".join(cited.remarks).capitalize()),
        *(("LA", language) for language in said.languages),
    ]
    return "".join(f"{name}  - {_line(value)}\r\n" for name, value in fields if value) + "ER  - \r\n"


def _key(cited: Cited) -> str:
    """A BibTeX key of plain letters that two slides never share."""
    said = cited.document.metadata
    words = [word.lower() for word in _WORD.findall(f"{said.city} {said.title}") if word.isascii()]
    year = str(said.date.year) if said.date else "nd"
    return f"{'-'.join([*words[:3], year])}-{cited.document.id}-{cited.page}"


def _escaped(text: str) -> str:
    return _BIBTEX_SPECIAL.sub(lambda match: _BIBTEX_NAMES.get(match.group(), rf"\{match.group()}"), _line(text))


def _slashed(date: dt.date) -> str:
    return f"{date.year:04}/{date.month:02}/{date.day:02}/"


def _line(text: str) -> str:
    """On one line: a title with a line break must not begin a field of its own."""
    return _LINE.sub(" ", text).strip()
