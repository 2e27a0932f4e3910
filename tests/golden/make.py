"""Builds the golden decks: one small deck in Indonesian, English and Korean, as PPTX and as PDF.

Run ``python tests/golden/make.py`` after a change here, look at the decks, commit them, then regenerate the expected
pages with ``pytest tests/golden --regen`` and read the difference. Needs LibreOffice and the Noto CJK fonts for the
PDFs. The contents are invented; the city does not exist.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide
from pptx.util import Inches, Pt

DECKS = Path(__file__).parent / "decks"
FONT = "Noto Sans CJK KR"


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything that is written on the deck of one language."""

    title: str
    subtitle: str
    problem: str
    points: tuple[str, ...]
    notes: str
    table_title: str
    table: tuple[tuple[str, ...], ...]
    chart_title: str
    series: str
    steps: tuple[str, ...]
    steps_title: str
    hidden_title: str
    alternative: str
    footer: str


LANGUAGES = {
    "id": Texts(
        title="Lampu jalan pintar Kota Contoh",
        subtitle="Dinas Perhubungan Kota Contoh",
        problem="Masalah: lampu jalan padam berhari-hari",
        points=(
            "Warga melaporkan lampu padam lewat telepon, dan laporan itu sering hilang",
            "Petugas memeriksa 4.200 tiang lampu satu per satu setiap bulan, sehingga perbaikan rata-rata baru selesai"
            " sesudah sembilan hari kerja",
            "Biaya listrik naik menjadi Rp 3,5 miliar setahun",
        ),
        notes="Tekankan bahwa keluhan warga sudah lama terdengar. Anak-anak takut pulang malam.",
        table_title="Biaya sebelum dan sesudah",
        table=(
            ("Uraian", "Sebelum", "Sesudah"),
            ("Listrik", "Rp 3,5 miliar", "Rp 1,9 miliar"),
            ("Perbaikan", "9 hari", "2 hari"),
        ),
        chart_title="Jumlah lampu LED terpasang",
        series="Lampu LED",
        steps=("Pendataan tiang", "Pemasangan sensor", "Pemantauan dari kantor"),
        steps_title="Tiga langkah pelaksanaan",
        hidden_title="Cadangan: kontak pelaksana",
        alternative="Bagan tiga langkah dari pendataan sampai pemantauan",
        footer="Kota Contoh, bahan uji",
    ),
    "en": Texts(
        title="Smart street lights in Sample City",
        subtitle="Transport Office of Sample City",
        problem="Problem: street lights stay dark for days",
        points=(
            "Residents report broken lights by telephone, and the reports are often lost",
            "Staff inspect 4,200 poles one by one every month, so that a repair takes nine working days on average from"
            " the first report",
            "The electricity bill rose to 3.5 billion rupiah a year",
        ),
        notes="Stress that residents complained for years. Children were afraid to walk home at night.",
        table_title="Cost before and after",
        table=(
            ("Item", "Before", "After"),
            ("Electricity", "3.5 billion", "1.9 billion"),
            ("Repair", "9 days", "2 days"),
        ),
        chart_title="Number of LED lights installed",
        series="LED lights",
        steps=("Survey of the poles", "Installing sensors", "Monitoring from the office"),
        steps_title="Three steps of implementation",
        hidden_title="Spare: contact of the team",
        alternative="Diagram of three steps from survey to monitoring",
        footer="Sample City, test material",
    ),
    "ko": Texts(
        title="예시시의 스마트 가로등",
        subtitle="예시시 교통국",
        problem="문제: 가로등이 며칠씩 꺼져 있다",
        points=(
            "주민이 전화로 고장을 신고하지만 신고가 자주 누락된다",
            "직원이 매달 가로등 4,200개를 하나씩 점검하므로 신고가 접수된 뒤 수리까지 평균 9일이 걸린다",
            "전기 요금이 연간 35억 루피아로 늘었다",
        ),
        notes="주민의 불만이 오래되었음을 강조한다. 아이들이 밤길을 무서워했다.",
        table_title="도입 전후의 비용",
        table=(("항목", "도입 전", "도입 후"), ("전기", "35억", "19억"), ("수리", "9일", "2일")),
        chart_title="설치된 LED 가로등 수",
        series="LED 가로등",
        steps=("가로등 조사", "센서 설치", "사무실에서 관제"),
        steps_title="세 단계의 추진",
        hidden_title="예비: 담당자 연락처",
        alternative="조사에서 관제까지 세 단계를 보여 주는 그림",
        footer="예시시, 시험 자료",
    ),
}
COUNTS = ((2017, 410), (2018, 1150), (2019, 4200))


