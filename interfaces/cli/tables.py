"""Records as a reader at a terminal sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from ingest.evaluation import Evaluation
from ingest.gate import Verdict
from ingest.outline import DEPTHS, OutlineResult
from ingest.versions import COMPARING
from kb.catalog import Sought
from kb.evaluate import Measure
from kb.explanation import Explanation, Standing, Term
from kb.query import filter_pairs
from kb.results import Quotation
from kb.similar import Similar
from kb.suggested import Suggestion
from kb.types import Channel, Document, Generation, Hit, IngestReport, Issue, Outcome, Page, Provenance, Reading, SegmentKind

DECK_COLUMNS = ("id", "version#", "state", "title", "city", "date", "languages", "pages#", "passages#", "file")
GENERATION_COLUMNS = ("id", "live", "made", "decks#", "passages#", "encoder", "nDCG@10#", "why")
REPORT_COLUMNS = ("file", "outcome", "pages#", "passages#", "issues")
SUGGESTION_COLUMNS = ("field", "value", "source", "quote", "confidence#", "decision", "by")
STANDING_COLUMNS = (
    *("combined#", "score#", "meaning#", "score#", "words#", "score#", "chance#", "band", "coverage#"),
    *("deck", "slide#", "title", "language", "also in"),
)
SOUGHT_COLUMNS = ("question", "language", "times#", "last", "found")
MEASURES = ("ndcg@10", "recall@10", "recall@100", "mrr@10")
EVALUATION_COLUMNS = ("test set", "channel", *MEASURES)
OUTLINE_COLUMNS = ("outline", "direction", "channel", *DEPTHS)
_STYLES = {"strong": "bold green", "related": "yellow", "weak": "dim"}
_MORE_SLIDES = 4


def deck_row(deck: Document) -> tuple[str, ...]:
    """A deck in one line of :data:`DECK_COLUMNS`."""
    said = deck.metadata
    date = said.date.isoformat() if said.date else ""
    facts = (deck.id, str(deck.version), deck.state.value, said.title, said.city, date, " ".join(said.languages))
    return (*facts, str(deck.pages), str(deck.passages), deck.file_name)


def deck_lines(deck: Document) -> Iterator[str]:
    """Everything that is said about a deck, a line each."""
    said = deck.metadata
    stated = {
        "title": said.title,
        "speaker": said.speaker,
        "organisation": said.organisation,
        "city": ", ".join(filter(None, (said.city, said.country))),
        "event": said.event,
        "date": said.date.isoformat() if said.date else "",
        "languages": " ".join(said.languages),
        "themes": " ".join(said.themes),
        "SDGs": " ".join(map(str, said.sdgs)),
        "licence": said.licence,
        "provenance": said.provenance.value,
        "unconfirmed": ", ".join(dict.fromkeys(one.field for one in deck.suggested)),
        "note": said.note,
        "document": f"{deck.id}, version {deck.version}, {deck.state.value}",
        "file": f"{deck.file_name} ({deck.media_type}, {deck.size} bytes)",
        "holds": f"{deck.pages} pages, {deck.passages} passages",
    }
    return (f"{name:13}{value}" for name, value in stated.items() if value)


def page_lines(pages: Sequence[Page], issues: Sequence[Issue]) -> Iterator[str]:
    """The pages with their titles, then what was noticed."""
    for page in pages:
        marks = "".join((" [hidden]" if page.hidden else "", "" if page.has_text else " [no text]", _recognised(page)))
        yield f"{page.number:4}  {page.title}{marks}"
    for issue in issues:
        where = f"page {issue.page}" if issue.page else "file"
        yield f"{issue.severity.value}: {where}: {issue.message}"


def _recognised(page: Page) -> str:
    return f" [recognised, {page.confidence:.0%}]" if page.reading is Reading.OCR else ""


def text_lines(page: Page) -> Iterator[str]:
    """A page's segments in order; what is not plain body text says what it is."""
    plain = (SegmentKind.TITLE, SegmentKind.BODY)
    if page.reading is Reading.OCR:
        yield f"(text recognised in the picture, confidence {page.confidence:.0%})"
    for segment in page.segments:
        yield segment.text if segment.kind in plain else f"[{segment.kind.value}] {segment.text}"


