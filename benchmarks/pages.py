"""How heavy each page is, beyond the framework itself: what a phone on a weak line has to fetch.

Run ``python -m benchmarks.pages [--json out.json]`` over a filled ``KB_HOME``; it works on a copy, in which a person of the
secretariat signs in. Every page is opened in a fresh browser at both widths, then scrolled to its end, sideways strips too,
so that every picture that comes lazily has come.

What Streamlit brings along does not count: its scripts, styles and fonts, the empty page that loads them, and its own signs
of life. What counts is the pictures, our other files, and every message between page and server, all as they are unpacked:
a server that compresses sends less. The goal is 500 kB a page as it opens; what scrolling adds is told besides.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, WebSocket

from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import ANYONE, Role
from tests.browser.serving import PASSWORD, PERSON, chromium, serving, sign_in

WIDTHS = (390, 1280)
LIMIT = 500_000
"""Bytes of a page as it opens."""
_HEIGHT = 900
_QUESTION = "infrastruktur"
_COMPARED = 4
_READY = "[data-test-script-state=notRunning]:has(.kb-header)"
"""The page's script is over."""
_SETTLE_MS = 1500
_STEP_MS = 150
_SCROLL = """async step => {
  for (const box of document.querySelectorAll('[data-testid=stMain], .kb-strip')) {
    for (const [at, seen] of [['scrollTop', 'clientHeight'], ['scrollLeft', 'clientWidth']]) {
      for (let was = -1; box[at] !== was; await new Promise(next => setTimeout(next, step))) {
        was = box[at];
        box[at] += box[seen] / 2;
      }
    }
  }
}"""
"""Half a screen at a time, as far as it goes."""
Json = dict[str, Any]


@dataclass(slots=True)
class Weight:
    """Bytes that a page has fetched: pictures, our other files, messages; and those of the framework, which do not count."""

    pictures: int = 0
    files: int = 0
    messages: int = 0
    framework: int = 0
    number: int = 0
    """How many pictures there are."""

    @property
    def total(self) -> int:
        """What counts."""
        return self.pictures + self.files + self.messages


class Scales:
    """Weighs what one page fetches from now on."""

    def __init__(self, page: Page) -> None:
        self._answers: list[Response] = []
        self._messages = 0
        page.on("response", self._answered)
        page.on("websocket", self._listen)

    def _answered(self, answer: Response) -> None:
        self._answers.append(answer)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._heard)
        socket.on("framesent", self._heard)

    def _heard(self, message: str | bytes) -> None:
        self._messages += len(message)

    def weight(self) -> Weight:
        """What has been fetched so far."""
        found = Weight(messages=self._messages)
        for answer in self._answers:
            path, size = urlsplit(answer.url).path, len(answer.body()) if answer.ok else 0
            if path.startswith("/files/picture/"):
                found.pictures += size
                found.number += 1
            elif path.startswith("/files/"):
                found.files += size
            else:
                found.framework += size
        return found


def weigh(page: Page, path: str) -> tuple[Weight, Weight]:
    """A page's weight as it opens, and after it has been scrolled to its end; ``page`` is a fresh one."""
    scales = Scales(page)
    page.goto(path)
    page.wait_for_selector(_READY)
    page.wait_for_timeout(_SETTLE_MS)
    opened = scales.weight()
    page.evaluate(_SCROLL, _STEP_MS)
    page.wait_for_timeout(_SETTLE_MS)
    return opened, scales.weight()


