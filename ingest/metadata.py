"""What people say about a deck: sidecar files, the table of a folder, and which files of a folder are decks at all.

A sidecar ``deck.toml`` stands beside ``deck.pptx`` and states its metadata, the file that is ingested (``file``) and
other formats of the same deck (``renditions``), which serve as pictures and are never documents of their own. What it
leaves open, a row of the folder's ``metadata.csv`` may state. Nothing here opens a deck.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import table
from ingest.table import Row, Table, read_table
from kb.errors import KBError, UsageError
from kb.metadata import values_of
from kb.types import DocumentMetadata, Provenance

SIDECAR = ".toml"
NOT_STATED = DocumentMetadata()
_LANGUAGE = re.compile(r"[a-z]{2}")
_LAST_SDG = 17
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download")
_SYSTEM_FILES = ("thumbs.db", "desktop.ini", "icon\r")
_SYSTEM_FOLDERS = ("__macosx",)


@dataclass(frozen=True, slots=True)
class SidecarFiles:
    """The files that a sidecar names, beside it; ``file`` is None when it names none."""

    file: Path | None = None
    renditions: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestItem:
    """One deck to ingest: its file, what is stated about it, other formats of it; or why it cannot be (``fault``).

    ``shown`` is what a report calls it where its path would tell nothing, as within an archive.
    """

    path: Path
    metadata: DocumentMetadata = NOT_STATED
    renditions: tuple[Path, ...] = ()
    fault: KBError | None = None
    shown: str = ""


def find_sidecar(path: Path) -> Path | None:
    """The sidecar beside the deck at ``path``, or None."""
    sidecar = path.with_suffix(SIDECAR)
    return sidecar if sidecar != path and sidecar.is_file() else None


def read_metadata(path: Path) -> tuple[DocumentMetadata, SidecarFiles]:
    """What the sidecar at ``path`` states.

    Raises:
        UsageError: the file is not TOML, or a key is unknown or of the wrong kind; names file, key and what is allowed.
    """
    stated = _parsed(path)
    unknown = sorted(stated.keys() - _READERS.keys() - {"file", "renditions"})
    if unknown:
        raise UsageError(
            f"{path.name} has the unknown key {unknown[0]!r}.",
            remedy=f"Allowed keys: {', '.join(sorted([*_READERS, 'file', 'renditions']))}.",
        )
    fields = {key: _READERS[key](_Place(path, key), value) for key, value in stated.items() if key in _READERS}
    return DocumentMetadata(**fields), _files(path, stated)


def merge(stated: DocumentMetadata, suggested: DocumentMetadata) -> DocumentMetadata:
    """``stated``, completed by what the file says of itself.

    A file's author is only taken for the speaker when nobody stated whose deck it is. Provenance is never suggested, nor
    the date: a file knows when it was saved, or its template made, not when the talk was given.
    """
    if stated.speaker or stated.organisation:
        suggested = dataclasses.replace(suggested, speaker="")
    gaps = {
        field.name: getattr(suggested, field.name)
        for field in dataclasses.fields(DocumentMetadata)
        if field.name not in ("provenance", "date") and getattr(stated, field.name) in ("", (), None)
    }
    return dataclasses.replace(stated, **gaps)


def completed(stated: DocumentMetadata, more: DocumentMetadata) -> DocumentMetadata:
    """``stated``, its gaps filled from ``more``; whose slides they are is never a gap."""
    gaps = [field.name for field in dataclasses.fields(DocumentMetadata) if not values_of(stated, field.name)]
    return dataclasses.replace(stated, **{name: getattr(more, name) for name in gaps})


def walk(paths: Sequence[Path]) -> list[IngestItem]:
    """The decks at ``paths``, folders searched to their depth, each once, in the order of their names.

    Left out in folders: hidden and unfinished files, sidecars, tables, and renditions of a deck that stands beside them. A
    file that is named itself is taken as it is. What is wrong with a table is an item of its own, and so is every file that
    a table names and its folder does not hold.

    Raises:
        UsageError: a path does not exist. A wrong sidecar or row is its deck's fault, not the walk's.
    """
    items: dict[Path, IngestItem] = {}
    for path in paths:
        for item in _items(path):
            items.setdefault(item.path.resolve(), item)
    return list(items.values())


def _items(path: Path) -> Iterator[IngestItem]:
    if path.is_dir():
        yield from _in_folder(path)
    elif not path.exists():
        raise UsageError(f"There is no file or folder {str(path)!r}.", remedy="Check the spelling.")
    elif path.suffix.lower() == SIDECAR or _is_table(path.name):
        raise UsageError(f"{path.name} describes a deck and is none.", remedy="Name the deck itself or its folder.")
    else:
        tables = _tables(path.parent, os.listdir(path.parent))
        yield _item(path, _row(path, tables))
        yield from (item for item in _of_tables(tables) if not any(of.rows for of in tables.values()))


def _in_folder(path: Path) -> Iterator[IngestItem]:
    tables: dict[Path, Table] = {}
    for folder, folders, names in os.walk(path):
        folders[:] = sorted((name for name in folders if is_open(name)), key=_by_name)
        tables |= _tables(Path(folder), names)
        yield from _decks(Path(folder), sorted(filter(_is_deck, names), key=_by_name), tables)
    yield from _of_tables(tables)


def _tables(folder: Path, names: Sequence[str]) -> dict[Path, Table]:
    found = next((name for name in sorted(names) if _is_table(name)), None)
    return {folder: read_table(folder / found)} if found else {}


def _of_tables(tables: Mapping[Path, Table]) -> Iterator[IngestItem]:
    """What is wrong with the tables as a whole, and the files that they name and that are not there."""
    for folder, of in tables.items():
        if of.faults:
            remedy = "Correct the table; what it states otherwise was used."
            yield IngestItem(folder / table.NAME, fault=UsageError(" ".join(of.faults), remedy=remedy))
        for path, fault in table.missing(of, folder):
            yield IngestItem(path, fault=fault)


def _row(path: Path, tables: Mapping[Path, Table]) -> Row | None:
    """The row about a file in the nearest table at or above its folder."""
    for folder in (folder for folder in path.parents if folder in tables):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if name in tables[folder].rows:
            return tables[folder].rows[name]
    return None


def _decks(folder: Path, names: Sequence[str], tables: Mapping[Path, Table]) -> list[IngestItem]:
    items = [_item(folder / name, _row(folder / name, tables)) for name in names]
    # A rendition without its deck is all there is of it, and is then ingested itself.
    others = {rendition for item in items for rendition in item.renditions}
    return [item for item in items if item.path not in others]


def _item(path: Path, row: Row | None) -> IngestItem:
    tabled = row.metadata if row else NOT_STATED
    if row and row.fault:
        return IngestItem(path, fault=row.fault)
    sidecar = find_sidecar(path)
    if sidecar is None:
        return IngestItem(path, tabled)
    try:
        metadata, files = read_metadata(sidecar)
    except UsageError as error:
        return IngestItem(path, fault=error)  # one wrong sidecar must not keep the other decks out
    # The sidecar of deck.pptx is also found from deck.pdf, which has no rendition but is one.
    is_main = files.file is None or files.file.name == path.name
    return IngestItem(path, completed(metadata, tabled), files.renditions if is_main else ())


def _is_table(name: str) -> bool:
    return name.casefold() == table.NAME


def is_open(folder: str) -> bool:
    """Whether a folder of that name is searched: hidden ones and those of the system are not."""
    return not folder.startswith(".") and folder.casefold() not in _SYSTEM_FOLDERS


def is_clutter(name: str) -> bool:
    """Whether a file of that name is hidden, unfinished or the system's, and so nobody's deck or statement."""
    folded = name.casefold()
    return folded.startswith((".", "~$")) or folded in _SYSTEM_FILES or folded.endswith(_UNFINISHED)


def _is_deck(name: str) -> bool:
    return not is_clutter(name) and not _is_table(name) and not name.casefold().endswith(SIDECAR)


def _by_name(name: str) -> tuple[str, str]:
    return unicodedata.normalize("NFC", name).casefold(), name


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not valid TOML: {error}.", remedy="Correct it or remove it.") from error
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}.", remedy="Check its permissions.") from error


def _files(path: Path, stated: Mapping[str, Any]) -> SidecarFiles:
    file = _text(_Place(path, "file"), stated.get("file", ""))
    renditions = _texts(_Place(path, "renditions"), stated.get("renditions", []))
    for key, name in (("file", file), *(("renditions", name) for name in renditions)):
        if name in (".", "..") or "/" in name or "\\" in name:
            raise _Place(path, key).fault("the name of a file in the same folder", name)
    found = [_beside(path, name) for name in renditions]
    missing = [name for name, other in zip(renditions, found, strict=True) if other is None]
    if missing:
        raise _Place(path, "renditions").fault("files that stand beside it", missing[0])
    main = (_beside(path, file) or path.parent / file) if file else None
    return SidecarFiles(main, tuple(other for other in found if other is not None))


def _beside(path: Path, name: str) -> Path | None:
    """The file called ``name`` beside ``path``, be its name stored in composed or decomposed letters."""
    if (path.parent / name).is_file():
        return path.parent / name
    return next((other for other in path.parent.iterdir() if unicodedata.normalize("NFC", other.name) == name), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands, for messages."""

    path: Path
    key: str

    def fault(self, expected: str, found: object) -> UsageError:
        message = f"{self.path.name}: {self.key} must be {expected}, found {found!r}."
        return UsageError(message, remedy="Correct the metadata file.")


