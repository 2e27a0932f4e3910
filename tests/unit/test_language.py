"""Languages, sentences and search terms of Indonesian, English and Korean text."""

from __future__ import annotations

import itertools
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.language import detect, nfc, passage_term_texts, passage_terms, sentences, term_texts, terms, terms_among
from kb.types import Span

MIXED = "Kota 수원 dan Suwon: Rp1.900,5 juta (2019). SPBE 도시의 재생, don't stop!"


def pieces(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Pemerintah kota membangun rumah sakit untuk warga miskin", "id"),
        ("The city government builds a hospital for poor residents", "en"),
        ("시 정부는 가난한 주민을 위해 병원을 짓는다", "ko"),
        ("서울시 Smart City", "ko"),
        ("Seoul Metropolitan Government and its partners (서울)", "en"),
        ("Banjir rob", ""),
        ("2019 - 3,5 %", ""),
        ("", ""),
    ],
)
def test_a_text_s_language_is_told_or_left_open(text: str, language: str) -> None:
    assert detect(text) == language


def test_what_cannot_be_told_takes_the_default() -> None:
    assert (detect("KPBU", "id"), detect("2019", "ko"), detect("", "en")) == ("id", "ko", "en")


def test_detection_gives_the_same_answer_from_many_threads() -> None:
    texts = ["Warga kota menanam pohon di taman", "Residents plant trees in the park", "주민이 나무를 심는다"] * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == ["id", "en", "ko"] * 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Baris satu\nBaris dua\n\n  Baris tiga ", ["Baris satu", "Baris dua", "Baris tiga"]),
        ("Biaya Rp 3,5 miliar. Naik 2.5 kali.", ["Biaya Rp 3,5 miliar.", "Naik 2.5 kali."]),
        ("Oleh Dr. Sri dan Ir. Budi. Selesai.", ["Oleh Dr. Sri dan Ir. Budi.", "Selesai."]),
        ("도시 재생을 했다. 결과는 좋았다.", ["도시 재생을 했다.", "결과는 좋았다."]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("(Lihat lampiran.) “Ya.” 3 hari", ["(Lihat lampiran.)", "“Ya.”", "3 hari"]),
        ("see e.g. Seoul. Next", ["see e.g. Seoul.", "Next"]),
        ("lower case. after a stop stays", ["lower case. after a stop stays"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences_end_at_marks_and_lines_but_not_at_abbreviations(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(st.text(alphabet="ab A.?!\n\"')서울 3,Rp", max_size=200))
def test_sentences_are_ordered_stripped_and_lose_nothing_but_space(text: str) -> None:
    spans = sentences(text)
    covered = {i for span in spans for i in range(span.start, span.end)}
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("membangun", "pembangunan"),
        ("kebijakan", "bijak"),
        ("pengelolaan", "mengelola"),
        ("cities", "city"),
        ("financing", "financed"),
        ("JAKARTA", "jakarta"),
        ("3.500", "3500"),
        ("3,500", "3500"),
        ("1.234.567", "1234567"),
        ("3,5", "3.5"),
        ("ＡＢＣＤ", "abcd"),
    ],
)
def test_forms_of_a_word_or_number_are_one_term(word: str, same: str) -> None:
    assert term_texts(word) == term_texts(same)


@pytest.mark.parametrize("acronym", ["SPBE", "KPBU", "PDAM", "VGF", "SMI", "AI", "4G", "G20", "2019", "CCTV"])
def test_acronyms_and_numbers_are_kept(acronym: str) -> None:
    assert term_texts(f"apa itu {acronym} kota")[2] == acronym.lower()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("도시재생", ["도시", "시재", "재생"]),
        ("도시재생을", ["도시", "시재", "재생", "생을"]),
        ("시", ["시"]),
        ("CCTV를", ["cctv", "를"]),
        ("2019년도", ["2019", "년도"]),
        ("Rp316,34", ["rp", "316.34"]),
        ("Rp 316,34", ["rp", "316.34"]),
        ("US$10", ["us", "10"]),
        ("smart_city", ["smart", "citi"]),
        ("!?-", []),
    ],
)
def test_hangul_becomes_bigrams_and_mixed_words_come_apart(text: str, expected: list[str]) -> None:
    assert term_texts(text) == expected


def test_a_korean_word_is_found_whatever_particle_follows() -> None:
    assert set(term_texts("청계천")) <= set(term_texts("청계천에서는"))


def test_terms_know_their_place_in_the_text_as_given() -> None:
    before, after = "Kota 수원 dan Suwon Rp 1.900,5", "juta 2019 SPBE 도시 시의 재생 don t stop"
    assert [MIXED[t.start : t.end] for t in terms(MIXED)] == [*before.split(), "1.900,5 juta", *after.split()]


@given(st.text(max_size=120))
def test_terms_of_any_text_are_in_order_and_never_empty(text: str) -> None:
    found = terms(text)
    assert all(0 <= t.start < t.end <= len(text) and t.text for t in found)
    assert all(a.start <= b.start for a, b in itertools.pairwise(found))


def test_stemming_gives_the_same_answer_from_many_threads() -> None:
    words = [f"pembangunan{chr(97 + i % 26)}kebijakan{chr(97 + i // 26)} cities" for i in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(term_texts, words)) == [term_texts(word) for word in words]


def test_decomposed_text_is_composed() -> None:
    assert nfc(unicodedata.normalize("NFD", "서울 é")) == "서울 é"


def test_a_million_characters_are_cut_without_quadratic_work() -> None:
    text = "\"'. " * 125_000 + "a." * 125_000 + " " * 125_000 + "." * 125_000
    start = time.perf_counter()
    assert sentences(text) == [Span(0, len(text))]
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "text",
    [
        "Lampu jalan Kota Kupang, Rp 316,34 miliar pada 2019",
        "스마트 시티 3,163.4억 원",
        "Smart city Seoul 스마트시티 2.0",
        "",
    ],
)
def test_wanted_terms_and_bare_texts_are_those_of_the_whole_analysis(text: str) -> None:
    every = passage_terms(text)
    assert passage_term_texts(text) == tuple(term.text for term in every)
    for wanted in (
        frozenset(term.text for term in every),
        frozenset(term.text for term in every[::3]),
        frozenset({"tiada"}),
    ):
        assert terms_among(text, wanted) == tuple(term for term in every if term.text in wanted)
