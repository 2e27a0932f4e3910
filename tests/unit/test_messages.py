"""The message files: the same keys and placeholders in three languages, and every key that the doors ask for."""

from __future__ import annotations

import datetime as dt
import re
import string

import pytest

from interfaces.messages import LANGUAGES, format, messages
from kb import errors
from kb.types import Band, Channel, Outcome, Provenance, Role, SegmentKind, Severity, State
from tests.conftest import ROOT

OTHERS = [language for language in LANGUAGES if language != "en"]
SOURCES = sorted((ROOT / "interfaces").rglob("*.py"))
ASKED = re.compile(r"""\bt\(\s*"([a-z_]+\.[a-z0-9_.]+)\"""")
COUNTED = re.compile(r"""\.count\(\s*"([a-z_]+\.[a-z_]+)\"""")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_keys_in_the_same_order(language: str) -> None:
    assert list(messages(language).texts) == list(messages("en").texts)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_placeholders(language: str) -> None:
    english, other = messages("en").texts, messages(language).texts
    assert {k: placeholders(v) for k, v in other.items()} == {k: placeholders(v) for k, v in english.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_padded(language: str) -> None:
    assert [key for key, text in messages(language).texts.items() if not text or text != text.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_only_names_and_shared_words_read_the_same_as_in_english(language: str) -> None:
    english, other = messages("en").texts, messages(language).texts
    same = {k for k, v in other.items() if v == english[k] and k.partition(".")[0] not in ("countries", "languages_own")}
    shared = {
        "id": {
            "slide",
            "slide {n}",
            "Slide",
            "Diagram",
            "Administrator",
            "Slide {n}",
            "Slide {n}: {title}",
            "{n} slide",
            "Format",
        },
        "ko": set(),
    }
    assert {english[k] for k in same} <= shared[language] | {"Slides {first}–{last}", "PDF", "“{title}”"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_key_that_a_door_asks_for_exists(source: object) -> None:
    code = source.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    asked = set(ASKED.findall(code)) | {f"{key}.other" for key in COUNTED.findall(code)}
    assert asked - set(messages("en").texts) == set()


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("bands", [band.value for band in Band]),
        ("channels", [channel.value for channel in Channel]),
        ("states", [state.value for state in State]),
        ("states_meaning", [state.value for state in State]),
        ("roles", [role.value for role in Role]),
        ("severities", [severity.value for severity in Severity]),
        ("fields", [provenance.value for provenance in Provenance]),
        ("segments", [k.value for k in SegmentKind if k.value not in ("title", "body", "notes")]),
        ("upload", [o.value for o in Outcome]),
        ("errors", [e.code for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.KBError)]),
    ],
)
def test_every_value_of_an_enum_and_every_error_has_a_message(group: str, values: list[str]) -> None:
    assert [value for value in values if f"{group}.{value}" not in messages("en").texts] == []


def test_every_theme_of_the_corpus_has_a_name() -> None:
    readme = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    slugs = re.findall(r"`([a-z-]+)`", readme.partition("Themes:")[2].partition("Rules of content")[0])
    assert len(slugs) > 20
    assert [slug for slug in slugs if f"themes.{slug}" not in messages("en").texts] == []


@pytest.mark.parametrize(("language", "expected"), [("id", "0,71"), ("en", "0.71"), ("ko", "0.71")])
def test_decimals_have_the_languages_sign(language: str, expected: str) -> None:
    assert format.decimal(language, 0.7149, 2) == expected


def test_a_message_takes_its_values() -> None:
    assert messages("id")("slide.of", n=3, total=20) == "Slide 3 dari 20"


def test_an_unknown_key_is_a_bug_and_an_unknown_language_is_english() -> None:
    with pytest.raises(KeyError):
        messages("en")("no.such")
    assert messages("fr").language == "en"


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [("en", 1, "1 slide"), ("en", 2, "2 slides"), ("id", 1, "1 slide"), ("ko", 1, "슬라이드 1장")],
)
def test_only_english_tells_one_from_many(language: str, number: int, expected: str) -> None:
    assert messages(language).count("decks.slides", number) == expected


def test_a_name_that_is_not_known_names_itself() -> None:
    assert messages("id").name("countries", "South Korea") == "Korea Selatan"
    assert messages("id").name("countries", "Atlantis") == "Atlantis"


@pytest.mark.parametrize(
    ("language", "expected"), [("id", "17 Oktober 2019"), ("en", "17 October 2019"), ("ko", "2019년 10월 17일")]
)
def test_dates_are_written_as_the_language_writes_them(language: str, expected: str) -> None:
    assert format.date(language, dt.date(2019, 10, 17)) == expected
    assert format.day_of(language, "2019-10-17T23:59:00.000+00:00") == expected
    assert format.day_of(language, "") == ""


@pytest.mark.parametrize(("language", "expected"), [("id", "1.234.567"), ("en", "1,234,567"), ("ko", "1,234,567")])
def test_numbers_have_the_languages_separators(language: str, expected: str) -> None:
    assert format.number(language, 1234567) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 kB"), (870_400, "870 kB"), (2_440_000, "2,4 MB"), (25_000_000, "25 MB"), (3_100_000_000, "3,1 GB")],
)
def test_sizes_have_at_most_one_decimal(count: int, expected: str) -> None:
    assert format.size("id", count) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_says_what_happened_and_then_what_to_do(language: str) -> None:
    said = {key: text for key, text in messages(language).texts.items() if key.startswith("errors.")}
    for key in ("errors.error", "errors.technical", "errors.cancelled"):  # one that nobody foresaw, a label, and an answer
        del said[key]
    assert [key for key, text in said.items() if len(re.findall(r"\.(?: |$)", text)) < 2] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [("id", "12.345 presentasi"), ("en", "12,345 presentations"), ("ko", "발표자료 12,345개")],
)
def test_counts_are_written_as_the_language_writes_numbers(language: str, expected: str) -> None:
    assert messages(language).count("decks.matching", 12345) == expected
