"""Text as the search sees it: languages, sentences, search terms.

Pure: nothing here reads a file, a setting or the catalogue. One analyser serves passages and queries of every language,
because decks and questions mix Indonesian, English and Korean within a line; a term is therefore the same whatever
language its sentence was taken for.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import Stemmer
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from kb.amounts import NUMBER, amounts, plain_number
from kb.types import Span

LANGUAGES = ("id", "en", "ko")
ANALYSER = "id-en-snowball+hangul-bigrams+amounts/2"
"""Names what :func:`terms` and :func:`passage_terms` do; changes with their output, so that indexes know their analyser."""

# A currency mark printed against its amount ("Rp316,34") is a word of its own.
_WORD = re.compile(r"(?:Rp|USD?|KRW)(?=[0-9])|[^\W_]+(?:(?<=[0-9])[.,][0-9]+)*", re.IGNORECASE)
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_ACROSS = re.compile(r"([\uac00-\ud7a3]) (?=([\uac00-\ud7a3]))")
_BETWEEN_HANGUL = re.compile(r"(?<=[\uac00-\ud7a3]) (?=[\uac00-\ud7a3])")
_PLAIN_WORD = re.compile(r"[^\W_]+(?:[.,](?=[0-9])[0-9]+)*")
# A sentence ends at final punctuation before a space, or at a line's end: slides are lines more than sentences.
_SENTENCE_END = re.compile(r"(?<=[.!?…。])([\"'”’)\]]*)\s+(?=[\"'“‘(\[]?[A-Z0-9\uac00-\ud7a3])|\n+")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:Rp|No|Dr|Ir|Drs|Prof|Mr|Mrs|Ms|Jl|Kab|Kec|vs|approx|cf|e\.g|i\.e|[A-Z])\.$")
_SHORTEST_DETECTABLE = 12
_SHORTEST_STEMMED = 4

_identifier_lock = threading.Lock()


class Term(NamedTuple):
    """A search term and the characters of the text that it stands for; a tuple, because a search makes thousands."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Short Indonesian titles look Malay to the model; no Malay deck is expected, so Malay is read as Indonesian.
    identifier.set_languages(["id", "en", "ko", "ms"])
    return identifier


def nfc(text: str) -> str:
    """Composed text: Korean stored as decomposed jamo would never match what people type."""
    return unicodedata.normalize("NFC", text)


def detect(text: str, default: str = "") -> str:
    """``id``, ``en`` or ``ko``; ``default`` when the text is too short or has no letters to tell."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return default
    hangul = sum("\uac00" <= c <= "\ud7a3" for c in letters)
    # A Korean line keeps foreign names in Latin letters, a foreign line seldom has Hangul: a fifth decides.
    if hangul * 5 >= len(letters):
        return "ko"
    if len(letters) < _SHORTEST_DETECTABLE:
        return default
    with _identifier_lock:
        code = str(_identifier().classify(text)[0])
    return "id" if code == "ms" else code if code in ("id", "en") else default


def sentences(text: str) -> list[Span]:
    """The spans of the sentences of ``text``, in order, without surrounding white space."""
    spans: list[Span] = []
    start = 0
    for end, following in _boundaries(text):
        _append_stripped(spans, text, start, end)
        start = following
    _append_stripped(spans, text, start, len(text))
    return spans


@lru_cache(maxsize=4096)
def passage_sentences(text: str) -> tuple[Span, ...]:
    """The spans of the sentences of a passage, as :func:`sentences` gives them; kept, as every search needs them again."""
    return tuple(sentences(text))


def _boundaries(text: str) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE_END.finditer(text):
        if "\n" in match.group() or not _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()]):
            # Closing quotation marks and brackets belong to the sentence that they close.
            yield max(match.start(), match.end(1)), match.end()


def _append_stripped(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        offset = start + len(piece) - len(piece.lstrip())
        spans.append(Span(offset, offset + len(stripped)))


def terms(text: str) -> list[Term]:
    """The search terms of ``text`` in order: stems, numbers without separators, Hangul character bigrams, amounts.

    Offsets count characters of ``text`` as it was given.
    """
    words = [
        Term(piece, match.start() + start, match.start() + end)
        for match in _WORD.finditer(text)
        for piece, start, end in _pieces(match.group())
    ]
    said = _amounts(text)
    return _in_order([*words, *said]) if said else words


@lru_cache(maxsize=4096)
def passage_terms(text: str) -> tuple[Term, ...]:
    """The search terms of a passage: :func:`terms`, and the Hangul bigrams across a space.

    Korean is spaced as the writer likes ("스마트 시티", "스마트시티"). With the bigrams across spaces in the passages, and
    not in the questions, either way of typing finds either way of writing. Kept, because a hit's coverage, sentence and
    marks all need them.
    """
    across = _across(text)
    return tuple(_in_order([*terms(text), *across]) if across else terms(text))


def passage_term_texts(text: str) -> tuple[str, ...]:
    """The terms of :func:`passage_terms` without their places, which most texts' need not be known for their order."""
    if _amounts(text) or _ACROSS.search(text):
        return tuple(term.text for term in passage_terms(text))
    return tuple(piece for match in _WORD.finditer(text) for piece, _, _ in _pieces(match.group()))


