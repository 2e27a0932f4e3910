"""The demonstration decks: each is recognised in its other format and in reworked copies, and never taken for another."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Mapping

import pytest

from ingest.load import load
from kb.alike import Slide, slide_of
from kb.difference import Change, Difference, Kinship, difference, kinship, shared_slides
from kb.types import Page
from tests.conftest import ROOT

DECKS = ROOT / "corpus" / "decks"
NAMES = sorted(path.stem for path in DECKS.glob("*.pptx"))
SCANNED = "kpg-lembar-fakta"
PPTX, PDF = "pptx", "pdf"

Loaded = Mapping[str, Mapping[str, tuple[Page, ...]]]


@pytest.fixture(scope="module")
def decks() -> Loaded:
    return {form: {name: load(DECKS / f"{name}.{form}").pages for name in NAMES} for form in (PPTX, PDF)}


def slides(pages: tuple[Page, ...], form: str = PPTX) -> list[Slide]:
    return [slide_of(page, form) for page in pages]


def judged(old: list[Slide], new: list[Slide]) -> tuple[Kinship | None, Difference]:
    found = difference(old, new)
    return kinship(found, 0), found


def test_every_deck_has_the_same_slides_as_its_pdf(decks: Loaded) -> None:
    found = {n: judged(slides(decks[PPTX][n]), slides(decks[PDF][n], PDF))[0] for n in NAMES if n != SCANNED}
    assert found == dict.fromkeys(found, Kinship.SAME_SLIDES)
    assert len(found) == 17


def test_no_deck_is_taken_for_another_in_whatever_format_or_language(decks: Loaded) -> None:
    read = {(name, form): slides(pages, form) for form in decks for name, pages in decks[form].items()}
    pairs = [(one, other) for one in read for other in read if one[0] < other[0] and SCANNED not in (one[0], other[0])]
    assert [pair for pair in pairs if shared_slides(read[pair[0]], read[pair[1]])] == []
    assert [pair for pair in pairs if judged(read[pair[0]], read[pair[1]])[0] is not None] == []
    assert len(pairs) == 544


@pytest.mark.parametrize("name", NAMES)
def test_a_reworked_copy_is_a_new_version_with_exactly_these_changes(decks: Loaded, name: str) -> None:
    pages = decks[PPTX][name]
    chance = random.Random(name)
    kept = list(range(len(pages)))
    removed, numbered, mistyped, moved = chance.sample(kept[1:-1], 4)
    edited = {numbered: _with_number(pages[numbered]), mistyped: _with_typo(pages[mistyped])}
    order = [place for place in kept if place not in (removed, moved)]
    order.insert(0 if moved > len(pages) // 2 else len(order), moved)
    new = [dataclasses.replace(edited.get(i, pages[i]), number=n) for n, i in enumerate(order, start=1)]
    kind, found = judged(slides(pages), slides(tuple(new)))
    assert kind is Kinship.NEW_VERSION
    changed = {row.old for row in found.rows if row.change is Change.CHANGED}
    assert changed == {place + 1 for place in edited if edited[place] != pages[place]}
    assert [row.old for row in found.rows if row.change is Change.REMOVED] == [removed + 1]
    assert [row.old for row in found.rows if row.moved] == [moved + 1]
    assert found.count(Change.ADDED) == 0


def _with_number(page: Page) -> Page:
    """The page with the last digit of its first number changed; as it is where it has none."""
    return _edited(page, r"\d(?!\d)", lambda match: str((int(match.group()) + 1) % 10))


def _with_typo(page: Page) -> Page:
    return _edited(page, r"[aeiou가-힣](?=\w)", lambda match: "x")


def _edited(page: Page, pattern: str, change: object) -> Page:
    for place, segment in enumerate(page.segments):
        text, count = re.subn(pattern, change, segment.text, count=1)  # type: ignore[call-overload]
        if count:
            changed = dataclasses.replace(segment, text=text)
            return dataclasses.replace(page, segments=(*page.segments[:place], changed, *page.segments[place + 1 :]))
    return page
