"""Covers and lists of sources are told from slides that say something, by what is stated of the deck."""

from __future__ import annotations

import pytest

from kb.imprint import is_telling
from kb.types import DocumentMetadata

SAID = DocumentMetadata(
    title="Lampu jalan Kota Kupang",
    speaker="Wali Kota Kupang",
    organisation="Pemerintah Kota Kupang",
    event="Seminar Strategi Pengembangan Smart City, Kupang 2019",
    note="Rekonstruksi ilustratif, bukan salindia asli.",
    sources=("kupang.antaranews.com/berita/36466/kota-kupang-raih-wtp", "tempo, 530167", "서울신문, 20190317"),
)
SOURCES = "\n".join(["Fakta | Alamat", *(f"K{n} | {source}" for n, source in enumerate(SAID.sources))])


@pytest.mark.parametrize(
    "text",
    [
        "Dari anggaran ke cahaya\nSeminar Strategi Pengembangan Smart City, Kupang 2019\nWali Kota Kupang\n"
        "Pemerintah Kota Kupang\nRekonstruksi ilustratif, bukan salindia asli.",
        "LAMPU JALAN KOTA KUPANG · Wali Kota Kupang",
        SOURCES,
        SOURCES.replace("36466/", "36466/\n"),
        "Terima kasih",
        "",
    ],
)
def test_what_only_names_the_deck_or_its_sources_tells_nothing(text: str) -> None:
    assert not is_telling(text, SAID)


@pytest.mark.parametrize(
    "text",
    [
        "Pemerintah Kota Kupang mengganti empat ribu lampu jalan dengan lampu hemat energi pada tahun 2018.",
        "Listrik lampu dibayar dari pajak penerangan jalan (tempo, 530167).",
    ],
)
def test_a_slide_that_names_its_source_and_the_city_tells_something(text: str) -> None:
    assert is_telling(text, SAID)


def test_sources_that_are_not_stated_of_the_deck_are_text_like_any_other() -> None:
    assert is_telling(SOURCES, DocumentMetadata(title="Lampu jalan"))


def test_a_name_of_one_or_two_letters_is_not_taken_out_of_words() -> None:
    text = "Arah angkutan malam dan pasar rakyat sama ramainya"
    assert is_telling(text, DocumentMetadata(speaker="A", organisation="an"))
