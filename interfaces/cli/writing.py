"""Commands that change what is kept: ingest, publish, withdraw, delete, reindex, rollback, verify."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import progress, records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Deck, Json, draft, opened, resolve
from kb.errors import KBError, UsageError

if TYPE_CHECKING:
    from ingest.metadata import IngestItem
    from ingest.storing import IngestOptions
    from kb.knowledge_base import KnowledgeBase
    from kb.types import Generation, IngestReport

_PARTIAL = 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (ingest, publish, withdraw, delete, reindex, rollback, verify):
        app.command(command.__name__)(command)


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Decks, ZIP files of decks, or folders searched to their depth.")
    ],
    metadata: Annotated[Path | None, typer.Option(help="A TOML file about the one deck that is named.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Publish what was stored.")] = False,
    replace: Annotated[str | None, typer.Option(metavar="ID", help="Store as the next version of this deck.")] = None,
    as_json: Json = False,
) -> int:
    """Store decks, from files, ZIP files and whole folders.

    They become drafts, or are published at once; a bad file does not stop the others.

    Example: kb ingest corpus/decks --publish
    """
    from ingest.storing import IngestOptions

    output = Output(as_json)
    items = _items(paths, metadata)
    if replace is not None and len(items) != 1:
        raise UsageError(f"--replace takes one deck; {len(items)} were named.", remedy="Name the new version's file.")
    with opened() as kb:
        options = IngestOptions(publish, resolve(kb, replace).id if replace else None)
        return _ingest(kb, items, options, output)


def _items(paths: list[Path], metadata: Path | None) -> list[IngestItem]:
    from ingest.metadata import IngestItem, read_metadata, walk

    if metadata is None:
        items = walk(paths)
        if not items:
            raise UsageError(
                f"There is no deck in {', '.join(map(str, paths))}.",
                remedy="Name a presentation, such as a PDF or PPTX file.",
            )
        return items
    if len(paths) != 1 or not paths[0].is_file():
        raise UsageError("--metadata describes one file; name exactly one.", remedy="Put a .toml beside each deck.")
    stated, files = read_metadata(metadata)
    return [IngestItem(paths[0], stated, files.renditions)]


def _ingest(kb: KnowledgeBase, items: list[IngestItem], options: IngestOptions, output: Output) -> int:
    from ingest.pipeline import Watch, ingest_files
    from interfaces.cli.tables import outcome_words
    from kb.types import OPERATOR, Outcome

    reports: list[IngestReport] = []

    def on_report(report: IngestReport) -> None:
        reports.append(report)
        # A ZIP file is one item and gives many reports.
        output.note(f"[{len(reports)}/{max(len(items), len(reports))}] {outcome_words(report):14} {report.path}")

    try:
        with progress.shown() as on_progress:
            ingest_files(kb, OPERATOR, items, options, Watch(on_progress, on_report))
    except KBError:
        # What happened before the disk was full, or the lock was taken, is still worth knowing.
        _tell(kb, reports, Output()) if not output.as_json else None
        raise
    _tell(kb, reports, output)
    return _PARTIAL if any(r.outcome in (Outcome.PARTIAL, Outcome.FAILED) for r in reports) else 0


def _tell(kb: KnowledgeBase, reports: list[IngestReport], output: Output) -> None:
    from interfaces.cli.tables import REPORT_COLUMNS, likeness_lines, report_row, totals

    counted = totals(reports)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in counted.items())
    if output.as_json:
        live = kb.catalog.journal.live_generation()
        output.data({"reports": [*map(records.report, reports)], "totals": counted, "generation": live})
        output.note(summary)
    elif reports:
        output.table(REPORT_COLUMNS, [report_row(r) for r in reports])
        output.lines(*likeness_lines(reports), summary)
        suggested = sum(report.suggestions for report in reports)
        if suggested:
            output.note(f"{suggested} suggested details wait to be confirmed: kb suggestions VERSION.")
        if any(r.encoded for r in reports):
            output.note("kb report VERSION tells what to check before publishing; kb list shows the versions.")


def publish(
    decks: Annotated[list[str], typer.Argument(metavar="ID|VERSION...", help="Documents or draft versions.")],
    as_json: Json = False,
) -> None:
    """Publish drafts.

    All together; each replaces the published version of its deck.

    Example: kb publish 3fa94c21d0
    """
    from ingest import pipeline
    from kb.types import OPERATOR

    with opened() as kb, progress.shown() as on_progress:
        versions = list(dict.fromkeys(draft(kb, reference).version for reference in decks))
        generation = pipeline.publish(kb, OPERATOR, versions, on_progress)
    _made(Output(as_json), generation)


def withdraw(deck: Deck, as_json: Json = False) -> None:
    """Take a deck out of every reader's sight.

    It stays in the archive, from where it can be deleted.

    Example: kb withdraw 3fa94c21d0
    """
    from ingest import pipeline
    from kb.types import OPERATOR

    with opened() as kb, progress.shown() as on_progress:
        generation = pipeline.withdraw(kb, OPERATOR, resolve(kb, deck).id, on_progress)
    _made(Output(as_json), generation)


def delete(
    deck: Deck,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Remove a deck for good.

    Every version, original, picture and vector of it, from every index.

    Example: kb delete 3fa94c21d0 --yes
    """
    from ingest import pipeline
    from kb.types import OPERATOR

    with opened() as kb:
        document = resolve(kb, deck)
        if not yes:
            _ask(f"Delete {document.metadata.title!r} with all its versions, for good?", as_json)
        with progress.shown() as on_progress:
            generation = pipeline.delete(kb, OPERATOR, document.id, on_progress)
    _made(Output(as_json), generation)


