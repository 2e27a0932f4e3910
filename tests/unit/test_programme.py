"""An event's programme stands in what its decks state."""

from __future__ import annotations

import datetime as dt

from kb.programme import programmes
from kb.types import Document, DocumentId, DocumentMetadata, State, VersionId


def deck(title: str, event: str = "Seminar", day: int | None = 17, **said: str) -> Document:
    date = dt.date(2019, 10, day) if day else None
    metadata = DocumentMetadata(title=title, event=event, date=date, **said)  # type: ignore[arg-type]
    return Document(DocumentId(title), VersionId(1), State.PUBLISHED, metadata, "f", "m", "s", 1, 1, 1, "", "")


def test_days_follow_each_other_and_speakers_stand_before_organisations() -> None:
    (one,) = programmes(
        [
            deck("C", organisation="Dinas"),
            deck("B", speaker="Wali Kota"),
            deck("A", speaker="Wali Kota", organisation="Pemkot"),
            deck("D", day=16, organisation="Kementerian"),
        ]
    )
    assert [day.date.day for day in one.days] == [16, 17]
    said = [(s.who, s.is_person, [d.metadata.title for d in s.decks]) for s in one.days[1].sessions]
    assert said == [("Wali Kota", True, ["A", "B"]), ("Dinas", False, ["C"])]
    assert one.decks == 4


def test_the_latest_event_comes_first() -> None:
    found = programmes([deck("A"), deck("B"), deck("C", "Forum", 18), deck("D", "Forum", 18)])
    assert [one.event for one in found] == ["Forum", "Seminar"]


def test_a_single_deck_or_decks_without_a_date_are_no_programme() -> None:
    assert programmes([deck("A"), deck("B", "Forum", None), deck("C", "Forum", None)]) == ()
