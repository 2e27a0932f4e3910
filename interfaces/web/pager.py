"""A long list in pages: how much of it one holds, and the way to the page before and the next."""

from __future__ import annotations

from collections.abc import Callable

from interfaces.messages import Messages
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag
from interfaces.web.view import LAST_PAGE

CARDS_A_PAGE = 24
"""Cards with pictures: as many as a page can hold without becoming heavy."""


def shown(page: int) -> slice:
    """The cards of a page, counted from 1."""
    return slice((page - 1) * CARDS_A_PAGE, page * CARDS_A_PAGE)


def reachable(page: int, found: int, a_page: int) -> int:
    """The page, or the last one that ``found`` things fill, where it lies beyond: links grow old."""
    return min(page, max(1, -(-found // a_page)))


def card_page(page: int, found: int) -> int:
    """The page of cards that can be shown of ``found``: see :func:`reachable`."""
    return reachable(page, found, CARDS_A_PAGE)


def pager(t: Messages, page: int, more: bool, link: Callable[[int], str]) -> Markup:
    """The links to the neighbouring pages; ``link`` gives a page's address inside the app. Nothing where there are none."""
    links = []
    if page > 1:
        links.append(inside(t("results.previous"), link(page - 1), class_="kb-button", data_inside="top", rel="prev"))
    if more and page < LAST_PAGE:
        links.append(inside(t("results.next"), link(page + 1), class_="kb-button", data_inside="top", rel="next"))
    return tag("nav", *links, class_="kb-pages", aria_label=t("results.pages")) if links else Markup()