@lru_cache(maxsize=4096)
def terms_among(text: str, wanted: frozenset[str]) -> tuple[Term, ...]:
    """Those of :func:`passage_terms` that are wanted: much quicker than making all of them for the few that were asked."""
    if not wanted:
        return ()
    words = [
        Term(piece, match.start() + start, match.start() + end)
        for match in _WORD.finditer(text)
        for piece, start, end in _pieces(match.group())
        if piece in wanted
    ]
    said = _amounts(text) if any(map(is_number, wanted)) else []
    across = _across(text) if any(map(_HANGUL.match, wanted)) else []
    return tuple(_in_order([*words, *(term for term in (*said, *across) if term.text in wanted)]))


def _amounts(text: str) -> list[Term]:
    return [Term(amount.name, amount.start, amount.end) for amount in amounts(text)]


def _across(text: str) -> list[Term]:
    return [Term(m.group(1) + m.group(2), m.start(1), m.end(2)) for m in _ACROSS.finditer(text)]


def _in_order(found: list[Term]) -> list[Term]:
    return sorted(found, key=itemgetter(1, 2))


def term_texts(text: str) -> list[str]:
    """The search terms of ``text`` without their places."""
    return [term.text for term in terms(text)]


def unspaced(text: str) -> str:
    """The text without the spaces between Hangul."""
    return _BETWEEN_HANGUL.sub("", text)


def is_number(term: str) -> bool:
    """Whether a term is a number or an amount."""
    return term[0].isdigit()


def folded_text(text: str) -> str:
    """Text as phrases are compared: without case and forms of letters, every run of other characters one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " " + " ".join(_PLAIN_WORD.findall(folded)) + " "


@lru_cache(maxsize=65536)
def _pieces(word: str) -> tuple[tuple[str, int, int], ...]:
    """The terms of a word and where they stand in it."""
    return tuple(_word_terms(word))


def _word_terms(word: str) -> Iterator[tuple[str, int, int]]:
    position = 0
    for match in _HANGUL.finditer(word):
        yield from _latin_terms(word, position, match.start())
        yield from _hangul_terms(match.group(), match.start())
        position = match.end()
    yield from _latin_terms(word, position, len(word))


def _hangul_terms(run: str, start: int) -> Iterator[tuple[str, int, int]]:
    # Words would need a morphological analyser; bigrams find stems whatever particle follows.
    if len(run) == 1:
        yield run, start, start + 1
    for i in range(len(run) - 1):
        yield run[i : i + 2], start + i, start + i + 2


def _latin_terms(word: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    if start < end:
        yield _stem(word[start:end]), start, end


def _stem(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).casefold()
    if NUMBER.fullmatch(folded):
        return plain_number(folded)
    if len(folded) < _SHORTEST_STEMMED or any(c.isdigit() for c in folded):
        return folded
    return _stemmers().stem(folded)


class _Stemmers:
    """Indonesian after English Snowball stems, behind a lock: a PyStemmer object is not safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._english = Stemmer.Stemmer("english", 0)
        self._indonesian = Stemmer.Stemmer("indonesian", 0)

    def stem(self, word: str) -> str:
        with self._lock:
            return str(self._indonesian.stemWord(self._english.stemWord(word)))


@lru_cache(maxsize=1)
def _stemmers() -> _Stemmers:
    return _Stemmers()
