"""The cage of a process that reads a file nobody vouches for: what it may use, where it may write, and no network.

Everything here works without any right and is inherited by whatever the process starts (LibreOffice, tesseract): limits of
the system, a filter of system calls (seccomp) and a list of folders (Landlock). A kernel that refuses one of the last two is
no reason not to read; :func:`confine` says what is missing, so that it can be told.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_MEGABYTE = 1 << 20
_OPEN_FILES = 1024
_SPARE_PROCESSES = 1024
"""How many processes and threads more than now the user may have: those of other programs count too."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: wall-clock seconds, megabytes of memory, megabytes written into its folder.

    Every page whose text must be recognised may take ``page_seconds`` besides, so that long scans are possible.
    """

    seconds: float
    memory_mb: int
    output_mb: int = 2048
    page_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Places:
    """The one folder that may be written, and what may be read besides the system and this program."""

    folder: Path
    readable: tuple[Path, ...]


def confine(places: Places, limits: Limits) -> tuple[str, ...]:
    """Put this process into the cage for good; returns what the kernel refused: "network", "folders"."""
    _limit(limits)
    missing = []
    if not _close_network():
        missing.append("network")
    if not _close_folders(places):
        missing.append("folders")
    return tuple(missing)


def limited_output(limits: Limits) -> bool:
    """Whether a file that grew too large met our own limit and not a full disk."""
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] == limits.output_mb * _MEGABYTE


def _limit(limits: Limits) -> None:
    memory, output = limits.memory_mb * _MEGABYTE, limits.output_mb * _MEGABYTE
    # Processor time is counted over all threads; the wall clock ends the file first unless it uses every core.
    processor = int(limits.seconds * (os.cpu_count() or 1)) + 1
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, most)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_NPROC, _threads_of_user() + _SPARE_PROCESSES)


def _lower(kind: int, most: int) -> None:
    """Never raise a limit that somebody else has set lower."""
    hard = resource.getrlimit(kind)[1]
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (bound, bound))


def _threads_of_user() -> int:
    user, total = os.getuid(), 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            total += len(os.listdir(process / "task")) if process.stat().st_uid == user else 0
        except OSError:  # it has just ended
            continue
    return total


# Leaving no process behind ------------------------------------------------------------------------------------------

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 22, 38


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal once its parent is gone; nothing where there is no such thing."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves running, so that it can be found and ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int, pointer: object = None) -> bool:
    if sys.platform != "linux":
        return False
    return bool(_libc().prctl(option, ctypes.c_ulong(value), pointer, None, None) == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


# No network: a filter of system calls --------------------------------------------------------------------------------

_UNIX = 1
"""``AF_UNIX``: LibreOffice talks to itself through such a socket."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """One processor's names: its number for the filter, its call ``socket``, and calls that no reader has a use for."""

    audit: int
    socket: int
    refused: tuple[int, ...]
    foreign: int | None = None


# Refused besides: io_uring (makes sockets without the call), ptrace, reading and writing other processes' memory, name
# spaces, mounts, keyrings, bpf, perf, userfaultfd, taking another process's files, kernel modules, reboot.
_MACHINES: Mapping[str, _Machine] = {
    "x86_64": _Machine(
        0xC000003E,
        41,
        (425, 426, 427, 101, 310, 311, 272, 308, 165, 248, 249, 250, 321, 298, 323, 438, 175, 313, 246, 169),
        foreign=0x40000000,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        198,
        (425, 426, 427, 117, 270, 271, 97, 268, 40, 217, 218, 219, 280, 241, 282, 438, 105, 273, 104, 142),
    ),
}

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_OFFSET_CALL, _OFFSET_MACHINE, _OFFSET_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _close_network() -> bool:
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or not _prctl(_PR_SET_NO_NEW_PRIVS, 1):
        return False
    code = b"".join(_filter(machine))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    filtering = 2
    return _prctl(_PR_SET_SECCOMP, filtering, ctypes.byref(program))


