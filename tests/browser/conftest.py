"""One Chromium and one server over two decks of the corpus, for all browser tests that need no home of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest import pipeline
from ingest.metadata import walk
from ingest.pipeline import Watch
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, Role
from tests.browser.serving import CHROMIUM, DECKS, PASSWORD, PERSON, chromium, serving

expect.set_options(timeout=60_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a thread drives one at a time, so everybody shares it."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is not here: apt-get install chromium")
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two decks of the corpus, the real encoder and a person of the secretariat."""
    home = tmp_path_factory.mktemp("home")
    kb = KnowledgeBase.open(Settings(home=home))
    pipeline.ingest_files(kb, OPERATOR, walk(DECKS), IngestOptions(publish=True), Watch())
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()
    return home


@pytest.fixture(scope="package")
def address(home: Path) -> Iterator[str]:
    """Where the server over ``home`` answers."""
    with serving(home) as url:
        yield url


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh Indonesian browser; a page that throws fails the test."""
    context = browser.new_context(base_url=address, locale="id-ID", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    """A page of that browser."""
    return visitor.new_page()
