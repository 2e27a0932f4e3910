"""The words that the builder itself puts on slides, in the three languages of the corpus."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Language(Enum):
    """The language a deck is written in."""

    INDONESIAN = "id"
    ENGLISH = "en"
    KOREAN = "ko"

    @property
    def tag(self) -> str:
        """Return the BCP 47 tag that the slides carry, for spelling and line breaks."""
        return {"id": "id-ID", "en": "en-GB", "ko": "ko-KR"}[self.value]


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed texts of one language; `{}` marks the place of a value."""

    label: str
    short_label: str
    source: str
    sources: str
    more: str
    fact_column: str
    source_column: str
    after_seminar: str
    chart: str
    table: str
    process: str
    timeline: str
    numbers: str
    thousands: str
    decimal: str


WORDS: Mapping[Language, Words] = {
    Language.INDONESIAN: Words(
        label="Rekonstruksi ilustratif untuk basis pengetahuan CityNet; bukan salindia asli pembicara.",
        short_label="Rekonstruksi ilustratif",
        source="Sumber",
        sources="Sumber",
        more="dan {} lainnya",
        fact_column="Fakta",
        source_column="Alamat, atau media dan tanggal",
        after_seminar="Setelah seminar",
        chart="Grafik",
        table="Tabel",
        process="Diagram alur",
        timeline="Garis waktu",
        numbers="Angka kunci",
        thousands=".",
        decimal=",",
    ),
    Language.ENGLISH: Words(
        label="Illustrative reconstruction for the CityNet knowledge base; not the speaker's original slides.",
        short_label="Illustrative reconstruction",
        source="Source",
        sources="Sources",
        more="and {} more",
        fact_column="Fact",
        source_column="Address, or outlet and date",
        after_seminar="After the seminar",
        chart="Chart",
        table="Table",
        process="Process diagram",
        timeline="Timeline",
        numbers="Key figures",
        thousands=",",
        decimal=".",
    ),
    Language.KOREAN: Words(
        label="시티넷 지식베이스를 위해 재구성한 예시 자료이며, 발표자의 원본 슬라이드가 아닙니다.",
        short_label="재구성한 예시 자료",
        source="출처",
        sources="출처",
        more="외 {}건",
        fact_column="사실",
        source_column="주소 또는 매체와 날짜",
        after_seminar="세미나 이후",
        chart="차트",
        table="표",
        process="흐름도",
        timeline="연표",
        numbers="주요 수치",
        thousands=",",
        decimal=".",
    ),
}

_MONTHS: Mapping[Language, tuple[str, ...]] = {
    Language.INDONESIAN: (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    Language.ENGLISH: (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def written_date(day: date, language: Language) -> str:
    """Return the date as it is written in running text."""
    if language is Language.KOREAN:
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def written_number(value: float, language: Language) -> str:
    """Return the number with the separators of the language and no digit that the value doesn't have."""
    words = WORDS[language]
    whole, _, fraction = f"{value:,}".partition(".")
    if not fraction.strip("0"):
        return whole.replace(",", words.thousands)
    return whole.replace(",", words.thousands) + words.decimal + fraction