def hit_lines(hit: Hit) -> Iterator[Text]:
    """A hit: where it stands, whose it is, its best sentence, and the deck's other slides."""
    band = hit.band.value
    title = Text(f"{hit.rank:2}  ").append(f"{band:8}", _STYLES[band]).append(f"{hit.score:.3f}  ")
    yield title.append(f"{hit.document.metadata.title}, page {hit.chunk.page}", "bold").append(_titled(hit.page_title))
    yield Text(f"    {' · '.join(_source(hit.document))}", "dim")
    yield Text("    ").append_text(_sentence(hit))
    if hit.more:
        pages = ", ".join(str(other.chunk.page) for other in hit.more[:_MORE_SLIDES])
        yield Text(f"    also on page {pages}", "dim")
    for other in hit.also:
        yield Text(f"    the same slide in {other.document.metadata.title}, page {other.page}", "dim")


def quotation_lines(quotations: Sequence[Quotation]) -> Iterator[Text]:
    """Each quotation with its slide, and an empty line after the last."""
    for one in quotations:
        said = Text("» ", "dim").append(one.text.replace("\n", " · "), "default")
        yield said.append(f"  ({one.document.metadata.title}, page {one.page})", "dim")
    if quotations:
        yield Text()


def related_lines(queries: Sequence[str]) -> Iterator[Text]:
    """Related queries in one line, after an empty one."""
    if queries:
        yield Text()
        yield Text("related  ", "dim").append(" · ".join(queries), "default")


def similar_lines(rank: int, one: Similar) -> Iterator[Text]:
    """A similar slide: how similar, where it stands, whose it is."""
    deck, number = one.slide.document, one.slide.page
    line = Text(f"{rank:2}  {one.score:.2f}  ")
    yield line.append(f"{deck.metadata.title}, page {number}", "bold").append(_titled(one.slide.title))
    yield Text(f"    {' · '.join((one.language, *_source(deck)))}", "dim")


def _titled(title: str) -> str:
    return f": {title}" if title else ""


def _source(deck: Document) -> Iterator[str]:
    said = deck.metadata
    date = str(said.date.year) if said.date else ""
    label = "illustrative" if said.provenance is Provenance.ILLUSTRATIVE else ""
    return (part for part in (said.city, said.speaker, said.event, date, label, deck.id) if part)


def _sentence(hit: Hit) -> Text:
    start, end = hit.sentence.start, hit.sentence.end
    shown = Text(hit.chunk.text[start:end].replace("\n", " "))
    for word in hit.words:
        if start <= word.start and word.end <= end:
            shown.stylize("bold underline", word.start - start, word.end - start)
    return shown


def understood_lines(told: Explanation) -> Iterator[str]:
    """How a question was read, a line each."""
    read, query = told.understood, told.result.query
    corrected = "corrected" if told.result.corrected else "nothing corrected" if read.correcting else "not corrected"
    stated = {
        "language": read.language,
        "searched for": f"{read.text} ({corrected})",
        "own words": ", ".join(_term(term, term.rarity) for term in read.terms),
        "related": ", ".join(_term(term, term.weight) for term in read.related),
        "phrases": ", ".join(f'"{phrase}"' for phrase in query.phrases),
        "filters": ", ".join(f"{name}={value}" for name, value in filter_pairs(query.filters)),
        "generation": told.result.generation,
    }
    return (f"{name:13}{value}" for name, value in stated.items() if value)


def _term(term: Term, number: float) -> str:
    """A term with its rarity, or a related one with its weight."""
    return f"{term.text} {number:.2f}" if term.passages else f"{term.text} (nowhere)"


