"""The pages of practices as a reader and the secretariat use them, through Streamlit's AppTest."""

from __future__ import annotations

from pathlib import Path

import pytest

from interfaces.messages import LANGUAGES, messages
from interfaces.web import pager
from interfaces.web.view import MOST_COMPARED, PracticesView, read_practice, read_practices
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeField, PracticeId, Quote
from kb.practices import FieldChange
from kb.types import ANYONE, OPERATOR, VersionId
from tests.doors.browsing import PERSON, opened, shown, signed_in
from tests.doors.lamps import SECRET, dark, draft, lit
from tests.practising import COST, LESSONS


class TestPractice:
    def test_each_field_quotes_its_slide_and_links_to_it(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home)
        page = shown(opened("practice", id=one.practice.id, lang="en"))
        assert f'<blockquote lang="id">{COST[1]}</blockquote>' in page
        assert f'href="/slide?doc={one.document.id}&amp;page=4&amp;lang=en"' in page
        assert f"/files/picture/{one.document.version}/4-tiny.webp" in page
        assert "Banyuwangi, Indonesia" in page
        assert "Illustrative reconstruction" in page

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_fields_stand_in_fixed_order_and_say_what_is_not_stated(self, at_home: KnowledgeBase, language: str) -> None:
        t = messages(language)
        page = shown(opened("practice", id=lit(at_home).practice.id, lang=language))
        places = [page.index(f"<h2>{t(f'practice_fields.{field.value}')}</h2>") for field in PracticeField]
        assert places == sorted(places)
        assert page.count(f'<p class="kb-unstated">{t("practice.not_stated")}</p>') == 2

    def test_what_a_deck_says_is_text_and_never_code(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("practice", id=dark(at_home).practice.id, lang="en"))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>" not in page
        assert "<h1>Lampu &lt;i&gt;surya&lt;/i&gt;</h1>" in page

    def test_a_draft_exists_for_the_secretariat_alone(self, at_home: KnowledgeBase) -> None:
        one = draft(at_home)
        app = opened("practice", id=one.practice.id, version=str(one.document.version), lang="en")
        assert "This practice does not exist" in shown(app)
        assert "rahasia" not in shown(app).casefold()
        page = shown(signed_in(app))
        assert SECRET[1] in page
        assert "This is a draft" in page
        assert f'href="/slide?version={one.document.version}&amp;page=4&amp;lang=en"' in page

    @pytest.mark.parametrize("id_", ["", "nothing-1", "<b>"])
    def test_an_address_that_names_no_practice_says_so(self, at_home: KnowledgeBase, id_: str) -> None:
        assert "This practice does not exist" in shown(opened("practice", id=id_, lang="en"))

    def test_added_words_are_marked_as_on_no_slide(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home).practice
        change = FieldChange(one.id, one.version, PracticeField.CONTACT, (Quote(0, "Dinas *Perhubungan*"),))
        at_home.practices.edit(OPERATOR, change)
        page = shown(opened("practice", id=one.id, lang="en"))
        assert "<blockquote" in page.split("Dinas *Perhubungan*")[0]
        assert "Added by the secretariat, not on a slide" in page
        assert "Last edited by the secretariat on" in page
        assert "operator" not in page

    def test_a_slide_leads_to_the_practices_of_its_deck(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home)
        page = shown(opened("slide", doc=one.document.id, page="4", lang="en"))
        assert "Practices in this presentation" in page
        assert f'href="/practice?id={one.practice.id}&amp;lang=en"' in page


class TestChoosing:
    def test_published_practices_are_listed_and_drafts_are_not(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("practices", lang="en"))
        assert "2 practices" in page
        assert lit(at_home).practice.id in page
        assert draft(at_home).practice.id not in page
        assert "Rahasia" not in page

    def test_a_city_or_a_theme_narrows_the_list(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("practices", city="Kupang", lang="en"))
        assert "1 practice<" in page
        assert f"id={dark(at_home).practice.id}" in page
        assert f"id={lit(at_home).practice.id}" not in page
        assert f"id={lit(at_home).practice.id}" in shown(opened("practices", theme="street-lighting", lang="en"))

    def test_choosing_is_an_address(self, at_home: KnowledgeBase) -> None:
        first, second = lit(at_home).practice.id, dark(at_home).practice.id
        page = shown(opened("practices", ids=first, lang="en"))
        assert f'href="/practices?ids={first}%2C{second}&amp;lang=en"' in page
        assert "Choose at least two practices" in page
        page = shown(opened("practices", ids=f"{first},{second}", lang="en"))
        assert f'href="/compare?ids={first}%2C{second}&amp;lang=en"' in page
        assert "Compare 2 practices" in page

    def test_a_long_list_comes_in_pages_which_keep_what_was_chosen(
        self, at_home: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pager, "CARDS_A_PAGE", 1)
        ids = f"{lit(at_home).practice.id},{dark(at_home).practice.id}"
        first, second = (shown(opened("practices", ids=ids, page=page, lang="en")) for page in ("1", "2"))
        listed = [page.split("kb-grid")[1] for page in (first, second)]
        assert ["Lampu &lt;i&gt;surya" in page for page in listed].count(True) == 1
        assert [page.count("<article") for page in listed] == [1, 1]
        assert first.count('rel="next"') == second.count('rel="prev"') == 1
        assert 'rel="prev"' not in first
        assert 'rel="next"' not in second
        assert all("2 practices" in page and "Compare 2 practices" in page for page in (first, second))

    def test_an_empty_home_says_that_there_are_none(self, home: Path) -> None:
        assert "No published presentation tells of a practice yet." in shown(opened("practices", lang="en"))


