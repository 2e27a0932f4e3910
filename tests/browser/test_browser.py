"""The whole product in a real Chromium, with the real encoder: a delegate finds a slide, the secretariat adds a deck."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks.pages import LIMIT, weigh
from interfaces.messages import messages
from tests.browser.serving import DECKS, SIDEWAYS, choose, sign_in, upload
from tests.conftest import write_pptx

PLACE = "document.querySelector('[data-testid=stMain]').scrollTop"
HOSTILE = "<img src=x onerror=window.hacked=1> & *bold*"


def ask(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    box = page.get_by_role("textbox", name="Pertanyaan Anda")
    box.fill(question)
    box.press("Enter")


def ready(page: Page) -> None:
    """Wait for the page's script, which says the language, before pressing what it listens to."""
    expect(page.locator("html")).to_have_attribute("lang", "id")


def is_drawn(page: Page, selector: str) -> bool:
    """Whether the picture has come and is shown."""
    page.wait_for_function("s => document.querySelector(s)?.naturalWidth > 0", arg=selector)
    return page.locator(selector).first.is_visible()


def test_a_delegate_asks_and_reads_the_slide_that_answers(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Apa yang sudah dipelajari kota lain?")
    page.evaluate("window.sameDocument = true")
    ask(page, "bagaimana lampu jalan dibiayai")
    hit = page.locator(".kb-results article").first
    expect(hit).to_contain_text("Kupang, Indonesia")
    expect(hit).to_contain_text("Rekonstruksi ilustratif")
    expect(hit.locator("mark")).not_to_be_empty()
    assert is_drawn(page, ".kb-results article img")
    assert "q=bagaimana+lampu+jalan+dibiayai" in page.url

    title = hit.get_by_role("heading", level=3).inner_text()
    hit.get_by_role("heading", level=3).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert is_drawn(page, ".kb-slide-main img")
    assert page.title().startswith(title)

    number = int(re.findall(r"page=(\d+)", page.url)[0])
    page.keyboard.press("ArrowLeft" if number > 1 else "ArrowRight")
    expect(page).to_have_url(re.compile(f"page={number - 1 if number > 1 else number + 1}&"))
    expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
    page.go_back()
    page.go_back()
    expect(page.locator(".kb-results article").first).to_be_visible()
    assert page.evaluate("window.sameDocument"), "no click loaded the whole page anew"


def test_the_passage_is_marked_in_the_picture_until_one_does_not_want_it(page: Page) -> None:
    page.goto("/?q=anggaran+APBD+lampu+jalan")
    page.locator(".kb-results h3 a").first.click()
    assert is_drawn(page, ".kb-slide-main img")
    picture, mark = page.locator(".kb-slide-main img").bounding_box(), page.locator(".kb-box").first.bounding_box()
    assert picture
    assert mark
    assert picture["x"] < mark["x"] < mark["x"] + mark["width"] < picture["x"] + picture["width"]
    assert picture["y"] < mark["y"] < mark["y"] + mark["height"] < picture["y"] + picture["height"]
    marks = page.get_by_role("button", name="Bagian yang cocok")
    marks.click()
    expect(marks).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".kb-box").first).to_be_hidden()
    marks.press("Enter")
    expect(page.locator(".kb-box").first).to_be_visible()


@pytest.mark.parametrize("path", ["/?q=infrastruktur&by=slide", "/slide?version=1&page=9&q=lampu+jalan"])
def test_no_page_weighs_more_than_a_weak_line_takes(visitor: BrowserContext, path: str) -> None:
    opened, scrolled = weigh(visitor.new_page(), path)
    assert opened.number > 2
    assert opened.messages > 20_000
    assert opened.total <= scrolled.total <= LIMIT


def test_a_quotation_leads_to_its_slide_and_a_related_query_to_other_results(page: Page) -> None:
    page.goto("/?q=perusahaan+menjanjikan+air+MoU+Dain+Celicani")
    quoted = page.locator(".kb-summary figure").first
    said = quoted.locator("blockquote").first
    expect(said).to_have_attribute("lang", "id")
    words = said.inner_text().strip("“”")
    title = quoted.locator(".kb-said-title").inner_text()
    quoted.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator(".kb-text")).to_contain_text(words)
    page.go_back()

    further = page.get_by_role("navigation", name="Pencarian terkait").get_by_role("link").first
    query = further.inner_text()
    further.click()
    expect(page.locator("[data-testid=stTextInput] input")).to_have_value(query)
    expect(page.locator(".kb-results article").first).to_be_visible()
    expect(page.get_by_role("textbox", name="Pertanyaan Anda")).to_be_in_viewport()


