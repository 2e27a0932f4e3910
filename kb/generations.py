"""Index generations: immutable folders, built beside the live one, verified, renamed into place.

The only module that writes under ``generations/``. A crash at any point leaves at most a ``*.building`` folder, which the
next build removes. Which generation is live is a row of the catalogue, not a file here.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import DamagedIndex, StaleIndex
from kb.files import storage_errors, sync_folder
from kb.language import ANALYSER, passage_terms, sentences, term_texts
from kb.lexical import VERSION as LEXICAL_VERSION
from kb.lexical import LexicalIndex
from kb.lexicon import is_word
from kb.protocols import EncoderSpec, VectorIndex
from kb.spelling import Speller, word_counts
from kb.term_lists import TermLists
from kb.types import Chunk, ChunkId, Vectors
from kb.vectors.faiss import VERSION as DENSE_VERSION
from kb.vectors.faiss import FaissIndex

FORMAT = 3
_BEAT_CHUNKS = 200
_UNIT_TOLERANCE = 1e-3
_BLOCK = 256
"""Sentences that are converted at once: few enough to stay near the processor."""
# Every half-precision number as a single: looked up here, sentences are converted in half the time that NumPy takes.
_SINGLES = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
_MOST_REMEMBERED = 20_000
"""Chunks kept in memory, some 2 kB each."""
_BUILDING = ".building"
_DAMAGED = ".damaged"


@dataclass(frozen=True, slots=True)
class GenerationPaths:
    """The layout of a generation's folder; no path in it is joined elsewhere."""

    root: Path

    @property
    def manifest(self) -> Path:
        """What the folder holds, with sizes and checksums; written last."""
        return self.root / "manifest.json"

    @property
    def dense(self) -> Path:
        """The FAISS index of the passages."""
        return self.root / "dense.faiss"

    @property
    def sentences(self) -> Path:
        """Sentence vectors, float16, shape (sentences, dimension), in the order of ``chunks``."""
        return self.root / "sentences.npy"

    @property
    def offsets(self) -> Path:
        """Where each chunk's sentences begin, int64, shape (chunks + 1,)."""
        return self.root / "offsets.npy"

    @property
    def chunks(self) -> Path:
        """The chunk ids, ascending, int64."""
        return self.root / "chunks.npy"

    @property
    def words(self) -> Path:
        """The words of the passages with their counts, for correcting typing errors, as JSON."""
        return self.root / "words.json"

    @property
    def terms(self) -> Path:
        """Which terms stand in each passage; see :class:`kb.term_lists.TermLists`."""
        return self.root / "terms.txt"

    @property
    def term_offsets(self) -> Path:
        """Where each passage's terms begin, int64, shape (chunks + 1,)."""
        return self.root / "term_offsets.npy"

    @property
    def lexical(self) -> Path:
        """The tantivy folder."""
        return self.root / "lexical"

    def missing(self) -> list[str]:
        """The parts that are not there."""
        vectors = (self.manifest, self.dense, self.sentences, self.offsets)
        parts = (*vectors, self.chunks, self.words, self.terms, self.term_offsets, self.lexical)
        return [part.name for part in parts if not part.exists()]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of; ``files`` maps relative names to (bytes, SHA-256)."""

    id: str
    created: str
    encoder: str
    analyser: str
    documents: int
    chunks: int
    libraries: tuple[str, ...]
    files: Mapping[str, tuple[int, str]]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class BuildInput:
    """What a generation is built from: chunks by ascending id, and where their vectors are found.

    ``beat`` is called often meanwhile; what it raises ends the building.
    """

    id: str
    created: str
    encoder: EncoderSpec
    chunks: Sequence[Chunk]
    passages: Callable[[Sequence[str]], Vectors]
    sentences: Callable[[Sequence[str]], Vectors]
    beat: Callable[[], None] = lambda: None

    def watched(self) -> Iterator[Chunk]:
        """The chunks, with a beat now and then."""
        for number, chunk in enumerate(self.chunks):
            if number % _BEAT_CHUNKS == 0:
                self.beat()
            yield chunk


class OpenGeneration:
    """A generation held open for searching; immutable, so any number of threads may use it."""

    def __init__(self, paths: GenerationPaths, manifest: Manifest) -> None:
        self.manifest = manifest
        self.dense: VectorIndex = FaissIndex.read(paths.dense)
        self.lexical = LexicalIndex.open(paths.lexical)
        self.chunks: npt.NDArray[np.int64] = np.load(paths.chunks)
        self._offsets: npt.NDArray[np.int64] = np.load(paths.offsets)
        self._sentences = np.load(paths.sentences, mmap_mode="r")
        self._remembered: dict[ChunkId, Chunk] = {}
        self.terms = TermLists.read(self.chunks, paths.terms, paths.term_offsets)
        self.speller = Speller(json.loads(paths.words.read_text(encoding="utf-8")), self._is_known)

    def _is_known(self, word: str) -> bool:
        stems = term_texts(word)
        return all(is_word(stem) for stem in stems) or min(self.lexical.frequencies(stems), default=0) > 0

    def sentence_vectors(self, chunk: ChunkId) -> Vectors:
        """The vectors of the chunk's sentences, in order, shape (sentences, dim)."""
        place = self._place(chunk)
        return np.asarray(self._sentences[self._offsets[place] : self._offsets[place + 1]], np.float32)

    def best_sentences(self, chunks: npt.NDArray[np.int64], query: Vectors) -> Vectors:
        """The highest cosine of each chunk's sentences with a sentence query of shape (dim,); 0 where it has none."""
        places = np.searchsorted(self.chunks, chunks)
        lengths = self._offsets[places + 1] - self._offsets[places]
        best = np.zeros(len(chunks), np.float32)
        having = np.flatnonzero(lengths)
        if len(having):
            starts = np.cumsum([0, *lengths[having][:-1]])
            # Each row of a passage: its place among all that are asked, moved to where its passage begins.
            rows = np.arange(lengths.sum()) + np.repeat(self._offsets[places[having]] - starts, lengths[having])
            blocks = np.split(rows, range(_BLOCK, len(rows), _BLOCK))
            best[having] = np.maximum.reduceat(np.concatenate([self._cosines(block, query) for block in blocks]), starts)
        return best

    def _cosines(self, rows: npt.NDArray[np.int64], query: Vectors) -> Vectors:
        halves = self._sentences[rows].view(np.uint16)
        return np.asarray(np.take(_SINGLES, halves, mode="clip") @ query)

    def remembered(
        self, ids: Sequence[ChunkId], read: Callable[[Sequence[int]], dict[ChunkId, Chunk]]
    ) -> dict[ChunkId, Chunk]:
        """The chunks of ``ids``, each read once: a chunk never changes while a generation holds it."""
        known = self._remembered if len(self._remembered) < _MOST_REMEMBERED else {}
        self._remembered = known  # a local name all along: another thread may begin anew meanwhile
        known.update(read([chunk for chunk in ids if chunk not in known]))
        return {chunk: known[chunk] for chunk in ids if chunk in known}

    def _place(self, chunk: ChunkId) -> int:
        return int(np.searchsorted(self.chunks, chunk))


