"""ZIP files of decks: unpacked safely into a temporary folder, each deck in them an item of its own.

A member's name is never a path: folders within the archive become numbered folders, so that a sidecar still stands beside
its deck. What an archive claims is checked before anything is written, and what it holds while it is written. Links,
locked members and archives within the archive are not opened; each is reported.
"""

from __future__ import annotations

import dataclasses
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.load.sniff import ZIP, sniff
from ingest.metadata import NOT_STATED, IngestItem, is_clutter, is_open, merge, walk
from ingest.names import file_name
from kb.errors import Encrypted, KBError, LoadError, StorageFull, TooLarge, UnsupportedFormat
from kb.files import DISK_REFUSES, Files
from kb.types import DocumentMetadata

_MEGABYTE = 1 << 20
_BLOCK = 1 << 20
_UTF8_NAME = 0x800
_UNICODE_PATH = 0x7075
_LOCKED = 1
# What zipfile raises for damaged archives and members.
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What one archive may hold; inclusive upper bounds.

    ``ratio`` is how many times its packed size a member may have, asked of members above a megabyte only: an empty table
    packs better than that and hurts nobody.
    """

    max_member_bytes: int
    max_members: int = 1000
    max_inflated: int = 2048 * _MEGABYTE
    max_ratio: int = 250


@contextmanager
def unpacked(files: Files, items: Sequence[IngestItem], max_file_mb: int) -> Iterator[list[IngestItem]]:
    """``items`` with every ZIP file replaced by what is in it; what was unpacked is gone afterwards.

    What is stated about the archive holds for each deck in it that states nothing else, its title only for a single one.
    An archive that cannot be opened, or holds no deck, stays one item, with its fault.

    Raises:
        StorageFull: the disk took no more.
    """
    with ExitStack() as stack:
        found: list[IngestItem] = []
        for item in items:
            if item.fault is None and _is_archive(item.path):
                folder = stack.enter_context(files.temporary_folder())
                found.extend(_opened(item, folder, ArchiveLimits(max_file_mb * _MEGABYTE)))
            else:
                found.append(item)
        yield found


def _is_archive(path: Path) -> bool:
    try:
        return path.is_file() and sniff(path) == ZIP
    except OSError:
        return False  # whoever reads it will say what is wrong with it


def _opened(item: IngestItem, folder: Path, limits: ArchiveLimits) -> list[IngestItem]:
    try:
        inside = _members(item, folder, limits)
    except StorageFull:
        raise
    except KBError as error:
        return [dataclasses.replace(item, fault=error)]
    return inside or [dataclasses.replace(item, fault=_empty(item.path))]


def _empty(archive: Path) -> LoadError:
    return LoadError(f"{archive.name} holds no file to read.", remedy="Check that the right ZIP file was chosen.")


def _members(item: IngestItem, folder: Path, limits: ArchiveLimits) -> list[IngestItem]:
    """Unpack, and give the decks in the order of their names, faults after them."""
    archive = item.path
    names: dict[Path, str] = {}
    faults: list[IngestItem] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if _is_wanted(member_name(member))]
            _check(archive, members, limits)
            for member in members:
                name = member_name(member)
                try:
                    names[_extract(opened, member, folder, limits)] = name
                except LoadError as error:
                    faults.append(IngestItem(archive.parent / name, shown=_shown(archive, name), fault=error))
    except (*_UNREADABLE, OSError) as error:
        if isinstance(error, OSError) and error.errno in DISK_REFUSES:
            raise StorageFull(
                f"{archive.name} could not be unpacked: the disk is full.", remedy="Free disk space."
            ) from error
        raise LoadError(f"{archive.name} is a damaged ZIP file: {error}.", remedy="Make or download it again.") from error
    decks = [_stated(deck, item, _shown(archive, names.get(deck.path, deck.path.name))) for deck in walk([folder])]
    if len(decks) > 1:
        return [*decks, *faults]
    return [dataclasses.replace(d, metadata=_with_title(d.metadata, item.metadata)) for d in decks] + faults


def _is_wanted(name: str) -> bool:
    *folders, last = name.replace("\\", "/").split("/")
    # A path out of the archive is harmless here, where paths are not followed; what it holds is not lost.
    hidden = [folder for folder in folders if folder not in (".", "..") and not is_open(folder)]
    return bool(last) and not hidden and not is_clutter(last)


def _check(archive: Path, members: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """Refuse an archive as a whole for what it claims; zipfile never inflates a member beyond its claim."""
    if len(members) > limits.max_members:
        raise TooLarge(
            f"{archive.name} holds {len(members)} files, the limit is {limits.max_members}.", remedy="Split the archive."
        )
    inflated = sum(member.file_size for member in members)
    if inflated > limits.max_inflated:
        most = limits.max_inflated // _MEGABYTE
        raise TooLarge(
            f"{archive.name} would unpack to {inflated // _MEGABYTE} MB, the limit is {most} MB.",
            remedy="Split the archive.",
        )


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limits: ArchiveLimits) -> Path:
    """Where the member was written; raises ``LoadError`` for one that is not to be unpacked."""
    name = member_name(member)
    _refuse(member, name, limits)
    target = _place(folder, name)
    try:
        with opened.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, _BLOCK)
    except _UNREADABLE as error:
        target.unlink(missing_ok=True)
        raise LoadError(f"{name} in the archive is damaged: {error}.", remedy="Make the ZIP file again.") from error
    if sniff(target) == ZIP:
        target.unlink()
        raise UnsupportedFormat(f"{name} is an archive within an archive.", remedy="Unpack it and hand it in by itself.")
    return target


def _refuse(member: zipfile.ZipInfo, name: str, limits: ArchiveLimits) -> None:
    if member.flag_bits & _LOCKED:
        raise Encrypted(f"{name} is locked with a password.", remedy="Make the ZIP file without a password.")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise UnsupportedFormat(f"{name} is a link and no file.", remedy="Put the file itself into the archive.")
    if member.file_size > limits.max_member_bytes:
        raise TooLarge(
            f"{name} has {member.file_size // _MEGABYTE} MB; at most {limits.max_member_bytes // _MEGABYTE} MB are read.",
            remedy="Compress its pictures and videos, or raise KB_MAX_FILE_MB.",
        )
    if member.file_size > _MEGABYTE and member.file_size > limits.max_ratio * max(1, member.compress_size):
        raise TooLarge(
            f"{name} would unpack to more than {limits.max_ratio} times its size, as no presentation does.",
            remedy="If it is genuine, unpack it and hand it in by itself.",
        )


def _place(folder: Path, name: str) -> Path:
    """A free path for the member; each folder of the archive is a numbered one, whatever its name."""
    parent, _, _ = name.replace("\\", "/").rpartition("/")
    # Folders keep their order, by which decks are then sorted; the name's own letters never reach the disk.
    inner = folder / (parent.encode().hex()[:100] + f"-{zlib.crc32(parent.encode()):08x}" if parent else "top")
    inner.mkdir(exist_ok=True)
    wanted = inner / file_name(name)
    number = 2
    while wanted.exists():
        wanted = inner / f"{Path(file_name(name)).stem}-{number}{Path(file_name(name)).suffix}"
        number += 1
    return wanted


def member_name(member: zipfile.ZipInfo) -> str:
    """The member's name as its author wrote it.

    Names without the mark of UTF-8 are of the author's system: UTF-8 all the same, Korean (CP949), or CP437.
    """
    stated = _unicode_path(member.extra)
    if stated:
        return stated
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    return _decoded(raw) or member.filename


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "cp949"):
        try:
            name = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Accented letters of CP437 make rare syllables in CP949; real Korean is mostly of the small standard.
        foreign = [letter for letter in name if not letter.isascii()]
        common = name.encode("euc_kr", "ignore").decode("euc_kr")
        if encoding == "utf-8" or 2 * sum(letter in common for letter in foreign) >= len(foreign):
            return name
    return ""


def _unicode_path(extra: bytes) -> str:
    """The name in an extra field of the kind that some packers add, or an empty string."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""


def _shown(archive: Path, name: str) -> str:
    return f"{archive.name}: {name}"


def _stated(deck: IngestItem, archive: IngestItem, shown: str) -> IngestItem:
    """``deck`` with what is stated about its archive, where its own sidecar says nothing."""
    if archive.metadata == NOT_STATED or deck.fault is not None:
        return dataclasses.replace(deck, shown=shown)
    general = dataclasses.replace(archive.metadata, title="")
    date = deck.metadata.date or general.date
    metadata = dataclasses.replace(merge(deck.metadata, general), date=date)
    return dataclasses.replace(deck, metadata=metadata, shown=shown)


def _with_title(own: DocumentMetadata, of_archive: DocumentMetadata) -> DocumentMetadata:
    return dataclasses.replace(own, title=own.title or of_archive.title)
