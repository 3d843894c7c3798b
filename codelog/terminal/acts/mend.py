"""Mending the record: any entry amended or retracted, with old and new value in view and the reason one digit away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from codelog.case import fields as types
from codelog.case.corrections import CorrectionError, amended, check_target
from codelog.case.events import (
    PROGRAM_FIELDS,
    Event,
    EventAmended,
    EventRetracted,
    Field,
    fields_of,
    write_data,
)
from codelog.case.instants import MINUTE, SECOND, format_elapsed, format_instant
from codelog.debrief.wording import NOT_RECORDED, label, site_words, value_words
from codelog.terminal.acts.access import io_sites, vein_sites
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.marks import Standing
from codelog.terminal.strip import Choice, Number, Step, Strip, Words

AMEND_REASONS = ("heard wrong", "wrong key", "checked afterwards", "said differently later")
RETRACT_REASONS = ("wrong key", "did not happen", "entered twice", "belongs to another case")
NO_REASON = "no reason given"
SHIFTS_S = (-30, -60, -120, -300, 30, 60)

_OWN_NUMBER = {
    "access.attempt_started": "attempt",
    "access.present": "attempt",
    "infusion.started": "infusion",
}
"""The numbers that a start gives its attempt or infusion: other entries name it by them, so they stay."""


def mend(scribe: Scribe, standing: Standing) -> Strip | None:
    """The questions about an entry: what is to be changed, into what, and why. None where it is not corrected."""
    event = standing.entered
    title = f"Entry #{event.seq}"
    if standing.retraction is not None:
        return Strip(title, _restore(scribe, standing.retraction))
    retraction = EventRetracted(target=event.seq, reason=NO_REASON)
    try:
        check_target(event, retraction)
        retractable = True
    except CorrectionError:
        retractable = False
    changes = _changes(scribe, standing)
    if not retractable and not changes:
        return None
    choices = [Choice("retract it", _retract(scribe, event))] if retractable else []
    choices += [Choice(f"{name}: {old}", step) for name, old, step in changes]
    return Strip(title, Step("what is to be changed?", lambda step: step, choices, skips_to="nothing"))


def _restore(scribe: Scribe, retraction: Event) -> Step:
    def restore(yes: bool) -> None:
        if yes:
            data = {"target": retraction.seq, "reason": "the entry was right"}
            scribe.submit("event.retracted", data, scribe.press)

    choices = [Choice("it stands again: the retraction was wrong", True), Choice("it stays retracted", False)]
    return Step("it is retracted", restore, choices, skips_to="nothing")


def _retract(scribe: Scribe, event: Event) -> Step:
    def retract(reason: str) -> None:
        scribe.submit("event.retracted", {"target": event.seq, "reason": reason}, scribe.press)

    return _why("retract it; why?", RETRACT_REASONS, retract)


def _why(prompt: str, reasons: Sequence[str], enter: Callable[[str], None]) -> Step:
    """The last question: one digit. The change has been chosen, so that passing the reason over enters it without."""
    other = Step("the reason in words", enter, words=Words(str), on_skip=partial(enter, NO_REASON))
    choices = [Choice(reason, reason) for reason in reasons] + [Choice("another reason", None)]
    return Step(
        prompt,
        lambda reason: other if reason is None else enter(reason),
        choices,
        on_skip=partial(enter, NO_REASON),
        on_close=partial(enter, NO_REASON),
        skips_to="enter it without a reason",
    )


def _changes(scribe: Scribe, standing: Standing) -> list[tuple[str, str, Step]]:
    """What can be amended in an entry: its name, its value now, and the question for the new one."""
    event = standing.entered
    try:
        check_target(event, EventAmended(target=event.seq, changes={}, reason=NO_REASON))
    except CorrectionError:
        return []
    return _Fields(scribe, standing).all()


class _Fields:
    """The questions for new values of one entry's fields."""

    def __init__(self, scribe: Scribe, standing: Standing) -> None:
        self._scribe = scribe
        self._tables = scribe.tables
        self._event = event = standing.now
        self._sources = standing.sources
        self._raw = write_data(event.data)
        self._fields = fields_of(event.kind)
        self._zero = scribe.view.state().zero

    def all(self) -> list[tuple[str, str, Step]]:
        """The time, then the place as one, then every field that people may set."""
        found = [("time", format_elapsed(self._event.at - self._zero, millis=False), self._time())]
        hidden = {*PROGRAM_FIELDS.get(self._event.kind, ()), _OWN_NUMBER.get(self._event.kind)}
        if "site" in self._fields:
            hidden |= {"site", "side"}
            where = site_words(self._raw.get("site"), self._raw.get("side"), self._tables) or NOT_RECORDED
            found.append(("site", where, self._place(where)))
        for name, field in self._fields.items():
            if name not in hidden:
                old = self._shown(name, self._raw.get(name))
                found.append((name.replace("_", " "), old, self._question(field, old)))
        return found

    def _time(self) -> Step:
        old = format_elapsed(self._event.at - self._zero, millis=False)

        def to(at: int) -> Step:
            new = format_elapsed(at - self._zero, millis=False)
            return self._why("time", old, new, {"at": format_instant(at)})

        def typed(digits: int) -> Step:
            return to(self._zero + _clock(digits))

        by_hand = Step(
            "minutes and seconds from zero (215 is 2:15), then Enter",
            typed,
            number=Number(lambda digits: format_elapsed(_clock(digits), millis=False), most=9_995_959),
        )
        now = self._scribe.view.now()
        shifts = [self._event.at + shift * SECOND for shift in SHIFTS_S]
        choices = [
            Choice(f"{_shift(shift)}, {format_elapsed(at - self._zero, millis=False)}", at)
            for shift, at in zip(SHIFTS_S, shifts)
            if at <= now
        ]
        choices.append(Choice("another time", None))
        return Step(f"time: {old} →", lambda at: by_hand if at is None else to(at), choices)

    def _place(self, old: str) -> Step:
        def to(place: tuple[str, str] | None) -> Step:
            site, side = (None, None) if place is None else place
            new = site_words(site, side, self._tables) or NOT_RECORDED
            return self._why("site", old, new, {"site": site, "side": side})

        route = self._route()
        choices = (
            io_sites(self._scribe)
            if route == "io"
            else vein_sites(self._scribe, route)
            if route != "uvc"
            else [Choice("umbilical vein", ("umbilical_vein", "midline"))]
        )
        return Step(f"site: {old} →", to, [*choices, Choice(NOT_RECORDED, None)])

    def _route(self) -> str:
        number = getattr(self._event.data, "attempt", None)
        attempt = self._scribe.view.state().access.attempts.get(number) if number is not None else None
        return str(self._raw.get("route") or (attempt.route if attempt is not None else "piv"))

    def _question(self, field: Field, old: str) -> Step:
        name = field.name.replace("_", " ")

        def to(value: Any) -> Step:
            return self._why(name, old, self._shown(field.name, value), {field.name: value})

        prompt = f"{name}: {old} →"
        options = self._options(field)
        if options is None and isinstance(field.type, types.Whole):
            high = field.type.high if field.type.high != types.LARGEST_INTEGER else 999_999
            number = Number(str, most=high, least=field.type.low)
            return Step(f"{prompt} type it, then Enter", to, number=number)
        by_hand = Step(
            f"{prompt} type it", to, words=Words(partial(self._read, field), self._text(field.name))
        )
        if options is None:
            return by_hand
        if isinstance(field.type, types.Words):
            options = [*options, Choice("other words", _BY_HAND)]
        if not field.required:
            options = [*options, Choice(NOT_RECORDED, None)]
        return Step(prompt, lambda value: by_hand if value is _BY_HAND else to(value), options)

    def _options(self, field: Field) -> list[Choice] | None:
        """The values on offer; None where the value is typed."""
        kind, tables = self._event.kind, self._tables
        if isinstance(field.type, types.YesNo):
            return [Choice("yes", True), Choice("no", False)]
        if isinstance(field.type, types.Choice):
            return [Choice(self._shown(field.name, option), option) for option in field.type.options]
        if isinstance(field.type, types.Id):
            ids = tables.vocabulary().ids(field.type.list_name)
            if field.name == "device":
                route = self._route()
                ids = tuple(id for id in ids if id not in tables.devices or tables.devices[id].route == route)
            return [Choice(self._shown(field.name, id), id) for id in ids]
        if isinstance(field.type, types.ListOf) and isinstance(field.type.item, types.Id):
            ids = tables.vocabulary().ids(field.type.item.list_name)
            return [Choice(self._shown(field.name, [id]), [id]) for id in ids]
        if isinstance(field.type, types.MapOf):
            items = self._raw.get(field.name, {})
            there = {True: "there", False: "missing"}
            return [
                Choice(f"{label(tables.kit, id)}: {there[not is_there]}", {**items, id: not is_there})
                for id, is_there in items.items()
            ]
        if isinstance(field.type, types.Reference):
            return self._references(field.name)
        known: Mapping[tuple[str, str], list[Choice]] = {
            ("access.attempt_ended", "reason"): [
                Choice(r.label, r.id) for r in tables.failure_reasons_for(self._route())
            ],
            ("access.lost", "reason"): [Choice(r.label, r.id) for r in tables.loss_reasons.values()],
            ("access.checked", "finding"): [Choice(f.label, f.id) for f in tables.findings.values()],
        }
        return known.get((kind, field.name))

    def _references(self, name: str) -> list[Choice]:
        state = self._scribe.view.state()
        if name == "attempt":
            attempts = state.access.attempts.values()
            return [
                Choice(self._scribe.session.target(attempt).words, attempt.number) for attempt in attempts
            ]
        return [
            Choice(f"{label(self._tables.fluids, infusion.fluid)} {infusion.number}", infusion.number)
            for infusion in state.infusions.values()
        ]

    def _read(self, field: Field, text: str) -> Any:
        """A typed value as JSON has it; ValueError says what would be right."""
        changes = {field.name: text}
        try:
            amended(self._event, changes, self._tables.vocabulary())
        except CorrectionError as error:
            raise ValueError(str(error)) from None
        return text

    def _text(self, name: str) -> str:
        value = self._raw.get(name)
        return value if isinstance(value, str) else ""

    def _shown(self, name: str, value: Any) -> str:
        return value_words(self._event.kind, name, value, self._tables)

    def _why(self, name: str, old: str, new: str, changes: dict[str, Any]) -> Step:
        # A detail that another entry told is amended there.
        target = next((self._sources[field] for field in changes if field in self._sources), self._event)

        def enter(reason: str) -> None:
            data = {"target": target.seq, "changes": changes, "reason": reason}
            self._scribe.submit("event.amended", data, self._scribe.press)

        return _why(f"{name}: {old} → {new}; why?", AMEND_REASONS, enter)


_BY_HAND = object()


def _clock(digits: int) -> int:
    """215 as 2:15, 10215 as 1:02:15, in milliseconds."""
    minutes, seconds = divmod(digits, 100)
    hours, minutes = divmod(minutes, 100)
    return (hours * 60 + minutes) * MINUTE + seconds * SECOND


def _shift(seconds: int) -> str:
    span = abs(seconds)
    words = f"{span} s" if span < 60 else f"{span // 60} min"
    return f"{words} {'earlier' if seconds < 0 else 'later'}"
