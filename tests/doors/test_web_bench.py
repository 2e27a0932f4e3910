"""The secretariat's test bench through AppTest: what is laid open, for whom, at which address; what was sought in vain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Role
from tests.conftest import write_pdf
from tests.doors.browsing import PASSWORD, PERSON, opened, shown, signed_in

ROADS = (
    ("Cavities <i>found</i>", "A radar car finds cavities under the road every night."),
    ("Bridges", "Drones look at every bridge twice a year."),
)
FIBRE = (("Serat optik", "Desa terhubung serat optik pada tahun 2018."),)
SECRET = (("Rahasia", "Radar rahasia yang belum terbit."),)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two published decks, a draft and a person of the secretariat."""
    home = tmp_path_factory.mktemp("library")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    decks = (
        ("Safe roads", "Seoul", ROADS, True),
        ("Kampung", "Banyuwangi", FIBRE, True),
        ("Draf rahasia", "", SECRET, False),
    )
    for title, city, slides, publish in decks:
        write_pdf(home / f"{title}.pdf", slides)
        item = IngestItem(home / f"{title}.pdf", DocumentMetadata(title=title, city=city))
        pipeline.ingest_file(kb, OPERATOR, item, IngestOptions(publish=publish))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()
    return home


@pytest.fixture(autouse=True)
def at_library(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(library))


def bench(**parameters: str | list[str]) -> AppTest:
    return signed_in(opened("bench", **{"lang": "en", **parameters}))


def rows(page: str) -> list[list[str]]:
    """The table's cells as text, a row a slide."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_every_slide_stands_with_its_places_scores_chance_and_coverage() -> None:
    page = shown(bench(q="radar cavities"))
    first, *others = rows(page)
    assert first[0] == "Cavities &lt;i&gt;found&lt;/i&gt; Slide 1 · Safe roads"
    assert [cell.split()[0] for cell in first[1:4]] == ["1", "1", "1"]
    assert [re.fullmatch(r"1 \d\.\d{3}", cell) is not None for cell in first[1:4]] == [True] * 3
    assert re.fullmatch(r"\d+% (Strong match|Related|Weak match)", first[4])
    assert (first[5], first[6]) == ("100%", "English")
    assert [(row[1].split()[0], row[3]) for row in others] == [("2", "–"), ("3", "–")]
    assert "<i>" not in page
    assert "Search index: g00000" in page
    assert "search by meaning" in page


def test_the_words_stand_with_rarity_and_weight_and_those_of_no_slide_say_so() -> None:
    page = shown(bench(q='radar road xyzzyx "road every"', city="Seoul"))
    assert re.search(r'title="1 passage">radar<span class="kb-count">\d\.\d\d</span>', page)
    assert 'xyzzyx<span class="kb-count">on no slide</span>' in page
    assert "jalan<span" not in page, "a translation that stands on no slide is not looked for"
    assert "“road every”" in page
    assert "City: Seoul" in page
    assert {row[0].split(" · ")[-1] for row in rows(page)} == {"Safe roads"}


def test_the_order_is_chosen_in_the_address() -> None:
    page = shown(bench(q="every bridge road", order="lexical"))
    assert [row[3].split()[0] for row in rows(page)] == ["1", "2"]
    assert 'aria-sort="ascending">By words</th>' in page
    assert 'href="/bench?q=every+bridge+road&amp;order=dense&amp;lang=en"' in page


def test_corrections_and_translations_are_switched_off_in_the_address() -> None:
    plain = shown(bench(q="terhubumg radar"))
    assert "Typing errors were mended; typed was “terhubumg radar”." in plain
    off = shown(bench(q="terhubumg radar", exact="1", own="1"))
    assert "Corrections are switched off." in off
    assert "Translations and synonyms are switched off." in off
    assert 'href="/bench?q=terhubumg+radar&amp;own=1&amp;lang=en"' in off
    assert 'href="/bench?q=terhubumg+radar&amp;exact=1&amp;lang=en"' in off


def test_another_question_and_a_filter_keep_the_choices() -> None:
    app = bench(q="radar", order="dense", own="1")
    app.text_input(key="search_text").set_value("bridge")
    app.button[0].click().run()
    app.multiselect(key="filter_city").select("Seoul").run()
    assert {name: app.query_params[name] for name in ("q", "city", "order", "own")} == {
        **{"q": "bridge", "city": "Seoul"},
        **{"order": "dense", "own": "1"},
    }
    assert 'href="/bench?q=bridge&amp;order=dense&amp;own=1&amp;lang=en"' in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_in_every_language_with_a_question_and_without(language: str) -> None:
    t = messages(language)
    assert t("bench.sought") in shown(bench(lang=language))
    page = shown(bench(q="radar serat optik", lang=language))
    assert t("bench.understood") in page
    assert all(t(f"channels.{name}") in page for name in ("fused", "dense", "lexical"))


def test_every_part_that_takes_time_has_a_name() -> None:
    told = knowledge_base().explain(OPERATOR, parse("terhubumg radar"))
    assert [part for part in told.result.timings if f"parts.{part}" not in messages("en").texts] == []


def test_drafts_are_not_ranked_for_the_secretariat_either() -> None:
    assert "ahasia" not in shown(bench(q="radar cavities"))


@pytest.mark.parametrize("parameters", [{"order": "?"}, {"document": "x"}, {"year": "²"}, {"own": "?"}, {"page": "0"}])
def test_impossible_parameters_are_left_out(parameters: dict[str, str]) -> None:
    assert "How the question was understood" in shown(bench(q="radar", **parameters))


def test_visitors_are_refused_and_not_offered_it() -> None:
    page = shown(opened("bench", q="radar", lang="en"))
    assert messages("en")("bench.refused") in page
    assert "<table" not in page
    for path in ("", "about"):
        assert "/bench" not in shown(opened(path, q="radar", lang="en"))


def test_the_secretariat_is_offered_it_with_the_search_at_hand() -> None:
    page = shown(signed_in(opened(q="radar", city="Seoul", lang="en")))
    assert 'href="/bench?lang=en"' in page
    assert 'href="/bench?q=radar&amp;city=Seoul&amp;lang=en"' in page


def test_what_was_sought_in_vain_leads_to_its_explanation_which_is_not_counted() -> None:
    for _ in range(2):
        knowledge_base().search(ANYONE, parse("kereta <b>gantung</b>"))
    page = shown(bench())
    assert "asked 2 times" in page
    assert ">kereta &lt;b&gt;gantung&lt;/b&gt;</a>" in page
    assert 'href="/bench?q=kereta+%3Cb%3Egantung%3C%2Fb%3E&amp;lang=en"' in page
    shown(bench(q="kereta <b>gantung</b>"))
    assert "asked 2 times" in shown(bench())


def test_an_empty_knowledge_base_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setenv("KB_HOME", str(tmp_path / "empty"))
    st.cache_resource.clear()
    knowledge_base().catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    assert messages("en")("notices.empty") in shown(bench(q="radar"))
    assert messages("en")("bench.none_sought") in shown(bench())
