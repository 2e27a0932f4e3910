"""How decks, slides and hits look in lists: pictures, badges, and who spoke where and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from interfaces.messages import Messages, format
from interfaces.selection import Selected, SelectedSlide
from interfaces.sentences import city_name
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, join, tag
from interfaces.web.routes import picture_url
from interfaces.web.snippet import Piece, snippet
from interfaces.web.suggested import marked, unconfirmed
from interfaces.web.view import SearchView, SlideView
from kb.files import PictureSize
from kb.types import Band, Document, DocumentMetadata, Hit, Provenance, SlideRef, VersionId

_BREAK = re.compile(r"\s*\n\s*")


def hit_card(context: Context, hit: Hit, view: SearchView) -> Markup:
    """One result: the slide, what it says, whose it is, and further slides of the deck."""
    slide = SlideView(hit.document.id, hit.chunk.page, search=view)
    link = context.link("slide", slide.pairs())
    title = hit.page_title or hit.document.metadata.title
    body = tag(
        "div",
        tag("p", *_badges(context.t, hit), class_="kb-badges"),
        tag("h3", inside(title, link, class_="kb-whole"), lang=hit.chunk.language or None),
        _quote(hit),
        tag("p", _deck_line(context.t, hit), class_="kb-meta"),
        tag("p", facts_line(context.t, hit.document), class_="kb-meta"),
        _more(context, hit, slide),
        _also(context, hit, view),
        pick(context.t, SelectedSlide(hit.document.id, hit.chunk.page)),
        class_="kb-card-body",
    )
    shown = picture(context, SlideOf(hit.chunk.version, hit.chunk.page), title)
    return tag("article", shown, body, class_=f"kb-card kb-band-{hit.band.value}")


def deck_card(context: Context, document: Document) -> Markup:
    """A deck in a grid: its first slide, its title, whose it is."""
    said = document.metadata
    link = context.link("slide", SlideView(document.id, 1).pairs())
    body = tag(
        "div",
        tag("h3", inside(said.title, link, class_="kb-whole"), lang=_only(said.languages)),
        tag("p", facts_line(context.t, document), class_="kb-meta"),
        tag("p", *languages(context.t, said.languages), *_provenance(context.t, said), class_="kb-badges"),
        class_="kb-card-body",
    )
    return tag("article", picture(context, SlideOf(document.version, 1)), body, class_="kb-card kb-tile")


def pick(t: Messages, item: Selected) -> Markup:
    """The button that puts a slide or practice on the reader's shortlist and takes it off; the page's script does both."""
    return tag(
        "button",
        t("shortlist.add"),
        type="button",
        class_="kb-pick",
        data_pick=item.key,
        data_label=t("shortlist.add"),
        data_done=t("shortlist.added"),
        aria_pressed="false",
    )


def deck_grid(context: Context, documents: Iterable[Document]) -> Markup:
    """Decks beside each other."""
    return tag("div", *(deck_card(context, document) for document in documents), class_="kb-grid")


@dataclass(frozen=True, slots=True)
class SlideOf:
    """A slide of a version: what a picture is of."""

    version: VersionId
    number: int


def picture(context: Context, slide: SlideOf, title: str = "", size: PictureSize = PictureSize.SMALL) -> Markup:
    """A slide's picture, or an empty frame of its shape; without a title it is decoration to a screen reader."""
    text = context.t("slide.picture", n=slide.number, title=title) if title else ""
    there = (one for one in (size, PictureSize.SMALL) if context.has_picture(slide.version, slide.number, one))
    shown = next(there, None)
    if shown is None:
        return tag("div", context.t("slide.no_picture"), class_="kb-picture kb-no-picture")
    source = picture_url(slide.version, slide.number, shown)
    return tag("div", tag("img", src=source, alt=text, loading="lazy", decoding="async"), class_="kb-picture")


def deck_name(said: DocumentMetadata, **attributes: object) -> Markup:
    """A deck's title, marked with its language, where it is one: it decides how words are spoken and where lines break."""
    return tag("span", said.title, lang=_only(said.languages), **attributes)


def city(t: Messages, document: Document) -> str:
    """The deck's city, marked where it is only suggested."""
    return marked(t, city_name(t, document.metadata.city), document.suggested, "city")


