"""What a file itself holds, read without this project's loaders: text runs of presentations, words of PDF files.

Kept apart from the loaders on purpose, so that a mistake there is not repeated in what they are measured with. Words of
PDF files are those that poppler's ``pdftotext`` sees.
"""

from __future__ import annotations

import posixpath
import re
import subprocess
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_WORD = re.compile(r"\d+|[^\W\d]+")
_PLAIN_WORD = re.compile(r"\w+")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DRAWN_FORMS = re.compile(r"[\ufb00-\ufb06\u2f00-\u2fd5\ufb13-\ufdff\ufe70-\ufefc]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\xad\u200b-\u200f\u2060-\u2064\ufeff]")
_TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_POINTS = re.compile(r"[\u0591-\u05bd\u064b-\u065f\u0670]")
_SECONDS = 120
_FOLLOWED = ("notesSlide", "comments", "chart", "chartEx", "diagramData", "chartUserShapes")
_WHOLE = ("slide", "notesSlide", "comments")
"""Parts whose repetitions count; a chart's cache names a category again for every series."""


@dataclass(slots=True)
class Held:
    """What one page holds: ``counted`` as often as it is written, ``named`` at least once; ``automatic`` apart."""

    counted: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    automatic: int = 0


def normal(text: str) -> str:
    """``text`` in NFC, ligatures and radicals as ordinary letters, without invisible characters and vowel points.

    Marks that turn the direction of writing stand between words.
    """
    text = _DRAWN_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return _POINTS.sub("", _INVISIBLE.sub("", _TURNS.sub(" ", unicodedata.normalize("NFC", text))))


def packed(text: str) -> str:
    """``text`` normalised and without any white space."""
    return "".join(normal(text).split())


def plain_words(text: str) -> Counter[str]:
    """The words of ``text`` as a multiset as they stand, letters and digits together: x0, 35억; else as in :func:`words`."""
    return _counted(_PLAIN_WORD.findall(normal(text)))


def words(text: str) -> Counter[str]:
    """The words of ``text`` as a multiset: letters or digits between anything else, so that 35억 is 35 and 억.

    Whether raised, lowered or counting figures stand apart from their word is a matter of drawing.
    Words written from the right count alike in either order of their letters, for ``pdftotext`` gives some as drawn.
    """
    return _counted(_WORD.findall(normal(text)))


def _counted(found: list[str]) -> Counter[str]:
    return Counter(min(word, word[::-1]) if _from_the_right(word) else word for word in found)


def _from_the_right(word: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in word)


def pdf_pages(path: Path) -> list[str]:
    """The text of every page as ``pdftotext`` gives it; empty when it cannot read the file."""
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    return done.stdout.decode("utf-8", "replace").split("\f")[:-1] if done.returncode == 0 else []


def presentation_pages(path: Path) -> list[Held]:
    """The text runs of every slide in order, with those of its notes, comments, charts and diagrams."""
    with zipfile.ZipFile(path) as archive:
        links = _links(archive, "ppt/presentation.xml")
        root = _xml(archive, "ppt/presentation.xml")
        listed = [_relation(item) for item in root.iter() if _local(item) == "sldId" and _relation(item)]
        return [_slide(archive, links.get(key, ("", ""))[1]) for key in listed]


def _slide(archive: zipfile.ZipFile, part: str) -> Held:
    held = Held()
    pending, seen = [("slide", part)], set()
    while pending:
        kind, part = pending.pop()
        if part in seen or part not in archive.namelist():
            continue
        seen.add(part)
        _gather(_xml(archive, part), kind, held)
        pending += [link for link in _links(archive, part).values() if link[0] in _FOLLOWED]
    return held


def _gather(root: Element, kind: str, held: Held) -> None:
    into = held.counted if kind in _WHOLE else held.named
    for element, automatic in _shown(root, automatic=False):
        text = packed(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), element.text or ""))
        if text and automatic:
            held.automatic += 1
        elif text:
            into[text] += 1


def _shown(element: Element, automatic: bool) -> Iterator[tuple[Element, bool]]:
    """The elements that hold text, of alternate content the first choice; slide numbers as automatic."""
    tag = _local(element)
    automatic = automatic or (tag == "sp" and any(_local(i) == "ph" and i.get("type") == "sldNum" for i in element.iter()))
    if tag == "AlternateContent":
        element = next((item for item in element if _local(item) == "Choice" and len(item)), element)
    kind = element.get("type", "") if tag == "fld" else ""
    automatic = automatic or kind == "slidenum"
    if tag == "t" or (tag == "text" and element.text) or (tag in ("v", "pt") and not _numeric(element.text or "")):
        yield element, automatic
    for child in element:
        yield from _shown(child, automatic)


def _numeric(text: str) -> bool:
    """Numbers are stored in the format of their chart, so their raw form proves nothing."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _xml(archive: zipfile.ZipFile, part: str) -> Element:
    try:
        return ElementTree.fromstring(archive.read(part))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error):
        return Element("unreadable")


def _links(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Kind and part behind every relationship of ``part``."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}
    for item in _xml(archive, f"{folder}/_rels/{name}.rels"):
        target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/")
        found[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], target)
    return found


def _relation(element: Element) -> str:
    return next((value for key, value in element.items() if key.endswith("}id")), "")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
