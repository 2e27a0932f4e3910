"""How the tests of the pages open them: the app at an address, what it shows, who is signed in."""

from __future__ import annotations

import time

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from interfaces.web.resources import knowledge_base
from tests.conftest import ROOT

PASSWORD = "empat kata yang panjang"
PERSON = "Sari"


def opened(path: str = "", locale: str = "en", **parameters: str | list[str]) -> AppTest:
    """The app at an address, run once."""
    app = AppTest.from_file(str(ROOT / "interfaces" / "web" / "main.py"), default_timeout=60)
    app.context = {"locale": locale}
    for name, value in parameters.items():
        app.query_params[name] = value
    if path:
        app._page_hash = calc_hash(path)  # AppTest can open pages that are files, not ones that are functions
    return app.run()


def shown(app: AppTest) -> str:
    """All HTML of the page, in order, without the style sheet."""
    assert not app.exception, app.exception
    return "\n".join(element.value for element in app.html if not element.value.startswith("<style>"))


def signed_in(app: AppTest) -> AppTest:
    app.session_state["session_token"] = knowledge_base().sign_in(PERSON, PASSWORD)[1]
    return app.run()


def finished(app: AppTest) -> AppTest:
    """The page after the work that was started has ended."""
    deadline = time.monotonic() + 60
    while "work" in app.session_state and time.monotonic() < deadline:
        time.sleep(0.2)
        app.run()
    return app
