"""What was measured and what is published, read from ``corpus/evaluation``; all figures are nDCG@10 x 100."""

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
class Evidence:
    """Every set, in the order of ``published.toml``, and the results of those that were measured."""

    models: tuple[str, ...]
    source: str
    sets: tuple[DataSet, ...]
    results: tuple[Result, ...]
    golden: Golden | None

    @property
    def shown(self) -> tuple[Result, ...]:
        """The results that README shows."""
        return tuple(result for result in self.results if result.of.label)


def read(folder: Path = FOLDER) -> Evidence:
    """Read ``published.toml``, ``sets/*.json`` and the newest of ``results/*.json``."""
    said = tomllib.loads((folder / "published.toml").read_text(encoding="utf-8"))
    sets = tuple(DataSet(**{**one, "use": Use(one["use"])}) for one in said["set"])
    kept = sorted((folder / "results").glob("*.json"))
    golden = _json(kept[-1]) | {"date": kept[-1].stem[:10]} if kept else None
    results = (_result(one, folder, golden) for one in sets)
    return Evidence(
        models=tuple(said["models"]),
        source=said["source"],
        sets=sets,
        results=tuple(result for result in results if result is not None),
        golden=_golden(golden["halves"]["check"]) if golden else None,
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


def _golden(half: Mapping[str, Any]) -> Golden:
    translations = _figure(half["ndcg"]["without_translations"]).value
    return Golden(translations, 100 * half["lost"], 100 * half["caught"])


def _figure(measure: Mapping[str, float]) -> Figure:
    return Figure(100 * measure["value"], 100 * measure["low"], 100 * measure["high"])


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
