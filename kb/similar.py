"""More like this: the slides of other decks that are nearest in meaning to one slide, in whatever language.

The stored vectors of the slide's passages are compared with those of all published decks. How near two passages are says
little by itself: cosines crowd, and passages of one language lie nearer to each other than to another's. So the score is
the share of the way from what is usual for the two languages to being the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.catalog.documents import Documents
from kb.generations import OpenGeneration
from kb.imprint import is_telling
from kb.order import at_most, folded, one_a_page
from kb.search import ChunkIds, Scope
from kb.types import Chunk, ChunkId, Document, DocumentMetadata, SlideRef, Vectors

LEAST = 0.3
"""The least score that is shown. Of what is shown in the demonstration corpus, six in ten slides state a fact of the slide
asked for; from 0.3 to 0.35 a quarter does and half of the rest is of its subject, from 0.25 to 0.3 hardly any is."""
PER_DECK = 2
_USUAL = 0.75
"""The mean inner product of two passages of different demonstration decks, with the packaged encoder."""
_TRUST = 50
"""So many pairs of passages weigh as much as that mean: a handful of slides cannot tell what is usual."""
_SAMPLE = 2000
_DEPTH = 200

Languages = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Similar:
    """A slide of another deck like the one asked for: ``score`` 0 is as near as any, 1 the same; its passage's language."""

    slide: SlideRef
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class SimilarOptions:
    """At most ``k`` slides; ``other_cities`` leaves out the decks of the same city, decks without a city stay."""

    k: int = 6
    other_cities: bool = False


@dataclass(frozen=True, slots=True)
class Usual:
    """How near two passages of different decks lie on average, by their languages."""

    means: Mapping[Languages, float]

    @staticmethod
    def of(generation: OpenGeneration, documents: Documents, within: ChunkIds) -> Usual:
        """What is usual among the chunks ``within``, of which a sample is enough."""
        sample = within[:: max(1, len(within) // _SAMPLE)]
        known = documents.chunks(sample.tolist())
        chunks = [known[ChunkId(int(i))] for i in sample if int(i) in known]
        rows = generation.dense.vectors(np.array([chunk.id for chunk in chunks], np.int64))
        return Usual(_means(chunks, rows))

    def share(self, nearness: float, languages: Languages) -> float:
        """The share of the way from what is usual to the same, at most 1; below 0 is farther than usual."""
        usual = self.means.get(languages, _USUAL)
        return (nearness - usual) / (1 - usual)


def _means(chunks: Sequence[Chunk], rows: Vectors) -> dict[Languages, float]:
    """The mean inner product of chunks of two languages, leaving out pairs of one deck, whose slides are all related."""
    languages = sorted({chunk.language for chunk in chunks})
    decks = {version: i for i, version in enumerate(dict.fromkeys(chunk.version for chunk in chunks))}
    places = [languages.index(c.language) for c in chunks], [decks[c.version] for c in chunks]
    sums = np.zeros((len(languages), len(decks), rows.shape[1]))
    counts = np.zeros((len(languages), len(decks)))
    np.add.at(sums, places, rows)
    np.add.at(counts, places, 1)
    products = sums.sum(axis=1) @ sums.sum(axis=1).T - np.einsum("adk,bdk->ab", sums, sums)
    pairs = counts.sum(axis=1)[:, None] * counts.sum(axis=1) - counts @ counts.T
    means = (products + _TRUST * _USUAL) / (pairs + _TRUST)
    return {(a, b): float(means[i, j]) for i, a in enumerate(languages) for j, b in enumerate(languages)}


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds slides like a given one in an open generation, within a scope that is decided already.

    ``encode`` gives the vector of a passage with its context, of shape (dim,).
    """

    generation: OpenGeneration
    documents: Documents
    scope: Scope
    encode: Callable[[str], Vectors]
    usual: Usual

    def find(self, deck: Document, page: int, k: int) -> tuple[Similar, ...]:
        """At most ``k`` slides, the most similar first, like a page of a deck that may itself be outside of the scope."""
        chunks = [c for c in self.documents.page_chunks(deck.version, page) if is_telling(c.text, deck.metadata)]
        if not chunks:
            return ()
        scores, found = self._nearest(chunks, self._rows(chunks))
        telling = {i: found[i] for i in scores if is_telling(found[i].text, self._said(found[i]))}
        places = at_most(PER_DECK, folded(one_a_page(scores, telling), self.generation.terms))[:k]
        titles = self.documents.page_titles([place.slide for place in places])
        return tuple(
            Similar(
                SlideRef(self.scope.documents[place.chunk.version], place.chunk.page, titles[place.slide]),
                place.chunk.language,
                place.score,
            )
            for place in places
        )

    def _said(self, chunk: Chunk) -> DocumentMetadata:
        return self.scope.documents[chunk.version].metadata

    def _rows(self, chunks: Sequence[Chunk]) -> Vectors:
        """The stored vectors; those of a version that is not in the generation, such as a draft, are made now."""
        ids = np.array([chunk.id for chunk in chunks], np.int64)
        if np.isin(ids, self.generation.chunks).all():
            return self.generation.dense.vectors(ids)
        return np.stack([self.encode(f"{c.context}\n{c.text}" if c.context else c.text) for c in chunks])

    def _nearest(self, chunks: Sequence[Chunk], rows: Vectors) -> tuple[dict[ChunkId, float], dict[ChunkId, Chunk]]:
        """The chunks of the scope that are similar enough to any of ``chunks``, best first, with their scores."""
        near = [self.generation.dense.search(row, _DEPTH, self.scope.chunks) for row in rows]
        known = self.documents.chunks(np.unique(np.concatenate([ids for ids, _ in near])).tolist())
        found = {i: chunk for i, chunk in known.items() if chunk.version in self.scope.documents}
        best: dict[ChunkId, float] = {}
        for chunk, (ids, products) in zip(chunks, near, strict=True):
            for i, product in zip(map(ChunkId, ids.tolist()), products.tolist(), strict=True):
                if i in found:
                    score = self.usual.share(product, (chunk.language, found[i].language))
                    best[i] = max(score, best.get(i, score))
        ordered = sorted(((i, score) for i, score in best.items() if score >= LEAST), key=lambda pair: -pair[1])
        return {i: min(1.0, score) for i, score in ordered}, found
