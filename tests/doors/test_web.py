"""The pages as a reader uses them, through Streamlit's AppTest: what they show, what they ask, what they change."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, DocumentMetadata, Filters, Provenance, Role, State
from tests.conftest import write_pdf
from tests.doors.browsing import PASSWORD, PERSON, opened, shown, signed_in

EVENT = "Seminar Kupang 2019"
FIBRE = DocumentMetadata(
    title="Smart Kampung",
    speaker="Bupati Banyuwangi",
    city="Banyuwangi",
    country="Indonesia",
    event=EVENT,
    date=dt.date(2019, 10, 17),
    themes=("connectivity",),
    languages=("id",),
    provenance=Provenance.ILLUSTRATIVE,
)
ROADS = DocumentMetadata(
    title="Safe roads <b>& bridges</b>",
    city="Seoul",
    country="South Korea",
    event=EVENT,
    date=dt.date(2018, 3, 5),
    themes=("road-safety",),
    languages=("en",),
)
FIBRE_SLIDES = (
    ("Serat optik sampai ke desa", "Desa terhubung serat optik pada tahun 2018."),
    ("Biaya jaringan desa", "Biaya serat optik ditanggung bersama oleh desa dan kabupaten."),
)
ROADS_SLIDES = (
    ("Cavities <script>alert(1)</script>", "A radar car finds cavities under the road, *fast* & <i>early</i>."),
    ("Bridges", "Drones look at every bridge twice a year."),
    ("Tunnels", "Cameras watch the cable tunnels day and night."),
    ("Budget", "One fund pays for repairs before anything breaks."),
    ("People", "Forty engineers work in three shifts."),
    ("Lessons", "Begin with a list of everything that ages."),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two published decks, a draft and a person of the secretariat; tests leave it as it is."""
    home = tmp_path_factory.mktemp("library")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for name, slides, said in (("roads.pdf", ROADS_SLIDES, ROADS), ("kampung.pdf", FIBRE_SLIDES, FIBRE)):
        write_pdf(home / name, slides)
        pipeline.ingest_file(kb, OPERATOR, IngestItem(home / name, said), IngestOptions(publish=True))
    write_pdf(home / "draft.pdf", (("Rahasia serat optik", "Serat optik rahasia yang belum terbit."),))
    pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "draft.pdf", DocumentMetadata(title="Draf rahasia")))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()
    return home


