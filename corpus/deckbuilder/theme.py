"""Colours, measures and type sizes: everything about the look that isn't drawing.

Lengths are inches on a 16:9 slide of 13.333 by 7.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .deck import Deck

SLIDE_WIDTH = 13.333
SLIDE_HEIGHT = 7.5

# No running text below 12 points: it has to be readable from the back of a hall. Footers may be smaller.
SMALLEST_BODY = 12.0
LARGEST_BODY = 20.0
FOOTER_SIZE = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.top + self.height

    def inner(self, side: float, top: float) -> "Box":
        """Return the box without a margin at the sides and one at top and bottom."""
        return Box(self.left + side, self.top + top, self.width - 2 * side, self.height - 2 * top)


MARGIN = 0.65
TITLE_BOX = Box(MARGIN, 0.5, SLIDE_WIDTH - 2 * MARGIN, 0.95)
BODY_BOX = Box(MARGIN, 1.7, SLIDE_WIDTH - 2 * MARGIN, 4.95)
FOOTER_BOX = Box(MARGIN, 6.92, 9.3, 0.42)
SHORT_LABEL_BOX = Box(10.05, 6.92, 2.0, 0.42)
PAGE_BOX = Box(12.083, 6.92, 0.6, 0.42)
MARK_BOX = Box(MARGIN, 0.2, 2.6, 0.32)


class Motif(Enum):
    """The ornament of the cover's right side."""

    HILLS = "hills"
    WEAVE = "weave"
    SKYLINE = "skyline"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one organisation's decks, as RRGGBB."""

    name: str
    motif: Motif
    primary: str
    accent: str
    soft: str
    third: str
    fourth: str


INK = "1F2933"

_BANYUWANGI = Palette("Banyuwangi", Motif.HILLS, "17594A", "DD7A26", "EDF4F0", "6FA287", "F0BE7C")
_KUPANG = Palette("Kupang", Motif.WEAVE, "7A3524", "C4902B", "FAF3EA", "B8735A", "6E7F5C")
_SEOUL = Palette("Seoul", Motif.SKYLINE, "26386B", "D2583F", "EEF1F8", "6F86BD", "8FA6A3")
_CITYNET = Palette("CityNet", Motif.NETWORK, "1C5A85", "2F9C8F", "EBF3F8", "7BA9C9", "E0A93B")

_PALETTES: Mapping[str, Palette] = {"banyuwangi": _BANYUWANGI, "kupang": _KUPANG, "seoul": _SEOUL, "서울": _SEOUL}


def palette_of(deck: Deck) -> Palette:
    """Return the palette of the deck's organisation; national and network decks share the last one."""
    organisation = deck.organisation.lower()
    for name, palette in _PALETTES.items():
        if name in organisation:
            return palette
    return _CITYNET