def test_a_slide_is_cited_by_copying_a_sentence_that_leads_back_to_it(visitor: BrowserContext, page: Page) -> None:
    visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?q=bagaimana+lampu+jalan+dibiayai")
    page.locator(".kb-results h3 a").first.click()
    page.get_by_text("Kutip atau bagikan slide ini").click()
    page.locator(".kb-copied").nth(1).get_by_role("button", name="Salin").click()
    expect(page.locator(".kb-copied").nth(1).get_by_role("button")).to_have_text("Tersalin")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("(Rekonstruksi ilustratif)")
    title = page.get_by_role("heading", level=1).inner_text()
    page.goto(re.findall(r"http\S+", copied)[0])
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_list_steps_back_while_the_box_holds_another_question(page: Page) -> None:
    page.goto("/?q=lampu+jalan")
    ready(page)
    expect(page.locator(".kb-results article").first).to_be_visible()
    page.get_by_role("textbox", name="Pertanyaan Anda").press("End")
    page.keyboard.type(" desa")
    expect(page.locator(".kb-results")).to_have_css("opacity", "0.55")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=lampu\\+jalan\\+desa"))
    expect(page.locator(".kb-results")).to_have_css("opacity", "1")


def test_the_newest_first_is_a_view_of_its_own_with_an_address(page: Page) -> None:
    page.goto("/?q=lampu+jalan&by=slide")
    page.get_by_role("link", name="Terbaru").click()
    expect(page).to_have_url(re.compile("sort=date"))
    expect(page.locator(".kb-switch a[aria-current]")).to_have_text(["Terbaru", "Per slide"])
    page.go_back()
    expect(page.locator(".kb-switch a[aria-current]")).to_have_text(["Paling sesuai", "Per slide"])


def test_a_shortlist_is_kept_by_the_browser_ordered_and_shared(page: Page, browser: Browser, address: str) -> None:
    page.goto("/?q=bagaimana+lampu+jalan+dibiayai&by=slide")
    ready(page)
    for n in (0, 1):
        page.locator(".kb-results .kb-pick").nth(n).click()
        expect(page.locator(".kb-results .kb-pick").nth(n)).to_have_attribute("aria-pressed", "true")
    titles = [page.locator(".kb-results h3").nth(n).inner_text() for n in (0, 1)]
    page.reload()
    expect(page.locator("[data-picked]")).to_have_text("2")
    page.get_by_role("link", name="Daftar pilihan").click()
    listed = page.locator("article h2 a")
    expect(listed).to_have_text(titles)
    page.get_by_role("link", name="Turunkan").first.click()
    expect(listed).to_have_text(titles[::-1])
    page.get_by_label("Catatan Anda untuk nomor 1").fill("untuk rapat")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("untuk"))
    page.goto("/")
    page.get_by_role("link", name="Daftar pilihan").click()
    expect(listed).to_have_text(titles[::-1])
    expect(page.get_by_label("Catatan Anda untuk nomor 1")).to_have_value("untuk rapat")

    link = str(page.locator(".kb-offers [data-copy]").get_attribute("data-copy"))
    other = browser.new_context(locale="id-ID")
    shared = other.new_page()
    shared.goto(link)
    expect(shared.locator("article h2 a")).to_have_text(titles[::-1])
    expect(shared.get_by_text("untuk rapat")).to_be_visible()
    expect(shared.locator("[data-picked]")).to_have_text("")
    shared.get_by_role("link", name="Jadikan daftar saya").click()
    expect(shared.locator("[data-picked]")).to_have_text("2")
    with shared.expect_download() as download:
        shared.get_by_role("link", name="Bahan ringkas (Word)").click()
    assert download.value.suggested_filename == "citynet-briefing.docx"
    other.close()


def test_a_comment_is_kept_with_every_key_before_the_page_has_heard_of_it(page: Page) -> None:
    page.goto("/?q=bagaimana+lampu+jalan+dibiayai&by=slide")
    ready(page)
    page.locator(".kb-results .kb-pick").first.click()
    page.get_by_role("link", name="Daftar pilihan").click()
    title, comment = page.get_by_label("Judul bahan ringkas"), page.get_by_label("Catatan Anda untuk nomor 1")
    title.fill("Rapat Kupang")
    comment.press_sequentially("untuk rapat: Senin")
    page.goto("/")
    page.get_by_role("link", name="Daftar pilihan").click()
    expect(title).to_have_value("Rapat Kupang")
    expect(comment).to_have_value("untuk rapat: Senin")


def test_the_original_is_offered_at_the_slide(page: Page) -> None:
    page.goto("/?q=cavity+radar&lang=en")
    page.locator(".kb-results h3 a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download the original")).click()
    assert download.value.suggested_filename == "seoul-smart-management.pptx"
    assert Path(download.value.path()).read_bytes() == DECKS[1].read_bytes()


def test_filters_stand_in_the_address_and_back_takes_them_off(page: Page) -> None:
    page.goto("/?q=infrastruktur")
    expect(page.locator(".kb-results")).to_contain_text("Seoul")
    page.locator("[data-testid=stExpander] summary").click()
    choose(page, "Kota", "Kupang")
    expect(page.locator(".kb-chips")).to_contain_text("Kota: Kupang")
    expect(page.locator(".kb-results")).not_to_contain_text("Seoul, Korea Selatan")
    assert "city=Kupang" in page.url
    page.go_back()
    expect(page.locator(".kb-results")).to_contain_text("Seoul, Korea Selatan")
    assert "city=" not in page.url


