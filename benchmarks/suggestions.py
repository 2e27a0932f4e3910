"""How often what a deck's file suggests is what its sidecar states: precision and recall of every field.

Run ``python -m benchmarks.suggestions`` to write the table of ``corpus/evaluation/suggestions.md``; ``--check`` writes
nothing and fails when the file is not what the decks give. The demonstration decks share one cover layout, so that they are
also measured without their files' properties and without their first slide.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.load import load
from ingest.metadata import read_metadata
from ingest.suggest import suggest
from ingest.suggest.lines import shown_lines
from kb.encoders import open_encoder
from kb.metadata import values_of
from kb.themes import themes
from kb.types import DocumentMetadata, LoadedFile

ROOT = Path(__file__).resolve().parent.parent
DECKS = ROOT / "corpus" / "decks"
TABLE = ROOT / "corpus" / "evaluation" / "suggestions.md"
FIELDS = ("title", "speaker", "organisation", "city", "country", "event", "date", "languages", "themes", "sdgs")
BY_MEANING = (3, 4, 5, 6)
"""How many of the nearest themes the comparison by meaning takes."""
_PAGE_CHARACTERS = 1500
_NEAREST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Deck:
    """A file as it was read, and what its sidecar states."""

    name: str
    loaded: LoadedFile
    stated: DocumentMetadata


@dataclass(frozen=True, slots=True)
class Score:
    """Values that are stated, that are suggested, and that are both."""

    stated: int
    suggested: int
    right: int

    def __add__(self, other: Score) -> Score:
        return Score(self.stated + other.stated, self.suggested + other.suggested, self.right + other.right)

    def __str__(self) -> str:
        precision = f"{100 * self.right / self.suggested:.0f}" if self.suggested else "-"
        recall = f"{100 * self.right / self.stated:.0f}" if self.stated else "-"
        return f"{precision} / {recall} ({self.right} of {self.suggested}, {self.stated} stated)"


def read_decks(folder: Path = DECKS) -> list[Deck]:
    """Both formats of every deck, by the loaders alone."""
    found = []
    for sidecar in sorted(folder.glob("*.toml")):
        stated, files = read_metadata(sidecar)
        for path in (files.file, *files.renditions):
            if path is not None:
                found.append(Deck(path.name, load(path), stated))
    return found


def score(suggested: Sequence[str], stated: Sequence[str]) -> Score:
    """How suggested values of a field compare with the stated ones, whatever their case."""
    one, other = ({value.casefold() for value in values} for values in (suggested, stated))
    return Score(len(other), len(one), len(one & other))


def scores(decks: Sequence[Deck], view: Callable[[LoadedFile], LoadedFile]) -> dict[str, Score]:
    """The score of every field over the decks, each seen through ``view``."""
    total = dict.fromkeys(FIELDS, Score(0, 0, 0))
    for deck in decks:
        found = suggest(view(deck.loaded), file_title=Path(deck.name).stem)
        for field in FIELDS:
            values = [one.value for one in found if one.field == field]
            total[field] += score(values, values_of(deck.stated, field))
    return total


def as_it_is(loaded: LoadedFile) -> LoadedFile:
    """The file unchanged."""
    return loaded


def without_properties(loaded: LoadedFile) -> LoadedFile:
    """The file as if it stated neither title nor author; its languages are detected and stay."""
    return dataclasses.replace(loaded, metadata=DocumentMetadata(languages=loaded.metadata.languages))


def without_cover(loaded: LoadedFile) -> LoadedFile:
    """The file without properties and without its first slide."""
    return dataclasses.replace(without_properties(loaded), pages=loaded.pages[1:])


def themes_by_meaning(decks: Sequence[Deck]) -> dict[int, Score]:
    """The alternative: the themes whose words lie nearest to a deck's slides, by the packaged encoder, for each number."""
    encoder = open_encoder()
    slugs = [theme.slug for theme in themes()]
    described = ["; ".join(word for words in theme.words.values() for word in words) for theme in themes()]
    wanted = encoder.encode_queries(described)
    total = dict.fromkeys(BY_MEANING, Score(0, 0, 0))
    for deck in decks:
        texts = ["\n".join(shown_lines(page))[:_PAGE_CHARACTERS] for page in deck.loaded.pages if page.has_text]
        near = encoder.encode_passages(texts) @ wanted.T if texts else np.zeros((1, len(slugs)), dtype=np.float32)
        order = np.argsort(-np.sort(near, axis=0)[-_NEAREST_PAGES:].mean(axis=0))
        for number in BY_MEANING:
            total[number] += score([slugs[i] for i in order[:number]] if texts else [], deck.stated.themes)
    return total


def lines(decks: Sequence[Deck]) -> Iterator[str]:
    """The kept file."""
    yield "# What a deck's file suggests, against what its sidecar states"
    yield ""
    yield "Written by `python -m benchmarks.suggestions`; nothing here is edited by hand. Each cell: precision / recall in"
    yield "percent (right of suggested, stated). A suggestion where the sidecar states nothing counts as wrong."
    yield ""
    read = [deck for deck in decks if any(page.has_text for page in deck.loaded.pages)]
    yield f"{len(decks)} files: every demonstration deck as PPTX and as PDF, one of the PDFs a scan without text. They were"
    yield "built from one cover template, and the rules were written with them in view: expect less from other people's"
    yield "decks. The last two columns show how much hangs on the properties and on the cover."
    yield ""
    pptx = [deck for deck in decks if deck.name.endswith(".pptx")]
    pdf = [deck for deck in decks if deck.name.endswith(".pdf")]
    columns = {
        "PPTX": scores(pptx, as_it_is),
        "PDF": scores(pdf, as_it_is),
        "both, no properties": scores(decks, without_properties),
        "both, no properties, no first slide": scores(decks, without_cover),
    }
    yield f"| field | {' | '.join(columns)} |"
    yield f"| --- |{' --- |' * len(columns)}"
    for field in FIELDS:
        yield f"| {field} | {' | '.join(str(column[field]) for column in columns.values())} |"
    yield ""
    yield "Themes by words (used) and by meaning (the packaged encoder's nearest themes, mean of the nearest three slides),"
    yield f"over the {len(read)} files with text:"
    yield ""
    yield "| how | precision / recall |"
    yield "| --- | --- |"
    yield f"| by words | {scores(read, as_it_is)['themes']} |"
    for number, found in themes_by_meaning(read).items():
        yield f"| by meaning, nearest {number} | {found} |"


def main() -> int:
    """Write the table, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the kept table is another")
    arguments = parser.parse_args()
    text = "\n".join(lines(read_decks())) + "\n"
    if not arguments.check:
        TABLE.write_text(text, encoding="utf-8")
        return 0
    if TABLE.read_text(encoding="utf-8") != text:
        print(f"{TABLE.name} is not what the decks give; run python -m benchmarks.suggestions.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
