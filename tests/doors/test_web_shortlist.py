"""The shortlist and its briefings: only what the reader may see, in their order, with their comments."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from docx import Document as open_word
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.office import find_office
from ingest.storing import IngestOptions
from interfaces.web.resources import knowledge_base
from interfaces.web.routes import briefing_url, routes
from kb.knowledge_base import KnowledgeBase
from kb.types import OPERATOR, DocumentId, DocumentMetadata
from tests.conftest import write_pdf
from tests.doors.browsing import opened, shown
from tests.doors.test_web import FIBRE, FIBRE_SLIDES, ROADS, ROADS_SLIDES


@pytest.fixture
def kb(home: Path) -> KnowledgeBase:
    return knowledge_base()


def stored(
    kb: KnowledgeBase, said: DocumentMetadata, slides: tuple[tuple[str, str], ...], publish: bool = True
) -> DocumentId:
    path = kb.settings.home / f"{said.city or 'draft'}.pdf"
    write_pdf(path, slides)
    report = pipeline.ingest_file(kb, OPERATOR, IngestItem(path, said), IngestOptions(publish=publish))
    assert report.document is not None
    return report.document


@pytest.fixture
def slides(kb: KnowledgeBase) -> list[str]:
    """Three slides as lists name them: two of published decks, one of a draft."""
    fibre, roads = stored(kb, FIBRE, FIBRE_SLIDES), stored(kb, ROADS, ROADS_SLIDES)
    draft = stored(kb, DocumentMetadata(title="Draf"), (("Rahasia", "Isi yang belum terbit sama sekali."),), publish=False)
    return [f"{roads}.2", f"{fibre}.1", f"{draft}.1"]


@pytest.fixture
def visitor(kb: KnowledgeBase) -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_a_list_shows_its_slides_in_order_with_comments(slides: list[str]) -> None:
    page = shown(opened("shortlist", item=slides[:2], note=f"{slides[1]}:Tanya <Pak> Bupati", lang="en"))
    assert page.index("Bridges") < page.index("Serat optik sampai ke desa")
    assert "Drones look at every bridge twice a year." in page
    assert "Tanya &lt;Pak&gt; Bupati" in page
    assert "Somebody shared this list with you." in page


def test_a_slide_that_may_not_be_seen_is_counted_as_gone_and_not_told(slides: list[str]) -> None:
    page = shown(opened("shortlist", item=slides, lang="en"))
    assert "1 slide of this list is not available any more." in page
    assert "Rahasia" not in page


def test_moving_and_removing_are_addresses_of_the_changed_list(slides: list[str]) -> None:
    page = shown(opened("shortlist", item=slides[:2], own="1", lang="en"))
    assert f"item={slides[1]}&amp;item={slides[0]}&amp;own=1" in page
    assert f'href="/shortlist?item={slides[1]}&amp;own=1&amp;lang=en"' in page
    assert f'data-own-list="item={slides[0]}&amp;item={slides[1]}"' in page


def test_a_comment_goes_into_the_address(slides: list[str]) -> None:
    app = opened("shortlist", item=slides[:2], own="1", lang="en")
    app.text_input(key=f"comment_slide_{slides[0].replace('.', '-')}").set_value("ask for the *price*").run()
    assert app.query_params["note"] == f"{slides[0]}:ask for the *price*"


def test_a_title_goes_into_the_address(slides: list[str]) -> None:
    app = opened("shortlist", item=slides[:1], own="1", lang="en")
    app.text_input(key="shortlist_title").set_value("For the council").run()
    assert app.query_params["title"] == "For the council"


def test_an_empty_list_says_how_to_fill_it(home: Path) -> None:
    assert "Nothing is on this list yet." in shown(opened("shortlist", lang="en"))


def test_the_word_file_holds_cover_picture_words_comment_and_citation(visitor: TestClient, slides: list[str]) -> None:
    pairs = [*(("item", key) for key in slides), ("note", f"{slides[1]}:Penting"), ("title", "Untuk rapat"), ("lang", "id")]
    answer = visitor.get(briefing_url("docx", pairs))
    assert answer.headers["content-disposition"] == 'attachment; filename="citynet-briefing.docx"'
    word = open_word(io.BytesIO(answer.content))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert text.index("Untuk rapat") < text.index("1. Bridges") < text.index("2. Serat optik sampai ke desa")
    assert "Desa terhubung serat optik pada tahun 2018." in text
    assert "Catatan: Penting" in text
    assert "Rekonstruksi ilustratif" in text
    assert f"http://testserver/slide?doc={slides[1][:-2]}&page=1&lang=id" in text
    assert "Rahasia" not in text
    assert "1 slide dalam daftar ini sudah tidak tersedia." in text
    assert len([name for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist() if "media/" in name]) == 2
    assert word.core_properties.language == "id-ID"
    assert [{shape._inline.get(f"dist{side}") for side in "TBLR"} for shape in word.inline_shapes] == [{"0"}, {"0"}]
    spaced = word.styles["Normal"].element.xpath("w:pPr/w:autoSpaceDN/@w:val | w:pPr/w:autoSpaceDE/@w:val")
    assert spaced == ["0", "0"]


def test_the_table_holds_a_row_for_each_slide_and_no_formula(visitor: TestClient, slides: list[str]) -> None:
    pairs = [("item", slides[0]), ("item", slides[1]), ("note", f"{slides[0]}:=1+1"), ("lang", "ko")]
    answer = visitor.get(briefing_url("csv", pairs))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, first, second = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[:5] == ["번호", "종류", "제목", "슬라이드 내용", "의견"]
    assert first[:5] == ["1", "슬라이드", "Bridges", "Drones look at every bridge twice a year.", "'=1+1"]
    assert (first[12], first[13]) == ("", "원본 발표자료")
    assert (heading[12], heading[13], second[12], second[13]) == ("미확인 항목", "출처 구분", "", "예시용 재구성")


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed: apt-get install libreoffice-writer")
def test_the_pdf_is_the_word_file_on_paper(visitor: TestClient, slides: list[str]) -> None:
    answer = visitor.get(briefing_url("pdf", [("item", slides[0]), ("item", slides[1]), ("lang", "en")]))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_without_libreoffice_the_word_file_is_recommended(
    visitor: TestClient, slides: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.office.find_office", lambda: None)
    answer = visitor.get(briefing_url("pdf", [("item", slides[0]), ("lang", "en")]))
    assert answer.status_code == 503
    assert answer.text.startswith("A PDF cannot be made here at present. Take the Word file instead.")


@pytest.mark.parametrize("form", ["docx", "pdf", "csv", "exe"])
def test_nothing_is_exported_of_a_list_without_a_visible_slide(visitor: TestClient, slides: list[str], form: str) -> None:
    answer = visitor.get(briefing_url(form, [("item", slides[2]), ("lang", "en")]))
    assert (answer.status_code, answer.text) == (404, "There is nothing on this list that could be exported.")
