"""The catalogue's file: created once however many open it, upgraded step by step, clear when it cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.catalog import Catalog, NewVersion, SearchCount, migrations
from kb.catalog.database import Database
from kb.catalog.migrations import STEPS, migrate
from kb.catalog.records import metadata_to_json
from kb.errors import KBError, Locked, StorageFull
from kb.types import DocumentMetadata, Generation, State

OPEN = "import sys; from pathlib import Path; from kb.catalog import Catalog; Catalog(Path(sys.argv[1])); print('open')"


def test_many_processes_may_open_a_new_home_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "catalog.sqlite"
    started = [subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stdout=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate(timeout=60)[0] for process in started] == [b"open\n"] * 4
    assert Catalog(path).check() == "ok"


def test_many_threads_may_open_a_new_home_at_once(tmp_path: Path) -> None:
    path, failures = tmp_path / "catalog.sqlite", []

    def open_it() -> None:
        try:
            Catalog(path).journal.record("a", "b", "c", "d")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(Catalog(path).journal.audit()) == 8


def test_opening_again_keeps_what_was_stored(tmp_path: Path, new_version: Callable[..., NewVersion]) -> None:
    version = Catalog(tmp_path / "c.sqlite").documents.add(new_version())
    assert Catalog(tmp_path / "c.sqlite").documents.pages(version)[0].segments[0].text == "words"


def test_a_new_step_runs_once_and_keeps_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
    migrate(connection)
    connection.execute("INSERT INTO documents VALUES ('d', 'now')")
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, "CREATE TABLE more (x TEXT) STRICT;\nINSERT INTO more VALUES ('1');"))
    migrate(connection)
    migrate(connection)
    assert connection.execute("SELECT count(*) FROM more").fetchone() == (1,)
    assert connection.execute("SELECT id FROM documents").fetchone() == ("d",)


def test_generations_of_the_first_schema_have_no_measured_quality(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as first:
        first.setattr(migrations, "STEPS", STEPS[:1])
        connection = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
        migrate(connection)
        connection.execute("INSERT INTO generations VALUES ('g000001', 1, 'now', 'packaged', 2, 3, 'publish 2')")
        connection.close()
    expected = Generation("g000001", "now", False, "packaged", 2, 3, "publish 2", quality=None)
    assert Catalog(tmp_path / "c.sqlite").journal.generations() == (expected,)


def test_versions_of_an_earlier_schema_have_no_suggestions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", STEPS[:3])
        connection = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
        migrate(connection)
        connection.execute("INSERT INTO documents VALUES ('d', 'now')")
        connection.execute(
            "INSERT INTO versions (document, state, sha256, file_name, media_type, size, pipeline, metadata, created)"
            " VALUES ('d', 'draft', '', 'a.pdf', 'application/pdf', 1, 'p', ?, 'now')",
            (metadata_to_json(DocumentMetadata(title="Judul")),),
        )
        connection.close()
    (deck,) = Catalog(tmp_path / "c.sqlite").documents.all({State.DRAFT})
    assert (deck.metadata.title, deck.suggested) == ("Judul", ())


def test_a_step_that_fails_leaves_the_schema_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
    migrate(connection)
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, "CREATE TABLE more (x TEXT);\nCREATE TABLE more (x TEXT);"))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(connection)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'").fetchone() == (0,)


def test_a_newer_release_s_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    Catalog(path).close()
    sqlite3.connect(path).execute("PRAGMA user_version = 99")
    with pytest.raises(KBError, match=rf"schema 99 is newer than this release's {len(STEPS)}.*install the release"):
        Catalog(path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(b"this is not a database at all" * 100)
    with pytest.raises(KBError, match=r"c\.sqlite cannot be read: file is not a database") as caught:
        Catalog(path)
    assert "backup" in caught.value.remedy


def test_a_home_that_cannot_be_made_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFull, match="Set KB_HOME"):
        Catalog(tmp_path / "file" / "home" / "catalog.sqlite")


def test_a_busy_database_is_locked_and_not_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.catalog.database._BUSY_SECONDS", 0.05)
    catalog = Catalog(tmp_path / "c.sqlite")
    other = sqlite3.connect(tmp_path / "c.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked, match="busy with another writer"):
        catalog.journal.record("a", "b", "c", "d")
    with pytest.raises(Locked):
        catalog.journal.count_search(SearchCount("en", "q", 0, "", 1.0))
    assert catalog.journal.revision() == 0


def test_a_full_database_is_a_storage_error_and_rolls_back(tmp_path: Path) -> None:
    database = Database(tmp_path / "c.sqlite")
    pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
    database.connection().execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StorageFull, match="Free disk space"), database.transaction() as sql:
        sql.execute("INSERT INTO documents VALUES ('d', ?)", ("x" * 100_000,))
    assert database.connection().execute("SELECT count(*) FROM documents").fetchone()[0] == 0


def test_an_error_inside_a_transaction_undoes_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "c.sqlite")
    with contextlib.suppress(KeyboardInterrupt), database.transaction() as sql:
        sql.execute("INSERT INTO documents VALUES ('d', 'now')")
        raise KeyboardInterrupt
    assert database.connection().execute("SELECT count(*) FROM documents").fetchone()[0] == 0


def test_what_one_connection_commits_another_sees_at_once(tmp_path: Path) -> None:
    one, two = Catalog(tmp_path / "c.sqlite"), Catalog(tmp_path / "c.sqlite")
    one.journal.record("a", "b", "c", "d")
    assert (two.journal.revision(), len(two.journal.audit())) == (1, 1)
