"""The golden set: its topics are well formed, and a result that fell below the kept one is told."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from ingest.golden import GoldenResult, HalfResult, fallen
from ingest.topics import UNANSWERABLE, read_topics
from kb.errors import UsageError
from kb.evaluate import Measure

EVALUATION = Path(__file__).resolve().parents[2] / "corpus" / "evaluation"
TOPICS = read_topics(EVALUATION / "topics.yaml")


def result(value: float) -> GoldenResult:
    half = HalfResult(ndcg={"fused": Measure(value, value - 0.03, value + 0.03)}, topics=10, lost=0.0, caught=1.0)
    return GoldenResult({"fit": half, "check": half}, {}, {}, 1.0, 2.0)


def test_there_are_at_least_two_hundred_topics_and_thirty_without_an_answer() -> None:
    assert len(TOPICS) >= 200
    assert sum(topic.kind == UNANSWERABLE for topic in TOPICS) >= 30
    assert len({topic.id for topic in TOPICS}) == len({topic.text for topic in TOPICS}) == len(TOPICS)


def test_every_judged_slide_names_a_deck_and_a_page() -> None:
    decks = {path.stem for path in (EVALUATION.parent / "decks").glob("*.toml")}
    for topic in TOPICS:
        for slide, grade in topic.grades.items():
            deck, page = slide.split(":")
            assert deck in decks
            assert int(page) >= 1
            assert grade in (1, 2, 3)


def test_exactly_the_unanswerable_topics_have_no_judged_slide() -> None:
    assert all((topic.kind == UNANSWERABLE) == (not topic.grades) for topic in TOPICS)


def test_a_result_within_the_kept_interval_has_not_fallen(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01-abc.json").write_text(json.dumps(dataclasses.asdict(result(0.80))))
    assert fallen(result(0.775), tmp_path) == ""


def test_a_result_below_the_newest_kept_interval_is_told_with_both_figures(tmp_path: Path) -> None:
    (tmp_path / "2026-01-01-abc.json").write_text(json.dumps(dataclasses.asdict(result(0.60))))
    (tmp_path / "2026-01-02-abc.json").write_text(json.dumps(dataclasses.asdict(result(0.80))))
    assert fallen(result(0.765), tmp_path) == (
        "nDCG@10 of the checking half is 0.765; 2026-01-02-abc.json says 0.800, at least 0.770."
    )


def test_without_a_kept_result_nothing_can_fall(tmp_path: Path) -> None:
    assert fallen(result(0.1), tmp_path) == ""


def test_a_file_that_holds_no_topics_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("- {id: T1}")
    with pytest.raises(UsageError, match=r"topics\.yaml is not a list of topics"):
        read_topics(tmp_path / "topics.yaml")
