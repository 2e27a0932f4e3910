"""What one server process holds: the opened knowledge base, sign-in tickets and running jobs, each once.

Pages and routes take them from here. The settings are read when the knowledge base is opened, once a process.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from interfaces.web.jobs import Jobs
from interfaces.web.tickets import Tickets
from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.retrieval import Stopwatch
from kb.search import SearchOptions
from kb.settings import Settings

_log = logging.getLogger(__name__)
_WARMING = ("bagaimana jaringan internet desa dibiayai", "how is a guitar tuned")
"""Questions that nobody has asked: one that decks answer, and one that none does, for which more is read."""


@st.cache_resource(show_spinner=False)
def knowledge_base() -> KnowledgeBase:
    """The knowledge base of ``KB_HOME``, opened at first use; raises :class:`kb.errors.StorageFull`."""
    return KnowledgeBase.open(Settings.from_environment())


@st.cache_resource(show_spinner=False)
def tickets() -> Tickets:
    """The tickets that turn a sign-in into a cookie."""
    return Tickets()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The long work of this process."""
    return Jobs()


def warm_up() -> None:
    """Load what a search needs, by searching, so that the first search is as quick as the next.

    What is loaded then stays for the life of the process. Streamlit looks for garbage after every run of a page, holding up
    everything else meanwhile: a quarter of a second, unless it is told to leave alone what stays.
    """
    try:
        kb = knowledge_base()
        generation, _ = kb.live_generation()
        if generation is None:
            kb.encoder.encode_queries(_WARMING)
        else:
            for text in _WARMING:  # not through the facade, which would count them among what was asked
                kb.searcher(generation).search(parse(text), SearchOptions(), Stopwatch())
    except KBError as error:
        _log.error("%s", error)  # the page that needs it will say so to whoever asks
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up beside serving; pages and pictures need no encoder and do not wait for it."""
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    yield
    warming.cancel()
