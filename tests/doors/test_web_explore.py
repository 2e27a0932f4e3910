"""Home, explore, old links: what there is, by programme, place, theme, event and time, and what is said where nothing is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.messages import messages
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


def test_names_of_cities_stand_where_they_cover_neither_a_city_nor_each_other(home: Path) -> None:
    for city in ("Jakarta", "Surabaya", "Sidoarjo", "Banyuwangi", "Seoul", "Yokohama"):
        write_pdf(home / f"{city}.pdf", (("Title", f"Something that {city} says of itself."),))
        item = IngestItem(home / f"{city}.pdf", DocumentMetadata(title=city, city=city))
        pipeline.ingest_file(knowledge_base(), OPERATOR, item, IngestOptions(publish=True))
    page = shown(opened(lang="en")).split('class="kb-map"')[1].split("</nav>")[0]
    sides = dict(re.findall(r'aria-label="(\w+): 1 presentation"[^>]*>(?:<span class="kb-(\w+)")?', page))
    assert sides == {
        "Banyuwangi": "right",
        "Jakarta": "left",
        "Seoul": "right",
        "Sidoarjo": "",  # lies on Surabaya
        "Surabaya": "above",
        "Yokohama": "left",
    }


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


# Searching ----------------------------------------------------------------------------------------------------------


def test_of_several_filters_it_says_which_one_leaves_nothing_and_how_much_there_is_without_it() -> None:
    page = shown(opened(q="serat", city="Seoul", country="Indonesia", year=["2018", "2019"], lang="en"))
    assert "No presentation fits these filters." in page
    ways = re.findall(r'<a href="([^"]+)"[^>]*>Without “([^”]+)” <span class="kb-count">([^<]+)</span>', page)
    assert ways == [
        ("/?q=serat&amp;country=Indonesia&amp;year=2018&amp;year=2019&amp;lang=en", "City: Seoul", "1 presentation"),
        ("/?q=serat&amp;city=Seoul&amp;year=2018&amp;year=2019&amp;lang=en", "Country: Indonesia", "1 presentation"),
    ]


@pytest.mark.parametrize("question", ["?!", "…—///", "🚦🚧", "'';--"])
def test_signs_alone_find_nothing_and_advise_words(question: str) -> None:
    page = shown(opened(q=question, lang="en"))
    assert ("Nothing found" in page, messages("en")("results.nothing_advice") in page) == (True, True)
    assert "<article" not in page
    assert question not in {sought.text for sought in knowledge_base().sought_in_vain(OPERATOR)}


def test_a_filter_that_a_link_states_in_its_question_is_one_however_it_is_written() -> None:
    app = opened(q="kota:BANYUWANGI", lang="en")
    assert app.multiselect(key="filter_city").value == ["Banyuwangi"]
    assert ("1 presentation<" in shown(app), "Safe roads" in shown(app)) == (True, False)
    asked = opened(q="serat optik kota:banyuwangi", lang="en")
    assert asked.text_input(key="search_text").value == "serat optik"
    assert "City: Banyuwangi" in shown(asked)
    assert "Safe roads" not in shown(asked)


def test_a_link_beyond_the_last_page_shows_the_last_one() -> None:
    found = shown(opened(q="serat optik desa", by="slide", page="19", lang="en"))
    assert "Smart Kampung" in found
    assert "Previous" not in found
    listed = shown(opened(event=EVENT, page="7", lang="en"))
    assert ("2 presentations" in listed, "Smart Kampung" in listed, "Previous" in listed) == (True, True, False)


def test_a_search_is_called_by_its_question_in_its_heading() -> None:
    page = shown(opened(q="radar <cavities>", lang="en"))
    assert page.count("<h1") == 1
    assert '<h1 class="kb-hidden">radar &lt;cavities&gt;</h1>' in page


def test_the_words_that_ask_are_not_marked_and_a_line_of_sources_is_not_what_answers() -> None:
    page = shown(opened(q="how does radar find cavities under the road", lang="en"))
    quoted = re.findall(r"<blockquote.*?</blockquote>", page, re.DOTALL)
    words = {word.casefold() for quote in quoted for word in re.findall(r"<b>([^<]+)</b>", quote)}
    assert {"radar", "cavities"} <= words
    assert words.isdisjoint({"how", "does", "the", "under the"})
