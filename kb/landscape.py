"""A map of what the decks are about: every slide a point, slides that say similar things near each other.

The passages' vectors are laid out in two dimensions with t-SNE (van der Maaten and Hinton, 2008). Passages of one
language lie nearer to each other than to another's, so that each language's mean is taken away first: the map shows
subjects, not languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kb.catalog.documents import Documents
from kb.generations import OpenGeneration
from kb.imprint import is_telling
from kb.order import one_a_page
from kb.search import Scope
from kb.types import Chunk, SlideRef, Vectors

MOST = 1500
"""Slides on the map: more would neither be told apart nor laid out while somebody waits."""
_FEWEST = 5
"""With fewer points there is no neighbourhood to keep."""
_PERPLEXITY = 20.0
_SEED = 7

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spot:
    """A slide on the map: ``x`` and ``y`` from 0 to 1, from the left and upper edge."""

    slide: SlideRef
    x: float
    y: float


def landscape(generation: OpenGeneration, documents: Documents, scope: Scope) -> tuple[Spot, ...]:
    """The telling slides of a scope on a map, by version and page; every n-th of them where there are too many."""
    ids = np.intersect1d(scope.chunks, generation.chunks, assume_unique=True)
    chunks = [c for c in documents.chunks(ids.tolist()).values() if _is_shown(c, scope)]
    first = [place.chunk for place in one_a_page({c.id: 0.0 for c in chunks}, {c.id: c for c in chunks})]
    shown = sorted(first, key=lambda c: (c.version, c.page))[:: max(1, -(-len(first) // MOST))]
    if not shown:
        return ()
    rows = generation.dense.vectors(np.array([chunk.id for chunk in shown], np.int64))
    points = laid_out(rows, [chunk.language for chunk in shown])
    titles = documents.page_titles([(chunk.version, chunk.page) for chunk in shown])
    return tuple(
        Spot(SlideRef(scope.documents[c.version], c.page, titles[c.version, c.page]), float(x), float(y))
        for c, (x, y) in zip(shown, points, strict=True)
    )


def _is_shown(chunk: Chunk, scope: Scope) -> bool:
    return chunk.version in scope.documents and is_telling(chunk.text, scope.documents[chunk.version].metadata)


def laid_out(rows: Vectors, languages: Sequence[str]) -> Points:
    """Points of shape (n, 2) between 0 and 1 for vectors of shape (n, dim); the same vectors give the same points."""
    centred = _without_language(rows, languages)
    if len(rows) < _FEWEST:
        turn = np.linspace(0, 2 * np.pi, len(rows), endpoint=False)
        return np.stack([0.5 + 0.4 * np.cos(turn), 0.5 + 0.4 * np.sin(turn)], axis=1)
    from sklearn.manifold import TSNE  # takes a second to import, which only this page should wait for

    perplexity = min(_PERPLEXITY, (len(rows) - 1) / 3)
    tsne = TSNE(2, perplexity=perplexity, metric="cosine", init="pca", random_state=_SEED, max_iter=750)
    points: Points = np.asarray(tsne.fit_transform(centred), np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    spread: Points = (points - low) / np.where(high > low, high - low, 1.0)
    return spread


def _without_language(rows: Vectors, languages: Sequence[str]) -> Vectors:
    centred = np.array(rows, np.float32)
    names = np.array(languages)
    for language in set(languages):
        of = names == language
        centred[of] -= centred[of].mean(axis=0)
    # A language of a single slide has nothing left; it keeps its own place.
    empty = ~centred.any(axis=1)
    centred[empty] = rows[empty]
    return centred
