"""A text that is painted only when it has changed."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Calm(Static):
    """Shows content; empty content takes no room."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("", id=id, classes=classes, markup=False)
        self._painted = Content("")

    @property
    def painted(self) -> str:
        """The text that stands there."""
        return self._painted.plain if self.display else ""

    def show(self, content: Content) -> None:
        """Paint `content` unless that is what stands there already."""
        if content.plain == self._painted.plain and content.spans == self._painted.spans:
            return
        resized = content.plain.count("\n") != self._painted.plain.count("\n") or self._wraps(content)
        self._painted = content
        self.display = bool(content.plain) or not self.has_class("-vanishes")
        self.update(content, layout=resized)

    def _wraps(self, content: Content) -> bool:
        """Whether a line of the old or the new content is longer than the widget is wide."""
        width = max(1, self.content_size.width)
        return any(line.cell_length > width for old in (content, self._painted) for line in old.split("\n"))
