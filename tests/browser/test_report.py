"""Report and difference in a real Chromium: on a phone, from a draft to what changes, back, and published in its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata, Role
from tests.browser.serving import PASSWORD, PERSON, serving, sign_in
from tests.conftest import write_pdf

WALL = ("Tanggul laut", "Tanggul laut melindungi permukiman nelayan dari gelombang pasang setiap musim hujan.")
WELLS = ("Sumur bor", "Empat puluh sumur dibor dengan bantuan provinsi untuk warga di lereng bukit Kupang.")
LAMPS = ("Lampu jalan", "Lampu jalan dibayar pihak swasta selama lima belas tahun tanpa anggaran daerah.")
BEFORE = (WALL, WELLS, LAMPS)
AFTER = (LAMPS, WALL, (WELLS[0], WELLS[1].replace("puluh", "puluh lima")), ("", ""))


@pytest.fixture(scope="module")
def secretary(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[BrowserContext]:
    """An Indonesian phone at a server with a published deck, and a draft that reworks it."""
    home = tmp_path_factory.mktemp("home")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    for name, slides, publish in (("lama.pdf", BEFORE, True), ("baru.pdf", AFTER, False)):
        write_pdf(home / name, slides)
        said = DocumentMetadata(title=f"Pesisir {name[:4]}", city="Kupang", languages=("id",))
        pipeline.ingest_file(kb, OPERATOR, IngestItem(home / name, said), IngestOptions(publish=publish))
    kb.catalog.close()
    with serving(home, KB_ENCODER="hashing") as url:
        context = browser.new_context(base_url=url, locale="id-ID", viewport={"width": 390, "height": 844})
        context.set_default_timeout(60_000)
        yield context
        context.close()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth + 1"))


def test_a_secretary_reads_the_report_looks_at_the_changes_and_lets_the_draft_take_the_decks_place(
    secretary: BrowserContext,
) -> None:
    page = secretary.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, "id")
    page.goto("/report?version=2&lang=id")
    rows = page.locator(".kb-slides > li")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Tidak ada teks yang ditemukan pada slide ini.")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Semua slide (4)").click()
    expect(rows).to_have_count(4)
    assert fits(page)

    page.get_by_role("link", name="Lihat perubahannya, slide demi slide").click()
    compared = page.locator(".kb-compared-row")
    expect(compared).to_have_count(3)
    expect(compared.first).to_contain_text("Dahulu slide 3, sekarang slide 1")
    expect(page.locator(".kb-edits ins")).to_have_text("lima")
    page.wait_for_function("document.querySelector('.kb-compared-row img')?.naturalWidth > 0")
    left, right = (compared.first.locator(".kb-frame").nth(side).bounding_box() for side in (0, 1))
    assert left is not None
    assert right is not None
    assert (left["y"], left["x"] + left["width"] < right["x"]) == (right["y"], True), "side by side on a phone too"
    assert fits(page)

    page.locator(".kb-path a").click()
    page.get_by_role("button", name="Terbitkan sebagai versi barunya").click()
    expect(page.get_by_text("sudah terbit")).to_be_visible()
    page.goto("/upload?lang=id")
    expect(page.locator(".kb-decks li")).to_have_count(1)
    assert errors == []
