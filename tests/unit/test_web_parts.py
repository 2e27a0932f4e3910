"""Snippets, tickets, jobs and upload names."""

from __future__ import annotations

import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.names import file_name
from interfaces.messages import messages
from interfaces.web.jobs import Cancelled, Jobs
from interfaces.web.layout import technical
from interfaces.web.snippet import snippet
from interfaces.web.tickets import LIFETIME, Tickets
from kb.errors import NotFound
from kb.progress import OnProgress, Progress
from kb.types import Band, Chunk, ChunkId, Document, DocumentId, DocumentMetadata, Evidence, Hit, Span, State, VersionId

DOCUMENT = Document(
    DocumentId("d"), VersionId(1), State.PUBLISHED, DocumentMetadata(), "a.pdf", "application/pdf", "", 1, 1, 1, "", ""
)


def hit(text: str, sentence: tuple[int, int], *words: tuple[int, int]) -> Hit:
    chunk = Chunk(ChunkId(1), VersionId(1), DocumentId("d"), 1, 0, len(text), text, "", "en", "key")
    spans = tuple(Span(*word) for word in words)
    evidence = Evidence(0.9, 0.5, 1.0, 0.7, 1.0, 3, "en", "en")
    return Hit(1, 1.0, 0.9, Band.STRONG, chunk, DOCUMENT, "", Span(*sentence), spans, (), evidence)


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    text = draw(st.text(st.sampled_from("ab 한\n."), min_size=1, max_size=1200))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return hit(text, (start, end), *zip(ends[::2], ends[1::2], strict=False))


class TestSnippet:
    def test_the_sentence_is_marked_its_words_bold_and_a_little_stands_around(self) -> None:
        text = "Before it. The radar finds cavities. After it."
        shown = snippet(hit(text, (11, 36), (15, 20)))
        assert [(p.text, p.sentence, p.word) for p in shown.pieces] == [
            ("Before it. ", False, False),
            ("The ", True, False),
            ("radar", True, True),
            (" finds cavities.", True, False),
            (" After it.", False, False),
        ]
        assert (shown.cut_before, shown.cut_after) == (False, False)

    def test_a_long_sentence_is_cut_around_its_first_matched_word(self) -> None:
        text = "filler " * 100 + "cavity " + "filler " * 100
        at = text.index("cavity")
        shown = snippet(hit(text, (0, len(text)), (at, at + 6)))
        assert any(piece.word and piece.text == "cavity" for piece in shown.pieces)
        assert shown.cut_before
        assert shown.cut_after
        assert sum(len(piece.text) for piece in shown.pieces) < 500

    @given(hits())
    def test_pieces_follow_one_another_in_the_passage(self, found: Hit) -> None:
        shown = snippet(found)
        joined = "".join(piece.text for piece in shown.pieces)
        assert joined in found.chunk.text
        assert all(piece.text for piece in shown.pieces)
        assert len(joined) <= 700

    @given(hits())
    def test_what_is_cut_is_said(self, found: Hit) -> None:
        shown, text = snippet(found), found.chunk.text.strip()
        joined = "".join(piece.text for piece in shown.pieces).strip()
        assert shown.cut_before or text.startswith(joined)
        assert shown.cut_after or text.endswith(joined)
        assert shown.cut_before or shown.cut_after or text == joined


class TestTickets:
    def test_a_ticket_is_good_once(self) -> None:
        tickets = Tickets()
        ticket = tickets.issue("token")
        assert (tickets.redeem(ticket), tickets.redeem(ticket)) == ("token", None)

    def test_a_ticket_expires(self) -> None:
        now = [0.0]
        tickets = Tickets(lambda: now[0])
        ticket = tickets.issue("token")
        now[0] = LIFETIME + 0.1
        assert tickets.redeem(ticket) is None

    def test_tickets_do_not_mix(self) -> None:
        tickets = Tickets()
        first, second = tickets.issue("a"), tickets.issue("b")
        assert (tickets.redeem(second), tickets.redeem(first)) == ("b", "a")


class TestJobs:
    def test_a_job_reports_progress_and_returns_its_result(self) -> None:
        reached, go = threading.Event(), threading.Event()

        def work(on_progress: OnProgress) -> int:
            on_progress(Progress("encoding", 1, 2))
            reached.set()
            go.wait(10)
            return 42

        job = Jobs().start("ingest", "deck.pdf", work)
        assert reached.wait(10)
        assert (job.done, job.progress) == (False, Progress("encoding", 1, 2))
        go.set()
        assert (job.result(), job.done, job.error) == (42, True, None)

    @pytest.mark.parametrize("error", [NotFound("gone"), RuntimeError("a bug")])
    def test_a_job_that_fails_keeps_its_reason_and_the_next_one_runs(self, error: Exception) -> None:
        def failing(on_progress: OnProgress) -> None:
            raise error

        jobs = Jobs()
        failed, fine = jobs.start("x", "", failing), jobs.start("x", "", lambda on_progress: "fine")
        assert fine.result() == "fine"
        assert failed.error is error

    def test_a_cancelled_job_stops_at_its_next_step(self) -> None:
        started = threading.Event()

        def endless(on_progress: OnProgress) -> None:
            started.set()
            while True:
                on_progress(Progress("encoding", 0, 0))

        job = Jobs().start("x", "", endless)
        assert started.wait(10)
        job.cancel()
        with pytest.raises(Cancelled):
            job.result()

    def test_a_job_can_be_cancelled_before_its_turn(self) -> None:
        jobs, gate = Jobs(), threading.Event()
        jobs.start("x", "", lambda on_progress: gate.wait(10))
        waiting = jobs.start("x", "", lambda on_progress: "ran")
        waiting.cancel()
        gate.set()
        with pytest.raises(Cancelled):
            waiting.result()


class TestFileName:
    @pytest.mark.parametrize(
        ("stated", "kept"),
        [
            ("deck.pdf", "deck.pdf"),
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\Users\\me\\deck v2.pptx", "deck v2.pptx"),
            (unicodedata.normalize("NFD", "서울 발표.pdf"), "서울 발표.pdf"),
            ("bad\x00\r\nname.pdf", "badname.pdf"),
            ("right\u202eto-left.pdf", "rightto-left.pdf"),
            ("", "upload"),
            ("..", "upload"),
            ("/", "upload"),
        ],
    )
    def test_a_name_keeps_its_letters_and_nothing_else(self, stated: str, kept: str) -> None:
        assert file_name(stated) == kept

    def test_a_long_name_keeps_its_ending(self) -> None:
        kept = file_name("가" * 300 + ".pptx")
        assert kept.endswith("가.pptx")
        assert len(kept.encode()) <= 200

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_every_name_is_a_plain_file_name(self, stated: str) -> None:
        kept = file_name(stated)
        assert kept not in ("", ".", "..")
        assert Path(kept).name == kept
        assert len(kept.encode()) <= 255
        assert len(kept.splitlines()) == 1


@pytest.mark.parametrize(("language", "folded"), [("id", True), ("en", False), ("ko", True)])
def test_what_the_core_says_in_english_is_unfolded_for_readers_of_english_only(language: str, folded: bool) -> None:
    said = technical(messages(language), "<b> is no page")
    assert said.startswith("<details") is folded
    assert '<span class="kb-detail" lang="en">&lt;b&gt; is no page</span>' in said
