"""LibreOffice, the one program that draws PowerPoint files here: deck in, PDF out, in a locked-down private profile.

Every run has its own profile, so that runs do not wait for each other, a time limit, and settings that keep macros from
running and linked content from being fetched.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

CONVERSION_SECONDS = 150.0
# Hidden slides are exported too, so that pages and slides keep the same numbers.
_FILTER = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
_LOCKDOWN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


class ConversionFailed(Exception):
    """LibreOffice gave no PDF; the message says why."""


def find_office() -> str | None:
    """The program's path, or None when LibreOffice is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert_to_pdf(source: Path, folder: Path, seconds: float = CONVERSION_SECONDS) -> Path:
    """A PDF of the deck at ``source``, written into ``folder``; raises :class:`ConversionFailed`."""
    office = find_office()
    if office is None:
        raise ConversionFailed("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".office-", ignore_cleanup_errors=True) as profile:
        settings = Path(profile) / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(_LOCKDOWN, encoding="utf-8")
        command = [office, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore", "--nologo"]
        _run([*command, "--convert-to", _FILTER, "--outdir", str(folder), str(source)], seconds)
    made = folder / f"{source.stem}.pdf"
    if not made.is_file():
        raise ConversionFailed("LibreOffice could not open the file")
    return made


def _run(command: list[str], seconds: float) -> None:
    # It stays in the caller's process group, so that whoever kills that group, such as the reading subprocess's parent,
    # ends LibreOffice too.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ConversionFailed(f"LibreOffice took longer than {seconds:.0f} seconds") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the starter and the program proper, which is the starter's child; nothing when both have ended."""
    if process.poll() is not None:
        return
    started = _descendants(process.pid)
    process.kill()
    process.wait()
    for pid in started:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _descendants(ancestor: int) -> list[int]:
    """The processes that ``ancestor`` started, and those that they started; empty where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # "pid (name) state parent ...", where the name may hold anything.
            parent = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    found = [ancestor]
    for pid in found:
        found.extend(children.get(pid, []))
    return found[1:]
