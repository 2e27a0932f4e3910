"""What a file suggests about itself: each field from the words that say it, and nothing from words that do not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.suggest import suggest
from kb.metadata import filled
from kb.suggested import Source, Suggestion
from kb.types import DocumentMetadata, LoadedFile, Page, Segment, SegmentKind

Slide = tuple[str, list[str]]
NOTHING = DocumentMetadata()


def deck(*slides: Slide, said: DocumentMetadata = NOTHING) -> LoadedFile:
    """A file of slides (title, lines) with properties."""
    return LoadedFile("text/plain", tuple(page(n, *slide) for n, slide in enumerate(slides, start=1)), (), said)


def page(number: int, title: str, lines: list[str]) -> Page:
    segments = [Segment(title, SegmentKind.TITLE)] if title else []
    segments += [Segment(line, SegmentKind.BODY) for line in lines]
    return Page(number, title, tuple(segments), has_text=bool(segments))


def of(field: str, *slides: Slide, said: DocumentMetadata = NOTHING, stated: DocumentMetadata = NOTHING) -> list[Suggestion]:
    return [one for one in suggest(deck(*slides, said=said), stated, "nama berkas") if one.field == field]


def values(field: str, *slides: Slide, said: DocumentMetadata = NOTHING, stated: DocumentMetadata = NOTHING) -> list[str]:
    return [one.value for one in of(field, *slides, said=said, stated=stated)]


class TestTitle:
    def test_the_first_slide_is_believed_before_a_property_that_it_does_not_bear_out(self) -> None:
        (one,) = of("title", ("Air bersih Kupang", []), said=DocumentMetadata(title="Template biru dinas"))
        assert (one.value, one.source, one.page, one.quote) == ("Air bersih Kupang", Source.SLIDE, 1, "Air bersih Kupang")

    def test_a_property_that_says_what_the_slide_says_is_surest(self) -> None:
        (one,) = of("title", ("AIR BERSIH KUPANG", []), said=DocumentMetadata(title="Air bersih Kupang"))
        assert (one.value, one.source, one.confidence) == ("Air bersih Kupang", Source.PROPERTIES, 0.95)

    def test_without_slide_and_property_the_file_name_stands_in(self) -> None:
        (one,) = of("title", ("", []))
        assert (one.value, one.source, one.confidence) == ("nama berkas", Source.FILE_NAME, 0.2)

    def test_a_placeholder_is_no_title(self) -> None:
        assert values("title", ("Slide 1", []), ("Sampah kota", [])) == ["Sampah kota"]


class TestWho:
    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ("Disampaikan oleh: Dr. Ir. Budi Santoso, M.T.", "Dr. Ir. Budi Santoso, M.T."),
            ("Oleh: Siti Aminah", "Siti Aminah"),
            ("Narasumber: Wali Kota Kupang", "Wali Kota Kupang"),
            ("Presented by Maria Santos", "Maria Santos"),
            ("Speaker: Prof. Kim Minsu", "Prof. Kim Minsu"),
            ("발표: 김철수 교수", "김철수 교수"),
            ("발표자 이영희", "이영희"),
            ("김철수 박사", "김철수 박사"),
            ("수원시장 김민수", "수원시장 김민수"),
            ("Bupati Banyuwangi", "Bupati Banyuwangi"),
            ("Maria Santos, Mayor of Makati", "Maria Santos, Mayor of Makati"),
            ("Ir. Budi Santoso", "Ir. Budi Santoso"),
            ("Budi Santoso, S.T., M.T.", "Budi Santoso, S.T., M.T."),
        ],
    )
    def test_a_speaker_is_known_by_cue_title_or_office(self, line: str, name: str) -> None:
        (one,) = of("speaker", ("Judul", [line]))
        assert (one.value, one.source, one.page, one.quote) == (name, Source.SLIDE, 1, line)

    def test_a_cue_may_stand_on_the_line_above_the_name(self) -> None:
        assert values("speaker", ("Judul", ["Oleh:", "Siti Aminah"])) == ["Siti Aminah"]

    @pytest.mark.parametrize(
        "line",
        [
            "Oleh karena itu warga menabung sampah",
            "Mal Pelayanan Publik, e-Village Budgeting, SAKIP, dan akta kelahiran",
            "Bupati meresmikan pasar baru",
            "by 2030 every village is online",
            "Air bersih untuk semua",
        ],
    )
    def test_a_sentence_is_no_speaker(self, line: str) -> None:
        assert values("speaker", ("Judul", [line])) == []

    @pytest.mark.parametrize(
        "line",
        [
            "Dinas Kesehatan Kota Kupang",
            "Kementerian Komunikasi dan Informatika",
            "Pemerintah Kabupaten Banyuwangi",
            "Seoul Institute of Technology",
            "Seoul Metropolitan Government",
            "서울기술연구원",
            "서울특별시",
            "부산시청",
            "CityNet Indonesia",
        ],
    )
    def test_an_organisation_is_known_by_its_words(self, line: str) -> None:
        assert values("organisation", ("Judul", [line])) == [line]
        assert values("speaker", ("Judul", [line])) == []

    def test_lines_that_a_pdf_ran_together_are_taken_apart(self) -> None:
        line = "Wali Kota Kupang Pemerintah Kota Kupang Kupang, 17 Oktober 2019"
        found = {one.field: one.value for one in suggest(deck(("Judul", [line])))}
        assert found["speaker"] == "Wali Kota Kupang"
        assert found["organisation"] == "Pemerintah Kota Kupang"
        assert (found["city"], found["date"]) == ("Kupang", "2019-10-17")

    def test_a_cue_within_a_line_begins_a_new_part(self) -> None:
        assert values("speaker", ("Judul", ["Selamat datang Narasumber: Siti Aminah"])) == ["Siti Aminah"]

    def test_the_author_in_the_properties_is_a_speaker_or_an_organisation_by_form(self) -> None:
        assert values("speaker", ("Judul", []), said=DocumentMetadata(speaker="Budi Santoso")) == ["Budi Santoso"]
        office = DocumentMetadata(speaker="Pemerintah Kota Kupang")
        assert values("speaker", ("Judul", []), said=office) == []
        assert values("organisation", ("Judul", []), said=office) == ["Pemerintah Kota Kupang"]

    def test_the_author_is_no_speaker_when_the_deck_is_known_to_be_an_organisations(self) -> None:
        author, stated = DocumentMetadata(speaker="Budi Santoso"), DocumentMetadata(organisation="Pemkab")
        assert values("speaker", ("Judul", []), said=author, stated=stated) == []

    def test_the_last_slide_s_contact_is_a_weak_hint(self) -> None:
        slides = [("Judul", []), ("Isi", []), ("Terima kasih", ["Kontak: Siti Aminah", "Dinas Sosial Kota Kupang"])]
        (one,) = of("speaker", *slides)
        assert (one.value, one.page, one.confidence) == ("Siti Aminah", 3, 0.45)
        assert values("city", *slides) == ["Kupang"]


class TestWhere:
    def test_whose_office_it_is_says_more_than_where_the_event_was(self) -> None:
        lines = ["Bupati Banyuwangi", "Seminar Smart City, Kupang 2019"]
        city, country = (of(field, ("Smart Kampung", lines))[0] for field in ("city", "country"))
        assert (city.value, city.source, city.page, city.quote) == ("Banyuwangi", Source.SLIDE, 1, "Bupati Banyuwangi")
        assert (country.value, country.source, country.quote) == ("Indonesia", Source.CITY, "Banyuwangi")

    def test_a_city_on_most_slides_is_the_deck_s(self) -> None:
        body = [("Bus", ["Seoul runs 400 lines"]), ("Water", ["Seoul checks it; so does Busan"]), ("Data", ["In Seoul"])]
        assert values("city", ("How we run a city", []), *body) == ["Seoul"]

    def test_a_city_named_once_in_passing_is_not(self) -> None:
        body = [("Isi", ["Seperti di Surabaya"]), *[("Lain", ["Tanpa kota"])] * 9]
        assert values("city", ("Judul", []), *body) == []

    def test_without_a_city_the_country_may_be_known(self) -> None:
        assert values("country", ("Financing infrastructure in Indonesia", [])) == ["Indonesia"]
        assert values("city", ("Financing infrastructure in Indonesia", [])) == []

    def test_what_is_stated_is_not_suggested_and_decides_the_rest(self) -> None:
        stated = DocumentMetadata(city="서울")
        assert values("city", ("Kupang", ["Wali Kota Kupang"]), stated=stated) == []
        assert values("country", ("Kupang", ["Wali Kota Kupang"]), stated=stated) == ["South Korea"]
        assert values("city", ("Kupang", []), stated=DocumentMetadata(country="Japan")) == []


class TestWhen:
    def test_an_event_is_the_line_with_its_word_without_what_leads_to_it(self) -> None:
        (one,) = of("event", ("Judul", ["Disampaikan pada Seminar Kota Hijau, Surabaya 2018", "Forum anak"]))
        assert one.value == "Seminar Kota Hijau, Surabaya 2018"
        assert one.quote == "Disampaikan pada Seminar Kota Hijau, Surabaya 2018"

    @pytest.mark.parametrize("line", ["Asia Water Forum 2018, Kyoto", "아시아 도시 포럼 2019", "Lokakarya Kota Hijau"])
    def test_events_are_known_in_three_languages(self, line: str) -> None:
        assert values("event", ("Judul", [line])) == [line]

    @pytest.mark.parametrize(
        "label",
        [
            "Rekonstruksi ilustratif untuk basis pengetahuan CityNet; bukan salindia asli pembicara.",
            "Illustrative reconstruction for the CityNet knowledge base; not the speaker's original slides.",
            "시티넷 지식베이스를 위해 재구성한 예시 자료이며, 발표자의 원본 슬라이드가 아닙니다.",
        ],
    )
    def test_the_label_of_a_reconstruction_is_neither_event_nor_speaker_nor_organisation(self, label: str) -> None:
        found = {one.field for one in suggest(deck(("Judul", [label])))}
        assert found & {"event", "speaker", "organisation", "city", "date"} == set()

    def test_a_sentence_about_a_seminar_is_no_event(self) -> None:
        assert values("event", ("Judul", ["Seminar ini dihadiri banyak warga."])) == []

    def test_the_date_is_the_slide_s_and_never_the_file_s(self) -> None:
        saved = DocumentMetadata(date=dt.date(2024, 1, 2))
        (one,) = of("date", ("Judul", ["Kupang, 16-18 Oktober 2019"]), said=saved)
        assert (one.value, one.page, one.quote) == ("2019-10-16", 1, "Kupang, 16-18 Oktober 2019")
        assert values("date", ("Judul", ["Isi"]), said=saved) == []

    def test_a_date_in_a_story_is_not_the_event_s(self) -> None:
        story = "On 17 October 2019 the council decided to build forty new wells"
        assert values("date", ("Air bersih", [story])) == []
        assert values("date", ("Air bersih", []), ("Sejarah", ["17 Oktober 2018", "Rapat koordinasi warga"])) == []
        assert values("event", ("Air bersih", []), ("Sejarah", ["Rapat koordinasi warga"])) == []
        assert values("date", ("Air bersih", []), ("Sampul", ["Kupang, 17 Oktober 2019"])) == ["2019-10-17"]


class TestSubjects:
    def test_a_theme_stands_on_enough_slides_and_quotes_the_first_line(self) -> None:
        slides = [("Bank sampah", ["Warga menabung"]), *[("Isi", ["Tanpa tema"])] * 5]
        (one,) = of("themes", *slides)
        assert (one.value, one.page, one.quote) == ("waste", 1, "Bank sampah")
        assert values("themes", *[("Isi", ["Tanpa tema"])] * 9, ("Lain", ["Lampu jalan"])) == []

    def test_themes_are_known_in_three_languages(self) -> None:
        for title in ("Bank sampah warga", "Solid waste and recycling", "음식물쓰레기 재활용"):
            assert values("themes", (title, [])) == ["waste"]

    def test_goals_that_a_slide_names_are_sure_and_those_of_themes_are_weak(self) -> None:
        found = of("sdgs", ("Bank sampah", ["SDG 11 dan 13, TPB 6", "지속가능발전목표 5", "SDG 18 and 50 %"]))
        assert [(one.value, one.source, one.confidence) for one in found] == [
            *((number, Source.SLIDE, 0.9) for number in ("5", "6", "11", "13")),
            ("12", Source.THEMES, 0.3),
        ]
        assert found[-1].quote == "waste"

    def test_languages_are_those_that_were_detected(self) -> None:
        (one,) = of("languages", ("Judul", []), said=DocumentMetadata(languages=("id",)))
        assert (one.value, one.source) == ("id", Source.TEXT)


def test_gaps_are_filled_and_statements_kept() -> None:
    loaded = deck(("Bank sampah", ["Wali Kota Kupang", "SDG 12", "17 Oktober 2019"]))
    stated = DocumentMetadata(title="Judul sendiri", themes=("poverty",))
    said = filled(stated, suggest(loaded, stated, "x"))
    assert said == DocumentMetadata(
        title="Judul sendiri",
        speaker="Wali Kota Kupang",
        city="Kupang",
        country="Indonesia",
        date=dt.date(2019, 10, 17),
        themes=("poverty",),
        sdgs=(12, 1, 10),
    )


@given(st.lists(st.tuples(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=4)), max_size=4))
def test_whatever_a_file_says_quotes_stand_on_their_page_and_values_fit(slides: list[Slide]) -> None:
    loaded = deck(*slides)
    found = suggest(loaded, NOTHING, "nama")
    filled(NOTHING, found)
    assert len({(one.field, one.value) for one in found}) == len(found)
    for one in found:
        assert 0 <= one.confidence <= 1
        if one.page:
            texts = [segment.text for segment in loaded.pages[one.page - 1].segments]
            assert any(one.quote.rstrip("…") in text for text in texts)


def test_a_huge_first_slide_is_read_in_a_moment() -> None:
    line = "Kota " * 2000 + "Dr. " * 2000 + "17 Oktober 2019, " * 500
    assert values("title", ("Air bersih", [line] * 20)) == ["Air bersih"]
