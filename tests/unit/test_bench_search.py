"""The benchmark of the search: its decks are distinct and the same each time, its parts add up, its verdict is fair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.decks import Deck, Stock, make_decks, read_stock
from benchmarks.search import columns, estimate, fill, lines, measure, ratio, report, share_of_goal
from kb.errors import UsageError
from kb.knowledge_base import KnowledgeBase
from kb.language import LANGUAGES
from kb.types import OPERATOR

NOWHERE = Path("/no/such/folder")


@pytest.fixture(scope="module")
def stock() -> Stock:
    return read_stock(sets=NOWHERE)


@pytest.fixture(scope="module")
def decks(stock: Stock) -> list[Deck]:
    return list(make_decks(stock, 3, slides=4))


def bodies(decks: list[Deck]) -> list[str]:
    return [page.segments[-1].text for _, _, pages in decks for page in pages]


def test_the_same_texts_give_the_same_decks(stock: Stock, decks: list[Deck]) -> None:
    assert list(make_decks(stock, 3, slides=4)) == decks


def test_decks_take_turns_in_the_three_languages(decks: list[Deck]) -> None:
    assert [said.languages for _, said, _ in decks] == [(language,) for language in LANGUAGES]
    assert [len(pages) for _, _, pages in decks] == [4, 4, 4]


def test_no_two_slides_say_the_same(stock: Stock) -> None:
    many = bodies(list(make_decks(stock, 30)))
    assert len(set(many)) == len(many) == 600


def test_every_line_of_a_slide_stands_in_the_corpus(stock: Stock, decks: list[Deck]) -> None:
    known = {line for texts in stock.texts.values() for text in texts for line in text}
    assert {line for body in bodies(decks) for line in body.split("\n")} - known == set()


def test_sentences_of_test_sets_join_the_language_they_are_in(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    text = '{"_id": "1", "text": "물이 깨끗합니다. 우물은 마흔 개입니다."}\n'
    (tmp_path / "set" / "corpus.jsonl").write_text(text * 2, encoding="utf-8")
    stock = read_stock(sources=tmp_path, sets=tmp_path)
    assert stock.texts["ko"] == [("물이 깨끗합니다.", "우물은 마흔 개입니다.")]


def test_filling_a_home_again_adds_nothing_and_other_decks_are_refused(kb: KnowledgeBase, decks: list[Deck]) -> None:
    fill(kb, decks[:2])
    fill(kb, decks)
    fill(kb, decks)
    assert sorted(document.file_name for document in kb.documents(OPERATOR)) == [name for name, _, _ in decks]
    with pytest.raises(UsageError, match="holds other decks"):
        fill(kb, decks[1:])


def test_the_parts_of_a_search_add_up_to_the_whole_call(kb: KnowledgeBase, decks: list[Deck]) -> None:
    fill(kb, decks)
    asked = measure(kb, ["banjir", "clean water", "수도 요금"])
    times = columns(asked)
    whole = np.sum([found for name, found in times.items() if name not in ("encoder", "total")], axis=0)
    assert whole == pytest.approx([one.call for one in asked])
    found = report(kb, asked)
    passages = sum(document.passages for document in kb.documents(OPERATOR))
    assert (found["questions"], found["passages"], found["encoder"]) == (3, passages, "hashing")
    assert [line.split()[0] for line in lines(found)][2:4] == ["encoder", "total"]


def test_a_search_of_twice_the_encoder_and_ten_milliseconds_just_reaches_the_goal() -> None:
    encoder = np.full(50, 20.0)
    assert estimate(share_of_goal, 2 * encoder + 10, encoder).value == 1.0
    assert estimate(ratio, 2 * encoder, encoder).value == 2.0


@pytest.mark.parametrize(("milliseconds", "verdict"), [(40.0, "holds"), (60.0, "does not hold"), (50.0, "undecided")])
def test_the_verdict_is_open_where_the_interval_spans_the_goal(milliseconds: float, verdict: str) -> None:
    spread = np.linspace(-5.0, 5.0, 101)
    assert estimate(share_of_goal, milliseconds + spread, np.full(101, 20.0)).verdict == verdict
