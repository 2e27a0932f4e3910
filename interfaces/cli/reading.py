"""Commands that look and change nothing: search, similar, sought, list, show, generations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Deck, Filtered, Json, filters, opened, resolve

if TYPE_CHECKING:
    from kb.explanation import Explanation
    from kb.results import SearchResult
    from kb.types import Channel, Document, Page

_NOTICES = {
    "no_match": "No slide seems to answer this; the nearest ones follow.",
    "phrase_not_found": "No slide holds the quoted words as they stand; slides near to them follow.",
    "empty": "Nothing is published yet; kb ingest FOLDER --publish brings the first decks.",
    "index_damaged": "The live index is damaged, an earlier one answers; kb verify --repair mends it.",
    "unknown_hits_dropped": "The index holds passages that the catalogue does not know; kb verify --repair mends it.",
}
_RESULTS = 10
_EXPLAINED = 30


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("search")(search)
    app.command("similar")(similar)
    app.command("sought")(sought)
    app.command("list")(list_decks)
    app.command("show")(show)
    app.command("generations")(generations)


def search(
    text: Annotated[str, typer.Argument(help="What is sought, in any of the three languages.")],
    k: Annotated[int | None, typer.Option("--k", min=1, max=1000, help="How many; else 10, or 30 to --explain.")] = None,
    filter_: Filtered = None,
    by_slide: Annotated[bool, typer.Option("--by-slide", help="One result a slide instead of one a deck.")] = False,
    channel: Annotated[str, typer.Option(help="Order by fused, dense or lexical score.")] = "fused",
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Leave typing errors as they are.")] = False,
    own_words: Annotated[bool, typer.Option("--own-words", help="Without translations and synonyms.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show why each slide stands where it stands.")] = False,
    as_json: Json = False,
) -> None:
    """Find the slides that answer a question.

    Sentences quoted from the best slides come first where the evidence is strong, related queries last.

    Example: kb search "how did Banyuwangi pay for smart kampung" --k 5 --filter language=id
    """
    from interfaces.cli.tables import hit_lines, quotation_lines, related_lines
    from kb.search import SearchOptions
    from kb.types import OPERATOR

    output = Output(as_json)
    options = SearchOptions(
        k or (_EXPLAINED if explain else _RESULTS),
        group=not by_slide,
        channel=_channel(channel),
        correct=not as_typed,
        translate=not own_words,
    )
    with opened() as kb:
        query = kb.understand(OPERATOR, text, filters(filter_))
        if explain:
            _show_explanation(output, kb.explain(OPERATOR, query, options))
            return
        result = kb.search(OPERATOR, query, options)
    _say(output, result)
    if as_json:
        output.data(records.search(result))
    else:
        output.lines(*quotation_lines(result.summary))
        output.lines(*(line for hit in result.hits for line in hit_lines(hit)))
        output.lines(*related_lines(result.related))
        output.note(f"{len(result.hits)} results in {result.timings['total']:.0f} ms")


def _say(output: Output, result: SearchResult) -> None:
    for notice in result.notices:
        output.note(_NOTICES.get(notice, notice))


def _show_explanation(output: Output, told: Explanation) -> None:
    from interfaces.cli.tables import STANDING_COLUMNS, standing_row, understood_lines

    _say(output, told.result)
    if output.as_json:
        output.data(records.explanation(told))
        return
    output.lines(*understood_lines(told), "")
    output.table(STANDING_COLUMNS, [standing_row(standing) for standing in told.standings])
    parts = sorted(told.result.timings.items(), key=lambda part: -part[1])
    output.note(f"Milliseconds: {', '.join(f'{name} {ms:.1f}' for name, ms in parts)}")


def _channel(name: str) -> Channel:
    from kb.errors import UsageError
    from kb.types import Channel

    try:
        return Channel(name)
    except ValueError:
        known = ", ".join(channel.value for channel in Channel)
        raise UsageError(f"There is no channel {name!r}.", remedy=f"Use one of {known}.") from None


def similar(
    deck: Deck,
    page: Annotated[int, typer.Option("--page", min=1, help="The slide whose like is sought.")],
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="How many slides at most.")] = 6,
    other_cities: Annotated[bool, typer.Option("--other-cities", help="Only decks of other cities.")] = False,
    as_json: Json = False,
) -> None:
    """Find slides of other decks that are like one slide.

    Only published decks are looked through; at most two slides a deck, in any language.

    Example: kb similar 3fa94c21d0 --page 7 --other-cities
    """
    from interfaces.cli.tables import similar_lines
    from kb.similar import SimilarOptions
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        document = resolve(kb, deck)
        found = kb.similar(OPERATOR, document.version, page, SimilarOptions(k, other_cities))
    if as_json:
        slides = [records.similar(rank, one) for rank, one in enumerate(found, start=1)]
        output.data({"document": records.document(document), "page": page, "similar": slides})
    else:
        output.lines(*(line for rank, one in enumerate(found, start=1) for line in similar_lines(rank, one)))
        output.note(f"{len(found)} similar slides")


def sought(
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=520, help="How far back.")] = 8,
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="How many questions.")] = 50,
    as_json: Json = False,
) -> None:
    """List the questions that were asked in vain.

    Those that found nothing or weak hits only, the most frequent first; who asked and with which filters is not kept.

    Example: kb sought --weeks 4
    """
    from interfaces.cli.tables import SOUGHT_COLUMNS, sought_row
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        questions = kb.sought_in_vain(OPERATOR, weeks, k)
    if as_json:
        output.data({"questions": [records.sought(one) for one in questions]})
    else:
        output.table(SOUGHT_COLUMNS, [sought_row(one) for one in questions])


def list_decks(filter_: Filtered = None, as_json: Json = False) -> None:
    """List the decks.

    Drafts, published and withdrawn ones, the newest first.

    Example: kb list --filter city=Seoul --json
    """
    from interfaces.cli.tables import DECK_COLUMNS, deck_row
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        documents = kb.documents(OPERATOR, filters(filter_))
    if as_json:
        output.data({"documents": [records.document(d) for d in documents]})
        return
    output.table(DECK_COLUMNS, [deck_row(d) for d in documents])
    output.note(f"{len(documents)} decks, {sum(d.pages for d in documents)} pages")


def show(
    deck: Deck,
    page: Annotated[int | None, typer.Option("--page", min=1, help="Print the text of this page.")] = None,
    as_json: Json = False,
) -> None:
    """Show a deck, or one of its pages.

    What is said about it, its pages, what was noticed; or the text of the one page.

    Example: kb show 3fa94c21d0 --page 7
    """
    from interfaces.cli.tables import deck_lines, page_lines
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb:
        document = resolve(kb, deck)
        pages = kb.pages(OPERATOR, document.version)
        issues = kb.issues(OPERATOR, document.version)
    if page is not None:
        _show_page(output, document, _numbered(document, pages, page))
    elif as_json:
        lines = [records.page_line(p) for p in pages]
        output.data({"document": records.document(document), "pages": lines, "issues": [*map(records.issue, issues)]})
    else:
        output.lines(*deck_lines(document), "", *page_lines(pages, issues))


def _numbered(document: Document, pages: tuple[Page, ...], number: int) -> Page:
    from kb.errors import NotFound

    found = next((page for page in pages if page.number == number), None)
    if found is None:
        raise NotFound(f"{document.metadata.title!r} has {len(pages)} pages; there is no page {number}.")
    return found


def _show_page(output: Output, document: Document, page: Page) -> None:
    from interfaces.cli.tables import text_lines

    if output.as_json:
        output.data({"document": records.document(document), "page": records.page(page)})
    else:
        output.lines(*text_lines(page))


def generations(as_json: Json = False) -> None:
    """List the generations of the index.

    The newest first; kb rollback goes back to one.

    Example: kb generations
    """
    from interfaces.cli.tables import GENERATION_COLUMNS, generation_row

    output = Output(as_json)
    with opened() as kb:
        found = kb.catalog.journal.generations()
    if as_json:
        output.data({"generations": [records.generation(g) for g in found]})
    else:
        output.table(GENERATION_COLUMNS, [generation_row(g) for g in found])
