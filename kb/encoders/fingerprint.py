"""The signature that says whether two sets of vectors may be compared.

``RECIPE`` stands for everything that this package's code decides and no specification names: the order of parts in a
row, normalisation, the treatment of empty texts. Raise it whenever that code changes the vectors.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json

from kb.protocols import EncoderSpec

RECIPE = 1


def signed(spec: EncoderSpec) -> EncoderSpec:
    """``spec`` with its fingerprint: 16 hexadecimal digits that change with every field and with ``RECIPE``."""
    fields = dataclasses.asdict(spec) | {"fingerprint": "", "recipe": RECIPE, "rows": "unit"}
    text = json.dumps(fields, sort_keys=True, ensure_ascii=True)
    return dataclasses.replace(spec, fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16])
