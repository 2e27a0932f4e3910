"""Builds the demonstration decks in `corpus/decks` from the sources in `corpus/sources`.

Usage:
    python corpus/build.py                        build every deck
    python corpus/build.py bwi-smart-kampung      build the named decks
    python corpus/build.py --check                check sources and coverage only; needs no LibreOffice

Building needs LibreOffice and the Noto fonts (apt-get install libreoffice-impress fonts-noto-core fonts-noto-cjk).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deckbuilder.coverage import FEWEST_DECKS, FEWEST_SLIDES, coverage_of
from deckbuilder.deck import Deck, Ingest
from deckbuilder.draw import draw_deck
from deckbuilder.errors import CorpusError, Fault, SourceError
from deckbuilder.facts import Facts, load_facts
from deckbuilder.package import save_presentation, set_properties
from deckbuilder.pdf import convert_to_pdf
from deckbuilder.scan import scan_pdf
from deckbuilder.sidecar import write_sidecar
from deckbuilder.source import load_deck

CORPUS = Path(__file__).resolve().parent
SOURCES = CORPUS / "sources"
DECKS = CORPUS / "decks"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 1 when anything is wrong."""
    options = _parser().parse_args(arguments)
    try:
        facts = load_facts(CORPUS / "facts.toml")
        decks = load_decks(_paths(options.decks, options.sources), facts)
        return _check(decks, facts) if options.check else _build(decks, facts, options.output)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build the demonstration decks.")
    parser.add_argument("decks", nargs="*", help="ids of the decks to build; all when none is given")
    parser.add_argument("--check", action="store_true", help="check sources and coverage, build nothing")
    parser.add_argument("--sources", type=Path, default=SOURCES, help="folder of the sources")
    parser.add_argument("--output", type=Path, default=DECKS, help="folder of the built decks")
    return parser


def _paths(names: Sequence[str], folder: Path) -> list[Path]:
    paths = [folder / f"{name}.yaml" for name in names] or sorted(folder.glob("*.yaml"))
    for path in paths:
        if not path.exists():
            known = ", ".join(sorted(other.stem for other in folder.glob("*.yaml")))
            raise CorpusError(f"no source {path}; use one of: {known}")
    return paths


def load_decks(paths: Sequence[Path], facts: Facts) -> list[Deck]:
    """Read the sources, and report the faults of all of them together."""
    decks: list[Deck] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            decks.append(load_deck(path, facts))
        except SourceError as error:
            faults += error.faults
    if faults:
        raise SourceError(faults)
    return decks


def _check(decks: Sequence[Deck], facts: Facts) -> int:
    coverage = coverage_of(decks, facts)
    print(f"{coverage.decks} decks (at least {FEWEST_DECKS}), {coverage.slides} slides (at least {FEWEST_SLIDES})")
    for key in coverage.missing:
        print(f"not stated in any searchable deck: {key} ({facts[key].topic}) {facts[key].text}")
    return 0 if coverage.complete else 1


def _build(decks: Sequence[Deck], facts: Facts, output: Path) -> int:
    output.mkdir(parents=True, exist_ok=True)
    for deck in decks:
        build_deck(deck, facts, output)
        print(f"built {deck.id}: {len(deck.slides)} slides in the source")
    return 0


def build_deck(deck: Deck, facts: Facts, output: Path) -> None:
    """Write the deck's PPTX, PDF and metadata."""
    presentation = draw_deck(deck, facts)
    set_properties(presentation, deck)
    path = output / f"{deck.id}.pptx"
    save_presentation(presentation, path)
    pdf = convert_to_pdf(path)
    if deck.ingest is Ingest.SCAN:
        scan_pdf(pdf, deck)
    write_sidecar(output / f"{deck.id}.toml", deck, facts)


if __name__ == "__main__":
    sys.exit(main())
