"""The report and difference pages through AppTest, the choice what a draft becomes, and who may see any of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from ingest.storing import IngestOptions
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from interfaces.web.uploads import ingestion
from kb.progress import no_progress
from kb.types import OPERATOR, DocumentMetadata, State, VersionId
from tests.conftest import MakeDeck, Slide
from tests.doors.browsing import finished, opened, shown, signed_in

WATER = ("Clean water", "The city drilled forty wells with generous help from the province last summer")
LIGHTS = ("Street lights", "Sensors report broken lamps to the transport office every single evening")
PLAN = ("Plan", "Ten more villages will receive pumps before the next dry season begins")
FIFTY = (WATER[0], WATER[1].replace("forty", "fifty"))
EVIL = ("<b>Evil</b>", "A slide with <script>alert(1)</script> and some more words about safe city roads")

pytestmark = pytest.mark.usefixtures("home")


def stored(deck: Path, title: str, publish: bool = False) -> int:
    options = IngestOptions(publish=publish, renew=False)
    report = ingest_file(knowledge_base(), OPERATOR, IngestItem(deck, DocumentMetadata(title=title)), options)
    assert report.version is not None
    return report.version


@pytest.fixture
def two(make_deck: MakeDeck) -> tuple[int, int]:
    """A published deck, and a draft that reworks it."""

    def deck(name: str, *slides: Slide) -> Path:
        return make_deck(name, *slides)

    known = stored(deck("kupang.pdf", WATER, LIGHTS, PLAN), "Kupang", publish=True)
    return known, stored(deck("kupang 2027.pdf", LIGHTS, FIFTY, EVIL), "Kupang 2027")


def page(path: str, version: int, language: str = "en", **more: str) -> AppTest:
    return signed_in(opened(path, version=str(version), lang=language, **more))


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label == label).click().run()
    return finished(app)


def test_a_draft_that_reworks_a_deck_can_take_its_place(two: tuple[int, int]) -> None:
    known, draft = two
    app = page("upload", draft)
    assert "This looks like a new version of “Kupang”" in shown(app)
    assert f'href="/difference?version={draft}&amp;with={known}&amp;lang=en"' in shown(app)
    assert {b.label for b in app.button} >= {"Publish as its new version", "Publish on its own"}
    press(app, "Publish as its new version")
    documents = knowledge_base().documents(OPERATOR)
    assert [(d.version, d.state) for d in documents] == [(draft, State.PUBLISHED)]
    assert knowledge_base().version(OPERATOR, documents[0].version).metadata.title == "Kupang 2027"


def test_a_draft_can_be_published_on_its_own(two: tuple[int, int]) -> None:
    press(page("upload", two[1]), "Publish on its own")
    assert [d.state for d in knowledge_base().documents(OPERATOR)] == [State.PUBLISHED] * 2


def test_a_version_that_was_filed_under_a_deck_can_be_made_its_own(two: tuple[int, int]) -> None:
    known, draft = (knowledge_base().version(OPERATOR, VersionId(version)) for version in two)
    knowledge_base().catalog.documents.move(draft.version, known.id)
    app = page("upload", draft.version)
    assert "This is the next version of “Kupang”" in shown(app)
    press(app, "Make it a presentation of its own")
    assert knowledge_base().version(OPERATOR, draft.version).id not in (known.id, draft.id)


def test_an_upload_of_a_known_name_and_title_is_offered_as_a_new_version_and_never_becomes_one_by_itself(
    make_deck: MakeDeck,
) -> None:
    kb, said = knowledge_base(), DocumentMetadata(title="Deck")
    for slide in (WATER, LIGHTS):
        content = BytesIO(make_deck("deck.pdf", slide).read_bytes())
        ingestion(kb, OPERATOR, ("deck.pdf", content), (said, None))(no_progress)
    newest, first = kb.documents(OPERATOR)
    assert newest.id != first.id
    assert "This looks like a new version of “Deck”" in shown(page("upload", newest.version))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_difference_shows_both_slides_and_the_words_that_changed(two: tuple[int, int], language: str) -> None:
    known, draft = two
    t = messages(language)
    said = shown(page("difference", draft, language))
    assert "<del" in said
    assert ">forty</del>" in said
    assert ">fifty</ins>" in said
    assert t("difference.moved", old=2, new=1) in said
    for picture in (f"/files/picture/{known}/1-small.webp", f"/files/picture/{draft}/2-small.webp"):
        assert picture in said
    assert said.count("kb-compared-row") == 4
    assert "<script>alert" not in said


def test_the_difference_can_show_every_slide_and_names_the_version_compared_with(make_deck: MakeDeck) -> None:
    one = stored(make_deck("a.pdf", WATER, LIGHTS), "One")
    other = stored(make_deck("b.pdf", WATER, LIGHTS, PLAN), "Other")
    assert shown(page("difference", other, **{"with": str(one)})).count("kb-compared-row") == 1
    assert shown(page("difference", other, **{"with": str(one), "show": "all"})).count("kb-compared-row") == 3
    alone = stored(make_deck("c.pdf", EVIL), "Alone")
    assert messages("en")("difference.nothing") in shown(page("difference", alone))
    assert messages("en")("difference.nothing") in shown(page("difference", 99))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_lists_what_to_check_and_every_slide_when_asked(make_deck: MakeDeck, language: str) -> None:
    t = messages(language)
    version = stored(make_deck("a.pdf", WATER, ("", ""), EVIL), "One")
    app = page("report", version, language)
    said = shown(app)
    assert t("readiness.warnings") in said
    assert t("checks.no_text") in said
    assert t("advice.no_text") in said
    assert t("checks.missing_details") in said
    assert t("report.nothing_cut") in said
    assert (t("report.only", n=1) in said, t("report.every", n=3) in said) == (True, True)
    assert f'href="/slide?version={version}&amp;page=2&amp;lang={language}"' in said
    assert "Clean water" not in said
    every = shown(page("report", version, language, show="all"))
    assert "1. Clean water" in every
    assert "&lt;b&gt;Evil&lt;/b&gt;" in every
    press(app, t("deck.publish"))
    assert [d.state for d in knowledge_base().documents(OPERATOR)] == [State.PUBLISHED]


def test_a_deck_that_is_not_ready_asks_before_it_is_published(make_deck: MakeDeck) -> None:
    app = page("report", stored(make_deck("a.pdf", ("", "")), "Empty"))
    assert "Not ready to be published." in shown(app)
    assert "No text was found in the whole file." in shown(app)
    assert messages("en")("report.publish_anyway_meaning") in shown(app)


def test_slides_that_stand_in_another_deck_are_named_with_links(make_deck: MakeDeck) -> None:
    other = stored(make_deck("a.pdf", WATER, LIGHTS, PLAN), "Lender")
    long = ("Long", "Nothing but new sentences about bridges and their inspection by flying machines")
    version = stored(make_deck("b.pdf", EVIL, long, LIGHTS, ("Next", long[1].upper() + " and ships and trains")), "Borrower")
    said = shown(page("report", version, show="all"))
    assert "Some slides also stand in “Lender”" in said
    assert f'href="/slide?version={other}&amp;page=2&amp;lang=en"' in said


@pytest.mark.parametrize("path", ["report", "difference", "upload"])
def test_a_reader_learns_nothing_of_drafts_here(two: tuple[int, int], path: str) -> None:
    said = shown(opened(path, version=str(two[1]), lang="en", **{"with": str(two[0])}))
    assert "Only the secretariat" in said
    assert "Kupang" not in said
    assert "/files/picture/" not in said
