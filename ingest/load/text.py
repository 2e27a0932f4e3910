"""What counts as text: normalisation, garbled text, sensible titles and repeated lines.

Pure. Every loader passes its raw strings through :func:`clean`, so that the rest of the system sees one form of text:
NFC, without control, zero-width or surrogate characters, with single spaces.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

MAX_TITLE = 200
SHORT_LINE = 120

_LINE_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\u2028\u2029]")
_SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000 ]+")
_BLANK_RUNS = re.compile(r" ?\n[ \n]*")
# Soft hyphen, zero-width and direction marks carry no text but split words for every search.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
# No text holds C1 controls on purpose: they are quotation marks and dashes of Windows-1252 that nobody translated.
_WINDOWS = re.compile(r"[\x80-\x9f]+")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# Ligatures, Kangxi radicals and the joined forms of Arabic are how fonts draw ordinary letters; NFC leaves them, a search
# would miss them.
_DRAWN_FORMS = re.compile(r"[\ufb00-\ufb06\u2f00-\u2fd5\ufb13-\ufdff\ufe70-\ufefc]")

_CID = re.compile(r"\(cid:\d+\)")
_GLYPH_NAMES = re.compile(r"(?:/[A-Za-z]{1,8}\d{1,5}\s?){5,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
# Bullets, arrows and the like of Wingdings and Symbol, each by itself; a text in such a font has many in a row.
_SIGN = re.compile(r"(?<![\uf020-\uf0ff])[\uf020-\uf0ff](?![\uf020-\uf0ff])")
_ACCENTED = re.compile(r"[\x80-\xff]")
_DIGITS = re.compile(r"\d+")

_GENERIC_TITLE = re.compile(
    r"(?:slide|page|blank page|folie|halaman|salindia|슬라이드|페이지|쪽)\s*\d*|untitled.*|tanpa judul.*|제목 없음|"
    r"(?:microsoft )?powerpoint(?:[ -]?프레젠테이션|[ -]?演示文稿|[ -]?pr[eä]sent\w+|-bemutató)|presentation\d*|"
    r"(?:presenta\w+|présentation|apresentação|prezent\w+)(?: \w{2,8})? powerpoint|"
    r"프레젠테이션\d*|document\d*|no title|title|judul|제목",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"\.(?:pptx?|pptm|potx|docx?|pdf|odp|key|indd|png|jpe?g|jfif|gif|bmp|tiff?|emf|wmf|svg|webp|mp4|mov|avi|wmv)$",
    re.IGNORECASE,
)

_ACCOUNT = re.compile(
    r"@|\d{3}|[/\\_]|microsoft|office user|windows|python|reportlab|libreoffice|openoffice|adobe|admin|\buser\b|"
    r"unknown|canva",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """``text`` in NFC, lines separated by single newlines, without invisible characters and runs of spaces."""
    text = _LINE_BREAKS.sub("\n", text)
    text = _WINDOWS.sub(lambda match: match.group().encode("latin-1").decode("cp1252", "ignore"), text)
    text = _INVISIBLE.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _DRAWN_FORMS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    return _BLANK_RUNS.sub("\n", text).strip()


def one_line(text: str) -> str:
    """``text`` cleaned, with its line breaks as spaces."""
    return " ".join(clean(text).split())


def is_garbled(raw: str) -> bool:
    """Whether uncleaned ``raw`` is what a font without a usable encoding leaves, rather than words.

    Signs, each a share of the visible characters: glyph numbers and names, private-use, replacement and control
    characters, unassigned code points, a jumble of scripts, or Latin-1 accents in place of another script.
    """
    visible = len(raw) - sum(map(str.isspace, raw))
    if not visible:
        return False
    names = sum(len(match.group()) for pattern in (_CID, _GLYPH_NAMES) for match in pattern.finditer(raw))
    if names > 0.3 * visible or _broken(raw) > 0.1 * visible:
        return True
    return visible >= 20 and (len(_ACCENTED.findall(raw)) > 0.5 * visible or _jumbled(raw, visible))


def _broken(raw: str) -> int:
    """How many characters stand for no character at all; signs of symbol fonts among words do not count."""
    private = sum(unicodedata.category(char) in ("Co", "Cn", "Cs") for char in raw if char > "\u0370")
    signs = len(_SIGN.findall(raw))
    if signs < sum(map(str.isalnum, raw)):
        private -= signs
    return private + raw.count("\ufffd") + len(_CONTROL.findall(raw))


def _jumbled(raw: str, visible: int) -> bool:
    """Whether letters come from five or more scripts, none of them a mere exception."""
    scripts = Counter(unicodedata.name(char, "?").split(" ")[0] for char in raw if char > "\u024f" and char.isalpha())
    foreign = [count for script, count in scripts.items() if script not in ("HANGUL", "CJK", "HIRAGANA", "KATAKANA")]
    return len(foreign) >= 5 and sum(foreign) > 0.2 * visible


def sensible_title(text: str) -> str:
    """``text`` as a title, or an empty string when it is a file name or an authoring program's default."""
    title = one_line(text)
    if len(title) > MAX_TITLE or _GENERIC_TITLE.fullmatch(title) or is_file_name(title):
        return ""
    return title if any(map(str.isalpha, title)) else ""


def is_file_name(text: str) -> bool:
    """Whether ``text`` ends like the name of a media or office file."""
    return _FILE_NAME.search(text.strip()) is not None


def first_short_line(texts: Iterable[str]) -> str:
    """The first line of at most 120 characters that has a letter, or an empty string; only 3 lines are tried."""
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    return next((line for line in lines[:3] if len(line) <= SHORT_LINE and any(map(str.isalpha, line))), "")


def running_key(text: str) -> str:
    """What makes two lines the same header or footer: letters without case, every number alike."""
    return _DIGITS.sub("#", one_line(text)).casefold()


def repeated(keys_by_page: Sequence[Iterable[str]], share: float, at_least: int) -> frozenset[str]:
    """The keys that stand on more than ``share`` of the pages and on ``at_least`` pages."""
    counts = Counter(key for keys in keys_by_page for key in set(keys))
    needed = max(at_least, share * len(keys_by_page))
    return frozenset(key for key, count in counts.items() if count >= at_least and count > needed - 1e-9)


def sensible_author(text: str) -> str:
    """``text`` as a person's or office's name, or an empty string when it is an account or a program."""
    author = one_line(text)
    words = author.split()
    if len(words) < 2 or len(author) > SHORT_LINE or _ACCOUNT.search(author):
        return ""
    return author


def sensible_date(day: dt.date) -> dt.date | None:
    """``day`` unless it lies outside the years in which decks are written, as reset clocks make it."""
    return day if 1990 <= day.year <= 2100 else None
