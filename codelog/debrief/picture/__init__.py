"""The picture of a case: lanes over time, as SVG for pages and as lines for terminals and mail."""

from codelog.debrief.picture.in_text import picture_text
from codelog.debrief.picture.svg import draw

__all__ = ["draw", "picture_text"]
