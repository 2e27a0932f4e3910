"""How long a delegate waits in the browser: from Enter to complete results, and from a click to an open slide.

Run ``python -m benchmarks.browser [--json out.json]`` over a filled ``KB_HOME``; it works on a copy. The server is warm and
has one user. The goal: in the median, results are complete at most 250 ms later than the search call itself would be, and
a slide 250 ms after the click on it. What the search call takes is what the server measured for that very question.
Questions are golden topics, each asked once, so that no cache answers. Other work on the machine slows everything down
alike, therefore the load is told, and how many times as long as its search call a question takes.

The parts of a waiting time: ``sending`` until the browser has sent what was typed or clicked, ``way`` until the server's
first message is there, ``script`` until its last one is (the page's script, the search within it), ``drawing`` until all of
it is drawn, of a slide its picture too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from ingest.topics import read_topics
from kb.settings import Settings
from tests.browser.serving import chromium, serving

TOPICS = Path(__file__).resolve().parent.parent / "corpus" / "evaluation" / "topics.yaml"
QUESTIONS = 40
WARM_UP = 5
"""Questions that are asked before measuring starts."""
GOAL_MS = 250
PARTS = ("sending", "way", "script", "drawing")
_MOMENTS = ("begun", "sent", "heard", "last", "drawn")
_SETTLE_MS = 400
_WARMING_MS = 15_000
_RESAMPLES = 2000
_SEED = 20191016
_WATCH = Path(__file__).with_name("browser_watch.js")

Json = dict[str, Any]
Times = dict[str, float]
"""Milliseconds by part, and all of them as ``total``; of results also the ``search`` call and the number of ``searches``."""


def measure(page: Page, catalogue: Path, questions: Sequence[str]) -> tuple[list[Times], list[Times]]:
    """Ask every question and open the first slide that is found; the times of the results and of the slides."""
    results, slides = [], []
    for question in questions:
        before = len(_searches(catalogue))
        box = page.locator("[data-testid=stTextInput] input").first
        box.fill(question)
        page.evaluate("([what, q]) => kbWatch.begin(what, q)", [".kb-results article", question])
        box.press("Enter")
        found = _times(page)
        page.wait_for_timeout(_SETTLE_MS)  # the pictures of the list
        calls = _searches(catalogue)[before:]
        results.append({**found, "search": sum(calls), "searches": float(len(calls))})
        page.evaluate("([what, q]) => kbWatch.begin(what, q)", [".kb-slide-main img", question])
        page.locator(".kb-results h3 a").first.click()
        slides.append(_times(page))
        page.wait_for_timeout(_SETTLE_MS)
        page.go_back()
        page.wait_for_selector(".kb-results article")
        page.wait_for_timeout(_SETTLE_MS)
    return results, slides


def _times(page: Page) -> Times:
    said = page.evaluate("kbWatch.done()")
    at = [float(said[moment]) for moment in _MOMENTS]
    parts = {part: at[n + 1] - at[n] for n, part in enumerate(PARTS)}
    return {**parts, "total": at[-1] - at[0]}


def _searches(catalogue: Path) -> list[float]:
    """The milliseconds of every search call that the server has counted."""
    with closing(sqlite3.connect(catalogue)) as opened:
        return [row[0] for row in opened.execute("SELECT milliseconds FROM searches ORDER BY rowid")]


@contextmanager
def delegate(home: Path) -> Iterator[Page]:
    """A delegate's browser on the home page of a warm server."""
    with serving(home) as url, chromium() as browser:
        context = browser.new_context(base_url=url, locale="id-ID", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(60_000)
        context.add_init_script(path=_WATCH)
        page = context.new_page()
        page.goto("/?lang=id")
        page.wait_for_selector(".kb-grid")
        page.wait_for_timeout(_WARMING_MS)
        yield page


def report(results: Sequence[Times], slides: Sequence[Times]) -> Json:
    """Everything that was measured, as JSON values; times in milliseconds."""
    more = np.array([one["total"] - one["search"] for one in results])
    opening = np.array([one["total"] for one in slides])
    ratio = np.array([one["total"] / one["search"] for one in results])
    return {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "load": round(os.getloadavg()[0], 1)},
        "questions": len(results),
        "most_searches_a_question": max(int(one["searches"]) for one in results),
        "results_ms": {name: _spread([one[name] for one in results]) for name in (*PARTS, "total", "search")},
        "slide_ms": {name: _spread([one[name] for one in slides]) for name in (*PARTS, "total")},
        "results_more_than_search_ms": _held(more),
        "slide_opening_ms": _held(opening),
        "results_to_search": round(float(np.median(ratio)), 2),
    }


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {"p50": round(float(np.median(times)), 1), "p95": round(float(np.percentile(times, 95)), 1)}


def _held(times: npt.NDArray[np.float64]) -> Json:
    """The median with its percentile bootstrap interval, and whether it is within the goal."""
    picks = np.random.default_rng(_SEED).integers(0, len(times), (_RESAMPLES, len(times)))
    low, high = np.percentile(np.median(times[picks], axis=1), [2.5, 97.5])
    verdict = "holds" if high <= GOAL_MS else "does not hold" if low > GOAL_MS else "undecided"
    said = {"median": float(np.median(times)), "low": float(low), "high": float(high)}
    return {**{name: round(value, 1) for name, value in said.items()}, "goal": GOAL_MS, "verdict": verdict}


def lines(found: Json) -> Iterator[str]:
    """The measurements as a table and two sentences."""
    machine = found["machine"]
    yield f"{found['questions']} questions, milliseconds; load {machine['load']} on {machine['cores']} cores"
    yield f"{'':10}{'results':>16}{'slide':>16}"
    yield f"{'':10}" + 2 * f"{'p50':>8}{'p95':>8}"
    for name in (*PARTS, "total", "search"):
        shown = (found[of].get(name) for of in ("results_ms", "slide_ms"))
        yield f"{name:10}" + "".join(f"{one['p50']:8.0f}{one['p95']:8.0f}" for one in shown if one)
    for name, what in (("results_more_than_search_ms", "results - search"), ("slide_opening_ms", "opening a slide")):
        one = found[name]
        yield f"{what} = {one['median']:.0f} ms (95 %: {one['low']:.0f}-{one['high']:.0f}), goal {GOAL_MS}: {one['verdict']}"


def main(given: Sequence[str] | None = None) -> None:
    """Ask, print, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="how many are asked")
    parser.add_argument("--json", type=Path, help="write the measurements to this file")
    chosen = parser.parse_args(given)
    topics = list(dict.fromkeys(topic.text for topic in read_topics(TOPICS) if topic.grades))
    asked = topics[:: max(1, len(topics) // (chosen.questions + WARM_UP))][: chosen.questions + WARM_UP]
    with tempfile.TemporaryDirectory(prefix="kb-bench-") as temporary:
        home = Path(temporary) / "home"
        shutil.copytree(Settings.from_environment().home, home)
        with delegate(home) as page:
            measure(page, home / "catalog.sqlite", asked[:WARM_UP])
            found = report(*measure(page, home / "catalog.sqlite", asked[WARM_UP:]))
    print(*lines(found), sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
