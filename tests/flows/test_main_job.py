"""The main job with the real, packaged models: presentations in three languages in, the right slide out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kb.settings import Settings
from tests.conftest import ROOT
from tests.flows.conftest import Run

DECKS = ROOT / "tests" / "golden" / "decks"
QUESTIONS = (
    ("berapa biaya listrik sebelum dan sesudah", 3),
    ("how much did electricity cost before and after", 3),
    ("도입 전후의 전기 요금", 3),
    ("how many LED lamps were installed", 4),
    ("jumlah lampu LED yang dipasang", 4),
    ("가로등 고장 신고가 누락된다", 2),
    ("residents report broken street lights by phone", 2),
    ("laporan warga tentang lampu padam sering hilang", 2),
)
"""A question, and the page that answers it in the deck of every language."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The product as it is delivered."""
    return Settings(home=tmp_path / "home")


def test_presentations_in_the_right_slide_out(run: Run, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "seminar"
    folder.mkdir()
    for language in ("id", "en", "ko"):
        shutil.copy(DECKS / f"{language}.pdf", folder / f"{language}.pdf")

    ran = run("ingest", folder, "--publish", "--json")

    assert ran.code == 0
    assert ran.json["totals"]["stored"] == 3
    vectors = sizes(settings.home / "vectors")
    for question, page in QUESTIONS:
        hits = run("search", question, "--json").json["hits"]
        assert {hit["document"]["file_name"] for hit in hits[:3]} == {"id.pdf", "en.pdf", "ko.pdf"}
        assert [hit["page"] for hit in hits[:3]] == [page] * 3, question

    only_korean = run("search", "electricity cost", "--filter", "language=ko", "--json").json["hits"]
    assert [hit["document"]["file_name"] for hit in only_korean] == ["ko.pdf"]
    assert run("ingest", folder, "--publish", "--json").json["totals"]["duplicate"] == 3
    assert run("reindex").code == 0
    assert sizes(settings.home / "vectors") == vectors
    assert run("verify").code == 0


def sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.rglob("*.bin")}


def test_changing_the_encoder_says_what_to_do_and_reindexing_does_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("ingest", DECKS / "en.pdf", "--publish")
    monkeypatch.setenv("KB_ENCODER", "hashing")

    stale = run("search", "electricity", "--json")
    assert stale.code == 1
    assert stale.json["error"]["code"] == "stale_index"

    assert run("reindex").code == 0
    assert run("search", "electricity", "--json").json["hits"][0]["page"] == 3
    assert run("verify").code == 0