def _ask(question: str, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty():
        raise UsageError("Deleting asks first, and nobody is there to answer.", remedy="Add --yes.")
    if not typer.confirm(question, err=True):
        raise KBError("Nothing was deleted.")


def reindex(
    full: Annotated[bool, typer.Option("--full", help="Encode everything again.")] = False,
    accept_fall: Annotated[
        str | None, typer.Option(metavar="REASON", help="Publish although search gets worse; the reason is recorded.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Build the index again.

    Cuts and encodes what changed, for example after KB_ENCODER was set. Where the demonstration decks are published, their
    golden topics are searched before and after: an index that answers them worse is not published.

    Example: kb reindex --full
    """
    from ingest import pipeline
    from ingest.index import ReindexOptions
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb, progress.shown() as on_progress:
        made = pipeline.reindex(kb, OPERATOR, ReindexOptions(full, accept_fall), on_progress)
    if as_json:
        output.data({"generation": records.generation(made.generation), "quality": records.verdict(made.verdict)})
    else:
        from interfaces.cli.tables import verdict_line

        _made(output, made.generation)
        output.lines(verdict_line(made.verdict))


def rollback(
    generation: Annotated[str, typer.Argument(metavar="GENERATION", help="An id that kb generations shows.")],
    as_json: Json = False,
) -> None:
    """Search in an earlier generation again.

    Withdrawn and deleted decks stay out of sight whatever it holds.

    Example: kb rollback g000003
    """
    from ingest import pipeline
    from kb.types import OPERATOR

    with opened() as kb:
        pipeline.roll_back(kb, OPERATOR, generation)
        live = next(g for g in kb.catalog.journal.generations() if g.live)
    _made(Output(as_json), live)


def _made(output: Output, generation: Generation) -> None:
    if output.as_json:
        output.data({"generation": records.generation(generation)})
    else:
        holds = f"{generation.documents} decks, {generation.chunks} passages"
        output.lines(f"Generation {generation.id} is live: {holds} ({generation.reason}).")


def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be derived again.")] = False,
    as_json: Json = False,
) -> int:
    """Compare catalogue, files and index; mend them.

    Example: kb verify --repair
    """
    from ingest.verify import verify as check
    from kb.types import OPERATOR

    output = Output(as_json)
    with opened() as kb, progress.shown() as on_progress:
        report = check(kb, OPERATOR, repair, on_progress)
    if as_json:
        output.data(records.verification(report))
    else:
        output.table(("part", "found", ""), [(f.part, f.message, "mended" * f.repaired) for f in report.findings])
        state = "sound" if report.sound else "NOT SOUND"
        looked = f"{report.documents} versions, {report.chunks} passages, index {report.generation or '-'}"
        output.lines(f"{looked}: {state}.")
    return 0 if report.sound else _PARTIAL
