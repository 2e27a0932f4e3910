"""Settings: variable over file over default, and clear words for what is wrong."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kb.errors import UsageError
from kb.settings import Settings


def read(home: Path, **variables: str) -> Settings:
    return Settings.from_environment({"KB_HOME": str(home), **variables})


def test_without_anything_stated_the_defaults_hold(tmp_path: Path) -> None:
    assert read(tmp_path) == Settings(home=tmp_path)


@pytest.mark.parametrize("variables", [{}, {"KB_HOME": ""}])
def test_the_home_has_a_default_under_the_user_s_own(variables: dict[str, str]) -> None:
    assert Settings.from_environment(variables).home == Path.home() / ".local/share/citynet-kb"


def test_a_relative_home_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({"KB_HOME": "here"}).home == tmp_path / "here"


def test_a_variable_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('encoder = "hashing"\nport = 9000\nlock_wait = 3\n')
    found = read(tmp_path, KB_PORT="9001")
    assert (found.encoder, found.port, found.lock_wait, found.keep_generations) == ("hashing", 9001, 3.0, 3)
    assert isinstance(found.lock_wait, float)


def test_an_empty_variable_says_nothing_but_an_empty_prefix_says_none(tmp_path: Path) -> None:
    found = read(tmp_path, KB_ENCODER="", KB_QUERY_PREFIX="", KB_PASSAGE_PREFIX="teks: ")
    assert (found.encoder, found.query_prefix, found.passage_prefix) == ("packaged", "", "teks: ")
    assert read(tmp_path).query_prefix is None


def test_foreign_variables_are_ignored(tmp_path: Path) -> None:
    assert read(tmp_path, KB_NOT_OURS="x", PATH="/bin") == Settings(home=tmp_path)


@pytest.mark.parametrize("name", ["KB_PORT", "KB_LOCK_WAIT", "KB_KEEP_GENERATIONS", "KB_MAX_FILE_MB"])
def test_a_number_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=rf"must be a number; found 'many'\. Set {name} to a number"):
        read(tmp_path, **{name: "many"})


def test_an_unknown_setting_in_the_file_is_named_with_those_that_exist(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text("prot = 9000\n")
    with pytest.raises(UsageError, match=r"kb\.toml has the unknown setting 'prot'.*Known settings: encoder, "):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"home = '/elsewhere'"])
def test_a_file_that_cannot_be_read_or_moves_the_home_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kb.toml").write_bytes(content)
    with pytest.raises(UsageError, match=r"kb\.toml"):
        read(tmp_path)


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read(tmp_path).port = 1  # type: ignore[misc]
