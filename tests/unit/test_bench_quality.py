"""The picture of quality: what was kept is shown, what was not is left out, and what drifted is told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import quality
from benchmarks.chart import Axis, chart
from benchmarks.results import DataSet, Evidence, Figure, Result, Use, read

TOML = """
models = ["small", "large"]
source = "a table"
[[set]]
name = "golden/check"
label = "Golden"
about = "topics"
use = "seen while choosing weights"
[[set]]
name = "measured"
label = "Korean & English"
about = "texts"
use = "held out"
published = { small = 60.5, large = 91.0 }
[[set]]
name = "unmeasured"
label = "Nothing yet"
about = "texts"
use = "fitted"
used_for = "word translations"
"""
SVG = "{http://www.w3.org/2000/svg}"


def said(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.02, "high": value + 0.01}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An evaluation folder with one measured set and two golden results."""
    (tmp_path / "sets").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "published.toml").write_text(TOML, encoding="utf-8")
    channels = {name: {"ndcg@10": said(value)} for name, value in (("fused", 0.9), ("dense", 0.8), ("lexical", 0.5))}
    one = {"commit": "abc", "date": "2026-01-01", "queries": 12, "channels": channels}
    (tmp_path / "sets" / "measured.json").write_text(json.dumps(one), encoding="utf-8")
    for name, value in (("2026-01-01-aaa", 0.1), ("2026-01-02-bbb", 0.77)):
        ndcg = {variant: said(value) for variant in ("fused", "dense", "lexical", "without_translations")}
        half = {"ndcg": ndcg, "topics": 225, "lost": 0.026, "caught": 0.576}
        kept = {"commit": name[-3:], "halves": {"check": half}}
        (tmp_path / "results" / f"{name}.json").write_text(json.dumps(kept), encoding="utf-8")
    return tmp_path


@pytest.fixture
def evidence(folder: Path) -> Evidence:
    return read(folder)


def test_the_table_shows_the_newest_results_beside_published_figures(evidence: Evidence) -> None:
    table = "\n".join(quality.quality_lines(evidence))
    assert "| set | here | keywords alone | vectors alone | published: small | published: large |" in table
    assert "| Golden | 77.0 (75.0-78.0) | 77.0 | 77.0 | | |" in table
    assert "| Korean & English | 90.0 (88.0-91.0) | 50.0 | 80.0 | 60.5 | 91.0 |" in table
    assert "unanswerable topics 58 % are told to have no match, of the answerable ones 2.6 %" in table.replace("\n", " ")
    assert "Nothing yet" not in table


def test_the_use_of_every_set_is_told_measured_or_not(evidence: Evidence) -> None:
    rows = list(quality.set_lines(evidence))[2:]
    assert rows == [
        "| `golden/check` | topics | seen while choosing weights | | 2026-01-02, bbb, 225 questions |",
        "| `measured` | texts | held out | | 2026-01-01, abc, 12 questions |",
        "| `unmeasured` | texts | fitted | word translations | |",
    ]


@pytest.fixture
def outlines(folder: Path) -> Path:
    """The same with an outline of the product's encoder in both directions, and e5's of one."""
    (folder / "outline").mkdir()
    for encoder, gain, directions in (("packaged", 0.1, ("en-id", "id-ko")), ("e5", 0.0, ("en-id",))):
        hits = {"hit@1": said(0.5 + gain), "hit@5": said(0.8 + gain)}
        kept = {direction: dict.fromkeys(("fused", "dense", "lexical"), hits) for direction in directions}
        one = {"commit": "def", "date": "2026-01-03", "sections": 451, "directions": kept}
        (folder / "outline" / f"unmeasured.{encoder}.json").write_text(json.dumps(one), encoding="utf-8")
    return folder


def test_an_outline_is_shown_by_direction_beside_e5_alone(outlines: Path) -> None:
    rows = list(quality.outline_lines(read(outlines)))
    assert rows[0].startswith("| set | title, pages | here, hit@1 | vectors alone, hit@1 | keywords alone, hit@1 | e5 alone")
    first, five = "60.0 (58.0-61.0)", "90.0 (88.0-91.0)"
    ours = f"| {first} | {first} | {first} | 50.0 (48.0-51.0) | {five} | {five} | {five} | 80.0 (78.0-81.0) |"
    assert rows[2] == f"| `unmeasured` | English, Indonesian {ours}"
    assert rows[3] == f"| `unmeasured` | Indonesian, Korean | {first} | {first} | {first} | | {five} | {five} | {five} | |"


