"""Going back, and damage: what answers meanwhile, what verify finds, what it mends."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import encoders
from kb.encoders import hashing
from kb.settings import Settings
from tests.flows.conftest import Run


def names(run: Run, text: str) -> list[str]:
    return [hit["document"]["file_name"] for hit in run("search", text, "--json").json["hits"]]


def live(run: Run) -> str:
    return next(str(g["id"]) for g in run("generations", "--json").json["generations"] if g["live"])


def test_rolling_back_searches_in_the_earlier_generation(filled: Run) -> None:
    assert set(names(filled, "city lamps")) == {"water.pdf", "lights.pdf"}

    ran = filled("rollback", "g000001")

    assert ran.code == 0
    assert "g000001 is live: 1 decks, 1 passages" in ran.out
    assert names(filled, "city lamps") == ["water.pdf"]
    assert filled("rollback", "g000002").code == 0
    assert set(names(filled, "city lamps")) == {"water.pdf", "lights.pdf"}


def test_the_newest_generations_are_kept_and_older_ones_pruned(filled: Run, settings: Settings) -> None:
    for _ in range(3):
        assert filled("reindex").code == 0

    kept = [g["id"] for g in filled("generations", "--json").json["generations"]]
    assert kept == ["g000005", "g000004", "g000003"]
    assert sorted(p.name for p in (settings.home / "generations").iterdir()) == sorted(kept)


def test_reindexing_fully_encodes_everything_again_and_finds_the_same(filled: Run) -> None:
    before = filled("search", "forty wells", "--json").json["hits"]

    assert filled("reindex", "--full").code == 0

    after = filled("search", "forty wells", "--json").json["hits"]
    assert [(h["chunk"], h["score"]) for h in after] == [(h["chunk"], h["score"]) for h in before]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("part", ["dense.faiss", "manifest.json", "chunks.npy", "sentences.npy"])
@pytest.mark.parametrize("damage", [truncate, Path.unlink], ids=["truncated", "missing"])
def test_a_damaged_index_is_stood_in_for_found_and_mended(
    filled: Run, settings: Settings, part: str, damage: Callable[[Path], None]
) -> None:
    damage(settings.home / "generations" / "g000002" / part)

    found = filled("search", "wells", "--json").json
    assert (found["generation"], found["notices"]) == ("g000001", ["index_damaged"])
    assert found["hits"][0]["document"]["file_name"] == "water.pdf"
    checked = filled("verify", "--json")
    assert checked.code == 1
    assert [(f["part"], f["repaired"]) for f in checked.json["findings"]] == [("index", False)]

    assert filled("verify", "--repair").code == 0

    assert filled("verify", "--json").json["findings"] == []
    mended = filled("search", "lamps", "--json").json
    assert (mended["generation"], mended["notices"]) == ("g000003", [])
    assert mended["hits"][0]["document"]["file_name"] == "lights.pdf"


def test_a_flipped_byte_is_never_searched_and_mended(filled: Run, settings: Settings) -> None:
    flip(settings.home / "generations" / "g000002" / "dense.faiss")

    found = filled("search", "wells", "--json").json
    assert (found["generation"], found["notices"]) == ("g000001", ["index_damaged"])
    checked = filled("verify", "--json")
    assert checked.code == 1
    assert "dense.faiss differs from its checksum" in checked.json["findings"][0]["message"]
    assert filled("verify", "--repair").code == 0
    assert names(filled, "lamps")[0] == "lights.pdf"


def test_a_lost_folder_of_generations_is_mended(filled: Run, settings: Settings) -> None:
    shutil.rmtree(settings.home / "generations")

    ran = filled("search", "wells")
    assert ran.code == 1
    assert "kb verify --repair" in ran.err
    assert filled("verify", "--repair").code == 0
    assert names(filled, "wells")[0] == "water.pdf"


def test_a_foreign_folder_in_place_of_the_index_is_refused_and_mended(filled: Run, settings: Settings) -> None:
    generations = settings.home / "generations"
    shutil.rmtree(generations / "g000002")
    shutil.copytree(generations / "g000001", generations / "g000002")

    found = filled("search", "wells", "--json").json
    assert (found["generation"], found["notices"]) == ("g000001", ["index_damaged"])
    assert filled("verify").code == 1
    assert filled("verify", "--repair").code == 0
    assert names(filled, "lamps")[0] == "lights.pdf"


def test_an_index_of_another_encoder_is_never_searched_quietly(
    filled: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = settings.home / "generations" / "g000002" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    another = dataclasses.replace(hashing._SPEC, revision="2")
    monkeypatch.setattr(hashing, "_SPEC", another)
    monkeypatch.setattr(encoders, "_open", {})

    ran = filled("search", "wells", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "stale_index"
    assert "kb reindex" in ran.json["error"]["remedy"]
    assert filled("reindex").code == 0
    assert names(filled, "wells")[0] == "water.pdf"
    assert manifest.read_text(encoding="utf-8") == text


def test_lost_pictures_are_drawn_again(filled: Run, settings: Settings) -> None:
    shutil.rmtree(settings.home / "pictures" / "1")

    checked = filled("verify", "--json")
    assert checked.code == 1
    assert [f["part"] for f in checked.json["findings"]] == ["pictures"]
    assert filled("verify", "--repair").code == 0
    kept = sorted(p.name for p in (settings.home / "pictures" / "1").iterdir())
    assert kept == ["1-large.webp", "1-small.webp", "1-tiny.webp", "1-words.json"]
    assert filled("verify").code == 0


def test_a_lost_original_is_reported_and_never_papered_over(filled: Run, settings: Settings) -> None:
    original = next((settings.home / "originals").iterdir())
    original.unlink()

    ran = filled("verify", "--repair", "--json")

    assert ran.code == 1
    assert original.name in ran.json["findings"][0]["message"]
    assert names(filled, "wells")[0] == "water.pdf"


def test_strays_are_found_and_removed(filled: Run, settings: Settings) -> None:
    (settings.home / "originals" / ("0" * 64)).write_bytes(b"left by a killed process")
    (settings.home / "pictures" / "99").mkdir()

    found = filled("verify", "--repair", "--json").json["findings"]

    assert [(f["part"], f["repaired"]) for f in found] == [("files", True), ("files", True)]
    assert not (settings.home / "pictures" / "99").exists()
    assert filled("verify").code == 0
