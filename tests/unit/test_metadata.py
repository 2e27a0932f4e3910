"""Sidecars, merging, and which files of a folder are decks."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path

import pytest

from ingest.metadata import IngestItem, SidecarFiles, find_sidecar, merge, read_metadata, walk
from kb.errors import UsageError
from kb.types import DocumentMetadata, Provenance

FULL = """
title = " Smart Kampung "
speaker = "Bupati"
organisation = "Pemkab"
city = "Banyuwangi"
country = "Indonesia"
event = "Seminar"
date = 2019-10-17
themes = ["smart-village"]
sdgs = [9, 11]
languages = ["id"]
licence = "CC-BY-4.0"
provenance = "illustrative"
note = "catatan"
sources = ["itu.int"]
file = "dek.pptx"
renditions = ["dek.pdf"]
"""


def placed(folder: Path, *names: str, sidecar: str = "") -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    path = folder / "dek.toml"
    if sidecar:
        path.write_text(sidecar, encoding="utf-8")
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    metadata, files = read_metadata(placed(tmp_path, "dek.pptx", "dek.pdf", sidecar=FULL))
    assert metadata == DocumentMetadata(
        title="Smart Kampung",
        speaker="Bupati",
        organisation="Pemkab",
        city="Banyuwangi",
        country="Indonesia",
        event="Seminar",
        date=dt.date(2019, 10, 17),
        themes=("smart-village",),
        sdgs=(9, 11),
        languages=("id",),
        licence="CC-BY-4.0",
        provenance=Provenance.ILLUSTRATIVE,
        note="catatan",
        sources=("itu.int",),
    )
    assert files == SidecarFiles(tmp_path / "dek.pptx", (tmp_path / "dek.pdf",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("titel = 'x'", "unknown key 'titel'.*Allowed keys: city, country, date, event, file"),
        ("title = 3", "title must be a text, found 3"),
        ("themes = 'x'", "themes must be a list of texts, found 'x'"),
        ("sdgs = [18]", "sdgs must be a list of numbers from 1 to 17, found 18"),
        ("sdgs = [true]", "found True"),
        ("date = '2019'", "date must be a date such as 2019-10-17, without quotes, found '2019'"),
        ("languages = ['Indonesian']", "two-letter codes such as id, en, ko, found 'Indonesian'"),
        ("provenance = 'real'", "provenance must be one of original, illustrative, found 'real'"),
        ("file = '../x.pptx'", "file must be the name of a file in the same folder"),
        ("renditions = ['x.pdf']", "renditions must be files that stand beside it, found 'x.pdf'"),
        ("title = ", "is not valid TOML"),
    ],
)
def test_a_wrong_sidecar_is_named_with_key_and_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=rf"(?s)dek\.toml.*{told}"):
        read_metadata(placed(tmp_path, sidecar=text))


def test_the_sidecar_is_found_beside_the_deck_only(tmp_path: Path) -> None:
    sidecar = placed(tmp_path, "dek.pptx", "lain.pptx", sidecar="title = 'x'")
    assert find_sidecar(tmp_path / "dek.pptx") == sidecar
    assert find_sidecar(tmp_path / "lain.pptx") is None
    assert find_sidecar(sidecar) is None


def test_what_is_stated_wins_and_gaps_are_filled() -> None:
    stated = DocumentMetadata(title="Dek", provenance=Provenance.ILLUSTRATIVE)
    found = DocumentMetadata(title="x", speaker="Budi Santoso", date=dt.date(2019, 1, 1), languages=("id",))
    assert merge(stated, found) == DocumentMetadata(
        title="Dek",
        speaker="Budi Santoso",
        date=None,
        languages=("id",),
        provenance=Provenance.ILLUSTRATIVE,
    )


def test_a_file_author_is_no_speaker_when_the_deck_is_an_organisations() -> None:
    assert merge(DocumentMetadata(organisation="Pemkab"), DocumentMetadata(speaker="Budi Santoso")).speaker == ""


def names(items: list[IngestItem]) -> list[str]:
    return [item.path.name for item in items]


def test_a_folder_gives_its_decks_in_order_and_nothing_else(tmp_path: Path) -> None:
    placed(
        tmp_path,
        "b.pdf",
        "A.pptx",
        "sub/c.pdf",
        ".x.pdf",
        "~$A.pptx",
        "d.tmp",
        "x.toml",
        ".git/e.pdf",
        "__MACOSX/f.pdf",
    )
    assert names(walk([tmp_path])) == ["A.pptx", "b.pdf", "c.pdf"]


def test_a_rendition_is_no_deck_of_its_own(tmp_path: Path) -> None:
    placed(tmp_path, "dek.pptx", "dek.pdf", sidecar=FULL)
    item = walk([tmp_path])[0]
    assert names(walk([tmp_path])) == ["dek.pptx"]
    assert (item.metadata.title, item.renditions) == ("Smart Kampung", (tmp_path / "dek.pdf",))


def test_a_rendition_named_itself_is_taken_with_the_metadata(tmp_path: Path) -> None:
    placed(tmp_path, "dek.pptx", "dek.pdf", sidecar=FULL)
    item = walk([tmp_path / "dek.pdf"])[0]
    assert (item.path.name, item.metadata.title, item.renditions) == ("dek.pdf", "Smart Kampung", ())


def test_a_rendition_without_its_deck_is_taken(tmp_path: Path) -> None:
    placed(tmp_path, "dek.pdf", sidecar=FULL)
    assert names(walk([tmp_path])) == ["dek.pdf"]


def test_a_file_given_twice_is_taken_once(tmp_path: Path) -> None:
    placed(tmp_path, "a.pdf", "b.pdf")
    assert names(walk([tmp_path / "b.pdf", tmp_path, tmp_path / "b.pdf"])) == ["b.pdf", "a.pdf"]


def test_names_in_decomposed_letters_match_those_in_the_sidecar(tmp_path: Path) -> None:
    folder = unicodedata.normalize("NFD", "가로등")
    (tmp_path / f"{folder}.toml").write_text("file = '가로등.pptx'\nrenditions = ['가로등.pdf']", encoding="utf-8")
    placed(tmp_path, f"{folder}.pptx", f"{folder}.pdf")
    assert [(item.path.suffix, len(item.renditions)) for item in walk([tmp_path])] == [(".pptx", 1)]


@pytest.mark.parametrize(("name", "told"), [("hilang", "no file or folder"), ("dek.toml", "describes a deck and is none")])
def test_paths_that_are_no_decks_are_usage_errors(tmp_path: Path, name: str, told: str) -> None:
    placed(tmp_path, sidecar="title = 'x'")
    with pytest.raises(UsageError, match=told):
        walk([tmp_path / name])
