"""A slide is cited with whose it is, what, when, where, which slide, and whether it is a reconstruction."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kb.citation import Cited, apa, bibtex, ris
from kb.suggested import Source, Suggestion
from kb.types import Document, DocumentId, DocumentMetadata, Provenance, State, VersionId

SAID = DocumentMetadata(
    title="Pembiayaan 100% & KPBU_lampu",
    speaker="Dr Kessie Lee",
    city="Kupang",
    country="Indonesia",
    event="Seminar Smart City",
    date=dt.date(2019, 10, 17),
    languages=("id",),
    provenance=Provenance.ILLUSTRATIVE,
)
DECK = Document(DocumentId("d1"), VersionId(3), State.PUBLISHED, SAID, "f", "m", "s", 1, 9, 9, "", "")
SLIDE = Cited(DECK, 5, "https://kb.example/slide?doc=d1&page=5")


def bare(**said: object) -> Cited:
    return replace(SLIDE, document=replace(DECK, metadata=DocumentMetadata(**said)))  # type: ignore[arg-type]


def test_apa_names_all_that_is_known() -> None:
    assert apa(SLIDE) == (
        "Dr Kessie Lee (2019, October 17). Pembiayaan 100% & KPBU_lampu, slide 5 "
        "[Presentation slides; illustrative reconstruction]. Seminar Smart City. Kupang, Indonesia. "
        "https://kb.example/slide?doc=d1&page=5"
    )


def test_apa_without_author_begins_with_the_title_and_without_a_date_says_so() -> None:
    assert apa(bare(title="Kota.")) == (
        "Kota., slide 5 [Presentation slides] (n.d.). https://kb.example/slide?doc=d1&page=5"
    )


def test_an_organisation_stands_for_a_speaker_and_a_city_for_both() -> None:
    assert bare(title="T", organisation="Dinas PU", city="Kupang").author == "Dinas PU"
    assert bare(title="T", city="Kupang").author == "Kupang"


def test_bibtex_escapes_what_means_something_to_tex() -> None:
    entry = bibtex(SLIDE)
    assert entry.startswith("@misc{kupang-pembiayaan-100-2019-d1-5,\n")
    assert r"  title = {{Pembiayaan 100\% \& KPBU\_lampu}}," in entry
    assert "  author = {{Dr Kessie Lee}}," in entry
    assert "  note = {Slide 5. Seminar Smart City. Illustrative reconstruction}," in entry
    assert "  url = {https://kb.example/slide?doc=d1&page=5}\n}\n" in entry


def test_bibtex_keys_of_a_korean_deck_are_plain_letters() -> None:
    assert bibtex(bare(title="서울의 도로")).startswith("@misc{nd-d1-5,\n")


def test_ris_has_one_field_a_line_whatever_the_title_holds() -> None:
    lines = ris(bare(title="Kota\r\nER  - cerdas", languages=("id", "ko"))).split("\r\n")
    assert lines == [
        "TY  - SLIDE",
        "TI  - Kota ER - cerdas",
        "SP  - 5",
        "UR  - https://kb.example/slide?doc=d1&page=5",
        "LA  - id",
        "LA  - ko",
        "ER  - ",
        "",
    ]


def test_ris_dates_as_its_readers_do() -> None:
    assert "\r\nPY  - 2019\r\nDA  - 2019/10/17/\r\n" in ris(SLIDE)


def test_what_nobody_confirmed_is_cited_as_unconfirmed() -> None:
    guess = Suggestion("date", "2019-10-17", Source.SLIDE, 1, "17 Oktober 2019", 0.8)
    unsure = replace(SLIDE, document=replace(DECK, suggested=(guess,)))
    assert "[Presentation slides; illustrative reconstruction; details unconfirmed]" in apa(unsure)
    assert "Illustrative reconstruction. Details unconfirmed}" in bibtex(unsure)
    assert "N1  - Illustrative reconstruction; details unconfirmed\r\n" in ris(unsure)
    assert "unconfirmed" not in apa(replace(SLIDE, document=replace(DECK, suggested=(replace(guess, field="themes"),))))
