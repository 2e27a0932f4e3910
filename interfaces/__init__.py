"""The doors: each adapts, none decides."""
