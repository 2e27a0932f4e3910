"""Vectors on disk by content: what was encoded once is never encoded again.

A file of fixed records ``key | crc32 | vector`` grows at its end only, under the writer lock. A torn last record (a killed
process, a full disk) is cut off at the next opening; a damaged one fails its checksum, is ignored and encoded again.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import StorageFull, UsageError
from kb.types import Vectors

_KEY_BYTES = 32


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
        if not self._path.exists():
            return {}
        whole = self._path.stat().st_size // self._record.itemsize
        if whole == 0:
            return {}
        records = np.memmap(self._path, self._record, "r", shape=(whole,))
        return {records[i]["key"].tobytes(): i for i in range(whole)}

    def missing(self, keys: Iterable[str]) -> list[str]:
        """The distinct keys that have no intact vector, in order."""
        distinct = dict.fromkeys(keys)
        return [key for key in distinct if self._read(key) is None]

    def get(self, keys: Sequence[str]) -> Vectors:
        """The rows of ``keys``, shape ``(len(keys), dimension)``; raises ``KeyError`` for a key without a vector."""
        rows = np.empty((len(keys), self._dimension), np.float32)
        for i, key in enumerate(keys):
            row = self._read(key)
            if row is None:
                raise KeyError(key)
            rows[i] = row
        return rows

    def _read(self, key: str) -> npt.NDArray[np.generic] | None:
        number = self._rows.get(bytes.fromhex(key))
        if number is None:
            return None
        record = np.memmap(self._path, self._record, "r", offset=number * self._record.itemsize, shape=(1,))[0]
        if record["key"].tobytes() != bytes.fromhex(key):
            return None  # another process has compacted the file since it was scanned
        row: npt.NDArray[np.generic] = record["row"]
        return row if zlib.crc32(row.tobytes()) == record["crc"] else None

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
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                first = file.tell() // size
                file.truncate(first * size)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageFull(
                f"The vector cache {self._path} cannot be written: {error.strerror or error}.",
                remedy="Free disk space; what was encoded so far is kept.",
            ) from error
        return first

    def keep_only(self, keys: Collection[str]) -> int:
        """Drop the vectors of all other keys and say how many were dropped: what was deleted leaves no trace."""
        wanted = {bytes.fromhex(key) for key in keys}
        kept = [key for key in self._rows if key in wanted]
        dropped = len(self._rows) - len(kept)
        if dropped:
            records = np.memmap(self._path, self._record, "r")
            data = records[[self._rows[key] for key in kept]].tobytes()
            temporary = self._path.with_suffix(".new")
            temporary.write_bytes(data)
            os.replace(temporary, self._path)
            self._rows = {key: i for i, key in enumerate(kept)}
        return dropped
