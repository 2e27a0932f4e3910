"""A row of links of which one is the present view: it stands in the address, so that back and a copied link know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag


class Choice(NamedTuple):
    """A view that can be chosen: its name, its address inside the app, and whether it is the present one."""

    label: str
    link: str
    chosen: bool


def switch(name: str, choices: Iterable[Choice]) -> Markup:
    """The choices in a row; ``name`` says to those who do not see them what is chosen."""
    links = (inside(one.label, one.link, aria_current="true" if one.chosen else None) for one in choices)
    return tag("span", *links, class_="kb-switch", role="group", aria_label=name)
