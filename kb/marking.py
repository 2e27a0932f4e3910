"""What of one slide answers a question, found as a search finds it."""

from __future__ import annotations

from kb.bands import band, probability
from kb.hits import Judge
from kb.retrieval import Stopwatch
from kb.search import Searcher, SearchOptions
from kb.types import Band, Query, Span, VersionId


def answering(searcher: Searcher, query: Query, options: SearchOptions, slide: tuple[VersionId, int]) -> str:
    """The sentence of a slide that the results would quote, as it stands in its text.

    Empty where the search does not find the slide, or finds it only weakly and without any of the question's words there:
    readers turn to neighbouring slides, which say nothing of the question.
    """
    found = searcher.find(query, options, Stopwatch())
    judge = Judge.of(found.text, found.words, found.ranking, searcher.generation)
    highlighter = searcher.highlighter(found)
    chunks = [chunk for chunk in found.chunks.values() if (chunk.version, chunk.page) == slide]
    quoted = [(sentence.score, chunk, sentence.span) for chunk in chunks for sentence in highlighter.sentences(chunk)]
    if not quoted:
        return ""
    _, chunk, span = max(quoted, key=lambda one: one[0])
    weak = band(probability(judge.evidence(chunk))) is Band.WEAK
    if weak and not _overlaps(span, highlighter.words(chunk)):
        return ""
    return chunk.text[span.start : span.end].strip()


def _overlaps(span: Span, words: tuple[Span, ...]) -> bool:
    return any(word.start < span.end and span.start < word.end for word in words)
