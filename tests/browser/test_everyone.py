"""For everyone, in a real Chromium: on phones and enlarged, in three languages, light and dark, and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from interfaces.messages import LANGUAGES, messages
from kb.gazetteer import city_called
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import ANYONE
from tests.browser.serving import SIDEWAYS, sign_in

READERS = (
    *("/?", "/?q=infrastruktur&", "/?q=lampu+jalan+Kupang&", "/?country=Indonesia&", "/slide?version=1&page=3&"),
    *("/explore?", "/explore?list=practices&", "/explore?by=time&", "/explore?by=map&", "/practices?", "/shortlist?"),
    *("/about?", "/sign_in?"),
)
"""What a delegate can open, each to be followed by ``lang=``; the practices, which have names of their own, come besides."""
SECRETARIAT = ("/upload?", "/upload?version=1&", "/report?version=1&show=all&", "/bench?", "/bench?q=lampu+jalan&")
PHONE: ViewportSize = {"width": 390, "height": 844}
ENLARGED: ViewportSize = {"width": 640, "height": 450}
"""What a window of 1280 by 900 holds when its zoom stands at 200 %."""
_SETTLE = 700
"""Milliseconds in which a page's pictures and parts come."""
SMALLEST_TEXT = 12
"""CSS pixels: what is printed smaller is unreadable on a phone."""
_BARRING, _LEAST_PASSES = ("moderate", "serious", "critical"), 10
"""What keeps people out or costs them time, in the words of axe-core; a page that was looked at passes many rules."""
_TOO_SMALL = """limit => [...document.querySelectorAll('[data-testid=stMain] *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.getClientRects().length)
    .filter(e => !e.closest('svg, .kb-hidden'))
    .map(e => [parseFloat(getComputedStyle(e).fontSize), e]).filter(([size]) => size > 0 && size < limit)
    .map(([, e]) => e.outerHTML.slice(0, 120))"""
_FOCUSED = """() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    const after = getComputedStyle(e, '::after'); // a link that fills its card is ringed with it
    const seen = [style, after].some(s => s.outlineStyle !== 'none') || style.boxShadow !== 'none';
    const ringed = seen || e.matches('input, textarea'); // a caret blinks in these
    return [e.tagName, e.getAttribute('href') ?? '', (e.innerText || e.ariaLabel || '').trim(), ringed, box.width > 0];
}"""
_MOST_STEPS = 150


class Said(NamedTuple):
    """What a reader of a language asks and must find."""

    locale: str
    question: str
    found: str
    date: str


SAID = {
    "id": Said("id-ID", "bagaimana lampu jalan dibiayai", "Kupang, Indonesia", "17 Oktober 2019"),
    "en": Said("en-GB", "how does Seoul find cavities under its roads", "Seoul, South Korea", "17 October 2019"),
    "ko": Said("ko-KR", "서울은 도로 밑 빈 공간을 어떻게 찾는가", "서울, 대한민국", "2019년 10월 17일"),
}


class Focus(NamedTuple):
    """Where the keyboard stands: the element, where it leads, what it says, and whether one sees that."""

    tag: str
    href: str
    text: str
    ringed: bool
    shown: bool


@pytest.fixture(scope="module")
def readers(home: Path) -> Sequence[str]:
    """Every page that a delegate can open."""
    kb = KnowledgeBase.open(Settings(home=home))
    ids = [str(shown.practice.id) for shown in kb.practices.all(ANYONE)]
    kb.catalog.close()
    assert len(ids) == 2
    return (*READERS, f"/practice?id={ids[0]}&", f"/compare?ids={','.join(ids)}&")


@contextmanager
def opened(browser: Browser, address: str, **view: object) -> Iterator[Page]:
    """A page of a browser of its own; a script that fails on it fails the test."""
    context = browser.new_context(base_url=address, **view)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert errors == []


