"""Reads checked values out of a parsed YAML mapping, and remembers every fault instead of stopping at the first.

A value that is missing or of the wrong kind is replaced by an empty one, so that reading goes on; the caller raises
`SourceError` at the end when `Reader.faults` isn't empty.
"""

from collections.abc import Mapping, Sequence

from .errors import Fault


class Reader:
    """One mapping of the source, with the place to name in messages."""

    def __init__(self, mapping: object, file: str, slide: int, faults: list[Fault], name: str = "") -> None:
        self._file = file
        self._slide = slide
        self._name = name
        self.faults = faults
        self._used: set[str] = set()
        self._values: Mapping[object, object] = {}
        if isinstance(mapping, Mapping):
            self._values = mapping
        else:
            self.fault(f"expected a mapping, found {mapping!r}", "write it as 'key: value' lines")

    def fault(self, problem: str, remedy: str) -> None:
        """Remember a fault at the place of this mapping."""
        where = f"in {self._name}: " if self._name else ""
        self.faults.append(Fault(self._file, self._slide, where + problem, remedy))

    def has(self, key: str) -> bool:
        """Whether the mapping holds the key."""
        return key in self._values

    def raw(self, key: str) -> object:
        """Return the value as parsed, or None, and count the key as known."""
        self._used.add(key)
        return self._values.get(key)

    def text(self, key: str, *, longest: int = 0, optional: bool = False) -> str:
        """Return a stripped string; `longest` is in characters, 0 for no limit."""
        if optional and not self.has(key):
            self._used.add(key)
            return ""
        text = self.string(self.raw(key), key, optional=optional)
        if longest and len(text) > longest:
            self.fault(f"'{key}' has {len(text)} characters: {text!r}", f"shorten it to {longest}")
        return text

    def string(self, value: object, what: str, *, optional: bool = False) -> str:
        """Return `value` as a stripped string, or "" and a fault."""
        if optional and value in (None, ""):
            return ""
        if isinstance(value, str) and value.strip():
            return value.strip()
        if value is None or value == "":
            self.fault(f"'{what}' is missing or empty", "write it")
        else:
            self.fault(f"'{what}' isn't a text: {value!r}", "put it into quotes")
        return ""

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words; the first one stands in for a wrong word."""
        value = self.raw(key)
        if isinstance(value, str) and value in allowed:
            return value
        self.fault(f"'{key}' is {value!r}", f"use one of: {', '.join(allowed)}")
        return allowed[0]

    def items(self, key: str, *, least: int = 0, most: int = 0) -> list[object]:
        """Return a list with between `least` and `most` items; 0 as `most` sets no limit."""
        value = self.raw(key)
        if value is None and least == 0:
            return []
        if not isinstance(value, list):
            self.fault(f"'{key}' isn't a list: {value!r}", "write one item a line, each after '- '")
            return []
        if len(value) < least or (most and len(value) > most):
            self.fault(f"'{key}' has {len(value)} items", f"give {least} to {most}" if most else f"give {least}")
        return value

    def texts(self, key: str, *, least: int = 0, most: int = 0) -> tuple[str, ...]:
        """Return a list of strings."""
        return tuple(self.string(item, key) for item in self.items(key, least=least, most=most))

    def number(self, value: object, what: str) -> float:
        """Return `value` as a number, or 0 and a fault."""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        self.fault(f"'{what}' isn't a plain number: {value!r}", "write digits with '.' before decimals, no unit")
        return 0

    def child(self, value: object, name: str) -> "Reader":
        """Return a reader of a mapping inside this one; it shares the list of faults."""
        return Reader(value, self._file, self._slide, self.faults, name)

    def children(self, key: str, *, least: int, most: int) -> "list[Reader]":
        """Return a reader for every mapping in a list."""
        return [self.child(item, key) for item in self.items(key, least=least, most=most)]

    def refuse_unknown(self) -> None:
        """Remember a fault for every key that nobody asked for."""
        for key in self._values:
            if key not in self._used:
                known = ", ".join(sorted(self._used))
                self.fault(f"unknown key {key!r}", f"remove it or use one of: {known}")
