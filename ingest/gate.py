"""The quality gate of re-indexing: a new generation must answer the golden topics about as well as the live one.

Both are searched as a user searches, over the topics that the published decks can be judged by. The generation falls when
its nDCG@10 lies below the 95 % interval of the live one's.
"""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass

from ingest import topics
from ingest.topics import TopicSet, topics_for
from kb.encoders import E5, HASHING, PACKAGED
from kb.errors import KBError, QualityFell
from kb.evaluate import ndcg, with_interval
from kb.generations import OpenGeneration
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.retrieval import Stopwatch
from kb.search import SearchOptions
from kb.types import ANYONE, Generation, Quality, State

FEWEST = 20
"""Topics below which a mean says little."""
_AS_SEARCHED = SearchOptions(group=False, highlight=False)
_COMING_ALONG = (PACKAGED, E5, HASHING)
"""Encoders that can be opened by the name that a generation keeps; another's may have been a folder's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of both generations, None where there are none; ``note`` says why they were not compared.

    ``accepted`` is the reason for which a generation that fell goes live all the same, else empty.
    """

    candidate: Quality | None = None
    live: Quality | None = None
    note: str = ""
    accepted: str = ""


def judge(kb: KnowledgeBase, candidate: str, accept_fall: str | None, on_progress: OnProgress = no_progress) -> Verdict:
    """Compare a built generation with the live one.

    Raises:
        QualityFell: the candidate falls and ``accept_fall`` gives no reason to go live all the same.
    """
    if not topics.CORPUS.is_dir():
        return Verdict(note="the golden topics come with a checkout of the project, and this is an installed package")
    found = topics_for(kb.catalog.documents.all({State.PUBLISHED}), topics.CORPUS)
    if len(found.topics) < FEWEST:
        return Verdict(note=f"the published decks can be judged by {len(found.topics)} golden topics, {FEWEST} are needed")
    quality = _measured(kb, kb.generations.open(candidate, kb.encoder.spec), found, on_progress)
    live = next((generation for generation in kb.catalog.journal.generations() if generation.live), None)
    before = _quality_of(kb, live, found, on_progress) if live else None
    if live is None or before is None:
        return Verdict(quality, note="the index before can no longer be searched, and no figure was kept with it")
    if quality.ndcg >= before.low:
        return Verdict(quality, before)
    if accept_fall is None:
        raise _fallen(live.id, before, quality)
    return Verdict(quality, before, accepted=accept_fall)


def _quality_of(kb: KnowledgeBase, live: Generation, found: TopicSet, on_progress: OnProgress) -> Quality | None:
    """The live generation's figures: measured now, else kept with it, else measured with the encoder that made it."""
    if opened := _opened(kb, live):
        return _measured(kb, opened, found, on_progress)
    if live.quality is not None and live.quality.judged == found.fingerprint:
        return live.quality
    if live.encoder not in _COMING_ALONG:
        return None
    earlier = KnowledgeBase.open(dataclasses.replace(kb.settings, encoder=live.encoder))
    with contextlib.closing(earlier.catalog):
        opened = _opened(earlier, live)
        return _measured(earlier, opened, found, on_progress) if opened else None


def _opened(kb: KnowledgeBase, generation: Generation) -> OpenGeneration | None:
    try:
        return kb.generations.open(generation.id, kb.encoder.spec)
    except KBError:
        return None


def _measured(kb: KnowledgeBase, generation: OpenGeneration, found: TopicSet, on_progress: OnProgress) -> Quality:
    values: list[float] = []
    for number, topic in enumerate(found.topics):
        on_progress(Progress("searching", number, len(found.topics)))
        query = kb.understand(ANYONE, topic.text)
        # Through the searcher and not through kb.search, which asks the live generation and counts who searches for what.
        hits = kb.searcher(generation, query.filters).search(query, _AS_SEARCHED, Stopwatch()).hits
        values.append(ndcg([found.slide(hit) for hit in hits], topic.grades, 10))
    measure = with_interval(values)
    return Quality(measure.value, measure.low, measure.high, len(values), found.fingerprint)


def _fallen(live: str, before: Quality, found: Quality) -> QualityFell:
    expected = f"at least {before.low:.3f}, as {live} reaches {before.ndcg:.3f}"
    return QualityFell(
        f"Search would get worse: nDCG@10 over {found.topics} golden topics is {found.ndcg:.3f}; expected {expected}. "
        f"{live} stays live.",
        remedy='Check KB_ENCODER and what has changed, or publish it all the same: kb reindex --accept-fall "REASON".',
    )
