"""The browser door: one ASGI app of Streamlit pages and our own checked routes.

Run it with ``streamlit run app.py`` or ``kb serve``; what it shows lies in ``KB_HOME``.
"""

from __future__ import annotations

import streamlit as st

from interfaces.web.resources import lifespan
from interfaces.web.routes import routes

app = st.App("interfaces/web/main.py", routes=routes(), lifespan=lifespan)