def visit(page: Page, paths: Sequence[str], language: str, width: int) -> None:
    """Open each page on a phone; look at it there and enlarged, and with axe-core at a width."""
    for path in paths:
        page.goto(f"{path}lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.wait_for_timeout(_SETTLE)
        for size in (PHONE, ENLARGED):
            page.set_viewport_size(size)
            assert page.evaluate(SIDEWAYS) == [], (path, size)
            assert page.evaluate(_TOO_SMALL, SMALLEST_TEXT) == [], (path, size)
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == [], path
        page.set_viewport_size(PHONE)


def barriers(page: Page) -> list[tuple[str, str]]:
    """The rules of axe-core that the page breaks more than slightly, each with the first place."""
    found = Axe().run(page).response
    assert len(found["passes"]) >= _LEAST_PASSES
    return [(v["id"], v["nodes"][0]["html"]) for v in found["violations"] if v["impact"] in _BARRING]


def step_to(page: Page, wanted: Callable[[Focus], bool]) -> Focus:
    """Press Tab until the keyboard stands where it is wanted; every stop on the way must be seen."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        focus = Focus(*page.evaluate(_FOCUSED))
        assert focus.ringed or focus.tag == "BODY", f"nobody sees that the keyboard stands at {focus}"
        if wanted(focus):
            return focus
    raise AssertionError(f"the keyboard does not reach it in {_MOST_STEPS} steps")


@pytest.mark.parametrize(("language", "scheme", "width"), [("id", "dark", 390), ("en", "light", 1280), ("ko", "dark", 1280)])
def test_every_page_fits_phones_and_enlarged_windows_and_shuts_nobody_out(
    browser: Browser, address: str, readers: Sequence[str], language: str, scheme: str, width: int
) -> None:
    with opened(browser, address, viewport=PHONE, has_touch=True, color_scheme=scheme) as page:
        visit(page, readers, language, width)


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_every_page_of_the_secretariat(browser: Browser, address: str, language: str) -> None:
    with opened(browser, address, viewport=PHONE, color_scheme="dark" if language == "en" else "light") as page:
        sign_in(page, language)
        visit(page, SECRETARIAT, language, 390)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browsers_language_is_spoken_and_stays_in_the_address(browser: Browser, address: str, language: str) -> None:
    t, said = messages(language), SAID[language]
    with opened(browser, address, locale=said.locale) as page:
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("heading", level=1)).to_have_text(t("search.title"))
        box = page.get_by_role("textbox", name=t("search.box"))
        box.fill(said.question)
        box.press("Enter")
        hit = page.locator(".kb-results article").first
        expect(hit).to_contain_text(said.found)
        expect(hit).to_contain_text(said.date)
        expect(hit).to_contain_text(t("provenance.illustrative"))
        hit.get_by_role("heading", level=3).get_by_role("link").click()
        expect(page.locator(".kb-slide")).to_be_visible()
        assert f"lang={language}" in page.url
        link = page.url
    with opened(browser, address, locale="fr-FR") as page:
        page.goto(link)
        expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filters_speak_the_readers_language_also_where_streamlit_speaks_for_itself(
    browser: Browser, address: str, language: str
) -> None:
    t = messages(language)
    with opened(browser, address) as page:
        page.goto(f"/?q=infrastruktur&city=Kupang&lang={language}")
        expect(page.locator(".kb-results article").first).to_be_visible()
        page.locator("[data-testid=stExpander] summary").click()
        theme = page.get_by_role("combobox", name=t("filters.theme"), exact=True)
        theme.click()
        expect(page.get_by_role("option").first).to_have_text(t("widgets.select_all"))
        theme.fill("zzzz")
        expect(page.get_by_role("listbox")).to_have_text(t("widgets.no_results"))
        city = page.locator("[data-testid=stMultiSelect]").first.locator("button")
        removed = t("widgets.remove", name=f"{city_called('Kupang', language)} (1)")
        names = [button.get_attribute("aria-label") for button in city.all()]
        assert names == [removed, t("widgets.clear_all"), t("widgets.open")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_without_a_mouse_asks_opens_picks_and_exports(browser: Browser, address: str, language: str) -> None:
    t, said = messages(language), SAID[language]
    with opened(browser, address, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"/?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".kb-grid")).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        step_to(page, lambda focus: focus.tag == "INPUT")
        page.keyboard.type(said.question)
        page.keyboard.press("Enter")
        first = page.locator(".kb-results article").first
        expect(first).to_contain_text(said.found)
        expect(page).to_have_url(re.compile("q="))
        step_to(page, lambda focus: focus.tag == "BUTTON" and focus.text == t("shortlist.add"))
        page.keyboard.press("Space")
        expect(page.locator("[data-picked]")).to_have_text("1")
        title = first.get_by_role("heading", level=3).inner_text()
        page.keyboard.press("Shift+Tab")
        step_to(page, lambda focus: focus.tag == "A" and "/slide?" in focus.href)
        page.keyboard.press("Enter")
        expect(page.locator(".kb-slide")).to_be_visible()
        step_to(page, lambda focus: focus.tag == "SUMMARY" and focus.text == t("cite.title"))
        page.keyboard.press("Enter")
        expect(page.locator(".kb-copied").first).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        step_to(page, lambda focus: "/shortlist" in focus.href)
        page.keyboard.press("Enter")
        expect(page.locator("article h2 a")).to_have_text(title)
        step_to(page, lambda focus: focus.text == t("shortlist.docx"))
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == "citynet-briefing.docx"


@pytest.mark.parametrize("language", LANGUAGES)
def test_light_and_dark_follow_the_readers_system(browser: Browser, address: str, language: str) -> None:
    brightness = []
    for scheme in ("light", "dark"):
        with opened(browser, address, color_scheme=scheme) as page:
            page.goto(f"/?q=lampu+jalan&lang={language}")
            expect(page.locator(".kb-results article").first).to_be_visible()
            shown = page.evaluate(
                "['.stApp', '.kb-results article'].map(s => getComputedStyle(document.querySelector(s)))"
                ".flatMap(s => [s.backgroundColor, s.color])"
            )
            brightness.append([sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 765 for colour in shown])
    (paper, ink, card, print_), (night, chalk, tile, glow) = brightness
    assert min(paper, card) > 0.8 > 0.4 > max(ink, print_)
    assert max(night, tile) < 0.25 < 0.7 < min(chalk, glow)
