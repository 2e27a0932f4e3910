"""What became of each slide between two decks, and whether they are versions of one deck. Pure.

Slides are paired by what they say, first where they stand in the same order, then wherever they went. Every slide of both
decks stands in exactly one row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from kb.alike import KIN, NEAR, Slide, is_telling, lacking, same, similarity

VERSION_SHARE = 0.5
"""Of both decks' slides, from which on one is a version of the other."""
NAMED_SHARE = 0.2
"""The same, where file name or title agree as well."""

Pairs = dict[int, int]
"""Places in the old deck by places in the new one, both from 0."""


class Change(StrEnum):
    """What became of a slide; whether it stands elsewhere is said beside it."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Kinship(StrEnum):
    """How a deck belongs to another one."""

    SAME_BYTES = "same_bytes"
    SAME_SLIDES = "same_slides"
    NEW_VERSION = "new_version"
    SHARED_SLIDES = "shared_slides"


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that went and words that came in their place; either may be empty."""

    gone: str
    come: str


@dataclass(frozen=True, slots=True)
class Row:
    """A slide in the old deck, in the new one, or in both, by its numbers (from 1).

    ``unsure`` says that one of the two was read by recognition, whose misread letters hide or feign a change.
    """

    change: Change
    old: int | None
    new: int | None
    similarity: float = 0.0
    moved: bool = False
    unsure: bool = False
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows in the order of the new deck; a removed slide follows the one that it followed."""

    rows: tuple[Row, ...]

    def count(self, change: Change) -> int:
        """How many slides met with a change."""
        return sum(row.change is change for row in self.rows)

    def counts(self) -> dict[str, int]:
        """How many slides met with what, by name, ``moved`` among them; a slide can have changed and moved."""
        return {**{change.value: self.count(change) for change in Change}, "moved": self.moved}

    @property
    def moved(self) -> int:
        """How many slides stand in another order."""
        return sum(row.moved for row in self.rows)

    @property
    def identical(self) -> bool:
        """Whether both decks say the same on every slide, in the same order."""
        return all(row.change is Change.SAME and not row.moved for row in self.rows)

    @property
    def kept(self) -> float:
        """The share (0 to 1) of both decks' slides that have a counterpart."""
        paired = self.count(Change.SAME) + self.count(Change.CHANGED)
        return 2 * paired / (2 * paired + self.count(Change.ADDED) + self.count(Change.REMOVED)) if self.rows else 0.0


def difference(old: Sequence[Slide], new: Sequence[Slide]) -> Difference:
    """What became of each slide of ``old`` in ``new``."""
    pairs = _paired(old, new)
    in_order = _longest_in_order(pairs)
    rows = {j: _pair(old[i], new[j], moved=j not in in_order) for j, i in pairs.items()}
    rows |= {j: Row(Change.ADDED, None, new[j].number) for j in range(len(new)) if j not in pairs}
    return Difference(tuple(_with_removed(old, [rows[j] for j in range(len(new))])))


def kinship(found: Difference, same_names: int) -> Kinship | None:
    """What a deck as a whole is to another, if anything; ``same_names`` counts which of file name and title agree."""
    if found.rows and found.identical:
        return Kinship.SAME_SLIDES
    enough = (VERSION_SHARE, NAMED_SHARE, 0.0)[same_names]
    return Kinship.NEW_VERSION if found.kept >= enough else None


def shared_slides(old: Sequence[Slide], new: Sequence[Slide]) -> tuple[tuple[int, int], ...]:
    """The numbers (old, new) of slides that say about the same, each new slide once; short ones are passed over."""
    found = []
    for slide in filter(is_telling, new):
        near = [(similarity(other, slide), -other.number) for other in old if is_telling(other)]
        best = max(near, default=(0.0, 0))
        if best[0] >= NEAR:
            found.append((-best[1], slide.number))
    return tuple(found)


# Pairing -------------------------------------------------------------------------------------------------------------


def _paired(old: Sequence[Slide], new: Sequence[Slide]) -> Pairs:
    likeness = {
        (i, j): value for i, one in enumerate(old) for j, other in enumerate(new) if (value := similarity(one, other)) >= KIN
    }
    pairs: Pairs = {}
    # Sure pairs first, so that a slide that went elsewhere is not paired with whatever came in its place.
    for least in (1.0, NEAR, KIN):
        open_pairs = {pair: value for pair, value in likeness.items() if value >= least and _is_open(pair, pairs)}
        pairs |= _best_in_order(open_pairs)
        for (i, j), _ in sorted(open_pairs.items(), key=lambda item: (-item[1], abs(item[0][0] - item[0][1]), item[0])):
            if _is_open((i, j), pairs):
                pairs[j] = i
    _pair_by_title(old, new, pairs)
    return pairs


