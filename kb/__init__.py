"""The CityNet knowledge base: what is kept and how it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import KBError
from kb.results import SearchResult
from kb.settings import Settings
from kb.types import Actor, Filters, Hit, Query, Role

if TYPE_CHECKING:
    from kb.knowledge_base import KnowledgeBase

__version__ = "0.1.0"
__all__ = [
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


def __getattr__(name: str) -> object:
    # The facade brings FAISS and tantivy with it: a worker that only reads files must not wait for them.
    if name == "KnowledgeBase":
        from kb.knowledge_base import KnowledgeBase

        return KnowledgeBase
    raise AttributeError(name)
