"""Search on a tiny knowledge base: order, filters before ranking, grouping, highlights, facets, contributions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest import pipeline
from kb.facets import FACETS, counted, facet_pairs
from kb.fusion import LEXICAL_WEIGHT
from kb.knowledge_base import KnowledgeBase
from kb.language import term_texts
from kb.lexical import LexicalIndex
from kb.lexicon import Translation
from kb.order import Order
from kb.query import parse
from kb.results import SearchResult
from kb.retrieval import QueryWords
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import (
    ANYONE,
    OPERATOR,
    Band,
    Channel,
    Document,
    DocumentId,
    DocumentMetadata,
    FacetValue,
    Filters,
    Hit,
    Page,
    Segment,
    SegmentKind,
    Span,
    State,
    VersionId,
)

LAMPS = DocumentMetadata(
    title="Lampu jalan Kupang", city="Kupang", country="Indonesia", event="Seminar A", speaker="Sri",
    date=dt.date(2019, 10, 17), themes=("energy", "finance"), languages=("id",),
)  # fmt: skip
STREAM = DocumentMetadata(
    title="Cheonggyecheon", city="Seoul", country="Korea", event="Seminar B", speaker="Kim",
    date=dt.date(2020, 5, 1), themes=("water",), languages=("en", "ko"),
)  # fmt: skip
WASTE = DocumentMetadata(title="Bank sampah", city="Surabaya", country="Indonesia", languages=("id",), themes=("waste",))
NO_FILTERS = Filters()
DECKS = [
    (LAMPS, ["Lampu jalan pintar menghemat listrik kota.", "Penyangga: lampu jalan dibayar obligasi daerah."]),
    (STREAM, ["The stream was restored. Engineers removed the motorway in Seoul.", "청계천 복원 사업은 시민이 함께했다."]),
    (WASTE, ["Bank sampah menerima plastik. Warga menabung sampah setiap minggu.", "Kantor bank sampah buka pagi hari."]),
]


def pages(*texts: str) -> list[Page]:
    return [Page(n, f"Halaman {n}", (Segment(text, SegmentKind.BODY),), True) for n, text in enumerate(texts, start=1)]


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """Three published decks; nothing changes them."""
    kb = KnowledgeBase.open(Settings(home=tmp_path_factory.mktemp("home"), encoder="hashing"))
    stored = pipeline.ingest_pages(kb, OPERATOR, [(said.title, said, pages(*texts)) for said, texts in DECKS])
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    yield kb
    kb.catalog.close()


def search(kb: KnowledgeBase, text: str, filters: Filters = NO_FILTERS, **options: object) -> SearchResult:
    return kb.search(ANYONE, parse(text, filters), SearchOptions(**options))  # type: ignore[arg-type]


def titles(result: SearchResult) -> list[str]:
    return [hit.document.metadata.title for hit in result.hits]


def test_the_page_that_says_it_comes_first(decks: KnowledgeBase) -> None:
    result = search(decks, "warga menabung sampah")
    assert (result.hits[0].document.metadata.title, result.hits[0].chunk.page) == ("Bank sampah", 1)
    assert result.hits[0].page_title == "Halaman 1"
    assert result.generation == "g000001"


def test_ranks_count_from_one_and_scores_fall(decks: KnowledgeBase) -> None:
    hits = search(decks, "lampu jalan", group=False, k=6).hits
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_grouped_results_show_a_deck_once_with_its_other_pages(decks: KnowledgeBase) -> None:
    first = search(decks, "lampu jalan").hits[0]
    assert first.document.metadata.title == "Lampu jalan Kupang"
    assert [(hit.rank, hit.document) for hit in first.more] == [(1, first.document)]
    assert {first.chunk.page, first.more[0].chunk.page} == {1, 2}
    assert len(set(titles(search(decks, "lampu jalan")))) == 3


def test_k_counts_decks_when_grouped_and_pages_when_not(decks: KnowledgeBase) -> None:
    assert len(search(decks, "lampu", k=2).hits) == 2
    assert len(search(decks, "lampu", k=4, group=False).hits) == 4
    assert search(decks, "lampu", k=4, group=False).hits[0].more == ()
    assert len(search(decks, "lampu", k=1000, group=False).hits) == 6
    assert search(decks, "lampu", k=0).hits == ()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(cities=("seoul",)), {"Cheonggyecheon"}),
        (Filters(cities=("Seoul", "Surabaya")), {"Cheonggyecheon", "Bank sampah"}),
        (Filters(countries=("Indonesia",), themes=("waste",)), {"Bank sampah"}),
        (Filters(events=("Seminar A",), years=(2019,)), {"Lampu jalan Kupang"}),
        (Filters(speakers=("kim",)), {"Cheonggyecheon"}),
        (Filters(languages=("ko",)), {"Cheonggyecheon"}),
        (Filters(cities=("Jakarta",)), set()),
    ],
)
def test_filters_decide_before_ranking(decks: KnowledgeBase, filters: Filters, expected: set[str]) -> None:
    result = search(decks, "lampu jalan sampah", filters)
    assert set(titles(result)) == expected
    assert {value.value for value in result.facets["city"]} == {hit.document.metadata.city for hit in result.hits}


def test_one_document_can_be_searched_alone(decks: KnowledgeBase) -> None:
    (stream,) = (d for d in decks.documents(ANYONE) if d.metadata.city == "Seoul")
    assert titles(search(decks, "lampu jalan", Filters(documents=(stream.id,)))) == ["Cheonggyecheon"]


def test_the_language_filter_looks_at_the_passage(decks: KnowledgeBase) -> None:
    (hit,) = search(decks, "stream restored", Filters(languages=("ko",)), group=False).hits
    assert (hit.chunk.page, hit.chunk.language) == (2, "ko")


def said(hit: Hit) -> tuple[str, list[str]]:
    text = hit.chunk.text
    return text[hit.sentence.start : hit.sentence.end], [text[span.start : span.end] for span in hit.words]


def test_the_best_sentence_and_the_words_are_marked(decks: KnowledgeBase) -> None:
    assert said(search(decks, "menabung").hits[0]) == ("Warga menabung sampah setiap minggu.", ["menabung"])


def test_forms_of_the_query_s_words_are_marked(decks: KnowledgeBase) -> None:
    assert said(search(decks, "restoring motorways").hits[0])[1] == ["restored", "motorway"]


def test_neighbouring_hangul_bigrams_are_marked_as_one_word(decks: KnowledgeBase) -> None:
    assert said(search(decks, "청계천 복원").hits[0])[1] == ["청계천", "복원"]


def test_a_line_of_sources_is_not_the_best_sentence_beside_another_nor_a_word_that_joins_a_match(
    tmp_path: Path,
) -> None:
    kb = KnowledgeBase.open(Settings(home=tmp_path, encoder="hashing"))
    told = "Radar finds hollows under the street.\nSource: seoul.go.kr; how.cavities.road.kr [S1]"
    deck = DocumentMetadata(title="Streets", city="Seoul")
    pipeline.publish(kb, OPERATOR, [*pipeline.ingest_pages(kb, OPERATOR, [(deck.title, deck, pages(told))]).values()])
    sentence, words = said(search(kb, "how cavities under the road seoul radar").hits[0])
    assert sentence == "Radar finds hollows under the street."
    assert {"Radar", "cavities", "road", "seoul"} <= set(words)
    assert {"how", "the"}.isdisjoint(words)
    kb.catalog.close()


def test_without_highlights_the_whole_passage_stands_for_the_sentence(decks: KnowledgeBase) -> None:
    hit = search(decks, "menabung", highlight=False).hits[0]
    assert (hit.sentence.start, hit.sentence.end, hit.words) == (0, len(hit.chunk.text), ())


def test_the_score_is_the_sum_of_its_contributions(decks: KnowledgeBase) -> None:
    for hit in search(decks, "lampu jalan kota", group=False).hits:
        dense, lexical = hit.contributions
        assert (dense.channel, lexical.channel) == (Channel.DENSE, Channel.LEXICAL)
        assert hit.score == pytest.approx(dense.score + LEXICAL_WEIGHT * lexical.score)


def test_a_dense_contribution_is_the_exact_cosine(decks: KnowledgeBase) -> None:
    row = decks.encoder.encode_queries(["lampu jalan"])[0]
    for hit in search(decks, "lampu jalan", group=False).hits:
        passage = decks.encoder.encode_passages([f"{hit.chunk.context}\n{hit.chunk.text}"])[0]
        assert hit.contributions[0].score == pytest.approx(float(passage @ row), abs=1e-5)


def test_a_chunk_without_the_query_s_words_has_rank_zero_in_the_keyword_channel(decks: KnowledgeBase) -> None:
    lexical = {hit.contributions[1].rank for hit in search(decks, "menabung", group=False).hits}
    assert lexical == {0, 1}


def test_a_single_channel_orders_by_its_own_scores(decks: KnowledgeBase) -> None:
    dense = search(decks, "sampah plastik", channel=Channel.DENSE, group=False).hits
    assert [hit.contributions[0].rank for hit in dense] == [1, 2, 3, 4, 5, 6]
    assert [hit.score for hit in dense] == [hit.contributions[0].score for hit in dense]
    lexical = search(decks, "sampah plastik", channel=Channel.LEXICAL, group=False).hits
    assert [hit.contributions[1].rank for hit in lexical] == list(range(1, len(lexical) + 1))
    assert titles(search(decks, "sampah plastik", channel=Channel.LEXICAL)) == ["Bank sampah"]


def test_by_date_the_newest_deck_stands_first_and_weak_ones_last(decks: KnowledgeBase) -> None:
    result = search(decks, "lampu jalan obligasi daerah Seoul motorway", order=Order.DATE, k=3)
    weak = [hit.band is Band.WEAK for hit in result.hits]
    dates = [hit.document.metadata.date for hit in result.hits if hit.band is not Band.WEAK]
    assert weak == sorted(weak)
    assert dates == sorted(dates, key=lambda date: date or dt.date.min, reverse=True)
    assert titles(result)[0] == "Cheonggyecheon"


def test_the_best_k_by_date_are_chosen_among_all_that_answer(decks: KnowledgeBase) -> None:
    (newest,) = search(decks, "lampu jalan obligasi daerah Seoul motorway", order=Order.DATE, k=1).hits
    (best,) = search(decks, "lampu jalan obligasi daerah Seoul motorway", k=1).hits
    assert (newest.document.metadata.title, best.document.metadata.title) == ("Cheonggyecheon", "Lampu jalan Kupang")


def test_an_empty_query_finds_nothing(decks: KnowledgeBase) -> None:
    assert search(decks, " \n").hits == ()


@pytest.mark.parametrize("text", ["!!! ???", "\u200b", "zzzz qqqq", "a" * 5000, '" AND OR NOT ( *', "\ud800"])
def test_odd_queries_are_answered(decks: KnowledgeBase, text: str) -> None:
    result = search(decks, text)
    assert len(result.hits) in (0, 3)
    assert not [hit for hit in result.hits if np.isnan(hit.score)]


def test_the_same_question_gives_the_same_answer(decks: KnowledgeBase) -> None:
    first, second = (search(decks, "bank sampah") for _ in range(2))
    assert first.hits == second.hits
    assert first.facets == second.facets


def test_timings_name_every_part(decks: KnowledgeBase) -> None:
    timings = search(decks, "bank sampah").timings
    assert {"total", "scope", "encode", "dense", "lexical", "rescore", "hits"} <= set(timings)
    assert timings["total"] >= max(timings.values())


def test_facets_count_documents_most_frequent_first(decks: KnowledgeBase) -> None:
    found = decks.facets(ANYONE)
    assert found["country"] == (FacetValue("Indonesia", 2), FacetValue("Korea", 1))
    assert found["language"] == (FacetValue("id", 2), FacetValue("en", 1), FacetValue("ko", 1))
    assert found["year"] == (FacetValue("2019", 1), FacetValue("2020", 1))
    assert found["theme"] == tuple(FacetValue(theme, 1) for theme in ("energy", "finance", "waste", "water"))
    assert found["speaker"] == (FacetValue("Kim", 1), FacetValue("Sri", 1))


def document(**said: object) -> Document:
    metadata = DocumentMetadata(**said)  # type: ignore[arg-type]
    return Document(DocumentId("d"), VersionId(1), State.PUBLISHED, metadata, "f", "m", "s", 1, 1, 1, "", "")


def facets(documents: list[Document]) -> dict[str, tuple[FacetValue, ...]]:
    return counted(map(facet_pairs, documents))


def test_a_document_counts_once_for_a_value_that_it_states_twice() -> None:
    assert facets([document(themes=("water", "water"))])["theme"] == (FacetValue("water", 1),)
    assert facets([document()])["city"] == ()
    assert facets([]) == {name: () for name in FACETS}


def test_more_results_are_found_when_more_are_asked_for(decks: KnowledgeBase) -> None:
    assert [len(search(decks, "lampu jalan", k=k, group=False).hits) for k in (1, 3, 6)] == [1, 3, 6]


def test_translations_lead_to_pages_in_another_language(decks: KnowledgeBase) -> None:
    assert titles(search(decks, "waste bank", channel=Channel.LEXICAL)) == ["Bank sampah"]
    assert search(decks, "쓰레기 은행", channel=Channel.LEXICAL).hits[0].document.metadata.title == "Bank sampah"


def test_a_common_word_is_marked_only_when_there_is_no_telling_one(decks: KnowledgeBase) -> None:
    lexical = decks.live_generation()[0].lexical  # type: ignore[union-attr]
    common, telling = term_texts("halaman menabung")
    assert QueryWords((common, telling)).telling(lexical) == {telling}
    assert QueryWords((common,)).telling(lexical) == {common}
    translated = (Translation(("sure",), 0.9, (common,)), Translation(("doubtful",), 0.1, (common,)))
    assert QueryWords((common,), translated).telling(lexical) == {common, "sure"}


def test_a_term_of_the_glossary_weighs_less_than_the_users_own_word(decks: KnowledgeBase) -> None:
    related = weights(QueryWords.of("municipal bond"), decks)
    assert 0 < related["obligasi"] == related["daerah"] <= 0.9876


def test_a_translation_of_a_common_word_says_no_more_than_the_word(decks: KnowledgeBase) -> None:
    common, rare = term_texts("halaman menabung")
    words = QueryWords((common,), (Translation((rare,), 0.8, (common,)), Translation((common,), 0.8, (rare,))))
    idf = keywords(decks).idf([common, rare])
    assert weights(words, decks)[rare] == pytest.approx(0.8 * 1.25 * idf[common] / idf[rare])
    assert weights(words, decks)[common] == pytest.approx(0.8 * 1.25)


def test_a_translation_that_stands_nowhere_is_not_looked_for(decks: KnowledgeBase) -> None:
    common, rare = term_texts("halaman menabung")
    translated = (Translation(("nowhere",), 0.8, (common,)), Translation((rare, "nowhere"), 0.8, (common,)))
    assert QueryWords((common,), translated).related(keywords(decks)) == []


def test_of_several_translations_of_a_word_one_counts(decks: KnowledgeBase) -> None:
    index = keywords(decks)
    one, both = (index.search(["xyz", "plastik"], 9, None, [group]) for group in (
        [(("sampah",), 0.5)], [(("sampah",), 0.5), (("bank",), 0.5)],
    ))  # fmt: skip
    assert both == one
    assert index.search(["xyz", "plastik"], 9, None, [[(("sampah",), 0.5)], [(("bank",), 0.5)]]) != one


def test_the_terms_of_a_longer_translation_must_stand_together(decks: KnowledgeBase) -> None:
    index = keywords(decks)
    assert index.search(["plastik"], 9, None, [[(("bank", "청계"), 1.0)]]) == index.search(["plastik"], 9, None)
    found = index.search(["plastik"], 9, None, [[(("bank", "buka"), 1.0)]])
    assert len(found) == len(index.search(["plastik"], 9, None)) + 1


def weights(words: QueryWords, kb: KnowledgeBase) -> dict[str, float]:
    """The highest weight of each related term."""
    found = sorted((one for group in words.related(keywords(kb)) for one in group), key=lambda one: one[1])
    return {term: weight for terms, weight in found for term in terms}


def keywords(kb: KnowledgeBase) -> LexicalIndex:
    generation, _ = kb.live_generation()
    assert generation is not None
    return generation.lexical


def test_a_quoted_phrase_keeps_only_the_slides_that_hold_it(decks: KnowledgeBase) -> None:
    assert titles(search(decks, '"lampu jalan pintar" listrik')) == ["Lampu jalan Kupang"]
    assert [hit.chunk.page for hit in search(decks, '"Bank  SAMPAH menerima"', group=False).hits] == [1]
    assert titles(search(decks, '"복원 사업은"')) == ["Cheonggyecheon"]


def test_a_phrase_that_stands_nowhere_is_told_and_near_slides_are_shown(decks: KnowledgeBase) -> None:
    result = search(decks, '"jalan lampu" listrik')
    assert "phrase_not_found" in result.notices
    assert result.hits[0].document.metadata.title == "Lampu jalan Kupang"
    assert "phrase_not_found" not in search(decks, '"lampu jalan"').notices


def test_a_correction_is_told_only_when_it_changes_what_is_found(tmp_path: Path) -> None:
    kb = KnowledgeBase.open(Settings(home=tmp_path, encoder="hashing"))
    texts = ("Bendungan besar", "Air")
    stored = pipeline.ingest_pages(kb, OPERATOR, [(t, DocumentMetadata(), [replace(pages(t)[0], title="")]) for t in texts])
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    assert search(kb, "air bendungna").corrected == "air bendungan"
    same = search(kb, "bendungna")
    assert (same.corrected, same.hits[0].chunk.text) == ("", "Bendungan besar")
    assert same.hits[0].words == (Span(0, 9),)
    kb.catalog.close()


@pytest.mark.parametrize("typed", ["복원사업은 시민이", "복원 사업은 시민이", "복원사업은시민이"])
def test_korean_is_found_however_it_is_spaced(decks: KnowledgeBase, typed: str) -> None:
    hit = search(decks, typed, channel=Channel.LEXICAL).hits[0]
    assert (hit.document.metadata.title, hit.evidence.coverage) == ("Cheonggyecheon", pytest.approx(1.0))


@pytest.mark.parametrize(
    ("one", "other"),
    [("walikota", "wali kota"), ("mall", "mal"), ("민관 협력", "PPP"), ("akte", "akta"), ("fiber", "serat")],
)
def test_ways_of_writing_a_word_lead_to_each_other(one: str, other: str) -> None:
    words = QueryWords.of(one)
    assert set(term_texts(other)) <= {*words.terms, *(term for found in words.translations for term in found.terms)}


def test_a_table_of_contents_stands_below_the_page_that_says_something(tmp_path: Path) -> None:
    kb = KnowledgeBase.open(Settings(home=tmp_path, encoder="hashing"))
    dots = " . . . . "
    contents = f"Air minum{dots}3\nAir bersih kota{dots}7\nBank sampah{dots}9"
    texts = pages(contents, "Tarif air minum diatur perda.")
    stored = pipeline.ingest_pages(kb, OPERATOR, [("a", DocumentMetadata(title="a"), texts)])
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    assert [hit.chunk.page for hit in search(kb, "air bersih kota", group=False).hits] == [2, 1]
    kb.catalog.close()


def test_a_cover_stands_below_the_slide_that_says_something(tmp_path: Path) -> None:
    kb = KnowledgeBase.open(Settings(home=tmp_path, encoder="hashing"))
    said = DocumentMetadata(title="Pembiayaan lampu jalan Kupang", speaker="Wali Kota Kupang", event="Seminar Kupang 2019")
    cover = "Pembiayaan lampu jalan Kupang\nWali Kota Kupang\nSeminar Kupang 2019"
    says = "Anggaran daerah membayar dua ribu lampu jalan baru dan listriknya sampai akhir tahun."
    stored = pipeline.ingest_pages(kb, OPERATOR, [("a", said, pages(cover, says))])
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    assert [hit.chunk.page for hit in search(kb, "anggaran lampu jalan kupang", group=False).hits] == [2, 1]
    kb.catalog.close()