def _is_open(pair: tuple[int, int], pairs: Pairs) -> bool:
    return pair[1] not in pairs and pair[0] not in pairs.values()


def _best_in_order(likeness: dict[tuple[int, int], float]) -> Pairs:
    """The pairs of the greatest likeness in all whose order is the same on both sides."""
    # best[t]: the chains by the least old place that they end at, for the new places seen so far.
    chains: list[tuple[float, int, tuple[int, int], int]] = []  # likeness, old place, pair, chain before
    ends: list[int] = []  # chains whose likeness grows with their last old place
    by_new: dict[int, list[int]] = {}
    for i, j in likeness:
        by_new.setdefault(j, []).append(i)
    for j in sorted(by_new):
        made = []
        for i in by_new[j]:
            place = bisect_left([chains[c][1] for c in ends], i)
            before = ends[place - 1] if place else -1
            total = likeness[i, j] + (chains[before][0] if before >= 0 else 0.0)
            chains.append((total, i, (i, j), before))
            made.append(len(chains) - 1)
        ends = _frontier(chains, [*ends, *made])
    pairs: Pairs = {}
    at = ends[-1] if ends else -1
    while at >= 0:
        _, _, (i, j), at = chains[at]
        pairs[j] = i
    return pairs


def _frontier(chains: Sequence[tuple[float, int, tuple[int, int], int]], ends: Sequence[int]) -> list[int]:
    """The ends worth going on from: none of which another beats that ends earlier; by old place, so by likeness too."""
    kept: list[int] = []
    for end in sorted(ends, key=lambda c: (chains[c][1], -chains[c][0])):
        if not kept or chains[end][0] > chains[kept[-1]][0]:
            kept.append(end)
    return kept


def _pair_by_title(old: Sequence[Slide], new: Sequence[Slide], pairs: Pairs) -> None:
    """Pair what is left where one slide of a title is left on each side: written anew under its heading."""
    rest = [(i, s) for i, s in enumerate(old) if i not in pairs.values() and s.title]
    for j, slide in enumerate(new):
        if j in pairs or not slide.title or sum(s.title == slide.title for n, s in enumerate(new) if n not in pairs) > 1:
            continue
        like = [i for i, other in rest if other.title == slide.title]
        if len(like) == 1 and like[0] not in pairs.values():
            pairs[j] = like[0]


def _longest_in_order(pairs: Pairs) -> set[int]:
    """The places in the new deck of the most slides that can have stayed where they were: all others moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for j in sorted(pairs):
        place = bisect_left(tails, pairs[j])
        before[j] = ends[place - 1] if place else None
        tails[place : place + 1] = [pairs[j]]
        ends[place : place + 1] = [j]
    kept: set[int] = set()
    at = ends[-1] if ends else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept


# Rows ----------------------------------------------------------------------------------------------------------------


def _pair(old: Slide, new: Slide, moved: bool) -> Row:
    unsure = old.recognised or new.recognised or not (old.every and new.every)
    likeness = similarity(old, new)
    if same(old, new):
        return Row(Change.SAME, old.number, new.number, likeness, moved, unsure)
    return Row(Change.CHANGED, old.number, new.number, likeness, moved, unsure, _edits(old, new))


def _edits(old: Slide, new: Slide) -> tuple[Edit, ...]:
    if not old.every or not new.every:
        return ()  # every word of the one would be listed, which says nothing
    if old.media_type != new.media_type:
        gone, come = " ".join(lacking(old, new)), " ".join(lacking(new, old))
        return (Edit(gone, come),) if gone or come else ()
    steps = SequenceMatcher(None, old.words, new.words, autojunk=False).get_opcodes()
    return tuple(
        Edit(" ".join(old.written[a:b]), " ".join(new.written[c:d])) for kind, a, b, c, d in steps if kind != "equal"
    )


def _with_removed(old: Sequence[Slide], rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with those of removed slides among them, each after the slide that it followed in the old deck."""
    stays = {row.old for row in rows}
    following: dict[int | None, list[Row]] = {}
    anchor: int | None = None
    for slide in old:
        if slide.number in stays:
            anchor = slide.number
        else:
            following.setdefault(anchor, []).append(Row(Change.REMOVED, slide.number, None))
    yield from following.get(None, ())
    for row in rows:
        yield row
        if row.old is not None:
            yield from following.get(row.old, ())
