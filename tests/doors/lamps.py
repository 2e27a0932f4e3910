"""A home with practices for the tests of the pages: two published decks on street lights, and a draft on them."""

from __future__ import annotations

from pathlib import Path

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.practice import ShownPractice
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Provenance, Role
from tests.conftest import Slide, write_pdf
from tests.doors.browsing import PASSWORD, PERSON
from tests.practising import COVER, LAMPS

HOSTILE: Slide = ("Hasil", "Tagihan <b>turun</b> *dari* Rp14 miliar menjadi Rp5 miliar <script>alert(1)</script>.")
LIT = DocumentMetadata(
    title=COVER[0],
    organisation="Dinas Perhubungan",
    city="Banyuwangi",
    country="Indonesia",
    themes=("street-lighting",),
    provenance=Provenance.ILLUSTRATIVE,
)
DARK = DocumentMetadata(title="Lampu <i>surya</i>", city="Kupang", themes=("energy",))
"""Its country is only suggested, from the city."""
SECRET: Slide = ("Biaya rahasia", "Biaya rahasia Rp99 miliar dibayar dari APBD kota.")


def fill(home: Path) -> None:
    """Store the decks, each with a practice, and a person of the secretariat."""
    kb = KnowledgeBase.open(Settings(home=home, encoder="hashing"))
    for name, slides, said, publish in (
        ("lit.pdf", LAMPS, LIT, True),
        ("dark.pdf", (("Lampu surya", "Kupang"), *LAMPS[1:4], HOSTILE), DARK, True),
        ("draft.pdf", (*LAMPS[:3], SECRET), DocumentMetadata(title="Rahasia"), False),
    ):
        write_pdf(home / name, slides)
        pipeline.ingest_file(kb, OPERATOR, IngestItem(home / name, said), IngestOptions(publish=publish))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()


def lit(kb: KnowledgeBase) -> ShownPractice:
    return next(one for one in kb.practices.all(ANYONE) if one.title == LIT.title)


def dark(kb: KnowledgeBase) -> ShownPractice:
    return next(one for one in kb.practices.all(ANYONE) if one.title == DARK.title)


def draft(kb: KnowledgeBase) -> ShownPractice:
    version = next(d.version for d in kb.documents(OPERATOR) if d.metadata.title == "Rahasia")
    return kb.practices.of(OPERATOR, version)[0]
