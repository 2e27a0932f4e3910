"""What was measured and what is published, read from ``corpus/evaluation``; figures are nDCG@10, of outlines hits, x 100."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "evaluation"
_MEASURE = "ndcg@10"
_GOLDEN = "golden/"
_PRODUCT = "packaged"
_ALONE = "e5"
"""Encoders of the kept outline results: the product's, and one of its models by itself."""


class Use(StrEnum):
    """How far a set's figures tell of what nobody has looked at."""

    FITTED = "fitted"
    SEEN = "seen while choosing weights"
    HELD_OUT = "held out"


@dataclass(frozen=True, slots=True)
class DataSet:
    """A set as ``published.toml`` describes it; one without a ``label`` is no row of README."""

    name: str
    about: str
    use: Use
    used_for: str = ""
    label: str = ""
    published: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """A set's newest kept result."""

    of: DataSet
    fused: Figure
    dense: Figure
    lexical: Figure
    questions: int
    date: str
    commit: str


@dataclass(frozen=True, slots=True)
class Golden:
    """What the checking half of the golden set says besides: shares of topics are percent."""

    without_translations: float
    lost: float
    caught: float


@dataclass(frozen=True, slots=True)
class Found:
    """The shares of titles found, in percent, at the first slide and among the first five."""

    first: Figure
    five: Figure


@dataclass(frozen=True, slots=True)
class Direction:
    """An outline asked in the language ``asked`` and searched in ``searched``; ``alone`` is e5's channel, if measured."""

    asked: str
    searched: str
    fused: Found
    dense: Found
    lexical: Found
    alone: Found | None


@dataclass(frozen=True, slots=True)
class OutlineResult:
    """An outline's newest kept result of the product's encoder."""

    of: DataSet
    directions: tuple[Direction, ...]
    questions: int
    date: str
    commit: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every set, in the order of ``published.toml``, and the results of those that were measured."""

    models: tuple[str, ...]
    source: str
    sets: tuple[DataSet, ...]
    results: tuple[Result, ...]
    golden: Golden | None
    outlines: tuple[OutlineResult, ...] = ()

    @property
    def shown(self) -> tuple[Result, ...]:
        """The results that README shows."""
        return tuple(result for result in self.results if result.of.label)


def read(folder: Path = FOLDER) -> Evidence:
    """Read ``published.toml``, ``sets/*.json``, ``outline/*.json`` and the newest of ``results/*.json``."""
    said = tomllib.loads((folder / "published.toml").read_text(encoding="utf-8"))
    sets = tuple(DataSet(**{**one, "use": Use(one["use"])}) for one in said["set"])
    kept = sorted((folder / "results").glob("*.json"))
    golden = _json(kept[-1]) | {"date": kept[-1].stem[:10]} if kept else None
    results = (_result(one, folder, golden) for one in sets)
    outlines = (_outline(one, folder / "outline") for one in sets)
    return Evidence(
        models=tuple(said["models"]),
        source=said["source"],
        sets=sets,
        results=tuple(result for result in results if result is not None),
        golden=_golden(golden["halves"]["check"]) if golden else None,
        outlines=tuple(result for result in outlines if result is not None),
    )


def _result(one: DataSet, folder: Path, golden: Mapping[str, Any] | None) -> Result | None:
    if not one.name.startswith(_GOLDEN):
        path = folder / "sets" / f"{one.name}.json"
        kept = _json(path) if path.is_file() else None
        return _of_set(one, kept) if kept else None
    return _of_half(one, golden, golden["halves"][one.name.removeprefix(_GOLDEN)]) if golden else None


def _of_set(one: DataSet, kept: Mapping[str, Any]) -> Result:
    fused, dense, lexical = (_figure(kept["channels"][channel][_MEASURE]) for channel in ("fused", "dense", "lexical"))
    return Result(one, fused, dense, lexical, kept["queries"], kept["date"], kept["commit"])


def _of_half(one: DataSet, golden: Mapping[str, Any], half: Mapping[str, Any]) -> Result:
    fused, dense, lexical = (_figure(half["ndcg"][variant]) for variant in ("fused", "dense", "lexical"))
    return Result(one, fused, dense, lexical, half["topics"], golden["date"], golden["commit"])


def _outline(one: DataSet, folder: Path) -> OutlineResult | None:
    product, alone = (folder / f"{one.name}.{encoder}.json" for encoder in (_PRODUCT, _ALONE))
    if not product.is_file():
        return None
    kept = _json(product)
    by_itself = _json(alone)["directions"] if alone.is_file() else {}
    directions = []
    for name, channels in kept["directions"].items():
        fused, dense, lexical = (_found(channels[channel]) for channel in ("fused", "dense", "lexical"))
        e5 = _found(by_itself[name]["dense"]) if name in by_itself else None
        asked, _, searched = name.partition("-")
        directions.append(Direction(asked, searched, fused, dense, lexical, e5))
    return OutlineResult(one, tuple(directions), kept["sections"], kept["date"], kept["commit"])


def _found(measures: Mapping[str, Mapping[str, float]]) -> Found:
    return Found(_figure(measures["hit@1"]), _figure(measures["hit@5"]))


def _golden(half: Mapping[str, Any]) -> Golden:
    translations = _figure(half["ndcg"]["without_translations"]).value
    return Golden(translations, 100 * half["lost"], 100 * half["caught"])


def _figure(measure: Mapping[str, float]) -> Figure:
    return Figure(100 * measure["value"], 100 * measure["low"], 100 * measure["high"])


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
