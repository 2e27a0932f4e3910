"""The command that serves, and commands whose output nobody reads to the end."""

from __future__ import annotations

import signal
import socket
import time
import urllib.error
import urllib.request

from tests.conftest import MakeDeck
from tests.flows.conftest import Run, Start


def test_serve_answers_on_its_port_and_ends_when_interrupted(start: Start) -> None:
    port = free_port()
    server = start("interfaces.cli", "serve", "--port", port)

    assert answer(f"http://localhost:{port}/") == 200

    server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=30)
    assert f"http://localhost:{port}" in said
    assert "Traceback" not in said


def test_a_reader_that_leaves_early_is_no_error_to_complain_about(run: Run, start: Start, make_deck: MakeDeck) -> None:
    run("ingest", make_deck("long.pdf", ("Page", "words")))

    child = start("interfaces.cli", "show", "1")
    assert child.stdout is not None
    child.stdout.close()

    assert child.wait(30) == 1
    assert child.stderr is not None
    assert child.stderr.read() == ""
    child.stderr.close()
    child.stdout = child.stderr = None


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("localhost", 0))
        return int(chosen.getsockname()[1])


def answer(address: str) -> int:
    """The status of the first answer, awaited for as long as a busy machine may take to start the server."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return int(response.status)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
