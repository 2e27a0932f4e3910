"""The route of briefings: a selection in the address becomes a file, with what the reader may see and nothing else."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ingest.office import ConversionFailed, convert
from interfaces.briefing import Addresses, Briefing, gather, write_table, write_word
from interfaces.messages import Messages, messages
from interfaces.selection import read_selection
from interfaces.web.resources import knowledge_base
from interfaces.web.session import COOKIE
from interfaces.web.view import SlideView, address, practice_pairs

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {"docx": _WORD, "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
_SECONDS = 60.0


def briefing(request: Request) -> Response:
    """The selection of the address as DOCX, PDF or CSV; 404 for an empty one, 503 where a PDF cannot be made."""
    form = request.path_params["form"]
    asked = request.query_params
    selection = read_selection({name: asked.getlist(name) for name in asked})
    t = messages(asked.get("lang", ""))
    kb = knowledge_base()
    site = str(request.base_url).removesuffix("/")
    gathered = gather(kb, kb.actor(request.cookies.get(COOKIE)), selection, addresses(site, t.language))
    if form not in _KINDS or not gathered.entries:
        return _said(404, t("shortlist.nothing_to_export"))
    try:
        content = _written(gathered, form, t)
    except ConversionFailed as error:
        return _said(503, f"{t('shortlist.no_pdf')}\n\n{error}")
    name = f"citynet-briefing.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=_KINDS[form], headers={**headers, "X-Content-Type-Options": "nosniff"})


def addresses(site: str, language: str) -> Addresses:
    """Where slides and practices are found from outside; ``site`` is scheme and host."""
    return Addresses(
        slide=lambda document, page: site + address("slide", language, SlideView(document, page).pairs()),
        practice=lambda practice: site + address("practice", language, practice_pairs(practice)),
    )


def _written(gathered: Briefing, form: str, t: Messages) -> bytes:
    if form == "csv":
        return write_table(gathered, t)
    word = write_word(gathered, t, dt.date.today())
    return word if form == "docx" else _as_pdf(word)


def _as_pdf(word: bytes) -> bytes:
    with tempfile.TemporaryDirectory(prefix="briefing-") as folder:
        source = Path(folder) / "briefing.docx"
        source.write_bytes(word)
        return convert(source, ("docx", "pdf"), Path(folder), _SECONDS).read_bytes()


def _said(status: int, text: str) -> Response:
    return Response(text, status_code=status, media_type="text/plain", headers={"Cache-Control": "no-store"})