class TestComparing:
    def test_each_field_has_a_cell_for_each_practice(self, at_home: KnowledgeBase) -> None:
        first, second = lit(at_home), dark(at_home)
        page = shown(opened("compare", ids=f"{first.practice.id},{second.practice.id}", lang="en"))
        assert "kb-columns-2" in page
        cost = page.split("<h2>Cost and financing</h2>")[1].split("<section>")[0]
        assert cost.count("kb-compare-cell") == 2
        assert f"doc={first.document.id}&amp;page=4" in cost
        assert f"doc={second.document.id}&amp;page=4" in cost
        lessons = page.split("<h2>Lessons</h2>")[1].split("<section>")[0]
        assert (lessons.count(LESSONS[1]), lessons.count("Not stated in the slides")) == (1, 1)

    def test_what_a_reader_may_not_see_is_left_out_and_said(self, at_home: KnowledgeBase) -> None:
        ids = ",".join(one.practice.id for one in (lit(at_home), dark(at_home), draft(at_home)))
        page = shown(opened("compare", ids=ids, lang="en"))
        assert "Some of the practices of this address" in page
        assert "kb-columns-2" in page
        assert "rahasia" not in page.casefold()

    @pytest.mark.parametrize("ids", ["", "nothing-1", ",,,"])
    def test_fewer_than_two_lead_to_the_list(self, at_home: KnowledgeBase, ids: str) -> None:
        page = shown(opened("compare", ids=ids, lang="en"))
        assert "Choose at least two practices" in page
        assert 'href="/practices?lang=en"' in page


class TestEditing:
    def test_the_secretariat_takes_a_quotation_out_and_the_history_says_so(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home).practice
        app = signed_in(opened("upload", version=str(one.version), lang="en"))
        app.selectbox(key=f"{one.id}_field").set_value(PracticeField.COST).run()
        next(m for m in app.multiselect if m.label == "Quotations of this field").set_value([]).run()
        next(b for b in app.button if b.label == "Save the field").click().run()
        assert at_home.practices.get(ANYONE, one.id).practice.quotes(PracticeField.COST) == ()
        page = shown(app)
        assert f"Cost and financing, by {PERSON} on" in page
        assert COST[1] in page.split("Before:")[1]

    def test_the_secretariat_quotes_another_slide_and_adds_own_words(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home).practice
        app = signed_in(opened("upload", version=str(one.version), lang="en"))
        app.selectbox(key=f"{one.id}_field").set_value(PracticeField.PARTNERS).run()
        next(s for s in app.selectbox if s.label == "Quote another slide").set_value(6).run()
        next(m for m in app.multiselect if m.label == "Sentences of the slide").set_value([LESSONS[1]]).run()
        next(a for a in app.text_area if a.label == "Words of your own").set_value("PT Lampu Terang").run()
        next(b for b in app.button if b.label == "Save the field").click().run()
        quotes = at_home.practices.get(ANYONE, one.id).practice.quotes(PracticeField.PARTNERS)
        assert [(quote.page, quote.text) for quote in quotes] == [(6, LESSONS[1]), (0, "PT Lampu Terang")]

    def test_a_deck_without_practice_says_so(self, at_home: KnowledgeBase) -> None:
        one = lit(at_home).practice
        at_home.catalog.practices.replace(one.version, ())
        page = shown(signed_in(opened("upload", version=str(one.version), lang="en")))
        assert "No practice was found in these slides." in page


def test_an_address_of_practices_says_what_is_chosen_once_and_no_more_than_fit() -> None:
    ids = ["a-1", "b-1", "a-1", " c-1 ", "d-1", "e-1"]
    view = read_practices({"ids": [",".join(ids)], "city": ["Seoul"]})
    assert view.chosen == ("a-1", "b-1", "c-1", "d-1")
    assert len(view.chosen) == MOST_COMPARED
    assert read_practices({name: [value] for name, value in view.pairs()}) == view
    assert view.toggled(PracticeId("b-1")).chosen == ("a-1", "c-1", "d-1")
    assert view.toggled(PracticeId("e-1")).chosen == view.chosen
    assert PracticesView().pairs() == []


@pytest.mark.parametrize(("version", "read"), [("3", VersionId(3)), ("x", None), ("-1", None), ("", None)])
def test_an_address_of_a_practice_may_name_a_version(version: str, read: VersionId | None) -> None:
    assert read_practice({"id": ["a-1"], "version": [version]}) == ("a-1", read)
