"""Settings, read once at a door from ``KB_*`` variables and ``kb.toml``, frozen afterwards.

The environment is read here and nowhere else. A variable wins over the file, the file over the default; the file lies in
the home folder and has the same names in lower case without ``KB_``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from kb.errors import UsageError

PACKAGED = "packaged"
"""The default encoder's name; any other is its e5 alone, a sentence-transformers model, or the tests' stand-in."""
DEFAULT_HOME = Path("~/.local/share/citynet-kb")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator may choose; see the table in README for each name's meaning."""

    home: Path
    encoder: str = PACKAGED
    encoder_runtime: str = "onnx"
    encoder_threads: int = 0
    query_prefix: str | None = None
    passage_prefix: str | None = None
    lock_wait: float = 10.0
    keep_generations: int = 3
    max_file_mb: int = 300
    # Of one file; every page whose text must be recognised in its picture adds 30.
    file_seconds: int = 300
    worker_memory_mb: int = 4096
    workers: int = 0
    session_hours: int = 12
    port: int = 8501

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
        """Read variables and file; raises :class:`UsageError` for an unknown name or a value of the wrong kind."""
        variables = os.environ if environment is None else environment
        home = Path(variables.get("KB_HOME") or DEFAULT_HOME).expanduser().absolute()
        stated = _read_file(home / "kb.toml")
        for name in (f.name for f in fields(Settings) if f.name != "home"):
            value = variables.get(f"KB_{name.upper()}", "")
            # An empty prefix says that the model takes none; any other empty variable says nothing.
            if value or (name.endswith("_prefix") and f"KB_{name.upper()}" in variables):
                stated[name] = value
        chosen: dict[str, Any] = {name: _convert(name, value) for name, value in stated.items()}
        return replace(Settings(home=home), **chosen)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not valid TOML: {error}.", remedy="Correct or remove the file.") from error
    known = {f.name for f in fields(Settings)} - {"home"}
    unknown = sorted(set(stated) - known)
    if unknown:
        raise UsageError(
            f"{path} has the unknown setting {unknown[0]!r}.", remedy=f"Known settings: {', '.join(sorted(known))}."
        )
    return stated


def _convert(name: str, value: object) -> int | float | str:
    kind = {f.name: str(f.type) for f in fields(Settings)}[name]
    try:
        if kind == "int":
            return int(str(value))
        if kind == "float":
            return float(str(value))
    except ValueError as error:
        raise UsageError(
            f"The setting {name} must be a number; found {value!r}.", remedy=f"Set KB_{name.upper()} to a number."
        ) from error
    return str(value)
