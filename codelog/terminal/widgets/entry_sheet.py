"""One entry of the log whole: what was entered, when and by whom, and how it was mended since."""

from __future__ import annotations

from datetime import UTC, datetime

from textual.content import Content

from codelog.case.events import Event, EventAmended, EventRetracted, FlagRaised, write_data
from codelog.case.instants import InstantError, format_elapsed, parse_instant
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import NOT_RECORDED, describe, value_words
from codelog.terminal.marks import Marks, Standing
from codelog.terminal.rows import LATE_MS

Part = tuple[str, str]
_LIMIT = 600


def entry_sheet(event: Event, marks: Marks, zero: int, tables: Tables) -> Content:
    """Sentence, times, fields as they stand with what was entered at first, and every correction with its reason."""
    standing = marks.standing(event)
    now = standing.now
    struck = "strike $quiet" if standing.retraction is not None else "bold"
    parts: list[Part] = [
        (f"Entry #{event.seq}", "bold $primary"),
        ("   ← closes, → and ← scroll\n", "$quiet"),
        (f"{plain(describe(now.data, tables), _LIMIT)}\n\n", struck),
        ("happened  ", "$quiet"),
        (f"{_clock(now.at, zero)}  {_wall(now.at)}  {now.basis}", ""),
    ]
    if now.within_ms is not None:
        parts.append((f", within {now.within_ms / 1000:g} s", ""))
    if now.at != event.at:
        parts.append((f"  (entered as {_clock(event.at, zero)})", "$warning"))
    late = event.recorded_at - now.at > LATE_MS
    parts += [
        ("\nentered   ", "$quiet"),
        (f"{_clock(event.recorded_at, zero)}  {_wall(event.recorded_at)}", "$warning" if late else ""),
        (f"  by {plain(event.by, 80)}\n\n", ""),
    ]
    parts += _fields(standing, tables)
    for entry in (event, *standing.added):
        parts += _history(entry, marks, zero, tables)
    return Content.assemble(*parts).rstrip()


def _fields(standing: Standing, tables: Tables) -> list[Part]:
    event = standing.entered
    if isinstance(event.data, (EventAmended, EventRetracted, FlagRaised)):
        return []
    entered, now = write_data(event.data), write_data(standing.now.data)
    for name, source in standing.sources.items():
        entered[name] = write_data(source.data).get(name)
    added = [entry.data.changes for entry in standing.added if isinstance(entry.data, EventAmended)]
    parts: list[Part] = []
    for name in dict.fromkeys((*entered, *now)):
        if name in ("protocol", "software"):
            continue
        old, new = (value_words(event.kind, name, raw.get(name), tables) for raw in (entered, now))
        parts += [(f"{name.replace('_', ' ')}: ", "$quiet"), (plain(new, _LIMIT), "")]
        if name in standing.sources:
            parts.append((f"  #{standing.sources[name].seq}", "$quiet"))
        if old != new and not any(name in changes for changes in added):
            parts.append((f"  (entered as {plain(old, _LIMIT)})", "$warning"))
        parts.append(("\n", ""))
    return parts


def _history(event: Event, marks: Marks, zero: int, tables: Tables) -> list[Part]:
    corrections = [*marks.amendments.get(event.seq, [])]
    if event.seq in marks.retracted:
        corrections.append(marks.retracted[event.seq])
    parts: list[Part] = []
    for correction in sorted(corrections, key=lambda correction: correction.seq):
        data = correction.data
        if isinstance(data, EventAmended):
            what = ", ".join(
                f"{name.replace('_', ' ')} → {_changed(event, name, value, zero, tables)}"
                for name, value in data.changes.items()
            )
        else:
            what = "retracted"
        reason = data.reason if isinstance(data, (EventAmended, EventRetracted)) else ""
        parts += [
            (f"\n#{correction.seq}  {_clock(correction.recorded_at, zero)}  ", "$quiet"),
            (plain(what, _LIMIT), "bold"),
            (f"\n     {plain(reason, _LIMIT)}, by {plain(correction.by, 80)}", ""),
        ]
    return [("\nMended", "bold"), *parts] if parts else []


def _changed(event: Event, name: str, value: object, zero: int, tables: Tables) -> str:
    if name != "at":
        return value_words(event.kind, name, value, tables)
    try:
        return _clock(parse_instant(str(value)), zero)
    except InstantError:
        return NOT_RECORDED


def _clock(instant: int, zero: int) -> str:
    return format_elapsed(instant - zero, millis=False)


def _wall(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone().strftime("%H:%M:%S")
