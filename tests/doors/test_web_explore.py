"""Home and explore: what there is, by programme, place, theme, goal, event and time, and on the map of slides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.web.coast import project
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata
from tests.conftest import write_pdf
from tests.doors.browsing import opened, shown
from tests.doors.test_web import EVENT, FIBRE, FIBRE_SLIDES, ROADS, ROADS_SLIDES


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two published decks and a draft; tests leave it as it is."""
    home = tmp_path_factory.mktemp("library")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for name, slides, said in (("roads.pdf", ROADS_SLIDES, ROADS), ("kampung.pdf", FIBRE_SLIDES, FIBRE)):
        write_pdf(home / name, slides)
        pipeline.ingest_file(kb, OPERATOR, IngestItem(home / name, said), IngestOptions(publish=True))
    write_pdf(home / "draft.pdf", (("Rahasia serat optik", "Serat optik rahasia yang belum terbit."),))
    pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "draft.pdf", DocumentMetadata(title="Draf rahasia")))
    kb.catalog.close()
    return home


@pytest.fixture(autouse=True)
def at_library(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(library))


def test_home_tells_the_programme_day_by_day() -> None:
    programme = shown(opened(lang="en")).split("The seminar")[1].split("</section>")[0]
    assert EVENT in programme
    assert re.findall("<h3>(.*?)</h3>", programme) == ["5 March 2018", "17 October 2019"]
    assert programme.index("Seoul") < programme.index("Bupati Banyuwangi")


def test_home_shows_cities_where_they_lie_with_their_number_of_decks() -> None:
    page = shown(opened(lang="en")).split('class="kb-map"')[1]
    width, height = project(142.0, -12.0)
    x, y = project(126.98, 37.57)
    assert f'style="left: {100 * x / width:.2f}%; top: {100 * y / height:.2f}%' in page
    assert 'aria-label="Seoul: 1 presentation"' in page
    assert "city=Banyuwangi" in page


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("theme", ["Connectivity", "Road safety"]),
        ("city", ["Banyuwangi", "Seoul"]),
        ("event", [EVENT]),
    ],
)
def test_decks_are_grouped_under_links_to_their_search(by: str, headings: list[str]) -> None:
    page = shown(opened("explore", by=by, lang="en"))
    assert sorted(re.findall("<h2><a [^>]*>(.*?)</a>", page)) == headings
    assert "Safe roads &lt;b&gt;" in page
    assert "Draf rahasia" not in page


def test_a_facet_that_no_deck_states_says_so(home: Path) -> None:
    write_pdf(home / "letter.pdf", (("Dear all", "Thank you for everything."),))
    item = IngestItem(home / "letter.pdf", DocumentMetadata(title="Letter"))
    pipeline.ingest_file(knowledge_base(), OPERATOR, item, IngestOptions(publish=True))
    assert "There is nothing here yet." in shown(opened("explore", by="event", lang="en"))


def test_the_timeline_goes_from_the_latest_year_to_the_first() -> None:
    page = shown(opened("explore", by="time", lang="ko"))
    assert re.findall("<h2>([0-9]+)</h2>", page) == ["2019", "2018"]
    assert page.index("2019년 10월 17일") < page.index("2018년 3월 5일")


def test_the_map_has_a_point_for_every_slide_of_published_decks_only() -> None:
    page = shown(opened("explore", by="map", colour="city", lang="en"))
    points = re.findall(r'class="kb-c(\d)" style="left: ([0-9.]+)%; top: ([0-9.]+)%"', page)
    assert len(points) == 8
    assert [colour for colour, _, _ in points].count("1") == 6
    assert all(0 <= float(x) <= 100 and 0 <= float(y) <= 100 for _, x, y in points)
    assert "rahasia" not in page


def test_an_unknown_view_is_the_first() -> None:
    assert 'aria-current="true">Themes</a>' in shown(opened("explore", by="nonsense", lang="en"))
