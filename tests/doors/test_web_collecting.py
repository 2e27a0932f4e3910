"""Practices on the shortlist, in its briefings and on the page to explore, through AppTest and the route of briefings."""

from __future__ import annotations

import csv
import io
import re

import pypdf
import pytest
from docx import Document as open_word
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ingest import pipeline
from ingest.office import find_office
from interfaces.messages import LANGUAGES, messages
from interfaces.web.routes import briefing_url, routes
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeField, PracticeId, Quote
from kb.practices import FieldChange
from kb.types import OPERATOR
from tests.doors.browsing import opened, shown, signed_in
from tests.doors.lamps import dark, draft, lit
from tests.practising import COST, LESSONS, PROBLEM

GONE = PracticeId("0123456789-1")


@pytest.fixture
def visitor(at_home: KnowledgeBase) -> TestClient:
    return TestClient(Starlette(routes=routes()))


def exported(visitor: TestClient, form: str, *items: str, lang: str = "en", note: str = "") -> bytes:
    notes = [("note", f"{items[0]}:{note}")] if note else []
    answer = visitor.get(briefing_url(form, [*(("item", item) for item in items), *notes, ("lang", lang)]))
    assert answer.status_code == 200, answer.text
    return answer.content


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_switch_stands_on_the_page_on_cards_in_the_comparison_and_below_slides(at_home: KnowledgeBase) -> None:
    first, second = lit(at_home), dark(at_home)
    switch = f'data-pick="{first.practice.id}" data-label="Add to shortlist" data-done="On the shortlist"'
    assert switch in shown(opened("practice", id=first.practice.id, lang="en"))
    assert switch in shown(opened("practices", lang="en"))
    assert switch in shown(opened("compare", ids=f"{first.practice.id},{second.practice.id}", lang="en"))
    assert switch in shown(opened("slide", doc=first.document.id, page="2", lang="en"))


def test_the_practice_of_a_draft_cannot_be_collected(at_home: KnowledgeBase) -> None:
    one = draft(at_home)
    page = shown(signed_in(opened("practice", id=one.practice.id, version=str(one.document.version), lang="en")))
    assert "This is a draft" in page
    assert "data-pick=" not in page


def test_a_list_orders_practices_and_slides_together_with_their_comments(at_home: KnowledgeBase) -> None:
    one, slide = lit(at_home), f"{dark(at_home).document.id}.5"
    items = [one.practice.id, slide]
    page = shown(opened("shortlist", item=items, note=f"{one.practice.id}:Tanya <b>harga</b>", own="1", lang="en"))
    assert page.index(f'href="/practice?id={one.practice.id}&amp;lang=en"') < page.index("page=5&amp;lang=en")
    assert f'<b>Problem: </b><q lang="id">{PROBLEM[1]}</q>' in page
    assert f'data-own-list="item={one.practice.id}&amp;item={slide}&amp;note={one.practice.id}%3ATanya' in page
    assert f'href="/shortlist?item={slide}&amp;item={one.practice.id}&amp;note={one.practice.id}%3ATanya' in page
    shared = shown(opened("shortlist", item=items, note=f"{one.practice.id}:Tanya <b>harga</b>", lang="en"))
    assert "Tanya &lt;b&gt;harga&lt;/b&gt;" in shared


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_practice_is_commented_like_a_slide(at_home: KnowledgeBase, language: str) -> None:
    one = lit(at_home).practice.id
    app = opened("shortlist", item=one, own="1", lang=language)
    box = app.text_input(key=f"comment_practice_{one}")
    assert box.label == messages(language)("shortlist.comment", n=1)
    box.set_value("ask for the *price*").run()
    assert app.query_params["note"] == f"{one}:ask for the *price*"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_practice_that_may_not_be_seen_is_counted_as_gone_and_not_told(at_home: KnowledgeBase, language: str) -> None:
    one, withdrawn, secret = lit(at_home), dark(at_home), draft(at_home)
    pipeline.withdraw(at_home, OPERATOR, withdrawn.document.id)
    items = [secret.practice.id, one.practice.id, withdrawn.practice.id, GONE]
    page = shown(opened("shortlist", item=items, own="1", lang=language))
    assert messages(language).count("briefing.missing_practices", 3) in page
    assert f'data-own-list="item={one.practice.id}"' in page
    assert "surya" not in page
    assert "rahasia" not in page.casefold()


def test_two_practices_of_a_list_lead_to_their_comparison(at_home: KnowledgeBase) -> None:
    first, second = lit(at_home).practice.id, dark(at_home).practice.id
    page = shown(opened("shortlist", item=[second, first], lang="en"))
    assert f'href="/compare?ids={second}%2C{first}&amp;lang=en"' in page
    assert "Choose to compare" not in page
    assert "/compare?" not in shown(opened("shortlist", item=[first], lang="en"))


