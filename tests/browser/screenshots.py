"""Pictures of every page in three languages and two widths, for looking at them: ``make screenshots``.

Run as ``python -m tests.browser.screenshots [FOLDER]`` over a filled ``KB_HOME``. It works on a copy, in which it may sign
in and leave a draft; the knowledge base itself stays as it is.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from ingest import pipeline
from ingest.metadata import IngestItem
from interfaces.messages import LANGUAGES
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeId
from kb.query import parse
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Role, VersionId
from tests.browser.serving import PASSWORD, PERSON, chromium, serving, sign_in
from tests.conftest import write_pptx

WIDTHS = (390, 1280)
HEIGHT = 900
TALLEST = 4000
QUESTIONS = {
    "id": "Bagaimana membiayai lampu jalan tanpa APBD?",
    "en": "How does Seoul find cavities under its roads?",
    "ko": "30년 이상 된 노후 인프라는 얼마나 되나요?",
}
UNANSWERED = (
    "Berapa tarif kereta gantung?",
    "Berapa tarif kereta gantung?",
    "Who won the football match?",
    "김치찌개 끓이는 법",
)
DRAFT = (
    ("Bank sampah digital", "Warga menabung sampah plastik lewat aplikasi.\nSetiap kilogram bernilai Rp2.000."),
    ("Hasil tahun pertama", "Sampah ke tempat pembuangan akhir berkurang 18 persen."),
    ("", ""),
)
FORMER = (
    ("Hasil tahun pertama", "Sampah ke tempat pembuangan akhir berkurang 15 persen."),
    DRAFT[0],
    ("Rencana", "Tahun depan bank sampah dibuka di sepuluh kelurahan."),
)
_COMPARED = 3
_SETTLE = 900
"""Milliseconds in which pictures and fonts come after the page's text."""


