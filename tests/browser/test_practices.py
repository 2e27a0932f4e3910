"""Practices in a real Chromium: chosen on a phone, compared, collected and taken along, printed without what is clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document as open_word
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


def test_a_practice_is_collected_kept_over_a_reload_shared_by_link_and_taken_along_as_a_word_file(
    visitor: BrowserContext,
) -> None:
    page = visitor.new_page()
    page.goto("/practices")
    page.evaluate("localStorage.setItem('citynet-shortlist', 'item=0123456789.1&title=Lama')")  # of a former visit
    card = page.locator("article", has_text="Lampu pintar Surabaya")
    card.get_by_role("button", name="Simpan ke daftar").click()
    card.get_by_role("heading").get_by_role("link").click()
    picked = page.locator(".kb-practice .kb-pick")
    expect(picked).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(picked).to_have_text("Ada di daftar")
    page.goto("/slide?version=1&page=4")
    page.locator(".kb-slide .kb-pick").click()
    page.get_by_role("link", name="Daftar pilihan").click()
    expect(page.get_by_text("1 slide dalam daftar ini sudah tidak tersedia.")).to_be_visible()
    listed = page.locator("article h2 a")
    expect(listed).to_have_text(["Lampu pintar Surabaya", COST[0]])
    expect(page.get_by_label("Judul bahan ringkas")).to_have_value("Lama")
    page.get_by_label("Catatan Anda untuk nomor 1").fill("untuk rapat")
    page.get_by_role("link", name="Turunkan").click()  # without leaving the field before
    expect(listed).to_have_text([COST[0], "Lampu pintar Surabaya"])
    expect(page.get_by_label("Catatan Anda untuk nomor 2")).to_have_value("untuk rapat")
    copy = page.locator(".kb-offers [data-copy]")
    expect(copy).to_have_attribute("data-copy", re.compile("untuk"))
    assert page.evaluate(WIDEST) == 390
    found = Axe().run(page).response
    assert len(found["passes"]) >= 10
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []

    link = str(copy.get_attribute("data-copy"))
    assert visitor.browser is not None
    other = visitor.browser.new_context(locale="id-ID")
    shared = other.new_page()
    shared.goto(link)
    expect(shared.locator("article h2 a")).to_have_text([COST[0], "Lampu pintar Surabaya"])
    expect(shared.get_by_text("untuk rapat")).to_be_visible()
    with shared.expect_download() as download:
        shared.get_by_role("link", name="Bahan ringkas (Word)").click()
    word = open_word(str(download.value.path()))
    assert word.tables[0].rows[2].cells[1].text == f"“{COST[1]}”\nSlide 4"
    assert "2. Lampu pintar Surabaya" in [paragraph.text for paragraph in word.paragraphs]
    other.close()
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


def test_a_comparison_is_printed_side_by_side_across_the_sheet_and_light_from_a_dark_screen(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.emulate_media(color_scheme="dark")
    page.goto("/practices")
    practices = page.locator("article h3 a")
    expect(practices).to_have_count(len(CITIES))
    ids = [re.findall(r"id=([\w-]+)", str(link.get_attribute("href")))[0] for link in practices.all()]
    page.goto(f"/compare?ids={','.join(ids)}")
    cells = page.locator(".kb-compare section").first.locator(".kb-compare-cell")
    expect(cells).to_have_count(len(CITIES))
    assert len({cell.evaluate("e => e.offsetTop") for cell in cells.all()}) == len(CITIES)  # a phone shows them in turn
    with pdfium.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
        width, height = paper[0].get_size()
        assert (round(width), round(height)) == (842, 595)
        pixel = paper[0].render(scale=0.2).to_pil().convert("L").getpixel((3, 3))
        lines = paper[0].get_textpage().get_text_bounded().splitlines()
    assert pixel == 255
    page.emulate_media(media="print")
    assert len({cell.evaluate("e => e.offsetTop") for cell in cells.all()}) == 1
    ink = page.locator(".kb-compare blockquote").first.evaluate("e => getComputedStyle(e).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 200
    assert [line.strip() for line in lines if line.strip() == "Masalah"] == ["Masalah"]
    page.close()
