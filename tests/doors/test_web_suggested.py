"""Suggestions through AppTest: decided on the deck's page, marked for readers, in three languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ingest import confirming, pipeline
from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from interfaces.messages import LANGUAGES, messages
from interfaces.web.resources import knowledge_base
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.suggested import Decision
from kb.types import ANYONE, OPERATOR, DocumentMetadata, Role, VersionId
from tests.conftest import write_pdf
from tests.doors.browsing import PASSWORD, PERSON, opened, shown, signed_in

COVER = ("Clean <b>water</b> for Kupang", "Welcome\nSpeaker: Budi Santoso\nKupang, 17 October 2019")
VERSION = VersionId(1)


@pytest.fixture(scope="session")
def home_with_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one draft: reading a file takes a process of its own, so it is done once."""
    path = tmp_path_factory.mktemp("suggested")
    kb = KnowledgeBase.open(Settings(home=path / "home", encoder="hashing"))
    write_pdf(path / "water.pdf", (COVER, ("Sedap", "Wells and taps")))
    ingest_file(kb, OPERATOR, IngestItem(path / "water.pdf"))
    kb.catalog.people.add(PERSON, PASSWORD, Role.SECRETARIAT)
    kb.catalog.close()
    return path / "home"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home_with_draft: Path) -> Path:
    shutil.copytree(home_with_draft, tmp_path / "home")
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def page(lang: str = "en") -> AppTest:
    return signed_in(opened("upload", version="1", lang=lang))


def said() -> DocumentMetadata:
    return knowledge_base().version(OPERATOR, VERSION).metadata


def open_fields() -> set[str]:
    return {one.field for one in knowledge_base().version(OPERATOR, VERSION).suggested}


def test_the_page_lists_each_suggestion_with_its_words_and_a_link_to_the_slide() -> None:
    found = shown(page())
    assert "details of this presentation are only suggested" in found
    assert "<strong>Budi Santoso</strong>" in found
    assert "<q>Speaker: Budi Santoso</q>" in found
    links = re.findall(r'href="(/slide[^"]*)"[^>]*>From slide 1</a> <q>Speaker', found)
    assert len(links) == 1
    assert "version=1" in links[0]
    assert "17 October 2019" in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_three_languages(language: str) -> None:
    t, app = messages(language), page(language)
    assert t("suggested.lead") in shown(app)
    assert {t("suggested.confirm"), t("suggested.reject"), t("suggested.confirm_all")} <= {b.label for b in app.button}


def test_one_is_confirmed_and_its_mark_is_gone() -> None:
    app = page().button(key="suggested_confirm_1_city_Kupang").click().run()
    assert "city" not in open_fields()
    assert said().city == "Kupang"
    assert f"City: Kupang. Confirmed by {PERSON}" in shown(app)


def test_one_is_rejected_and_what_was_shown_is_gone() -> None:
    page().button(key="suggested_reject_1_speaker_Budi Santoso").click().run()
    assert (said().speaker, "speaker" in open_fields()) == ("", False)


def test_one_is_changed_and_what_cannot_be_is_told() -> None:
    app = page()
    app.text_input(key="suggested_text_1_date_2019-10-17").set_value("besok")
    app = _save(app, "date")
    assert "date must be a day such as" in shown(app)
    assert "date" in open_fields()
    app.text_input(key="suggested_text_1_date_2019-10-17").set_value("18 Oktober 2019")
    _save(app, "date")
    assert (str(said().date), "date" in open_fields()) == ("2019-10-18", False)


def _save(app: AppTest, field: str) -> AppTest:
    form = next(b.form_id for b in app.button if b.form_id.startswith(f"suggested_form_1_{field}"))
    return next(b for b in app.button if b.form_id == form).click().run()


def test_all_are_confirmed_at_once() -> None:
    app = page().button(key="suggested_confirm_all").click().run()
    assert open_fields() == set()
    assert "only suggested" not in shown(app)
    every = knowledge_base().suggested(OPERATOR, VERSION)
    assert {(one.decision, one.by) for one in every} == {(Decision.CONFIRMED, PERSON)}


def test_a_reader_sees_what_is_only_suggested_with_a_mark_and_its_source() -> None:
    kb = knowledge_base()
    pipeline.publish(kb, OPERATOR, [VERSION])
    found = shown(opened(q="clean water", lang="en"))
    assert '<span class="kb-suggested" title="Suggested, not confirmed yet. From slide 1">Kupang</span>' in found
    assert '<span class="kb-unconfirmed">unconfirmed</span>' in found
    slide = shown(opened("slide", doc=str(kb.version(ANYONE, VERSION).id), page="1", lang="en"))
    assert 'Suggested, not confirmed yet. From slide 1">Water</span>' in slide
    confirming.confirm(kb, OPERATOR, VERSION, kb.version(ANYONE, VERSION).suggested)
    found = shown(opened(q="clean water", lang="en"))
    assert "Kupang" in found
    assert "kb-suggested" not in found
    assert "unconfirmed" not in found


def test_a_new_version_s_form_states_only_what_was_confirmed() -> None:
    kb = knowledge_base()
    pipeline.publish(kb, OPERATOR, [VERSION])
    document = kb.version(OPERATOR, VERSION)
    city = [one for one in document.suggested if one.field == "city"]
    form = signed_in(opened("upload", replace=str(document.id), lang="en"))
    assert (form.text_input(key="new_city").value, form.text_input(key="new_speaker").value) == ("", "")
    confirming.confirm(kb, OPERATOR, VERSION, city)
    form = signed_in(opened("upload", replace=str(document.id), lang="en"))
    assert (form.text_input(key="new_city").value, form.text_input(key="new_speaker").value) == ("Kupang", "")


def test_words_of_a_deck_are_shown_and_never_run() -> None:
    found = shown(page())
    assert "<b>water</b>" not in found
    assert "<strong>Clean &lt;b&gt;water&lt;/b&gt; for Kupang</strong>" in found
