"""Whether expected files are written anew (``--regen``): for people, never for CI."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def regen(request: pytest.FixtureRequest) -> bool:
    """Whether to write; refused under CI, where nobody reads the difference."""
    wanted = bool(request.config.getoption("--regen"))
    if wanted and os.environ.get("CI", "").lower() == "true":
        pytest.fail("--regen is refused when CI=true: regenerate at home, read the difference and commit it")
    return wanted
