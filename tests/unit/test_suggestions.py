"""Queries that lead further: concepts, shared phrases and titles of the slides near a question."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kb.concepts import mentions
from kb.language import term_texts
from kb.phrases import phrases
from kb.suggestions import NearSlide, Passages, suggest
from kb.types import Chunk, ChunkId, Document, DocumentId, DocumentMetadata, State, VersionId


def near(*slides: tuple[str, str], language: str = "id", shown: bool = True) -> list[NearSlide]:
    """Slides of (title, text), the nearest first."""
    deck = Document(
        DocumentId("d"), VersionId(1), State.PUBLISHED, DocumentMetadata(title="Deck"), "f", "m", "s", 1, 9, 9, "", ""
    )
    found = []
    for n, (title, text) in enumerate(slides, start=2):
        chunk = Chunk(ChunkId(n), VersionId(1), DocumentId("d"), n, 0, len(text), text, "", language, "00")
        found.append(NearSlide(chunk, title, deck, 1 - n / 100, shown))
    return found


def passages(slides: Sequence[NearSlide], *others: str, total: int = 100, public: bool = True) -> Passages:
    """A collection of the slides and other texts among ``total`` passages."""
    texts = [set(term_texts(text)) for text in [*(f"{s.title} {s.chunk.text}" for s in slides), *others]]
    return Passages(total, lambda terms: [sum(term in text for text in texts) for term in terms], public)


def suggested(question: str, slides: Sequence[NearSlide], language: str = "id", *others: str) -> tuple[str, ...]:
    return suggest(question, language, slides, passages(slides, *others))


LAMPS = ("Lampu jalan tanpa anggaran", "Lampu dibayar dengan tanggung jawab sosial perusahaan.")
BONDS = ("Obligasi daerah: belum ada penerbit", "Kota menunggu aturan baru.")


def test_concepts_of_the_titles_are_suggested_by_the_name_that_the_slides_use() -> None:
    assert suggested("siapa membayar taman", near(LAMPS, BONDS)) == ("lampu jalan", "obligasi daerah")


def test_what_is_asked_already_is_not_suggested_in_whatever_words() -> None:
    assert suggested("penerangan jalan", near(LAMPS, BONDS)) == ("obligasi daerah",)
    assert suggested("municipal bond", near(LAMPS, BONDS)) == ("lampu jalan",)


def test_a_concept_is_named_in_the_question_s_language_when_decks_name_it_so() -> None:
    assert suggested("who pays for parks", near(LAMPS, BONDS), "en", "street lighting by the city") == ("street lighting",)
    assert suggested("공원 비용", near(LAMPS, BONDS), "ko") == ()


def test_a_name_that_may_stand_in_hidden_decks_only_is_not_shown() -> None:
    slides = near(LAMPS, BONDS)
    all_may_be_seen, some_may_not = (passages(slides, "street lighting", public=public) for public in (True, False))
    assert suggest("who pays for parks", "en", slides, all_may_be_seen) == ("street lighting",)
    assert suggest("who pays for parks", "en", slides, some_may_not) == ()


def test_what_is_only_spoken_of_in_passing_or_everywhere_is_not_suggested() -> None:
    slides = near(("Taman", "Obligasi daerah dan lampu jalan disebut juga."), ("Air", "Tidak ada hal lain."))
    assert suggested("siapa membayar", slides) == ()
    common = [f"lampu jalan {n}" for n in range(11)]
    assert suggested("siapa membayar taman", near(LAMPS, BONDS), "id", *common) == ("obligasi daerah",)


def test_the_best_result_s_own_title_is_not_suggested() -> None:
    assert suggested("siapa membayar taman", near(("Lampu jalan", "Isi."), BONDS)) == ("obligasi daerah",)
    assert suggested("siapa membayar taman", near(BONDS, ("Lampu jalan", "Isi."))) == ("obligasi daerah", "lampu jalan")


def test_names_of_places_are_not_suggested() -> None:
    assert suggested("siapa membayar", near(("Surabaya dan Jepang", "Kota-kota."), ("Kupang", "Kota."))) == ()


def test_phrases_that_near_slides_share_are_suggested_whole() -> None:
    slides = near(
        ("Siswa Asuh Sebaya di sekolah", "Anak dibantu teman."),
        ("Hasil", "Pada 2019 Siswa Asuh Sebaya dikunjungi banyak orang."),
        ("Anggaran", "Untuk warung makan."),
    )
    assert suggested("siapa membantu", slides) == ("Siswa Asuh Sebaya",)


def test_short_titles_that_are_no_results_are_suggested() -> None:
    slides = near(("Uang yang dikelola warga", "Isi."), ("Sumber (1/2)", "Isi."), ("A b c d e f g h i", "Isi."), shown=False)
    assert suggested("siapa membayar", slides) == ("Uang yang dikelola warga",)
    assert suggested("siapa membayar", near(("Uang yang dikelola warga", "Isi."), ("X", "Y"))) == ()
    assert suggested("who pays", slides, "en") == ()
    many = [f"Uang yang dikelola warga {n}" for n in range(11)]
    assert suggested("siapa membayar", slides, "id", *many) == ()


def test_kinds_take_turns_and_six_are_enough() -> None:
    titles = [(f"{name} baru", "Isi.") for name in ("Alun", "Balai", "Candi", "Dermaga", "Embung")]
    slides = near(LAMPS, BONDS) + near(*titles, shown=False)
    found = suggested("siapa membayar taman", slides)
    assert found == ("lampu jalan", "Alun baru", "obligasi daerah", "Balai baru", "Candi baru", "Dermaga baru")


def test_words_of_the_sources_are_not_suggested() -> None:
    slides = near(
        ("Satu", "Isi.\nSumber: portal berita kota"), ("Dua", "Isi.\nSumber: portal berita kota"), ("Portal berita", "Isi.")
    )
    assert suggested("siapa membayar", slides) == ()


def test_without_slides_nothing_is_suggested() -> None:
    assert suggest("siapa", "id", [], Passages(0, lambda terms: [0 for _ in terms], True)) == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("KPBU untuk lampu jalan", {"KPBU", "lampu jalan"}),
        ("the PPP was added later", {"PPP"}),
        ("ADD dan BUMD", {"ADD", "BUMD"}),
        ("지방채를 발행", {"지방채"}),
        ("nothing of the kind", set()),
    ],
)
def test_concepts_are_found_by_their_names(text: str, names: set[str]) -> None:
    assert {mention.name for mention in mentions(text)} == names


def test_remarks_in_the_glossary_are_no_part_of_a_name() -> None:
    (village,) = {mention.concept for mention in mentions("kades")}
    assert village.names["en"] == ("village",)


def test_phrases_stand_between_function_words_and_particles() -> None:
    assert list(phrases("The ground penetrating radar of Seoul")) == [
        "ground penetrating",
        "penetrating radar",
        "ground penetrating radar",
    ]
    assert phrases("Jemput Bola") == {"jemput bola": "Jemput Bola"}
    assert dict(phrases("지하시설물 통합관리 계획을 세움")) == {"지하시설물 통합관리": "지하시설물 통합관리"}
    assert phrases("2019, satu kata") == {}
