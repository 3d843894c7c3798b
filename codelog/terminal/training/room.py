"""The room's side of a case: one or two spoken sentences for each thing that happens, and when they are due. Pure.

What the scribe has to record is in them; what is the scribe's own (answers to flags, corrections, signatures) is not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from codelog.case import events as kinds
from codelog.case.access import Access
from codelog.case.events import Data, Event, Ref
from codelog.case.instants import MINUTE, SECOND
from codelog.clinical.tables import Tables
from codelog.debrief.wording import describe, label, reason_words, site_words, word
from codelog.terminal.training.script import Script

LEAD_MS = 10 * SECOND
"""Of a script that begins with a longer silence than a minute, this much is left."""

_A_LINE = {"piv": "a peripheral vein", "uvc": "an umbilical line", "cvc": "a central line", "io": "an IO"}
_THE_LINE = {"piv": "peripheral line", "uvc": "umbilical line", "cvc": "central line", "io": "IO"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said in the room, `since` milliseconds from case zero."""

    since: int
    words: str


@dataclass(frozen=True, slots=True)
class Room:
    """A script as it is told, in order of time."""

    script: Script
    sentences: tuple[Sentence, ...]

    @property
    def begins(self) -> int:
        """Milliseconds from case zero at which the telling begins."""
        first = self.sentences[0].since if self.sentences else 0
        return first - LEAD_MS if first > MINUTE else 0

    def told(self, elapsed: int) -> int:
        """How many sentences have been said `elapsed` milliseconds after case zero."""
        return bisect_right(self.sentences, elapsed, key=lambda sentence: sentence.since)


def room(script: Script, tables: Tables) -> Room:
    """What the room says of a script."""
    teller = _Teller(tables)
    zero = next(event.at for event in script.events if isinstance(event.data, kinds.CaseOpened))
    told = ((event.at - zero, teller.tell(event)) for event in script.events)
    return Room(script, tuple(Sentence(since, words) for since, words in told if words))


def _list(parts: Iterable[str | None], mark: str = ", ") -> str:
    return mark.join(part for part in parts if part)


def _says(who: str, *sentences: str | None) -> str:
    first, *others = [_ended(sentence) for sentence in sentences if sentence]
    return " ".join((f"{_capital(who)}: {first}", *map(_capital, others)))


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _because(what: str, why: str | None) -> str:
    return f"{what}: {why}" if why else what