def main() -> None:
    """Take all pictures into a folder."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        shutil.copytree(Settings.from_environment().home, home)
        draft, practices = _prepare(home)
        with serving(home) as url, chromium() as browser:
            for language in LANGUAGES:
                for width in WIDTHS:
                    _take(browser, url, _Album(folder, (language, width), draft, practices))
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures are in {folder}\n")


def _prepare(home: Path) -> tuple[VersionId, Sequence[PracticeId]]:
    """Add a person of the secretariat, questions that nothing answers and a draft.

    Returns the draft's version, and the fullest practices of three cities.
    """
    kb = KnowledgeBase.open(Settings(home=home))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    for question in UNANSWERED:
        kb.search(ANYONE, parse(question))
    said = DocumentMetadata(title="Bank sampah digital", city="Makassar", country="Indonesia")
    # Both are drafts, so that what readers see stays as it is.
    for name, slides in (("bank sampah lama.pptx", FORMER), ("bank sampah.pptx", DRAFT)):
        deck = home / name
        write_pptx(deck, slides)
        report = pipeline.ingest_file(kb, OPERATOR, IngestItem(deck, said))
    by_city: dict[str, PracticeId] = {}
    for one in sorted(kb.practices.all(ANYONE), key=lambda shown: -len(shown.practice.fields)):
        by_city.setdefault(one.document.metadata.city, one.practice.id)
    kb.catalog.close()
    if report.version is None:
        raise SystemExit(f"The draft could not be stored: {report.issues}")
    return report.version, [*by_city.values()][:_COMPARED]


class _Album:
    """The pictures of one language and width."""

    def __init__(self, folder: Path, view: tuple[str, int], draft: VersionId, practices: Sequence[PracticeId]) -> None:
        self.folder, (self.language, self.width) = folder, view
        self.draft, self.practices = draft, practices

    def take(self, page: Page, name: str) -> None:
        """A picture of the whole page, which Streamlit scrolls inside the window."""
        page.wait_for_timeout(_SETTLE)
        height = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
        page.set_viewport_size({"width": self.width, "height": max(HEIGHT, min(TALLEST, int(height)))})
        page.wait_for_timeout(_SETTLE)
        page.screenshot(path=self.folder / f"{name}-{self.language}-{self.width}.png")
        page.set_viewport_size({"width": self.width, "height": HEIGHT})


def _take(browser: Browser, url: str, album: _Album) -> None:
    size = {"width": album.width, "height": HEIGHT}
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=url, viewport=size, locale=album.language, color_scheme=scheme)
        context.set_default_timeout(120_000)
        page = context.new_page()
        for name, show in _VIEWS.items():
            if scheme == "light" or name in _ALSO_DARK:
                show(page, album)
                album.take(page, name if scheme == "light" else f"{name}-dark")
        context.close()


def _home(page: Page, album: _Album) -> None:
    page.goto(f"/?lang={album.language}")
    page.wait_for_selector(".kb-grid")


def _results(page: Page, album: _Album) -> None:
    page.goto(f"/?lang={album.language}")
    box = page.locator("[data-testid=stTextInput] input").first
    box.fill(QUESTIONS[album.language])
    box.press("Enter")
    page.wait_for_selector(".kb-results article")


def _filters(page: Page, album: _Album) -> None:
    page.goto(f"/?q=infrastruktur&country=Indonesia&theme=street-lighting&by=slide&lang={album.language}")
    page.wait_for_selector(".kb-results article")
    page.locator("[data-testid=stExpander] summary").click()


def _nothing(page: Page, album: _Album) -> None:
    page.goto(f"/?q=infrastruktur&city=Atlantis&lang={album.language}")
    page.wait_for_selector(".kb-empty")


def _slide(page: Page, album: _Album) -> None:
    _results(page, album)
    page.locator(".kb-results h3 a").first.click()
    page.wait_for_selector(".kb-slide")


def _practices(page: Page, album: _Album) -> None:
    page.goto(f"/practices?ids={','.join(album.practices[:1])}&lang={album.language}")
    page.wait_for_selector(".kb-grid")


def _practice(page: Page, album: _Album) -> None:
    page.goto(f"/practice?id={album.practices[0]}&lang={album.language}")
    page.wait_for_selector(".kb-field")


def _compare(page: Page, album: _Album) -> None:
    page.goto(f"/compare?ids={','.join(album.practices)}&lang={album.language}")
    page.wait_for_selector(".kb-compare")


def _about(page: Page, album: _Album) -> None:
    page.goto(f"/about?lang={album.language}")
    page.wait_for_selector(".kb-prose")


def _sign_in_form(page: Page, album: _Album) -> None:
    page.goto(f"/sign_in?lang={album.language}")
    page.wait_for_selector("input[type=password]")


def _signed_in(page: Page, album: _Album) -> None:
    sign_in(page, album.language)


def _upload(page: Page, album: _Album) -> None:
    page.goto(f"/upload?lang={album.language}")
    page.wait_for_selector(".kb-decks")


def _bench(page: Page, album: _Album) -> None:
    page.goto(f"/bench?{urlencode({'q': QUESTIONS[album.language], 'lang': album.language})}")
    page.wait_for_selector(".kb-bench")


def _sought(page: Page, album: _Album) -> None:
    page.goto(f"/bench?lang={album.language}")
    page.wait_for_selector(".kb-decks")


def _draft(page: Page, album: _Album) -> None:
    page.goto(f"/upload?version={album.draft}&lang={album.language}")
    page.wait_for_selector(".kb-sheet")


def _report(page: Page, album: _Album) -> None:
    page.goto(f"/report?version={album.draft}&show=all&lang={album.language}")
    page.wait_for_selector(".kb-slides")


def _difference(page: Page, album: _Album) -> None:
    page.goto(f"/difference?version={album.draft}&lang={album.language}")
    page.wait_for_selector(".kb-compared")


def _explore(page: Page, album: _Album) -> None:
    page.goto(f"/explore?lang={album.language}")
    page.wait_for_selector(".kb-groups")


def _explore_practices(page: Page, album: _Album) -> None:
    page.goto(f"/explore?list=practices&lang={album.language}")
    page.wait_for_selector(".kb-groups")


def _timeline(page: Page, album: _Album) -> None:
    page.goto(f"/explore?by=time&lang={album.language}")
    page.wait_for_selector(".kb-timeline")


def _map(page: Page, album: _Album) -> None:
    page.goto(f"/explore?by=map&lang={album.language}")
    page.wait_for_selector(".kb-plane a")


def _shortlist(page: Page, album: _Album) -> None:
    _results(page, album)
    for n in range(_COMPARED):
        page.locator(".kb-results .kb-pick").nth(n).click()
    page.goto(f"/practice?id={album.practices[0]}&lang={album.language}")
    page.locator(".kb-pick").click()
    page.locator("a[data-shortlist]").click()
    page.wait_for_selector("article h2")


_VIEWS: dict[str, Callable[[Page, _Album], None]] = {
    "home": _home,
    "results": _results,
    "filters": _filters,
    "nothing": _nothing,
    "slide": _slide,
    "explore": _explore,
    "explore_practices": _explore_practices,
    "timeline": _timeline,
    "map": _map,
    "shortlist": _shortlist,
    "practices": _practices,
    "practice": _practice,
    "compare": _compare,
    "about": _about,
    "sign_in": _sign_in_form,
    "signed_in": _signed_in,
    "upload": _upload,
    "draft": _draft,
    "report": _report,
    "difference": _difference,
    "bench": _bench,
    "sought": _sought,
}
_ALSO_DARK = ("home", "results", "slide", "map", "compare")

if __name__ == "__main__":
    main()
