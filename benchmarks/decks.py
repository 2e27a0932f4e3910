"""Decks to measure with: many distinct slides in three languages whose words are as frequent as in real text.

The lines of the demonstration corpus and, where ``../shared/eval`` lies beside the checkout, the sentences of its test sets
are dealt out anew; nothing is written down. The same texts give the same decks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import yaml

from kb.language import LANGUAGES, detect, nfc, sentences
from kb.types import DocumentMetadata, Page, Segment, SegmentKind

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "corpus" / "sources"
TEXTS = ROOT.parent / "shared" / "eval"
SLIDES = 20
_CHARACTERS: Mapping[str, tuple[int, int, int]] = {"id": (300, 1000, 600), "en": (300, 1000, 600), "ko": (140, 470, 260)}
"""A slide's least, greatest and commonest length: the 10th, 90th and 50th percentile of the demonstration slides."""
_TITLE = 70
_TEXTS_A_DECK = 40
_NO_TEXT = frozenset({"layout", "facts", "period", "kind", "unit"})
"""Keys of a slide's source whose values are not shown."""

Deck = tuple[str, DocumentMetadata, Sequence[Page]]
Text = tuple[str, ...]
"""One text's sentences, in order."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What decks are made of: texts by language, and what is said about a deck."""

    texts: Mapping[str, Sequence[Text]]
    said: Sequence[DocumentMetadata]

    @property
    def name(self) -> str:
        """Names the texts: other texts, another name."""
        return sha256(json.dumps(self.texts, sort_keys=True).encode()).hexdigest()[:8]


def read_stock(sources: Path = SOURCES, sets: Path = TEXTS) -> Stock:
    """The texts of the demonstration corpus and of every test set in BEIR layout under ``sets``, each once."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(sources.glob("*.yaml"))]
    found: dict[str, dict[Text, None]] = {language: {} for language in LANGUAGES}
    for source in read:
        for slide in source["slides"]:
            found[source["language"]][_sentences("\n".join(_strings(slide)))] = None
    for path in sorted(sets.glob("*/corpus.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            found[detect(text, "en")][_sentences(text)] = None
    return Stock({language: list(filter(None, texts)) for language, texts in found.items()}, [_said(s) for s in read])


def _strings(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, name)
    elif isinstance(value, list) and key not in _NO_TEXT:
        for inner in value:
            yield from _strings(inner, key)
    elif isinstance(value, str) and key not in _NO_TEXT:
        yield value


def _sentences(text: str) -> Text:
    text = nfc(text)
    return tuple(" ".join(text[span.start : span.end].split()) for span in sentences(text))


def _said(source: Mapping[str, Any]) -> DocumentMetadata:
    names = ("speaker", "organisation", "city", "country", "event", "date")
    return DocumentMetadata(**{name: source[name] for name in names}, themes=tuple(source["themes"]))


def make_decks(stock: Stock, count: int, slides: int = SLIDES) -> Iterator[Deck]:
    """``count`` decks of ``slides`` slides, languages in turn; no two slides say the same."""
    seen: set[str] = set()
    for number in range(count):
        random = Random(number)
        language = LANGUAGES[number % len(LANGUAGES)]
        pages: list[Page] = []
        lines = _dealt(stock.texts[language], random)
        title = next(lines)[:_TITLE]
        while len(pages) < slides:
            page = _page(len(pages) + 1, lines, _length(language, random))
            if page.segments[-1].text not in seen:
                seen.add(page.segments[-1].text)
                pages.append(page)
        said = stock.said[number % len(stock.said)]
        metadata = replace(said, title=f"{title} ({number})", languages=(language,))
        yield f"{stock.name}-{number:04}", metadata, pages


def _dealt(texts: Sequence[Text], random: Random) -> Iterator[str]:
    """The sentences of some texts, mixed; then those of others, without end."""
    while True:
        chosen = random.sample(texts, min(_TEXTS_A_DECK, len(texts)))
        lines = [line for text in chosen for line in text]
        random.shuffle(lines)
        yield from lines


def _length(language: str, random: Random) -> int:
    return round(random.triangular(*_CHARACTERS[language]))


def _page(number: int, lines: Iterator[str], length: int) -> Page:
    title, body = next(lines)[:_TITLE], next(lines)
    while len(body) < length:
        body += f"\n{next(lines)}"
    segments = (Segment(title, SegmentKind.TITLE), Segment(body, SegmentKind.BODY))
    return Page(number=number, title=title, segments=segments, has_text=True)
