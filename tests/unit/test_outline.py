"""A document in two languages as a test: what counts as found, and which line of a wrong table is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.outline import evaluate, is_outline, read_outline
from kb.errors import UsageError
from kb.settings import Settings
from kb.types import Channel
from tests.conftest import write_pdf

HEAD = "n\tlevel\ttitle_en\tfirst_page_en\tlast_page_en\ttitle_id\tfirst_page_id\tlast_page_id\n"
PUMPS = '0\t0\tThe "pompa" stations\t1\t1\tRumah pompa\t2\t3\n'
LAMPS = "1\t0\tLampu sensors\t2\t2\tSensors lampu\t1\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sections; the English pages stand in another order than the Indonesian ones."""
    made = tmp_path / "manual"
    made.mkdir()
    write_pdf(made / "manual.en.pdf", (("Pumps", "Eight pompa keep the harbour dry"), ("Lamps", "Sensors report lampu")))
    sections = (("Lampu", "Sensors lampu melapor"), ("Dinas", "Kantor buka pagi"), ("Rumah pompa", "Delapan pompa air"))
    write_pdf(made / "manual.id.pdf", sections)
    (made / "outline.tsv").write_text(HEAD + PUMPS + LAMPS, encoding="utf-8")
    return made


def test_the_table_gives_titles_without_quotation_marks_pages_and_files(folder: Path) -> None:
    outline = read_outline(folder)

    assert is_outline(folder)
    assert not is_outline(folder.parent)
    assert (outline.name, list(outline.files)) == ("manual", ["en", "id"])
    assert outline.files["id"] == folder / "manual.id.pdf"
    assert outline.sections[0].titles["en"].split() == ["The", "pompa", "stations"]
    assert [section.pages for section in outline.sections] == [{"en": (1, 1), "id": (2, 3)}, {"en": (2, 2), "id": (1, 1)}]


def test_a_title_finds_its_section_in_the_other_language_s_pages_only(folder: Path, settings: Settings) -> None:
    result = evaluate(settings, read_outline(folder))

    assert (result.outline, result.encoder, result.sections, result.passages) == ("manual", "hashing", 2, 5)
    assert list(result.directions) == ["en-id", "id-en"]
    for channels in result.directions.values():
        assert list(channels) == [Channel.FUSED, Channel.DENSE, Channel.LEXICAL]
        assert channels[Channel.LEXICAL]["hit@1"].value == 1.0
        assert channels[Channel.FUSED]["hit@5"].value == 1.0
    assert not (settings.home / "catalog.sqlite").exists()


def test_a_slide_outside_the_section_s_pages_is_no_hit(folder: Path, settings: Settings) -> None:
    # "pompa" stands on the third Indonesian page and the first English one, and this table says that it does not.
    wrong = "0\t0\tpompa\t2\t2\tpompa\t1\t1\n"
    (folder / "outline.tsv").write_text(HEAD + wrong + LAMPS, encoding="utf-8")

    result = evaluate(settings, read_outline(folder))

    for channels in result.directions.values():
        found = channels[Channel.LEXICAL]["hit@1"]
        assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (HEAD.replace("last_page_id", "end") + PUMPS, "outline.tsv, line 1 has no column last_page_id"),
        (HEAD.replace("title_id", "judul") + PUMPS, "outline.tsv, line 1: expected title_xx of two languages, found 1"),
        (HEAD + PUMPS + LAMPS.replace("2\t2", "2\tend"), "outline.tsv, line 3: expected first and last page in en"),
        (HEAD + PUMPS.replace("2\t3", "3\t2"), "line 2: expected first and last page in id, from 1, found '3' and '2'"),
        (HEAD + PUMPS.replace("1\t1", "0\t1"), "outline.tsv, line 2: expected first and last page in en"),
        (HEAD + PUMPS.replace("Rumah pompa", ""), "outline.tsv, line 2 has no title_id"),
        (HEAD + PUMPS + "\n" + LAMPS.rpartition("\t")[0], "outline.tsv, line 4: expected first and last page in id"),
        (HEAD, "outline.tsv has no sections"),
        ("", "outline.tsv, line 1: expected title_xx of two languages, found 0"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_by_file_and_line(folder: Path, table: str, said: str) -> None:
    (folder / "outline.tsv").write_text(table, encoding="utf-8")

    with pytest.raises(UsageError, match="outline") as raised:
        read_outline(folder)

    assert said in raised.value.message
    assert raised.value.remedy


def test_a_language_without_its_pdf_or_with_two_is_named(folder: Path) -> None:
    write_pdf(folder / "other.id.pdf", (("Other", "Words"),))
    with pytest.raises(UsageError, match=r"outline\.tsv, line 1 names the language id: expected one file .*found 2"):
        read_outline(folder)

    for path in folder.glob("*.id.pdf"):
        path.unlink()
    with pytest.raises(UsageError, match=r"/\*\.id\.pdf, found 0"):
        read_outline(folder)


def test_a_table_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "outline.tsv").write_bytes(b"\xff\xfe")

    with pytest.raises(UsageError, match=r"outline\.tsv cannot be read"):
        read_outline(folder)
