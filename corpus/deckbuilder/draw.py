"""Draws a whole deck: the cover, every slide of the source, the source lists."""

from collections.abc import Callable, Mapping

from pptx.presentation import Presentation

from .charts import draw_chart
from .deck import (
    BulletSlide,
    ChartSlide,
    ColumnsSlide,
    Deck,
    NumbersSlide,
    ProcessSlide,
    SectionSlide,
    Slide,
    TableSlide,
    TimelineSlide,
)
from .diagrams import draw_numbers, draw_process, draw_timeline
from .errors import Fault, SourceError
from .facts import Facts
from .frame import Job, Page, add_footer, add_mark, add_notes, new_page
from .ink import DoesNotFit
from .layouts import draw_bullets, draw_columns, draw_cover, draw_section
from .tables import draw_sources, draw_table
from .template import COMPARISON, CONTENT, SECTION, TITLE_ONLY, new_presentation
from .theme import palette_of

_Drawer = Callable[[Page, Slide], None]

# The layout of the template and the function that fills it, for every kind of slide.
_DRAWERS: Mapping[type[Slide], tuple[str, Callable[..., None]]] = {
    BulletSlide: (CONTENT, draw_bullets),
    ColumnsSlide: (COMPARISON, draw_columns),
    TableSlide: (TITLE_ONLY, draw_table),
    ChartSlide: (TITLE_ONLY, draw_chart),
    ProcessSlide: (TITLE_ONLY, draw_process),
    TimelineSlide: (TITLE_ONLY, draw_timeline),
    NumbersSlide: (TITLE_ONLY, draw_numbers),
    SectionSlide: (SECTION, draw_section),
}


def draw_deck(deck: Deck, facts: Facts) -> Presentation:
    """Return the deck as a presentation.

    Raises:
        SourceError: With every slide whose text doesn't fit.
    """
    palette = palette_of(deck)
    job = Job(deck, facts, palette, new_presentation(palette, deck.language))
    faults: list[Fault] = []
    _attempt(job, 0, faults, lambda: draw_cover(job))
    for slide in deck.slides:
        _attempt(job, slide.number, faults, lambda slide=slide: _draw_slide(job, slide))  # type: ignore[misc]
    draw_sources(job)
    if faults:
        raise SourceError(faults)
    return job.presentation


def _attempt(job: Job, number: int, faults: list[Fault], draw: Callable[[], None]) -> None:
    try:
        draw()
    except DoesNotFit as error:
        faults.append(Fault(f"{job.deck.id}.yaml", number, str(error), "shorten it or split the slide"))


def _draw_slide(job: Job, slide: Slide) -> None:
    layout, draw = _DRAWERS[type(slide)]
    page = new_page(job, layout, slide.title)
    draw(page, slide)
    if slide.later:
        add_mark(page)
    add_footer(page, slide.facts, light=isinstance(slide, SectionSlide))
    add_notes(page, slide.notes)
