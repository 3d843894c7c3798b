"""What stands beside the timeline when it is asked for: the keys, the bones, the reasons of a flag, the lines."""

from __future__ import annotations

from textual.content import Content

from codelog.case.flags import Flag
from codelog.case.instants import InstantError, format_elapsed, parse_instant
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import label, site_words, word
from codelog.live.view import CaseView
from codelog.terminal.actions import GROUPS
from codelog.terminal.keymap import Keymap
from codelog.terminal.widgets.figures import clock
from codelog.terminal.widgets.io_sheet import site_list

Part = tuple[str, str]
_WIDTH = 40


def _title(words: str, key: str) -> list[Part]:
    return [(words, "bold $primary"), (f"   {key} closes, → ← scroll\n", "$quiet")]


def help_sheet(keymap: Keymap) -> Content:
    """Every key with what it means."""
    parts = _title("Letters act, digits describe", keymap.key("help"))
    parts.append(
        (
            "A letter is an entry at the instant of the press. Digits then describe it. Nothing has to be answered.\n",
            "$quiet",
        )
    )
    for group in GROUPS:
        parts.append((f"\n{group}\n", "bold"))
        for action in keymap.in_group(group):
            parts += [(f"{action.key_words:>5} ", "bold $key"), (f" {action.name}: {action.words}\n", "")]
    return Content.assemble(*parts).rstrip()


def why_sheet(flag: Flag, view: CaseView, keymap: Keymap) -> Content:
    """Everything behind a flag."""
    data, tables, zero = flag.data, view.tables, view.state().zero
    parts = _title(f"Why flag {flag.number}", keymap.key("flag.why"))
    protocol = view.protocol
    status = "" if protocol.status == "verified" else f" ({protocol.status})"
    for name, value in (
        ("Rule", f"{data.rule}, because of: {data.basis.replace('_', ' ')}"),
        ("Came due", clock(data.due_at - zero)),
        ("Limit", data.threshold),
        ("Source", data.source),
        ("Protocol", f"{protocol.id} {protocol.version}{status}"),
    ):
        parts += [(f"{name:<10}", "$quiet"), (f"{plain(value, 300)}\n", "")]
    parts.append(("\nFacts\n", "bold"))
    for name, value in data.facts.items():
        parts += [(f"  {name.replace('_', ' ')}: ", "$quiet"), (f"{_fact(value, zero)}\n", "")]
    entries = ", ".join(f"#{seq}" for seq in data.evidence)
    parts += [("  entries: ", "$quiet"), (f"{entries}\n", "")]
    if data.unknown:
        parts += [("\nNot known\n", "bold"), (f"  {_names(data.unknown, tables)}\n", "$warning")]
    if data.alternatives:
        parts.append(("\nAlternatives, in order\n", "bold"))
        for number, name in enumerate(data.alternatives, start=1):
            parts.append((f"  {number}. {_alternative(name, tables)}\n", ""))
    return Content.assemble(*parts).rstrip()


def _fact(value: object, zero: int) -> str:
    text = str(value)
    try:
        return f"{format_elapsed(parse_instant(text) - zero, millis=False)}"
    except InstantError:
        return plain(text, 200)


def _names(names: tuple[str, ...], tables: Tables) -> str:
    return ", ".join(plain(label(tables.conditions, name), 60) for name in names)


def _alternative(name: str, tables: Tables) -> str:
    if name == "venous":
        return "a further vein"
    if name == "uvc":
        return "the umbilical vein"
    site, _, side = name.partition(" ")
    return plain(site_words(site, side or None, tables), 60)


def case_sheet(view: CaseView, keymap: Keymap) -> Content:
    """The child, the lines and the attempts at a glance."""
    state, tables, now = view.state(), view.tables, view.now()
    opened = state.opened
    parts: list[Part] = [("Case\n", "bold $primary")]
    if opened is not None:
        parts.append((f"{word('setting', opened.setting)}, protocol {view.protocol.id}\n", ""))
        if opened.label:
            parts.append((f"{plain(opened.label, 120)}\n", "$quiet"))
    weight, weeks, age = state.value("weight"), state.value("gestation_weeks"), state.age_days()
    child = [
        f"weight unknown ({keymap.key('patient')})" if weight is None else str(weight),
        None if weeks is None else f"{weeks} weeks",
        "age unknown" if age is None else f"{age} days old",
        None if state.value("cord") is None else f"cord {word('cord', state.value('cord'))}",
    ]
    parts += [("\nChild\n", "bold $primary"), (", ".join(part for part in child if part) + "\n", "")]
    parts.append(("\nAccess\n", "bold $primary"))
    attempts = list(state.access.attempts.values())
    if not attempts:
        parts.append(("nothing tried yet\n", "$quiet"))
    for attempt in reversed(attempts[-8:]):
        where = site_words(attempt.text("site"), attempt.text("side"), tables)
        name = f"{attempt.number} {word('access_route', attempt.route)} {where}".strip()
        if attempt.in_progress:
            parts += [(f"{name} ", ""), (f"trying, {clock(now - attempt.start.at)}\n", "bold $warning")]
        elif attempt.works:
            sure = "confirmed" if attempt.confirmed is not None else "not confirmed"
            parts += [(f"{name} ", ""), (f"works, {sure}\n", "bold $success")]
        elif attempt.established is not None:
            parts += [(f"{name} ", ""), (f"{attempt.gone_by}\n", "$quiet")]
        else:
            parts += [(f"{name} ", ""), (f"{attempt.outcome}\n", "$quiet")]
    parts += [
        ("\nIO sites", "bold $primary"),
        (f"   {keymap.key('sites')} tells more\n", "$quiet"),
        *(part for line in site_list(view, _WIDTH) for part in (*line, ("\n", ""))),
    ]
    return Content.assemble(*parts).rstrip()
