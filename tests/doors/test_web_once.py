"""A page that runs again does nothing twice: what was encoded, opened or found for one run serves the next ones."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from interfaces.web import resources
from interfaces.web.resources import knowledge_base
from kb.catalog import Catalog
from kb.generations import GenerationStore
from kb.retrieval import Retriever
from kb.types import OPERATOR
from tests.conftest import write_pdf
from tests.doors.browsing import opened, shown

SLIDES = (
    ("Serat optik sampai ke desa", "Desa terhubung serat optik pada tahun 2018."),
    ("Biaya jaringan desa", "Biaya serat optik ditanggung bersama oleh desa dan kabupaten."),
)
QUESTION = "siapa menanggung biaya serat optik"


@pytest.fixture
def deck(home: Path) -> str:
    """The id of a published deck of two slides."""
    write_pdf(home / "kampung.pdf", SLIDES)
    report = pipeline.ingest_file(knowledge_base(), OPERATOR, IngestItem(home / "kampung.pdf"), IngestOptions(publish=True))
    return str(report.document)


@pytest.fixture
def done(deck: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often something costly is done from now on, by name."""
    counts: Counter[str] = Counter()

    def count(owner: type, name: str) -> None:
        plain: Callable[..., Any] = getattr(owner, name)

        def counted(*given: object, **named: object) -> object:
            counts[name] += 1
            return plain(*given, **named)

        monkeypatch.setattr(owner, name, counted)

    knowledge_base().live_generation()
    count(type(knowledge_base().encoder), "encode_queries")
    count(type(knowledge_base().encoder), "encode_passages")
    count(GenerationStore, "open")
    count(Catalog, "__init__")
    count(Retriever, "rank")
    return counts


def test_a_rerun_of_the_results_encodes_and_opens_nothing_again(done: Counter[str]) -> None:
    app = opened(q=QUESTION)
    assert "kb-results" in shown(app)
    assert done == {"encode_queries": 1, "rank": 1}
    app.run()
    assert "kb-results" in shown(app)
    assert done == {"encode_queries": 1, "rank": 2}


def test_the_slides_that_one_turns_over_after_a_search_encode_nothing_and_are_ranked_once(
    deck: str, done: Counter[str]
) -> None:
    opened(q=QUESTION)
    done.clear()
    for page in ("2", "1", "2"):
        assert "kb-slide-main" in shown(opened("slide", doc=deck, page=page, q=QUESTION))
    assert done == {"rank": 1}


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_warming_up_prepares_the_first_search_without_counting_one(done: Counter[str], thawed: None) -> None:
    resources.warm_up()
    assert done == {"encode_queries": 2, "rank": 2}
    assert gc.get_freeze_count() > 0, "what stays is left alone by the search for garbage after every run"
    assert knowledge_base().sought_in_vain(OPERATOR) == ()
    opened(q=QUESTION)
    assert done == {"encode_queries": 3, "rank": 3}


def test_warming_up_an_empty_home_loads_the_encoder(home: Path, thawed: None) -> None:
    resources.warm_up()
    assert "kb-welcome" in shown(opened())
