"""What of a slide answers a question, found as a search finds it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.bands import band, probability
from kb.hits import Highlighter, Judge
from kb.retrieval import Stopwatch
from kb.search import Found, Searcher, SearchOptions
from kb.types import Band, Query, Span, VersionId


@dataclass(frozen=True, slots=True)
class Answers:
    """What a search has found for a question, to be asked slide by slide."""

    found: Found
    judge: Judge
    highlighter: Highlighter

    @staticmethod
    def of(searcher: Searcher, query: Query, options: SearchOptions) -> Answers:
        """What the search finds."""
        found = searcher.find(query, options, Stopwatch())
        return Answers(found, searcher.judge(found), searcher.highlighter(found))

    def on(self, slide: tuple[VersionId, int]) -> str:
        """The sentence of a slide that the results would quote, as it stands in its text.

        Empty where the search does not find the slide, or finds it only weakly and without any of the question's words
        there: readers turn to neighbouring slides, which say nothing of the question.
        """
        chunks = [chunk for chunk in self.found.chunks.values() if (chunk.version, chunk.page) == slide]
        quoted = [(best.score, chunk, best.span) for chunk in chunks if (best := self.highlighter.best(chunk))]
        if not quoted:
            return ""
        _, chunk, span = max(quoted, key=lambda one: one[0])
        weak = band(probability(self.judge.evidence(chunk))) is Band.WEAK
        if weak and not _overlaps(span, self.highlighter.words(chunk)):
            return ""
        return chunk.text[span.start : span.end].strip()


def _overlaps(span: Span, words: tuple[Span, ...]) -> bool:
    return any(word.start < span.end and span.start < word.end for word in words)
