"""Where a command's words go: results to standard output, the rest to standard error, errors in one form.

Text from decks and file names is shown as it is, but cannot steer the terminal: control characters are replaced.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from kb.errors import KBError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_PIPE_WIDTH = 200
"""Columns of a table that is piped somewhere: wide enough for grep to find a whole row."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Output:
    """Prints a command's result, as JSON when ``as_json``."""

    as_json: bool = False

    def data(self, value: Mapping[str, object]) -> None:
        """Print a JSON object."""
        typer.echo(json.dumps(value, ensure_ascii=False, indent=2))

    def lines(self, *lines: str | Text) -> None:
        """Print lines of a result; long ones are wrapped on a terminal only."""
        console = _console()
        for line in lines:
            console.print(_safe(line), soft_wrap=not console.is_terminal)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table; columns whose heading ends in ``#`` hold numbers."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            number = column.endswith("#")
            table.add_column(column.rstrip("#"), justify="right" if number else "left", overflow="fold")
        for row in rows:
            table.add_row(*(_safe(cell) for cell in row))
        _console().print(table)

    def note(self, text: str) -> None:
        """Say something that is not the result."""
        typer.echo(_CONTROL.sub("\ufffd", text), err=True)

    def error(self, error: KBError) -> int:
        """Say what went wrong and what to do; returns the exit code."""
        if self.as_json:
            said = {"code": error.code, "message": error.message, "remedy": error.remedy}
            self.data({"error": said})
        self.note("\n".join(filter(None, [f"Error: {error.message}", error.remedy])))
        return error.exit_code


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)


def _safe(text: str | Text) -> str | Text:
    if isinstance(text, str):
        return _CONTROL.sub("\ufffd", text)
    clean = text.copy()
    clean.plain = _CONTROL.sub("\ufffd", text.plain)  # as long as before, so that every style stays in its place
    return clean