def test_an_outline_gives_the_readme_a_sentence_and_its_set_a_date(outlines: Path) -> None:
    evidence = read(outlines)
    text = " ".join(quality.quality_lines(evidence))
    assert "Of 451 section titles of the Nothing yet (fitted), asked in one language over the pages of another" in text
    assert "90.0 % (e5 alone: 80.0 %) from English to Indonesian and 90.0 % from Indonesian to Korean." in text
    assert list(quality.set_lines(evidence))[-1].endswith("| word translations | 2026-01-03, def, 451 questions |")


def test_a_use_that_is_none_of_the_three_is_refused(folder: Path) -> None:
    (folder / "published.toml").write_text(TOML.replace('"held out"', '"probably fine"'), encoding="utf-8")
    with pytest.raises(ValueError, match="probably fine"):
        read(folder)


def test_without_any_result_the_tables_are_empty(folder: Path) -> None:
    for path in [*folder.glob("sets/*"), *folder.glob("results/*")]:
        path.unlink()
    evidence = read(folder)
    assert evidence.results == ()
    assert ElementTree.fromstring(chart(evidence.shown, evidence.models)).tag == f"{SVG}svg"


def test_the_chart_names_every_mark_and_places_it_by_its_value(evidence: Evidence) -> None:
    picture = ElementTree.fromstring(chart(evidence.shown, evidence.models))
    titles = [str(group.findtext(f"{SVG}title")) for group in picture.iter(f"{SVG}g")]
    assert titles[2:] == ["vectors alone: 80.0", "this search: 90.0", "small: 60.5", "large: 91.0"]
    axis = Axis.of(evidence.shown)
    assert list(axis.ticks()) == [50, 60, 70, 80, 90, 100]
    places = [float(circle.attrib["cx"]) for circle in picture.iter(f"{SVG}circle")]
    assert places[-2:] == [axis.x(80.0), axis.x(90.0)]
    assert "Korean & English" in [text.text for text in picture.iter(f"{SVG}text")]


def test_the_chart_runs_no_script_and_fetches_nothing(evidence: Evidence) -> None:
    picture = chart(evidence.shown, evidence.models)
    assert "prefers-color-scheme:dark" in picture
    assert [word for word in ("<script", "href", "url(", "@import", "@font-face") if word in picture] == []


def test_a_figure_at_the_edge_of_the_scale_stays_on_the_axis() -> None:
    edge = Figure(0.0, 0.0, 0.0)
    result = Result(DataSet("a", "b", Use.SEEN, label="c"), edge, edge, edge, 1, "", "")
    assert Axis.of([result]).least == 0


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = "before\n<!-- sets -->\nold\n<!-- /sets -->\nafter\n"
    assert quality.replaced(text, "sets", iter(["new"])) == "before\n<!-- sets -->\nnew\n<!-- /sets -->\nafter\n"
    with pytest.raises(ValueError, match="<!-- /quality -->"):
        quality.replaced(text, "quality", iter(["new"]))


def test_checking_fails_by_name_until_the_files_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"README": "README.md", "SETS": "sets.md", "PICTURE": "quality.svg"}
    monkeypatch.setattr(quality, "ROOT", folder)
    monkeypatch.setattr(quality, "read", lambda: read(folder))
    for constant, name in names.items():
        monkeypatch.setattr(quality, constant, folder / name)
    (folder / "README.md").write_text("<!-- quality -->\n<!-- /quality -->\n", encoding="utf-8")
    marks = "<!-- sets -->\n<!-- /sets -->\n<!-- outlines -->\n<!-- /outlines -->\n"
    (folder / "sets.md").write_text(marks, encoding="utf-8")

    assert quality.main(["--check"]) == 1
    assert "quality.svg is not what the kept results give" in capsys.readouterr().err
    assert not (folder / "quality.svg").exists()
    assert quality.main([]) == 0
    assert quality.main(["--check"]) == 0
