"""What was suggested about a deck: listed, confirmed, changed, rejected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Deck, Json, opened, resolve
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.suggested import Suggestion
    from kb.types import VersionId


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("suggestions")(suggestions)


def suggestions(
    deck: Deck,
    confirm: Annotated[
        list[str] | None, typer.Option("--confirm", metavar="FIELD", help="Confirm; may be repeated.")
    ] = None,
    confirm_all: Annotated[bool, typer.Option("--confirm-all", help="Confirm everything that is open.")] = False,
    reject: Annotated[
        list[str] | None, typer.Option("--reject", metavar="FIELD[=VALUE]", help="Reject; may be repeated.")
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option("--change", metavar="FIELD=VALUE", help="Say this instead; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what was suggested about a deck, and decide on it.

    What is open fills gaps, marked as unconfirmed. Of a field with many values, --reject themes=waste takes one.

    Example: kb suggestions 12 --confirm title --confirm city --reject event
    """
    from interfaces.cli.tables import SUGGESTION_COLUMNS, suggestion_row
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        document = resolve(kb, deck)
        _decide(kb, document.version, _Wanted(confirm or [], confirm_all, reject or [], change or []))
        found = kb.suggested(OPERATOR, document.version)
        document = kb.version(OPERATOR, document.version)
    if as_json:
        output.data({"document": records.document(document), "suggestions": [*map(records.suggestion, found)]})
    else:
        output.table(SUGGESTION_COLUMNS, [suggestion_row(one) for one in found])
        output.note(f"{len(document.suggested)} of {len(found)} suggestions are open.")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The decisions of a command line."""

    confirm: list[str]
    confirm_all: bool
    reject: list[str]
    change: list[str]


def _decide(kb: KnowledgeBase, version: VersionId, wanted: _Wanted) -> None:
    """Do what is wanted; everything is looked up before the first decision is made."""
    from ingest import confirming
    from kb.types import OPERATOR

    open_ = kb.version(OPERATOR, version).suggested
    rejected = [one for word in wanted.reject for one in _named(open_, word)]
    changed = [_changed(open_, word) for word in wanted.change]
    confirmed = list(open_) if wanted.confirm_all else confirming.of_fields(open_, wanted.confirm)
    decided = {id(one) for one in (*rejected, *(one for one, _ in changed))}
    if rejected:
        confirming.reject(kb, OPERATOR, version, rejected)
    for stated in changed:
        confirming.change(kb, OPERATOR, version, stated)
    confirmed = [one for one in confirmed if id(one) not in decided]
    if confirmed:
        confirming.confirm(kb, OPERATOR, version, confirmed)


def _named(open_: tuple[Suggestion, ...], word: str) -> list[Suggestion]:
    from ingest.confirming import of_fields

    field, _, value = word.partition("=")
    found = of_fields(open_, [field])
    fitting = [one for one in found if not value or one.value == value]
    if not fitting:
        known = ", ".join(one.value for one in found)
        raise UsageError(f"{value!r} is not suggested for {field}.", remedy=f"Suggested: {known}.")
    return fitting


def _changed(open_: tuple[Suggestion, ...], word: str) -> tuple[Suggestion, tuple[str, ...]]:
    from ingest.stated import values_typed

    field, equals, value = word.partition("=")
    if not equals or not value.strip():
        raise UsageError(f"--change takes FIELD=VALUE; found {word!r}.", remedy="For example --change city=Kupang.")
    found = _named(open_, field)
    if len(found) > 1:
        raise UsageError(f"{field} has {len(found)} suggestions.", remedy="Reject the wrong ones: --reject FIELD=VALUE.")
    return found[0], values_typed(field, value)
