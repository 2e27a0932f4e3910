"""Places by their Indonesian, English and Korean names, and where a text names them. Pure but for its data file.

``gazetteer.csv`` is reference data from general knowledge. A name that is also a common word (Batu, Metro, 이천) counts
only where the text says that it is a place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from kb.language import nfc


class Kind(StrEnum):
    """What a place is; in the order in which a bare name is understood."""

    METROPOLITAN = "metropolitan"
    KOTA = "kota"
    CITY = "city"
    SI = "si"
    KABUPATEN = "kabupaten"
    GUN = "gun"
    PROVINCE = "province"
    COUNTRY = "country"


CITIES = frozenset({Kind.METROPOLITAN, Kind.KOTA, Kind.CITY, Kind.SI, Kind.KABUPATEN, Kind.GUN})
_URBAN = frozenset({Kind.METROPOLITAN, Kind.KOTA, Kind.CITY, Kind.SI})
_RURAL = frozenset({Kind.KABUPATEN, Kind.GUN})
_ORDER = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the gazetteer: ``name`` and ``country`` are English; the point, in degrees, is approximate.

    ``spellings`` are all names, those without Hangul first.
    """

    name: str
    indonesian: str
    korean: str
    country: str
    kind: Kind
    latitude: float
    longitude: float
    is_ambiguous: bool
    spellings: tuple[str, ...]

    @property
    def is_city(self) -> bool:
        """Whether a deck can be a city's: provinces and countries have none."""
        return self.kind in CITIES


@dataclass(frozen=True, slots=True)
class Named:
    """Where a text names a place: ``start`` and ``end`` count characters; marked when a word beside it says what it is."""

    place: Place
    start: int
    end: int
    is_marked: bool


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Every place, in the order of the file."""
    text = files("kb").joinpath("gazetteer.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(_place(row) for row in csv.DictReader(lines))


def _place(row: Mapping[str, str]) -> Place:
    named = [row["indonesian"] or row["name"], row["name"], *_names(row["variants"]), *_names(row["korean"])]
    korean = _names(row["korean"])
    # A remark in brackets tells two places of one name apart; nobody writes it.
    spellings = [name for name in dict.fromkeys(named) if "(" not in name]
    return Place(
        name=row["name"],
        indonesian=row["indonesian"] or row["name"],
        korean=korean[0] if korean else "",
        country=row["country"],
        kind=Kind(row["kind"]),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        is_ambiguous=row["ambiguous"] == "yes",
        spellings=tuple(sorted(spellings, key=lambda name: bool(_HANGUL.search(name)))),
    )


def _names(cell: str) -> list[str]:
    return [name for part in cell.split(";") if (name := part.strip())]


@lru_cache(maxsize=4096)
def place_of(city: str) -> Place | None:
    """The city of that name in any of its spellings; the most urban one where several share it."""
    wanted = nfc(city).strip().casefold()
    found = (place for place in places() if place.is_city and wanted in map(str.casefold, place.spellings))
    return min(found, key=lambda place: _ORDER.index(place.kind), default=None)


def city_called(city: str, language: str) -> str:
    """A city in the script that readers of a language read: 서울 for Seoul in Korean; as it is where none is known."""
    is_hangul = bool(_HANGUL.search(city))
    if not city or is_hangul is (language == "ko"):
        return city
    place = place_of(city)
    if place is None:
        return city
    return place.korean or city if language == "ko" else place.spellings[0]


def country_named(name: str) -> str:
    """The English name of a country by any of its names, or an empty string."""
    wanted = nfc(name).strip().casefold()
    countries = (place for place in places() if place.kind is Kind.COUNTRY)
    return next((p.name for p in countries if wanted in (s.casefold() for s in p.spellings)), "")


@lru_cache(maxsize=4096)
def also_called(name: str) -> tuple[str, ...]:
    """Every name of the places that are called so in any of the three languages; none where there is no such place."""
    wanted = nfc(name).strip().casefold()
    same = (place for place in places() if wanted in (spelling.casefold() for spelling in (place.name, *place.spellings)))
    return tuple(dict.fromkeys(spelling for place in same for spelling in (place.name, *place.spellings)))


# Finding them in a text ----------------------------------------------------------------------------------------------

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_TOKEN = re.compile(r"[\uac00-\ud7a3]+|[^\W_\uac00-\ud7a3]+")
_GAP = re.compile(r"[ .\u00a0-]{0,2}")
_URBAN_WORDS = r"kota|kotamadya|pemkot|walikota|city of|mayor of|municipality of"
_RURAL_WORDS = r"kabupaten|kab\.?|pemkab|bupati|regency of|regent of"
_PROVINCE_WORDS = r"provinsi|propinsi|prov\.?|pemprov|gubernur|province of|governor of"
_BEFORE = re.compile(
    rf"(?:^|[^\w])(?:(?P<urban>{_URBAN_WORDS})|(?P<rural>{_RURAL_WORDS})|(?P<province>{_PROVINCE_WORDS}))\s+$", re.IGNORECASE
)
_AFTER = re.compile(
    r"(?:\s+(?P<urban>city|municipality|metropolitan)|\s+(?P<rural>regency)|\s+(?P<province>province)"
    r"|-(?P<si>si)|-(?P<gun>gun))\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:\b(?:di|dari|ke|untuk|pemerintah|in|of|from|at|to)\s+|[,(]\s*)$", re.IGNORECASE)
_KOREAN_MARK: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys((Kind.SI, Kind.CITY, Kind.KOTA), re.compile(r" ?(?:특례)?시")),
    Kind.METROPOLITAN: re.compile(r"(?:특별|광역|특별자치)?시"),
    Kind.GUN: re.compile("군"),
    Kind.KABUPATEN: re.compile(r" ?(?:군|현|시)"),
    Kind.PROVINCE: re.compile(" ?(?:도|주)"),
}
# What may follow a short Korean name in one word: a particle, or what a city has. Otherwise it is part of another word.
_KOREAN_REST = re.compile(
    r"$|(?:은|는|이|가|을|를|의|에|에서|와|과|도|로|형|권|만|발|항)$|(?:기술|연구|시설|교통|도시|개발|대학|교육|공단|공사|관광|정부|의료|문화|경제)"
)
_ANY_REST = 3
"""Korean names of this many syllables are no part of other words."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _by_first_word() -> Mapping[str, Sequence[tuple[tuple[str, ...], tuple[Place, ...]]]]:
    """The spellings by their first word, in small letters, the longest first; Hangul by its first two syllables."""
    owners: dict[tuple[str, ...], list[Place]] = {}
    for place in places():
        for spelling in place.spellings:
            owners.setdefault(tuple(word.text for word in _words(spelling)), []).append(place)
    found: dict[str, list[tuple[tuple[str, ...], tuple[Place, ...]]]] = {}
    for words, of in sorted(owners.items(), key=lambda item: (-len(item[0]), -len(item[0][-1]))):
        found.setdefault(_key(words[0]), []).append((words, tuple(of)))
    return found