def _filter(machine: _Machine) -> Iterator[bytes]:
    """The filter's instructions: refuse foreign calls, sockets but for ``AF_UNIX`` and what is listed; allow the rest."""
    denied = _instruction(_RETURN, _REFUSE | errno.EACCES)
    yield _instruction(_LOAD, _OFFSET_MACHINE)
    yield _instruction(_EQUAL, machine.audit, 1, 0)
    yield denied
    yield _instruction(_LOAD, _OFFSET_CALL)
    if machine.foreign is not None:
        yield _instruction(_AT_LEAST, machine.foreign, 0, 1)
        yield denied
    for call in machine.refused:
        yield _instruction(_EQUAL, call, 0, 1)
        yield denied
    yield _instruction(_EQUAL, machine.socket, 0, 3)
    yield _instruction(_LOAD, _OFFSET_ARGUMENT)
    yield _instruction(_EQUAL, _UNIX, 1, 0)
    yield denied
    yield _instruction(_RETURN, _ALLOW)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


# No writing outside the folder: Landlock -----------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1, 2, 4, 8
_MAKE_DEVICES, _MAKE_SOCKET = 1 << 6 | 1 << 11, 1 << 9
_TRUNCATE, _DEVICE_CALLS = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_FOLDER
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CALLS
# How many rights over files each version of Landlock knows; version 4 adds TCP, version 6 signals and abstract sockets.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_RIGHTS = 16
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_BOTH = 3
"""Binding and connecting; abstract sockets and signals of processes outside."""

_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/nix", "/proc", "/sys"),
    *("/dev/zero", "/dev/urandom", "/dev/random", "/var/lib/libreoffice", "/var/spool/libreoffice", "/var/cache/fontconfig"),
)
_DEVICES = ("/dev/null", "/dev/tty")
_SOCKET_FOLDERS = ("/tmp", "/var/tmp")
"""LibreOffice insists on making a socket in one of these, and does not start without; it may make no file there."""


def _close_folders(places: Places) -> bool:
    if sys.platform != "linux":
        return False
    version = _call(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1 or not _prctl(_PR_SET_NO_NEW_PRIVS, 1):
        return False
    rights = (1 << _RIGHTS.get(version, _NEWEST_RIGHTS)) - 1
    restricted = [rights, *[_BOTH] * (version >= _TCP_SINCE), *[_BOTH] * (version >= _SCOPES_SINCE)]
    attributes = struct.pack(f"={len(restricted)}Q", *restricted)
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in _readable(places.readable):
            _allow(ruleset, path, _READ & rights)
        for device in map(Path, _DEVICES):
            _allow(ruleset, device, (_READ_FILE | _WRITE_FILE | _TRUNCATE | _DEVICE_CALLS) & rights)
        for folder in map(Path, _SOCKET_FOLDERS):
            _allow(ruleset, folder, _MAKE_SOCKET)
        _allow(ruleset, places.folder, rights & ~(_MAKE_DEVICES | _EXECUTE | _DEVICE_CALLS))
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _readable(more: Iterable[Path]) -> Iterator[Path]:
    """The system, this program and what it imports, the user's own fonts, and what was asked for."""
    imported = (Path(entry) for entry in sys.path if entry)
    python = map(Path, (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.executable))
    return iter(dict.fromkeys((*map(Path, _SYSTEM), *python, *imported, *own_fonts(), *more)))


def own_fonts() -> tuple[Path, ...]:
    """The folders of fonts that a user has installed for himself alone."""
    try:
        home = Path.home()
    except RuntimeError:  # a user without a name and a home, as in some containers
        return ()
    return tuple(home / name for name in (".fonts", ".local/share/fonts"))


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Allow ``rights`` beneath a path; one that is not there needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            rights &= _OF_FILES
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(number: int, *arguments: int | bytes | None) -> int:
    typed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(_libc().syscall(ctypes.c_long(number), *typed))
