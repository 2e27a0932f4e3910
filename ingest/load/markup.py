"""The words of HTML in reading order: headings, paragraphs, list items, tables as rows, descriptions of pictures. Pure.

A forgiving reader of whatever people write: unclosed and wrongly nested tags change where blocks end, never what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from ingest.load.text import clean, is_file_name, one_line
from kb.types import SegmentKind

_LEFT_OUT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "svg",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "select",
        "button",
        "textarea",
        "head",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CELLS = ("td", "th")
# What may stand in a head; anything else ends one that nobody closed.
_OF_HEAD = frozenset(["base", "link", "meta", "noscript", "script", "style", "template", "title"])
# Elements whose end nobody has to write are not looked at: one hidden paragraph must not hide the rest of the page.
_HIDEABLE = frozenset(["article", "aside", "div", "figure", "footer", "header", "section", "span", "table", "ul", "ol"])


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text; ``level`` is 1 to 6 for headings, 0 for everything else."""

    text: str
    kind: SegmentKind = SegmentKind.BODY
    level: int = 0


class BlockParser(HTMLParser):
    """Collects ``blocks`` in order, and the ``title`` and ``author`` that the page states."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title = ""
        self.author = ""
        self._words: list[str] = []
        self._level = 0
        # The element that is left out, and how many of its kind are open within it.
        self._skipped = ("", 0)
        self._in_title = False
        self._preformatted = 0
        self._row: list[str] | None = None
        self._rows: list[str] = []
        self._tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag begins."""
        said = {name: value or "" for name, value in attrs}
        if tag == "meta" and said.get("name", "").casefold() == "author":
            self.author = said.get("content", "")
        skipped, depth = self._skipped
        if skipped == "head" and tag not in _OF_HEAD:
            skipped, self._skipped = "", ("", 0)
        self._in_title = tag == "title" and skipped in ("", "head") and not self.title
        if skipped:
            self._skipped = (skipped, depth + (tag == skipped))
        elif tag in _LEFT_OUT or (tag in _HIDEABLE and _is_hidden(said)):
            self._end_block()
            self._skipped = (tag, 1)
        else:
            self._begin(tag, said)

    def handle_endtag(self, tag: str) -> None:
        """End what the tag ends."""
        self._in_title = False
        skipped, depth = self._skipped
        if skipped:
            if tag == skipped:
                self._skipped = (skipped, depth - 1) if depth > 1 else ("", 0)
            return
        if tag in _CELLS:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()
        elif tag in _BLOCKS or tag in _HEADINGS or tag == "caption":
            self._end_block()
            self._preformatted -= tag == "pre" and self._preformatted > 0

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self._in_title:
            self.title += data
        elif not self._skipped[0]:
            # The source's own line ends are spaces.
            self._words.append(data if self._preformatted else data.replace("\n", " "))

    def close(self) -> None:
        """End everything that is open."""
        super().close()
        self._tables = 0
        self._end_table()
        self._end_block()

    def _begin(self, tag: str, said: Mapping[str, str]) -> None:
        if tag == "table":
            if not self._tables:
                self._end_block()
            self._tables += 1
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in _CELLS:
            self._end_cell()
            self._row = self._row if self._row is not None else []
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._describe(said.get("alt", ""))
        elif tag in _HEADINGS or tag in _BLOCKS or tag in ("hr", "caption"):
            self._end_block()
            self._level = _HEADINGS.get(tag, 0) if self._row is None else 0
            self._preformatted += tag == "pre"

    def _describe(self, description: str) -> None:
        if description.strip() and not is_file_name(description):
            if self._row is None:
                self._end_block()
            self.blocks.append(Block(one_line(description), SegmentKind.ALT))

    def _end_block(self) -> None:
        if self._row is not None:
            # Paragraphs within a cell are words of one cell.
            self._words.append(" ")
            return
        text, self._words = clean("".join(self._words)), []
        if text:
            self.blocks.append(Block(text if self._level == 0 else one_line(text), level=self._level))
        self._level = 0

    def _end_cell(self) -> None:
        words, self._words = one_line("".join(self._words)), []
        if words and self._row is None:
            self.blocks.append(Block(words))
        elif self._row is not None and (words or self._row):
            self._row.append(words)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and any(self._row):
            self._rows.append(" | ".join(self._row).rstrip(" |"))
        self._row = None
        if not self._tables:
            self._end_rows()

    def _end_table(self) -> None:
        self._end_row()
        self._tables = max(0, self._tables - 1)
        if not self._tables:
            self._end_rows()

    def _end_rows(self) -> None:
        if self._rows:
            self.blocks.append(Block("\n".join(self._rows), SegmentKind.TABLE))
            self._rows = []


def _is_hidden(said: Mapping[str, str]) -> bool:
    style = said.get("style", "").replace(" ", "").casefold()
    return "hidden" in said or said.get("aria-hidden") == "true" or "display:none" in style
