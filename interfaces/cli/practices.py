"""The command about practices: what decks say of problem, action, cost, result, partners, lessons and contact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import progress, records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Filtered, Json, filters, opened, resolve

if TYPE_CHECKING:
    from kb.practice import Quote, ShownPractice


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("practices")(practices)


def practices(
    deck: Annotated[str | None, typer.Argument(metavar="[ID]", help="A document's id, or a version's number.")] = None,
    filter_: Filtered = None,
    again: Annotated[bool, typer.Option("--again", help="Find them anew in every deck; what was edited stays.")] = False,
    as_json: Json = False,
) -> None:
    """Show what the slides say of practices: problem, action, cost, result, partners, lessons, contact.

    Those of one deck, in any state, or of every published one; each word with the slide it stands on.

    Example: kb practices --filter city=Kupang
    """
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        if again:
            from ingest.practice_keeping import find_again

            with progress.shown() as on_progress:
                found = find_again(kb, OPERATOR, on_progress)
            output.note(f"{len(found)} practices in {len({one.version for one in found})} decks")
        if deck:
            shown = kb.practices.of(OPERATOR, resolve(kb, deck).version)
        else:
            shown = kb.practices.all(OPERATOR, filters(filter_))
    if as_json:
        output.data({"practices": [records.practice(one) for one in shown]})
    elif not again or deck:
        output.lines(*(line for one in shown for line in _lines(one)))
        output.note(f"{len(shown)} practices")


def _lines(shown: ShownPractice) -> Iterator[str]:
    from kb.practice import PracticeField

    said = shown.document.metadata
    yield f"{shown.practice.id}  {shown.title}  ({', '.join(filter(None, [said.city, said.country]))})"
    for field in PracticeField:
        mark = " (edited)" * (field in shown.practice.edited) + " (to check)" * (field in shown.practice.unsure)
        yield f"  {field.value}{mark}: {_said(shown.practice.quotes(field))}"
    yield ""


def _said(quotes: Sequence[Quote]) -> str:
    if not quotes:
        return "not stated in the slides"
    return " / ".join(f"{' · '.join(q.text.split(chr(10)))} [{f'slide {q.page}' if q.page else 'added'}]" for q in quotes)
