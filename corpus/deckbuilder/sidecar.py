"""Writes the metadata of a deck, which ingestion reads, as TOML."""

import json
from collections.abc import Sequence
from pathlib import Path

from .deck import Deck, Ingest
from .facts import Facts
from .tables import cited_sources
from .words import WORDS

_LICENCE = "CC-BY-4.0"
_PROVENANCE = "illustrative"


def write_sidecar(path: Path, deck: Deck, facts: Facts) -> None:
    """Write the metadata of the deck."""
    path.write_text(sidecar_text(deck, facts), encoding="utf-8")


def sidecar_text(deck: Deck, facts: Facts) -> str:
    """Return the metadata as TOML."""
    files = [f"{deck.id}.pptx", f"{deck.id}.pdf"]
    if deck.ingest is not Ingest.PPTX:
        files.reverse()
    lines = [
        f"title = {_quoted(deck.title)}",
        f"speaker = {_quoted(deck.speaker)}",
        f"organisation = {_quoted(deck.organisation)}",
        f"city = {_quoted(deck.city)}",
        f"country = {_quoted(deck.country)}",
        f"event = {_quoted(deck.event)}",
        f"date = {deck.date.isoformat()}",
        f"themes = {_listed(deck.themes)}",
        f"sdgs = {list(deck.sdgs)}",
        f"languages = {_listed([deck.language.value])}",
        f"licence = {_quoted(_LICENCE)}",
        f"provenance = {_quoted(_PROVENANCE)}",
        f"note = {_quoted(WORDS[deck.language].label)}",
        _source_list(list(cited_sources(deck.fact_ids, facts))),
        f"file = {_quoted(files[0])}",
        f"renditions = {_listed(files[1:])}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string without escaped letters is a basic string of TOML.
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(text) for text in texts)}]"


def _source_list(sources: Sequence[str]) -> str:
    return "sources = [\n" + "".join(f"    {_quoted(source)},\n" for source in sources) + "]"
