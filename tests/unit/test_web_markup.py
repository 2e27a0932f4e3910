"""HTML that escapes by default, and labels that show exactly their text."""

from __future__ import annotations

import ast
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from interfaces.web.markup import Markup, escape, join, plain, tag
from tests.conftest import ROOT

JOINER = "\u2060"


class Reader(HTMLParser):
    """Collects tags, attribute values and text as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b", tag("b", "&")) == "<p>a &lt; b<b>&amp;</b></p>"


def test_attributes_are_named_as_in_html_and_left_out_when_absent() -> None:
    made = tag("a", "x", href="/?q=a&b", class_="kb", aria_label='"', hidden=None, inert=False, data_inside=True)
    assert made == '<a href="/?q=a&amp;b" class="kb" aria-label="&quot;" data-inside>x</a>'


def test_an_image_has_no_end_tag() -> None:
    assert tag("img", src="/a.webp", alt="") == '<img src="/a.webp" alt="">'


def test_join_leaves_out_what_is_empty() -> None:
    assert join("a", None, "", "b", by=" & ") == "a &amp; b"
    assert join("a", "b", by=" & ") == "a &amp; b"
    assert isinstance(join(), Markup)


def test_escaping_twice_is_escaping_once() -> None:
    assert escape(escape("<")) == "&lt;"


@given(st.text(alphabet=st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])))
def test_no_text_becomes_a_tag_or_leaves_its_attribute(text: str) -> None:
    seen = Reader(tag("p", text, title=text))
    assert seen.tags == ["p"]
    assert seen.text == text
    assert seen.values == [text]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
@example("*bold* _em_ `code` [a](b) ![i](j) # h 1. x - y > z | $a$ ~s~ <b> &amp; https://a.example www.b.example")
def test_a_label_shows_exactly_its_text(text: str) -> None:
    """Read by a Markdown parser, nothing but the text is left, on one line."""
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    assert all(token.type in ("text", "text_special") for token in tokens)
    read = "".join(token.content for token in tokens).replace(JOINER, "")
    assert read == " ".join(text.replace(JOINER, "").split())


@pytest.mark.parametrize("text", [":material/home:", ":smile:", ":red-badge[x]", "a -> b", "a <- b", "a -- b", "a >= b"])
def test_what_streamlit_would_replace_is_kept_apart(text: str) -> None:
    read = "".join(t.content for t in MarkdownIt("commonmark").parseInline(plain(text))[0].children or [])
    assert text not in read or text == ":red-badge[x]"
    assert read.replace(JOINER, "") == text


@pytest.mark.parametrize("source", sorted((ROOT / "interfaces" / "web").rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_but_the_builder_writes_html(source: object) -> None:
    if source.name == "markup.py":  # type: ignore[attr-defined]
        return
    tree = ast.parse(source.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    literals = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert [text for text in literals if text.lstrip().startswith("<") or "</" in text] == []
    called = [n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    assert "markdown" not in called
    assert "write" not in called
