"""The themes' data: the slugs and names that the pages know, and words in three languages."""

from __future__ import annotations

from interfaces.messages import LANGUAGES, messages
from kb.themes import theme_named, themes


def test_every_theme_has_words_in_three_languages_and_goals() -> None:
    for theme in themes():
        assert all(theme.words[code] for code in LANGUAGES), theme.slug
        assert theme.sdgs, theme.slug
        assert all(1 <= number <= 17 for number in theme.sdgs), theme.slug


def test_the_themes_are_those_that_the_pages_name_and_are_known_by_these_names() -> None:
    for code in LANGUAGES:
        named = {key.partition(".")[2]: text for key, text in messages(code).texts.items() if key.startswith("themes.")}
        assert {theme.slug for theme in themes()} == set(named)
        assert {slug: theme_named(name) for slug, name in named.items()} == {slug: slug for slug in named}


def test_a_theme_is_named_by_its_slug_and_nothing_by_another_word() -> None:
    assert theme_named(" Street-Lighting ") == "street-lighting"
    assert theme_named("lights") == ""
