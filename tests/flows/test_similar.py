"""``kb similar``: what the operator gets on a terminal and as JSON, and with the real encoder across languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Page, Segment, SegmentKind
from tests.conftest import write_pdf
from tests.flows.conftest import LIGHTS, WATER, Run

WATER_TOO = ("Clean water for Kupang", "The city drilled forty wells with help from the province and two companies")
DRAFT = (WATER[0], f"{WATER[1]} and one company")


@pytest.fixture(scope="module")
def home_of_four(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three published decks of two cities, of which all have a slide like the others', and a draft."""
    folder = tmp_path_factory.mktemp("similar")
    kb = KnowledgeBase.open(Settings(home=folder / "home", encoder="hashing"))
    for name, city, *slides in (("a", "Kupang", WATER, LIGHTS), ("b", "Kupang", WATER_TOO), ("c", "Seoul", WATER)):
        write_pdf(folder / f"{name}.pdf", tuple(slides))
        item = IngestItem(folder / f"{name}.pdf", DocumentMetadata(title=f"Deck {name}", city=city))
        pipeline.ingest_file(kb, OPERATOR, item, IngestOptions(publish=True))
    write_pdf(folder / "draft.pdf", (DRAFT,))
    pipeline.ingest_file(kb, OPERATOR, IngestItem(folder / "draft.pdf"))
    kb.catalog.close()
    return kb.settings.home


@pytest.fixture
def decks(run: Run, settings: Settings, home_of_four: Path) -> Run:
    """The command line over a copy of ``home_of_four``."""
    shutil.copytree(home_of_four, settings.home)
    return run


def titles(run: Run, *arguments: object) -> list[str]:
    return [one["document"]["metadata"]["title"] for one in run("similar", *arguments, "--json").json["similar"]]


def test_similar_slides_are_listed_with_deck_page_city_and_score(decks: Run) -> None:
    said = decks("similar", 1, "--page", 1, "--json").json
    assert (said["document"]["version"], said["page"]) == (1, 1)
    assert {one["rank"]: one["page_title"] for one in said["similar"]} == {1: WATER[0], 2: WATER[0]}
    best = said["similar"][0]
    assert (best["page"], best["language"]) == (1, "en")
    assert 0.3 <= best["score"] <= 1
    ran = decks("similar", 1, "--page", 1)
    assert f"{best['score']:.2f}  {best['document']['metadata']['title']}, page 1: {WATER[0]}" in ran.out
    assert "2 similar slides" in ran.err


def test_the_operator_may_ask_for_a_draft_which_is_never_an_answer(decks: Run) -> None:
    published = {"Deck a", "Deck b", "Deck c"}
    assert titles(decks, 4, "--page", 1)
    for deck in (1, 2, 3, 4):
        assert set(titles(decks, deck, "--page", 1)) < published


def test_other_cities_only(decks: Run) -> None:
    assert titles(decks, 2, "--page", 1, "--other-cities") == ["Deck c"]
    assert titles(decks, 3, "--page", 1, "--other-cities")[0] in ("Deck a", "Deck b")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("1",), 2, "Missing option '--page'"),
        (("1", "--page", "9"), 1, "there is no page 9"),
        (("0123456789", "--page", "1"), 1, "There is no document 0123456789"),
        (("1", "--page", "1", "--k", "0"), 2, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_asked_is_said(decks: Run, arguments: tuple[str, ...], code: int, message: str) -> None:
    ran = decks("similar", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_the_real_encoder_finds_the_same_subject_in_another_language(packaged_kb: KnowledgeBase) -> None:
    kb = packaged_kb
    texts = {
        "id": (
            "Mobil radar mencari rongga di bawah jalan sebelum aspal ambles.",
            "Obat diantar ojek ke rumah pasien miskin.",
        ),
        "en": ("A car with radar looks for cavities below the road before it collapses.", "Citizens vote on their phones."),
        "ko": ("레이더 차량이 도로가 무너지기 전에 지하 공동을 찾는다.", "시민이 휴대전화로 투표한다."),
    }
    decks = []
    for language, slides in texts.items():
        pages = [Page(n, "", (Segment(t, SegmentKind.BODY, language),), True) for n, t in enumerate(slides, start=1)]
        decks.append((language, DocumentMetadata(title=language, languages=(language,)), pages))
    versions = pipeline.ingest_pages(kb, OPERATOR, decks)
    pipeline.publish(kb, OPERATOR, list(versions.values()))
    try:
        for language in texts:
            found = kb.similar(ANYONE, versions[language], 1)
            assert {(one.language, one.slide.page) for one in found} == {(other, 1) for other in texts if other != language}
        assert [(one.language, one.slide.page) for one in kb.similar(ANYONE, versions["en"], 2)] == [("ko", 2)]
        assert kb.similar(ANYONE, versions["id"], 2) == ()
    finally:
        for version in versions.values():
            pipeline.delete(kb, OPERATOR, kb.version(OPERATOR, version).id)
