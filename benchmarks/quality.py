"""The picture of quality from the kept results: README's table and chart, the tables of outlines and of the sets' use.

Run ``python -m benchmarks.quality`` after ``kb eval`` or ``kb eval --keep DIR...`` has kept a result; ``--check`` writes
nothing and fails when a file is not what the results give. Sets that were not measured are not shown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

from benchmarks.chart import chart
from benchmarks.results import (
    FOLDER,
    DataSet,
    Direction,
    Evidence,
    Figure,
    Found,
    Golden,
    OutlineResult,
    Result,
    read,
)

ROOT = FOLDER.parent.parent
README = ROOT / "README.md"
SETS = FOLDER / "README.md"
PICTURE = FOLDER / "quality.svg"
LANGUAGES = {"en": "English", "id": "Indonesian", "ko": "Korean"}


def files(evidence: Evidence, readme: str, sets: str) -> dict[Path, str]:
    """Every file as the evidence gives it; ``readme`` and ``sets`` are the texts whose marked parts are replaced."""
    return {
        README: replaced(readme, "quality", quality_lines(evidence)),
        SETS: replaced(replaced(sets, "sets", set_lines(evidence)), "outlines", outline_lines(evidence)),
        PICTURE: chart(evidence.shown, evidence.models),
    }


def replaced(text: str, name: str, lines: Iterator[str]) -> str:
    """The text with new lines between its two marks of the name; raises :class:`ValueError` when a mark is missing."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"Expected {begin} and {end}.")
    return "\n".join([f"{before}{begin}", *lines, f"{end}{after}"])


def quality_lines(evidence: Evidence) -> Iterator[str]:
    """The chart, the table, where published figures come from, and what golden set and outlines say besides."""
    picture = PICTURE.relative_to(ROOT).as_posix()
    yield f"![nDCG@10 of this search and of its vectors alone, beside published figures of larger models]({picture})"
    yield ""
    yield from _table(
        ("set", "here", "keywords alone", "vectors alone", *(f"published: {model}" for model in evidence.models)),
        [_quality_row(result, evidence.models) for result in evidence.shown],
    )
    yield ""
    yield f"Published: {evidence.source}."
    if evidence.golden:
        yield ""
        yield from wrap(_besides(evidence.golden), 125)
    for outline in evidence.outlines:
        yield ""
        yield from wrap(_told(outline), 125)


def _told(outline: OutlineResult) -> str:
    shares = " and ".join(_share(direction) for direction in outline.directions)
    name = outline.of.label or outline.of.name
    return (
        f"Of {outline.questions} section titles of the {name} ({outline.of.use.value}), asked in one language over the "
        f"pages of another, a page of the section is among the first five for {shares}."
    )


def _share(direction: Direction) -> str:
    alone = f" (e5 alone: {direction.alone.five.value:.1f} %)" if direction.alone else ""
    return f"{direction.fused.five.value:.1f} %{alone} from {_languages(direction, ' to ')}"


def _languages(direction: Direction, between: str) -> str:
    return between.join(LANGUAGES.get(language, language) for language in (direction.asked, direction.searched))


def outline_lines(evidence: Evidence) -> Iterator[str]:
    """How many titles of each outline found their section at the first slide and among the first five."""
    channels = ("here", "vectors alone", "keywords alone", "e5 alone")
    yield from _table(
        ("set", "title, pages", *(f"{channel}, {hit}" for hit in ("hit@1", "hit@5") for channel in channels)),
        [_outline_row(outline, direction) for outline in evidence.outlines for direction in outline.directions],
    )


def _outline_row(outline: OutlineResult, direction: Direction) -> tuple[str, ...]:
    found = (direction.fused, direction.dense, direction.lexical, direction.alone)
    first, five = ([_hit(one, at) for one in found] for at in ("first", "five"))
    return (f"`{outline.of.name}`", _languages(direction, ", "), *first, *five)


def _hit(found: Found | None, at: str) -> str:
    return _with_interval(getattr(found, at)) if found else ""


def _besides(golden: Golden) -> str:
    return (
        f"Without word translations the golden set falls to {golden.without_translations:.1f}. Of its unanswerable topics "
        f"{golden.caught:.0f} % are told to have no match, of the answerable ones {golden.lost:.1f} %."
    )


def _quality_row(result: Result, models: Sequence[str]) -> tuple[str, ...]:
    ours = (_with_interval(result.fused), f"{result.lexical.value:.1f}", f"{result.dense.value:.1f}")
    return (result.of.label, *ours, *(_published(result.of, model) for model in models))


def _with_interval(figure: Figure) -> str:
    return f"{figure.value:.1f} ({figure.low:.1f}-{figure.high:.1f})"


def _published(of: DataSet, model: str) -> str:
    return f"{of.published[model]:.1f}" if model in of.published else ""


def set_lines(evidence: Evidence) -> Iterator[str]:
    """Every set with how it was used and when it was measured last."""
    kept: tuple[Result | OutlineResult, ...] = (*evidence.results, *evidence.outlines)
    measured = {result.of.name: result for result in kept}
    yield from _table(("set", "what it is", "use", "for what", "measured"), [_set_row(s, measured) for s in evidence.sets])


def _set_row(one: DataSet, measured: Mapping[str, Result | OutlineResult]) -> tuple[str, ...]:
    result = measured.get(one.name)
    when = f"{result.date}, {result.commit}, {result.questions} questions" if result else ""
    return (f"`{one.name}`", one.about, one.use.value, one.used_for, when)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "".join(f"| {cell} " if cell else "| " for cell in row) + "|"


def stale(wanted: Mapping[Path, str]) -> list[str]:
    """The files that are not what they should be."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Write the files, or with ``--check`` only look; 1 when one of them was not what the results give."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not up to date")
    check = parser.parse_args(given).check
    wanted = files(read(), README.read_text(encoding="utf-8"), SETS.read_text(encoding="utf-8"))
    old = stale(wanted)
    if check:
        for name in old:
            print(f"{name} is not what the kept results give: run python -m benchmarks.quality", file=sys.stderr)
        return int(bool(old))
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    print(f"Written: {', '.join(old) or 'nothing new'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
