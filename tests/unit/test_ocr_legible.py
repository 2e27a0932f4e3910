"""Which pages are read from their pictures, and what of the reading is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.load import load
from ingest.ocr.legible import Need, is_illegible, is_new, need_of, seen_text, squeezed
from kb.types import Page, Reading, Segment, SegmentKind

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "The city council approved the budget for public transport and the water network in October."
# The same sentence through a font whose glyphs are numbered from the space on, as some programs leave it.
NUMBERED = " ".join("".join(chr(ord(c) - 29) for c in word) for word in SENTENCE.split() * 2)
ROTATED = SENTENCE.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "xqzjkwvbfghzcdrtpmnsyvlxqz"))


def page(*segments: tuple[str, SegmentKind]) -> Page:
    made = tuple(Segment(text, kind) for text, kind in segments)
    return Page(1, "", made, has_text=bool(made), reading=Reading.TEXT if made else Reading.NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        "(cid:12)(cid:45)(cid:3)(cid:88)(cid:12)(cid:7)(cid:99)",
        "\ue012\ue013\ue0a4\ue0b5 \ue012\ue045\ue066",
        "Kota \ufffd\ufffd\ufffd\ufffd\ufffd\ufffd",
        "ì„œìš¸ì‹œëŠ” ë„ì‹œ ê´€ë¦¬ë¥¼ ìœ„í•´ ì„¼ì„œë¥¼",
        "ÀÌ°˝À” ˙Ñ–„¾î „fiÀåÀÔ·ˇ·Ù –×•fl‡“ –œ`‡·Ù",
        ROTATED,
        NUMBERED,
    ],
)
def test_a_layer_that_is_no_text_is_illegible(text: str) -> None:
    assert is_illegible(text)


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "Dewan kota menyetujui anggaran angkutan umum dan jaringan air bersih pada bulan Oktober tahun ini.",
        "서울시는 2019년 3월에 스마트시티 추진계획을 발표하고 센서 5만 개를 설치하기로 했습니다.",
        "APBD DAK PDRB RPJMD KPBU SPBE OSS KKN DPRD SKPD UPTD BLUD PDAM PLN BPS " * 2,
        "Rp1.234.567 Rp2.345.678 2017 2018 2019 12,5% 13,7% 14,9% 100% 75%",
        "Tiếng Việt: thành phố đã phê duyệt ngân sách giao thông công cộng và nước sạch năm nay",
        "kubectl grpc pptx xml https npm ssh tls tcp udp",
        "",
    ],
)
def test_ordinary_text_is_legible(text: str) -> None:
    assert not is_illegible(text)


def real_files() -> Iterator[Path]:
    yield from sorted((ROOT / "corpus" / "decks").glob("*.pptx"))
    yield from sorted((ROOT.parent / "shared" / "files" / "docling-slides").glob("*.pptx"))


def test_no_slide_of_the_real_decks_is_taken_for_illegible() -> None:
    pages = [(path.name, page) for path in real_files() for page in load(path).pages]

    assert len(pages) > 250
    assert [(name, page.number) for name, page in pages if is_illegible(seen_text(page))] == []


def test_a_page_without_text_is_read_and_one_with_text_is_not() -> None:
    assert need_of(page(), 0.0) is Need.EMPTY
    assert need_of(page((SENTENCE, SegmentKind.BODY)), 0.0) is Need.NOTHING


def test_a_page_with_an_illegible_layer_is_read_anew() -> None:
    assert need_of(page((ROTATED, SegmentKind.BODY)), 0.0) is Need.GARBLED


def test_a_picture_that_fills_the_page_is_read_unless_the_page_is_full_of_text() -> None:
    title = ("Peta jaringan", SegmentKind.TITLE)

    assert need_of(page(title), 0.9) is Need.PICTURE
    assert need_of(page(title), 0.3) is Need.NOTHING
    assert need_of(page(title, (SENTENCE * 6, SegmentKind.BODY)), 0.9) is Need.NOTHING


def test_notes_are_no_text_of_the_slide() -> None:
    assert need_of(page((SENTENCE, SegmentKind.NOTES)), 1.0) is Need.EMPTY


def test_a_page_that_was_recognised_is_not_read_again() -> None:
    assert need_of(Page(1, "", (), has_text=True, reading=Reading.OCR), 1.0) is Need.NOTHING


def test_a_line_is_new_only_if_the_layer_does_not_say_it_misread_letters_allowed() -> None:
    layer = squeezed("Biaya jaringan 2019: Rp20 miliar\nKota Kupang")

    assert not is_new("KOTA KUPANG", layer)
    assert not is_new("Biaya janngan 2019: Rp20 miliar", layer)
    assert not is_new("· – ·", layer)
    assert is_new("Sumur bor di empat kecamatan", layer)
    assert is_new("2021", layer)