def paths(kb: KnowledgeBase) -> dict[str, str]:
    """The address of each page by its name: of the deck with most slides, of the fullest practices."""
    deck = max(kb.documents(ANYONE), key=lambda document: document.pages)
    practices = sorted(kb.practices.all(ANYONE), key=lambda shown: -len(shown.practice.fields))
    ids = ",".join(str(one.practice.id) for one in practices[:_COMPARED])
    shortlist = "&".join(f"item={deck.id}.{page}" for page in range(1, 11))
    return {
        "home": "/?",
        "results": f"/?q={_QUESTION}",
        "results by slide": f"/?q={_QUESTION}&by=slide",
        "decks of a filter": "/?country=Indonesia",
        "slide": f"/slide?doc={deck.id}&page={deck.pages // 2}&q={_QUESTION}",
        "practices": "/practices?",
        **(
            {"practice": f"/practice?id={practices[0].practice.id}", "comparison": f"/compare?ids={ids}"}
            if practices
            else {}
        ),
        "shortlist": f"/shortlist?{shortlist}",
        "explore": "/explore?",
        "timeline": "/explore?by=time",
        "map": "/explore?by=map",
        "about": "/about?",
        "sign in": "/sign_in?",
        "upload (secretariat)": "/upload?",
        "deck (secretariat)": f"/upload?version={deck.version}",
        "report (secretariat)": f"/report?version={deck.version}&show=all",
        "difference (secretariat)": f"/difference?version={deck.version}",
        "bench (secretariat)": f"/bench?q={_QUESTION}",
    }


def measure(browser: Browser, address: str, pages: dict[str, str]) -> Iterator[Json]:
    """One record a page and width."""
    for width in WIDTHS:
        for name, path in pages.items():
            size = {"width": width, "height": _HEIGHT}
            context = browser.new_context(base_url=address, viewport=size, locale="id-ID")  # type: ignore[arg-type]
            context.set_default_timeout(60_000)
            if name.endswith("(secretariat)"):
                first = context.new_page()
                sign_in(first, "id")
                first.close()
            opened, whole = weigh(context.new_page(), f"{path}&lang=id")
            context.close()
            yield {"page": name, "width": width, "opened": _said(opened), "scrolled": _said(whole)}


def _said(weight: Weight) -> Json:
    names = ("total", "pictures", "messages", "files", "framework", "number")
    return {name: getattr(weight, name) for name in names}


@contextmanager
def copied(home: Path) -> Iterator[Path]:
    """A copy of a home in which a person of the secretariat may sign in."""
    with tempfile.TemporaryDirectory(prefix="kb-bench-") as temporary:
        copy = Path(temporary) / "home"
        shutil.copytree(home, copy)
        kb = KnowledgeBase.open(Settings(home=copy))
        kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
        kb.catalog.close()
        yield copy


def main(given: Sequence[str] | None = None) -> int:
    """Weigh, print, write JSON; 1 when a page is too heavy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the weights to this file")
    chosen = parser.parse_args(given)
    with copied(Settings.from_environment().home) as home:
        kb = KnowledgeBase.open(Settings(home=home))
        pages = paths(kb)
        kb.catalog.close()
        with serving(home) as address, chromium() as browser:
            found = []
            for one in measure(browser, address, pages):
                found.append(one)
                print(line(one), flush=True)
    heaviest = max(found, key=lambda one: int(one["opened"]["total"]))
    print(f"heaviest: {heaviest['page']} at {heaviest['width']} pixels, {_kilo(heaviest['opened']['total'])} kB")
    if chosen.json:
        records = ",\n".join(map(json.dumps, found))
        chosen.json.write_text(f'{{"limit": {LIMIT}, "pages": [\n{records}\n]}}\n', encoding="utf-8")
    return int(heaviest["opened"]["total"] > LIMIT)


def line(one: Json) -> str:
    """A record as a line of a table."""
    opened, whole = one["opened"], one["scrolled"]
    shares = ", ".join(f"{name} {_kilo(opened[name])}" for name in ("pictures", "messages", "files"))
    return f"{one['width']:5} {one['page']:26}{_kilo(opened['total']):6} kB ({shares}); scrolled {_kilo(whole['total'])} kB"


def _kilo(size: int) -> int:
    return round(size / 1000)


if __name__ == "__main__":
    sys.exit(main())