def test_back_leads_to_where_one_was_on_the_page_and_the_tab_says_what_was_asked(page: Page) -> None:
    page.goto("/?q=infrastruktur&by=slide")
    last = page.locator(".kb-results h3 a").last
    expect(last).to_be_visible()
    expect(page).to_have_title("infrastruktur · Basis Pengetahuan CityNet")
    last.scroll_into_view_if_needed()
    place = page.evaluate(PLACE)
    assert place > 500
    last.click()
    expect(page.locator(".kb-slide")).to_be_visible()
    page.wait_for_function(f"({PLACE}) === 0")
    page.go_back()
    page.wait_for_function(f"Math.abs({PLACE} - {place}) < 3")
    expect(last).to_be_in_viewport()


def test_a_copied_address_opens_the_same_view_in_another_browser(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.goto(f"{address}/?q=cavity+radar&city=Seoul&by=slide&lang=ko")
    expect(page.locator(".kb-chips")).to_contain_text("도시: 서울")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator(".kb-switch [aria-current]")).to_have_text(["관련도순", "슬라이드별"])
    expect(page.locator("[data-testid=stTextInput] input")).to_have_value("cavity radar")
    context.close()


def test_the_secretariat_uploads_publishes_and_everyone_finds_it(
    page: Page, browser: Browser, address: str, tmp_path: Path
) -> None:
    t = messages("id")
    deck = tmp_path / "bank sampah.pptx"
    write_pptx(
        deck,
        (
            (f"Bank sampah digital {HOSTILE}", "Warga menabung sampah plastik lewat aplikasi di telepon."),
            ("Hasil", "Sampah ke tempat pembuangan akhir berkurang 18 persen."),
        ),
    )
    sign_in(page, "id")
    upload(page, "id", deck, {"title": "Bank sampah digital", "city": "Kota Contoh"})
    page.wait_for_selector(".kb-sheet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bank sampah digital")
    assert is_drawn(page, ".kb-sheet img")

    everyone = browser.new_context(base_url=address, locale="id-ID").new_page()
    draft = str(page.locator(".kb-sheet img").first.get_attribute("src"))
    assert everyone.request.get(f"{address}{draft}").status == 404
    assert page.request.get(f"{address}{draft}").status == 200

    page.reload()
    page.get_by_role("button", name=t("deck.publish")).click()
    page.wait_for_selector(".kb-state-published")
    everyone.goto("/")
    ask(everyone, "warga menabung sampah")
    hit = everyone.locator(".kb-results article").first
    expect(hit).to_contain_text(HOSTILE)
    expect(hit).to_contain_text("Kota Contoh")
    hit.get_by_role("heading", level=3).get_by_role("link").click()
    expect(everyone.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    assert everyone.evaluate("window.hacked") is None
    assert everyone.request.get(f"{address}{draft}").status == 200

    page.get_by_role("button", name=t("deck.withdraw"), exact=True).click()
    page.get_by_role("button", name=t("deck.withdraw_confirm")).click()
    expect(page.locator(".kb-note").first).to_contain_text("sudah ditarik")
    assert everyone.request.get(f"{address}{draft}").status == 404
    everyone.reload()
    expect(everyone.get_by_role("heading", level=1)).to_have_text(t("slide.not_found"))


def test_the_secretariat_looks_behind_the_order_on_a_phone(page: Page) -> None:
    t = messages("id")
    sign_in(page, "id")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/?q=lampu+jalan")
    page.get_by_role("link", name=t("bench.why")).click()
    table = page.get_by_role("region", name=t("bench.table"))
    expect(table.locator("tbody tr").first.locator("td").first).to_contain_text("1")
    page.get_by_role("link", name=t("channels.lexical"), exact=True).click()
    expect(table.locator("th[aria-sort]")).to_have_text(t("channels.lexical"))
    expect(page).to_have_url(re.compile("bench.*order=lexical"))

    box = table.evaluate("e => { e.scrollLeft = 200; return [e.scrollLeft, e.scrollWidth - e.clientWidth] }")
    assert box[0] == 200
    assert box[1] > 200
    assert page.evaluate(SIDEWAYS) == []
    page.get_by_role("link", name=t("bench.to_sought")).click()
    expect(page.get_by_role("heading", name=t("bench.sought"))).to_be_visible()
    assert page.evaluate(SIDEWAYS) == []


def test_signing_out_clears_the_cookie(page: Page) -> None:
    sign_in(page, "en")
    assert [c["httpOnly"] for c in page.context.cookies() if c["name"] == "kb_session"] == [True]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.wait_for_timeout(1000)
    assert [c for c in page.context.cookies() if c["name"] == "kb_session"] == []
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_no_page_asks_another_machine_for_anything(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/?q=lampu+jalan", "/slide?version=1", "/about"):
        page.goto(path)
        page.wait_for_selector(".kb-header")
        page.wait_for_timeout(500)
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
