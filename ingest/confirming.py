"""What a person decides about suggestions: confirm them, reject one, or say something else instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ingest import pipeline
from kb.audit import guard
from kb.errors import NotFound, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.metadata import values_of, with_values, without
from kb.suggested import Decision, Suggestion
from kb.types import Action, Actor, State, VersionId


def confirm(kb: KnowledgeBase, actor: Actor, version: VersionId, which: Sequence[Suggestion]) -> None:
    """Make suggestions statements: what is shown stays as it is, without the mark."""
    with guard(kb.catalog.journal, actor, Action.INGEST, _target(version, "confirm", which)):
        kb.catalog.documents.version(version, frozenset(State))
        kb.catalog.documents.decide(version, which, (Decision.CONFIRMED, actor.name))


def reject(kb: KnowledgeBase, actor: Actor, version: VersionId, which: Sequence[Suggestion]) -> None:
    """Drop what was suggested; a deck that is left without a title is called like its file."""
    with guard(kb.catalog.journal, actor, Action.INGEST, _target(version, "reject", which)):
        document = kb.catalog.documents.version(version, frozenset(State))
        said = without(document.metadata, which)
        if not said.title:
            said = with_values(
                said, "title", [document.file_name.rpartition(".")[0].replace("_", " ") or document.file_name]
            )
        pipeline.restate(kb, actor, document, said)
        kb.catalog.documents.decide(version, which, (Decision.REJECTED, actor.name))


def change(kb: KnowledgeBase, actor: Actor, version: VersionId, stated: tuple[Suggestion, Sequence[str]]) -> None:
    """Say something else than a suggestion did: its value gives way to the stated ones, read by :mod:`ingest.stated`.

    Raises:
        UsageError: a deck would be left without a title.
    """
    one, values = stated
    if one.field == "title" and not values:
        raise UsageError("A deck needs a title; found none.", remedy="Type a title.")
    with guard(kb.catalog.journal, actor, Action.INGEST, _target(version, "change", [one])):
        document = kb.catalog.documents.version(version, frozenset(State))
        former = [value for value in values_of(document.metadata, one.field) if value != one.value]
        said = with_values(document.metadata, one.field, list(dict.fromkeys([*former, *values])))
        pipeline.restate(kb, actor, document, said)
        kb.catalog.documents.decide(version, [one], (Decision.REJECTED, actor.name))


def of_fields(suggestions: Sequence[Suggestion], fields: Collection[str]) -> list[Suggestion]:
    """The open suggestions for the fields.

    Raises:
        NotFound: one of the fields has none.
    """
    open_ = [one for one in suggestions if one.decision is Decision.OPEN]
    missing = [field for field in fields if field not in {one.field for one in open_}]
    if missing:
        known = ", ".join(dict.fromkeys(one.field for one in open_)) or "none"
        raise NotFound(f"There is no open suggestion for {missing[0]!r}.", remedy=f"Fields with open suggestions: {known}.")
    return [one for one in open_ if one.field in fields]


def _target(version: VersionId, act: str, which: Sequence[Suggestion]) -> str:
    return f"suggestions of {version}: {act} {', '.join(f'{one.field}={one.value}' for one in which)}"
