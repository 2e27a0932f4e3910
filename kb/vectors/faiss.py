"""Exact inner-product search with FAISS, the only module that knows it.

Files are read and written through Python's own I/O, so that paths of any script work everywhere. An index is built once
and never changed; a removal is a new build.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from kb.errors import DamagedIndex, UsageError
from kb.types import Vectors

VERSION = f"faiss {faiss.__version__}"


class FaissIndex:
    """A flat index under stable ids; satisfies :class:`kb.protocols.VectorIndex`."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @staticmethod
    def build(ids: npt.NDArray[np.int64], rows: Vectors) -> FaissIndex:
        """Index ``rows`` of shape (n, dim) under ``ids``; raises :class:`UsageError` for repeated ids or uneven shapes."""
        if rows.ndim != 2 or len(ids) != len(rows) or len(np.unique(ids)) != len(ids):
            raise UsageError(
                f"One distinct id a row is needed; found {len(ids)} ids ({len(np.unique(ids))} distinct) for {rows.shape}.",
                remedy="Build from the catalogue's chunks.",
            )
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.shape[1]))
        index.add_with_ids(np.ascontiguousarray(rows), ids)
        return FaissIndex(index)

    @staticmethod
    def read(path: Path) -> FaissIndex:
        """Read a stored index; raises :class:`DamagedIndex`."""
        try:
            index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        except (OSError, RuntimeError) as error:
            raise DamagedIndex(f"{path} is not a readable vector index: {error}.", remedy="Run kb reindex.") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise DamagedIndex(f"{path} holds {type(index).__name__}, not IndexIDMap2.", remedy="Run kb reindex.")
        return FaissIndex(index)

    def to_bytes(self) -> bytes:
        """The index in FAISS's own format."""
        return bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, k: int, scope: npt.NDArray[np.int64] | None) -> tuple[npt.NDArray[np.int64], Vectors]:
        """See :meth:`kb.protocols.VectorIndex.search`; fewer than ``k`` when the scope holds fewer."""
        k = min(k, len(self) if scope is None else len(scope))
        if k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if scope is not None:
            selector = faiss.IDSelectorBatch(scope)  # held here: the parameters only point to it
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        scores, ids = self._index.search(np.ascontiguousarray(query[None, :]), k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], scores[0][found]

    def vectors(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """See :meth:`kb.protocols.VectorIndex.vectors`."""
        try:
            return np.asarray(self._index.reconstruct_batch(np.asarray(ids, np.int64)), np.float32)
        except RuntimeError as error:
            known = faiss.vector_to_array(self._index.id_map)
            raise KeyError(*np.setdiff1d(ids, known).tolist()) from error
