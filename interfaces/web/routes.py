"""Our own routes: slide pictures, originals, the session cookie and a sign of life.

Whoever may not see a deck gets the same 404 as for one that does not exist. What is served is decided by the knowledge
base for the person of the session cookie; nothing here knows where a file lies or which states are public.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

import ingest.pictures
from interfaces.web.briefings import briefing
from interfaces.web.coast import COAST_URL, coast
from interfaces.web.resources import knowledge_base, tickets
from interfaces.web.session import COOKIE
from kb.citation import Cited, bibtex, ris
from kb.errors import KBError, Locked, NotFound, NotPermitted, StorageFull
from kb.files import PictureSize
from kb.types import Actor, State, VersionId

_PUBLISHED_SECONDS = 300
_COAST_SECONDS = 86_400
_INLINE = frozenset({"application/pdf"})
"""Formats that browsers show themselves, at the page after ``#page=``; everything else is saved."""
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
_UNKEPT = {**_SAFE, "Cache-Control": "no-store"}
_TICKET_BYTES = 512
_CITATIONS = {"bib": (bibtex, "application/x-bibtex"), "ris": (ris, "application/x-research-info-systems")}
"""The forms of citations: what writes them, and their media types."""


def routes() -> list[Route]:
    """The routes that the app serves beside Streamlit's."""
    return [
        Route("/files/picture/{version:int}/{page:int}-{size}.webp", picture),
        Route("/files/original/{version:int}/{name}", original),
        Route("/files/citation/{version:int}/{page:int}.{form}", citation),
        Route(COAST_URL, coastline),
        Route("/files/briefing.{form}", briefing),
        Route("/session", open_session, methods=["POST"]),
        Route("/session/end", end_session, methods=["POST"]),
        Route("/healthz", health),
    ]


def picture_url(version: VersionId, page: int, size: PictureSize) -> str:
    """Where a page's picture is served."""
    return f"/files/picture/{version}/{page}-{size.value}.webp"


def original_url(version: VersionId, name: str, page: int = 0) -> str:
    """Where a deck's original is served, opening at a page where the format allows it."""
    return f"/files/original/{version}/{quote(name, safe='')}" + (f"#page={page}" if page else "")


def citation_url(version: VersionId, page: int, form: str) -> str:
    """Where the citation of a page is served, in one of the forms of :data:`_CITATIONS`."""
    return f"/files/citation/{version}/{page}.{form}"


def briefing_url(form: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Where a selection is served as a briefing: ``docx``, ``pdf`` or ``csv``."""
    return f"/files/briefing.{form}?{urlencode([*pairs])}"


def picture(request: Request) -> Response:
    """A page's picture, if the reader may see its deck; drawn anew when its file is lost."""
    parameters = request.path_params
    version = VersionId(parameters["version"])
    try:
        size = PictureSize(parameters["size"])
        kb, reader = knowledge_base(), _reader(request)
        path = ingest.pictures.picture(kb, reader, version, parameters["page"], size)
        state = kb.version(reader, version).state
    except (ValueError, NotFound, NotPermitted, OverflowError):
        return _nothing()
    except (Locked, StorageFull):
        return _later()
    headers = _caching(path, state)
    if _has_it(request, headers):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="image/webp", headers=headers)


def original(request: Request) -> Response:
    """A deck's original under its own name, if the reader may see the deck."""
    version = VersionId(request.path_params["version"])
    try:
        kb, reader = knowledge_base(), _reader(request)
        file = kb.original(reader, version)
        state = kb.version(reader, version).state
    except (NotFound, NotPermitted, OverflowError):
        return _nothing()
    headers = _caching(file.path, state)
    if _has_it(request, headers):
        return Response(status_code=304, headers=headers)
    return FileResponse(
        file.path,
        media_type=file.media_type,
        filename=file.file_name,
        content_disposition_type="inline" if file.media_type in _INLINE else "attachment",
        headers=headers,
    )


