"""LibreOffice, the one program that draws PowerPoint files here: deck in, PDF out, in a locked-down private profile.

Every run has its own profile, so that runs do not wait for each other, a time limit, and settings that keep macros from
running and linked content from being fetched.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from ingest.processes import descendants, end

CONVERSION_SECONDS = 150.0
_SOCKET_FOLDERS = ("/tmp", "/var/tmp")
_ASK_SECONDS = 0.1
_START_AGAIN = 81
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
    with tempfile.TemporaryDirectory(dir=folder, prefix=".office-", ignore_cleanup_errors=True) as private:
        profile = Path(private) / "profile"
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_LOCKDOWN, encoding="utf-8")
        arguments = ["--headless", "--norestore", "--nologo", "--convert-to", _FILTER, "--outdir", str(folder), str(source)]
        _start(office, profile, arguments, time.monotonic() + seconds)
    made = folder / f"{source.stem}.pdf"
    if not made.is_file():
        raise ConversionFailed("LibreOffice could not open the file")
    return made


def remove_dead_sockets() -> None:
    """Remove the sockets of this user's LibreOffice runs that were ended: a confined one cannot do so itself."""
    for path in (path for folder in _SOCKET_FOLDERS for path in Path(folder).glob(f"OSL_PIPE_{os.getuid()}_*")):
        with socket.socket(socket.AF_UNIX) as asking:
            try:
                asking.settimeout(_ASK_SECONDS)
                asking.connect(str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue


def _start(office: str, profile: Path, arguments: list[str], deadline: float) -> None:
    """Run the program, and once more when it has only set up its new profile: it ends with a code that asks for that.

    The program proper is started, not the starter, and the second time under another name of the profile: a confined run
    cannot remove the socket of the first one, whose name is made of the profile's.
    """
    proper = Path(office).resolve().with_name("soffice.bin")
    program = str(proper) if proper.is_file() else office
    for name in ("profile", "profile-again"):
        profile = profile.rename(profile.with_name(name))
        command = [program, f"-env:UserInstallation={profile.as_uri()}", *arguments]
        if _run(command, max(1.0, deadline - time.monotonic())) != _START_AGAIN:
            return


def _run(command: list[str], seconds: float) -> int:
    # It stays in the caller's process group, so that whoever kills that group, such as the reading subprocess's parent,
    # ends LibreOffice too.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise ConversionFailed(f"LibreOffice took longer than {seconds:.0f} seconds") from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the starter and the program proper, which is the starter's child; nothing when both have ended."""
    if process.poll() is not None:
        return
    started = descendants(process.pid)
    process.kill()
    process.wait()
    end(started)
