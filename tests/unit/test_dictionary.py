"""The dictionary of everyday words."""

from __future__ import annotations

from kb.dictionary import OTHER_LANGUAGE, SAME_LANGUAGE, synonyms
from kb.language import term_texts
from kb.lexicon import translations
from training.dictionary import SOURCE, TARGET, compiled


def test_what_is_looked_up_is_what_was_written_by_hand() -> None:
    """The file with the analyser's terms is the one made from the words, whatever the analyser became since."""
    assert TARGET.read_text(encoding="utf-8").splitlines() == list(compiled(SOURCE.read_text(encoding="utf-8")))


def test_every_line_has_three_cells_and_no_word_twice() -> None:
    for line in SOURCE.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        assert len(cells) == 3, line
        assert all(len(set(cell.split("; "))) == len(cell.split("; ")) for cell in cells), line


def test_a_word_is_said_otherwise_in_its_own_language_and_in_others() -> None:
    said = synonyms(("biaya",))
    assert said[("cost",)] == said[("비용",)] == OTHER_LANGUAGE
    assert said[("ongko",)] == SAME_LANGUAGE
    assert ("biaya",) not in said
    assert synonyms(("xyzzy",)) == {}


def test_a_word_of_two_meanings_joins_them_for_itself_alone() -> None:
    lines = ["en\tid\tko", "bank\tbank\t은행", "bank; shore\ttepi; tebing\t강둑; 둑"]
    assert list(compiled("\n".join(lines))) == ["bank\tbank\t은행", "bank;shore\ttepi;tebe\t강둑"]


def test_a_long_korean_word_is_known_by_all_its_syllables() -> None:
    found = {found.terms: found.source for found in translations("wheelchair rusak")}
    assert found[tuple(term_texts("휠체어"))] == tuple(term_texts("wheelchair"))
