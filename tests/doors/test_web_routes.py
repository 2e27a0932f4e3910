"""Pictures, originals, cookie and sign of life over HTTP: who gets what, and what browsers may keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.web.resources import knowledge_base, tickets
from interfaces.web.routes import citation_url, original_url, picture_url, routes
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.types import OPERATOR, DocumentId, DocumentMetadata, Role, VersionId
from tests.conftest import MakeDeck
from tests.doors.browsing import PASSWORD, PERSON

NAME = "서울 도로 “안전”.pdf"


@pytest.fixture
def kb(home: Path) -> KnowledgeBase:
    """The knowledge base that the routes serve."""
    return knowledge_base()


@pytest.fixture
def visitor(kb: KnowledgeBase) -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.fixture
def secretariat(kb: KnowledgeBase) -> TestClient:
    token = kb.sign_in(PERSON, PASSWORD)[1]
    return TestClient(Starlette(routes=routes()), cookies={"kb_session": token})


@pytest.fixture
def draft(kb: KnowledgeBase, make_deck: MakeDeck) -> VersionId:
    return _ingest(kb, make_deck("draft.pdf", ("Draft", "Not yet public.")), publish=False)[1]


@pytest.fixture
def published(kb: KnowledgeBase, make_deck: MakeDeck) -> tuple[DocumentId, VersionId]:
    return _ingest(kb, make_deck(NAME, ("Roads", "Radar finds cavities.")), publish=True)


def _ingest(kb: KnowledgeBase, deck: Path, publish: bool) -> tuple[DocumentId, VersionId]:
    item = IngestItem(deck, DocumentMetadata(title=deck.stem))
    report = pipeline.ingest_file(kb, OPERATOR, item, IngestOptions(publish=publish))
    assert report.document is not None
    assert report.version is not None
    return report.document, report.version


def _files(version: VersionId) -> list[str]:
    return [picture_url(version, 1, size) for size in PictureSize] + [original_url(version, "any.pdf")]


class TestFiles:
    def test_a_draft_is_for_the_secretariat_alone_and_kept_nowhere(
        self, visitor: TestClient, secretariat: TestClient, draft: VersionId
    ) -> None:
        for url in _files(draft):
            assert visitor.get(url).status_code == 404
            answer = secretariat.get(url)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-store"
            assert "etag" not in answer.headers or "no-store" in answer.headers["cache-control"]

    def test_what_may_not_be_seen_answers_like_what_does_not_exist(self, visitor: TestClient, draft: VersionId) -> None:
        hidden, absent = visitor.get(picture_url(draft, 1, PictureSize.SMALL)), visitor.get("/files/picture/99/1-small.webp")
        assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
        assert hidden.headers == absent.headers

    def test_a_published_deck_is_for_everyone(self, visitor: TestClient, published: tuple[DocumentId, VersionId]) -> None:
        picture = visitor.get(picture_url(published[1], 1, PictureSize.LARGE))
        assert picture.headers["content-type"] == "image/webp"
        assert picture.content[:4] == b"RIFF"
        assert picture.headers["cache-control"] == "private, max-age=300, must-revalidate"
        assert picture.headers["x-content-type-options"] == "nosniff"

    def test_a_withdrawn_deck_is_gone_at_once_even_for_who_holds_it_already(
        self, kb: KnowledgeBase, visitor: TestClient, secretariat: TestClient, published: tuple[DocumentId, VersionId]
    ) -> None:
        url = picture_url(published[1], 1, PictureSize.SMALL)
        etag = visitor.get(url).headers["etag"]
        assert visitor.get(url, headers={"If-None-Match": etag}).status_code == 304
        pipeline.withdraw(kb, OPERATOR, published[0])
        assert visitor.get(url, headers={"If-None-Match": etag}).status_code == 404
        assert [visitor.get(file).status_code for file in _files(published[1])] == [404, 404, 404, 404]
        assert [secretariat.get(file).status_code for file in _files(published[1])] == [200, 200, 200, 200]

    def test_a_deleted_deck_is_gone_for_everyone(
        self, kb: KnowledgeBase, secretariat: TestClient, published: tuple[DocumentId, VersionId]
    ) -> None:
        pipeline.delete(kb, OPERATOR, published[0])
        assert [secretariat.get(file).status_code for file in _files(published[1])] == [404, 404, 404, 404]

    def test_a_pdf_opens_in_the_browser_under_its_own_name(
        self, visitor: TestClient, published: tuple[DocumentId, VersionId]
    ) -> None:
        answer = visitor.get(original_url(published[1], NAME))
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("inline; filename*=utf-8''%EC%84%9C%EC%9A%B8%20")
        assert answer.content.startswith(b"%PDF")

    def test_a_part_of_a_pdf_can_be_asked_for(self, visitor: TestClient, published: tuple[DocumentId, VersionId]) -> None:
        answer = visitor.get(original_url(published[1], NAME), headers={"Range": "bytes=0-3"})
        assert (answer.status_code, answer.content) == (206, b"%PDF")

    @pytest.mark.parametrize(
        ("form", "media_type", "begin"),
        [("ris", "application/x-research-info-systems", "TY  - SLIDE\r\n"), ("bib", "application/x-bibtex", "@misc{")],
    )
    def test_a_slide_is_cited_with_its_own_address(
        self, visitor: TestClient, published: tuple[DocumentId, VersionId], form: str, media_type: str, begin: str
    ) -> None:
        answer = visitor.get(citation_url(published[1], 1, form))
        assert answer.headers["content-type"].startswith(media_type)
        assert answer.headers["content-disposition"] == f'attachment; filename="{published[0]}-1.{form}"'
        assert answer.text.startswith(begin)
        assert f"http://testserver/slide?doc={published[0]}&page=1" in answer.text

    def test_the_citation_of_a_draft_is_for_the_secretariat_alone(
        self, visitor: TestClient, secretariat: TestClient, draft: VersionId
    ) -> None:
        url = citation_url(draft, 1, "ris")
        assert [reader.get(url).status_code for reader in (visitor, secretariat)] == [404, 200]

    @pytest.mark.parametrize(("page", "form"), [(2, "ris"), (0, "ris"), (1, "exe")])
    def test_what_cannot_be_cited_is_not_found(
        self, visitor: TestClient, published: tuple[DocumentId, VersionId], page: int, form: str
    ) -> None:
        assert visitor.get(citation_url(published[1], page, form)).status_code == 404

    def test_a_presentation_is_saved(self, kb: KnowledgeBase, visitor: TestClient, make_deck: MakeDeck) -> None:
        _, version = _ingest(kb, make_deck("deck.pptx", ("Title", "Body")), publish=True)
        answer = visitor.get(original_url(version, "deck.pptx"))
        assert answer.headers["content-disposition"] == 'attachment; filename="deck.pptx"'
        assert answer.headers["content-type"].endswith("presentationml.presentation")

    @pytest.mark.parametrize(
        "path",
        [
            "/files/picture/1/1-huge.webp",
            "/files/picture/1/99-small.webp",
            "/files/picture/99999999999999999999999/1-small.webp",
            "/files/original/99999999999999999999999/x",
            "/files/original/1/../../catalog.sqlite",
            "/files/picture/1/..%2f..%2fcatalog.sqlite",
        ],
    )
    @pytest.mark.usefixtures("published")
    def test_anything_else_is_not_found(self, visitor: TestClient, path: str) -> None:
        assert visitor.get(path).status_code == 404


class TestSession:
    def test_a_ticket_becomes_a_cookie_that_scripts_and_other_sites_never_see(
        self, kb: KnowledgeBase, visitor: TestClient, draft: VersionId
    ) -> None:
        token = kb.sign_in(PERSON, PASSWORD)[1]
        answer = visitor.post("/session", json={"ticket": tickets().issue(token)})
        assert answer.status_code == 204
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"kb_session={token};")
        for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"):
            assert part in cookie
        assert visitor.get(picture_url(draft, 1, PictureSize.SMALL)).status_code == 200

    def test_a_ticket_is_good_once(self, kb: KnowledgeBase, visitor: TestClient) -> None:
        ticket = tickets().issue(kb.sign_in(PERSON, PASSWORD)[1])
        answers = [visitor.post("/session", json={"ticket": ticket}).status_code for _ in range(2)]
        assert answers == [204, 403]

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", b'{"ticket": "guess"}', b'{"ticket": null}', b"x" * 9999])
    def test_anything_but_a_good_ticket_is_refused(self, visitor: TestClient, body: bytes) -> None:
        answer = visitor.post("/session", content=body)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    def test_another_site_can_neither_open_nor_end_a_session(self, kb: KnowledgeBase, secretariat: TestClient) -> None:
        ticket = tickets().issue(kb.sign_in(PERSON, PASSWORD)[1])
        elsewhere = {"Origin": "https://elsewhere.example"}
        assert secretariat.post("/session", json={"ticket": ticket}, headers=elsewhere).status_code == 403
        assert secretariat.post("/session/end", headers=elsewhere).status_code == 403
        assert kb.actor(secretariat.cookies["kb_session"]).role is Role.SECRETARIAT

    def test_ending_a_session_clears_cookie_and_token(self, kb: KnowledgeBase, secretariat: TestClient) -> None:
        token = secretariat.cookies["kb_session"]
        answer = secretariat.post("/session/end", headers={"Origin": "http://testserver"})
        assert answer.status_code == 204
        assert 'kb_session=""' in answer.headers["set-cookie"]
        assert kb.actor(token).role is Role.DELEGATE


class TestHealth:
    def test_it_names_the_live_generation(self, visitor: TestClient, published: tuple[DocumentId, VersionId]) -> None:
        assert visitor.get("/healthz").json() == {"status": "ok", "generation": "g000001"}

    def test_it_answers_without_any_deck(self, visitor: TestClient) -> None:
        assert visitor.get("/healthz").json() == {"status": "ok", "generation": ""}
