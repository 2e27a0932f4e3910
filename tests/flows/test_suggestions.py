"""The command ``kb suggestions``, and what ``kb ingest`` says of suggestions and of a folder's table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR
from tests.conftest import write_pdf
from tests.flows.conftest import Ran, Run

COVER = ("Clean water for Kupang", "Presented by Budi Santoso\nPemerintah Kota Kupang\nKupang, 17 October 2019")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "decks"
    path.mkdir()
    write_pdf(path / "water.pdf", (COVER,))
    return path


@pytest.fixture(scope="session")
def home_with_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one draft: reading a file takes a process of its own, so it is done once."""
    path = tmp_path_factory.mktemp("suggestions")
    kb = KnowledgeBase.open(Settings(home=path / "home", encoder="hashing"))
    write_pdf(path / "water.pdf", (COVER,))
    ingest_file(kb, OPERATOR, IngestItem(path / "water.pdf"))
    kb.catalog.close()
    return path / "home"


@pytest.fixture
def ingested(run: Run, settings: Settings, home_with_draft: Path) -> Run:
    """The command line over a home with one draft."""
    shutil.copytree(home_with_draft, settings.home)
    return run


def open_values(ran: Ran) -> dict[str, str]:
    return {one["field"]: one["value"] for one in ran.json["suggestions"] if one["decision"] == "open"}


def metadata(ran: Ran) -> Any:  # noqa: ANN401 - the values of a JSON object
    return ran.json["document"]["metadata"]


def test_ingest_counts_the_suggestions_and_says_where_they_are_decided(run: Run, folder: Path) -> None:
    ran = run("ingest", folder)
    assert re.search(r"^\d+ suggested details wait to be confirmed: kb suggestions VERSION\.$", ran.err, re.MULTILINE)


def test_ingest_reports_their_number_as_json(run: Run, folder: Path) -> None:
    (report,) = run("ingest", folder, "--json").json["reports"]
    assert report["suggestions"] == len(run("suggestions", "1", "--json").json["document"]["suggested"]) >= 7


def test_suggestions_are_listed_with_the_words_they_rest_on(ingested: Run) -> None:
    ran = ingested("suggestions", "1")
    (line,) = [line for line in ran.out.splitlines() if line.startswith("speaker")]
    assert line.split() == ["speaker", "Budi", "Santoso", "slide", "1", *COVER[1].splitlines()[0].split(), "0.90", "open"]
    assert "suggestions are open" in ran.err


def test_showing_a_deck_names_what_nobody_has_confirmed(ingested: Run) -> None:
    (line,) = [line for line in ingested("show", "1").out.splitlines() if line.startswith("unconfirmed")]
    assert {"title,", "speaker,", "city,", "date,"} <= set(line.split())


def test_a_document_s_json_marks_what_is_only_suggested(ingested: Run) -> None:
    (deck,) = ingested("list", "--json").json["documents"]
    assert deck["metadata"]["city"] == "Kupang"
    (city,) = [one for one in deck["suggested"] if one["field"] == "city"]
    assert (city["source"], city["page"], city["quote"]) == ("slide", 1, "Pemerintah Kota Kupang")


def test_fields_are_confirmed_rejected_and_changed_in_one_command(ingested: Run) -> None:
    ran = ingested(
        *("suggestions", "1", "--json", "--confirm", "title", "--confirm", "date", "--reject", "organisation"),
        *("--change", "speaker=Siti Aminah"),
    )
    said = metadata(ran)
    assert (said["title"], said["date"], said["organisation"], said["speaker"]) == (
        "Clean water for Kupang",
        "2019-10-17",
        "",
        "Siti Aminah",
    )
    assert not {"title", "date", "organisation", "speaker"} & set(open_values(ran))
    decided = {one["field"]: (one["decision"], one["by"]) for one in ran.json["suggestions"] if one["by"]}
    assert decided["title"] == ("confirmed", "operator")
    assert decided["speaker"] == ("rejected", "operator")


def test_everything_is_confirmed_at_once_but_what_is_rejected(ingested: Run) -> None:
    ran = ingested("suggestions", "1", "--json", "--confirm-all", "--reject", "city")
    assert open_values(ran) == {}
    assert (metadata(ran)["city"], metadata(ran)["country"]) == ("", "Indonesia")
    assert ran.json["document"]["suggested"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--confirm", "licence"], 2, "no open suggestion for 'licence'"),
        (["--reject", "themes=health"], 2, "'health' is not suggested for themes"),
        (["--change", "city"], 2, "--change takes FIELD=VALUE"),
        (["--change", "date=someday"], 2, "date must be a day such as"),
    ],
)
def test_what_cannot_be_decided_is_told_and_nothing_is_changed(
    ingested: Run, arguments: list[str], code: int, told: str
) -> None:
    before = ingested("suggestions", "1", "--json").json
    ran = ingested("suggestions", "1", "--confirm", "title", *arguments)
    assert ran.code in (1, code)
    assert told in ran.err
    assert ingested("suggestions", "1", "--json").json == before


def test_an_unknown_version_is_told(run: Run) -> None:
    assert "There is no version 7" in run("suggestions", "7").err


def test_a_table_states_a_folder_and_what_is_wrong_with_it_is_reported(run: Run, folder: Path) -> None:
    write_pdf(folder / "lights.pdf", (("Street lights", "Sensors report broken lamps"),))
    (folder / "metadata.csv").write_text(
        "\ufeffberkas;judul;kota;tanggal;warna\nwater.pdf;Air bersih;Kupang;17/10/2019;biru\n"
        "lights.pdf;Lampu;Seoul;besok;\ngone.pdf;Hilang;;;",
        encoding="utf-8",
    )
    ran = run("ingest", folder, "--json")
    assert ran.code == 1
    reports = {Path(one["path"]).name: one for one in ran.json["reports"]}
    assert {name: one["outcome"] for name, one in reports.items()} == {
        "lights.pdf": "failed",
        "water.pdf": "stored",
        "metadata.csv": "failed",
        "gone.pdf": "failed",
    }
    assert "metadata.csv, row 3: date must be a day such as" in reports["lights.pdf"]["issues"][0]["message"]
    assert "unknown column 'warna'" in reports["metadata.csv"]["issues"][0]["message"]
    assert "metadata.csv, row 4: there is no file 'gone.pdf'" in reports["gone.pdf"]["issues"][0]["message"]
    (deck,) = run("list", "--json").json["documents"]
    assert (deck["metadata"]["title"], deck["metadata"]["date"]) == ("Air bersih", "2019-10-17")
    assert "title" not in {one["field"] for one in deck["suggested"]}