class GenerationStore:
    """The folder ``generations/``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def paths(self, generation: str) -> GenerationPaths:
        """The layout of one generation."""
        return GenerationPaths(self._root / generation)

    def ids(self) -> list[str]:
        """The complete generations on disk, oldest first."""
        if not self._root.is_dir():
            return []
        return sorted(p.name for p in self._root.iterdir() if (p / "manifest.json").is_file() and "." not in p.name)

    def build(self, source: BuildInput) -> Manifest:
        """Write, verify and rename a new generation.

        Raises:
            StorageFull: the disk refused a write; nothing but a ``*.building`` folder is left.
            DamagedIndex: what was written does not read back as what was meant.
        """
        final = self.paths(source.id)
        building = GenerationPaths(self._root / f"{source.id}{_BUILDING}")
        with storage_errors(f"The index generation {source.id}"):
            self._remove_unfinished()
            building.root.mkdir(parents=True)
            _write_parts(building, source)
            manifest = _manifest(building, source)
            building.manifest.write_text(json.dumps(dataclasses.asdict(manifest), indent=1), encoding="utf-8")
            _sync(building.root)
            problems = self.problems(building.root.name) + _self_retrieval(building, source)
            if problems:
                raise DamagedIndex(f"The new generation {source.id} is wrong: {problems[0]}.", remedy="Try again.")
            # A folder of this name was renamed into place but never went live: its builder was killed in between.
            shutil.rmtree(final.root, ignore_errors=True)
            os.rename(building.root, final.root)
            sync_folder(self._root)
        return manifest

    def _remove_unfinished(self) -> None:
        if self._root.is_dir():
            for folder in self._root.glob(f"*{_BUILDING}"):
                shutil.rmtree(folder)

    def manifest(self, generation: str) -> Manifest:
        """The manifest of a generation; raises :class:`DamagedIndex` when it is missing or unreadable."""
        path = self.paths(generation).manifest
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            fields["files"] = {name: (int(size), str(sha)) for name, (size, sha) in fields["files"].items()}
            return Manifest(**{**fields, "libraries": tuple(fields["libraries"])})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedIndex(
                f"The generation {generation} has no readable manifest ({error}).", remedy="Run kb verify --repair."
            ) from error

    def open(self, generation: str, encoder: EncoderSpec) -> OpenGeneration:
        """Open a generation for searching.

        Raises:
            StaleIndex: it was made by another encoder, analyser or format.
            DamagedIndex: a file is missing or differs from the manifest; checksums are read, which takes a second a
                gigabyte, so that damage is met here and not as a strange answer later.
        """
        manifest = self.manifest(generation)
        made, expected = (manifest.encoder, manifest.analyser, manifest.format), (encoder.fingerprint, ANALYSER, FORMAT)
        if made != expected:
            raise StaleIndex(
                f"The generation {generation} was made by {made}; this configuration needs {expected}.",
                remedy="Run kb reindex, or set KB_ENCODER back to the model that made it.",
            )
        problems = self.problems(generation)
        if problems:
            raise DamagedIndex(f"The generation {generation} is damaged: {problems[0]}.", remedy="Run kb verify --repair.")
        return OpenGeneration(self.paths(generation), manifest)

    def problems(self, generation: str) -> list[str]:
        """Everything that is wrong with a generation's files, checksums included; empty when sound."""
        try:
            manifest = self.manifest(generation)
        except DamagedIndex as error:
            return [error.message]
        if generation.removesuffix(_BUILDING) != manifest.id:
            return [f"the folder {generation} holds the generation {manifest.id}"]
        paths = self.paths(generation)
        try:
            wrong = [f"{name} is missing" for name in paths.missing()] or _wrong_sizes(paths.root, manifest)
            return wrong or _wrong_sums(paths.root, manifest)
        except OSError as error:
            return [f"{error.filename} cannot be read ({error.strerror})"]

    def remove(self, generation: str) -> None:
        """Delete a generation's folder."""
        shutil.rmtree(self.paths(generation).root, ignore_errors=True)

    def remove_quarantined(self) -> None:
        """Delete the folders that were set aside: they may hold words of what is deleted now."""
        for folder in self._root.glob(f"*{_DAMAGED}"):
            shutil.rmtree(folder, ignore_errors=True)

    def quarantine(self, generation: str) -> Path:
        """Set a damaged folder aside, never to be opened again; it is kept for inspection."""
        target = self._root / f"{generation}{_DAMAGED}"
        shutil.rmtree(target, ignore_errors=True)
        os.rename(self.paths(generation).root, target)
        return target


