"""Who speaks, and for whom: cue words, titles and offices in three languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.suggest.lines import Line, Part
from kb.gazetteer import named_in

_MOST_WORDS = 12

_SPEAKER_CUE = re.compile(
    r"^(?:(?:di(?:sampaikan|paparkan|sajikan|presentasikan)\s+oleh|oleh|pemateri|narasumber|pembicara|penyaji|pemapar|"
    r"presented by|prepared by|by|speakers?|presenter|lecturer|narahubung|kontak|contact(?: person)?)\b|"
    r"발표자|발표|강연자|강연|연사|문의|담당자)\s*(?:[:：]|\s|$)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_KOREAN_CUE_AFTER = re.compile(r"^(?P<rest>[\uac00-\ud7a3]{2,4}(?:\s?[\uac00-\ud7a3]{2,5})?)\s*(?:발표|강연)$")
_HONORIFIC = re.compile(r"^(?:(?:Dr|Ir|Prof|Drs|Dra|H|Hj|Mr|Mrs|Ms|dr)\.?\s+|(?:Dr|Ir|Prof|Drs|Dra|H|Hj)\.)+(?=[A-Z])")
_DEGREE = re.compile(r",\s*(?:[SM]\.\s?[A-Z][A-Za-z]*\.?|Ph\.?\s?D\.?|MBA|MPA|MSc|MSi|ST|MT|MM|SE|SH|Ak)\.?(?:$|,)")
_KOREAN_TITLE = re.compile(
    r"^[\uac00-\ud7a3]{2,4}\s(?:교수|박사|시장|군수|도지사|구청장|원장|소장|연구위원|연구원|수석연구원|책임연구원|과장|팀장|"
    r"본부장|국장|실장|처장|대표|사무총장|위원장)(?:님)?$"
)
_OFFICE = re.compile(
    r"^(?:(?:Plt\.?|Wakil|Deputy|Vice|Acting)\s+)?(?:Bupati|Wali ?Kota|Gubernur|Presiden|Menteri|"
    r"Sekretaris (?:Daerah|Jenderal)|Kepala (?:Dinas|Badan|Bappeda|Bidang)|Direktur(?: Jenderal| Utama)?|"
    r"Mayor of|Governor of|Regent of|President of|Minister of|Secretary[- ]General of|Director[- ]General of|Head of)\s+\S",
    re.IGNORECASE,
)
_KOREAN_OFFICE = re.compile(
    r"^[\uac00-\ud7a3]+(?:특별시|광역시|시|군|도|구)\s?(?:시장|군수|지사|구청장)$|^[\uac00-\ud7a3]{2,}(?:시장|군수|도지사|구청장)$"
)
_LATIN_NAME = re.compile(r"(?:[A-Z][\w'’.-]*|bin|binti|van|de|al)(?:\s+(?:[A-Z][\w'’.-]*|bin|binti|van|de|al)){0,5}")
_KOREAN_NAME = re.compile(r"[\uac00-\ud7a3]{2,4}(?:\s[\uac00-\ud7a3]{2,6})?")

_ORGANISATION_START = re.compile(
    r"^(?:Pemerintah|Pemkot|Pemkab|Pemprov|Dinas|Kementerian|Badan|Bappeda|Bappenas|Kominfo|Diskominfo|Kemendagri|Universitas|"
    r"Institut|Sekretariat|Yayasan|Asosiasi|Balai|Lembaga|Dewan|Perusahaan|Politeknik|Ministry|Department|Government|"
    r"City of|Municipality|University|Institute|Bureau|Office of|Asian Development Bank|World Bank|UN-Habitat|CityNet|PT\b)",
)
_ORGANISATION_END = re.compile(
    r"\b(?:Government|University|Institute|Institute of \w+|Agency|Authority|Department|Council|Corporation|Foundation|"
    r"Association|Secretariat|Ministry|Centre|Center|Commission|Network|Municipality|Bank)$|"
    r"\b(?:Institute|University|Bureau|Ministry|Department|Center|Centre) (?:of|for) "
)
_KOREAN_ORGANISATION = re.compile(
    r"^[\uac00-\ud7a3·\s]{2,30}(?:연구원|연구소|시청|군청|구청|도청|대학교|대학|공사|공단|재단|협회|특별시|광역시|특별자치시|위원회|센터|"
    r"정부|진흥원|학회|은행|국토교통부|행정안전부|통신부|환경부|시티넷)$|^시티넷$|^[\uac00-\ud7a3]{2,6}(?:특별시|광역시)$"
)
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_SMALL_WORDS = frozenset(("of", "the", "and", "for", "in", "dan", "di", "untuk", "dari", "ke", "on", "to", "at"))


@dataclass(frozen=True, slots=True)
class Told:
    """A name as a line gives it, and how much that says (0 to 1)."""

    name: str
    line: Line
    confidence: float


def speakers(lines: Sequence[Line]) -> Iterator[Told]:
    """Whoever the lines name as the speaker: after a cue, by a title before or behind the name, by an office."""
    for place, line in enumerate(lines):
        if line.part is not Part.OTHER:
            continue
        told = _after_cue(line, lines[place + 1] if place + 1 < len(lines) else None) or _by_form(line)
        if told is not None:
            yield told


def _after_cue(line: Line, following: Line | None) -> Told | None:
    match = _SPEAKER_CUE.match(line.text) or _KOREAN_CUE_AFTER.match(line.text)
    if match is None:
        return None
    rest = match.group("rest").strip(" :-–")
    if not rest and following is not None and following.part is Part.OTHER:
        return Told(following.text, following, 0.8) if _may_be_name(following.text) else None
    name = rest if _may_be_name(rest) else rest.split(",")[0].strip()
    return Told(name, line, 0.9) if _may_be_name(name) else None


def _may_be_name(text: str) -> bool:
    """Whether a text has the form of a person's name or office, and not of an organisation or a sentence."""
    bare = _HONORIFIC.sub("", text).split(",")[0].strip()
    if not bare or any(char.isdigit() or char == "@" for char in bare) or is_organisation(text):
        return False
    is_name = _LATIN_NAME.fullmatch(bare) or _KOREAN_NAME.fullmatch(bare)
    return bool(is_name or _OFFICE.match(text) or _KOREAN_TITLE.match(text))


