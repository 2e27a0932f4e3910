"""What in a slide's words speaks for a field of a practice: phrases in three languages, and amounts. Pure but for its data.

``practice_cues.toml`` holds the phrases, and the sentences that encoders compare others with.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.practice import PracticeField

_CAVEAT = "caveat"
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_NEVER = re.compile(r"(?!)")
_MONEY = re.compile(
    r"\b(rp|us\$|usd|krw|eur|idr)\s?[0-9]|\$[0-9]|[0-9] ?(miliar|triliun)\b|[0-9]\s?[억조만][0-9천백억만., ]{0,24}원",
    re.IGNORECASE,
)
_SCALE = re.compile(r"[0-9] ?(miliar|triliun|juta|billion|million|trillion|bn|tn|mn)\b|[0-9]\s?[억조]", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(dari|from)\b[^.;]{0,60}[0-9][^.;]{0,60}\b(menjadi|ke|to)\b|[0-9]\s?(%|persen|percent|per cent)"
    r"|[0-9]\S{0,9}에서[^.;]{0,60}[0-9]|→",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]")
_NAME = re.compile(r"(?<=[\w,)] )[A-Z][\w-]+|[\uac00-\ud7a3]")
_REACHABLE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\+?\(?[0-9][0-9 ()./-]{6,}[0-9]|https?://|\bwww\.")


@dataclass(frozen=True, slots=True)
class Cues:
    """The phrases of one field, as patterns; ``examples`` are sentences that the field's own are like."""

    titles: re.Pattern[str]
    words: re.Pattern[str]
    unlike: re.Pattern[str]
    examples: tuple[str, ...]


@lru_cache(maxsize=1)
def cues() -> Mapping[PracticeField, Cues]:
    """The cues of every field."""
    stated = _stated()
    return {
        field: Cues(
            titles=_pattern(stated[field.value]["titles"]),
            words=_pattern(stated[field.value]["words"]),
            unlike=_pattern(stated[field.value]["unlike"]),
            examples=tuple(stated[field.value]["examples"]),
        )
        for field in PracticeField
    }


def titled(title: str) -> frozenset[PracticeField]:
    """The fields that a title or a heading names; none where it remarks on sources or figures."""
    if _caveats()[0].search(title):
        return frozenset()
    return frozenset(field for field, cue in cues().items() if cue.titles.search(title))


def is_caveat(text: str) -> bool:
    """Whether a title or a sentence remarks on sources, dates or figures instead of the practice."""
    return any(pattern.search(text) for pattern in _caveats())


def speaks_of(sentence: str, field: PracticeField) -> bool:
    """Whether a phrase of the field stands in a sentence, and none that tells another thing."""
    cue = cues()[field]
    return bool(cue.words.search(sentence)) and not cue.unlike.search(sentence)


def denies(sentence: str, field: PracticeField) -> bool:
    """Whether a sentence has a phrase that the field's own do not have."""
    return bool(cues()[field].unlike.search(sentence))


def states_money(sentence: str) -> bool:
    """Whether an amount of money stands in a sentence."""
    return bool(_MONEY.search(sentence))


def states_scale(sentence: str) -> bool:
    """Whether a large amount stands in a sentence, of money where the slide is about money."""
    return bool(_SCALE.search(sentence))


def is_korean(sentence: str) -> bool:
    """Whether a sentence has Korean letters, so that a verb tells its end without any stop."""
    return bool(_HANGUL.search(sentence))


def states_change(sentence: str) -> bool:
    """Whether a sentence tells a change from one number to another, or a share."""
    return bool(_CHANGE.search(sentence))


def has_number(sentence: str) -> bool:
    """Whether a digit stands in a sentence."""
    return bool(_DIGIT.search(sentence))


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """The places of the glossary, by their usual Indonesian names."""
    return frozenset(_stated()["places"]["names"])


def names_somebody(sentence: str) -> bool:
    """Whether a name stands within a sentence: a capital after its first word, or anything in Korean, which has none."""
    return bool(_NAME.search(sentence))


def is_reachable(sentence: str) -> bool:
    """Whether a sentence holds an address to write to or a number to call."""
    return bool(_REACHABLE.search(sentence))


@lru_cache(maxsize=1)
def _caveats() -> tuple[re.Pattern[str], re.Pattern[str]]:
    stated = _stated()[_CAVEAT]
    return _pattern(stated["titles"]), _pattern(stated["words"])


def _stated() -> Mapping[str, Mapping[str, Sequence[str]]]:
    stated: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
        files("kb").joinpath("practice_cues.toml").read_text(encoding="utf-8")
    )
    return stated


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_phrase, phrases)), re.IGNORECASE) if phrases else _NEVER


def _phrase(phrase: str) -> str:
    """Korean has particles and compounds around a word; other phrases begin a word, and end one where ``$`` says so."""
    if _HANGUL.search(phrase):
        return re.escape(phrase)
    start = r"\b" if phrase[0].isalnum() else ""
    return rf"{start}{re.escape(phrase[:-1])}\b" if phrase.endswith("$") else start + re.escape(phrase)
