"""HTML that escapes by default. Pure.

Pages build every piece of HTML here, so that nothing a deck or a person wrote can become code: a ``str`` is always
text, only :class:`Markup` is trusted, and only this module makes it.
"""

from __future__ import annotations

import html
import re

_VOID = frozenset({"img", "br", "hr"})
_SPACE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SHORTCODE = re.compile(r"(?<=:)(?=[\w+\-/\\]+:)")
_ARROWS = re.compile(r"(?<=[<>~-])(?=\\?[<>=-])")
_JOINER = "\u2060"


class Markup(str):
    """HTML that is safe to show as it stands."""

    __slots__ = ()


def tag(name: str, *children: str | None, **attributes: object) -> Markup:
    """An element; children that are not :class:`Markup` are text, None is nothing.

    In attribute names a trailing underscore is dropped and the others become hyphens (``class_``, ``aria_label``); an
    attribute that is None or False is left out, one that is True stands without a value.
    """
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Markup(start) if name in _VOID else Markup(f"{start}{join(*children)}</{name}>")


def join(*children: str | None, by: str = "") -> Markup:
    """Children one after another, escaped like those of an element; empty ones are left out."""
    return Markup(escape(by).join(escape(child) for child in children if child))


def escape(text: str) -> Markup:
    """The text as HTML that shows exactly it."""
    return text if isinstance(text, Markup) else Markup(html.escape(text))


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{html.escape(str(value))}"'


def plain(text: str) -> str:
    """The text for a place that reads Markdown (a label of Streamlit): it shows exactly the text, on one line.

    Punctuation is escaped with backslashes. Streamlit replaces icon names (``:material/home:``) and arrows (``->``)
    after that, in the finished text; an invisible word joiner inside keeps them as they are.
    """
    line = _PUNCTUATION.sub(r"\\\1", _SPACE.sub(" ", text).strip())
    return _ARROWS.sub(_JOINER, _SHORTCODE.sub(_JOINER, line))
