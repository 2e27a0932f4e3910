"""Deciding on suggestions: what is kept, by whom, who may, and what becomes of what is shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import confirming, pipeline
from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from ingest.storing import IngestOptions
from kb.errors import NotFound, NotPermitted, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.suggested import Decision, Suggestion
from kb.types import ANYONE, OPERATOR, Actor, Document, DocumentMetadata, Role
from tests.conftest import MakeDeck, write_pdf

SARI = Actor("Sari", Role.SECRETARIAT)
COVER = ("Bank sampah Kupang", "Oleh: Budi Santoso\nPemerintah Kota Kupang\nKupang, 17 Oktober 2019")


@pytest.fixture(scope="session")
def home_with_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one draft: reading a file takes a process of its own, so it is done once."""
    folder = tmp_path_factory.mktemp("suggested")
    kb = KnowledgeBase.open(Settings(home=folder / "home", encoder="hashing"))
    write_pdf(folder / "dek_satu.pdf", (COVER,))
    stored(kb, folder / "dek_satu.pdf")
    kb.catalog.close()
    return folder / "home"


@pytest.fixture
def kb(settings: Settings, home_with_draft: Path) -> Iterator[KnowledgeBase]:
    shutil.copytree(home_with_draft, settings.home)
    opened = KnowledgeBase.open(settings)
    yield opened
    opened.catalog.close()


@pytest.fixture
def deck(kb: KnowledgeBase) -> Document:
    return kb.documents(SARI)[0]


def stored(kb: KnowledgeBase, path: Path, said: DocumentMetadata = DocumentMetadata()) -> Document:
    report = ingest_file(kb, SARI, IngestItem(path, said), IngestOptions())
    assert report.version is not None
    return kb.version(SARI, report.version)


def open_of(document: Document, field: str) -> list[Suggestion]:
    return [one for one in document.suggested if one.field == field]


def again(kb: KnowledgeBase, deck: Document) -> Document:
    return kb.version(SARI, deck.version)


def test_a_file_s_suggestions_are_kept_open_and_fill_what_is_shown(deck: Document) -> None:
    said = deck.metadata
    assert (said.title, said.speaker, said.city, said.country) == (
        "Bank sampah Kupang",
        "Budi Santoso",
        "Kupang",
        "Indonesia",
    )
    (speaker,) = open_of(deck, "speaker")
    assert (speaker.page, speaker.quote, speaker.decision) == (1, "Oleh: Budi Santoso", Decision.OPEN)


def test_confirming_takes_the_mark_and_records_who_and_when(kb: KnowledgeBase, deck: Document) -> None:
    confirming.confirm(kb, SARI, deck.version, open_of(deck, "city"))
    assert again(kb, deck).metadata == deck.metadata
    assert open_of(again(kb, deck), "city") == []
    (kept,) = [one for one in kb.suggested(SARI, deck.version) if one.field == "city"]
    assert (kept.decision, kept.by, kept.at[:2]) == (Decision.CONFIRMED, "Sari", "20")
    assert kb.catalog.journal.audit()[0].target == f"suggestions of {deck.version}: confirm city=Kupang"


def test_rejecting_empties_the_field_and_one_of_many_values_goes_alone(kb: KnowledgeBase, make_deck: MakeDeck) -> None:
    deck = stored(kb, make_deck("a.pdf", ("Bank sampah dan lampu jalan", "Oleh: Budi Santoso")))
    assert set(deck.metadata.themes) == {"waste", "street-lighting"}
    which = [one for one in deck.suggested if one.value in ("waste", "Budi Santoso")]
    confirming.reject(kb, SARI, deck.version, which)
    assert (again(kb, deck).metadata.themes, again(kb, deck).metadata.speaker) == (("street-lighting",), "")
    assert {one.value for one in kb.suggested(SARI, deck.version) if one.decision is Decision.REJECTED} == {
        "waste",
        "Budi Santoso",
    }


def test_a_deck_whose_title_is_rejected_is_called_like_its_file(kb: KnowledgeBase, deck: Document) -> None:
    confirming.reject(kb, SARI, deck.version, open_of(deck, "title"))
    assert again(kb, deck).metadata.title == "dek satu"
    assert {chunk.context.split("\n")[0] for chunk in kb.catalog.documents.page_chunks(deck.version, 1)} != {
        deck.metadata.title
    }


def test_something_else_can_be_said(kb: KnowledgeBase, deck: Document) -> None:
    confirming.change(kb, SARI, deck.version, (open_of(deck, "city")[0], ("Surabaya",)))
    assert again(kb, deck).metadata.city == "Surabaya"
    assert open_of(again(kb, deck), "city") == []
    with pytest.raises(UsageError, match="A deck needs a title"):
        confirming.change(kb, SARI, deck.version, (open_of(deck, "title")[0], ()))


def test_what_the_details_form_states_overrules_what_was_suggested(kb: KnowledgeBase, deck: Document) -> None:
    pipeline.set_metadata(kb, SARI, deck.version, DocumentMetadata(title=deck.metadata.title, city="Surabaya"))
    assert {one.field for one in again(kb, deck).suggested} == {"title"}
    assert {one.by for one in kb.suggested(SARI, deck.version) if one.decision is Decision.REJECTED} == {"Sari"}


def test_what_is_stated_is_no_suggestion(kb: KnowledgeBase, make_deck: MakeDeck) -> None:
    deck = stored(kb, make_deck("a.pdf", ("Lampu", COVER[1])), DocumentMetadata(title="Judul", city="Surabaya"))
    assert not {"title", "city"} & {one.field for one in deck.suggested}


def test_a_decision_is_made_once(kb: KnowledgeBase, deck: Document) -> None:
    city = open_of(deck, "city")
    confirming.confirm(kb, SARI, deck.version, city)
    confirming.confirm(kb, OPERATOR, deck.version, city)
    assert [one.by for one in kb.suggested(SARI, deck.version) if one.field == "city"] == ["Sari"]


def test_a_delegate_may_neither_decide_nor_see_who_did(kb: KnowledgeBase, deck: Document) -> None:
    for act in (confirming.confirm, confirming.reject):
        with pytest.raises(NotPermitted):
            act(kb, ANYONE, deck.version, open_of(deck, "city"))
    with pytest.raises(NotPermitted):
        confirming.change(kb, ANYONE, deck.version, (open_of(deck, "city")[0], ("Surabaya",)))
    with pytest.raises(NotPermitted):
        kb.suggested(ANYONE, deck.version)
    assert again(kb, deck).suggested == deck.suggested


def test_suggestions_go_with_their_version(kb: KnowledgeBase, deck: Document) -> None:
    pipeline.discard(kb, SARI, deck.version)
    assert kb.catalog.suggested.of(deck.version) == ()


def test_a_field_without_an_open_suggestion_is_told(deck: Document) -> None:
    with pytest.raises(NotFound, match="no open suggestion for 'licence'"):
        confirming.of_fields(deck.suggested, ["licence"])


def test_filters_find_what_is_only_suggested(kb: KnowledgeBase, deck: Document) -> None:
    pipeline.publish(kb, SARI, [deck.version])
    assert [value.value for value in kb.facets(ANYONE)["city"]] == ["Kupang"]
