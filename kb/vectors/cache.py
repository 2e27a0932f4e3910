"""Vectors on disk by content: what was encoded once is never encoded again.

A file of fixed records ``key | crc32 | vector`` grows at its end only, under the writer lock. A torn last record (a killed
process, a full disk) is cut off at the next opening; a damaged one fails its checksum, is ignored and encoded again.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb.errors import StorageFull, UsageError
from kb.types import Vectors

_KEY_BYTES = 32

_Row = npt.NDArray[np.generic]


class VectorCache:
    """The vectors of one kind and encoder: rows of ``dimension`` numbers stored as ``dtype``, given back as float32."""

    def __init__(self, path: Path, dimension: int, dtype: npt.DTypeLike = np.float32) -> None:
        self._path = path
        self._dimension = dimension
        self._record = np.dtype([("key", np.uint8, _KEY_BYTES), ("crc", "<u4"), ("row", dtype, (dimension,))])
        self._rows = self._scan()

    def __len__(self) -> int:
        return len(self._rows)

    def _scan(self) -> dict[bytes, int]:
        """The place of every key; of a key that was written twice, the later one."""
        keys = self._records()["key"].tobytes()
        return {keys[i * _KEY_BYTES : (i + 1) * _KEY_BYTES]: i for i in range(len(keys) // _KEY_BYTES)}

    def _records(self) -> npt.NDArray[Any]:
        """The whole records of the file, mapped anew: another process may have appended to it or compacted it."""
        whole = self._path.stat().st_size // self._record.itemsize if self._path.exists() else 0
        if whole == 0:
            return np.empty(0, self._record)
        return np.memmap(self._path, self._record, "r", shape=(whole,)).view(np.ndarray)  # a plain view reads faster

    def missing(self, keys: Iterable[str]) -> list[str]:
        """The distinct keys that have no intact vector, in order."""
        records = self._records()
        return [key for key in dict.fromkeys(keys) if self._row(records, key) is None]

    def get(self, keys: Sequence[str]) -> Vectors:
        """The rows of ``keys``, shape ``(len(keys), dimension)``; raises ``KeyError`` for a key without a vector."""
        records = self._records()
        rows = np.empty((len(keys), self._dimension), np.float32)
        for i, key in enumerate(keys):
            row = self._row(records, key)
            if row is None:
                raise KeyError(key)
            rows[i] = row
        return rows

    def _row(self, records: npt.NDArray[Any], key: str) -> _Row | None:
        number = self._rows.get(bytes.fromhex(key))
        # Another process may have compacted the file since it was scanned: then the place holds another key or none.
        if number is None or number >= len(records) or records[number]["key"].tobytes() != bytes.fromhex(key):
            return None
        row: _Row = records[number]["row"]
        return row if zlib.crc32(row.tobytes()) == records[number]["crc"] else None

    def put(self, keys: Sequence[str], rows: Vectors) -> None:
        """Append ``rows`` of shape ``(len(keys), dimension)`` and make them durable; raises :class:`StorageFull`."""
        if rows.shape != (len(keys), self._dimension):
            raise UsageError(
                f"Expected rows of shape {(len(keys), self._dimension)}, found {rows.shape}.",
                remedy="Use the encoder that the cache belongs to.",
            )
        records = np.zeros(len(keys), self._record)
        for i, key in enumerate(keys):
            records[i]["key"] = np.frombuffer(bytes.fromhex(key), np.uint8)
            records[i]["row"] = rows[i]
            records[i]["crc"] = zlib.crc32(records[i]["row"].tobytes())
        first = self._append(records.tobytes())
        self._rows.update({bytes.fromhex(key): first + i for i, key in enumerate(keys)})

    def _append(self, data: bytes) -> int:
        size = self._record.itemsize
        with _writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                first = file.tell() // size
                file.truncate(first * size)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        return first

    def keep_only(self, keys: Collection[str]) -> int:
        """Drop the vectors of all other keys and say how many were dropped: what was deleted leaves no trace.

        The file is written anew whenever it holds anything else: vectors written twice, a torn record, other keys.
        """
        wanted = {bytes.fromhex(key) for key in keys}
        self._rows = self._scan()  # what another process appended must not be lost
        kept = [key for key in self._rows if key in wanted]
        dropped = len(self._rows) - len(kept)
        if self._path.exists() and self._path.stat().st_size != len(kept) * self._record.itemsize:
            self._rewrite([self._rows[key] for key in kept])
            self._rows = {key: i for i, key in enumerate(kept)}
        return dropped

    def _rewrite(self, places: Sequence[int]) -> None:
        temporary = self._path.with_suffix(".new")
        records = self._records()
        with _writing(self._path), temporary.open("wb") as file:
            for place in places:
                file.write(records[place].tobytes())
            file.flush()
            os.fsync(file.fileno())
            os.replace(temporary, self._path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFull(
            f"The vector cache {path} cannot be written: {error.strerror or error}.",
            remedy="Free disk space; what was encoded so far is kept.",
        ) from error
