"""More like this in a real Chromium: from a slide to its like in another city, and back to the search."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata
from tests.browser.serving import serving
from tests.conftest import write_pdf

WALL = "Tanggul laut melindungi permukiman nelayan dari gelombang pasang setiap musim hujan."
DECKS = (
    ("Tanggul Jakarta", "Jakarta", f"{WALL} Bakau ditanam di depannya."),
    ("Pantai Jakarta", "Jakarta", f"{WALL} Biayanya empat tahun tabungan."),
    ("Pesisir Kupang", "Kupang", f"{WALL} Perahu ditambatkan di belakangnya."),
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[BrowserContext]:
    """An Indonesian phone at a server with three decks that are alike, two of them of one city."""
    home = tmp_path_factory.mktemp("home")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for number, (title, city, text) in enumerate(DECKS):
        deck = home / f"{number}.pdf"
        write_pdf(deck, (("Sampul", title), (f"Tanggul {title}", text), ("Lampu jalan", "Lampu dibayar pihak swasta.")))
        said = DocumentMetadata(title=title, city=city, languages=("id",))
        pipeline.ingest_file(kb, OPERATOR, IngestItem(deck, said), IngestOptions(publish=True))
    kb.catalog.close()
    with serving(home, KB_ENCODER="hashing") as url:
        context = browser.new_context(base_url=url, locale="id-ID", viewport={"width": 390, "height": 844})
        context.set_default_timeout(60_000)
        yield context
        context.close()


def test_a_reader_goes_from_a_slide_to_its_like_in_another_city_and_back(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/slide?version=1&page=2&q=tanggul+laut")
    cards = page.locator("#kb-similar article")
    expect(cards).to_have_count(2)
    page.evaluate("window.sameDocument = true")
    cards.first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#kb-similar img')?.naturalWidth > 0")

    page.get_by_role("link", name="Kota lain saja").click()
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Pesisir Kupang")
    assert "cities=other" in page.url
    page.go_back()
    expect(cards).to_have_count(2)
    assert "cities=" not in page.url
    page.go_forward()
    expect(cards).to_have_count(1)
    overflowing = "document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth + 1"
    assert not page.evaluate(overflowing)

    cards.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tanggul Pesisir Kupang")
    expect(page).to_have_url(re.compile(r"page=2&q=tanggul\+laut&cities=other"))
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    expect(cards).to_have_count(2)
    page.locator(".kb-path a").click()
    expect(page.locator(".kb-results article").first).to_be_visible()
    assert "cities=" not in page.url
    assert page.evaluate("window.sameDocument"), "no click loaded the whole page anew"
    assert errors == []
