"""Plain text and Markdown to pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.load import plain
from ingest.load.limits import LoadLimits
from kb.errors import LoadError, TooLarge
from kb.types import LoadedFile


def read(path: Path, data: str | bytes) -> LoadedFile:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return plain.load(path, LoadLimits())


def texts(loaded: LoadedFile) -> list[list[tuple[str, str]]]:
    return [[(segment.kind.value, segment.text) for segment in page.segments] for page in loaded.pages]


def test_form_feeds_end_pages_and_empty_ones_are_kept(tmp_path: Path) -> None:
    loaded = read(tmp_path / "a.txt", "satu\n\f\fdua\nbaris\n\f")
    assert texts(loaded) == [[("body", "satu")], [], [("body", "dua baris")]]
    assert [(issue.page, issue.code) for issue in loaded.issues] == [(2, "no_text")]
    assert loaded.media_type == "text/plain"


def test_blank_lines_and_list_items_separate_paragraphs(tmp_path: Path) -> None:
    loaded = read(tmp_path / "a.txt", "Judul\n\nbaris satu\nbaris dua\n- butir\n  lanjut\n2. nomor")
    assert [text for _, text in texts(loaded)[0]] == ["Judul", "baris satu baris dua", "- butir lanjut", "2. nomor"]
    assert loaded.pages[0].title == "Judul"


def test_markdown_is_split_at_headings_of_level_one_and_two(tmp_path: Path) -> None:
    loaded = read(tmp_path / "a.md", "# Satu\nisi\n## Dua #\n* butir\n### Tiga\nisi tiga")
    assert texts(loaded) == [
        [("title", "Satu"), ("body", "isi")],
        [("title", "Dua"), ("body", "butir"), ("body", "Tiga"), ("body", "isi tiga")],
    ]
    assert (loaded.media_type, loaded.metadata.title) == ("text/markdown", "Satu")


def test_markdown_is_split_at_rules_but_not_in_code_or_under_a_line(tmp_path: Path) -> None:
    loaded = read(tmp_path / "a.md", "# A\nsatu\n\n---\n\ndua\n\n```\n# kode\n\n---\n```\nJudul\n---\n")
    assert [page.title for page in loaded.pages] == ["A", "dua"]


def test_a_markdown_table_has_lines_of_cells(tmp_path: Path) -> None:
    loaded = read(tmp_path / "a.md", "# A\n\n| Tahun | Desa |\n|---|--:|\n| 2016 | 41 |\n")
    assert texts(loaded)[0][1] == ("table", "Tahun | Desa\n2016 | 41")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    assert texts(read(tmp_path / "a.txt", "가로등 교체".encode(encoding))) == [[("body", "가로등 교체")]]


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"a\.txt is no text"):
        read(tmp_path / "a.txt", bytes(range(256)) * 4)


def test_a_file_of_blanks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"a\.txt holds no text"):
        read(tmp_path / "a.txt", " \n\f\n")


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a\fb\fc")
    with pytest.raises(TooLarge, match="has 3 pages, the limit is 2"):
        plain.load(tmp_path / "a.txt", LoadLimits(max_pages=2))
