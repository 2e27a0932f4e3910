"""Practices in a real Chromium: chosen on a phone, compared without sideways scrolling, printed without what is clicked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata
from tests.browser.serving import serving
from tests.conftest import write_pdf
from tests.practising import COST, LAMPS

CITIES = ("Banyuwangi", "Kupang", "Sidoarjo", "Surabaya")
WIDEST = "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[BrowserContext]:
    """An Indonesian phone at a server with a practice of each of four cities."""
    home = tmp_path_factory.mktemp("home")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for city in CITIES:
        deck = home / f"{city}.pdf"
        write_pdf(deck, ((f"Lampu pintar {city}", city), *LAMPS[1:]))
        said = DocumentMetadata(title=f"Lampu pintar {city}", city=city, languages=("id",))
        pipeline.ingest_file(kb, OPERATOR, IngestItem(deck, said), IngestOptions(publish=True))
    kb.catalog.close()
    with serving(home, KB_ENCODER="hashing") as url:
        context = browser.new_context(base_url=url, locale="id-ID", viewport={"width": 390, "height": 844})
        context.set_default_timeout(60_000)
        yield context
        context.close()


def choose(page: Page, city: str) -> None:
    card = page.locator("article", has_text=f"Lampu pintar {city}")
    card.get_by_role("link", name="Pilih untuk dibandingkan").click()
    expect(page.locator(".kb-chosen .kb-chip", has_text=city)).to_be_visible()


def test_a_reader_chooses_compares_and_opens_the_quoted_slide(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/practices")
    for city in CITIES:
        choose(page, city)
    assert page.evaluate(WIDEST) == 390
    page.get_by_role("link", name="Bandingkan 4 praktik").click()
    expect(page.locator(".kb-columns-4")).to_be_visible()
    assert page.evaluate(WIDEST) == 390
    page.set_viewport_size({"width": 1280, "height": 900})
    cells = page.locator(".kb-compare section").first.locator(".kb-compare-cell")
    boxes = [cells.nth(place).bounding_box() for place in range(4)]
    assert len({box["y"] for box in boxes if box}) == 1
    assert page.evaluate(WIDEST) == 1280
    page.locator("blockquote", has_text=COST[1]).first.locator("xpath=following-sibling::figcaption").get_by_role(
        "link"
    ).click()
    expect(page.locator("h1", has_text="Biaya dan pembiayaan")).to_be_visible()
    page.close()


def test_paper_gets_the_whole_practice_without_menus_and_buttons(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/practices")
    page.locator("article h3 a").first.click()
    expect(page.locator(".kb-field").last).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".kb-menu")).to_be_hidden()
    expect(page.locator(".kb-acts")).to_be_hidden()
    shown = page.evaluate("document.querySelector('[data-testid=stMain]').clientHeight")
    assert shown >= page.evaluate("document.querySelector('.kb-practice').scrollHeight")
    page.close()
