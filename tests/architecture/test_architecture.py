"""The rules of the house that no other tool checks: sizes, rooms, names, and what the README promises."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import kb
from kb import types

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = sorted([ROOT / "app.py", *(p for f in ("kb", "ingest", "interfaces") for p in (ROOT / f).rglob("*.py"))])
EVERYTHING = sorted([*PRODUCT, *(p for f in ("corpus", "benchmarks", "tests") for p in (ROOT / f).rglob("*.py"))])
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
EXEMPT: frozenset[str] = frozenset()
"""Files that may be longer. Stays empty."""

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE\s+FROM|CREATE|ALTER|DROP|PRAGMA|BEGIN|COMMIT)\s+[A-Z*\"(]", re.I)
STATEMENT = re.compile(r"\b(FROM|INTO|SET|TABLE|INDEX|VALUES|journal_mode|integrity_check)\b")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def texts(path: Path) -> Iterator[str]:
    """The string literals of a file, docstrings included."""
    return (n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant) and isinstance(n.value, str))


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    long = [
        f"{node.name}: {length} lines"
        for node in ast.walk(tree(path))
        if isinstance(node, FUNCTIONS) and (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
    ]
    assert lines <= LONGEST_FILE or name(path) in EXEMPT
    assert not long


def test_sql_stands_in_the_catalogue_only() -> None:
    elsewhere = [path for path in PRODUCT if ROOT / "kb" / "catalog" not in path.parents]
    found = [(name(p), t) for p in elsewhere for t in texts(p) if SQL.match(t) and STATEMENT.search(t)]
    assert found == []


def test_the_environment_is_read_by_the_settings_only() -> None:
    reads = re.compile(r"\bos\.(environ|getenv)\b|\bfrom os import .*\b(environ|getenv)\b")
    found = [name(p) for p in PRODUCT if reads.search(p.read_text(encoding="utf-8"))]
    assert found == ["kb/settings.py"]


def test_the_public_names_are_these() -> None:
    assert kb.__all__ == [
        "Actor",
        "Filters",
        "Hit",
        "KBError",
        "KnowledgeBase",
        "Query",
        "Role",
        "SearchResult",
        "Settings",
        "__version__",
    ]
    assert all(getattr(kb, public) is not None for public in kb.__all__)


def test_no_module_is_called_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "core", "manager", "base"}
    assert [name(p) for p in PRODUCT if p.stem in empty or p.parent.name in empty] == []


def test_users_input_is_never_checked_with_assert() -> None:
    assert [name(p) for p in PRODUCT if any(isinstance(node, ast.Assert) for node in ast.walk(tree(p)))] == []


def test_choices_are_compared_by_identity() -> None:
    enums = {n for n, value in vars(types).items() if isinstance(value, type) and issubclass(value, types.StrEnum)}

    def is_member(node: ast.expr) -> bool:
        return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in enums

    equal = [
        f"{name(path)}:{node.lineno}"
        for path in PRODUCT
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(map(is_member, (node.left, *node.comparators)))
    ]
    assert equal == []


def test_importing_the_command_line_brings_nothing_heavy() -> None:
    heavy = {"faiss", "ingest", "kb.knowledge_base", "numpy", "rich", "streamlit", "tantivy", "torch"}
    found = [
        f"{name(path)}: {module}"
        for path in (ROOT / "interfaces" / "cli").glob("*.py")
        if path.stem != "tables"
        for module in _imported_at_once(tree(path))
        if any(module == h or module.startswith(f"{h}.") for h in heavy)
    ]
    assert found == []


def _imported_at_once(module: ast.Module) -> Iterator[str]:
    """What importing a module imports: the statements at its top that run."""
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_no_build_for_a_graphics_card_and_no_index_host_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    assert [d for d in wanted if re.search(r"cuda|cudnn|nvidia|triton|gpu|\+cu|://", d)] == []
    assert "torch==2.13.0" in wanted
    assert "://" not in re.sub(r"http://localhost\S*", "", (ROOT / "Makefile").read_text(encoding="utf-8"))


def test_the_readme_names_only_commands_that_exist() -> None:
    from interfaces.cli import app

    known = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", readme, re.S))
    assert set(re.findall(r"(?<![\w/.])kb ([a-z]+)", code)) - known == set()
    assert set(re.findall(r"(?<![\w/.])make ([a-z]+)", code)) - targets == set()


def test_every_setting_stands_in_the_readme() -> None:
    from kb.settings import Settings

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [f"KB_{s.upper()}" for s in Settings.__slots__ if f"KB_{s.upper()}" not in readme] == []


def test_the_quality_that_is_told_and_drawn_is_what_the_kept_results_give() -> None:
    from benchmarks.quality import main

    assert main(["--check"]) == 0


def test_every_kept_result_is_of_a_set_whose_use_is_told() -> None:
    from benchmarks.results import read

    kept = {path.stem for path in (ROOT / "corpus" / "evaluation" / "sets").glob("*.json")}
    assert kept - {one.name for one in read().sets} == set()
