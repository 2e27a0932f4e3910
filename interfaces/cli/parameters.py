"""Parameters that several commands share, and how what was typed becomes what the knowledge base understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kb.errors import NotFound, UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase
    from kb.types import Document, Filters

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]
Deck = Annotated[str, typer.Argument(metavar="ID", help="A document's id, or the number of one of its versions.")]
Filtered = Annotated[
    list[str] | None,
    typer.Option("--filter", "-f", metavar="NAME=VALUE", help="Only decks with this value; may be repeated."),
]

_ID_LENGTH = 10


def show_version(
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="Print the version and stop.")] = False,
) -> None:
    """Search city presentations across Indonesian, English and Korean, on the very slide that says it."""
    if version:
        from kb import __version__

        typer.echo(__version__)
        raise typer.Exit


@contextmanager
def opened() -> Iterator[KnowledgeBase]:
    """The knowledge base of the environment's settings, closed afterwards."""
    from kb.knowledge_base import KnowledgeBase

    kb = KnowledgeBase.open(Settings.from_environment())
    try:
        yield kb
    finally:
        kb.catalog.close()


def filters(stated: Sequence[str] | None) -> Filters:
    """Filters from ``name=value`` words; raises :class:`UsageError`."""
    from kb.query import FIELDS, filters_from

    pairs = []
    for word in stated or ():
        name, equals, value = word.partition("=")
        if not equals or not value.strip():
            remedy = f"For example city=Seoul; names: {', '.join(FIELDS)}."
            raise UsageError(f"A filter is NAME=VALUE; found {word!r}.", remedy=remedy)
        pairs.append((name.strip(), value))
    return filters_from(pairs)


def resolve(kb: KnowledgeBase, reference: str) -> Document:
    """The document of an id, or as of a version's number; raises :class:`NotFound`."""
    from kb.types import OPERATOR, DocumentId, VersionId

    if _is_version(reference):
        return kb.version(OPERATOR, VersionId(int(reference)))
    return kb.document(OPERATOR, DocumentId(reference))


def draft(kb: KnowledgeBase, reference: str) -> Document:
    """The draft version of that number, or the newest draft of a document; raises :class:`NotFound`."""
    from kb.types import OPERATOR, State

    document = resolve(kb, reference)
    if _is_version(reference):
        return document
    drafts = [d for d in kb.documents(OPERATOR) if d.id == document.id and d.state is State.DRAFT]
    if not drafts:
        raise NotFound(f"The document {reference} has no draft to publish.", remedy="kb list shows every state.")
    return drafts[0]


def _is_version(reference: str) -> bool:
    # An id can consist of digits alone, but it always has ten of them.
    return reference.isdecimal() and len(reference) != _ID_LENGTH
