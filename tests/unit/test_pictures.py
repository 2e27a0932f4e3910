"""Lost pictures are drawn again from the original: once, for whoever may see the deck, and by verifying."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import pictures, pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from ingest.verify import verify
from kb.errors import Locked, NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.types import ANYONE, OPERATOR, VersionId

Keep = Callable[..., VersionId]
LARGE, SMALL = PictureSize.LARGE, PictureSize.SMALL


@pytest.fixture(autouse=True)
def nothing_failed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_TURNS", pictures._Turns())


@pytest.fixture
def keep(kb: KnowledgeBase, tmp_path: Path) -> Keep:
    """A function that stores a text of three pages and gives its version."""

    def store(publish: bool = True) -> VersionId:
        (tmp_path / "a.txt").write_text("satu\fdua\f가로등")
        report = pipeline.ingest_file(kb, OPERATOR, IngestItem(tmp_path / "a.txt"), IngestOptions(publish))
        assert report.version is not None
        return report.version

    return store


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that reading subprocesses are given."""
    given: list[str] = []
    plain = pictures.Reader.read

    def counted(reader: pictures.Reader, request: pictures.ReadRequest, on_progress: pictures.OnProgress) -> object:
        given.append(request.source.name)
        return plain(reader, request, on_progress)

    monkeypatch.setattr(pictures.Reader, "read", counted)
    return given


def lose(kb: KnowledgeBase, version: VersionId, name: str = "") -> None:
    folder = kb.files.picture_folder(version)
    (folder / name).unlink() if name else shutil.rmtree(folder)


def test_a_lost_folder_is_drawn_again_once_and_nothing_else_is_left(
    kb: KnowledgeBase, keep: Keep, readings: list[str]
) -> None:
    version = keep()
    before = kb.files.picture(version, 3, LARGE).read_bytes()
    lose(kb, version)
    readings.clear()
    assert pictures.picture(kb, ANYONE, version, 3, LARGE).read_bytes() == before
    assert pictures.picture(kb, ANYONE, version, 1, SMALL).is_file()
    assert len(readings) == 1
    assert len(list(kb.files.picture_folder(version).glob("*.webp"))) == 9
    assert kb.files.printed(version, 3) is not None
    assert len(list(kb.files.picture_folder(version).iterdir())) == 12
    assert list((kb.files.home / "tmp").iterdir()) == []


def test_only_what_is_missing_is_replaced(kb: KnowledgeBase, keep: Keep) -> None:
    version = keep()
    kb.files.picture(version, 1, LARGE).write_bytes(b"a better one, from a rendition")
    words = kb.files.picture_folder(version) / "1-words.json"
    words.write_text("of the better one")
    lose(kb, version, "2-small.webp")
    pictures.picture(kb, ANYONE, version, 2, SMALL)
    assert words.read_text() == "of the better one"
    assert kb.files.picture(version, 1, LARGE).read_bytes() == b"a better one, from a rendition"


def test_many_readers_at_once_cause_one_drawing(kb: KnowledgeBase, keep: Keep, readings: list[str]) -> None:
    version = keep()
    lose(kb, version)
    readings.clear()
    found: list[Path] = []
    asking = [
        threading.Thread(target=lambda n=n: found.append(pictures.picture(kb, ANYONE, version, n % 3 + 1, LARGE)))
        for n in range(6)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert (len(found), len(readings)) == (6, 1)
    assert all(path.is_file() for path in found)


def test_nothing_is_drawn_for_somebody_who_may_not_see_the_deck(kb: KnowledgeBase, keep: Keep, readings: list[str]) -> None:
    version = keep(publish=False)
    lose(kb, version)
    readings.clear()
    with pytest.raises(NotFound):
        pictures.picture(kb, ANYONE, version, 1, LARGE)
    assert readings == []
    assert pictures.picture(kb, OPERATOR, version, 1, LARGE).is_file()


@pytest.mark.parametrize("page", [0, 4, 10**9])
def test_a_page_that_the_deck_does_not_have_is_not_drawn(
    kb: KnowledgeBase, keep: Keep, readings: list[str], page: int
) -> None:
    version = keep()
    readings.clear()
    with pytest.raises(NotFound, match="has no picture"):
        pictures.picture(kb, ANYONE, version, page, LARGE)
    assert readings == []


def test_a_lost_original_is_tried_once_in_a_while_only(
    kb: KnowledgeBase, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = keep()
    lose(kb, version)
    shutil.rmtree(kb.files.home / "originals")
    tried: list[VersionId] = []
    plain = pictures.redraw
    monkeypatch.setattr(pictures, "redraw", lambda kb, document: (tried.append(document.version), plain(kb, document)))
    for _ in range(3):
        with pytest.raises(NotFound, match="has no picture"):
            pictures.picture(kb, ANYONE, version, 1, LARGE)
    assert tried == [version]


def test_while_somebody_writes_the_reader_is_asked_to_come_again(kb: KnowledgeBase, keep: Keep) -> None:
    version = keep()
    lose(kb, version)
    with kb.files.writer("something long", 0), pytest.raises(Locked):
        pictures.picture(kb, ANYONE, version, 1, LARGE)
    assert not kb.files.picture_folder(version).exists()
    assert pictures.picture(kb, ANYONE, version, 1, LARGE).is_file()


def test_too_many_waiting_readers_are_sent_away_at_once(kb: KnowledgeBase, keep: Keep) -> None:
    version = keep()
    lose(kb, version)
    for _ in range(pictures._MOST_WAITING):
        pictures._TURNS.waiting.acquire()
    with pytest.raises(Locked, match="are being drawn"):
        pictures.picture(kb, ANYONE, version, 1, LARGE)


def test_a_deck_deleted_while_it_is_drawn_leaves_no_pictures(
    kb: KnowledgeBase, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = keep()
    document = kb.version(OPERATOR, version)
    lose(kb, version)
    plain = pictures.Reader.read

    def deleting(reader: pictures.Reader, request: pictures.ReadRequest, on_progress: pictures.OnProgress) -> object:
        answer = plain(reader, request, on_progress)
        pipeline.delete(kb, OPERATOR, document.id)
        return answer

    monkeypatch.setattr(pictures.Reader, "read", deleting)
    with pytest.raises(NotFound):
        pictures.picture(kb, OPERATOR, version, 1, LARGE)
    assert not kb.files.picture_folder(version).exists()


def test_verifying_draws_them_too_and_says_when_it_cannot(kb: KnowledgeBase, keep: Keep) -> None:
    version = keep()
    lose(kb, version, "1-large.webp")
    assert [(f.message, f.repaired) for f in verify(kb, OPERATOR).findings] == [("'satu' lacks 1 pictures.", False)]
    assert [f.repaired for f in verify(kb, OPERATOR, repair=True).findings] == [True]
    assert verify(kb, OPERATOR).findings == ()
    lose(kb, version)
    shutil.rmtree(kb.files.home / "originals")
    assert [f.part for f in verify(kb, OPERATOR, repair=True).findings if not f.repaired] == ["originals", "pictures"]
