"""What an Office Open XML file states of itself: title, author and date among its core properties."""

from __future__ import annotations

import datetime as dt
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS
from ingest.load.limits import load_issue
from ingest.load.package import Package, PartError
from ingest.load.text import one_line, sensible_author, sensible_date, sensible_title
from kb.types import DocumentMetadata, Issue, Severity


def core_properties(package: Package) -> tuple[DocumentMetadata, list[Issue]]:
    """Title, author and date that the file states; a broken statement is only worth a remark."""
    try:
        links = package.relationships("").values()
        part = next((link.target for link in links if link.kind == "core-properties"), "")
        return (_stated(package.xml(part)) if package.has(part) else DocumentMetadata()), []
    except PartError as error:
        issue = load_issue(error.code, f"document properties: {error.message}", severity=Severity.INFO)
        return DocumentMetadata(), [issue]


def main_part(package: Package, usual: str) -> str:
    """The part that the container names as its document, or the ``usual`` one; raises :class:`PartError`."""
    links = package.relationships("").values()
    return next((link.target for link in links if link.kind == "officeDocument" and not link.external), usual)


def _stated(properties: Element) -> DocumentMetadata:
    changed = properties.findtext("dcterms:modified", "", NS) or properties.findtext("dcterms:created", "", NS)
    return DocumentMetadata(
        title=sensible_title(properties.findtext("dc:title", "", NS)),
        speaker=sensible_author(properties.findtext("dc:creator", "", NS)),
        date=_iso_date(one_line(changed)),
    )


def _iso_date(text: str) -> dt.date | None:
    try:
        return sensible_date(dt.date.fromisoformat(text[:10]))
    except ValueError:
        return None
