"""Everything rapidocr: where the lines of a picture stand, and what they say in Latin letters and figures.

The models lie inside the package and are named by their paths, so that nothing is ever fetched. Korean letters are
left out by them or taken for something else; :mod:`ingest.ocr.merging` deals with that.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ingest.ocr.marks import Mark, ReadLine, Strip

_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
_THREADS = 1
# Longer sides are made smaller by the library; an A4 page at 200 dots an inch has 2,339.
_LONGEST_SIDE = 2400
# Lines narrower than high are marks and logos, or text that stands upright.
_FEWEST_PIXELS = 4


def is_installed() -> bool:
    """Whether rapidocr is there; it is not imported for that."""
    return importlib.util.find_spec("rapidocr") is not None


@lru_cache(maxsize=1)
def _engine() -> Any:  # noqa: ANN401 - the library has no types
    from rapidocr import RapidOCR

    spec = importlib.util.find_spec("rapidocr")
    models = Path(str(spec.origin if spec else "")).parent / "models"
    params: dict[str, object] = {
        "Global.log_level": "error",
        "Global.use_cls": False,
        "Global.text_score": 0.0,
        "Global.max_side_len": _LONGEST_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        **{f"{part}.model_path": str(models / file) for part, file in _MODELS.items()},
    }
    engine = RapidOCR(params=params)
    engine.return_word_box = True
    return engine


def read_lines(image: Image.Image) -> list[ReadLine]:
    """Every line found on the RGB ``image``, from top to bottom, with the characters that could be read."""
    engine, pixels = _engine(), np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
    boxes = engine(pixels, use_det=True, use_rec=False).boxes
    if boxes is None:
        return []
    crops = engine.crop_text_regions(pixels, boxes)
    read = engine.recognize_txt(crops)
    placed = engine.cal_rec_boxes(crops, boxes, read, True).word_results
    lines = []
    for box, text, characters in zip(boxes, read.txts, placed, strict=True):
        a, b, c, d = ((float(x), float(y)) for x, y in box)
        strip = Strip((a, b, c, d))
        if min(strip.width, strip.height) >= _FEWEST_PIXELS:
            lines.append(ReadLine(strip, tuple(_marks(strip, str(text), characters))))
    return lines


def read_pieces(pieces: Sequence[Image.Image]) -> list[tuple[Mark, ...]]:
    """The characters of each picture of a word, placed in its pixels."""
    if not pieces:
        return []
    crops = [np.repeat(np.asarray(piece.convert("L"))[:, :, None], 3, axis=2) for piece in pieces]
    engine = _engine()
    boxes = np.array([[(0, 0), (p.width, 0), (p.width, p.height), (0, p.height)] for p in pieces], dtype=np.float32)
    read = engine.recognize_txt(crops)
    placed = engine.cal_rec_boxes(crops, boxes, read, True).word_results
    strips = [Strip(((0.0, 0.0), (p.width, 0.0), (p.width, p.height), (0.0, p.height))) for p in pieces]
    return [tuple(_marks(strip, str(t), c)) for strip, t, c in zip(strips, read.txts, placed, strict=True)]


def _marks(strip: Strip, text: str, characters: Any) -> list[Mark]:  # noqa: ANN401 - triples of text, confidence and box
    """The characters of ``text``; the library gives a place to each but the spaces."""
    (left, top), (right, end) = strip.corners[0], strip.corners[1]
    along = ((right - left) / strip.width, (end - top) / strip.width)
    marks, spaced, rest = [], False, text
    for character, confidence, box in characters or ():
        if box is None:
            continue
        rest_without = rest.lstrip()
        spaced = len(rest_without) < len(rest)
        rest = rest_without.removeprefix(str(character))
        places = [(float(x) - left) * along[0] + (float(y) - top) * along[1] for x, y in box]
        marks.append(Mark(str(character), min(places), max(places), float(confidence), spaced))
    return marks
