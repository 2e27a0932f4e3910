"""From a file that was read to what might be said about it: suggestions, each with the words it rests on. Pure.

Nothing here is certain, and nothing is taken from when a file was saved: that says when a template was made or a copy
exported, not when anybody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.load.text import is_garbled, sensible_title
from ingest.suggest import people, places, subjects
from ingest.suggest.dates import dates_in
from ingest.suggest.lines import FIRST_SLIDES, Line, Part, contact_lines, cover_lines
from kb.gazetteer import named_in
from kb.metadata import values_of
from kb.suggested import Source, Suggestion
from kb.themes import Theme, themes
from kb.types import DocumentMetadata, LoadedFile, Page

__all__ = ["suggest"]

_LONGEST_QUOTE = 200
_LONGEST_EVENT = 140
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AT = re.compile(
    r"^(?:di(?:sampaikan|paparkan|sajikan)\s+(?:pada|dalam)(?:\s+(?:acara|kegiatan))?|presented at(?:\s+the)?|"
    r"acara|kegiatan|event|행사)\b\s*:?\s*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")


def suggest(
    loaded: LoadedFile, stated: DocumentMetadata = DocumentMetadata(), file_title: str = ""
) -> tuple[Suggestion, ...]:
    """What the file suggests for what is not ``stated``; ``file_title``, made of its name, is a title's last resort.

    At most one suggestion a field, or one a value where a field has many.
    """
    title = _title(loaded, file_title)
    # A stated title is the deck's, even if its first slide is written otherwise.
    cover = cover_lines(loaded.pages, {stated.title, title.value, title.quote})
    contact = contact_lines(loaded.pages)
    found = [
        *([title] if title.value else []),
        *_who(loaded, cover, contact, bool(stated.organisation)),
        *_where(loaded, cover, contact, stated),
        *_event(cover),
        *_date(cover),
        *_languages(loaded),
        *_subjects(loaded, stated.title or title.value, stated.themes),
    ]
    return tuple(one for one in found if not values_of(stated, one.field))


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1].rstrip()}…"


def _from_line(field: str, value: str, line: Line, confidence: float) -> Suggestion:
    return Suggestion(field, value, Source.SLIDE, line.page, _quoted(line.text), confidence)


# Title ---------------------------------------------------------------------------------------------------------------


def _title(loaded: LoadedFile, file_title: str) -> Suggestion:
    """The first slide's title; the properties' where the slide has none, or says the same.

    Properties outlive the deck that they were written for: a title that no slide bears out is often the template's.
    """
    stated = loaded.metadata.title
    page = _first_titled(loaded.pages)
    shown = sensible_title(page.title) if page else ""
    if stated and (not shown or _same(stated, shown)):
        confidence = 0.95 if shown else 0.5
        return Suggestion("title", stated, Source.PROPERTIES, 0, _quoted(stated), confidence)
    if shown and page:
        return Suggestion("title", shown, Source.SLIDE, page.number, _quoted(page.title), 0.8)
    return Suggestion("title", file_title, Source.FILE_NAME, 0, _quoted(file_title), 0.2)


def _first_titled(pages: Sequence[Page]) -> Page | None:
    first = [page for page in pages if page.has_text and not page.hidden][:FIRST_SLIDES]
    return next((page for page in first if sensible_title(page.title) and not is_garbled(page.title)), None)


def _same(one: str, other: str) -> bool:
    return "".join(_LETTERS.findall(one)).casefold() == "".join(_LETTERS.findall(other)).casefold()


# Who, where and when -------------------------------------------------------------------------------------------------


def _who(loaded: LoadedFile, cover: Sequence[Line], contact: Sequence[Line], is_offices: bool) -> Iterator[Suggestion]:
    """Speaker and organisation; a file's author is no speaker when it is known whose deck it is."""
    author = loaded.metadata.speaker
    speaker = _best(people.speakers(cover)) or _best(people.speakers(contact))
    if speaker:
        certain = speaker.confidence if speaker.line in cover else speaker.confidence / 2
        yield _from_line("speaker", speaker.name, speaker.line, certain)
    elif author and not is_offices and not people.is_organisation(author):
        yield Suggestion("speaker", author, Source.PROPERTIES, 0, _quoted(author), 0.4)
    organisation = _best(people.organisations(cover)) or _best(people.organisations(contact))
    if organisation:
        yield _from_line("organisation", organisation.name, organisation.line, organisation.confidence)
    elif author and people.is_organisation(author):
        yield Suggestion("organisation", author, Source.PROPERTIES, 0, _quoted(author), 0.6)