@pytest.fixture
def at_library(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_HOME", str(library))
    return library


@pytest.mark.usefixtures("at_library")
class TestSearch:
    def test_a_question_finds_the_slide_with_its_sentence_marked(self) -> None:
        app = opened()
        app.text_input(key="search_text").set_value("radar cavities")
        app.button[0].click().run()
        page = shown(app)
        assert app.query_params["q"] == "radar cavities"
        marked = page.split("<mark>")[1].split("</mark>")[0]
        assert marked.startswith("A <b>radar</b> car finds <b>cavities</b> under the road")
        assert page.index("Safe roads") < page.index("Smart Kampung")

    def test_a_hit_says_where_who_when_and_that_it_is_a_reconstruction(self) -> None:
        page = shown(opened(q="serat optik desa", lang="en"))
        for part in ("Banyuwangi, Indonesia", "Bupati Banyuwangi", EVENT, "17 October 2019", "Slide 1 of 2"):
            assert part in page
        assert "Illustrative reconstruction" in page
        assert any(f">{text}</span>" in page for text in messages("en").group("bands"))

    def test_typing_errors_are_mended_openly_and_only_if_wanted(self) -> None:
        page = shown(opened(q="brigde drones", lang="en"))
        assert "Results for “bridge drones”." in page
        assert 'href="/?q=brigde+drones&amp;exact=1&amp;lang=en"' in page
        assert "Results for" not in shown(opened(q="brigde drones", exact="1", lang="en"))

    def test_a_filter_typed_into_the_question_becomes_a_filter(self) -> None:
        app = opened(lang="en")
        app.text_input(key="search_text").set_value("serat optik 도시:banyuwangi year:2019")
        app.button[0].click().run()
        assert (app.query_params["q"], app.query_params["city"], app.query_params["year"]) == (
            "serat optik",
            "Banyuwangi",
            "2019",
        )
        assert app.multiselect(key="filter_city").value == ["Banyuwangi"]
        assert "Safe roads" not in shown(app)

    def test_quoted_words_stand_on_every_slide_that_is_shown_or_it_says_so(self) -> None:
        page = shown(opened(q='"every bridge twice"', lang="en"))
        assert "Bridges" in page
        assert "Smart Kampung" not in page
        assert "No slide holds the quoted words" in shown(opened(q='"twice every bridge"', lang="en"))

    def test_a_copied_address_opens_the_same_view(self) -> None:
        app = opened(q="serat optik", city=["Banyuwangi", "Seoul"], by="slide", lang="id")
        assert app.text_input(key="search_text").value == "serat optik"
        assert app.multiselect(key="filter_city").value == ["Banyuwangi", "Seoul"]
        assert 'aria-current="true">Per slide</a>' in shown(app)

    def test_a_filter_narrows_the_results_and_stands_in_the_address(self) -> None:
        app = opened(q="serat optik desa", lang="en")
        app.multiselect(key="filter_city").select("Seoul").run()
        page = shown(app)
        assert app.query_params["city"] == "Seoul"
        assert "Safe roads" in page
        assert "Smart Kampung" not in page
        assert "City: Seoul" in page

    def test_filters_carry_the_number_of_decks(self) -> None:
        app = opened(lang="id")
        assert "Korea Selatan (1)" in app.multiselect(key="filter_country").options

    def test_an_unknown_filter_value_finds_nothing_and_offers_to_drop_it(self) -> None:
        page = shown(opened(q="serat", city="Atlantis", lang="en"))
        assert "Nothing found" in page
        assert 'href="/?q=serat&amp;lang=en"' in page

    @pytest.mark.parametrize("parameters", [{"page": "-3"}, {"page": "99999999999"}, {"year": "²"}, {"by": "?"}])
    def test_impossible_parameters_are_left_out(self, parameters: dict[str, str]) -> None:
        assert "Smart Kampung" in shown(opened(q="serat optik desa", **parameters))

    def test_without_a_question_there_are_examples_themes_and_decks(self) -> None:
        page = shown(opened(lang="ko"))
        assert messages("ko")("examples.1") in page
        assert "도로 안전" in page
        assert "Smart Kampung" in page

    def test_filters_alone_list_the_decks(self) -> None:
        page = shown(opened(country="Indonesia", lang="en"))
        assert "1 presentation<" in page
        assert "Smart Kampung" in page
        assert "Safe roads" not in page

    def test_drafts_are_neither_found_nor_listed(self) -> None:
        for app in (opened(q="serat optik rahasia"), opened(), signed_in(opened(q="serat optik rahasia"))):
            assert "ahasia" not in shown(app).replace("serat optik rahasia", "").replace("serat+optik+rahasia", "")

    def test_what_a_deck_says_is_never_code(self) -> None:
        page = shown(opened(q="radar cavities road", lang="en"))
        assert "Cavities &lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "Safe roads &lt;b&gt;&amp; bridges&lt;/b&gt;" in page
        assert "<script" not in page
        assert "<i>" not in page

    def test_what_a_reader_types_is_never_code(self) -> None:
        page = shown(opened(q="<img src=x onerror=alert(1)>", city='"><script>', lang="en"))
        assert "<script" not in page
        assert "<img src=x" not in page


@pytest.mark.usefixtures("at_library")
class TestLanguage:
    @pytest.mark.parametrize(("locale", "expected"), [("id-ID", "id"), ("ko-KR", "ko"), ("en-US", "en"), ("fr-FR", "en")])
    def test_the_browser_chooses_first(self, locale: str, expected: str) -> None:
        assert messages(expected)("search.title") in shown(opened(locale=locale))

    def test_the_address_wins_and_every_link_carries_it(self) -> None:
        page = shown(opened(locale="id-ID", lang="ko"))
        assert messages("ko")("search.title") in page
        own = [link for link in page.split('href="')[1:] if not link.startswith("/files")]
        assert len([link for link in own if "lang=ko" in link.split('"')[0]]) == len(own) - 2

    def test_links_to_the_other_languages_keep_the_view(self) -> None:
        page = shown(opened(q="serat optik", city="Banyuwangi", lang="en"))
        assert 'href="/?q=serat+optik&amp;city=Banyuwangi&amp;lang=id"' in page

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("path", ["", "slide", "upload", "bench", "sign_in", "about"])
    def test_every_page_opens_in_every_language(self, path: str, language: str) -> None:
        assert messages(language)("app.name") in shown(opened(path, lang=language))


@pytest.mark.usefixtures("at_library")
class TestSlide:
    def _document(self) -> str:
        return next(d.id for d in knowledge_base().documents(OPERATOR) if d.metadata.city == "Banyuwangi")

    def test_it_shows_text_deck_and_original_at_the_page(self) -> None:
        page = shown(opened("slide", doc=self._document(), page="2", lang="en"))
        assert "<h1" in page
        assert "Biaya jaringan desa</h1>" in page
        assert "Biaya serat optik ditanggung bersama" in page
        assert "Slide 2 of 2" in page
        assert 'kampung.pdf#page=2"' in page
        assert 'data-key="ArrowLeft"' in page
        assert 'data-key="ArrowRight"' not in page

    def test_whatever_language_one_reads_it_can_be_cited_in_indonesian(self) -> None:
        cited = f"“Smart Kampung”, slide 2, {EVENT}, Banyuwangi, Indonesia, 17 "
        said = {language: shown(opened("slide", doc=self._document(), page="2", lang=language)) for language in ("en", "id")}
        assert (f"{cited}October 2019" in said["en"], f"{cited}Oktober 2019" in said["en"]) == (True, True)
        assert said["id"].count(f"<span>Bupati Banyuwangi, {cited}Oktober 2019") == 1

    def test_text_from_a_file_is_not_said_to_be_recognised(self) -> None:
        assert "kb-recognised" not in shown(opened("slide", doc=self._document(), page="2", lang="en"))
        assert "kb-recognised" not in shown(opened(q="serat optik desa", lang="en"))

    def test_it_leads_back_to_the_search_it_came_from(self) -> None:
        page = shown(opened("slide", doc=self._document(), page="1", q="serat", city="Banyuwangi", lang="en"))
        assert 'href="/?q=serat&amp;city=Banyuwangi&amp;lang=en"' in page

    @pytest.mark.parametrize("page", ["3", "0", "x"])
    def test_a_page_beyond_the_deck_is_not_found_and_no_page_is_the_first(self, page: str) -> None:
        text = shown(opened("slide", doc=self._document(), page=page, lang="en"))
        assert ("does not exist" in text) == (page == "3")

    def test_an_unknown_deck_is_not_found(self) -> None:
        assert "This slide does not exist" in shown(opened("slide", doc="nowhere", lang="en"))

    def test_a_draft_is_not_found_by_visitors_but_by_the_secretariat(self) -> None:
        draft = next(d for d in knowledge_base().documents(OPERATOR) if d.state is State.DRAFT)
        app = opened("slide", doc=str(draft.id), lang="en")
        assert "This slide does not exist" in shown(app)
        assert "Serat optik rahasia yang belum terbit." in shown(signed_in(app))


@pytest.mark.usefixtures("at_library")
class TestSignIn:
    def test_name_and_password_open_the_secretariats_page(self) -> None:
        app = opened("sign_in", lang="en")
        app.text_input[0].set_value(PERSON)
        app.text_input[1].set_value(PASSWORD)
        app.button[0].click().run()
        assert "Welcome, Sari" in shown(app)
        assert 'href="/upload?lang=en"' in shown(app)

    def test_a_wrong_password_is_told_without_saying_which_is_wrong(self) -> None:
        app = opened("sign_in", lang="id")
        app.text_input[0].set_value(PERSON)
        app.text_input[1].set_value("salah")
        app.button[0].click().run()
        assert "Nama dan kata sandi tidak cocok" in shown(app)
        assert PERSON not in shown(app)

    def test_signing_out_ends_the_session_everywhere(self) -> None:
        app = signed_in(opened("sign_in", lang="en"))
        token = app.session_state["session_token"]
        app.button[0].click().run()
        assert "Welcome" not in shown(app)
        assert knowledge_base().actor(token).role is Role.DELEGATE

    def test_a_removed_person_loses_their_rights_at_the_next_click(self) -> None:
        kb = knowledge_base()
        kb.catalog.people.add("Budi", PASSWORD, Role.SECRETARIAT)
        app = opened("upload", lang="en")
        app.session_state["session_token"] = kb.sign_in("Budi", PASSWORD)[1]
        assert "3 presentations" in shown(app.run())
        kb.catalog.people.remove("Budi")
        assert messages("en")("upload.refused") in shown(app.run())

    def test_visitors_are_not_offered_the_upload(self) -> None:
        assert "/upload" not in shown(opened(lang="en"))
        refused = opened("upload", lang="en")
        assert messages("en")("upload.refused") in shown(refused)
        assert not refused.file_uploader


def test_filtered_decks_come_in_pages(at_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interfaces.web.pager.CARDS_A_PAGE", 1)
    first, second = (shown(opened(event=EVENT, page=page, lang="en")) for page in ("1", "2"))
    assert "2 presentations" in first
    assert ("Smart Kampung" in first, "Safe roads" in first, "Next" in first) == (True, False, True)
    assert ("Smart Kampung" in second, "Safe roads" in second, "Next" in second) == (False, True, False)


def marks(page: str) -> list[str]:
    return re.findall(r'class="kb-box" style="([^"]+)"', page)


def test_the_passage_that_answers_is_marked_in_the_picture_and_in_the_text(at_library: Path) -> None:
    fibre = knowledge_base().documents(OPERATOR, Filters(cities=("Banyuwangi",)))[0]
    page = shown(opened("slide", doc=str(fibre.id), page="2", q="biaya serat optik ditanggung siapa", lang="id"))
    (mark,) = marks(page)
    left, top, width, height = (float(share) for share in re.findall(r"([0-9.]+)%", mark))
    assert (left, top, height) == pytest.approx((5.4, 22.9, 4.4), abs=0.5), "the line begins at 40 of 720 points"
    assert 50 < width < 60
    assert 'Ditandai: “Biaya serat optik ditanggung bersama oleh desa dan kabupaten.”" ' in page
    assert "<mark>Biaya serat optik ditanggung bersama oleh desa dan kabupaten.</mark>" in page
    assert "Bagian yang cocok</button>" in page


@pytest.mark.parametrize("question", ["", "?!", "dron memeriksa jembatan"])
def test_nothing_is_marked_where_nothing_on_the_slide_answers(at_library: Path, question: str) -> None:
    fibre = knowledge_base().documents(OPERATOR, Filters(cities=("Banyuwangi",)))[0]
    page = shown(opened("slide", doc=str(fibre.id), page="1", q=question))
    assert 'alt="Slide 1: Serat optik sampai ke desa"' in page
    assert (marks(page), "<mark>" in page, "kb-marks" in page) == ([], False, False)


def test_without_known_places_the_text_alone_is_marked(home: Path) -> None:
    write_pdf(home / "kampung.pdf", FIBRE_SLIDES)
    kb = knowledge_base()
    stored = pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "kampung.pdf", FIBRE), IngestOptions(publish=True))
    assert stored.version is not None
    words = kb.files.picture_folder(stored.version) / "2-words.json"
    address = {"doc": str(stored.document), "page": "2", "q": "biaya serat optik"}
    assert len(marks(shown(opened("slide", **address)))) == 1
    for damage in (lambda: words.write_text('{"width": 1}'), words.unlink):
        damage()
        page = shown(opened("slide", **address))
        assert (marks(page), page.count("<mark>"), "2-large.webp" in page) == ([], 1, True)


