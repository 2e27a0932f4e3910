"""Long work as a page shows it: where it stands while it runs, and what came of it once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from interfaces.messages import Messages
from interfaces.web import layout
from interfaces.web.context import Context
from interfaces.web.jobs import Job
from interfaces.web.layout import error_text, inside, note, show_html, technical
from interfaces.web.markup import Markup, escape, join, tag
from interfaces.web.resources import jobs
from interfaces.web.view import SearchView
from kb.errors import KBError
from kb.progress import OnProgress
from kb.types import IngestReport, Issue, Outcome

_WORK = "work"
_NOTES = "work_notes"
_EVERY_SECONDS = 0.5

VERSION = "version"
"""The parameter of the address that names the version on the upload page."""


def start(kind: str, title: str, work: Callable[[OnProgress], Any]) -> None:
    """Start long work and show it from the next run on; ``kind`` is a key of the group ``work``."""
    st.session_state[_WORK] = jobs().start(kind, title, work)
    st.rerun()


def running() -> bool:
    """Whether work that this session started is not finished."""
    job = st.session_state.get(_WORK)
    return job is not None and not job.done


def show_outcome(context: Context) -> None:
    """Show, once, what came of work that has ended."""
    job: Job[Any] | None = st.session_state.get(_WORK)
    if job is not None and job.done:
        del st.session_state[_WORK]
        _finish(context, job)
        layout.scroll_to_top()
        st.rerun()
    for markup in st.session_state.pop(_NOTES, []):
        show_html(markup)


def show_running(context: Context) -> None:
    """Show where work stands that this session started, if any runs."""
    if running():
        _watch(context.t, st.session_state[_WORK])


@st.fragment(run_every=_EVERY_SECONDS)
def _watch(t: Messages, job: Job[Any]) -> None:
    if job.done:
        st.rerun()
    at = job.progress
    stage = t(f"stages.{at.stage}") if f"stages.{at.stage}" in t.texts else at.stage
    counted = t("work.counted", stage=stage, done=at.done, total=at.total) if at.total else f"{stage} …"
    with st.container(border=True, key="kb-work"):
        show_html(tag("p", tag("strong", t(f"work.{job.kind}")), " ", job.title, class_="kb-lines"))
        st.progress(min(1.0, at.done / at.total) if at.total else 0.0, text=counted)
        st.button(t("work.cancel"), on_click=job.cancel, key=f"cancel_{job.number}")


def _finish(context: Context, job: Job[Any]) -> None:
    t, error = context.t, job.error
    if isinstance(error, KBError):
        _tell(note(error_text(t, error), "error"))
    elif error is not None:
        _tell(note(t("errors.unexpected"), "error"))
    elif job.kind == "ingest":
        _finish_ingest(context, job.result())
    else:
        _tell(note(join(t(f"work.{job.kind}_done", title=job.title), _to_search(context, job), by=" ")))
        if job.kind in ("withdraw", "delete", "discard"):
            st.query_params.pop(VERSION, None)


def _finish_ingest(context: Context, reports: Sequence[IngestReport]) -> None:
    if len(reports) != 1:
        _tell(_several(context, reports))
        return
    t, report = context.t, reports[0]
    if report.outcome is Outcome.FAILED:
        _tell(note(join(tag("strong", t("upload.failed")), *issue_list(t, report.issues)), "error"))
        return
    if report.outcome is Outcome.DUPLICATE:
        link = inside(t("upload.duplicate_link"), context.link("upload", [(VERSION, str(report.version))]))
        _tell(note(join(t("upload.duplicate"), link, by=" "), "warning"))
        return
    said = t("upload.stored" if report.outcome is Outcome.STORED else "upload.partial")
    _tell(note(join(said, inside(t("report.link"), context.link("report", [(VERSION, str(report.version))])), by=" ")))
    st.query_params[VERSION] = str(report.version)


def _several(context: Context, reports: Sequence[IngestReport]) -> Markup:
    """What came of each file of an archive: its name, a word, and the way to its preview or what was wrong."""
    rows = tag("ul", *(_file(context, report) for report in reports), class_="kb-issues")
    return note(join(tag("strong", context.t("upload.several", n=len(reports))), rows))


def _file(context: Context, report: IngestReport) -> Markup:
    t, failed = context.t, report.outcome is Outcome.FAILED
    name = escape(report.path)
    if report.version is not None:
        name = inside(report.path, context.link("upload", [(VERSION, str(report.version))]))
    kind = {Outcome.STORED: "info", Outcome.FAILED: "error"}.get(report.outcome, "warning")
    badge = tag("span", t(f"outcomes.{report.outcome.value}"), class_=f"kb-badge kb-{kind}")
    return tag("li", join(badge, name, *(issue_list(t, report.issues) if failed else []), by=" "))


def issue_list(t: Messages, issues: tuple[Issue, ...]) -> list[Markup]:
    """The issues of a file as a list: the sentence of the code, the slide, and what exactly was found."""
    return [tag("ul", *(_issue(t, issue) for issue in issues), class_="kb-issues")] if issues else []


def _issue(t: Messages, issue: Issue) -> Markup:
    known = t.texts.get(f"issues.{issue.code}") or t.texts.get(f"errors.{issue.code}") or t("issues.other")
    where = t("slide.number", n=issue.page) if issue.page else ""
    severity = tag("span", t(f"severities.{issue.severity.value}"), class_=f"kb-badge kb-{issue.severity.value}")
    said = technical(t, issue.message)
    return tag("li", join(severity, tag("b", where) if where else None, escape(known), said, by=" "))


def _to_search(context: Context, job: Job[Any]) -> Markup | None:
    if job.kind != "publish":
        return None
    return inside(context.t("work.find", title=job.title), context.link("", SearchView(job.title).pairs()))


def _tell(markup: Markup) -> None:
    st.session_state[_NOTES] = [*st.session_state.get(_NOTES, []), markup]
