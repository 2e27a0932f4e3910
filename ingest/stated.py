"""What people type about decks, cell by cell: names of columns in three languages, and values of every field. Pure.

Used for the table of a folder and for what is typed instead of a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ingest.suggest.dates import dates_in
from kb.errors import UsageError
from kb.gazetteer import country_named
from kb.language import nfc
from kb.themes import theme_named, themes
from kb.types import Provenance

FILE = "file"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    FILE: ("file", "file name", "filename", "berkas", "nama berkas", "nama file", "파일", "파일명", "파일 이름"),
    "title": ("title", "judul", "제목"),
    "speaker": ("speaker", "presenter", "pembicara", "narasumber", "pemateri", "발표자", "연사", "강연자"),
    "organisation": ("organisation", "organization", "organisasi", "instansi", "lembaga", "기관", "소속", "소속 기관"),
    "city": ("city", "kota", "kota/kabupaten", "kabupaten/kota", "도시"),
    "country": ("country", "negara", "국가", "나라"),
    "event": ("event", "acara", "kegiatan", "행사", "행사명"),
    "date": ("date", "tanggal", "날짜", "일자", "행사일"),
    "languages": ("languages", "language", "bahasa", "언어"),
    "themes": ("themes", "theme", "tema", "topik", "주제", "테마"),
    "sdgs": ("sdgs", "sdg", "tpb", "지속가능발전목표"),
    "licence": ("licence", "license", "lisensi", "라이선스", "이용허락"),
    "provenance": ("provenance", "asal", "출처 구분"),
    "note": ("note", "notes", "catatan", "비고", "메모"),
    "sources": ("sources", "source", "sumber", "출처"),
}
"""The fields that a column can state, with the headings that name them, the first one in English."""

_SEPARATOR = re.compile(r"[;,|\n·、]")
_LANGUAGE_NAMES = {
    "id": ("id", "indonesia", "bahasa indonesia", "indonesian", "인도네시아어"),
    "en": ("en", "inggris", "bahasa inggris", "english", "영어"),
    "ko": ("ko", "korea", "bahasa korea", "korean", "한국어"),
}
_CODE = re.compile(r"[a-z]{2}")
_LAST_SDG = 17
_SDG = re.compile(r"(?:(?:SDG|TPB)\s*)?(\d{1,2})", re.IGNORECASE)


def field_of(heading: str) -> str:
    """The field that a column's heading names in any of the three languages, or an empty string."""
    wanted = " ".join(nfc(heading).replace("_", " ").casefold().split())
    return next((field for field, names in COLUMNS.items() if wanted in names), "")


def values_typed(field: str, text: str) -> tuple[str, ...]:
    """The values that a typed text states, as :func:`kb.metadata.with_values` takes them; none of an empty text.

    Raises:
        UsageError: the text is no value of the field; says what is.
    """
    typed = nfc(text).strip()
    if not typed:
        return ()
    if field == "sources":
        return tuple(part.strip() for part in re.split(r"[;\n]", typed) if part.strip())
    if field not in _MANY:
        return (_ONE.get(field, _as_it_is)(typed),)
    parts = [part.strip() for part in _SEPARATOR.split(typed) if part.strip()]
    return tuple(dict.fromkeys(_MANY[field](part) for part in parts))


def _fault(field: str, allowed: str, found: str) -> UsageError:
    return UsageError(f"{field} must be {allowed}, found {found!r}.", remedy="Correct the value.")


def _as_it_is(typed: str) -> str:
    return " ".join(typed.split())


def _date(typed: str) -> str:
    found = dates_in(typed)
    if len(found) != 1:
        raise _fault("date", "a day such as 2019-10-17, 17 Oktober 2019 or 2019년 10월 17일", typed)
    return found[0].day.isoformat()


def _country(typed: str) -> str:
    return country_named(typed) or _as_it_is(typed)


def _provenance(typed: str) -> str:
    allowed = [item.value for item in Provenance]
    if typed.casefold() not in allowed:
        raise _fault("provenance", f"one of {', '.join(allowed)}", typed)
    return typed.casefold()


def _language(typed: str) -> str:
    wanted = typed.casefold()
    code = next((code for code, names in _LANGUAGE_NAMES.items() if wanted in names), wanted)
    if not _CODE.fullmatch(code):
        raise _fault("languages", "two-letter codes such as id, en, ko", typed)
    return code


def _theme(typed: str) -> str:
    slug = theme_named(typed)
    if not slug:
        raise _fault("themes", f"among {', '.join(theme.slug for theme in themes())}", typed)
    return slug


def _sdg(typed: str) -> str:
    match = _SDG.fullmatch(typed)
    if match is None or not 1 <= int(match.group(1)) <= _LAST_SDG:
        raise _fault("sdgs", f"numbers from 1 to {_LAST_SDG}", typed)
    return str(int(match.group(1)))


_ONE: Mapping[str, Callable[[str], str]] = {"date": _date, "country": _country, "provenance": _provenance}
_MANY: Mapping[str, Callable[[str], str]] = {"languages": _language, "themes": _theme, "sdgs": _sdg}
