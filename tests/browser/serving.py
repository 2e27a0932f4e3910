"""A real server process and a real Chromium, for the browser tests and the screenshots."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as NotShown

from interfaces.messages import messages

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
DECKS = [ROOT / "corpus" / "decks" / name for name in ("kpg-pembiayaan.pptx", "seoul-smart-management.pptx")]
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START_SECONDS = 120
_CLICKS = 5

SIDEWAYS = (
    "[...document.querySelectorAll('.stApp, [data-testid=stMain], [data-testid=stHtml]')]"
    ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 120))"
)
"""What would have to be scrolled sideways, as a script."""

PERSON = "Sekretariat"
PASSWORD = "empat kata yang panjang"
"""Who signs in; the caller adds them to the home."""


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[str]:
    """The address of a server over ``home``; ``settings`` are further ``KB_*`` variables. Ended afterwards."""
    port = free_port()
    environment = {**os.environ, "KB_HOME": str(home), "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://localhost:{port}/healthz", server, log)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, language: str) -> None:
    """Sign in on the sign-in page, in a language, and wait until the browser has its cookie."""
    t = messages(language)
    page.goto(f"/sign_in?lang={language}")
    page.get_by_label(t("sign_in.name"), exact=True).fill(PERSON)
    page.get_by_role("textbox", name=t("sign_in.password"), exact=True).fill(PASSWORD)
    with page.expect_response("**/session"):
        page.keyboard.press("Enter")
    page.wait_for_selector(".kb-primary")


def upload(page: Page, language: str, deck: Path, fields: dict[str, str]) -> None:
    """Upload a deck on the secretariat's page, with text fields by their names, and start the work."""
    t = messages(language)
    page.goto(f"/upload?lang={language}")
    page.locator("input[type=file]").set_input_files(deck)
    page.locator("[data-testid=stFileUploaderFile], [data-testid=stFileChip]").first.wait_for()
    for name, value in fields.items():
        page.get_by_role("textbox", name=t(f"fields.{name}"), exact=True).fill(value)
    page.get_by_role("button", name=t("upload.button")).click()


def choose(page: Page, filter_name: str, value: str) -> None:
    """Choose a value of an opened filter."""
    option = page.get_by_role("option", name=re.compile(value))
    for _ in range(_CLICKS):
        page.get_by_label(filter_name).first.click()
        try:
            option.wait_for(timeout=5000)
            break
        except NotShown:
            # Streamlit's menu closes when the page still moves beneath it; whoever sees it closed clicks again.
            page.keyboard.press("Escape")
    option.click()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not answer at {url}:\n{log.read_text(errors='replace')[-2000:]}")
