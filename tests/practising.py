"""A small deck that tells of a practice, field by field, for the tests of practices."""

from __future__ import annotations

from kb.types import Page, Segment, SegmentKind
from tests.conftest import Slide

COVER: Slide = ("Lampu pintar Kota Contoh", "Pemerintah Kota Contoh")
PROBLEM: Slide = ("Masalah: jalan gelap", "Jalan kota gelap dan warga merasa tidak aman pada malam hari.")
ACTION: Slide = ("Peluncuran lampu pintar", "Kota meluncurkan lampu pintar di semua jalan utama pada tahun 2018.")
COST: Slide = ("Biaya dan pembiayaan", "Biaya pemasangan Rp15 miliar dibayar dari APBD kota.")
RESULT: Slide = ("Hasil dalam setahun", "Tagihan listrik turun dari Rp14 miliar menjadi Rp5 miliar setahun.")
LESSONS: Slide = ("Pelajaran", "Mulailah dari jalan yang paling ramai sebelum seluruh kota.")
LAMPS = (COVER, PROBLEM, ACTION, COST, RESULT, LESSONS)
"""Partners and contact are not stated."""


def pages_of(*slides: Slide) -> tuple[Page, ...]:
    """The slides as pages, each of a title and a body."""
    return tuple(
        Page(number, title, (Segment(title, SegmentKind.TITLE, "id"), Segment(body, SegmentKind.BODY, "id")), has_text=True)
        for number, (title, body) in enumerate(slides, start=1)
    )
