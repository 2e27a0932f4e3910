"""Normalisation, garbled text, sensible titles and repeated lines."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.load import text


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("가로등", "가로등"),
        ("kota\u00a0Kupang  \t baru", "kota Kupang baru"),
        ("satu\u000bdua\r\n\r\n  tiga ", "satu\ndua\ntiga"),
        ("lam\u00adpu ja\u200blan\ufeff", "lampu jalan"),
        ("e\u0301tat \ufb01nal", "état final"),
        ("It\x92s \x93here\x94", "It’s “here”"),
        ("\x00ko\x08ta\x1b", "kota"),
        ("bad \ud800 half", "bad \ufffd half"),
    ],
)
def test_clean_gives_one_form_of_text(raw: str, cleaned: str) -> None:
    assert text.clean(unicodedata.normalize("NFD", raw) if raw == "가로등" else raw) == cleaned


@given(st.text())
def test_clean_text_is_composed_encodable_and_stays_as_it_is(raw: str) -> None:
    once = text.clean(raw)
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once
    assert text.clean(once) == once


@pytest.mark.parametrize(
    "raw",
    [
        "(cid:12)(cid:45)(cid:7) (cid:9)(cid:88)",
        "/g12/g34/g5/g77/g8/g9/g10/g11",
        "\uf041\uf042\uf043 \uf044\uf045",
        "\x03\x04\x11 abc \x12\x13",
        "\ufffd\ufffd\ufffd abc",
        "ÀÌ°ÍÀº ÇÑ±¹¾î ¹®ÀåÀÔ´Ï´Ù ±×·¯³ª",
        "\u0416\u0634\u0937\u0e17\u1230\u13a0\u0567\u10d0 \u0416\u0634\u0937\u0e17\u1230" * 2,
    ],
)
def test_text_of_fonts_without_encoding_is_garbled(raw: str) -> None:
    assert text.is_garbled(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "Anggaran Rp 316,34 miliar (2019)",
        "세종시의 지하 공동구는 2012년에 지어졌다.",
        "Señor Müller à São Paulo: 45 % – déjà vu",
        "横浜市 よこはま 横浜港 スマートシティ and Иркутск and Ελλάδα",
        "\uf0b7 satu butir dengan tanda dari fon simbol",
        "\uf0b375 tahun",
        "\uf0a7 Air\n\uf0a7 Bus\n\uf0a7 TPA",
    ],
)
def test_ordinary_text_is_not_garbled(raw: str) -> None:
    assert not text.is_garbled(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "deck final.pptx",
        "Slide 3",
        "슬라이드 12",
        "PowerPoint Presentation",
        "Presentasi PowerPoint",
        "PowerPoint-Präsentation",
        "Apresentação do PowerPoint",
        "Prezentacja programu PowerPoint",
        "untitled",
        "2019",
        "x" * 201,
    ],
)
def test_file_names_and_program_defaults_are_no_titles(raw: str) -> None:
    assert text.sensible_title(raw) == ""


def test_a_title_is_kept_on_one_line() -> None:
    assert text.sensible_title(" Smart\u000bKampung  Banyuwangi ") == "Smart Kampung Banyuwangi"


@pytest.mark.parametrize(
    "raw", ["admin", "Microsoft Office User", "LAB_PC 12", "budi@kupang.go.id", "python-pptx demo", "Budi"]
)
def test_accounts_and_programs_are_no_authors(raw: str) -> None:
    assert text.sensible_author(raw) == ""


def test_a_name_of_two_words_is_an_author() -> None:
    assert text.sensible_author("Pemerintah Kota Kupang") == "Pemerintah Kota Kupang"


def test_dates_of_reset_clocks_are_dropped() -> None:
    assert text.sensible_date(dt.date(1904, 1, 1)) is None
    assert text.sensible_date(dt.date(2019, 10, 17)) == dt.date(2019, 10, 17)


def test_the_first_short_line_is_sought_in_three_lines_only() -> None:
    assert text.first_short_line(["12", "x" * 121, "Judul"]) == "Judul"
    assert text.first_short_line(["12", "34", "56", "Judul"]) == ""


def test_repeated_keys_need_share_and_number() -> None:
    pages = [["a", "b"], ["a"], ["a", "b"], ["c"]]
    assert text.repeated(pages, 0.5, at_least=2) == {"a", "b"}
    assert text.repeated(pages, 0.7, at_least=2) == {"a"}
    assert text.repeated([["a"]], 0.5, at_least=2) == frozenset()


def test_running_key_takes_every_number_for_the_same() -> None:
    assert text.running_key("Halaman 7 dari 12") == text.running_key("HALAMAN 11 dari 12") == "halaman # dari #"
