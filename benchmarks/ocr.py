"""How well text is recognised in pictures: character error rates of 60 drawn slides, clean and as a bad scanner gives them.

Run ``python -m benchmarks.ocr``; the result is written into ``corpus/evaluation/ocr`` under today's date. Every slide
goes the product's own way, from the page's picture to its segments. Errors are the Levenshtein distance between what
stands on the slide, in reading order, and what was read, white space and the marks between cells set aside; rates are
errors per hundred characters over all slides of a language, with a 95 % interval from slides drawn anew 2,000 times.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.ocr_slides import LANGUAGES, Slide, draw_slides, roughened
from benchmarks.results import FOLDER
from ingest import ocr
from ingest.ocr import Need, Task
from kb.types import Page, Reading

TARGETS = {"clean": 2.0, "rough": 8.0}
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Picture:
    """A sheet that is a picture already."""

    drawn: Image.Image

    def picture_share(self) -> float:
        """All of it."""
        return 1.0

    def image(self, width: int) -> Image.Image:
        """The picture as a PDF of it would be drawn at this width."""
        height = round(self.drawn.height * width / self.drawn.width)
        return self.drawn.resize((width, height), Image.Resampling.BICUBIC)


@dataclass(frozen=True, slots=True)
class Score:
    """One slide: wrong characters, all characters, seconds, and whether its title was found."""

    name: str
    errors: int
    characters: int
    seconds: float
    titled: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors per hundred characters of a language in one condition, with its 95 % interval."""

    language: str
    condition: str
    slides: int
    characters: int
    error_rate: float
    low: float
    high: float
    titles_found: float
    seconds_a_page: float


def score(slide: Slide, image: Image.Image, tools: ocr.Tools) -> Score:
    """Read ``image``, which shows ``slide``."""
    began = time.perf_counter()
    task = Task(Page(1, "", (), has_text=False, reading=Reading.NOTHING), Need.EMPTY, Picture(image))
    outcome = ocr.read_page(task, tools)
    taken = time.perf_counter() - began
    page = task.page if outcome is None else outcome.page
    wanted, read = plain(slide.text), plain("\n".join(segment.text for segment in page.segments))
    titled = plain(page.title) == plain(slide.text.split("\n")[0])
    return Score(slide.name, Levenshtein.distance(wanted, read), len(wanted), taken, titled)


def plain(text: str) -> str:
    """``text`` without line ends, doubled spaces and the marks between cells."""
    return " ".join(text.replace("|", " ").split())


def rate(language: str, condition: str, scores: Sequence[Score]) -> Rate:
    """The rate over all slides."""
    dice = random.Random(0)
    drawn = sorted(_share(dice.choices(scores, k=len(scores))) for _ in range(_DRAWS))
    return Rate(
        language=language,
        condition=condition,
        slides=len(scores),
        characters=sum(one.characters for one in scores),
        error_rate=round(_share(scores), 2),
        low=round(drawn[int(0.025 * _DRAWS)], 2),
        high=round(drawn[int(0.975 * _DRAWS)], 2),
        titles_found=round(sum(one.titled for one in scores) / len(scores), 2),
        seconds_a_page=round(sorted(one.seconds for one in scores)[len(scores) // 2], 2),
    )


def _share(scores: Sequence[Score]) -> float:
    return 100 * sum(one.errors for one in scores) / sum(one.characters for one in scores)


def measure(count: int, tools: ocr.Tools, languages: Sequence[str]) -> list[Rate]:
    """Rates of every language and condition, each slide told on standard error as it is read."""
    rates = []
    for language in languages:
        for condition in TARGETS:
            scores = []
            for slide in draw_slides(language, count):
                scores.append(score(slide, slide.image if condition == "clean" else roughened(slide), tools))
                last = scores[-1]
                print(f"{slide.name} {condition} {last.errors}/{last.characters} {last.seconds:.1f} s", file=sys.stderr)
            rates.append(rate(language, condition, scores))
    return rates


def main() -> None:
    """Measure, print a table and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slides", type=int, default=20, help="slides a language")
    parser.add_argument("--languages", default=",".join(LANGUAGES), help="which languages, separated by commas")
    parser.add_argument("--output", type=Path, default=FOLDER / "ocr" / f"{dt.date.today()}.json")
    chosen = parser.parse_args()
    tools = ocr.available()
    if not (tools.any and tools.korean):
        sys.exit("Needed: pip install 'citynet-kb[ocr]', and tesseract with its Korean model.")
    rates = measure(chosen.slides, tools, chosen.languages.split(","))
    print(
        f"{'language':9} {'condition':9} {'error rate':>10} {'95 % interval':>15} {'target':>6} {'titles':>6} {'s/page':>6}"
    )
    for one in rates:
        interval = f"{one.low:.2f} - {one.high:.2f}"
        print(
            f"{one.language:9} {one.condition:9} {one.error_rate:10.2f} {interval:>15} {TARGETS[one.condition]:6.1f}"
            f" {one.titles_found:6.2f} {one.seconds_a_page:6.2f}"
        )
    kept = {"measured": dt.date.today().isoformat(), "targets": TARGETS, "rates": [asdict(one) for one in rates]}
    chosen.output.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
