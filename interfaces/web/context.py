"""What every page gets: the knowledge base, who looks, and in which language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interfaces.messages import Messages
from interfaces.web.view import address
from kb import access
from kb.errors import NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.types import Action, Actor, VersionId


@dataclass(frozen=True, slots=True)
class Context:
    """One run of a page."""

    kb: KnowledgeBase
    actor: Actor
    t: Messages

    @property
    def language(self) -> str:
        """The interface's language, a code of :data:`interfaces.messages.LANGUAGES`."""
        return self.t.language

    def may(self, action: Action) -> bool:
        """Whether to offer an action at all; the knowledge base decides again when it is done."""
        return access.may(self.actor, action)

    def link(self, path: str = "", pairs: Iterable[tuple[str, str]] = ()) -> str:
        """The address of a page of ours in the present language."""
        return address(path, self.language, pairs)

    def has_picture(self, version: VersionId, page: int, size: PictureSize) -> bool:
        """Whether a page has a picture to show."""
        try:
            return self.kb.picture(self.actor, version, page, size).is_file()
        except NotFound:
            return False
