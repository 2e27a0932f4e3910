"""The table of a folder: ``metadata.csv``, a row a deck, a column a field.

As spreadsheets save it: UTF-8 with or without byte-order mark, cells separated by commas, semicolons or tabs, headings in
Indonesian, English or Korean. A wrong row is its own deck's fault; a wrong heading keeps no deck out.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ingest.stated import COLUMNS, FILE, field_of, values_typed
from kb.errors import UsageError
from kb.metadata import with_values
from kb.types import DocumentMetadata, Provenance

NAME = "metadata.csv"
_DELIMITERS = (",", ";", "\t")
_LARGEST = 5 << 20
"""Bytes: a table of some ten thousand decks."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row states of a deck, or why it cannot be read."""

    number: int
    metadata: DocumentMetadata = DocumentMetadata()
    fault: UsageError | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table by the path of their file, relative to the table's folder, in NFC and with forward slashes.

    ``faults`` are about the table as a whole or rows that name no file. Rows count as a spreadsheet counts them, from 1,
    the headings included.
    """

    rows: Mapping[str, Row] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """The table at ``path``; what is wrong with it stands in the result, for the decks that it does not concern."""
    try:
        text = _text(path)
        lines = list(_cells(text))
    except (UsageError, csv.Error) as error:
        return Table(faults=(str(error),))
    except OSError as error:
        return Table(faults=(f"{path.name} cannot be read: {error.strerror}.",))
    if not lines:
        return Table(faults=(f"{path.name} is empty; expected a row of headings with {FILE!r}.",))
    (_, headings), rows = lines[0], lines[1:]
    fields, faults = _fields(headings)
    if FILE not in fields:
        names = ", ".join(COLUMNS[FILE])
        return Table(faults=(*faults, f"{path.name} has no column for the files; its heading is one of {names}."))
    return _table(fields, rows, faults)


def _text(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise UsageError(f"{path.name} has {len(data)} bytes, at most {_LARGEST} are read.")
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8; save it as “CSV UTF-8 (comma delimited)”.") from error


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.casefold().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        # Excel writes and reads such a line before the headings.
        delimiter, skipped = first.strip()[-1], 1
    else:
        delimiter, skipped = max(_DELIMITERS, key=first.count), 0
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1):
        cells = [cell.strip() for cell in row]
        if any(cells) and number > skipped:
            yield number, cells


def _fields(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """The field of each column ("" for none), and what is wrong with the headings."""
    fields, faults = [], []
    for heading in headings:
        named = field_of(heading)
        if heading and not named:
            allowed = ", ".join(names[0] for names in COLUMNS.values())
            faults.append(f"{NAME} has the unknown column {heading!r}; known columns: {allowed}.")
        elif named and named in fields:
            faults.append(f"{NAME} has two columns for {named!r}; the second, {heading!r}, is left out.")
            named = ""
        fields.append(named)
    return fields, faults


def _table(fields: Sequence[str], rows: Sequence[tuple[int, list[str]]], faults: Sequence[str]) -> Table:
    found: dict[str, Row] = {}
    wrong = list(faults)
    for number, cells in rows:
        stated = {name: cell for name, cell in zip(fields, cells, strict=False) if name and cell}
        name = stated.pop(FILE, "").replace("\\", "/").removeprefix("./")
        fault = _misplaced(name)
        if fault:
            wrong.append(f"{NAME}, row {number}: {fault}.")
        elif name in found:
            twice = f"{NAME}, row {number}: {name} stands in row {found[name].number} already."
            found[name] = dataclasses.replace(found[name], fault=UsageError(twice, remedy="Leave one row a file."))
        else:
            found[name] = _row(number, stated, len(cells) - len(fields))
    return Table(found, tuple(wrong))


def _misplaced(name: str) -> str:
    if not name:
        return f"the cell of the column {FILE!r} is empty"
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        return f"{FILE} must be a file in the folder of the table, found {name!r}"
    return ""


def _row(number: int, stated: Mapping[str, str], surplus: int) -> Row:
    if surplus > 0:
        told = f"{NAME}, row {number}: {surplus} cells more than the table has columns."
        return Row(number, fault=UsageError(told, remedy="Put cells that contain the separator in quotation marks."))
    metadata = DocumentMetadata()
    for name, cell in stated.items():
        try:
            values = values_typed(name, cell)
        except UsageError as error:
            told = f"{NAME}, row {number}: {error.message}"
            return Row(number, fault=UsageError(told, remedy="Correct the cell."))
        if name == "provenance":
            metadata = dataclasses.replace(metadata, provenance=Provenance(values[0]))
        else:
            metadata = with_values(metadata, name, values)
    return Row(number, metadata)


def missing(table: Table, folder: Path) -> Iterator[tuple[Path, UsageError]]:
    """The files that the table names and the folder does not hold, be their names stored composed or decomposed."""
    for name, row in table.rows.items():
        if not present(folder, name):
            told = f"{NAME}, row {row.number}: there is no file {name!r} in {folder.name or folder}."
            yield folder / name, UsageError(told, remedy="Check the spelling, or remove the row.")


def present(folder: Path, name: str) -> bool:
    """Whether the folder holds the file, whichever way its name composes letters."""
    return any((folder / unicodedata.normalize(form, name)).is_file() for form in ("NFC", "NFD"))
