"""What a screen for the whole room shows: figures and a flag in large letters, the bones, who records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from codelog.case.flags import Flag
from codelog.debrief.plain import plain
from codelog.debrief.wording import MARKS, site_words, word
from codelog.live.presence import Holder
from codelog.live.view import CaseView
from codelog.terminal.widgets.anatomy import BODY_WIDTH, body
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.figures import (
    ALARM,
    CALM,
    WORTH_A_LOOK,
    Reading,
    attempts,
    clock,
    instant_shown,
    waiting,
)
from codelog.terminal.widgets.lettering import can_write, lettered, rows, width
from codelog.terminal.widgets.site_marks import marked_sites

Part = tuple[str, str]
LARGEST = 4
_GAP = 3
_LIST_WIDTH = 40
_MARK_WIDTH = 4
_HEAD = re.compile(r"[^:;,]+")


def from_zero(view: CaseView) -> Reading:
    """Time from case zero; it stands still in a closed case."""
    state = view.state()
    if state.opened is None:
        return Reading("CASE", clock(0))
    title = "TRAINING CASE" if state.opened.mode == "training" else "CASE"
    since = "closed" if state.closed is not None else f"from {word('zero', state.opened.zero)}"
    return Reading(title, clock(max(0, instant_shown(view) - state.zero)), since)


def access(view: CaseView) -> Reading:
    """Time without access with its limit, or the line that works."""
    working, wait = view.state().access.working, waiting(view)
    if wait is not None:
        limit = "" if wait.limit is None else f"limit {clock(wait.limit)}, "
        return Reading("WITHOUT ACCESS", clock(wait.waited), f"{limit}{wait.urgency}", wait.tone)
    if not working:
        return Reading("ACCESS", "none", "no need noted")
    line = list(working.values())[-1]
    where = site_words(line.text("site"), line.text("side"), view.tables) or "site not described"
    sure = ", not confirmed" if line.route == "io" and line.confirmed is None else ""
    more = f" +{len(working) - 1}" if len(working) > 1 else ""
    return Reading(
        "ACCESS", f"{word('access_route', line.route)}{more}", f"line {line.number}, {where}{sure}"
    )


def readings(view: CaseView) -> tuple[Reading, Reading, Reading]:
    """The three figures of the room."""
    tried = attempts(view)
    return from_zero(view), access(view), replace(tried, figure=tried.figure.replace(" ", ""))


def scale_for(figures: Sequence[str], columns: Sequence[int], lines: int) -> int:
    """The largest scale at which every figure fits into its columns, and all into the lines; at least 1."""
    for scale in range(LARGEST, 1, -1):
        fits = all(width(figure, scale) <= room for figure, room in zip(figures, columns))
        if fits and rows(scale) <= lines:
            return scale
    return 1


class LargeTile(Calm):
    """One figure in large letters with its title."""

    def read(self, reading: Reading, scale: int) -> None:
        """Show a reading."""
        tone = {CALM: "", WORTH_A_LOOK: "$warning", ALARM: "$alarm-foreground"}[reading.tone]
        self.set_class(reading.tone == ALARM, "-alarm")
        figure = "\n".join(large(reading.figure, scale, self.content_size.width))
        self.show(
            Content.assemble(
                (reading.title, f"bold {tone}" if tone else "bold $quiet"),
                "\n",
                (figure, tone),
                "\n",
                (plain(reading.beneath, 80), tone or "$quiet"),
            )
        )


class LargeClocks(Horizontal):
    """The three figures of the room side by side, as large as they fit."""

    def compose(self) -> ComposeResult:
        """Time from zero, access, attempts."""
        for name in ("zero", "access", "attempts"):
            yield LargeTile(id=f"room-{name}", classes="room-tile")

    def read(self, view: CaseView) -> None:
        """Show the case as it stands now."""
        tiles = list(self.query(LargeTile))
        shown = readings(view)
        columns = [tile.content_size.width - 2 for tile in tiles]
        scale = scale_for([reading.figure for reading in shown], columns, self.app.size.height // 4)
        self.styles.height = rows(scale) + 2 + self.styles.padding.height
        for tile, reading in zip(tiles, shown):
            tile.read(reading, scale)


def large(text: str, scale: int, columns: int) -> list[str]:
    """The text in large letters, or as it is where there are no such letters or no room for them."""
    if not can_write(text) or width(text, scale) > columns:
        return [plain(text, 200)]
    return lettered(text, scale)


class RoomFlag(Calm):
    """The most urgent flag: its beginning in large letters after its marks, then its text exactly as the scribe sees it."""

    def read(self, flag: Flag | None, others: int) -> None:
        """Show a flag, or nothing."""
        for priority in MARKS:
            self.set_class(flag is not None and flag.data.priority == priority, f"-{priority}")
        if flag is None:
            self.show(Content(""))
            return
        marks, text = MARKS[flag.data.priority], plain(flag.data.text, 600)
        columns = self.app.size.width - 4
        parts: list[Part] = []
        start = _HEAD.match(text)
        head = f"{marks} {start[0].strip()}" if start else marks
        if can_write(head) and width(head) <= columns:
            twice = self.app.size.height >= 40 and width(head, 2) <= columns
            parts += [("\n".join(lettered(head, 2 if twice else 1)), ""), ("\n", "")]
        parts.append((f"{marks} {text}", "bold"))
        if others:
            parts.append((f"  + {others} more", "bold"))
        self.show(Content.assemble(*parts))


def bones(view: CaseView, columns: int, lines: int) -> Content:
    """How every IO site stands, the best first; where there is room, on the body too, by the same marks."""
    marked = marked_sites(view)
    names = [site_words(*site.place, view.tables) for site in marked]
    said = [site.status.preference if site.mark.text[0].isdigit() else site.words for site in marked]
    longest = max(map(len, names), default=0)
    in_columns = _MARK_WIDTH + longest + 1 + max(map(len, said), default=0) <= columns
    listed = [Content.assemble(("IO SITES", "bold $quiet"))]
    for site, name, words in zip(marked, names, said):
        closed = site.status.ruled_out is not None
        gap = longest - len(name) + 1 if in_columns else 1
        listed.append(
            Content.assemble(
                (f"{site.mark.text:>{_MARK_WIDTH - 1}} ", site.mark.style),
                (name, "strike $quiet" if closed else ""),
                (" " * gap, ""),
                (words if closed or in_columns else "", site.mark.style if closed else "$quiet"),
            )
        )
    drawn = [Content.assemble(*line) for line in body({site.place: site.mark for site in marked})]
    if columns >= BODY_WIDTH + _GAP + _LIST_WIDTH:
        empty = Content(" " * BODY_WIDTH)
        pairs = zip_longest(drawn, listed)
        listed = [(left or empty) + Content(" " * _GAP) + (right or Content("")) for left, right in pairs]
    elif columns >= BODY_WIDTH and lines > len(listed) + len(drawn):
        listed += [Content(""), *drawn]
    return Content("\n").join(listed)


def heading(view: CaseView, case: str) -> Content:
    """Which case this is, and the wall's time."""
    state = view.state()
    parts: list[Part] = [("watching ", "$quiet"), (case[:8], "bold"), (f"  {_wall(view.now())}", "$quiet")]
    if state.opened is not None:
        if state.opened.mode == "training":
            parts.append(("  TRAINING ", "bold $warning"))
        parts.append((f"  {word('setting', state.opened.setting)}", ""))
        if state.opened.label:
            parts.append((f"  {plain(state.opened.label, 60)}", "$quiet"))
    return Content.assemble(*parts)


def trouble(view: CaseView, holder: Holder | None, unreadable: str | None) -> Content:
    """What everybody in the room has to know: that the log cannot be read, or that nobody records."""
    lines = []
    if unreadable is not None:
        lines.append(
            f"THIS SCREEN STANDS STILL: the log cannot be read. Tried again. ({plain(unreadable, 200)})"
        )
    if holder is None and view.events and view.state().closed is None:
        lines.append(
            "NOBODY IS RECORDING: no terminal writes this case, so flags that come due by time are not raised."
        )
    return Content("\n".join(lines))


def _wall(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone().strftime("%H:%M")
