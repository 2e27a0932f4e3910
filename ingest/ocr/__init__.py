"""Text recognition: pages without a usable text layer, and pictures that fill a page, are read from their pictures.

rapidocr finds the lines and reads Latin letters, tesseract reads Korean; either may be missing, and then the issues say
which pages were not read and what to install.
"""

from ingest.ocr.engines import Tools, available
from ingest.ocr.legible import Need
from ingest.ocr.reading import Outcome, Sheet, Task, read_page, tasks, with_outcomes

__all__ = ["Need", "Outcome", "Sheet", "Task", "Tools", "available", "read_page", "tasks", "with_outcomes"]
