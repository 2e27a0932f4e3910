"""Office Open XML containers: parts by name, relationships between them, and safe XML.

Read with the standard library alone, part by part and only on demand: one damaged or missing part is then the trouble
of the slide that needs it, media are never inflated, and external targets are never followed. A document type
declaration is refused before any entity can be expanded. Knows nothing about slides.
"""

from __future__ import annotations

import io
import posixpath
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from ingest.load.limits import MEGABYTE, LoadLimits
from kb.errors import Encrypted, LoadError, TooLarge

CONTENT_TYPES = "[Content_Types].xml"
# A slide of ordinary size is below 1 MB; ElementTree needs about ten times a part's size in memory.
MAX_XML_PART = 64 * MEGABYTE
MAX_MEMBERS = 50_000

_STRICT = re.compile(r"http://purl\.oclc\.org/ooxml/(\w+)/")
# Characters that XML 1.0 forbids, plain or as references; some exporters write them and parsers stop there.
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
# What zipfile raises for damaged containers.
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error)


class PartError(LoadError):
    """One part of a container cannot be used; ``code`` tells why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part: ``kind`` is the last word of its type, ``target`` a part name or an outside address."""

    kind: str
    target: str
    external: bool


class Package:
    """An Office Open XML file opened for reading; use it as a context manager.

    ``damaged`` collects the names of parts whose XML broke off: what stood before the break was read.
    """

    def __init__(self, path: Path, limits: LoadLimits, content: bytes | None = None) -> None:
        """Open ``path``, or ``content`` under its name; raises ``TooLarge`` when it would inflate beyond the limits."""
        self._path = path
        self._limits = limits
        self.damaged: set[str] = set()
        try:
            self._zip = zipfile.ZipFile(path if content is None else io.BytesIO(content))
        except _UNREADABLE as error:
            raise LoadError(
                f"{path.name} starts like an Office file, but its zip container cannot be read.",
                remedy="It is probably cut off; copy or export it again.",
            ) from error
        try:
            self._members = _checked_members(self._zip, path, limits)
        except LoadError:
            self._zip.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        """Whether the container holds ``part``."""
        return _folded(part) in self._members

    def read(self, part: str) -> bytes:
        """The bytes of an XML part; raises :class:`PartError` when it is missing, damaged or too large."""
        member = self._members.get(_folded(part))
        if member is None:
            raise PartError("missing_part", f"the part {part} is missing")
        if member.file_size > MAX_XML_PART:
            raise PartError("part_too_large", f"the part {part} has {member.file_size} bytes, limit {MAX_XML_PART}")
        if member.flag_bits & 1:
            raise Encrypted(f"{self._path.name} is a zip with a password.", remedy="Save it without a password.")
        try:
            return self._zip.read(member)
        except (*_UNREADABLE, RuntimeError, EOFError, zlib.error) as error:
            raise PartError("damaged_part", f"the part {part} cannot be inflated: {error}") from error

    def take_out(self, part: str, target: Path) -> Path:
        """``target``, a new file with the bytes of any part; raises :class:`PartError` when it is missing or damaged."""
        member = self._members.get(_folded(part))
        if member is None:
            raise PartError("missing_part", f"the part {part} is missing")
        try:
            with self._zip.open(member) as stream, target.open("wb") as file:
                shutil.copyfileobj(stream, file)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
            raise PartError("damaged_part", f"the part {part} cannot be inflated: {error}") from error
        return target

    def nested(self, part: str) -> Package:
        """The container that is embedded as ``part``; raises ``LoadError`` when it is none."""
        return Package(Path(posixpath.basename(part)), self._limits, self.read(part))

    def xml(self, part: str) -> Element:
        """The root element of ``part``, in transitional namespaces; raises :class:`PartError`."""
        data = self.read(part)
        try:
            root, complete = parse_xml(data)
        except PartError as error:
            raise PartError(error.code, f"the part {part} {error.message}") from error
        if not complete:
            self.damaged.add(part)
        return root

    def relationships(self, part: str) -> Mapping[str, Relationship]:
        """The links of ``part`` ("" for the container) by id; empty when it states none; raises :class:`PartError`."""
        folder, name = posixpath.split(part)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(links):
            return {}
        return {item.get("Id", ""): _relationship(item, folder) for item in self.xml(links) if item.get("Target")}

    def content_type(self, part: str) -> str:
        """The declared content type of ``part``, or an empty string; raises :class:`PartError`."""
        wanted = _folded(part)
        ending = wanted.rpartition(".")[2]
        default = ""
        for item in self.xml(CONTENT_TYPES):
            if _folded(item.get("PartName", "")) == wanted:
                return item.get("ContentType", "")
            if item.get("Extension", "").lower() == ending:
                default = item.get("ContentType", "")
        return default


def parse_xml(data: bytes) -> tuple[Element, bool]:
    """The root element and whether the whole of ``data`` could be read; raises :class:`PartError` without a root."""
    root, error = _parse(data)
    if error is not None:
        repaired, error = _parse(_FORBIDDEN.sub(b"", data))
        root = root if repaired is None else repaired
    if root is None:
        raise PartError("damaged_part", f"is not XML: {error}")
    return root, error is None


def _parse(data: bytes) -> tuple[Element | None, Exception | None]:
    builder = _Builder()
    try:
        parser = XMLParser(target=builder)
        parser.feed(data)
        parser.close()
    except (ParseError, ValueError, LookupError) as error:
        if builder.root is not None:
            # Flushes the text that stands right before the break; behind the root's own end there is none.
            with suppress(IndexError):
                builder.end(builder.root.tag)
        return builder.root, error
    return builder.root, None


class _Builder(TreeBuilder):
    """Builds the tree in transitional namespaces, keeps its root for broken documents, and refuses doctypes."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        element = super().start(_transitional(tag), {_transitional(name): value for name, value in attrs.items()})
        if self.root is None:
            self.root = element
        return element

    def doctype(self, name: str, pubid: str | None, system: str | None, /) -> None:
        raise PartError("forbidden_doctype", "declares a document type, which Office files never do")


def _transitional(name: str) -> str:
    """``name`` with a strict Office namespace replaced by the transitional one, so that readers know one form."""
    return _STRICT.sub(r"http://schemas.openxmlformats.org/\1/2006/", name) if "purl.oclc.org" in name else name


def _folded(part: str) -> str:
    """Part names are compared without case; some writers use backslashes or a leading slash."""
    return part.replace("\\", "/").lstrip("/").casefold()


def _relationship(item: Element, folder: str) -> Relationship:
    target = item.get("Target", "")
    kind = item.get("Type", "").rstrip("/").rpartition("/")[2]
    if item.get("TargetMode") == "External":
        return Relationship(kind, target, external=True)
    path = unquote(target.partition("#")[0].replace("\\", "/"))
    resolved = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    return Relationship(kind, resolved, external=False)


def _checked_members(archive: zipfile.ZipFile, path: Path, limits: LoadLimits) -> dict[str, zipfile.ZipInfo]:
    """Members by folded name; zipfile never inflates a member beyond its declared size, so the sum is a true bound."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise TooLarge(f"{path.name} holds {len(members)} members, the limit is {MAX_MEMBERS}.")
    inflated = sum(member.file_size for member in members)
    if inflated > limits.max_inflated:
        raise TooLarge(
            f"{path.name} would inflate to {inflated} bytes, the limit is {limits.max_inflated}.",
            remedy="Compress its pictures and videos, or export it as PDF.",
        )
    return {_folded(member.filename): member for member in members}