def test_a_draft_is_never_marked_and_a_withdrawn_slide_is_not_shown(home: Path) -> None:
    write_pdf(home / "kampung.pdf", FIBRE_SLIDES)
    kb = knowledge_base()
    draft = pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "kampung.pdf", FIBRE))
    assert draft.document is not None
    address = {"version": str(draft.version), "page": "2", "q": "biaya serat optik"}
    own = shown(signed_in(opened("slide", **address)))
    assert ("kb-slide-main" in own, marks(own), "<mark>" in own) == (True, [], False)
    assert "kb-slide-main" not in shown(opened("slide", **address))

    pipeline.publish(kb, OPERATOR, [draft.version])
    assert len(marks(shown(opened("slide", **address)))) == 1
    pipeline.withdraw(kb, OPERATOR, draft.document)
    gone = shown(opened("slide", **address))
    assert ("kabupaten" in gone, marks(gone)) == (False, [])


def test_a_slide_that_stands_in_two_decks_is_one_result_that_names_the_other(home: Path) -> None:
    kb = knowledge_base()
    for name, said in (("roads.pdf", ROADS), ("again.pdf", FIBRE)):
        write_pdf(home / name, (ROADS_SLIDES[5], (said.title, f"{said.city} says something else as well, at length.")))
        pipeline.ingest_file(kb, OPERATOR, IngestItem(home / name, said), IngestOptions(publish=True))
    page = shown(opened(q="a list of everything that ages", by="slide", lang="en"))
    assert page.split("</h1>")[1].count("everything that") == 1
    also = page.split("The same slide also in")[1].split("</p>")[0]
    assert "Slide 1" in also


@pytest.mark.parametrize(
    ("language", "told", "badge"),
    [
        ("en", "recognised in its picture, with about 93% certainty", "Text from picture"),
        ("id", "dikenali dari gambarnya, dengan keyakinan sekitar 93%", "Teks dari gambar"),
        ("ko", "정확도는 약 93%로 봅니다", "그림에서 읽은 글"),
    ],
)
def test_recognised_text_is_told_on_the_slide_and_marked_in_the_results(
    home: Path, language: str, told: str, badge: str
) -> None:
    write_pdf(home / "scan.pdf", FIBRE_SLIDES)
    kb = knowledge_base()
    report = pipeline.ingest_file(kb, OPERATOR, IngestItem(home / "scan.pdf", FIBRE), IngestOptions(publish=True))
    with sqlite3.connect(kb.settings.home / "catalog.sqlite") as catalog:
        catalog.execute("UPDATE pages SET reading = 'ocr', confidence = 0.934 WHERE number = 2")
    catalog.close()

    assert told in shown(opened("slide", doc=str(report.document), page="2", lang=language))
    assert badge in shown(opened(q="biaya serat optik ditanggung bersama", lang=language))