def _by_form(line: Line) -> Told | None:
    text = line.text
    if len(text.split()) > _MOST_WORDS or any(char.isdigit() for char in text):
        return None
    if _HONORIFIC.match(text) and _may_be_name(text):
        return Told(text, line, 0.85)
    if _KOREAN_TITLE.match(text) or (_DEGREE.search(text) and _may_be_name(text)):
        return Told(text, line, 0.8)
    if text.endswith((".", "?", "!")):
        return None
    if is_office(text) or _is_named_office(text):
        return Told(text, line, 0.7)
    return None


def _is_named_office(text: str) -> bool:
    """Whether a line is a name with its office: "Sri Wahyuni, Mayor of ...", "수원시장 김민수"."""
    name, comma, office = text.partition(",")
    if comma:
        return bool(_LATIN_NAME.fullmatch(name.strip())) and is_office(office.strip())
    office, space, name = text.rpartition(" ")
    return bool(space and _KOREAN_OFFICE.match(office) and re.fullmatch("[\uac00-\ud7a3]{2,4}", name))


def is_office(text: str) -> bool:
    """Whether a line is an office and no sentence about one: all its words but small ones have capitals."""
    if _KOREAN_OFFICE.match(text):
        return bool(named_in(text))
    return bool(_OFFICE.match(text)) and _is_heading(text)


def _is_heading(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word not in _SMALL_WORDS]
    return bool(words) and all(not word[0].islower() for word in words)


def organisations(lines: Sequence[Line]) -> Iterator[Told]:
    """The organisations that stand on lines of their own, or after a cue such as "by the"."""
    for line in lines:
        cue = _SPEAKER_CUE.match(line.text)
        name = _ARTICLE.sub("", cue.group("rest")) if cue else line.text
        if line.part is Part.OTHER and is_organisation(name):
            yield Told(name, line, 0.8)


def is_organisation(text: str) -> bool:
    """Whether a text is an organisation's name rather than a person's or a sentence."""
    if len(text.split()) > _MOST_WORDS or text.endswith((".", "?", "!", ":")):
        return False
    if _KOREAN_ORGANISATION.match(text):
        return True
    return _is_heading(text) and bool(_ORGANISATION_START.match(text) or _ORGANISATION_END.search(text))
