"""Commands about a version before it is published: report, diff, adopt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import version_records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Deck, Json, draft, opened, resolve
from kb.errors import UsageError

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.types import Document, VersionId

_NOT_READY = 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (report, diff, adopt):
        app.command(command.__name__)(command)


def report(
    deck: Deck,
    only: Annotated[bool, typer.Option("--only-to-check", help="Leave out slides without a warning.")] = False,
    as_json: Json = False,
) -> int:
    """Tell what was read of every slide, and what to check before publishing.

    The exit code is 1 while the version is not ready.

    Example: kb report 12 --only-to-check
    """
    from ingest.report import Readiness, deck_report
    from interfaces.cli.version_tables import SLIDE_COLUMNS, report_lines, slide_row
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        told = deck_report(kb, OPERATOR, resolve(kb, deck).version)
    if as_json:
        output.data(version_records.deck_report(told))
    else:
        output.lines(*report_lines(told), "")
        output.table(SLIDE_COLUMNS, [slide_row(slide) for slide in told.slides if slide.to_check or not only])
    return _NOT_READY if told.readiness is Readiness.NOT_READY else 0


def diff(
    version: Deck,
    old: Annotated[str | None, typer.Argument(metavar="OLD", help="The version to compare with.")] = None,
    as_json: Json = False,
) -> None:
    """Show slide by slide what a version changes.

    Compared with OLD, else with the version before it, else with the deck that it seems to be a new version of.

    Example: kb diff 12 7
    """
    from ingest.versions import compare
    from interfaces.cli.version_tables import difference_lines
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        new = resolve(kb, version)
        before = resolve(kb, old).version if old else _before(kb, new)
        found = compare(kb, OPERATOR, before, new.version)
    if as_json:
        output.data(version_records.compared(found))
    else:
        output.lines(*difference_lines(found))


def _before(kb: KnowledgeBase, new: Document) -> VersionId:
    from ingest.versions import kin
    from kb.difference import Kinship
    from kb.types import OPERATOR

    for one in kin(kb, OPERATOR, new.version):
        if one.own or one.kinship is not Kinship.SHARED_SLIDES:
            return one.document.version
    raise UsageError(
        f"Version {new.version} follows no other, and is like no other deck.", remedy="Name two versions; see kb list."
    )


def adopt(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="A draft.")],
    deck: Annotated[str | None, typer.Argument(metavar="[ID]", help="The document that it is a new version of.")] = None,
    own: Annotated[bool, typer.Option("--own", help="Make it a document of its own.")] = False,
    as_json: Json = False,
) -> None:
    """Make a draft the next version of another deck, or a deck of its own.

    Publishing it then replaces the published version of that deck; nothing is published here.

    Example: kb adopt 12 3fa94c21d0
    """
    from ingest import pipeline
    from kb.types import OPERATOR

    if (deck is None) is not own:
        raise UsageError("A draft goes to one deck: found both or neither.", remedy="Name a deck's ID, or add --own.")
    output = Output(as_json)
    with opened() as kb:
        moved = draft(kb, version)
        document = pipeline.adopt(kb, OPERATOR, moved.version, resolve(kb, deck).id if deck else None)
    if as_json:
        output.data({"version": moved.version, "document": document})
    else:
        output.lines(f"Version {moved.version} is a draft of {document}; kb publish {moved.version} publishes it.")
