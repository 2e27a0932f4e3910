"""LibreOffice, the one program that draws Office files here and opens old ones: a file in, one of another kind out.

Every run has its own profile, so that runs do not wait for each other, a time limit, and settings that keep macros from
running and linked content from being fetched, be it of the network or of this computer.
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
_TEXT_ENDINGS = frozenset({"doc", "docm", "docx", "dotx", "fodt", "odt", "ott"})
_SOCKET_FOLDERS = ("/tmp", "/var/tmp")
_ASK_SECONDS = 0.1
_START_AGAIN = 81
# Hidden slides are exported too, so that pages and slides keep the same numbers.
_PDF_OF_SLIDES = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
# A proxy that nobody serves: what the other settings let through by mistake would still reach no other computer.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS", "FTP")),
)


class ConversionFailed(Exception):
    """LibreOffice gave no PDF; the message says why."""


def find_office() -> str | None:
    """The program's path, or None when LibreOffice is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def has_korean_font() -> bool:
    """Whether the program would find a font with Hangul; True where that cannot be asked."""
    asking = shutil.which("fc-list")
    if asking is None:
        return True
    said = subprocess.run([asking, ":lang=ko", "family"], capture_output=True, timeout=60, check=False)
    return bool(said.stdout.strip())


def convert(source: Path, endings: tuple[str, str], folder: Path, seconds: float = CONVERSION_SECONDS) -> Path:
    """The file at ``source`` in another format, written into ``folder``; raises :class:`ConversionFailed`.

    ``endings`` are those of what ``source`` is, whatever its name, and of what is wanted.
    """
    office = find_office()
    if office is None:
        raise ConversionFailed("LibreOffice is not installed")
    ending, wanted = endings
    with tempfile.TemporaryDirectory(dir=folder, prefix=".office-", ignore_cleanup_errors=True) as private:
        profile = Path(private) / "profile"
        _write_settings(profile)
        # A copy under a plain name: the ending decides how it is opened, and nothing is written beside the original.
        copy = Path(private) / f"deck.{ending}"
        shutil.copyfile(source, copy)
        arguments = ["--headless", "--norestore", "--nologo", "--convert-to", _filter(ending, wanted)]
        _start(office, profile, [*arguments, "--outdir", str(folder), str(copy)], time.monotonic() + seconds)
    made = folder / f"deck.{wanted}"
    if not made.is_file():
        raise ConversionFailed("LibreOffice could not open the file")
    return made


def _filter(ending: str, wanted: str) -> str:
    if wanted == "pdf":
        return "pdf:writer_pdf_Export" if ending in _TEXT_ENDINGS else _PDF_OF_SLIDES
    return wanted


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    root = '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    file = profile / "user" / "registrymodifications.xcu"
    file.parent.mkdir(parents=True)
    file.write_text(f'<?xml version="1.0" encoding="UTF-8"?>{root}{items}</oor:items>', encoding="utf-8")


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
        if _run(command, max(1.0, deadline - time.monotonic()), str(profile.parent)) != _START_AGAIN:
            return


def _run(command: list[str], seconds: float, scratch: str) -> int:
    # Fonts of the user's own lie under the home folder; nothing else of the environment concerns the program.
    surroundings = {"HOME": str(Path.home()), "TMPDIR": scratch, "PATH": os.defpath, "LANG": "C.UTF-8"}
    # It stays in the caller's process group, so that whoever kills that group, such as the reading subprocess's parent,
    # ends LibreOffice too.
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings
    )
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
