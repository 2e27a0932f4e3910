"""A briefing as a Word document: a cover, then each slide and practice with words, comment, citation and provenance."""

from __future__ import annotations

import datetime as dt
import io

from docx import Document
from docx.document import Document as Word
from docx.shared import Cm, Pt

from interfaces.briefing.gathering import Briefing, Entry, PracticeEntry, SlideEntry
from interfaces.briefing.paper import WIDTH, WORD_LANGUAGES, add_picture, quiet, set_up, spoken
from interfaces.briefing.word_practice import add_practice
from interfaces.messages import Messages, format
from interfaces.sentences import cited_practice_sentence, cited_sentence, facts_sentence, gone_sentences

_TALLEST = Cm(11.0)


def write_word(briefing: Briefing, t: Messages, today: dt.date) -> bytes:
    """The briefing as a DOCX file in the reader's language."""
    word = Document()
    set_up(word, _title(briefing, t))
    word.core_properties.title = _title(briefing, t)
    word.core_properties.author = t("app.name")
    word.core_properties.language = WORD_LANGUAGES[t.language]
    _cover(word, briefing, t, today)
    for number, entry in enumerate(briefing.entries, start=1):
        _entry(word, number, entry, t)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _cover(word: Word, briefing: Briefing, t: Messages, today: dt.date) -> None:
    for _ in range(5):
        word.add_paragraph()
    quiet(word.add_paragraph(), t("app.name"))
    word.add_paragraph(_title(briefing, t), style="Title")
    word.add_paragraph(t("briefing.made", date=format.date(t.language, today)))
    practices = len(briefing.practices)
    counts = (("briefing.slides", len(briefing.entries) - practices), ("practice.count", practices))
    word.add_paragraph(" · ".join(t.count(key, number) for key, number in counts if number))
    for sentence in gone_sentences(t, briefing.missing, briefing.missing_practices):
        word.add_paragraph(sentence)
    word.add_paragraph()
    for number, entry in enumerate(briefing.entries, start=1):
        line = word.add_paragraph(f"{number}. ")
        spoken(line, entry.title, entry.document.metadata.languages)
        line.paragraph_format.space_after = Pt(2)
    remarks = [t("briefing.quoted_practices")] if practices else []
    remarks += [t("briefing.reconstructions")] if any(e.cited.reconstruction for e in briefing.entries) else []
    if remarks:
        word.add_paragraph()
    for remark in remarks:
        quiet(word.add_paragraph(), remark)


def _title(briefing: Briefing, t: Messages) -> str:
    return briefing.title or t("briefing.untitled")


def _entry(word: Word, number: int, entry: Entry, t: Messages) -> None:
    heading = word.add_paragraph(style="Heading 1")
    heading.paragraph_format.page_break_before = True
    heading.add_run(f"{number}. ")
    spoken(heading, entry.title, entry.document.metadata.languages)
    if isinstance(entry, PracticeEntry):
        facts = facts_sentence(t, entry.document, below=entry.title)
        quiet(word.add_paragraph(), " · ".join(filter(None, [t("briefing.practice"), facts])))
        _provenance(word, entry, t)
        _comment(word, entry, t)
        add_practice(word, entry, t)
        cited = cited_practice_sentence(t, entry.cited, entry.shown.practice)
    else:
        quiet(word.add_paragraph(), facts_sentence(t, entry.document))
        _slide(word, entry, t)
        cited = cited_sentence(t, entry.cited)
    citation = word.add_paragraph()
    citation.paragraph_format.space_before = Pt(10)
    quiet(citation, cited)


def _slide(word: Word, entry: SlideEntry, t: Messages) -> None:
    if entry.picture is not None:
        add_picture(word, entry.picture, WIDTH, _TALLEST)
    _provenance(word, entry, t)
    _comment(word, entry, t)
    for line in entry.quotation:
        quote = word.add_paragraph(style="Quote")
        quote.paragraph_format.left_indent = Cm(0.6)
        spoken(quote, line, entry.document.metadata.languages)


def _provenance(word: Word, entry: Entry, t: Messages) -> None:
    if entry.cited.reconstruction:
        quiet(word.add_paragraph(), t("provenance.illustrative"))


def _comment(word: Word, entry: Entry, t: Messages) -> None:
    if entry.comment:
        comment = word.add_paragraph()
        comment.add_run(f"{t('briefing.comment')}: ").bold = True
        comment.add_run(entry.comment)
