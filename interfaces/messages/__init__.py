"""What the doors say, in Indonesian, English and Korean.

One TOML file a language, all with the same keys and the same ``{placeholders}``; a key is section, dot, name. No
sentence for a reader stands anywhere else, and none is put together from translated pieces.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from interfaces.messages.format import number as written

LANGUAGES = ("id", "en", "ko")
DEFAULT_LANGUAGE = "en"

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of one language; called with a key it returns the sentence."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The message of ``key`` with ``values`` in its placeholders; an unknown key raises ``KeyError``."""
        return self.texts[key].format(**values)

    def count(self, key: str, number: int, shown: str = "") -> str:
        """The message for ``number`` things: ``key.one`` in languages that mark it, else ``key.other``.

        It is written as the language writes numbers; ``shown`` is what stands in its place.
        """
        form = "one" if number == 1 and self.language == "en" else "other"
        return self(f"{key}.{form}", n=shown or self.number(number))

    def number(self, value: int) -> str:
        """A whole number as the language writes it."""
        return written(self.language, value)

    def name(self, group: str, value: str) -> str:
        """The name of a value that decks carry, such as a theme or a country; an unknown value names itself."""
        return self.texts.get(f"{group}.{value.casefold().replace(' ', '-')}", value)

    def group(self, group: str) -> list[str]:
        """The messages of a group, in the order of the file: ``examples.1``, ``examples.2``, ..."""
        return [text for key, text in self.texts.items() if key.startswith(f"{group}.")]


@cache
def messages(language: str) -> Messages:
    """The messages of a language of :data:`LANGUAGES`; any other gets those of :data:`DEFAULT_LANGUAGE`."""
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    stated = tomllib.loads((_FOLDER / f"{known}.toml").read_text(encoding="utf-8"))
    return Messages(known, dict(_flat(stated, "")))


def _flat(stated: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in stated.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
