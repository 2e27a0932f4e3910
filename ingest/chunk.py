"""Pages into passages. Pure: no file, no catalogue.

A passage never crosses a page and never exceeds the model's limit, counted with the model's own tokenizer. A page that
fits is one passage, because a slide is one thought; a longer one is cut at sentence ends into parts of about equal size.
The deck's and the page's title are encoded with the passage but kept apart from it, as its context.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kb.language import detect, sentences
from kb.types import Page, Passage, Segment, SegmentKind, Span

CHUNKER = "page-sentences/1"
"""Names what :func:`chunk` does; changes whenever its output changes."""

_TRAIL = " › "
_CONTEXT_SHARE = 4
"""A title trail may take a quarter of the limit; a longer one is cut, the longest title first, the passage never."""
_LONGEST_TITLE = 200
"""Characters of a title that fit into the trail with little loss."""


@dataclass(frozen=True, slots=True)
class ChunkOptions:
    """``max_tokens`` limits context and text together, as ``count_tokens`` counts; ``language`` is the deck's."""

    count_tokens: Callable[[str], int]
    max_tokens: int
    deck_title: str = ""
    language: str = ""


def page_text(page: Page) -> str:
    """The text that passages are slices of: the segments in order, the title only where there is nothing else.

    The title is encoded as context; a second one, or one too long for that, is text like any other.
    """
    body = "\n".join(s.text for s in page.segments if not _is_context(s, page))
    return body if body.strip() else page.title


def _is_context(segment: Segment, page: Page) -> bool:
    return segment.kind is SegmentKind.TITLE and segment.text == page.title and len(segment.text) <= _LONGEST_TITLE


def embedded_text(context: str, text: str) -> str:
    """What the model reads for a passage."""
    return f"{context}\n{text}" if context else text


def chunk(pages: Sequence[Page], options: ChunkOptions) -> list[Passage]:
    """The passages of all pages, in order; pages without text have none."""
    return [passage for page in pages for passage in _page_passages(page, options)]


def _page_passages(page: Page, options: ChunkOptions) -> Iterator[Passage]:
    text = page_text(page)
    context = _context(page, options)
    for span in _spans(text, context, options):
        piece = text[span.start : span.end]
        yield Passage(page.number, span.start, span.end, piece, context, detect(piece, options.language))


def _context(page: Page, options: ChunkOptions) -> str:
    titles = list(dict.fromkeys(t for t in (options.deck_title.strip(), page.title.strip()) if t))
    limit = options.max_tokens // _CONTEXT_SHARE
    while any(titles) and options.count_tokens(_TRAIL.join(titles)) > limit:
        longest = max(range(len(titles)), key=lambda i: len(titles[i]))
        titles[longest] = _shorter(titles[longest])
    return _TRAIL.join(filter(None, titles))


def _shorter(title: str) -> str:
    """About three quarters of a title, whole words where it has several."""
    cut = title[: len(title) * 3 // 4]
    words, space, _ = cut.rpartition(" ")
    return (words if space else cut).rstrip()


def _spans(text: str, context: str, options: ChunkOptions) -> list[Span]:
    def size(span: Span) -> int:
        return options.count_tokens(embedded_text(context, text[span.start : span.end]))

    units = sentences(text)
    if not units:
        return []
    whole = Span(units[0].start, units[-1].end)
    total = size(whole)
    if total <= options.max_tokens:
        return [whole]
    overhead = options.count_tokens(context) + 1 if context else 0
    room = options.max_tokens - overhead
    target = math.ceil((total - overhead) / math.ceil((total - overhead) / room)) + overhead
    pieces = [part for unit in units for part in _within(text, unit, lambda s: size(s) <= options.max_tokens)]
    return _pack(pieces, lambda s: size(s) <= min(options.max_tokens, target + target // 8))


def _pack(pieces: Sequence[Span], fits: Callable[[Span], bool]) -> list[Span]:
    """Join neighbouring pieces as long as the join fits."""
    packed = [pieces[0]]
    for piece in pieces[1:]:
        joined = Span(packed[-1].start, piece.end)
        if fits(joined):
            packed[-1] = joined
        else:
            packed.append(piece)
    return packed


def _within(text: str, span: Span, fits: Callable[[Span], bool]) -> Iterator[Span]:
    """The span itself when it fits, else halves of it, cut at a space where there is one, until every part fits."""
    if fits(span) or span.end - span.start <= 1:
        yield span
        return
    middle = (span.start + span.end) // 2
    space = text.rfind(" ", span.start + 1, middle)
    cut = space if space > span.start else middle
    yield from _within(text, Span(span.start, cut), fits)
    after = cut + 1 if text[cut] == " " else cut
    if after < span.end:
        yield from _within(text, Span(after, span.end), fits)
