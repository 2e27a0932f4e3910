"""``python -m interfaces.cli`` is ``kb``."""

from __future__ import annotations

from interfaces.cli import run

if __name__ == "__main__":
    run()
