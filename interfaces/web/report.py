"""The report before publication as a reader sees it: how it stands, what concerns the deck, a row a slide."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.report import Check, DeckReport, Readiness, SlideReport
from interfaces.messages import Messages, format
from interfaces.web.cards import SlideOf, dotted, picture
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, technical
from interfaces.web.markup import Markup, join, tag
from interfaces.web.switch import Choice, switch
from interfaces.web.view import SlideView
from interfaces.web.work import VERSION
from kb.difference import Kinship
from kb.files import PictureSize
from kb.types import Reading, Severity

ALL = "all"
_STANDING = {Readiness.READY: "info", Readiness.WARNINGS: "warning", Readiness.NOT_READY: "error"}
_TOLD_APART = frozenset({"missing_details", "renewed", *(kinship.value for kinship in Kinship)})
"""Checks of the deck that stand in a form of their own on the page."""


def standing(t: Messages, told: DeckReport) -> Markup:
    """Whether the version is ready, and why not."""
    kind = told.readiness.value
    lines = [tag("strong", t(f"readiness.{kind}")), tag("span", t(f"readiness_meaning.{kind}"), class_="kb-detail")]
    return note(join(*lines), _STANDING[told.readiness])


def figures(t: Messages, told: DeckReport) -> Markup:
    """How many slides were read in which way."""
    passages = sum(len(slide.passages) for slide in told.slides)
    stated = [
        (t("deck.slides"), len(told.slides)),
        *((t(f"readings.{way.value}"), told.read(way)) for way in Reading if told.read(way) or way is Reading.TEXT),
        (t("report.to_check"), told.to_check),
        (t("deck.passages"), passages),
    ]
    tiles = (tag("div", tag("dt", n), tag("dd", format.number(t.language, v)), class_="kb-figure") for n, v in stated)
    cut = told.with_check("passage_too_long") + told.with_check("text_lost")
    fits = tag("p", t("report.nothing_cut"), class_="kb-meta") if passages and not cut else None
    return join(tag("dl", *tiles, class_="kb-figures"), fits)


def deck_checks(context: Context, told: DeckReport) -> Markup | None:
    """What concerns the deck as a whole: details that are missing, then what was noticed of the file."""
    t = context.t
    rows = [_check(t, check) for check in told.checks if check.code not in _TOLD_APART]
    if told.missing:
        names = ", ".join(t(f"fields.{name}") for name in told.missing)
        link = inside(t("report.complete"), context.link("upload", [(VERSION, str(told.document.version))]))
        severity = next(check.severity for check in told.checks if check.code == "missing_details")
        said = (tag("b", t("checks.missing_details")), names, link)
        rows.append(tag("li", _severity(t, severity), tag("span", join(*said, by=" "), class_="kb-said-line")))
    if not rows:
        return None
    return tag("section", tag("h2", t("report.deck")), tag("ul", *rows, class_="kb-checks"), class_="kb-section")


def slides(context: Context, told: DeckReport, every: bool) -> Markup:
    """The slides, all or those with something to check, each leading to its page."""
    t = context.t
    shown = [slide for slide in told.slides if every or slide.to_check]
    rows = (_slide(context, told, slide) for slide in shown)
    listed = tag("ul", *rows, class_="kb-slides") if shown else note(t("report.none_to_check"))
    return tag(
        "section",
        tag("div", tag("h2", t("report.slides")), _switch(context, told, every), class_="kb-heading"),
        listed,
        class_="kb-section",
    )


def legend(t: Messages) -> Markup:
    """What the three weights mean and what to do about each."""
    rows = (
        tag("div", tag("dt", _severity(t, weight)), tag("dd", t(f"severities_meaning.{weight.value}")))
        for weight in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    )
    return tag("details", tag("summary", t("report.legend")), tag("dl", *rows, class_="kb-facts"), class_="kb-section")


def _switch(context: Context, told: DeckReport, every: bool) -> Markup:
    t = context.t
    here = [(VERSION, str(told.document.version))]
    views = (
        (False, t("report.only", n=told.to_check), here),
        (True, t("report.every", n=len(told.slides)), [*here, ("show", ALL)]),
    )
    choices = (Choice(label, context.link("report", pairs), shown is every) for shown, label, pairs in views)
    return switch(t("report.which"), choices)


def _slide(context: Context, told: DeckReport, slide: SlideReport) -> Markup:
    t, document = context.t, told.document
    link = context.link("slide", SlideView(document.id, slide.number, document.version).pairs())
    name = slide.title or t("slide.untitled")
    body = tag(
        "div",
        tag("p", inside(f"{slide.number}. {name}", link, class_="kb-whole"), class_="kb-deck-title"),
        tag("p", dotted(_facts(t, slide)), class_="kb-meta"),
        _checks(t, slide.checks),
        _elsewhere(context, slide),
        class_="kb-card-body",
    )
    return tag("li", picture(context, SlideOf(document.version, slide.number), size=PictureSize.TINY), body)


def _facts(t: Messages, slide: SlideReport) -> list[str]:
    read = t(f"readings.{slide.reading.value}")
    if slide.reading is Reading.OCR:
        read = t("report.sure", percent=round(100 * slide.confidence))
    characters = sum(slide.characters.values())
    tokens = max((size.tokens for size in slide.passages), default=0)
    facts = [read, ", ".join(t.name("languages", code) for code in slide.languages)]
    if characters:
        facts.append(t.count("report.characters", characters))
    if tokens:
        facts.append(t("report.length", tokens=tokens, limit=slide.passages[0].limit))
    return facts


def _checks(t: Messages, checks: Sequence[Check]) -> Markup | None:
    shown = [check for check in checks if check.code != "shown_elsewhere"]
    return tag("ul", *(_check(t, check) for check in shown), class_="kb-checks") if shown else None


def _check(t: Messages, check: Check) -> Markup:
    """How much a check weighs, what it means, what to do; what exactly was found stands below, in English."""
    means = t.texts.get(f"checks.{check.code}") or t.texts.get(f"issues.{check.code}") or t("issues.other")
    advice = t.texts.get(f"advice.{check.code}", "")
    found = technical(t, check.detail) if check.detail and not advice else None
    return tag(
        "li", _severity(t, check.severity), tag("span", join(tag("b", means), advice, found, by=" "), class_="kb-said-line")
    )


def _severity(t: Messages, severity: Severity) -> Markup:
    return tag("span", t(f"severities.{severity.value}"), class_=f"kb-badge kb-{severity.value}")


def _elsewhere(context: Context, slide: SlideReport) -> Markup | None:
    if not slide.elsewhere:
        return None
    t = context.t
    links = (
        inside(
            dotted([one.document.metadata.title, t("slide.number", n=one.page)]),
            context.link("slide", SlideView(one.document.id, one.page, one.document.version).pairs()),
            class_="kb-chip",
        )
        for one in slide.elsewhere
    )
    return tag("p", tag("span", t("results.also_in")), *links, class_="kb-more")
