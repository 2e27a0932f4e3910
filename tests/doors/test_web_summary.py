"""The quotations above the results and the related queries below them, as a reader sees them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest import pipeline
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Page, Provenance, Segment, SegmentKind
from tests.doors.browsing import opened, shown

QUESTION = "siapa membayar lampu jalan"
LAMPS = DocumentMetadata(
    title="Penerangan <b>kota</b>", city="Kupang", languages=("id",), provenance=Provenance.ILLUSTRATIVE
)
SLIDES = (
    ("Lampu jalan <i>pintar</i>", "Lampu jalan dibayar dari <b>anggaran</b> kota sejak tahun lalu."),
    ("Angka", "3.500\nlampu jalan yang dibayar\nRp15 miliar\nlampu jalan yang direncanakan"),
    ("Obligasi daerah", "Taman dibayar oleh bank daerah."),
)
OWN = DocumentMetadata(title="Laporan", city="Jakarta", languages=("id",))
OWN_SLIDES = (("Lampu", "Siapa membayar lampu jalan sudah diputuskan oleh dewan kota Jakarta."),)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a reconstruction and a speaker's own deck; tests leave it as it is."""
    home = tmp_path_factory.mktemp("quoted")
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for said, slides in ((LAMPS, SLIDES), (OWN, OWN_SLIDES)):
        pages = [
            Page(n, title, (Segment(title, SegmentKind.TITLE), Segment(text, SegmentKind.BODY)), True)
            for n, (title, text) in enumerate(slides, start=1)
        ]
        pipeline.publish(kb, OPERATOR, [*pipeline.ingest_pages(kb, OPERATOR, [(said.title, said, pages)]).values()])
    kb.catalog.close()
    return home


@pytest.fixture(autouse=True)
def at_library(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", str(library))


def block(page: str) -> str:
    """The quotations alone."""
    found = re.search(r'<section class="kb-summary".*?</section>', page, re.S)
    return found.group() if found else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotations_stand_above_the_results_marked_as_such(language: str) -> None:
    page = shown(opened(q=QUESTION, city="Kupang", lang=language))
    t = messages(language)
    assert t("summary.title") in block(page)
    assert t("summary.lead") in block(page)
    assert page.index('class="kb-summary"') < page.index('class="kb-heading"') < page.index('class="kb-results"')


def test_a_quotation_is_verbatim_in_its_language_and_leads_to_exactly_its_slide() -> None:
    quoted = block(shown(opened(q=QUESTION, city="Kupang", lang="en")))
    (deck,) = (d for d in knowledge_base().documents(ANYONE) if d.metadata.city == "Kupang")
    said = "Lampu jalan dibayar dari &lt;b&gt;anggaran&lt;/b&gt; kota sejak tahun lalu."
    assert f'<blockquote lang="id">{said}</blockquote>' in quoted
    assert "Lampu jalan &lt;i&gt;pintar&lt;/i&gt;</p>" in quoted
    link = f'<a href="/slide?doc={deck.id}&amp;page=1&amp;q=siapa+membayar+lampu+jalan&amp;city=Kupang&amp;lang=en"'
    assert link in quoted
    caption = quoted.split(link)[1].split("</a>")[0]
    assert re.sub("<[^>]*>", "", caption).endswith(">Kupang · Penerangan &lt;b&gt;kota&lt;/b&gt; · Slide 1")


def test_a_figure_is_quoted_with_its_label() -> None:
    quoted = block(shown(opened(q="berapa lampu jalan yang dibayar", city="Kupang", lang="id")))
    assert '<blockquote lang="id">3.500 · lampu jalan yang dibayar</blockquote>' in quoted


def test_reconstructions_are_labelled_once_for_all_or_each_where_others_stand_beside() -> None:
    label = messages("en")("provenance.illustrative")
    assert block(shown(opened(q=QUESTION, city="Kupang", lang="en"))).count(label) == 1
    mixed = block(shown(opened(q=QUESTION, lang="en")))
    assert ("Jakarta" in mixed, "Kupang" in mixed) == (True, True)
    heading, *slides = mixed.split("<figure")
    assert label not in heading
    assert all((label in slide) == ("Kupang" in slide) for slide in slides)


def test_related_queries_stand_below_and_keep_the_filters() -> None:
    page = shown(opened(q=QUESTION, city="Kupang", by="slide", lang="en"))
    assert messages("en")("related.title") in page
    chip = '<a href="/?q=obligasi+daerah&amp;city=Kupang&amp;by=slide&amp;lang=en" data-inside="top" class="kb-chip">'
    assert page.index('class="kb-results"') < page.index(chip)


@pytest.mark.parametrize("parameters", [{"page": "2"}, {"q": "zzzz qqqq"}, {"city": "Atlantis"}])
def test_other_pages_and_weak_or_no_results_have_neither(
    parameters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interfaces.web.view.PAGE_SIZE", 1)  # two decks fill two pages
    monkeypatch.setattr("interfaces.web.screens.search.PAGE_SIZE", 1)
    page = shown(opened(**{"q": QUESTION, "lang": "en", **parameters}))
    assert "kb-summary" not in page
    assert "kb-further" not in page
