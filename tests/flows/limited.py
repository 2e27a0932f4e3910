"""Runs commands on a disk that refuses writes: ``limited.py full BYTES COMMAND...`` or ``limited.py readonly COMMAND...``.

Run by test_storage.py in a process of its own.
"""

from __future__ import annotations

import os
import resource
import sys

from interfaces.cli import main

NOBODY = 65534


def full(size: str, *command: str) -> int:
    """No file may grow beyond ``size`` bytes: to the program, a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    return main(command)


def readonly(*command: str) -> int:
    """The home may be read and not written."""
    main(["search", "warm up", "--json"])  # everything is imported now, for whoever may not read the interpreter's files
    home = os.environ["KB_HOME"]
    for folder, _, names in os.walk(home):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chmod(path, os.stat(path).st_mode & ~0o222 | 0o444)
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    print("=====", flush=True)
    print("=====", file=sys.stderr, flush=True)
    return main(command)


if __name__ == "__main__":
    sys.exit({"full": full, "readonly": readonly}[sys.argv[1]](*sys.argv[2:]))