def test_of_more_practices_the_list_compares_those_that_are_chosen(at_home: KnowledgeBase) -> None:
    secret = draft(at_home)
    pipeline.publish(at_home, OPERATOR, [secret.document.version])
    first, second, third = lit(at_home).practice.id, dark(at_home).practice.id, secret.practice.id
    items = [first, second, third]
    page = shown(opened("shortlist", item=items, lang="en"))
    assert "Compare 3 practices" in page
    chosen = shown(opened("shortlist", item=items, compare=third, lang="en"))
    assert "Choose at least two practices to compare them." in chosen
    assert f"compare={third}%2C{first}&amp;lang=en" in chosen
    page = shown(opened("shortlist", item=items, compare=f"{third},{first}", lang="en"))
    assert f'href="/compare?ids={third}%2C{first}&amp;lang=en"' in page
    assert page.count("Chosen to compare") == 2


class TestBriefing:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_word_file_tells_each_field_with_its_slide_or_that_it_is_not_stated(
        self, at_home: KnowledgeBase, visitor: TestClient, language: str
    ) -> None:
        t, one = messages(language), lit(at_home)
        word = open_word(io.BytesIO(exported(visitor, "docx", one.practice.id, lang=language, note="tanya")))
        (table,) = word.tables
        assert [row.cells[0].text for row in table.rows] == [t(f"practice_fields.{f.value}") for f in PracticeField]
        said = {field: row.cells[1] for field, row in zip(PracticeField, table.rows, strict=True)}
        assert said[PracticeField.COST].text == f"“{COST[1]}”\n{t('slide.number', n=4)}"
        assert said[PracticeField.CONTACT].text == t("practice.not_stated")
        link = said[PracticeField.COST].paragraphs[1].hyperlinks[0]
        assert link.address == f"http://testserver/slide?doc={one.document.id}&page=4&lang={language}"
        text = "\n".join(paragraph.text for paragraph in word.paragraphs)
        place = f"{'바뉴왕이' if language == 'ko' else 'Banyuwangi'}, {t.name('countries', 'Indonesia')}"
        assert f"{t('briefing.practice')} · {place} · Dinas Perhubungan\n" in text
        assert f"{t('briefing.comment')}: tanya" in text
        assert t("provenance.illustrative") in text
        assert f"http://testserver/practice?id={one.practice.id}&lang={language} ({t('provenance.illustrative')})" in text
        assert t("suggested.mark") not in text
        assert t.count("practice.count", 1) in text

    def test_the_word_file_keeps_the_order_and_marks_what_nobody_confirmed(
        self, at_home: KnowledgeBase, visitor: TestClient
    ) -> None:
        one = dark(at_home)
        content = exported(visitor, "docx", f"{one.document.id}.5", one.practice.id, draft(at_home).practice.id)
        text = "\n".join(paragraph.text for paragraph in open_word(io.BytesIO(content)).paragraphs)
        assert text.index("1. Hasil") < text.index(f"2. {one.title}")
        assert "1 slide · 1 practice\n1 practice of this list is not available any more." in text
        assert "Practice · Kupang, Indonesia · unconfirmed" in text
        assert len(re.findall(r"lang=en \(unconfirmed\)", text)) == 2
        assert "rahasia" not in text.casefold()

    def test_the_table_has_a_column_for_each_field_and_says_what_is_unconfirmed(
        self, at_home: KnowledgeBase, visitor: TestClient
    ) -> None:
        first, second = lit(at_home), dark(at_home)
        read = rows(exported(visitor, "csv", first.practice.id, second.practice.id, f"{second.document.id}.4", note="=1"))
        columns = list(read[0])
        fields = [messages("en")(f"practice_fields.{field.value}") for field in PracticeField]
        assert columns[4:11] == fields
        assert [row["Kind"] for row in read] == ["Practice", "Practice", "Slide"]
        assert (read[0]["Cost and financing"], read[0]["Comment"]) == (f"“{COST[1]}” (slide 4)", "'=1")
        assert [row["Contact"] for row in read] == ["Not stated in the slides", "Not stated in the slides", ""]
        assert (read[0]["Provenance"], read[1]["Provenance"]) == ("Illustrative reconstruction", "Original presentation")
        assert [row["Not yet confirmed"] for row in read] == ["", "unconfirmed: Country", "unconfirmed: Country"]
        assert read[0]["Slide"] == "2–6"
        assert read[0]["Citation"].startswith(f"Dinas Perhubungan, “{first.title}”, slides 2–6, Banyuwangi, Indonesia")
        assert [row["Citation"].endswith("(unconfirmed)") for row in read] == [False, True, True]
        assert read[1]["Address"] == f"http://testserver/practice?id={second.practice.id}&lang=en"

    def test_added_words_are_never_quoted_as_a_slides(self, at_home: KnowledgeBase, visitor: TestClient) -> None:
        one = lit(at_home).practice
        change = FieldChange(one.id, one.version, PracticeField.CONTACT, (Quote(0, "Dinas Perhubungan"),))
        at_home.practices.edit(OPERATOR, change)
        (row,) = rows(exported(visitor, "csv", one.id))
        assert row["Contact"] == "Dinas Perhubungan (added by the secretariat, not on a slide)"
        table = open_word(io.BytesIO(exported(visitor, "docx", one.id))).tables[0]
        assert table.rows[-1].cells[1].text == "Dinas Perhubungan\nAdded by the secretariat, not on a slide"

    @pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed: apt-get install libreoffice-writer")
    def test_the_pdf_tells_the_same(self, at_home: KnowledgeBase, visitor: TestClient) -> None:
        pages = pypdf.PdfReader(io.BytesIO(exported(visitor, "pdf", lit(at_home).practice.id, lang="id"))).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        assert LESSONS[1] in text
        assert text.count("Tidak disebutkan pada slide") == 2

    @pytest.mark.parametrize("form", ["docx", "pdf", "csv"])
    def test_a_list_of_nothing_visible_exports_nothing(self, at_home: KnowledgeBase, visitor: TestClient, form: str) -> None:
        answer = visitor.get(briefing_url(form, [("item", draft(at_home).practice.id), ("item", GONE), ("lang", "ko")]))
        assert (answer.status_code, answer.text) == (404, "내보낼 내용이 없습니다.")


