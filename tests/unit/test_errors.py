"""The error tree: stable codes, exit codes, and messages that say what to do."""

from __future__ import annotations

import pytest

from kb import errors
from kb.errors import KBError, Locked, MissingExtra, NotPermitted, QualityFell, SignInFailed, TooLarge, UsageError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KBError)]


def test_every_kind_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes) == 17


@pytest.mark.parametrize("kind", KINDS)
def test_exit_codes_tell_usage_and_refusals_from_failures(kind: type[KBError]) -> None:
    expected = {UsageError: 2, NotPermitted: 3, SignInFailed: 3, Locked: 3, QualityFell: 3}.get(kind, 1)
    assert kind.exit_code == expected


def test_the_remedy_is_a_sentence_of_its_own() -> None:
    error = TooLarge("It has 400 MB.", remedy="Split it.")
    assert (str(error), error.message, error.remedy) == ("It has 400 MB. Split it.", "It has 400 MB.", "Split it.")
    assert str(TooLarge("It has 400 MB.")) == "It has 400 MB."


def test_a_missing_extra_gives_the_line_that_installs_it() -> None:
    error = MissingExtra("pymilvus", "The distributed index")
    assert str(error) == (
        "The distributed index needs the package pymilvus, which is not installed. Install it: pip install pymilvus"
    )
