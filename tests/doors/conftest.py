"""Fixtures of the door tests: every test is a fresh process as far as the browser door can tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.types import Role
from tests.doors import lamps
from tests.doors.browsing import PASSWORD, PERSON


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test opens its knowledge base anew, with the quick encoder."""
    monkeypatch.setenv("KB_ENCODER", "hashing")
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home with a person of the secretariat."""
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    knowledge_base().catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def lit_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with practices, as :mod:`tests.doors.lamps` fills it; tests leave it as it is."""
    home = tmp_path_factory.mktemp("practices") / "home"
    lamps.fill(home)
    return home


@pytest.fixture
def at_home(lit_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KnowledgeBase:
    """A knowledge base over a copy of that home, which the test may change."""
    monkeypatch.setenv("KB_HOME", str(shutil.copytree(lit_home, tmp_path / "home")))
    return knowledge_base()