class TestExploring:
    def test_the_switch_counts_decks_and_practices_and_drafts_as_neither(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("explore", by="theme", lang="en"))
        decks, practices = re.findall(
            r'<a href="([^"]*)"[^>]*>(?:Presentations|Practices) <span class="kb-count">2</span>', page
        )
        assert (decks, practices) == ("/explore?by=theme&amp;lang=en", "/explore?by=theme&amp;list=practices&amp;lang=en")

    @pytest.mark.parametrize(
        ("by", "groups"),
        [
            ("theme", ["theme=energy Energy 1", "theme=street-lighting Street lighting 1"]),
            ("city", ["city=Banyuwangi Banyuwangi 1", "city=Kupang Kupang 1"]),
            (
                "sdg",
                [
                    "sdg=7 7 · Affordable and clean energy 2",
                    "sdg=11 11 · Sustainable cities and communities 1",
                    "sdg=13 13 · Climate action 1",
                ],
            ),
        ],
    )
    def test_practices_stand_under_links_to_their_list(self, at_home: KnowledgeBase, by: str, groups: list[str]) -> None:
        page = shown(opened("explore", by=by, list="practices", lang="en"))
        heading = r'<h2><a href="/practices\?([^"]*?)&amp;lang=en"[^>]*>([^<]*)</a> <span class="kb-count">(\d)</span>'
        assert [" ".join(found) for found in re.findall(heading, page)] == groups
        assert f'href="/practice?id={lit(at_home).practice.id}&amp;lang=en"' in page
        assert "rahasia" not in page.casefold()
        assert draft(at_home).practice.id not in page

    def test_a_facet_that_no_practice_states_says_so(self, at_home: KnowledgeBase) -> None:
        assert "There is nothing here yet." in shown(opened("explore", by="event", list="practices", lang="en"))

    def test_the_timeline_and_the_map_list_no_practices(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("explore", by="time", list="practices", lang="en"))
        assert "kb-timeline" in page
        views = re.search(r'<nav class="kb-views".*?</nav>', page)
        assert views
        assert views[0].count("list=practices") == 0
        assert page.count("kb-switch") == 0

    def test_the_goal_of_a_group_can_be_taken_off_in_the_list_of_practices(self, at_home: KnowledgeBase) -> None:
        page = shown(opened("practices", sdg="11", city="Kupang", lang="en"))
        assert "0 practices" in page
        assert re.search(r'href="/practices\?city=Kupang&amp;lang=en"[^>]*aria-current="true"[^>]*>11 · ', page)
        assert re.search(r'href="/practices\?sdg=11&amp;lang=en"[^>]*aria-current="true"[^>]*>Kupang ', page)