def citation(request: Request) -> Response:
    """The citation of a page as a file for reference managers, if the reader may see its deck."""
    page, form = request.path_params["page"], request.path_params["form"]
    try:
        document = knowledge_base().version(_reader(request), VersionId(request.path_params["version"]))
    except (NotFound, NotPermitted, OverflowError):
        return _nothing()
    if form not in _CITATIONS or not 1 <= page <= document.pages:
        return _nothing()
    write, media_type = _CITATIONS[form]
    address = f"{request.base_url}slide?{urlencode({'doc': document.id, 'page': page})}"
    name = f"{document.id}-{page}.{form}"
    headers = {**_UNKEPT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(Cited(document, page, address)), media_type=media_type, headers=headers)


def coastline(request: Request) -> Response:
    """The shape of the land on the home page's map: the same for everyone, until the next release."""
    headers = {**_SAFE, "Cache-Control": f"public, max-age={_COAST_SECONDS}"}
    return Response(coast(), media_type="image/svg+xml", headers=headers)


async def open_session(request: Request) -> Response:
    """Exchange a one-time ticket (JSON) for the session cookie; 403 for one that is not good."""
    if not _same_origin(request):
        return _refused()
    ticket = await _ticket(request)
    token = tickets().redeem(ticket) if ticket else None
    if token is None:
        return _refused()
    kb = await run_in_threadpool(knowledge_base)
    answer = Response(status_code=204, headers=_UNKEPT)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=kb.settings.session_hours * 3600,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


def end_session(request: Request) -> Response:
    """Close the session of the cookie and clear the cookie."""
    if not _same_origin(request):
        return _refused()
    token = request.cookies.get(COOKIE)
    if token:
        knowledge_base().sign_out(token)
    answer = Response(status_code=204, headers=_UNKEPT)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def health(request: Request) -> Response:
    """Whether the catalogue answers, and which index generation is live."""
    try:
        generation = knowledge_base().catalog.journal.live_generation()
    except KBError as error:
        return JSONResponse({"status": "error", "code": error.code}, status_code=503, headers=_UNKEPT)
    return JSONResponse({"status": "ok", "generation": generation}, headers=_UNKEPT)


def _reader(request: Request) -> Actor:
    return knowledge_base().actor(request.cookies.get(COOKIE))


def _nothing() -> Response:
    return Response("Not found", status_code=404, media_type="text/plain", headers=_UNKEPT)


def _later() -> Response:
    """For a picture that is being drawn anew, or that the disk does not take at present."""
    return Response("Try again", status_code=503, media_type="text/plain", headers={**_UNKEPT, "Retry-After": "5"})


def _refused() -> Response:
    return Response(status_code=403, headers=_UNKEPT)


def _caching(path: Path, state: State) -> dict[str, str]:
    """Published files may be kept for some minutes and are then asked for again; anything else is kept nowhere."""
    if state is not State.PUBLISHED:
        return {**_SAFE, "Cache-Control": "private, no-store"}
    known = path.stat()
    return {
        **_SAFE,
        "Cache-Control": f"private, max-age={_PUBLISHED_SECONDS}, must-revalidate",
        "ETag": f'"{known.st_mtime_ns:x}-{known.st_size:x}"',
        "Vary": "Cookie",
    }


def _has_it(request: Request, headers: Mapping[str, str]) -> bool:
    asked = request.headers.get("if-none-match", "")
    return "ETag" in headers and headers["ETag"] in [tag.strip().removeprefix("W/") for tag in asked.split(",")]


def _same_origin(request: Request) -> bool:
    """Whether the request comes from a page of ours: browsers always name another site in ``Origin``."""
    origin = request.headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")


async def _ticket(request: Request) -> str:
    """The ticket of a small JSON body ``{"ticket": "..."}``; empty for anything else."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _TICKET_BYTES:
            return ""
    try:
        stated = json.loads(body)
    except ValueError:
        return ""
    return str(stated.get("ticket", "")) if isinstance(stated, dict) else ""
