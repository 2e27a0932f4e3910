"""Make ``kb/lexicon.tsv``: which search terms translate which, learned from parallel sentences.

    python -m training.lexicon FOLDER_OF_NTREX

Word translation probabilities by expectation maximisation as in Brown et al., "The Mathematics of Statistical Machine
Translation" (1993), Model 1 without the empty word, over the analyser's terms, for all six directions of the three
languages.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from kb.language import term_texts
from training import ntrex

TARGET = Path(__file__).resolve().parent.parent / "kb" / "lexicon.tsv"
ITERATIONS = 8
LEAST_COUNT = 2
"""A word seen in a single sentence translates to anything in it."""
LEAST_PROBABILITY = 0.1
MOST_TRANSLATIONS = 5

Sentences = Sequence[Sequence[str]]
Translations = dict[str, list[tuple[str, float]]]


def learn(source: Sentences, target: Sentences) -> Translations:
    """For every source term its target terms with their probabilities, most probable first."""
    source_ids = {term: i for i, term in enumerate(dict.fromkeys(t for s in source for t in s))}
    target_ids = {term: i for i, term in enumerate(dict.fromkeys(t for s in target for t in s))}
    pairs = np.array(list(_pairs(source, target, source_ids, target_ids)), np.int64)
    links, link_of = np.unique(pairs[:, 1] * len(target_ids) + pairs[:, 2], return_inverse=True)
    _, slot_of = np.unique(pairs[:, 0] * len(target_ids) + pairs[:, 2], return_inverse=True)
    source_of = links // len(target_ids)
    probability = np.full(len(links), 1.0)
    for _ in range(ITERATIONS):
        share = probability[link_of]
        share /= np.bincount(slot_of, share)[slot_of]
        expected = np.bincount(link_of, share, minlength=len(links))
        probability = expected / np.bincount(source_of, expected)[source_of]
    return _likely(probability, links, list(source_ids), list(target_ids))


def _pairs(
    source: Sentences, target: Sentences, source_ids: dict[str, int], target_ids: dict[str, int]
) -> Iterator[tuple[int, int, int]]:
    for number, (ours, theirs) in enumerate(zip(source, target, strict=True)):
        for theirs_term in theirs:
            for ours_term in ours:
                yield number, source_ids[ours_term], target_ids[theirs_term]


def _likely(
    probability: np.ndarray[tuple[int], np.dtype[np.float64]],
    links: np.ndarray[tuple[int], np.dtype[np.int64]],
    source_terms: list[str],
    target_terms: list[str],
) -> Translations:
    found: Translations = {}
    for link in np.flatnonzero(probability >= LEAST_PROBABILITY):
        ours, theirs = divmod(int(links[link]), len(target_terms))
        found.setdefault(source_terms[ours], []).append((target_terms[theirs], float(probability[link])))
    return {term: sorted(found[term], key=lambda pair: (-pair[1], pair[0]))[:MOST_TRANSLATIONS] for term in found}


def _is_word(term: str) -> bool:
    """Numbers translate to themselves, and single letters to anything."""
    return term.isalpha() and len(term) > 1


def main() -> None:
    """Learn all six directions and write one line a pair: term, translation, probability."""
    texts = ntrex.read(Path(sys.argv[1]))
    sentences = {code: [list(dict.fromkeys(term_texts(line))) for line in lines] for code, lines in texts.items()}
    lines: dict[tuple[str, str], float] = {}
    for source in sentences:
        counts = Counter(term for sentence in sentences[source] for term in sentence)
        for target in sentences.keys() - {source}:
            for term, translations in learn(sentences[source], sentences[target]).items():
                for translation, probability in translations:
                    if counts[term] >= LEAST_COUNT and translation != term and _is_word(term) and _is_word(translation):
                        key = (term, translation)
                        lines[key] = max(probability, lines.get(key, 0.0))
    text = "".join(f"{term}\t{translation}\t{p:.2f}\n" for (term, translation), p in sorted(lines.items()))
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