def _write_parts(paths: GenerationPaths, source: BuildInput) -> None:
    ids = np.array([chunk.id for chunk in source.chunks], np.int64)
    rows = source.passages([chunk.key for chunk in source.chunks]).reshape(len(ids), source.encoder.dimension)
    _refuse_odd_rows(ids, rows)
    paths.dense.write_bytes(FaissIndex.build(ids, rows).to_bytes())
    texts = [[chunk.text[s.start : s.end] for s in sentences(chunk.text)] for chunk in source.watched()]
    flat = source.sentences([text for of_chunk in texts for text in of_chunk])
    np.save(paths.sentences, flat.reshape(-1, source.encoder.sentence_dimension).astype(np.float16))
    np.save(paths.offsets, np.cumsum([0, *(len(of_chunk) for of_chunk in texts)], dtype=np.int64))
    np.save(paths.chunks, ids)
    counts = word_counts(f"{chunk.context}\n{chunk.text}" for chunk in source.watched())
    paths.words.write_text(json.dumps(counts, ensure_ascii=False), encoding="utf-8")
    TermLists.write(paths.terms, paths.term_offsets, source.watched())
    LexicalIndex.build(paths.lexical, ((c.id, _terms(c)) for c in source.watched()))


def _terms(chunk: Chunk) -> list[str]:
    return [term.text for part in (chunk.context, chunk.text) for term in passage_terms(part)]


