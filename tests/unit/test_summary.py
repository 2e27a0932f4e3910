"""Which sentences are quoted: the likeliest slides' statements, word for word, each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from kb.bands import band
from kb.language import sentences
from kb.results import Quotation
from kb.summary import Sentence, summarise
from kb.types import (
    Chunk,
    ChunkId,
    Document,
    DocumentId,
    DocumentMetadata,
    Evidence,
    Hit,
    Span,
    State,
    VersionId,
)

NO_EVIDENCE = Evidence(0, 0, 0, 0, 0, 0, "id", "id")
LAMPS = "Lampu jalan dibayar dari anggaran kota sejak tahun lalu."
BONDS = "Belum ada daerah yang menerbitkan obligasi sampai sekarang."
WATER = "Perusahaan daerah mengalirkan air bersih ke sebagian warga."
WASTE = "Warga menabung sampah plastik di kantor kelurahan setiap minggu."
ROADS = "Radar menemukan rongga di bawah jalan sebelum jalan itu ambles."
PARKS = "Taman kota dibangun bersama bank pembangunan daerah setempat."


def hit(text: str, chance: float = 0.9, *, deck: int = 1, page: int = 2, language: str = "id", **said: object) -> Hit:
    """A hit on a slide; ``said`` are further fields."""
    metadata = DocumentMetadata(title=f"Presentasi {deck}")
    document = Document(
        DocumentId(f"d{deck}"), VersionId(deck), State.PUBLISHED, metadata, "f.pdf", "m", "s", 1, 20, 20, "", ""
    )
    chunk = Chunk(ChunkId(100 * deck + page), document.version, document.id, page, 0, len(text), text, "", language, "00")
    fields: dict[str, object] = {"page_title": "Judul", "more": (), **said}
    return Hit(1, chance, chance, band(chance), chunk, document, sentence=Span(0, 1), words=(), contributions=(),
               evidence=NO_EVIDENCE, **fields)  # type: ignore[arg-type]  # fmt: skip


class Nearness:
    """Scores and vectors of sentences by their words; each has a direction of its own unless it is ``like`` another."""

    def __init__(self, scores: Mapping[str, float] | None = None, like: Mapping[str, str] | None = None) -> None:
        self.scores, self.like = scores or {}, like or {}
        self.directions: dict[str, int] = {}

    def __call__(self, chunk: Chunk) -> list[Sentence]:
        return [self._sentence(span, chunk.text[span.start : span.end]) for span in sentences(chunk.text)]

    def _sentence(self, span: Span, text: str) -> Sentence:
        place = self.directions.setdefault(self.like.get(text, text), len(self.directions))
        return Sentence(span, self.scores.get(text, 0.3), np.eye(64, dtype=np.float32)[place])


def quoted(hits: Sequence[Hit], nearness: Nearness | None = None, question: str = "siapa membayar") -> list[str]:
    return [one.text for one in summarise(question, "id", hits, nearness or Nearness())]


def test_a_quotation_is_the_slide_s_text_at_its_span() -> None:
    slide = hit(f"Judul kecil\n{LAMPS}\n{BONDS}", page=7, page_title="Lampu")
    (first, _) = summarise("siapa membayar", "id", [slide], Nearness({LAMPS: 0.5, BONDS: 0.4}))
    assert first == Quotation(slide.document, 7, "Lampu", slide.chunk.id, Span(12, 12 + len(LAMPS)), LAMPS, "id")
    assert slide.chunk.text[first.span.start : first.span.end] == first.text


def test_without_a_strong_first_hit_nothing_is_quoted() -> None:
    assert quoted([hit(LAMPS, 0.49), hit(BONDS, 0.9, deck=2)]) == []
    assert quoted([hit(LAMPS, 0.5)]) == [LAMPS]
    assert quoted([]) == []


def test_the_likeliest_slides_come_first_whichever_hit_they_stand_under() -> None:
    further = hit(BONDS, 0.95, page=3)
    assert quoted([hit(LAMPS, 0.9, more=(further,)), hit(WATER, 0.92, deck=2)]) == [BONDS, WATER, LAMPS]


def test_slides_that_hardly_answer_are_not_quoted() -> None:
    assert quoted([hit(LAMPS, 0.6), hit(BONDS, 0.41, deck=2), hit(WATER, 0.39, deck=3)]) == [LAMPS, BONDS]
    assert quoted([hit(LAMPS, 0.96), hit(BONDS, 0.47, deck=2)]) == [LAMPS]


def test_at_most_five_sentences_three_of_a_deck_and_two_of_a_slide() -> None:
    one = [hit(text, 0.9 - n / 100, page=2 + n) for n, text in enumerate([LAMPS, BONDS, WATER, WASTE])]
    assert quoted(one) == [LAMPS, BONDS, WATER]
    assert quoted([hit("\n".join([LAMPS, BONDS, WATER]))]) == [LAMPS, BONDS]
    many = [hit(text, 0.9, deck=n) for n, text in enumerate([LAMPS, BONDS, WATER, WASTE, ROADS, PARKS])]
    assert quoted(many) == [LAMPS, BONDS, WATER, WASTE, ROADS]


def test_a_second_sentence_that_is_much_farther_is_left_out() -> None:
    slide = hit(f"{LAMPS}\n{BONDS}")
    assert quoted([slide], Nearness({LAMPS: 0.5, BONDS: 0.36})) == [LAMPS, BONDS]
    assert quoted([slide], Nearness({LAMPS: 0.5, BONDS: 0.34})) == [LAMPS]


def test_covers_and_lists_of_sources_are_not_quoted() -> None:
    cover = hit(BONDS, 0.95, deck=2, page=1, page_title="Presentasi 2")
    sources = [
        hit(WATER, 0.95, deck=n, page_title=title) for n, title in enumerate(["Sumber (1/2)", "Sources", "출처 (2/2)"], 3)
    ]
    assert quoted([hit(LAMPS), cover, *sources]) == [LAMPS]


def test_what_says_the_same_in_other_words_is_quoted_once() -> None:
    same = "Pembiayaan penerangan berasal dari belanja pemerintah setempat."
    assert quoted([hit(LAMPS), hit(same, 0.8, deck=2)], Nearness(like={same: LAMPS})) == [LAMPS]
    assert quoted([hit(LAMPS), hit(f"Sejak tahun lalu {LAMPS}", 0.8, deck=2)]) == [LAMPS]


def test_the_same_of_other_numbers_is_another_thing() -> None:
    years = [f"Jumlah lampu jalan di kota pada tahun {year} sudah dihitung." for year in (2018, 2019)]
    assert quoted([hit(years[0]), hit(years[1], 0.8, deck=2)], Nearness(like={years[1]: years[0]})) == years


def test_of_two_languages_the_question_s_own_is_quoted() -> None:
    english = "Street lamps have been paid from the city budget."
    pair = [hit(english, language="en"), hit(LAMPS, 0.8, deck=2)]
    nearness = Nearness(like={english: LAMPS})
    assert quoted(pair, nearness) == [LAMPS]
    assert [one.text for one in summarise("who pays", "en", pair, nearness)] == [english]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("kapan lampu dipasang", "Lampu pertama di kota itu menyala pada tahun 2018."),
        ("berapa lampu dipasang", "Sebanyak 3.500 lampu menyala di seluruh kota itu."),
        ("siapa memasang lampu", "Dinas perhubungan memasang semua lampu di kota itu."),
    ],
)
def test_a_question_for_a_year_or_a_number_gets_one(question: str, expected: str) -> None:
    lines = [
        "Dinas perhubungan memasang semua lampu di kota itu.",
        "Lampu pertama di kota itu menyala pada tahun 2018.",
        "Sebanyak 3.500 lampu menyala di seluruh kota itu.",
    ]
    nearness = Nearness({lines[0]: 0.4, lines[1]: 0.25, lines[2]: 0.25})
    assert quoted([hit("\n".join(lines))], nearness, question)[0] == expected


def test_notes_reports_and_sentences_that_point_back_stand_behind() -> None:
    slide = f"{LAMPS}\n{BONDS}\nSumber: kompas\n{WATER}"
    assert quoted([hit(slide)], Nearness({LAMPS: 0.3, BONDS: 0.29, WATER: 0.4}))[0] == LAMPS
    pointing = "Usulan itu untuk lima ruas jalan di pusat kota."
    assert quoted([hit(f"{LAMPS}\n{pointing}")], Nearness({LAMPS: 0.3, pointing: 0.35}))[0] == LAMPS


def test_a_slide_that_answers_in_its_table_is_not_quoted() -> None:
    row = "OSS | Perizinan berusaha | sekitar 1.500 izin per hari"
    table = hit(f"{row}\n{BONDS}\n{WATER}", 0.8, deck=2)
    assert quoted([hit(LAMPS), table], Nearness({row: 0.6})) == [LAMPS]
    assert quoted([hit(LAMPS), table], Nearness({row: 0.4})) == [LAMPS, BONDS, WATER]


def test_a_figure_is_quoted_only_by_a_label_that_is_near() -> None:
    slide = hit("217\ndesa di kabupaten\n25\nkecamatan di kabupaten")
    near = Nearness({"desa di kabupaten": 0.1, "kecamatan di kabupaten": 0.6})
    assert quoted([slide], near) == ["25\nkecamatan di kabupaten"]


def test_where_the_index_knows_other_sentences_nothing_is_quoted() -> None:
    assert summarise("siapa", "id", [hit(LAMPS)], lambda chunk: []) == ()
