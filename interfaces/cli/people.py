"""Commands about people: who may sign in to the browser app, and as what."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from interfaces.cli.output import Output
from interfaces.cli.parameters import Json, opened
from kb.errors import UsageError

app = typer.Typer(help="Add, list and remove the people who may sign in.", rich_markup_mode=None)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="delegate, secretariat or admin.")] = "secretariat",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
) -> None:
    """Add a person, or give them a new password and role; the password is asked for and never shown.

    Example: kb users add dewi --role secretariat
    """
    from kb.audit import guard
    from kb.types import OPERATOR, Action, Role

    if role not in [known.value for known in Role]:
        raise UsageError(f"There is no role {role!r}.", remedy=f"Use one of {', '.join(Role)}.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked(name)
    with opened() as kb, guard(kb.catalog.journal, OPERATOR, Action.MANAGE_PEOPLE, f"add {name}"):
        kb.catalog.people.add(name, password, Role(role))
    Output().note(f"{name} may now sign in as {role}.")


def _asked(name: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError("A password is asked at a terminal, and this is none.", remedy="Pipe it: --password-stdin")
    password = getpass.getpass(f"Password for {name}: ")
    if getpass.getpass("Once more: ") != password:
        raise UsageError("The two passwords differ.", remedy="Try again.")
    return password


@app.command("list")
def list_people(as_json: Json = False) -> None:
    """List the people who may sign in.

    Example: kb users list --json
    """
    output = Output(as_json)
    with opened() as kb:
        people = kb.catalog.people.all()
    if as_json:
        output.data({"people": [{"name": person.name, "role": person.role.value} for person in people]})
    else:
        output.table(("name", "role"), [(person.name, person.role.value) for person in people])


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(help="Who may not sign in any more.")]) -> None:
    """Remove a person and end their sessions.

    Example: kb users remove dewi
    """
    from kb.audit import guard
    from kb.types import OPERATOR, Action

    with opened() as kb, guard(kb.catalog.journal, OPERATOR, Action.MANAGE_PEOPLE, f"remove {name}"):
        kb.catalog.people.remove(name)
    Output().note(f"{name} may not sign in any more.")