def _words(text: str) -> list[_Word]:
    return [_Word(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _key(word: str) -> str:
    return word[:2] if _HANGUL.match(word) else word.casefold()


def named_in(line: str, is_prominent: bool = False) -> tuple[Named, ...]:
    """The places that a line of text names, in order.

    ``is_prominent`` lines, such as those of a first slide, may name a place whose name is also a word without a mark, as
    long as its capital letter is not that of a heading or of the line's beginning.
    """
    return tuple(_found(line, _words(line), is_prominent))


def _found(line: str, words: Sequence[_Word], is_prominent: bool) -> Iterator[Named]:
    place = 0
    while place < len(words):
        for spelling, of in _by_first_word().get(_key(words[place].text), ()):
            matched = _matched(line, words[place : place + len(spelling)], spelling)
            named = _named(line, matched, of, is_prominent) if matched else None
            if named is not None:
                yield named
                place += len(spelling) - 1
                break
        place += 1


def _matched(line: str, words: Sequence[_Word], spelling: Sequence[str]) -> _Word | None:
    """The characters of the line that are the spelling, or None; of a Korean word only its beginning need be."""
    if len(words) < len(spelling):
        return None
    if any(not _GAP.fullmatch(line[one.end : other.start]) for one, other in pairwise(words)):
        return None
    *before, last = spelling
    if any(not _same(word.text, name) for word, name in zip(words, before, strict=False)):
        return None
    if _HANGUL.match(last):
        if not words[-1].text.startswith(last):
            return None
        end = words[-1].start + len(last)
    elif _same(words[-1].text, last):
        end = words[-1].end
    else:
        return None
    return _Word(line[words[0].start : end], words[0].start, end)


def _same(word: str, name: str) -> bool:
    """Whether a word is a name's, with a capital where the name has one; NTT is no ntt."""
    if name.isupper() and len(name) > 1:
        return word == name
    return word.casefold() == name.casefold() and (not name[0].isupper() or word[0].isupper())


def _named(line: str, word: _Word, of: Sequence[Place], is_prominent: bool) -> Named | None:
    if _HANGUL.search(word.text):
        return _named_in_korean(line, word, of)
    before = _BEFORE.search(line, max(0, word.start - 20), word.start)
    after = _AFTER.match(line, word.end)
    mark = (before.lastgroup if before else None) or (after.lastgroup if after else None)
    chosen = _chosen(of, mark)
    if chosen.is_ambiguous and mark is None and not (is_prominent and _stands_out(line, word)):
        return None
    return Named(chosen, word.start, word.end, mark is not None)


def _chosen(of: Sequence[Place], mark: str | None) -> Place:
    wanted = {"urban": _URBAN, "si": _URBAN, "rural": _RURAL, "gun": _RURAL, "province": frozenset({Kind.PROVINCE})}
    kinds = wanted.get(mark or "", frozenset(Kind))
    fitting = [place for place in of if place.kind in kinds] or list(of)
    return min(fitting, key=lambda place: _ORDER.index(place.kind))


def _stands_out(line: str, word: _Word) -> bool:
    """Whether a capital letter can only be a name's: alone on its line, or after a preposition or comma."""
    before, after = line[: word.start], line[word.end :]
    if not before.strip() and (not after.strip() or after.lstrip().startswith(",")):
        return True
    small = any(other.text[0].islower() for other in _words(line))
    return _PREPOSITION.search(before) is not None and (small or before.rstrip().endswith(","))


def _named_in_korean(line: str, word: _Word, of: Sequence[Place]) -> Named | None:
    for place in sorted(of, key=lambda one: _ORDER.index(one.kind)):
        mark = _KOREAN_MARK.get(place.kind)
        if mark is not None and mark.match(line, word.end):
            return Named(place, word.start, word.end, True)
    open_ = [place for place in of if not place.is_ambiguous]
    rest = re.match(r"[\uac00-\ud7a3]*", line[word.end :])
    follows = rest.group() if rest else ""
    # A full official name, such as 서울특별시, is its own mark.
    is_official = re.search("(?:특별시|광역시|자치시|특례시|자치도)$", word.text) is not None
    if not open_ or not (is_official or len(word.text) >= _ANY_REST or _KOREAN_REST.match(follows)):
        return None
    return Named(_chosen(open_, None), word.start, word.end, is_official)