def facts_line(t: Messages, document: Document) -> Markup:
    """City and country, speaker, event and date, as far as they are known; what is only suggested is marked."""
    said, suggested = document.metadata, document.suggested
    land = marked(t, t.name("countries", said.country), suggested, "country")
    place = join(city(t, document), land, by=", ")
    speaks = "speaker" if said.speaker else "organisation"
    who = marked(t, getattr(said, speaks), suggested, speaks)
    day = tag("span", format.date(t.language, said.date), class_="kb-nowrap") if said.date else ""
    shown = [place, who, marked(t, said.event, suggested, "event"), marked(t, day, suggested, "date")]
    return dotted([*shown, unconfirmed(t, suggested, ("city", "country", speaks, "event", "date"))])


def dotted(parts: Iterable[str]) -> Markup:
    """Parts in one line, set apart by a dot."""
    dot = tag("span", " · ", class_="kb-dot")
    return join(*(tag("span", part) for part in parts if part), by=dot)


def languages(t: Messages, codes: Iterable[str]) -> list[Markup]:
    """A badge for each language."""
    return [tag("span", t.name("languages", code), class_="kb-badge") for code in codes if code]


def provenance(t: Messages, said: DocumentMetadata) -> Markup:
    """The label of a reconstruction, or nothing for a speaker's own deck."""
    return join(*_provenance(t, said))


def _provenance(t: Messages, said: DocumentMetadata) -> list[Markup]:
    if said.provenance is Provenance.ORIGINAL:
        return []
    return [tag("span", t("provenance.illustrative"), class_="kb-badge kb-illustrative")]


def _badges(t: Messages, hit: Hit) -> list[Markup]:
    band = tag("span", t(f"bands.{hit.band.value}"), class_=f"kb-badge kb-{hit.band.value}", title=t("bands.meaning"))
    return [band, *languages(t, [hit.chunk.language]), *_recognised(t, hit), *_provenance(t, hit.document.metadata)]


def _recognised(t: Messages, hit: Hit) -> list[Markup]:
    if not hit.recognised:
        return []
    return [tag("span", t("slide.recognised_badge"), class_="kb-badge kb-recognised", title=t("slide.recognised_meaning"))]


def _quote(hit: Hit) -> Markup:
    shown = snippet(hit)
    sentence = [_words(piece) for piece in shown.pieces if piece.sentence]
    first = next((i for i, piece in enumerate(shown.pieces) if piece.sentence), 0)
    before = [_words(piece) for piece in shown.pieces[:first]]
    after = [_words(piece) for piece in shown.pieces[first:] if not piece.sentence]
    return tag(
        "blockquote",
        "… " if shown.cut_before else None,
        *before,
        tag("mark", *sentence),
        *after,
        " …" if shown.cut_after else None,
        class_="kb-quote",
        lang=hit.chunk.language or None,
    )


def _words(piece: Piece) -> str:
    # Slides break lines where a sentence would have a stop; in running text a dot keeps the lines apart.
    text = _BREAK.sub(" · ", piece.text)
    return tag("b", text) if piece.word else text


def _deck_line(t: Messages, hit: Hit) -> Markup:
    deck = deck_name(hit.document.metadata, class_="kb-deck")
    number = t("slide.of", n=hit.chunk.page, total=hit.document.pages)
    return dotted([deck, number])


def _more(context: Context, hit: Hit, slide: SlideView) -> Markup | None:
    if not hit.more:
        return None
    links = (_other(context, other, slide) for other in hit.more)
    return tag("p", tag("span", context.t("results.more_slides")), *links, class_="kb-more")


def _other(context: Context, hit: Hit, slide: SlideView) -> Markup:
    number = hit.chunk.page
    label = join(str(number), tag("span", f": {hit.page_title}") if hit.page_title else None)
    name = context.t("slide.number", n=number)
    weak = " kb-weak" if hit.band is Band.WEAK else ""
    return inside(label, context.link("slide", slide.at(number).pairs()), class_=f"kb-chip{weak}", title=name)


def _also(context: Context, hit: Hit, view: SearchView) -> Markup | None:
    """Where the same slide stands as well."""
    if not hit.also:
        return None
    links = (_same(context, other, view) for other in hit.also)
    return tag("p", tag("span", context.t("results.also_in")), *links, class_="kb-more")


def _same(context: Context, other: SlideRef, view: SearchView) -> Markup:
    label = dotted([other.document.metadata.title, context.t("slide.number", n=other.page)])
    return inside(
        label, context.link("slide", SlideView(other.document.id, other.page, search=view).pairs()), class_="kb-chip"
    )


def _only(codes: tuple[str, ...]) -> str | None:
    return codes[0] if len(codes) == 1 else None
