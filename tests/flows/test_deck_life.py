"""The life of a deck: draft, published, replaced, withdrawn, deleted; and that each is complete."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import ANYONE, VersionId
from tests.conftest import MakeDeck
from tests.flows.conftest import LIGHTS, WATER, Run

NEWER = ("Clean water for Kupang", "The city laid pipelines and closed the wells")


def documents(run: Run, text: str) -> list[str]:
    return [hit["document"]["id"] for hit in run("search", text, "--json").json["hits"]]


def stored(run: Run, deck: Path, *options: str) -> str:
    (report,) = run("ingest", deck, "--json", *options).json["reports"]
    assert report["outcome"] == "stored"
    return str(report["document"])


def holding(home: Path, word: str) -> list[str]:
    """The files under ``home`` that hold the bytes of a word, in any of the ways it may be written."""
    forms = [word.encode(), word.encode("utf-16-le"), word.casefold().encode()]
    return [str(p.relative_to(home)) for p in home.rglob("*") if p.is_file() and any(f in p.read_bytes() for f in forms)]


def test_a_draft_is_seen_by_the_operator_and_found_by_nobody(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER))

    assert run("list", "--json").json["documents"][0]["state"] == "draft"
    assert documents(run, "wells") == []
    assert run("publish", deck).code == 0
    assert documents(run, "wells") == [deck]
    assert run("publish", deck).code == 1


def test_search_answers_with_deck_page_sentence_and_channels(run: Run, make_deck: MakeDeck) -> None:
    stored(run, make_deck("lights.pdf", LIGHTS), "--publish")
    water = stored(run, make_deck("water.pdf", ("Cover", "About this city"), WATER), "--publish")

    result = run("search", "forty wells", "--json").json

    best = result["hits"][0]
    assert (best["rank"], best["document"]["id"], best["page"], best["page_title"]) == (1, water, 2, WATER[0])
    sentence = best["text"][best["sentence"]["start"] : best["sentence"]["end"]]
    assert "forty wells" in sentence
    assert [best["text"][w["start"] : w["end"]] for w in best["words"]] == ["forty", "wells"]
    assert best["contributions"]["dense"]["rank"] == best["contributions"]["lexical"]["rank"] == 1
    assert result["generation"] == "g000002"
    assert {"total", "encode", "dense", "lexical"} <= result["timings_ms"].keys()


def test_search_on_a_terminal_names_the_slide(run: Run, make_deck: MakeDeck) -> None:
    water = stored(run, make_deck("water.pdf", ("Cover", "About this city"), WATER), "--publish")

    ran = run("search", "forty wells", "--k", 1)

    assert "page 2: Clean water for Kupang" in ran.out
    assert "drilled forty wells" in ran.out
    assert water in ran.out
    assert "1 results in" in ran.err


def test_filters_and_slides_and_channels_shape_the_result(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER, NEWER), "--publish")
    other = stored(run, make_deck("lights.pdf", LIGHTS), "--publish")

    assert documents(run, "the city")[0] == deck
    by_slide = run("search", "the city", "--by-slide", "--json").json["hits"]
    assert sorted(hit["page"] for hit in by_slide if hit["document"]["id"] == deck) == [1, 2]
    narrowed = run("search", "the city", "--filter", f"document={other}", "--json").json["hits"]
    assert [hit["document"]["id"] for hit in narrowed] == [other]
    lexical = run("search", "lamps", "--channel", "lexical", "--by-slide", "--json").json["hits"]
    assert [hit["document"]["id"] for hit in lexical] == [other]


def test_a_new_version_replaces_the_old_one(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER), "--publish")

    assert stored(run, make_deck("water.pdf", NEWER), "--publish") == deck

    (listed,) = run("list", "--json").json["documents"]
    assert (listed["id"], listed["version"], listed["state"]) == (deck, 2, "published")
    (hit,) = run("search", "wells", "--json").json["hits"]
    assert "pipelines" in hit["text"]


def test_a_new_version_under_another_name_is_stored_with_replace(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER), "--publish")

    again = stored(run, make_deck("renamed.pdf", ("Another title", NEWER[1])), "--replace", deck, "--publish")

    assert again == deck
    assert run("show", deck, "--json").json["document"]["file_name"] == "renamed.pdf"
    assert run("ingest", make_deck("x.pdf", LIGHTS), "--replace", "0000000000").code == 1


def test_a_withdrawn_deck_is_gone_from_everything_a_reader_sees(run: Run, make_deck: MakeDeck, settings: Settings) -> None:
    deck = stored(run, make_deck("water.pdf", WATER), "--publish")
    stored(run, make_deck("lights.pdf", LIGHTS), "--publish")
    kb = KnowledgeBase.open(settings)
    assert kb.picture(ANYONE, VersionId(1), 1, PictureSize.SMALL).is_file()

    assert run("withdraw", deck).code == 0

    assert deck not in documents(run, "wells")
    assert [d.file_name for d in kb.documents(ANYONE)] == ["lights.pdf"]
    for look in (
        lambda: kb.picture(ANYONE, VersionId(1), 1, PictureSize.SMALL),
        lambda: kb.original(ANYONE, VersionId(1)),
        lambda: kb.pages(ANYONE, VersionId(1)),
        lambda: kb.document(ANYONE, kb.version(ANYONE, VersionId(1)).id),
    ):
        with pytest.raises(NotFound):
            look()
    assert run("show", deck, "--json").json["document"]["state"] == "withdrawn"
    assert run("rollback", "g000002").code == 0
    assert deck not in documents(run, "wells")
    kb.catalog.close()


def test_a_withdrawn_deck_may_be_brought_in_again(run: Run, make_deck: MakeDeck) -> None:
    path = make_deck("water.pdf", WATER)
    run("withdraw", stored(run, path, "--publish"))

    deck = stored(run, path, "--publish")

    assert documents(run, "wells") == [deck]


def test_a_deleted_deck_leaves_no_byte(run: Run, make_deck: MakeDeck, settings: Settings) -> None:
    kept = stored(run, make_deck("lights.pdf", LIGHTS), "--publish")
    deck = stored(run, make_deck("water.pdf", ("Sumur", "Zwijndrechtwater is a word that nobody else uses")), "--publish")
    stored(run, make_deck("water.pdf", ("Sumur", "Zwijndrechtwater again, in a newer version")), "--publish")
    server = KnowledgeBase.open(settings)  # as a running server holds it
    before = holding(settings.home, "wijndrecht")
    assert {name.split("/")[0].split("-")[0] for name in before} >= {"originals", "catalog.sqlite"}

    assert run("delete", deck, "--yes").code == 0

    assert holding(settings.home, "wijndrecht") == []
    assert sorted(p.name for p in (settings.home / "pictures").iterdir()) == ["1"]
    assert len(list((settings.home / "originals").iterdir())) == 1
    assert run("show", deck).code == 1
    assert [g["id"] for g in run("generations", "--json").json["generations"]] == ["g000004"]
    assert documents(run, "lamps") == [kept]
    assert run("verify").code == 0
    server.catalog.close()


def test_deleting_asks_first_and_nobody_may_be_there_to_answer(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER), "--publish")

    assert run("delete", deck).code == 2
    assert run("show", deck).code == 0


def test_show_prints_metadata_pages_and_the_text_of_one(run: Run, make_deck: MakeDeck) -> None:
    deck = stored(run, make_deck("water.pdf", WATER, LIGHTS), "--publish")

    shown = run("show", deck)
    assert "2  Street lights" in shown.out
    assert "water.pdf" in shown.out
    assert run("show", deck, "--page", 2).out.splitlines() == [LIGHTS[0], LIGHTS[1]]
    page = run("show", 1, "--page", 2, "--json").json["page"]
    assert [segment["kind"] for segment in page["segments"]] == ["title", "body"]
    assert run("show", deck, "--page", 3).code == 1
