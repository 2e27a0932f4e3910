"""Make ``kb/encoders/centres.npz``: the mean e5 vector of each language, for queries and for passages.

python -m training.centres FOLDER_OF_NTREX
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.encoders.options import EncoderOptions
from kb.encoders.sentence import packaged_e5
from training import ntrex

TARGET = Path(__file__).resolve().parent.parent / "kb" / "encoders" / "centres.npz"


def main() -> None:
    """Encode the parallel sentences in each language as queries and as passages and store the means as float32."""
    e5 = packaged_e5(EncoderOptions())
    means: dict[str, npt.NDArray[np.float32]] = {}
    for code, sentences in ntrex.read(Path(sys.argv[1])).items():
        ordered = sorted(sentences, key=len)  # little padding
        means[f"query_{code}"] = np.mean(e5.queries(ordered), axis=0, dtype=np.float32)
        means[f"passage_{code}"] = np.mean(e5.passages(ordered), axis=0, dtype=np.float32)
    np.savez(TARGET, allow_pickle=False, **means)


if __name__ == "__main__":
    main()