def standing_row(standing: Standing) -> tuple[str, ...]:
    """A slide in one line of :data:`STANDING_COLUMNS`; a channel that did not propose it has a dash for its rank."""
    hit = standing.hit
    places = (
        cell for c in (standing.fused, standing.dense, standing.lexical) for cell in (str(c.rank or "-"), f"{c.score:.3f}")
    )
    judged = (f"{100 * hit.chance:.0f} %", hit.band.value, f"{100 * hit.evidence.coverage:.0f} %")
    slide = (hit.document.metadata.title, str(hit.chunk.page), hit.page_title, hit.chunk.language)
    return (*places, *judged, *slide, "; ".join(f"{o.document.metadata.title}, page {o.page}" for o in hit.also))


def sought_row(one: Sought) -> tuple[str, ...]:
    """A question in one line of :data:`SOUGHT_COLUMNS`."""
    return (one.text, one.language, str(one.times), one.last, "weak hits" if one.found else "nothing")


def generation_row(one: Generation) -> tuple[str, ...]:
    """A generation in one line of :data:`GENERATION_COLUMNS`."""
    live = "live" if one.live else ""
    quality = f"{one.quality.ndcg:.3f}" if one.quality else ""
    return (one.id, live, one.created, str(one.documents), str(one.chunks), one.encoder, quality, one.reason)


def verdict_line(verdict: Verdict) -> str:
    """How search in a new generation compares with the one before."""
    new, before = verdict.candidate, verdict.live
    if new is None:
        return f"Search quality was not compared: {verdict.note}."
    compared = f"before {before.ndcg:.3f}" if before else f"not compared: {verdict.note}"
    return f"nDCG@10 over {new.topics} golden topics: {new.ndcg:.3f}, {compared}."


def report_row(report: IngestReport) -> tuple[str, ...]:
    """What became of a file in one line of :data:`REPORT_COLUMNS`."""
    shown = report.path, outcome_words(report), str(report.pages), str(report.passages)
    first, *rest = [issue for issue in report.issues if issue.stage != COMPARING] or (None,)
    if first is None:
        return (*shown, "")
    where = f"page {first.page}: " if first.page else ""
    return (*shown, f"{where}{first.message}" + (f" (and {len(rest)} more)" if rest else ""))


def suggestion_row(one: Suggestion) -> tuple[str, ...]:
    """A suggestion in one line of :data:`SUGGESTION_COLUMNS`."""
    source = f"slide {one.page}" if one.page else one.source.value.replace("_", " ")
    decided = f"{one.by}, {one.at[:10]}" if one.by else ""
    return (one.field, one.value, source, one.quote, f"{one.confidence:.2f}", one.decision.value, decided)


def likeness_lines(reports: Sequence[IngestReport]) -> Iterator[str]:
    """What the files have to do with decks that are known, a line each."""
    return (f"{r.path}: {issue.message}" for r in reports for issue in r.issues if issue.stage == COMPARING)


def outcome_words(report: IngestReport) -> str:
    """What became of a file: that it is stored already is no reason to worry."""
    return "already stored" if report.outcome is Outcome.DUPLICATE else report.outcome.value


def totals(reports: Sequence[IngestReport]) -> dict[str, int]:
    """How many files ended how."""
    return {outcome.value: sum(r.outcome is outcome for r in reports) for outcome in Outcome}


def evaluation_rows(one: Evaluation) -> Iterator[tuple[str, ...]]:
    """The measures in percent with their intervals, a channel a line of :data:`EVALUATION_COLUMNS`."""
    for channel in (Channel.FUSED, Channel.DENSE, Channel.LEXICAL):
        cells = [_percent(one.channels[channel][name]) for name in MEASURES]
        yield (one.dataset if channel is Channel.FUSED else "", channel.value, *cells)


def outline_rows(one: OutlineResult) -> Iterator[tuple[str, ...]]:
    """The measures in percent with their intervals, a channel of a direction a line of :data:`OUTLINE_COLUMNS`."""
    for direction, channels in one.directions.items():
        for channel, found in channels.items():
            yield (one.outline, direction, channel.value, *(_percent(found[measure]) for measure in DEPTHS))


def _percent(measure: Measure) -> str:
    return f"{100 * measure.value:.1f} ({100 * measure.low:.1f}-{100 * measure.high:.1f})"
