"""The secretariat's page through AppTest: upload, preview, publish, replace, withdraw, delete; and trouble."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interfaces.messages import messages
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.types import OPERATOR, State
from tests.conftest import MakeDeck
from tests.doors.browsing import finished, opened, shown, signed_in


@pytest.mark.usefixtures("home")
class TestUpload:
    def _upload(self, deck: Path, **fields: str) -> AppTest:
        app = signed_in(opened("upload", lang="en"))
        app.file_uploader[0].set_value((deck.name, deck.read_bytes(), "application/octet-stream"))
        for name, value in fields.items():
            app.text_input(key=f"new_{name}").set_value(value)
        next(b for b in app.button if b.label == "Upload and check").click().run()
        return finished(app)

    def _act(self, app: AppTest, label: str) -> AppTest:
        next(b for b in app.button if b.label == label).click().run()
        return finished(app)

    def test_an_upload_is_previewed_published_and_found(self, make_deck: MakeDeck) -> None:
        deck = make_deck("bank sampah.pptx", ("Bank sampah", "Warga menabung sampah plastik."))
        app = self._upload(deck, title="Bank sampah digital", city="Kota Contoh")
        page = shown(app)
        assert "Bank sampah digital</h1>" in page
        assert "Draft" in page
        assert "/files/picture/1/1-tiny.webp" in page
        assert "Bank sampah digital" not in shown(opened(q="sampah plastik", lang="en"))

        app = self._act(app, "Publish")
        assert "is published and can be found" in shown(app)
        found = shown(opened(q="sampah plastik", lang="en"))
        assert "Bank sampah digital" in found
        assert "Kota Contoh" in found

    def test_the_same_file_again_leads_to_the_deck_that_is_there(self, make_deck: MakeDeck) -> None:
        deck = make_deck("deck.pdf", ("Title", "Body text of the only page."))
        self._upload(deck)
        page = shown(self._upload(deck))
        assert "This very file is here already" in page
        assert 'href="/upload?version=1&amp;lang=en"' in page
        assert len(knowledge_base().documents(OPERATOR)) == 1

    def test_a_file_that_is_no_deck_is_refused_with_its_reason(self, tmp_path: Path) -> None:
        fake = tmp_path / "fake.pdf"
        fake.write_bytes(b"not a PDF at all \x00\x01")
        page = shown(self._upload(fake))
        assert "The file could not be read." in page
        assert "fake.pdf" in page
        assert not knowledge_base().documents(OPERATOR)

    def test_an_upload_without_a_file_asks_for_one(self) -> None:
        app = signed_in(opened("upload", lang="ko"))
        next(b for b in app.button if b.label == messages("ko")("upload.button")).click().run()
        assert messages("ko")("upload.no_file") in shown(app)

    def test_a_withdrawn_deck_is_gone_for_readers_and_can_be_deleted(self, make_deck: MakeDeck) -> None:
        app = self._act(self._upload(make_deck("deck.pdf", ("Cavities", "Radar finds cavities."))), "Publish")
        self._act(app, "Withdraw it now")
        assert "Cavities" not in shown(opened(q="radar cavities", lang="en"))
        assert [d.state for d in knowledge_base().documents(OPERATOR)] == [State.WITHDRAWN]

        again = signed_in(opened("upload", version="1", lang="en"))
        assert "was deleted" in shown(self._act(again, "Delete it for good"))
        assert not knowledge_base().documents(OPERATOR)

    def test_a_draft_can_be_discarded(self, make_deck: MakeDeck) -> None:
        app = self._upload(make_deck("deck.pdf", ("Cavities", "Radar finds cavities.")))
        assert "was discarded" in shown(self._act(app, "Discard the draft"))
        assert not knowledge_base().documents(OPERATOR)

    def test_a_new_version_takes_the_old_ones_place_when_published(self, make_deck: MakeDeck) -> None:
        app = self._act(self._upload(make_deck("old.pdf", ("Old", "Radar finds cavities."))), "Publish")
        document = knowledge_base().documents(OPERATOR)[0]
        app = signed_in(opened("upload", replace=str(document.id), lang="en"))
        deck = make_deck("new.pdf", ("New", "Drones inspect bridges."))
        app.file_uploader[0].set_value((deck.name, deck.read_bytes(), "application/pdf"))
        app = self._act(app, "Upload and check")
        assert knowledge_base().document(OPERATOR, document.id).version == document.version
        self._act(app, "Publish")
        assert knowledge_base().document(OPERATOR, document.id).file_name == "new.pdf"
        assert "old.pdf" not in [d.file_name for d in knowledge_base().documents(OPERATOR)]

    def test_details_can_be_corrected(self, make_deck: MakeDeck) -> None:
        app = self._upload(make_deck("deck.pdf", ("Title", "Body text.")))
        app.text_input(key="details_1_city").set_value("Kupang")
        next(b for b in app.button if b.label == "Save the details").click().run()
        assert knowledge_base().documents(OPERATOR)[0].metadata.city == "Kupang"

    def test_an_unknown_version_is_told(self) -> None:
        assert messages("en")("deck.not_found") in shown(signed_in(opened("upload", version="99", lang="en")))


class TestTrouble:
    def test_a_home_that_cannot_be_written_gives_a_sentence_not_a_trace(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("no folder")
        monkeypatch.setenv("KB_HOME", str(tmp_path / "file" / "home"))
        page = shown(opened(lang="en"))
        assert messages("en")("errors.storage") in page or messages("en")("errors.unexpected") in page
        assert "Traceback" not in page

    def test_a_bug_gives_a_sentence_and_a_line_in_the_log(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*arguments: object) -> None:
            raise RuntimeError("a bug")

        monkeypatch.setattr(KnowledgeBase, "facets", broken)
        page = shown(opened(lang="id"))
        assert messages("id")("errors.unexpected") in page
        assert "a bug" not in page
        assert "a bug" in caplog.text

    def test_an_empty_knowledge_base_says_so(self, home: Path) -> None:
        assert messages("en")("notices.empty") in shown(opened(lang="en"))
        assert messages("en")("notices.empty") in shown(opened(q="anything", lang="en"))
