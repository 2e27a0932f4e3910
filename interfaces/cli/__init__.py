"""The command line ``kb``: each command parses, calls and prints; none decides.

Exit codes: 0 done, 1 partly or not done, 2 not understood, 3 refused (not permitted, another writer is at work, or search
would get worse), 130 interrupted. Results go to standard output, everything else to standard error. Nothing heavy is
imported before a command needs it, so that ``kb --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

import typer

from interfaces.cli import people, practices, reading, serving, suggested, versions, writing
from interfaces.cli.output import Output
from interfaces.cli.parameters import show_version
from kb.errors import KBError, UsageError

_INTERRUPTED = 130
_TERMINATED = 143

app = typer.Typer(
    name="kb",
    help="Search city presentations across Indonesian, English and Korean, on the very slide that says it.",
    epilog="The knowledge base lies in KB_HOME (default ~/.local/share/citynet-kb). Start: kb ingest FOLDER --publish",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _commands in (reading, practices, writing, versions, suggested, serving):
    _commands.register(app)
app.add_typer(people.app, name="users")
app.callback()(show_version)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors that a user can meet are printed, never traced."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    output = Output("--json" in given[: given.index("--")] if "--" in given else "--json" in given)
    _end_cleanly_when_terminated()
    try:
        return int(app(given or ["--help"], prog_name="kb", standalone_mode=False) or 0)
    except KBError as error:
        return output.error(error)
    except typer.TyperException as error:
        return output.error(_not_understood(error))
    except (KeyboardInterrupt, typer.Abort):
        output.note("Interrupted; what was finished is kept. Run the same command again to go on.")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has left (kb list | head): nothing more to say, and nothing to complain about at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run() -> NoReturn:
    """``kb`` as a program: ends with the command's exit code, at once when it was interrupted.

    What was being encoded then is worth nothing any more; waiting for it would take seconds.
    """
    try:
        code = main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    from ingest.patience import at_work  # not before the command itself needs what is heavy

    if at_work():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _not_understood(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "kb"
    return UsageError(error.format_message(), remedy=f"See {command} --help.")


def _end_cleanly_when_terminated() -> None:
    # SystemExit runs the clean-up that a bare SIGTERM would skip: the reading subprocess, temporary folders.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(_TERMINATED))
