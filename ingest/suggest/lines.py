"""The lines of a deck's first slides, cut where one line says several things, and what kind of line each is. Pure.

A PDF often runs the lines of a box together: "Wali Kota Kupang Pemerintah Kota Kupang Kupang, 17 Oktober 2019" is an
office, an organisation, and a place with a date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ingest.suggest.dates import dates_in
from kb.gazetteer import named_in
from kb.types import Page, SegmentKind

FIRST_SLIDES = 2
_SHOWN = frozenset({SegmentKind.TITLE, SegmentKind.BODY, SegmentKind.OCR})
_MOST_LINES = 80
"""Lines of a page that are looked at for names and events: a cover has fewer, and a page of a text may have thousands."""
_LONGEST = 200
"""Characters of a line that can still be a title, an event or a name; what is longer is running text."""

_MOST_WORDS_AFTER = 5
"""A line that goes on for longer after a date is a sentence about that day."""

_ORGANISATION = (
    r"Pemerintah (?:Kota|Kabupaten|Provinsi|Daerah|Pusat)|Pemkot|Pemkab|Pemprov|Dinas|Kementerian|Badan|Bappeda|Bappenas|"
    r"Kominfo|Diskominfo|Universitas|Institut|Sekretariat|Yayasan|Asosiasi|Perusahaan|PT\.?|Ministry of|Department of|"
    r"Government of|City of|Municipality of|University of|Institute of|Bureau of|Office of|Asian Development Bank|World Bank"
)
_HEADS = (
    r"Kepala|Ketua|Menteri|Sekretaris|Direktur|Plt\.?|Wakil|Head of|Director of|Director,|Minister of|Chief of|Secretary of|"
    r"di|dari|pada|oleh|from|at|of|the|and|dan|untuk|for|by|[:,–-]"
)
_NEW_ORGANISATION = re.compile(rf"(?<=\S)\s+(?=(?:{_ORGANISATION})\s)")
_NAMED_BEHIND_CITY = ("Institute", "Bureau")
_NEW_CUE = re.compile(
    r"(?<=\S)\s+(?=(?:di\w+kan oleh|(?<!kan\s)oleh|narasumber|pemateri|pembicara|presented by|speaker|presenter|"
    r"발표자?|연사)\s*[:：])",
    re.IGNORECASE,
)
_AFTER_HEAD = re.compile(rf"(?:^|\s)(?:{_HEADS})$", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:seminar|webinar|workshop|forum|lokakarya|konferensi|simposium|kongres|bimtek|bimbingan teknis|"
    r"musyawarah nasional|rapat koordinasi|rakornas|pelatihan|diskusi panel|conference|congress|symposium|"
    r"summit|training|roundtable|general assembly|study visit|expo)\b|"
    r"세미나|워크숍|워크샵|포럼|컨퍼런스|콘퍼런스|심포지엄|학술대회|총회|연수",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"terima ?kasih|thank you|감사합니다|\bkontak\b|narahubung|hubungi|\bcontacts?\b|연락처|문의|[\w.+-]+@[\w-]+\.\w",
    re.IGNORECASE,
)


_REPEATED = re.compile(r"(?P<before>\S.*?\s(?P<name>\S.+\S))\s+(?P<again>(?P=name))$")
"""An office and its organisation run together: "Presiden Jejaring Kota Jejaring Kota"."""


class Part(Enum):
    """What a line is, as far as its form tells."""

    TITLE = auto()
    EVENT = auto()
    WHEN = auto()
    """A date, and the place that stands before it."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line or a part of one, as it stands on page ``page``."""

    text: str
    page: int
    part: Part


def shown_lines(page: Page) -> list[str]:
    """What a reader of the page sees of running text, without tables, charts, notes and comments."""
    texts = (segment.text for segment in page.segments if segment.kind in _SHOWN)
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


def cover_lines(pages: Sequence[Page], titles: Collection[str]) -> list[Line]:
    """The lines of the first slides with text; ``titles`` are what the deck may be called, wherever that stands."""
    first = [page for page in pages if page.has_text and not page.hidden][:FIRST_SLIDES]
    return [line for page in first for line in _of_page(page, titles)]


def contact_lines(pages: Sequence[Page]) -> list[Line]:
    """The lines of the last slide, when it says whom to ask or thanks; none of a deck that is nothing but first slides."""
    shown = [page for page in pages if page.has_text and not page.hidden]
    if len(shown) <= FIRST_SLIDES or not any(_CONTACT.search(line) for line in shown_lines(shown[-1])):
        return []
    return _of_page(shown[-1], ())


def _of_page(page: Page, titles: Collection[str]) -> list[Line]:
    found: list[Line] = []
    for text in shown_lines(page)[:_MOST_LINES]:
        if text in titles:
            found.append(Line(text, page.number, Part.TITLE))
        elif len(text) <= _LONGEST:
            found.extend(Line(part, page.number, kind) for part, kind in _parts(text))
    return found


def _parts(line: str) -> Iterator[tuple[str, Part]]:
    for text in _NEW_CUE.split(line):
        yield from _dated_parts(text)


def _dated_parts(text: str) -> Iterator[tuple[str, Part]]:
    dates = dates_in(text)
    after = text[dates[-1].end :].strip(" ,;·|-–()") if dates else ""
    if not dates or len(after.split()) > _MOST_WORDS_AFTER:
        yield from _undated_parts(text)
        return
    when = _when(text, dates[0].start)
    yield from _undated_parts(text[:when].rstrip(" ,;·|-–()"))
    yield text[when : dates[-1].end].strip(), Part.WHEN
    yield from _undated_parts(after)


def _undated_parts(text: str) -> Iterator[tuple[str, Part]]:
    for piece in _organisations_apart(text):
        yield piece, Part.EVENT if names_event(piece) else Part.OTHER


def _when(text: str, date: int) -> int:
    """Where the place that stands right before a date begins, else the date."""
    before = text[:date]
    near = [named for named in named_in(before, is_prominent=True) if re.fullmatch(r"\s*[,|·-]?\s*", before[named.end :])]
    return near[0].start if near else date


def names_event(text: str) -> bool:
    """Whether a text has a word for an event."""
    return _EVENT.search(text) is not None


def _organisations_apart(text: str) -> Iterator[str]:
    start = 0
    for match in _NEW_ORGANISATION.finditer(text):
        before = text[start : match.start()]
        # A city right before its institute belongs to the institute's name.
        is_behind = text.startswith(_NAMED_BEHIND_CITY, match.end())
        cities = [named.start for named in named_in(before) if is_behind and named.end == len(before)]
        cut = start + cities[0] if cities else match.start()
        if cut > start and not _AFTER_HEAD.search(before):
            yield text[start:cut].strip()
            start = cut if cities else match.end()
    rest = text[start:].strip()
    repeated = _REPEATED.match(rest)
    if repeated:
        yield from repeated.group("before", "again")
    elif rest:
        yield rest
