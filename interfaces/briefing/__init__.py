"""Briefings: what a reader selected, as a document to take into a meeting. Knows the knowledge base, no door."""

from __future__ import annotations

from interfaces.briefing.gathering import Addresses, Briefing, PracticeEntry, SlideEntry, gather
from interfaces.briefing.table import write_table
from interfaces.briefing.word import write_word

__all__ = ["Addresses", "Briefing", "PracticeEntry", "SlideEntry", "gather", "write_table", "write_word"]