def _refuse_odd_rows(ids: npt.NDArray[np.int64], rows: Vectors) -> None:
    lengths = np.linalg.norm(rows, axis=1)
    odd = np.flatnonzero(~(np.abs(lengths - 1) <= _UNIT_TOLERANCE))  # so written, a length that is no number is odd
    if len(odd):
        raise DamagedIndex(
            f"The vector of chunk {ids[odd[0]]} has length {lengths[odd[0]]:.4f} instead of 1.",
            remedy="Run kb reindex --full, which encodes everything again.",
        )


def _manifest(paths: GenerationPaths, source: BuildInput) -> Manifest:
    files = sorted(p for p in paths.root.rglob("*") if p.is_file() and not p.name.endswith(".lock"))
    return Manifest(
        id=source.id,
        created=source.created,
        encoder=source.encoder.fingerprint,
        analyser=ANALYSER,
        documents=len({chunk.document for chunk in source.chunks}),
        chunks=len(source.chunks),
        libraries=(DENSE_VERSION, LEXICAL_VERSION, f"numpy {np.__version__}", f"python {platform.python_version()}"),
        files={str(p.relative_to(paths.root)): (p.stat().st_size, _sha256(p)) for p in files},
    )


def _self_retrieval(paths: GenerationPaths, source: BuildInput) -> list[str]:
    """Every sampled chunk must find itself first (or a twin with the same vector)."""
    dense, lexical = FaissIndex.read(paths.dense), LexicalIndex.open(paths.lexical)
    if not len(dense) == len(lexical) == len(source.chunks):
        return [f"{len(source.chunks)} chunks gave {len(dense)} vectors and {len(lexical)} keyword entries"]
    sample = source.chunks[:: max(1, len(source.chunks) // 50)]
    for chunk in sample:
        row = dense.vectors(np.array([chunk.id], np.int64))[0]
        best = dense.search(row, 1, None)[1]
        if not len(best) or abs(best[0] - 1) > 3 * _UNIT_TOLERANCE:
            return [f"chunk {chunk.id} does not find itself"]
    return []


def _wrong_sizes(root: Path, manifest: Manifest) -> list[str]:
    wrong = [f"{name} is missing" for name in manifest.files if not (root / name).is_file()]
    return wrong or [
        f"{name} has {(root / name).stat().st_size} bytes instead of {size}"
        for name, (size, _) in manifest.files.items()
        if (root / name).stat().st_size != size
    ]


def _wrong_sums(root: Path, manifest: Manifest) -> list[str]:
    return [f"{name} differs from its checksum" for name, (_, sha) in manifest.files.items() if _sha256(root / name) != sha]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(root: Path) -> None:
    for path in root.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for folder in [root, *(p for p in root.rglob("*") if p.is_dir())]:
        sync_folder(folder)
