"""Web pages (HTML, and MHTML as browsers save it) to pages: one from each heading of level 1 or 2 to the next.

Nothing is ever fetched and no script runs: the file's own words are all that is read. Menus, forms, scripts and hidden
parts are left out.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.load.encoding import decode
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.markup import Block, BlockParser
from ingest.load.sniff import HTML, MHTML, sniff
from ingest.load.text import first_short_line, is_garbled, one_line, sensible_author, sensible_title
from kb.errors import LoadError, TooLarge
from kb.types import DocumentMetadata, LoadedFile, Page, Segment, SegmentKind, Severity

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STATED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding=["']([\w.:-]+)""", re.I)
_HEAD = 4096
_SPLITTING_LEVEL = 2


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """The sections of a web page; raises ``LoadError`` when it holds no text."""
    media_type = MHTML if sniff(path) == MHTML else HTML
    text = _from_mail(path) if media_type == MHTML else _decoded(path.read_bytes())
    if text is None:
        raise LoadError(f"{path.name} is in no known encoding.", remedy="Save the web page as UTF-8 or print it as PDF.")
    parser = BlockParser()
    parser.feed(text)
    parser.close()
    sections = [part for part in _sections(parser.blocks) if part]
    if not sections:
        raise LoadError(f"{path.name} is a web page without text.", remedy="Open it in a browser and print it as PDF.")
    if len(sections) > limits.max_pages:
        raise TooLarge(f"{path.name} has {len(sections)} pages, the limit is {limits.max_pages}.")
    pages = tuple(_page(number, part) for number, part in enumerate(sections, start=1))
    garbled = is_garbled("".join(block.text for block in parser.blocks))
    issues = (load_issue("garbled_text", "the text is not in a readable encoding", severity=Severity.ERROR),)
    said = DocumentMetadata(title=sensible_title(parser.title), speaker=sensible_author(parser.author))
    return LoadedFile(media_type, pages, issues if garbled else (), said)


def _decoded(data: bytes) -> str | None:
    """By its byte-order mark, what the page states, or what its bytes can be."""
    stated = None if data.startswith(_MARKS) else _STATED.search(data[:_HEAD])
    if stated:
        encoding = (stated.group(1) or stated.group(2)).decode("ascii", "replace").lower()
        # Korean pages state the small standard and use the larger one; browsers take both for CP949.
        encoding = "cp949" if encoding in ("euc-kr", "ks_c_5601-1987", "ksc5601") else encoding
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _from_mail(path: Path) -> str | None:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == HTML:
            data = part.get_payload(decode=True)
            charset = part.get_content_charset()
            stated = f'<meta charset="{charset}">'.encode() if charset else b""
            return _decoded(stated + data) if isinstance(data, bytes) else None
    return None


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    part: list[Block] = []
    for block in blocks:
        if 0 < block.level <= _SPLITTING_LEVEL and any(not b.level for b in part):
            yield part
            part = []
        part.append(block)
    yield part


def _page(number: int, blocks: Sequence[Block]) -> Page:
    segments = tuple(_segment(block, first=not index) for index, block in enumerate(blocks))
    titles = [segment.text for segment in segments if segment.kind is SegmentKind.TITLE]
    title = titles[0] if titles else first_short_line(s.text for s in segments if s.kind is SegmentKind.BODY)
    return Page(number, one_line(title), segments, has_text=True)


def _segment(block: Block, first: bool) -> Segment:
    kind = SegmentKind.TITLE if first and block.level else block.kind
    return Segment(block.text, kind)
