"""Who looks at a page and in which language: from the cookie, the address and the browser, again at every run.

The session token lies in the Streamlit session and, HttpOnly, in the cookie; who that is and what they may do is asked
anew each time, so that a removed person loses their rights at their next click.
"""

from __future__ import annotations

import streamlit as st

from interfaces.messages import DEFAULT_LANGUAGE, LANGUAGES
from interfaces.web.resources import knowledge_base, tickets
from kb.types import Actor

COOKIE = "kb_session"

_TOKEN = "session_token"
_TICKET = "session_ticket"
_ENDED = "session_ended"
_LANGUAGE = "language"


def actor() -> Actor:
    """Whoever is signed in now; a visitor when nobody is."""
    return knowledge_base().actor(_token())


def sign_in(name: str, password: str) -> Actor:
    """Sign in for this session and this browser; raises :class:`kb.errors.SignInFailed`."""
    who, token = knowledge_base().sign_in(name, password)
    st.session_state[_TOKEN] = token
    st.session_state[_TICKET] = tickets().issue(token)
    st.session_state.pop(_ENDED, None)
    return who


def sign_out() -> None:
    """End the session here, in the knowledge base and in the browser."""
    token = _token()
    if token:
        knowledge_base().sign_out(token)
    for key in (_TOKEN, _TICKET):
        st.session_state.pop(key, None)
    st.session_state[_ENDED] = True


def for_the_browser() -> dict[str, str | bool]:
    """What the page's script must do with the cookie: redeem a ticket, clear it, or nothing.

    It stays the same until the next sign-in or sign-out, and the script acts on each once.
    """
    return {
        "ticket": str(st.session_state.get(_TICKET, "")),
        "ended": bool(st.session_state.get(_ENDED, False)),
    }


def language() -> str:
    """The address's language, else the one used before in this session, else the browser's, else English."""
    for said in (st.query_params.get("lang"), st.session_state.get(_LANGUAGE), st.context.locale):
        code = str(said or "")[:2].lower()
        if code in LANGUAGES:
            break
    else:
        code = DEFAULT_LANGUAGE
    st.session_state[_LANGUAGE] = code
    return code


def _token() -> str | None:
    token = st.session_state.get(_TOKEN)
    if token is None and not st.session_state.get(_ENDED):
        token = st.context.cookies.get(COOKIE)
    return str(token) if token else None
