from __future__ import annotations

import time

import pytest

from kb.practice import PracticeField
from kb.practice_cues import (
    cues,
    denies,
    is_caveat,
    is_reachable,
    names_somebody,
    places,
    speaks_of,
    states_change,
    states_money,
    titled,
)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Masalah: warga menunggu lama", PracticeField.PROBLEM),
        ("The problem: assets last decades", PracticeField.PROBLEM),
        ("우리 도시의 과제", PracticeField.PROBLEM),
        ("Cara kerja layanan", PracticeField.ACTION),
        ("Biaya: desa membeli sendiri", PracticeField.COST),
        ("Who pays for the lamps", PracticeField.COST),
        ("사업 예산", PracticeField.COST),
        ("Hasil 2018", PracticeField.RESULT),
        ("주요 성과", PracticeField.RESULT),
        ("Partners of the project", PracticeField.PARTNERS),
        ("협력 기관", PracticeField.PARTNERS),
        ("Yang dapat ditiru", PracticeField.LESSONS),
        ("교훈과 시사점", PracticeField.LESSONS),
        ("Contact", PracticeField.CONTACT),
        ("문의처", PracticeField.CONTACT),
    ],
)
def test_titles_in_three_languages_name_their_field(title: str, field: PracticeField) -> None:
    assert field in titled(title)


@pytest.mark.parametrize("title", ["Lessons from Asia", "Unless the road is open", "Danau Toba"])
def test_a_phrase_within_another_word_names_nothing_else(title: str) -> None:
    assert not titled(title) & {PracticeField.RESULT, PracticeField.COST}


def test_a_title_that_remarks_on_sources_names_no_field() -> None:
    assert titled("Hasil: sumber berbeda") == frozenset()
    assert is_caveat("Jumlah lampu berbeda antarsumber, sehingga setiap angka perlu tanggal.")
    assert is_caveat("두 수치를 섞어 쓰면 안 됨")
    assert not is_caveat("Jumlah lampu bertambah.")


def test_a_sentence_speaks_of_a_field_unless_it_tells_another_thing() -> None:
    assert speaks_of("Pendapatan naik menjadi lima juta.", PracticeField.RESULT)
    assert not speaks_of("PDRB per kapita naik.", PracticeField.RESULT)
    assert not denies("Electricity reached 95 per cent.", PracticeField.RESULT)
    assert denies("Sensors are planned.", PracticeField.RESULT)


@pytest.mark.parametrize("text", ["Rp15 miliar", "US$1.1 billion", "KRW 2.7 tn", "2조 7,087억 원", "256억 원", "34만 원"])
def test_amounts_of_money_are_known_in_each_way_of_writing(text: str) -> None:
    assert states_money(f"seluruhnya {text} setahun")


@pytest.mark.parametrize("text", ["15 lampu", "tahun 2018", "30억 년", "1,3 juta jiwa"])
def test_other_numbers_are_no_money(text: str) -> None:
    assert not states_money(text)


@pytest.mark.parametrize(
    "text", ["turun dari 10 menjadi 3", "from 37 in 2014 to 1,280", "37개에서 1,280개로", "19 %", "5일 → 1일"]
)
def test_changes_and_shares_are_known(text: str) -> None:
    assert states_change(text)


def test_a_name_is_a_capital_within_a_sentence() -> None:
    assert names_somebody("Dibangun bersama Telkom.")
    assert not names_somebody("Dibangun bersama warga.")
    assert names_somebody("대학교와 개발함")


@pytest.mark.parametrize(
    ("text", "found"), [("a@kota.go.id", True), ("(0380) 827777", True), ("0380-12", False), ("2019", False)]
)
def test_only_an_address_or_a_number_to_call_is_a_contact(text: str, found: bool) -> None:
    assert is_reachable(text) is found


def test_every_field_has_phrases_and_examples_in_three_languages() -> None:
    for field, cue in cues().items():
        assert len(cue.examples) >= 3, field
        assert any("가" <= letter <= "힣" for example in cue.examples for letter in example), field
    assert "Kota Kupang" in places()


@pytest.mark.parametrize("text", ["1" * 5_000, "1억" + "1 " * 3_000, "dari 1 " * 1_000, "9 (" * 2_000])
def test_hostile_lines_are_read_in_no_time(text: str) -> None:
    began = time.monotonic()
    states_money(text)
    states_change(text)
    is_reachable(text)
    is_caveat(text)
    assert time.monotonic() - began < 2
