"""The keyword index: BM25 over the analyser's terms, with tantivy, the only module that knows it.

Scores are divided by the most the query's own terms could score (the sum over them of idf * (k1 + 1)), so that they speak
loudly only when the query's words, or their translations, are really there; that is what lets them be added to cosines.
Without translations they lie between 0 and 1.
BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), k1 1.2, b 0.75.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tantivy

from kb.errors import DamagedIndex
from kb.types import ChunkId

VERSION = f"tantivy {version('tantivy')}"
_K1 = 1.2
_FIELD = "terms"
_ID = "chunk"
_HEAP_BYTES = 256_000_000

Scores = dict[ChunkId, float]
Alternatives = Sequence[tuple[Sequence[str], float]]
"""What may stand for a word of the question: terms that must stand together in a passage, and how much they weigh."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_FIELD, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field(_ID, stored=False, indexed=True, fast=True)
    return builder.build()


class LexicalIndex:
    """An opened keyword index; safe under concurrent searches."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @staticmethod
    def build(folder: Path, entries: Iterable[tuple[ChunkId, Sequence[str]]]) -> None:
        """Write a new index of ``(chunk, terms)`` into a new folder; raises :class:`OSError` when the disk refuses."""
        folder.mkdir(parents=True)
        try:
            index = tantivy.Index(_schema(), path=str(folder))
            writer = index.writer(_HEAP_BYTES, num_threads=1)  # one thread: the same input gives the same index
            for chunk, terms in entries:
                document = tantivy.Document()
                document.add_unsigned(_ID, chunk)
                document.add_text(_FIELD, " ".join(terms))
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        except ValueError as error:  # how tantivy tells of a refused write
            raise OSError(f"tantivy: {error}") from error

    @staticmethod
    def open(folder: Path) -> LexicalIndex:
        """Open a stored index; raises :class:`DamagedIndex`."""
        try:
            if os.access(folder, os.W_OK):
                return LexicalIndex(tantivy.Index.open(str(folder)))
            # tantivy writes a lock file even to read; what it has opened it goes on reading when the copy is gone.
            with tempfile.TemporaryDirectory(prefix="kb-lexical-") as copy:
                shutil.copytree(folder, copy, dirs_exist_ok=True, copy_function=shutil.copyfile)
                Path(copy).chmod(0o700)
                return LexicalIndex(tantivy.Index.open(copy))
        except (ValueError, OSError) as error:
            raise DamagedIndex(f"{folder} is not a readable keyword index: {error}.", remedy="Run kb reindex.") from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        terms: Sequence[str],
        k: int,
        scope: npt.NDArray[np.int64] | None,
        related: Sequence[Alternatives] = (),
    ) -> Scores:
        """The best ``k`` chunks of ``scope`` (all when None) that hold any of the terms, best first.

        Of each of the ``related`` alternatives the best counts, as a disjunction maximum. They leave the ceiling as it is:
        only the user's own words set it.
        """
        ceiling = sum(self._idf(term) for term in dict.fromkeys(terms)) * (_K1 + 1)
        if k <= 0 or ceiling == 0 or (scope is not None and not len(scope)):
            return {}
        found = self._searcher.search(self._query(terms, related, scope), k, count=False).hits
        ids = self._searcher.fast_field_values(_ID, [address for _, address in found])
        scored = [(ChunkId(int(i or 0)), score / ceiling) for i, (score, _) in zip(ids, found, strict=True)]
        return dict(sorted(scored, key=lambda pair: (-pair[1], pair[0])))

    def holding(self, terms: Sequence[str], scope: npt.NDArray[np.int64] | None) -> list[ChunkId]:
        """The chunks of ``scope`` (all when None) that hold every one of the terms, ascending."""
        if not terms or (scope is not None and not len(scope)):
            return []
        every = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term(term, 1.0)) for term in terms])
        found = self._searcher.search(self._among(every, scope), len(self), count=False).hits
        return sorted(ChunkId(int(i or 0)) for i in self._searcher.fast_field_values(_ID, [place for _, place in found]))

    def idf(self, terms: Iterable[str]) -> dict[str, float]:
        """How rare each term is: 0 for one in every chunk, the more the rarer."""
        return {term: self._idf(term) for term in terms}

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """In how many chunks each term stands."""
        return [int(self._searcher.doc_freq(_FIELD, term)) for term in terms]

    def _idf(self, term: str) -> float:
        (n,) = self.frequencies([term])
        return math.log(1 + (len(self) - n + 0.5) / (n + 0.5))

    def _query(
        self, terms: Sequence[str], related: Sequence[Alternatives], scope: npt.NDArray[np.int64] | None
    ) -> tantivy.Query:
        words = [self._term(term, 1.0) for term in dict.fromkeys(terms)]
        words += [tantivy.Query.disjunction_max_query([self._together(*one) for one in group]) for group in related]
        return self._among(tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words]), scope)

    def _together(self, terms: Sequence[str], weight: float) -> tantivy.Query:
        if len(terms) == 1:
            return self._term(terms[0], weight)
        every = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term(term, 1.0)) for term in terms])
        return tantivy.Query.boost_query(every, weight)

    def _among(self, words: tantivy.Query, scope: npt.NDArray[np.int64] | None) -> tantivy.Query:
        if scope is None:
            return words
        within = tantivy.Query.term_set_query(self._schema, _ID, [int(i) for i in scope])
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, words), (tantivy.Occur.Must, tantivy.Query.const_score_query(within, 0.0))]
        )

    def _term(self, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, _FIELD, term, "freq")
        return query if weight == 1.0 else tantivy.Query.boost_query(query, weight)
