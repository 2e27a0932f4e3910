"""The stage that reads pages from their pictures: which issues it leaves, what it marks, what it keeps."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest
from PIL import Image, ImageDraw

from ingest import ocr
from ingest.ocr import Need, Outcome, Task, Tools, engines, tesseract
from ingest.ocr.marks import Mark, ReadLine, Strip
from ingest.ocr.strips import HEIGHT, MARGIN, StripPicture, cut
from kb.types import Issue, LoadedFile, Page, Reading, Segment, SegmentKind, Severity

BOTH = Tools(any=True, korean=True)
EMPTY = Page(3, "", (), has_text=False, reading=Reading.NOTHING)
TITLED = Page(3, "Peta", (Segment("Peta", SegmentKind.TITLE),), has_text=True)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet with a line across it, or a blank one."""

    blank: bool = False
    share: float = 1.0

    def picture_share(self) -> float:
        return self.share

    def image(self, width: int) -> Image.Image | None:
        image = Image.new("RGB", (width, width * 9 // 16), "white")
        if not self.blank:
            ImageDraw.Draw(image).line((0, 10, width, 10), fill="black")
        return image


def line(text: str, top: float, confidence: float = 0.95, size: float = 30) -> ReadLine:
    width = len(text) * size / 2
    strip = Strip(((80, top), (80 + width, top), (80 + width, top + size), (80, top + size)))
    step = size / 2
    marks = [Mark(c, n * step, (n + 1) * step, confidence, n > 0 and text[n - 1] == " ") for n, c in enumerate(text)]
    return ReadLine(strip, tuple(mark for mark in marks if mark.text != " "))


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch) -> list[ReadLine]:
    """What the engines see on any picture; tests fill it."""
    lines: list[ReadLine] = []
    monkeypatch.setattr(engines, "read", lambda image, tools: (list(lines), 0 if tools.korean else 2))
    return lines


def read(task: Task, tools: Tools = BOTH) -> Outcome:
    outcome = ocr.read_page(task, tools)
    assert outcome is not None
    return outcome


def codes(outcome: Outcome) -> list[tuple[str, Severity]]:
    return [(issue.code, issue.severity) for issue in outcome.issues]


def test_a_page_that_was_recognised_is_marked_with_its_confidence(sees: list[ReadLine]) -> None:
    sees += [line("Sumur bor", 60, size=60), line("Empat puluh sumur", 300, confidence=0.85)]
    outcome = read(Task(EMPTY, Need.EMPTY, Drawn()))

    assert outcome.page.segments == (
        Segment("Sumur bor", SegmentKind.TITLE),
        Segment("Empat puluh sumur", SegmentKind.OCR),
    )
    assert (outcome.page.title, outcome.page.reading, outcome.page.has_text) == ("Sumur bor", Reading.OCR, True)
    assert outcome.page.confidence == pytest.approx((0.95 * 9 + 0.85 * 17) / 26)
    assert codes(outcome) == [("ocr_read", Severity.INFO)]


@pytest.mark.parametrize(("turn", "readings"), [(0, 1), (90, 2), (180, 2), (270, 2)])
def test_a_page_that_lies_on_its_side_or_head_is_read_upright(
    monkeypatch: pytest.MonkeyPatch, turn: int, readings: int
) -> None:
    seen: list[int] = []

    def engine(image: Image.Image, tools: Tools) -> tuple[list[ReadLine], int]:
        corners = [image.getpixel(at) for at in ((0, 0), (0, image.height - 1), (image.width - 1, image.height - 1))]
        lean = next((n * 90 for n, colour in enumerate(corners) if colour == (255, 0, 0)), 270)
        seen.append(lean)
        upright = line("Empat puluh sumur", 300, confidence=0.99 if lean in (0, 270) else 0.6)
        if lean in (0, 180):
            return [upright], 0
        (x, y), (end, _), (_, low), _ = upright.strip.corners
        return [ReadLine(Strip(((y, x), (low, x), (low, end), (y, end))), upright.marks)], 0

    @dataclass(frozen=True, slots=True)
    class Turned(Drawn):
        def image(self, width: int) -> Image.Image | None:
            page = Image.new("RGB", (1280, 720), "white")
            page.putpixel((0, 0), (255, 0, 0))
            return page.rotate(turn, expand=True)

    monkeypatch.setattr(engines, "read", engine)
    outcome = read(Task(EMPTY, Need.EMPTY, Turned()))
    assert (seen[-1] if turn else seen, len(seen)) == (0 if turn else [0], readings)
    told = f", turned by {360 - turn} degrees to the left" if turn else ""
    assert outcome.issues[0].message.startswith(f"page 3: text recognised in its picture{told}, confidence 99%")


def test_unclear_lines_are_left_out_and_told_with_their_page(sees: list[ReadLine]) -> None:
    sees += [line("Empat puluh sumur", 300), line("kbtwq rlmpf", 400, confidence=0.4)]
    outcome = read(Task(EMPTY, Need.EMPTY, Drawn()))

    assert [segment.text for segment in outcome.page.segments] == ["Empat puluh sumur"]
    assert outcome.issues[1].message == "page 3 has 1 lines too unclear to be recognised; they were left out"
    assert (outcome.issues[1].code, outcome.issues[1].page) == ("ocr_unsure", 3)


def test_a_page_of_low_confidence_is_told(sees: list[ReadLine]) -> None:
    sees += [line("Empat puluh sumur", 300, confidence=0.7)]
    assert codes(read(Task(EMPTY, Need.EMPTY, Drawn())))[1] == ("ocr_unsure", Severity.WARNING)


def test_a_page_is_not_told_both_as_read_and_as_without_text(sees: list[ReadLine]) -> None:
    sees += [line("ab", 300, confidence=0.7)]
    assert codes(read(Task(EMPTY, Need.EMPTY, Drawn()))) == [("no_text", Severity.WARNING)]


def test_a_picture_adds_only_what_the_text_layer_lacks(sees: list[ReadLine]) -> None:
    sees += [line("PETA", 60), line("Jalur bus ke pelabuhan", 300)]
    page = read(Task(TITLED, Need.PICTURE, Drawn())).page

    assert [(s.text, s.kind) for s in page.segments] == [
        ("Peta", SegmentKind.TITLE),
        ("Jalur bus ke pelabuhan", SegmentKind.OCR),
    ]
    assert (page.title, page.reading) == ("Peta", Reading.OCR)


def test_a_decorated_page_whose_layer_is_complete_stays_as_it_is(sees: list[ReadLine]) -> None:
    sees += [line("Peta", 60)]
    assert read(Task(TITLED, Need.PICTURE, Drawn())) == Outcome(TITLED, ())


def test_an_illegible_layer_gives_way_and_what_the_picture_cannot_show_stays(sees: list[ReadLine]) -> None:
    sees += [line("Empat puluh sumur", 300)]
    unseen = (SegmentKind.NOTES, SegmentKind.COMMENT, SegmentKind.ALT)
    segments = (Segment("6WDQGDUG", SegmentKind.BODY), *(Segment(kind.value, kind) for kind in unseen))
    page = read(Task(dataclasses.replace(EMPTY, segments=segments, has_text=True), Need.GARBLED, Drawn())).page
    assert [segment.text for segment in page.segments] == ["Empat puluh sumur", "notes", "comment", "alt"]


def test_without_the_engines_every_page_says_what_to_install() -> None:
    nothing = Tools(any=False, korean=False)
    empty, picture = (read(Task(EMPTY, need, Drawn()), nothing) for need in (Need.EMPTY, Need.PICTURE))

    assert codes(empty) == [("no_ocr", Severity.WARNING)]
    assert "pip install 'citynet-kb[ocr]'" in empty.issues[0].message
    assert codes(picture) == [("no_ocr", Severity.INFO)]
    assert empty.page == EMPTY


def test_without_tesseract_korean_lines_are_told_as_unread(sees: list[ReadLine]) -> None:
    sees += [line("KISTEC 2019", 300)]
    outcome = read(Task(EMPTY, Need.EMPTY, Drawn()), Tools(any=True, korean=False))

    assert [segment.text for segment in outcome.page.segments] == ["KISTEC 2019"]
    assert outcome.issues[1].message == (
        "page 3 has 2 lines that look Korean and could not be read; install apt-get install tesseract-ocr tesseract-ocr-kor"
    )


def test_a_blank_page_stays_as_the_loader_told_it_and_a_page_without_words_is_a_warning(sees: list[ReadLine]) -> None:
    assert ocr.read_page(Task(EMPTY, Need.EMPTY, Drawn(blank=True)), BOTH) is None
    assert codes(read(Task(EMPTY, Need.EMPTY, Drawn()))) == [("no_text", Severity.WARNING)]


def test_pages_that_cannot_be_drawn_are_not_read() -> None:
    assert ocr.tasks([EMPTY], lambda number: None) == []
    assert [task.need for task in ocr.tasks([EMPTY, TITLED], lambda number: Drawn(share=0.1))] == [Need.EMPTY]


def test_what_the_loader_said_of_a_page_that_was_read_gives_way() -> None:
    said = Issue("reading", "no_text", "page 3 has no text layer", 3), Issue("reading", "repeated_lines", "", 0)
    read_page = dataclasses.replace(EMPTY, title="Sumur", has_text=True, reading=Reading.OCR)
    told = Issue("recognising", "ocr_read", "", 3, Severity.INFO)
    loaded = ocr.with_outcomes(LoadedFile("application/pdf", (EMPTY,), said), [Outcome(read_page, (told,))])

    assert loaded.pages == (read_page,)
    assert [issue.code for issue in loaded.issues] == ["repeated_lines", "ocr_read"]


# Strips and engines --------------------------------------------------------------------------------------------------


def test_a_strip_is_dark_on_white_upright_and_without_its_bullet() -> None:
    page = Image.new("L", (400, 100), 20).convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.ellipse((10, 46, 18, 54), fill="white")
    for left in range(40, 300, 20):
        draw.rectangle((left, 34, left + 5, 66), fill="white")
    strip = Strip(((0.0, 26.0), (320.0, 26.0), (320.0, 74.0), (0.0, 74.0)))
    picture = cut(page, strip)

    assert picture.image.height == HEIGHT + 2 * MARGIN
    assert picture.image.getpixel((2, 2)) == 255
    assert 18 <= picture.offset <= 22
    assert picture.place(MARGIN) == picture.offset


def test_nothing_is_started_for_no_strips_and_a_missing_program_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "_PROGRAM", "no-such-program")
    picture = StripPicture(Image.new("L", (100, 68), 255), 1.0, 0.0)

    assert tesseract.read_strips([]) == []
    assert tesseract.read_strips([picture, picture]) == [(), ()]
    tesseract.reads_korean.cache_clear()
    assert tesseract.reads_korean() is False
    tesseract.reads_korean.cache_clear()