def _text(place: _Place, value: object) -> str:
    if not isinstance(value, str):
        raise place.fault("a text", value)
    return unicodedata.normalize("NFC", value.strip())


def _texts(place: _Place, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise place.fault("a list of texts", value)
    return tuple(_text(place, item) for item in value)


def _languages(place: _Place, value: object) -> tuple[str, ...]:
    codes = _texts(place, value)
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            raise place.fault("a list of two-letter codes such as id, en, ko", code)
    return codes


def _sdgs(place: _Place, value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise place.fault("a list of numbers from 1 to 17", value)
    for number in value:
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= _LAST_SDG:
            raise place.fault("a list of numbers from 1 to 17", number)
    return tuple(value)


def _date(place: _Place, value: object) -> dt.date:
    # A TOML date-time is a datetime, which Python counts among the dates.
    if isinstance(value, dt.datetime):
        return value.date()
    if not isinstance(value, dt.date):
        raise place.fault("a date such as 2019-10-17, without quotes", value)
    return value


def _provenance(place: _Place, value: object) -> Provenance:
    allowed = [item.value for item in Provenance]
    if value not in allowed:
        raise place.fault(f"one of {', '.join(allowed)}", value)
    return Provenance(str(value))


_READERS: Mapping[str, Callable[[_Place, object], Any]] = {
    **dict.fromkeys(
        ("title", "speaker", "organisation", "city", "country", "event", "licence", "note"),
        _text,
    ),
    "date": _date,
    "themes": _texts,
    "sources": _texts,
    "sdgs": _sdgs,
    "languages": _languages,
    "provenance": _provenance,
}
