"""The facts that decks may state, read from `corpus/facts.toml`.

A fact is never changed here: sources, confidence and period are passed on as researched.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Period(Enum):
    """When a fact became knowable, seen from the last day of the seminar, 18 October 2019."""

    AT_SEMINAR = "P"
    LATER = "L"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One researched statement; `same_as` names the fact that holds the substance, if it isn't this one."""

    id: str
    topic: str
    text: str
    sources: tuple[str, ...]
    confidence: str
    period: Period
    same_as: str = ""

    @property
    def expected_in_decks(self) -> bool:
        """Whether some deck has to state the fact: it is of confidence H or M, and has a source to be named."""
        return bool(self.sources) and re.search(r"\b[HM]\b", self.confidence) is not None


Facts = Mapping[str, Fact]


def load_facts(path: Path) -> Facts:
    """Return all facts by id, in the order of the file."""
    with path.open("rb") as file:
        entries = tomllib.load(file)
    return {
        key: Fact(
            id=key,
            topic=entry["topic"],
            text=entry["text"],
            sources=tuple(entry["sources"]),
            confidence=entry["confidence"],
            period=Period(entry["period"].partition(":")[0]),
            same_as=entry.get("same_as", ""),
        )
        for key, entry in entries.items()
    }


def outlet(source: str) -> str:
    """Return the short name of a source: the host of an address, or what stands before the first comma.

    >>> outlet("www.itu.int/net4/wsis/stocktaking")
    'itu.int'
    >>> outlet("republika, okn1yr368 (31 Jan 2017)")
    'republika'
    """
    return re.split(r"[/,]", source, maxsplit=1)[0].strip().removeprefix("www.")


def outlets(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the outlets of the facts, each once, in the order of first use."""
    return tuple(dict.fromkeys(outlet(source) for fact in facts for source in fact.sources))
