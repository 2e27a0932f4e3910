"""Speed of the encoders on this machine: cold start, one short query, passages of 93 tokens; and, if asked, quality.

Run ``python -m benchmarks.encoders --json out.json``; add ``--sets ../shared/eval`` to measure nDCG@10 of the parts
and of the sum on Belebele. Each measurement is repeated; the table gives the least, the median and the most, because
other work on the machine only ever adds time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from kb.encoders import EncoderOptions, Runtime, open_encoder
from kb.protocols import Encoder

QUERY = "Bagaimana Jakarta mengatasi banjir?"
SENTENCE = (
    "The city of Surabaya lets passengers pay the bus with plastic bottles, sorts them at the terminals and sells them "
    "to recyclers, which has cut the waste that reaches the river. 서울시는 청계천을 복원했다. "
)
TOKENS = 93
E5_WIDTH = 384
COLD = "from kb.encoders import open_encoder as o; o().encode_queries(['banjir'])"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: ``unit`` is s, ms or passages a second."""

    what: str
    unit: str
    least: float
    median: float
    most: float


def row(what: str, unit: str, values: Sequence[float]) -> Row:
    """The spread of ``values``."""
    return Row(what, unit, min(values), statistics.median(values), max(values))


def seconds(work: Callable[[], object], times: int) -> list[float]:
    """How long ``work`` took, each time."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def passages(encoder: Encoder, count: int) -> list[str]:
    """Distinct passages of 93 tokens or one less."""
    found = []
    for number in range(count):
        words = f"{number} {SENTENCE * 4}".split()
        while encoder.count_tokens(" ".join(words)) > TOKENS:
            words.pop()
        found.append(" ".join(words))
    return found


def speed(name: str, encoder: Encoder, count: int) -> list[Row]:
    """Latency of one query and throughput of passages."""
    texts = passages(encoder, count)
    encoder.encode_passages(texts[:4])
    encoder.encode_queries([QUERY])
    latencies = [1000 * taken for taken in seconds(lambda: encoder.encode_queries([QUERY]), 50)]
    rates = [count / taken for taken in seconds(lambda: encoder.encode_passages(texts), 5)]
    return [row(f"{name}: one query", "ms", latencies), row(f"{name}: passages", "1/s", rates)]


def cold() -> Row:
    """From the start of a process to its first query vector."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    command = [sys.executable, "-c", COLD]
    return row("cold start", "s", seconds(lambda: subprocess.run(command, check=True, env=environment), 3))


def texts_of(path: Path) -> dict[str, str]:
    """The texts of a BEIR file by id, in its order."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {line["_id"]: line["text"] for line in lines}


def ndcg(scores: np.ndarray, relevant: Sequence[int]) -> float:
    """Mean nDCG@10 x 100 where each query has one relevant passage."""
    own = scores[np.arange(len(scores)), list(relevant)][:, None]
    ranks = (scores > own).sum(axis=1) + 1
    return float(100 * np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0).mean())


def quality(encoder: Encoder, folder: Path) -> dict[str, float]:
    """NDCG@10 of e5 alone, of the sentence encoder alone and of their sum on one set."""
    corpus, queries = texts_of(folder / "corpus.jsonl"), texts_of(folder / "queries.jsonl")
    lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    judged = dict(line.split("\t")[:2] for line in lines)
    places = {name: place for place, name in enumerate(corpus)}
    relevant = [places[judged[name]] for name in queries]
    rows, asked = encoder.encode_passages(list(corpus.values())), encoder.encode_queries(list(queries.values()))
    parts = {"E": slice(0, E5_WIDTH), "U": slice(E5_WIDTH, None), "sum": slice(None)}
    return {name: round(ndcg(asked[:, part] @ rows[:, part].T, relevant), 1) for name, part in parts.items()}


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the measurements to this file")
    parser.add_argument("--passages", type=int, default=64, help="passages per repetition")
    parser.add_argument("--sets", type=Path, help="folder of retrieval sets in BEIR layout")
    return parser.parse_args()


def main() -> None:
    """Measure, print a table, write JSON."""
    chosen = arguments()
    rows = [cold()]
    for runtime in Runtime:
        encoder = open_encoder("packaged", EncoderOptions(runtime=runtime))
        rows += speed(f"packaged {runtime.value}", encoder, chosen.passages)
    rows += speed("hashing", open_encoder("hashing"), chosen.passages)
    for line in rows:
        print(f"{line.what:32}{line.least:10.2f}{line.median:10.2f}{line.most:10.2f}  {line.unit}")
    sets = sorted(chosen.sets.glob("belebele*")) if chosen.sets else []
    scores = {folder.name: quality(open_encoder("packaged"), folder) for folder in sets}
    for name, found in scores.items():
        print(name, found)
    if chosen.json:
        machine = {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()}
        report = {"machine": machine, "speed": [asdict(line) for line in rows], "ndcg@10": scores}
        chosen.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
