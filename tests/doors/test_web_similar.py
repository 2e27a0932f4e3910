"""More like this on the page of a slide: cards, the switch in the address, and who sees what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from kb.errors import StaleIndex
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata, Provenance, Role
from tests.conftest import write_pdf
from tests.doors.browsing import PASSWORD, PERSON, opened, shown, signed_in

WALL = "The sea wall shelters fishing families from the highest tides of every rainy season."
RADAR = "A radar car finds cavities under the road before anything above them falls in."
DECKS = {
    "Jakarta": ("Jakarta walls", "Jakarta", WALL, "Lamps are paid for by a company for ten years.", RADAR),
    "Too": ("Sisters <b>&", "Jakarta", f"{WALL} Mangroves grow before it.", "Every stop shows the next bus.", RADAR),
    "Kupang": ("Kupang coast", "Kupang", f"{WALL} It cost four years of savings.", "Medicine comes home by motorbike."),
}


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three published decks, two of one city, a draft, and a person of the secretariat."""
    home = tmp_path_factory.mktemp("coast")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for name, (title, city, *texts) in DECKS.items():
        deck = home / f"{name}.pdf"
        write_pdf(deck, tuple((f"Slide {n} of {name}", text) for n, text in enumerate(texts, start=1)))
        provenance = Provenance.ILLUSTRATIVE if name == "Kupang" else Provenance.ORIGINAL
        said = DocumentMetadata(title=title, city=city, languages=("en",), provenance=provenance)
        pipeline.ingest_file(kb, OPERATOR, IngestItem(deck, said), IngestOptions(publish=True))
    write_pdf(home / "draft.pdf", (("Hidden wall", f"{WALL} Secretly"),))
    pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "draft.pdf", DocumentMetadata(title="Draft of walls")))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()
    return home


@pytest.fixture(autouse=True)
def at_coast(coast: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(coast))


def deck(title: str) -> str:
    return next(d.id for d in knowledge_base().documents(OPERATOR) if d.metadata.title == title)


def section(page: str) -> str:
    found = re.search(r'<section class="kb-section" id="kb-similar">.*?</section>', page, re.S)
    return found[0] if found else ""


def test_cards_name_slide_deck_city_and_language_and_lead_there_with_the_search() -> None:
    page = section(shown(opened("slide", doc=deck("Jakarta walls"), page="1", q="walls", lang="en")))
    assert page.count("<article") == 2
    for part in ("Slide 1 of Kupang", "Kupang coast", "Slide 1 of Too", "Sisters &lt;b&gt;&amp;", "English"):
        assert part in page
    assert f'href="/slide?doc={deck("Kupang coast")}&amp;page=1&amp;q=walls&amp;lang=en"' in page
    assert page.count('loading="lazy"') == 2
    assert page.count("Illustrative reconstruction") == 1
    assert "Hidden wall" not in page


def test_the_switch_stands_in_the_address_and_keeps_the_search() -> None:
    here = deck("Jakarta walls")
    page = section(shown(opened("slide", doc=here, page="1", q="walls", lang="en")))
    assert f'href="/slide?doc={here}&amp;page=1&amp;q=walls&amp;cities=other&amp;lang=en"' in page
    page = section(shown(opened("slide", doc=here, page="1", q="walls", cities="other", lang="en")))
    assert 'aria-current="true">Other cities only</a>' in page
    assert ("Kupang coast" in page, "Sisters" in page) == (True, False)
    assert f'href="/slide?doc={here}&amp;page=1&amp;q=walls&amp;lang=en"' in page
    assert f'href="/slide?doc={deck("Kupang coast")}&amp;page=1&amp;q=walls&amp;cities=other&amp;lang=en"' in page


@pytest.mark.parametrize("cities", ["", "other"])
def test_a_slide_that_nothing_is_like_has_no_section(cities: str) -> None:
    app = opened("slide", doc=deck("Jakarta walls"), page="2", lang="en", **({"cities": cities} if cities else {}))
    assert "Lamps are paid for" in shown(app)
    assert section(shown(app)) == ""


def test_where_only_the_same_city_has_something_the_way_back_stays() -> None:
    page = section(shown(opened("slide", doc=deck("Jakarta walls"), page="3", cities="other", lang="en")))
    assert "<article" not in page
    assert "No other city has a slide like this one." in page
    assert "All cities</a>" in page
    assert "Slide 3 of Too" in section(shown(opened("slide", doc=deck("Jakarta walls"), page="3", lang="en")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_own_heading(language: str) -> None:
    page = section(shown(opened("slide", doc=deck("Kupang coast"), page="1", lang=language)))
    assert f"<h2>{messages(language)('similar.title')}</h2>" in page


def test_the_secretariat_sees_what_a_draft_is_like_and_visitors_see_no_draft() -> None:
    app = opened("slide", doc=deck("Draft of walls"), lang="en")
    assert section(shown(app)) == ""
    page = section(shown(signed_in(app)))
    assert page.count("<article") == 3
    assert "kb-switch" not in page, "a deck without a city has no other ones"


def test_a_slide_is_read_though_the_index_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def stale() -> None:
        raise StaleIndex("made by another encoder")

    monkeypatch.setattr(knowledge_base(), "live_generation", stale)
    page = shown(opened("slide", doc=deck("Jakarta walls"), page="1", lang="en"))
    assert WALL in page
    assert section(page) == ""
