"""Choices about an encoder."""

from __future__ import annotations

import pytest

from kb.encoders.options import EncoderOptions, Runtime, available_cores
from kb.errors import UsageError


def test_a_runtime_given_as_text_is_the_member_itself() -> None:
    assert EncoderOptions(runtime="torch").runtime is Runtime.TORCH
    assert EncoderOptions(runtime="torch") == EncoderOptions(runtime=Runtime.TORCH)


def test_zero_threads_mean_every_core_of_the_process() -> None:
    assert EncoderOptions().cores == available_cores() >= 1
    assert EncoderOptions(threads=3).cores == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("runtime", "tpu", "Unknown runtime 'tpu'. Choose onnx or torch."),
        ("threads", -1, "found -1"),
        ("batch_size", 0, "batch of 1 or more"),
    ],
)
def test_values_out_of_range_are_usage_errors(field: str, value: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        EncoderOptions(**{field: value})  # type: ignore[arg-type]