def main() -> None:
    """Write every deck into ``decks/``."""
    DECKS.mkdir(exist_ok=True)
    for language, texts in LANGUAGES.items():
        path = DECKS / f"{language}.pptx"
        build(texts).save(str(path))
        convert(path)


def build(texts: Texts) -> Presentation:
    """A deck of six slides: cover, points with notes, table, chart, grouped steps, hidden."""
    deck = Presentation()
    deck.core_properties.title = texts.title
    deck.core_properties.author = texts.subtitle
    deck.core_properties.created = deck.core_properties.modified = dt.datetime(2019, 10, 17, 8, 0)
    _cover(deck, texts)
    _points(deck, texts)
    _table(deck, texts)
    _chart(deck, texts)
    _steps(deck, texts)
    hidden = _titled(deck, texts.hidden_title)
    hidden._element.set("show", "0")
    for number, slide in enumerate(deck.slides, start=1):
        _footer(slide, texts.footer, number)
        _set_font(slide)
    return deck


def _cover(deck: Presentation, texts: Texts) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = texts.title
    slide.placeholders[1].text = texts.subtitle


def _titled(deck: Presentation, title: str) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = title
    return slide


def _points(deck: Presentation, texts: Texts) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = texts.problem
    slide.placeholders[1].text = "\n".join(texts.points)
    slide.notes_slide.notes_text_frame.text = texts.notes


def _table(deck: Presentation, texts: Texts) -> None:
    slide = _titled(deck, texts.table_title)
    frame = slide.shapes.add_table(len(texts.table), 3, Inches(1), Inches(2), Inches(8), Inches(2))
    for row, cells in enumerate(texts.table):
        for column, text in enumerate(cells):
            frame.table.cell(row, column).text = text


def _chart(deck: Presentation, texts: Texts) -> None:
    slide = _titled(deck, texts.chart_title)
    data = CategoryChartData()
    data.categories = [str(year) for year, _ in COUNTS]
    data.add_series(texts.series, [count for _, count in COUNTS])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1.6), Inches(8), Inches(4.5), data)


def _steps(deck: Presentation, texts: Texts) -> None:
    """Boxes are added from the last to the first: only their places tell the reading order."""
    slide = _titled(deck, texts.steps_title)
    group = slide.shapes.add_group_shape()
    for index, text in reversed(list(enumerate(texts.steps))):
        box = group.shapes.add_textbox(Inches(0.5 + 3 * index), Inches(3), Inches(2.7), Inches(1))
        box.text_frame.word_wrap = True
        box.text_frame.text = text
    group._element.nvGrpSpPr.cNvPr.set("descr", texts.alternative)


def _footer(slide: Slide, footer: str, number: int) -> None:
    """A footer and a slide number as an author would place them; only the file's own marks tell that they are such."""
    for kind, index, left, text in (("ftr", 11, 3.4, footer), ("sldNum", 12, 7.2, str(number))):
        box = slide.shapes.add_textbox(Inches(left), Inches(6.95), Inches(3), Inches(0.4))
        box.text_frame.text = text
        mark = box._element.nvSpPr.nvPr.makeelement(
            "{http://schemas.openxmlformats.org/presentationml/2006/main}ph", {"type": kind, "idx": str(index)}
        )
        box._element.nvSpPr.nvPr.append(mark)


def _set_font(slide: Slide) -> None:
    for shape in slide.shapes:
        if shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                paragraph.font.name = FONT
                if shape.top and shape.top > Inches(6.5):
                    paragraph.font.size = Pt(11)


def convert(path: Path) -> None:
    """Write the PDF of ``path`` beside it."""
    office = shutil.which("soffice")
    if office is None:
        sys.exit("soffice is not installed: the PDFs were not built")
    with tempfile.TemporaryDirectory() as profile:
        command = [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", str(path.parent), str(path)], check=True, timeout=180, capture_output=True)


if __name__ == "__main__":
    main()
