"""Every format through the browser: uploaded, published, found, shown on its slide; archives; lost pictures."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from ingest import office
from interfaces.messages import messages
from interfaces.web import uploads
from interfaces.web.resources import knowledge_base
from interfaces.web.routes import original_url, picture_url, routes
from kb.errors import Locked
from kb.files import PictureSize
from kb.types import OPERATOR, VersionId
from tests import written
from tests.conftest import MakeDeck
from tests.doors.browsing import PASSWORD, PERSON, finished, opened, shown, signed_in
from tests.written import paragraph, write_docx, write_picture

needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")
WORDS = "Kotak suara warga menghemat biaya listrik"


def uploaded(path: Path, language: str = "en", **fields: str) -> AppTest:
    app = signed_in(opened("upload", lang=language))
    app.file_uploader[0].set_value((path.name, path.read_bytes(), "application/octet-stream"))
    for name, value in fields.items():
        app.text_input(key=f"new_{name}").set_value(value)
    next(b for b in app.button if b.label == messages(language)("upload.button")).click().run()
    return finished(app)


def published(path: Path) -> VersionId:
    app = uploaded(path)
    next(b for b in app.button if b.label == "Publish").click().run()
    finished(app)
    (document,) = knowledge_base().documents(OPERATOR)
    return document.version


def client(token: str = "") -> TestClient:
    return TestClient(Starlette(routes=routes()), cookies={"kb_session": token} if token else None)


def large(version: VersionId, page: int = 1) -> Image.Image:
    answer = client().get(picture_url(version, page, PictureSize.LARGE))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


@pytest.mark.usefixtures("home")
class TestEveryFormat:
    def _found_and_shown(self, version: VersionId, name: str) -> str:
        assert WORDS in shown(opened(q="kotak suara warga", lang="en"))
        (document,) = knowledge_base().documents(OPERATOR)
        page = shown(opened("slide", doc=str(document.id), n="1", lang="en"))
        assert WORDS in page
        assert picture_url(version, 1, PictureSize.LARGE) in page
        assert f"{document.file_name} · {name} · " in page
        return page

    @needs_office
    def test_an_old_powerpoint_file(self, make_deck: MakeDeck, tmp_path: Path) -> None:
        deck = written.converted(make_deck("dek.pptx", ("Listrik", WORDS)), "ppt", tmp_path)
        version = published(deck)
        self._found_and_shown(version, "PPT")
        assert large(version).size == (1280, 960)

    def test_a_word_document_under_a_wrong_name(self, tmp_path: Path) -> None:
        path = write_docx(tmp_path / "a.docx", paragraph("Listrik", "Judul1") + paragraph(WORDS)).rename(tmp_path / "a.pdf")
        version = published(path)
        self._found_and_shown(version, "DOCX")
        assert large(version).width == 1280

    def test_a_web_page_is_handed_out_for_saving_only(self, tmp_path: Path) -> None:
        (tmp_path / "halaman.html").write_text(f"<html><h1>Listrik</h1><p>{WORDS}</p><script>alert(1)</script></html>")
        version = published(tmp_path / "halaman.html")
        assert "alert(1)" not in self._found_and_shown(version, "HTML")
        original = client().get(original_url(version, "halaman.html"))
        assert original.headers["content-disposition"].startswith("attachment")
        assert original.headers["x-content-type-options"] == "nosniff"

    def test_a_scan_is_shown_as_it_is(self, tmp_path: Path) -> None:
        version = published(write_picture(tmp_path / "pindai 가로등.png", "Kota Contoh", (900, 1200)))
        assert large(version).size == (900, 1200)
        (document,) = knowledge_base().documents(OPERATOR)
        assert (document.media_type, document.metadata.title) == ("image/png", "Kota Contoh")
        assert "· PNG ·" in shown(opened("slide", doc=str(document.id), n="1", lang="ko"))

    def test_the_form_offers_every_format_and_says_which(self) -> None:
        uploader = signed_in(opened("upload", lang="ko")).file_uploader[0]
        assert {f".{ending}" for ending in uploads.FORMATS} == set(uploader.proto.type)
        assert {"ppt", "odp", "docx", "html", "tiff", "zip"} <= set(uploads.FORMATS)
        assert "워드" in uploader.proto.help


@pytest.mark.usefixtures("home")
class TestArchive:
    def _archive(self, folder: Path, members: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(folder / "kota.zip", "w") as opened_archive:
            for name, data in members.items():
                opened_archive.writestr(name, data)
        return folder / "kota.zip"

    def test_every_deck_of_an_archive_is_told_and_leads_to_its_preview(self, make_deck: MakeDeck, tmp_path: Path) -> None:
        members = {
            "가로등.pptx": make_deck("a.pptx", ("가로등", "전기 요금이 줄었다.")).read_bytes(),
            "kota/b.md": b"# Bank sampah\n\nWarga menabung sampah.",
            "kota/b.toml": b'city = "Kupang"',
            "<b>x</b>.xlsx": b"\0\1" * 50,
        }
        page = shown(uploaded(self._archive(tmp_path, members), event="Seminar"))
        assert "The ZIP file held 3 presentations:" in page
        assert "kota.zip: &lt;b&gt;x&lt;/b&gt;.xlsx" in page
        assert ("Not read" in page, "<b>x</b>" in page) == (True, False)
        found = {d.file_name: d.metadata for d in knowledge_base().documents(OPERATOR)}
        assert {name: (said.city, said.event) for name, said in found.items()} == {
            "가로등.pptx": ("", "Seminar"),
            "b.md": ("Kupang", "Seminar"),
        }
        for document in knowledge_base().documents(OPERATOR):
            assert f'href="/upload?version={document.version}&amp;lang=en"' in page

    def test_an_archive_of_one_deck_opens_its_preview(self, tmp_path: Path) -> None:
        page = shown(uploaded(self._archive(tmp_path, {"b.md": b"# Bank sampah\n\nisi"}), title="Judul dari formulir"))
        assert "Judul dari formulir</h1>" in page

    def test_a_damaged_archive_is_told(self, tmp_path: Path) -> None:
        path = self._archive(tmp_path, {"b.md": b"isi" * 99})
        path.write_bytes(path.read_bytes()[:-40])
        page = shown(uploaded(path))
        assert messages("en")("upload.failed") in page
        assert "kota.zip is a damaged ZIP file" in page


@pytest.mark.usefixtures("home")
class TestLostPictures:
    def _lost(self, make_deck: MakeDeck, publish: bool) -> VersionId:
        deck = make_deck("deck.pdf", ("Listrik", WORDS))
        version = published(deck) if publish else uploaded(deck) and knowledge_base().documents(OPERATOR)[0].version
        shutil.rmtree(knowledge_base().files.picture_folder(version))
        return version

    def test_a_lost_picture_is_served_again(self, make_deck: MakeDeck) -> None:
        assert large(self._lost(make_deck, publish=True)).size == (1280, 720)

    def test_a_lost_picture_of_a_draft_is_drawn_for_the_secretariat_only(self, make_deck: MakeDeck) -> None:
        version = self._lost(make_deck, publish=False)
        url = picture_url(version, 1, PictureSize.SMALL)
        assert client().get(url).status_code == 404
        assert not knowledge_base().files.picture_folder(version).exists()
        token = knowledge_base().sign_in(PERSON, PASSWORD)[1]
        assert client(token).get(url).status_code == 200

    def test_while_it_cannot_be_drawn_the_browser_is_asked_to_come_again(
        self, make_deck: MakeDeck, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = self._lost(make_deck, publish=True)

        def busy(*_: object) -> None:
            raise Locked("busy")

        monkeypatch.setattr("ingest.pictures.redraw", busy)
        answer = client().get(picture_url(version, 1, PictureSize.SMALL))
        assert (answer.status_code, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "5", "no-store")
