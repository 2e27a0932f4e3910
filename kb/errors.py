"""One error tree with stable codes.

A code is a translation key, a report field and, through ``exit_code``, what the command line returns. Every message says
what was expected, what was found and what to do; ``remedy`` is a sentence of its own so that doors can set it apart.
"""

from __future__ import annotations


class KBError(Exception):
    """Base of every error that a user can meet."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(KBError):
    """The request itself cannot be understood: an unknown filter, a bad number, a missing argument."""

    code = "usage"
    exit_code = 2


class NotPermitted(KBError):
    """The actor's role does not allow the action."""

    code = "not_permitted"
    exit_code = 3


class SignInFailed(KBError):
    """Name and password do not belong together; which of the two is wrong is not told."""

    code = "sign_in_failed"
    exit_code = 3


class NotFound(KBError):
    """No such document, page, generation or person is visible to the actor."""

    code = "not_found"


class Locked(KBError):
    """Another writer holds the knowledge base."""

    code = "locked"
    exit_code = 3


class LoadError(KBError):
    """A file could not be read at all; the file keeps its place in the report as ``failed``."""

    code = "unreadable"


class UnsupportedFormat(LoadError):
    """The bytes are of no format that a loader reads."""

    code = "unsupported_format"


class MissingProgram(LoadError):
    """The format needs a program beside Python that is not installed; ``remedy`` says how to install it."""

    code = "missing_program"


class Encrypted(LoadError):
    """The file asks for a password that is not known."""

    code = "encrypted"


class TooLarge(LoadError):
    """The file, its inflated parts or its page count exceed a limit."""

    code = "too_large"


class StorageFull(KBError):
    """The disk refused a write (full, read-only, or over quota)."""

    code = "storage"


class StaleIndex(KBError):
    """The live generation was made by another encoder, analyser or chunker than the one configured."""

    code = "stale_index"


class DamagedIndex(KBError):
    """A generation's files are missing or differ from its manifest."""

    code = "damaged_index"


class QualityFell(KBError):
    """A new generation answers the judged topics worse than the live one, and nobody has accepted that."""

    code = "quality_fell"
    exit_code = 3


class MissingExtra(KBError):
    """An optional dependency is not installed."""

    code = "missing_extra"

    def __init__(self, package: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package}, which is not installed.",
            remedy=f"Install it: pip install {package}",
        )


class EncoderError(KBError):
    """The embedding model could not be loaded or gave an impossible result."""

    code = "encoder"