class _Teller:
    """Knows the lines and infusions so far, so that they are named by where they are and not by numbers."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._access = Access()
        self._fluids: dict[Ref, str] = {}

    def tell(self, event: Event) -> str:
        """The sentences of an event; none for what the room does not say."""
        if event.kind.startswith("access."):
            self._access.apply(event)
        if isinstance(event.data, kinds.InfusionStarted):
            self._fluids[event.data.infusion] = event.data.fluid
        say = _TELLERS.get(type(event.data))
        return "" if say is None else say(self, event.data)

    def _who(self, number: Ref) -> str:
        """Who makes an attempt."""
        attempt = self._access.attempts[number]
        name, role = attempt.text("operator"), attempt.text("operator_role")
        shown = None if role is None or role in (name or "") else role.replace("_", " ")
        return _list((name, f"({shown})" if name and shown else shown), " ") or "doctor"

    def _line(self, number: Ref | None) -> str:
        attempt = None if number is None else self._access.attempts.get(number)
        if attempt is None:
            return "line"
        return _THE_LINE[attempt.route] + self._where(attempt.text("site"), attempt.text("side"))

    def _where(self, site: str | None, side: str | None) -> str:
        """Where a line is; what is umbilical needs no place."""
        if site == "umbilical_vein" or (site is None and side is None):
            return ""
        return f" in the {site_words(site, side, self._tables)}"

    def _details(self, data: Any) -> str:
        needle = getattr(data, "needle_mm", None)
        return _list(
            (
                None if data.device is None else label(self._tables.devices, data.device),
                getattr(data, "gauge", None),
                None if needle is None else f"needle {needle} mm",
                data.text,
            )
        )

    def _reason(self, reason: str | None) -> str | None:
        return None if reason is None else reason_words(reason, self._tables)

    def _through(self, data: Any) -> str:
        known = data.attempt is not None and data.attempt in self._access.attempts
        if known:
            return f"through the {self._line(data.attempt)}"
        return f"by {word('given_route', data.route)}"

    def started(self, data: kinds.AttemptStarted) -> str:
        what = f"trying {_A_LINE[data.route]}{self._where(data.site, data.side)} now"
        return _says(self._who(data.attempt), _list((what, self._details(data))))

    def described(self, data: kinds.AttemptDescribed) -> str:
        where = self._where(data.site, data.side).removeprefix(" ")
        return _says(self._who(data.attempt), _list((where, self._details(data))) or "I am the one who tries")

    def ended(self, data: kinds.AttemptEnded) -> str:
        line = self._line(data.attempt)
        what = {
            "established": f"I'm in, the {line} works",
            "failed": f"the {line} failed",
            "abandoned": f"breaking off the {line}",
        }[data.outcome]
        return _says(self._who(data.attempt), _because(what, self._reason(data.reason)))

    def confirmed(self, data: kinds.AccessConfirmed) -> str:
        signs = _list(label(self._tables.signs, sign) for sign in data.signs)
        flush = None if data.flush is None else f"flushed with {data.flush}"
        return _says("nurse", f"the {self._line(data.attempt)}: {signs or 'it is in place'}", flush)

    def checked(self, data: kinds.AccessChecked) -> str:
        finding = label(self._tables.findings, data.finding)
        return _says("nurse", f"the limb at the {self._line(data.attempt)}: {finding}")

    def lost(self, data: kinds.AccessLost) -> str:
        what = _because(f"we have lost the {self._line(data.attempt)}", self._reason(data.reason))
        return _says("nurse", what, data.text)

    def removed(self, data: kinds.AccessRemoved) -> str:
        what = f"the {self._line(data.attempt)} is out, on purpose"
        return _says("doctor", _because(what, self._reason(data.reason)))

    def present(self, data: kinds.AccessPresent) -> str:
        since = None if data.since is None else f"for {data.since}"
        what = f"there is {_A_LINE[data.route]}{self._where(data.site, data.side)} already"
        return _says("leader", _list((what, self._details(data), since)))

    def needed(self, data: kinds.AccessNeeded) -> str:
        return _says("leader", _because(f"we need access, {data.urgency}", data.reason))

    def complication(self, data: kinds.ComplicationNoted) -> str:
        where = None if data.attempt is None else f"from the {self._line(data.attempt)}"
        what = label(self._tables.complications, data.complication)
        return _says("doctor", f"a complication: {_list((what, where))}", data.text)

    def condition(self, data: kinds.ConditionNoted) -> str:
        bone = None if data.bone is None else label(self._tables.bones, data.bone)
        what = _list((label(self._tables.conditions, data.condition), _list((data.side, bone), " ")))
        return _says("doctor", f"{what}: {'yes, present' if data.present else 'asked about, and absent'}")

    def team(self, data: kinds.TeamNoted) -> str:
        def hand(value: bool | None, what: str) -> str | None:
            return None if value is None else f"{'Experienced' if value else 'Not experienced'} with {what}"

        role = data.role.replace("_", " ")
        return _says(
            data.person,
            "I am here" if data.role in data.person else f"I am here, {role}",
            hand(data.uvc_experienced, "umbilical catheters"),
            hand(data.io_experienced, "IO"),
        )

    def patient(self, data: kinds.PatientDescribed) -> str:
        return _says("leader", f"the child: {describe(data, self._tables).partition(': ')[2]}")

    def vital(self, data: kinds.VitalRecorded) -> str:
        return _says("monitor", describe(data, self._tables))

    def kit(self, data: kinds.KitChecked) -> str:
        there = _list(label(self._tables.kit, item) for item, ready in data.items.items() if ready)
        missing = _list(label(self._tables.kit, item) for item, ready in data.items.items() if not ready)
        return _says(
            "nurse",
            f"IO equipment, here: {there}" if there else None,
            f"missing: {missing}" if missing else None,
        )

    def drug(self, data: kinds.DrugGiven) -> str:
        volume = None if data.volume is None else str(data.volume)
        strength = None if data.concentration is None else f"of {data.concentration}"
        what = f"{self._plainly(self._tables.drugs, data.drug)} {data.dose} given"
        flush = None if data.flush is None else f"flushed with {data.flush}"
        given = _list((what, _list((volume, strength), " "), self._through(data)))
        return _says("nurse", given, flush, data.text)

    def infusion(self, data: kinds.InfusionStarted) -> str:
        amounts = (None if one is None else str(one) for one in (data.volume, data.rate, data.dose_rate))
        what = f"starting {self._plainly(self._tables.fluids, data.fluid)}"
        return _says("nurse", _list((what, *amounts, self._through(data))), data.text)

    def changed(self, data: kinds.InfusionChanged) -> str:
        amounts = _list(None if one is None else str(one) for one in (data.rate, data.dose_rate))
        return _says("nurse", f"{self._fluid(data.infusion)} changed to {amounts or 'another rate'}")

    def stopped(self, data: kinds.InfusionStopped) -> str:
        given = None if data.volume is None else f"{data.volume} given"
        why = None if data.reason is None else data.reason.replace("_", " ")
        return _says("nurse", _because(_list((f"{self._fluid(data.infusion)} stopped", given)), why))

    def care(self, data: kinds.CareStarted | kinds.CareEnded) -> str:
        return _says("nurse", describe(data, self._tables))

    def arrest(self, data: kinds.ArrestRecognised) -> str:
        return _says("leader", "this is an arrest")

    def rosc(self, data: kinds.RoscRecognised) -> str:
        return _says("leader", "circulation is back, this is ROSC")

    def note(self, data: kinds.NoteAdded) -> str:
        return _says("leader", f"write this down: {data.text}")

    def clock(self, data: kinds.ClockMarked) -> str:
        return _says("nurse", f"the {word('clock', data.clock)} shows {data.shows}", data.text)

    def closed(self, data: kinds.CaseClosed) -> str:
        return _says("leader", f"we end here, the outcome is: {data.outcome}", data.text)

    def reopened(self, data: kinds.CaseReopened) -> str:
        return _says("leader", _because("we go on, there is more", data.reason))

    def _fluid(self, infusion: Ref) -> str:
        fluid = self._fluids.get(infusion)
        return "the infusion" if fluid is None else self._plainly(self._tables.fluids, fluid)

    def _plainly(self, table: Any, id: str) -> str:
        """A name as it is spoken: what stands in brackets is for readers."""
        return label(table, id).split(" (")[0]


_TELLERS: dict[type[Data], Callable[[_Teller, Any], str]] = {
    kinds.PatientDescribed: _Teller.patient,
    kinds.ConditionNoted: _Teller.condition,
    kinds.TeamNoted: _Teller.team,
    kinds.AccessNeeded: _Teller.needed,
    kinds.AccessPresent: _Teller.present,
    kinds.AttemptStarted: _Teller.started,
    kinds.AttemptDescribed: _Teller.described,
    kinds.AttemptEnded: _Teller.ended,
    kinds.AccessConfirmed: _Teller.confirmed,
    kinds.AccessChecked: _Teller.checked,
    kinds.AccessLost: _Teller.lost,
    kinds.AccessRemoved: _Teller.removed,
    kinds.ComplicationNoted: _Teller.complication,
    kinds.KitChecked: _Teller.kit,
    kinds.DrugGiven: _Teller.drug,
    kinds.InfusionStarted: _Teller.infusion,
    kinds.InfusionChanged: _Teller.changed,
    kinds.InfusionStopped: _Teller.stopped,
    kinds.VitalRecorded: _Teller.vital,
    kinds.CareStarted: _Teller.care,
    kinds.CareEnded: _Teller.care,
    kinds.ArrestRecognised: _Teller.arrest,
    kinds.RoscRecognised: _Teller.rosc,
    kinds.NoteAdded: _Teller.note,
    kinds.ClockMarked: _Teller.clock,
    kinds.CaseClosed: _Teller.closed,
    kinds.CaseReopened: _Teller.reopened,
}
