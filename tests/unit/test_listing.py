"""Tables of contents are told from pages that say something."""

from __future__ import annotations

import pytest

from kb.listing import is_listing

CONTENTS = """Daftar isi
1 Pendahuluan . . . . . . . . . . . . . . 3
1.1 Latar belakang ............................. | 4
2 Pembiayaan . . . . . . . . . . . . . | xii"""


def test_lines_whose_dots_lead_to_page_numbers_are_a_listing() -> None:
    assert is_listing(CONTENTS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tunggu ... lalu klik ... dan selesai ...",
        "Anggaran 2019 . . . . . 316\nlalu penjelasan\nyang panjang\ndi bawahnya",
        CONTENTS + "\nkalimat biasa" * 9,
    ],
)
def test_a_page_with_a_few_dots_is_none(text: str) -> None:
    assert not is_listing(text)
