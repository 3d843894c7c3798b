"""What to ask before the needle goes in: contraindications, the bone itself, the equipment. Nothing has to be answered."""

from __future__ import annotations

from collections.abc import Sequence

from codelog.clinical.entries import Condition
from codelog.debrief.wording import site_words
from codelog.rules.bones import systemic, systemic_by
from codelog.terminal.acts.access import io_sites
from codelog.terminal.acts.record import ABSENT_OR_PRESENT, kit
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.session import Press
from codelog.terminal.strip import Choice, Step, Strip


def io_checks(scribe: Scribe, press: Press) -> Strip | None:
    """The questions of the IO sheet that are still open, one digit each; None when there are none left.

    Each answer is entered at the instant of its digit.
    """
    step = _systemic(scribe, never_asked(scribe))
    return None if step is None else Strip("IO checks", step)


def never_asked(scribe: Scribe) -> list[Condition]:
    """The contraindications for every bone that nobody has asked about, with the answers that are on their way."""
    view, tables = scribe.view, scribe.tables
    asked = {*systemic_by(view.state(), tables, view.now())}
    pending = [one for one in scribe.session.pending.values() if one.undo is None]
    asked |= {one.data["condition"] for one in pending if one.kind == "condition.noted"}
    return [tables.conditions[name] for name in systemic(tables) if name not in asked]


def _systemic(scribe: Scribe, left: Sequence[Condition]) -> Step | None:
    if not left:
        return _bone(scribe)
    condition, rest = left[0], left[1:]

    def following() -> Step | None:
        return _systemic(scribe, rest)

    def say(present: bool) -> Step | None:
        scribe.submit("condition.noted", {"condition": condition.id, "present": present}, scribe.press)
        return following()

    return Step(f"{condition.label}?", say, ABSENT_OR_PRESENT, on_skip=following)


def _bone(scribe: Scribe, told: frozenset[tuple[str, str]] = frozenset()) -> Step | None:
    """What speaks against the bone of the first open site; once something does, the next bone is asked about."""
    tables = scribe.tables
    first = _first_open(scribe, told)
    if first is None:
        return _equipment(scribe)
    site, side = first
    bone = tables.io_sites[site].bone

    def say(condition: Condition) -> Step | None:
        where = {"bone": bone, "side": side}
        scribe.submit("condition.noted", {"condition": condition.id, "present": True, **where}, scribe.press)
        return _bone(scribe, told | {(bone, side)})

    local = [
        condition
        for condition in tables.conditions.values()
        if condition.scope not in ("systemic", "caution") and condition.bone in (None, bone)
    ]
    return Step(
        f"{site_words(site, side, tables)}: anything against it?",
        say,
        [Choice(condition.label, condition) for condition in local],
        on_skip=lambda: _equipment(scribe),
        skips_to="go on",
    )


def _first_open(scribe: Scribe, told: frozenset[tuple[str, str]]) -> tuple[str, str] | None:
    """The first site (with its side) that is offered, also by what is on its way, on none of the bones told of."""
    sites = scribe.tables.io_sites
    offered = {(status.site.id, status.side) for status in scribe.view.bones().sites() if status.open}
    free = [choice.value for choice in io_sites(scribe) if choice.against is None]
    return next(
        (
            (site, side)
            for site, side in free
            if (site, side) in offered and (sites[site].bone, side) not in told
        ),
        None,
    )


def _equipment(scribe: Scribe) -> Step | None:
    """The equipment, unless all of it is known to be ready."""
    ready = scribe.view.state().kit
    return None if all(ready.get(item) for item in scribe.tables.kit) else kit(scribe, scribe.press)
