"""The map of slides keeps neighbours together and languages out."""

from __future__ import annotations

import numpy as np
import pytest

from kb.landscape import laid_out
from kb.types import Vectors


def groups(of: int, offset: float = 0.0) -> Vectors:
    """Two bundles of ``of`` vectors each, all moved by ``offset`` along a third axis."""
    noise = np.random.default_rng(1).normal(0, 0.05, (2 * of, 8)).astype(np.float32)
    noise[:of, 0] += 1
    noise[of:, 1] += 1
    noise[:, 2] += offset
    return noise


def test_what_is_similar_lies_together() -> None:
    points = laid_out(groups(12), ["id"] * 24)
    within = np.linalg.norm(points[:12] - points[:12].mean(axis=0), axis=1).mean()
    apart = np.linalg.norm(points[:12].mean(axis=0) - points[12:].mean(axis=0))
    assert apart > 1.5 * within


def test_slides_of_two_languages_about_one_thing_lie_together() -> None:
    rows = np.concatenate([groups(8), groups(8, offset=3.0)])
    points = laid_out(rows, ["id"] * 16 + ["ko"] * 16)
    subject = [points[i : i + 8].mean(axis=0) for i in (0, 8, 16, 24)]
    assert np.linalg.norm(subject[0] - subject[2]) < np.linalg.norm(subject[0] - subject[1])


def test_the_same_slides_give_the_same_map() -> None:
    assert np.array_equal(laid_out(groups(6), ["en"] * 12), laid_out(groups(6), ["en"] * 12))


@pytest.mark.parametrize("n", [1, 2, 4, 5, 6])
def test_a_handful_of_slides_has_a_map_too(n: int) -> None:
    points = laid_out(groups(3)[:n], ["en"] * n)
    assert points.shape == (n, 2)
    assert ((points >= 0) & (points <= 1)).all()
    assert len(np.unique(points.round(6), axis=0)) == n