def _best(told: Iterator[people.Told]) -> people.Told | None:
    return max(told, key=lambda one: one.confidence, default=None)


def _where(
    loaded: LoadedFile, cover: Sequence[Line], contact: Sequence[Line], stated: DocumentMetadata
) -> Iterator[Suggestion]:
    if stated.city:
        named = next((named.place for named in named_in(stated.city, is_prominent=True) if named.place.is_city), None)
        if named:
            yield Suggestion("country", named.country, Source.CITY, 0, stated.city, 0.9)
        return
    first = [line for line in cover if line.page == cover[0].page]
    found = places.weighed(loaded.pages, first, contact, loaded.metadata.speaker)
    if stated.country:
        found = [where for where in found if where.place.country == stated.country]
    city = places.city(found)
    if city:
        sure = places.certainty(found, city)
        yield _placed("city", city.place.name, city, sure)
        yield Suggestion("country", city.place.country, Source.CITY, 0, city.place.name, sure)
        return
    land = places.land(found)
    if land:
        yield _placed("country", land.place.country, land, places.certainty(found, land))


def _placed(field: str, value: str, where: places.Where, confidence: float) -> Suggestion:
    source = Source.SLIDE if where.page else Source.PROPERTIES
    return Suggestion(field, value, source, where.page, _quoted(where.quote), confidence)


def _event(cover: Sequence[Line]) -> Iterator[Suggestion]:
    """The line that names an event: best one with a year and a city, as events are called, and nothing less later on."""
    named = [line for line in cover if line.part is Part.EVENT and _is_name(line.text)]
    fitting = [line for line in named if line.page == cover[0].page or _eventful(line.text) > 1]
    if fitting:
        line = max(fitting, key=lambda line: (_eventful(line.text), -line.page))
        yield _from_line("event", _AT.sub("", line.text), line, min(0.9, 0.5 + 0.15 * _eventful(line.text)))


def _is_name(text: str) -> bool:
    """Whether a line is what an event is called, and no sentence that speaks of one."""
    words = _LETTERS.findall(text)
    return len(text) <= _LONGEST_EVENT and not text.endswith((".", "?", "!")) and len(words) >= 2


def _eventful(text: str) -> int:
    has_city = any(named.place.is_city for named in named_in(text, is_prominent=True))
    return 1 + bool(_YEAR.search(text)) + has_city


def _date(cover: Sequence[Line]) -> Iterator[Suggestion]:
    """The date on the first slide; on the second one it counts with a place beside it only, since stories have dates too."""
    for line in cover:
        first = line.page == cover[0].page
        if line.part is Part.WHEN and (first or named_in(line.text, is_prominent=True)):
            yield _from_line("date", dates_in(line.text)[0].day.isoformat(), line, 0.9 if first else 0.6)
            return


# What it says --------------------------------------------------------------------------------------------------------


def _languages(loaded: LoadedFile) -> Iterator[Suggestion]:
    for code in loaded.metadata.languages:
        yield Suggestion("languages", code, Source.TEXT, 0, "", 0.8)


def _subjects(loaded: LoadedFile, title: str, stated: Sequence[str]) -> Iterator[Suggestion]:
    spoken = subjects.spoken_themes(loaded.pages, title)
    for one in spoken:
        confidence = round(min(0.9, 0.4 + one.share / 2), 2)
        yield Suggestion("themes", one.theme.slug, Source.SLIDE, one.page, _quoted(one.quote), confidence)
    goals = subjects.named_goals(loaded.pages)
    for goal in goals:
        yield Suggestion("sdgs", str(goal.number), Source.SLIDE, goal.page, _quoted(goal.quote), 0.9)
    of = [theme for theme in themes() if theme.slug in stated] or [one.theme for one in spoken]
    yield from _served_goals(of, {goal.number for goal in goals})


def _served_goals(of: Sequence[Theme], named: set[int]) -> Iterator[Suggestion]:
    """The goals that themes usually serve: a weak hint, since no slide says so."""
    served: dict[int, list[str]] = {}
    for theme in of:
        for number in theme.sdgs:
            served.setdefault(number, []).append(theme.slug)
    for number in sorted(served.keys() - named):
        yield Suggestion("sdgs", str(number), Source.THEMES, 0, _quoted(", ".join(served[number])), 0.3)
