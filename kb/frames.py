"""Slides that only frame a deck: cover, contents, sources, thanks. Pure."""

from __future__ import annotations

import re

from kb.types import Document

_FRAME = re.compile(
    r"\W*(sumber|sources?|출처|참고 ?문헌|references?|referensi|daftar (pustaka|isi|sumber)|(table of )?contents|agenda|목차"
    r"|terima kasih|thank you|감사합니다|outline)\b[\s\d()/.:]*$",
    re.IGNORECASE,
)


def is_frame(title: str, page: int, deck: Document) -> bool:
    """Whether a slide of this title, at this page of a deck, holds nothing of its own to say."""
    is_cover = page == 1 and deck.pages > 1 and title.casefold() == deck.metadata.title.casefold()
    return is_cover or bool(_FRAME.match(title))
