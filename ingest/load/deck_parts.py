"""What a presentation says outside its slides' own shapes: comments, sections, custom properties. Pure.

Works on parsed parts. The names of those who comment are left out: the deck is kept, not its review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, local_name, paragraphs
from ingest.load.text import clean, one_line

# What programs call a section that nobody named.
_UNNAMED = re.compile(
    r"(?:default|untitled) section|section \d+|summary section|bagian (?:default|tanpa judul)|"
    r"기본 구역|제목 없는 구역|구역 \d+",
    re.IGNORECASE,
)
# Properties that document management systems leave behind; nobody wrote them for readers.
_MACHINE = re.compile(
    r"_|MSIP|ContentTypeId|MediaService|TaxKeyword|Classification|.*(?:GUID|Id|Version|URL)$|KSO|.*\bhash\b", re.IGNORECASE
)
_MOST_PROPERTIES = 20


def comment_texts(part: Element) -> list[str]:
    """The comments of a slide in order, answers after what they answer; both the older and the threaded kind."""
    texts = [text for comment in part if local_name(comment) == "cm" for text in _thread(comment)]
    return [text for text in texts if text]


def _thread(comment: Element) -> Iterator[str]:
    replies: list[Element] = []
    for child in comment:
        if local_name(child) == "text":
            yield clean(child.text or "")
        elif local_name(child) == "txBody":
            yield "\n".join(paragraphs(child))
        elif local_name(child) == "replyLst":
            replies.extend(child)
    for reply in replies:
        yield from _thread(reply)


def section_names(presentation: Element) -> dict[str, str]:
    """The names that people gave to sections, by the id of each section's first slide."""
    found: dict[str, str] = {}
    for section in presentation.iter():
        if local_name(section) != "section":
            continue
        name = one_line(section.get("name", ""))
        slides = [item.get("id", "") for item in section.iter() if local_name(item) == "sldId"]
        if slides and name and not _UNNAMED.fullmatch(name):
            found[slides[0]] = name
    return found


def custom_properties(part: Element) -> list[str]:
    """What people stated in the document's own properties, as ``name: value``."""
    found = []
    for item in part:
        name, value = one_line(item.get("name", "")), one_line(" ".join(item.itertext()))
        if name and any(map(str.isalpha, value)) and not _MACHINE.match(name) and value not in ("true", "false"):
            found.append(f"{name}: {value}")
    return found[:_MOST_PROPERTIES]


def outside_links(tree: Element) -> list[str]:
    """The relationship ids of the links on shapes and words, in order."""
    links = (item.get(f"{{{NS['r']}}}id", "") for item in tree.iter() if local_name(item) in ("hlinkClick", "hlinkHover"))
    return list(dict.fromkeys(filter(None, links)))
