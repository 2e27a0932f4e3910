"""What a slide says: sentences and figures with their labels; no titles, captions, rows of tables or sources."""

from __future__ import annotations

import pytest

from kb.statements import is_ended, is_statement, statements, without_sources


def told(text: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in statements(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Kapasitas 4.000 liter per detik untuk 1,3 juta jiwa.",
        "A regional loan needs the consent of the council (DPRD).",
        "서울은 1989년에 시티넷에 가입함",
        "해마다 3,000명이 넘는 공무원이 토피스를 찾아 배우고 있음 (서울시)",
        "순찰 장치는 온도와 습도를 감지합니다.",
        "Mitra operator membangun hotspot tanpa biaya dari anggaran",
        "Sumber dana: anggaran daerah dan pinjaman dari PT SMI.",
    ],
)
def test_statements_are_told_from_what_is_none(line: str) -> None:
    assert is_statement(line)


@pytest.mark.parametrize(
    "line",
    [
        "Masalah yang dihadapi",
        "Terima kasih.",
        "of the villages have optical fibre in their office",
        "% of the water that is supplied and billed",
        "Sumatra: Bagian komitmen pinjaman daerah, April 2019 52",
        "Pajak 106,71; 45,16; 15,03; 28,44; 108,32; 39,09",
        "SIPD | Informasi pemerintahan daerah | Permendagri 98/2018 | Diganti pada 2019",
        "Rencana desa → Pos bandwidth → E-village budgeting → Pemantauan",
        "Sumber: banyuwangi.merdeka.com; banyu-wangi.com; merdeka",
        "Source (2019): the city's own figures, as printed in its yearly report.",
        "출처: 서울시 상하수도본부 자료를 바탕으로 정리함",
        "Grafik: Ruang terbuka hijau masih jauh di bawah amanat undang-undang (% luas wilayah).",
        "Siapa yang akan merawat aplikasi ini sesudah tahun pertama?",
        "Slide ini membantu kota lain yang menimbang pilihan yang sama.",
        "See www.example.org for the whole list of members of the network.",
        "word " * 70 + "end.",
    ],
)
def test_labels_captions_rows_figures_sources_and_questions_are_no_statements(line: str) -> None:
    assert not is_statement(line)


@pytest.mark.parametrize("line", ["Selesai.", "“Selesai.”", "계획임", "찾음 (동아일보)", "감소했다"])
def test_sentences_end_in_a_stop_or_in_a_korean_verb(line: str) -> None:
    assert is_ended(line)


@pytest.mark.parametrize("line", ["통합 관리", "A line", "2019"])
def test_other_lines_do_not_end(line: str) -> None:
    assert not is_ended(line)


def test_lines_beside_sentences_are_labels() -> None:
    slide = (
        "Jalur kerja sama dengan badan usaha\nMoU ditandatangani pada 8 Oktober 2019.\nAir dijanjikan dalam delapan bulan."
    )
    assert told(slide) == ["MoU ditandatangani pada 8 Oktober 2019.", "Air dijanjikan dalam delapan bulan."]


def test_a_slide_that_ends_no_line_speaks_in_its_lines() -> None:
    assert told("Pelajaran\nBermitra daripada membeli dan merawat armada") == [
        "Bermitra daripada membeli dan merawat armada"
    ]


def test_a_figure_is_told_with_the_label_under_it() -> None:
    slide = "168만 명\n2018년 1월까지의 참여자\n7 March 2014\nlaunch of mVoting\nKRW 1.4 tn\nplanned up to 2022"
    assert told(slide) == [
        "168만 명\n2018년 1월까지의 참여자",
        "7 March 2014\nlaunch of mVoting",
        "KRW 1.4 tn\nplanned up to 2022",
    ]
    assert [(one.sentence, one.figure) for one in statements(slide)] == [(1, True), (3, True), (5, True)]


@pytest.mark.parametrize(
    "slide",
    [
        "villages\n217\nsub-districts\n25",  # labels stand above: "217, sub-districts" would be false
        "1\nVillage plan\n2\nBandwidth line",  # steps
        "25\nsub-districts",  # one figure may be an axis or a page's number
        "5.782 km²\nSumber: kompas\n25\nTabel: luas",
    ],
)
def test_figures_whose_label_is_doubtful_are_not_told(slide: str) -> None:
    assert told(slide) == []


def test_the_description_of_a_drawing_is_not_told_beside_its_figures() -> None:
    figures = "13\nchannels in the city\n186,685\nreports in two years"
    slide = f"{figures}\nKey figures: 13 channels in the city; 186,685 reports; 2 years"
    assert told(slide) == ["13\nchannels in the city", "186,685\nreports in two years"]


def test_what_follows_the_sources_is_a_note() -> None:
    slide = "RTH Kota Kupang baru 19% pada 2016.\nSumber: nttonlinenow\nSelisih itu menjelaskan daftar belanja kota."
    assert [one.note for one in statements(slide)] == [False, True]


def test_sources_are_taken_out_of_a_text() -> None:
    assert (
        without_sources("Air bersih\nSumber: kompas\nSource (2): tempo\nSumber dana: APBD")
        == "Air bersih\nSumber dana: APBD"
    )
