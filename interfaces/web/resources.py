"""What one server process holds: the opened knowledge base, sign-in tickets and running jobs, each once.

Pages and routes take them from here. The settings are read when the knowledge base is opened, once a process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from interfaces.web.jobs import Jobs
from interfaces.web.tickets import Tickets
from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings

_log = logging.getLogger(__name__)


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
    """Load the encoder and open the index, so that the first search is as quick as the next."""
    try:
        kb = knowledge_base()
        kb.encoder.encode_queries(["smart city"])
        kb.live_generation()
    except KBError as error:
        _log.error("%s", error)  # the page that needs it will say so to whoever asks


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Warm up beside serving; pages and pictures need no encoder and do not wait for it."""
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    yield
    warming.cancel()
