"""Conditions, the rest of what a case may need, and the means to mend the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codelog.case.access import Attempt
from codelog.case.vocabulary import ACCESS_ROUTES, CARES
from codelog.clinical.entries import Condition
from codelog.debrief.wording import label, word
from codelog.terminal.acts import access
from codelog.terminal.acts.child import turn
from codelog.terminal.acts.scribe import Scribe, act
from codelog.terminal.session import Press
from codelog.terminal.strip import Choice, Number, Step, Strip

ABSENT_OR_PRESENT = (Choice("asked, and absent", False), Choice("present", True))
"""The answers about a contraindication or caution, under the same digits wherever it is asked about."""


@act("condition")
def condition(scribe: Scribe, press: Press) -> Strip | None:
    """A contraindication or caution was asked about."""
    return Strip("Condition", asked(scribe, press))


def asked(scribe: Scribe, press: Press) -> Step:
    """Which contraindication or caution was asked about, and the answer."""

    def noted(chosen: Condition, present: bool, **where: Any) -> None:
        scribe.submit("condition.noted", {"condition": chosen.id, "present": present, **where}, press)

    def which(chosen: Condition) -> Step:
        return Step(f"{chosen.label}?", lambda present: place(chosen, present), ABSENT_OR_PRESENT)

    def place(chosen: Condition, present: bool) -> Step | None:
        if chosen.scope in ("systemic", "caution") or chosen.bone is not None:
            noted(chosen, present)
            return None

        def nowhere() -> None:
            noted(chosen, present)

        return Step(
            "where?",
            lambda where: noted(chosen, present, bone=where[0], side=where[1]),
            _bones(scribe),
            on_skip=nowhere,
            on_close=nowhere,
            skips_to="no bone named",
        )

    choices = [Choice(one.label, one) for one in scribe.tables.conditions.values()]
    return Step("which one was asked about?", which, choices)


def _bones(scribe: Scribe) -> list[Choice]:
    found: dict[tuple[str, str], Choice] = {}
    for site in scribe.tables.io_sites.values():
        for side in site.sides:
            name = label(scribe.tables.bones, site.bone)
            found[site.bone, side] = Choice(
                name if side == "midline" else f"{side} {name}", (site.bone, side)
            )
    return list(found.values())


@act("more")
def more(scribe: Scribe, press: Press) -> Strip | None:
    """What is needed less often."""
    steps: dict[str, Callable[[Scribe, Press], Step | None]] = {
        "an infusion was stopped": _stop,
        "another care starts or ends": _care,
        "a complication": _complication,
        "somebody joins the team": _team,
        "IO equipment": kit,
        "a line was in place already": _present,
    }
    choices = [Choice(words, words) for words in steps]
    return Strip("More", Step("what?", lambda words: steps[words](scribe, press), choices))


def _stop(scribe: Scribe, press: Press) -> Step | None:
    running = scribe.view.state().running_infusions()

    def stop(number: Any) -> Step:
        ticket = scribe.submit("infusion.stopped", {"infusion": number}, press)
        volume = Number(lambda ml: f"{ml} mL", most=5000)
        return Step(
            "mL given? then Enter", lambda ml: scribe.add(ticket, "volume", f"{ml} mL"), number=volume
        )

    if not running:
        scribe.tell("Nothing entered: no infusion is running.")
        return None
    if len(running) == 1:
        return stop(running[0].number)
    choices = [
        Choice(f"{label(scribe.tables.fluids, i.fluid)}, infusion {i.number}", i.number) for i in running
    ]
    return Step("which one?", stop, choices)


def _care(scribe: Scribe, press: Press) -> Step:
    running = scribe.view.state().cares
    rest = [care for care in CARES if care not in ("ppv", "compressions")]
    choices = [
        Choice(f"{word('care', care)} {'ends' if care in running else 'starts'}", care) for care in rest
    ]
    return Step("which one?", lambda care: turn(scribe, press, care), choices)


def _complication(scribe: Scribe, press: Press) -> Step:
    def which(id: str) -> Step | None:
        attempts = list(scribe.view.state().access.attempts.values())
        attempts.reverse()

        def of(attempt: Attempt | None) -> None:
            number = {} if attempt is None else {"attempt": attempt.number}
            scribe.submit("complication.noted", {"complication": id, **number}, press)

        def unsaid() -> None:
            of(None)

        if not attempts:
            of(None)
            return None
        choices = [Choice(scribe.session.target(attempt).words, attempt) for attempt in attempts]
        return Step("of which attempt?", of, choices, on_skip=unsaid, on_close=unsaid, skips_to="of none")

    choices = [Choice(one.label, one.id) for one in scribe.tables.complications.values()]
    return Step("which one?", which, choices)


def _team(scribe: Scribe, press: Press) -> Step:
    def joined(role: str) -> Step:
        count = sum(member.role == role for member in scribe.view.state().team.values())
        known = {"person": f"{role} {count + 1}", "role": role}
        scribe.submit("team.noted", known, press)
        return experience(scribe, known)

    return Step("who?", joined, [Choice(role, role) for role in scribe.config.operator_roles])


def experience(scribe: Scribe, known: dict[str, str]) -> Step:
    """Whether somebody of the team has placed umbilical catheters and IO needles before."""

    def ask(field: str, what: str, after: Step | None) -> Step:
        def say(value: bool) -> Step | None:
            scribe.submit("team.noted", {**known, field: value}, scribe.press)
            return after

        answers = [Choice("yes", True), Choice("no", False)]
        return Step(f"experienced with {what}?", say, answers, on_skip=lambda: after)

    return ask("uvc_experienced", "umbilical catheters", ask("io_experienced", "IO", None))


def kit(scribe: Scribe, press: Press, looked: Press | None = None) -> Step:
    """The equipment for IO access: all there, or what is missing, as seen then or else at the digit."""
    items = scribe.tables.kit

    def say(item: str | None) -> Step | None:
        if item is None:
            scribe.submit("kit.checked", {"items": dict.fromkeys(items, True)}, looked or press)
            return None
        scribe.submit("kit.checked", {"items": {item: False}}, looked or scribe.press)
        return kit(scribe, press, looked)

    missing = {item for item, there in scribe.view.state().kit.items() if not there}
    choices = [Choice("all of it is ready", None)]
    choices += [
        Choice(f"missing: {one.label.split(' (')[0]}", one.id, marked=one.id in missing)
        for one in items.values()
    ]
    return Step("what is there?", say, choices, skips_to="done")


def _present(scribe: Scribe, press: Press) -> Step:
    def by(route: str) -> Step | None:
        def there(where: tuple[str, str] | None) -> None:
            place = {} if where is None else {"site": where[0], "side": where[1]}
            scribe.submit("access.present", {"route": route, **place}, press)

        def unsaid() -> None:
            there(None)

        if route == "uvc":
            there(("umbilical_vein", "midline"))
            return None
        choices = access.io_sites(scribe) if route == "io" else access.vein_sites(scribe, route)
        return Step("where?", there, choices, on_skip=unsaid, on_close=unsaid, skips_to="not known")

    return Step(
        "by which route?", by, [Choice(word("access_route", route), route) for route in ACCESS_ROUTES]
    )


@act("earlier")
def earlier(scribe: Scribe, press: Press) -> Strip | None:
    """The next entry happened some time ago."""

    def arm(seconds: int) -> None:
        scribe.ago_ms = seconds * 1000

    def disarm() -> None:
        scribe.ago_ms = 0

    def minutes(count: int) -> None:
        arm(count * 60)

    other = Step(
        "minutes ago? then Enter", minutes, number=Number(lambda count: f"{count} min", most=1440, least=1)
    )
    choices = [Choice(ago_words(seconds), seconds) for seconds in scribe.config.ago_seconds] + [
        Choice("another time", None)
    ]
    step = Step(
        "how long ago?",
        lambda seconds: other if seconds is None else arm(seconds),
        choices,
        on_skip=disarm,
        skips_to="now after all",
    )
    return Strip("The next entry happened earlier", step)


def ago_words(seconds: int) -> str:
    """`30 s`, `1 min`, `90 s`."""
    minutes, rest = divmod(seconds, 60)
    return f"{seconds} s" if rest else f"{minutes} min"


@act("undo")
def undo(scribe: Scribe, press: Press) -> Strip | None:
    """The newest entry was a mistake."""
    words = scribe.session.undo(press)
    scribe.tell(
        "There is no entry to undo." if words is None else f"Undone, and kept struck through: {words}"
    )
    return None
