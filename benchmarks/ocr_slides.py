"""Slides to recognise: drawn from the sentences of the demonstration decks, clean or as a bad scanner gives them; seeded.

Each slide knows its own text in reading order, so that the error rate can be counted. Layouts, fonts, sizes and colours
change from slide to slide; nothing is drawn that a reader could not read at 1280 pixels.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import yaml
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SOURCES = Path(__file__).resolve().parent.parent / "corpus" / "sources"
SIZE = (1280, 720)
LANGUAGES = ("id", "en", "ko")
MARGIN = 80
_LATIN = ("DejaVuSans", "DejaVuSerif", "LiberationSans", "LiberationSerif", "LiberationSansNarrow")
_KOREAN = ("NotoSansCJK", "NotoSerifCJK")
_KOREAN_FACE = 1
_BOLD = {
    **{name: (f"{name}-Regular.ttf", f"{name}-Bold.ttf") for name in _LATIN[2:]},
    **{name: (f"{name}.ttf", f"{name}-Bold.ttf") for name in _LATIN[:2]},
    **{name: (f"{name}-Regular.ttc", f"{name}-Bold.ttc") for name in _KOREAN},
}
# Paper, ink, quiet ink, accent.
_THEMES = (
    ("#ffffff", "#1f2937", "#4b5563", "#0f766e"),
    ("#0b2545", "#f8fafc", "#cbd5e1", "#fbbf24"),
    ("#fdf6e3", "#222222", "#555555", "#9a3412"),
    ("#134e4a", "#ecfeff", "#99f6e4", "#fde68a"),
    ("#eef2ff", "#1e1b4b", "#4338ca", "#4338ca"),
)

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Slide:
    """A picture 1280 pixels wide and the text on it, in reading order, one block a line."""

    name: str
    language: str
    layout: str
    image: Image.Image
    text: str


@dataclass(frozen=True, slots=True)
class _Words:
    """What the decks of one language say, shuffled."""

    titles: tuple[str, ...]
    points: tuple[str, ...]
    notes: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Canvas:
    """One slide while it is being drawn, with the text in the order in which it should be read."""

    language: str
    font: str
    body: int
    theme: tuple[str, str, str, str]
    image: Image.Image = field(init=False)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", SIZE, self.theme[0])

    def typeface(self, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
        file = _BOLD[self.font][bold]
        return ImageFont.truetype(file, size, index=_KOREAN_FACE if file.endswith(".ttc") else 0)

    def write(self, text: str, box: tuple[int, int, int], size: int, style: tuple[int, bool] = (1, False)) -> int:
        """Wrap ``text`` into ``box`` (left, top, width) in the theme's colour; returns where the next line would begin."""
        left, top, width = box
        colour, bold = style
        face, draw = self.typeface(size, bold), ImageDraw.Draw(self.image)
        for line in wrapped(text, face, width):
            draw.text((left, top), line, font=face, fill=self.theme[colour])
            top += round(size * 1.4)
        return top

    def say(self, text: str, box: tuple[int, int, int], size: int, style: tuple[int, bool] = (1, False)) -> int:
        """Write ``text`` and note it as the next block."""
        self.said.append(text)
        return self.write(text, box, size, style)

    def rule(self, top: int, width: int) -> None:
        ImageDraw.Draw(self.image).line((MARGIN, top, MARGIN + width, top), fill=self.theme[2], width=1)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` pixels, broken at spaces."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if face.getlength(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def draw_slides(language: str, count: int = 20, seed: int = 0) -> list[Slide]:
    """``count`` slides of ``language``; the same for the same seed."""
    dice = random.Random(f"{language} {seed}")
    words = _words(language, dice)
    fonts = _KOREAN if language == "ko" else _LATIN
    layouts = list(_LAYOUTS.items())
    slides = []
    for number in range(count):
        name, layout = layouts[number % len(layouts)]
        theme = _THEMES[(number + number // len(layouts)) % len(_THEMES)]
        canvas = _Canvas(
            language, fonts[(number + 2 * (number // len(layouts))) % len(fonts)], dice.choice((18, 20, 22, 24, 28)), theme
        )
        _decorate(canvas, dice)
        top = canvas.say(words.titles[number % len(words.titles)], (MARGIN, 56, 1120), dice.choice((34, 38, 42)), (3, True))
        layout(canvas, words, (number, top + 24))
        slides.append(Slide(f"{language}-{number:02}-{name}", language, name, canvas.image, "\n".join(canvas.said)))
    return slides


def roughened(slide: Slide, seed: int = 0) -> Image.Image:
    """The slide as a bad scanner gives it: up to 2 degrees crooked, blurred, noisy, saved as JPEG of low quality."""
    dice = np.random.default_rng([seed, *slide.name.encode()])
    angle, blur = dice.uniform(-2, 2), dice.uniform(0.4, 0.9)
    paper = slide.image.getpixel((1270, 360))
    image = slide.image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=paper).filter(ImageFilter.GaussianBlur(blur))
    noise = dice.normal(0, dice.uniform(6, 14), (*image.size[::-1], 3))
    noisy = Image.fromarray(np.clip(np.asarray(image, dtype=np.float64) + noise, 0, 255).astype(np.uint8))
    packed = io.BytesIO()
    noisy.save(packed, "JPEG", quality=int(dice.integers(35, 70)))
    return Image.open(packed).convert("RGB")


def _decorate(canvas: _Canvas, dice: random.Random) -> None:
    """Bars, discs and a soft gradient, as templates have them; never behind text in a colour near the ink's."""
    draw = ImageDraw.Draw(canvas.image)
    kind = dice.randrange(4)
    if kind == 0:
        draw.rectangle((0, 0, 1280, 18), fill=canvas.theme[3])
    elif kind == 1:
        draw.rectangle((0, 0, 28, 720), fill=canvas.theme[3])
    elif kind == 2:
        draw.ellipse((1180, 620, 1380, 820), fill=canvas.theme[3])
        draw.ellipse((1130, 660, 1200, 730), outline=canvas.theme[2], width=3)


# Layouts: each draws below the title and notes what it has said. ``at`` is the slide's number and the first free line.


def _bullets(canvas: _Canvas, words: _Words, at: tuple[int, int]) -> None:
    number, top = at
    for point in _taken(words.points, number * 5, 5):
        if top > 620:
            break
        ImageDraw.Draw(canvas.image).ellipse((MARGIN, top + 9, MARGIN + 8, top + 17), fill=canvas.theme[3])
        top = canvas.say(point, (MARGIN + 28, top, 1080), canvas.body) + 12


def _columns(canvas: _Canvas, words: _Words, at: tuple[int, int]) -> None:
    number, top = at
    for column in range(2):
        left, y = MARGIN + column * 590, top
        for point in _taken(words.points, number * 6 + column * 3 + 1, 3):
            if y > 600:
                break
            y = canvas.say(point, (left, y, 520), min(canvas.body, 24)) + 14


def _table(canvas: _Canvas, words: _Words, at: tuple[int, int]) -> None:
    number, top = at
    rows = words.tables[number % len(words.tables)]
    size = min(canvas.body, 22)
    step = 1120 // len(rows[0])
    for index, row in enumerate(rows):
        canvas.rule(top - 10, 1120)
        face = canvas.typeface(size, index == 0)
        lines = [wrapped(cell, face, step - 24)[0] for cell in row]
        canvas.said.append(" ".join(lines))
        for place, line in enumerate(lines):
            canvas.write(line, (MARGIN + place * step, top, step), size, (1, index == 0))
        top += size * 2 + 12
        if top > 660:
            break


def _numbers(canvas: _Canvas, words: _Words, at: tuple[int, int]) -> None:
    number, top = at
    for place, (value, label) in enumerate(_taken(words.figures, number * 3, 3)):
        left = MARGIN + place * 380
        below = canvas.say(value, (left, top, 340), 40, (3, True))
        canvas.say(label, (left, below + 4, 330), 20)
    y = top + 220
    for point in _taken(words.points, number * 7 + 3, 2):
        y = canvas.say(point, (MARGIN, y, 1100), canvas.body) + 10


def _prose(canvas: _Canvas, words: _Words, at: tuple[int, int]) -> None:
    number, top = at
    for note in _taken(words.notes, number, 2):
        if top < 480:
            top = canvas.say(note, (MARGIN, top, 1100), min(canvas.body, 22)) + 22


_LAYOUTS: Mapping[str, Callable[[_Canvas, _Words, tuple[int, int]], None]] = {
    "bullets": _bullets,
    "columns": _columns,
    "table": _table,
    "numbers": _numbers,
    "prose": _prose,
}


def _taken(items: Sequence[Item], start: int, count: int) -> list[Item]:
    return [items[(start + offset) % len(items)] for offset in range(count)]


def _words(language: str, dice: random.Random) -> _Words:
    """Everything the decks of ``language`` say on their slides, without doubles."""
    titles: list[str] = []
    points: list[str] = []
    notes: list[str] = []
    tables: list[tuple[tuple[str, ...], ...]] = []
    figures: list[tuple[str, str]] = []
    for path in sorted(SOURCES.glob("*.yaml")):
        deck = yaml.safe_load(path.read_text(encoding="utf-8"))
        if deck["language"] != language:
            continue
        for slide in deck["slides"]:
            titles.append(slide["title"])
            points += [p for p in slide.get("points", ()) if isinstance(p, str)]
            notes += [str(slide.get("notes", "")).strip()] if slide.get("notes") else []
            figures += [(f["value"], f["label"]) for f in slide.get("figures", ())]
            if slide.get("rows") and slide.get("columns"):
                cells = [slide["columns"], *slide["rows"]]
                tables.append(tuple(tuple(str(cell) for cell in row) for row in cells if all(row)))
    for found in (titles, points, notes, tables, figures):
        dice.shuffle(found)
    return _Words(tuple(titles), tuple(points), tuple(notes), tuple(tables), tuple(figures))
