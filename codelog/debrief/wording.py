"""Every kind of event as one plain sentence, and the words for the ids that the log format fixes.

Pure, and used wherever people read a case. The sentences hold text from people as it was entered: whoever prints
them makes them safe for the place they go to (`plain` for a terminal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from codelog.case import events as kinds
from codelog.case.events import Data
from codelog.case.fields import Choice, Id, ListOf
from codelog.case.instants import format_elapsed
from codelog.clinical.tables import Tables

MARKS = {"high": "***", "medium": "**", "low": "*"}
"""What stands before a flag's words, so that colour is never alone in saying how urgent it is."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "setting": {
        "delivery_room": "delivery room",
        "nicu": "neonatal unit",
        "ward": "ward",
        "emergency_department": "emergency department",
        "prehospital": "prehospital",
        "other": "elsewhere",
    },
    "zero": {"birth": "birth", "arrest": "arrest", "arrival": "arrival", "opened": "opening of the case"},
    "mode": {"clinical": "clinical", "training": "training"},
    "weight_source": {"measured": "measured", "estimated": "estimated", "length_based": "by length"},
    "cord": {"usable": "usable", "unusable": "unusable"},
    "access_route": {"piv": "PIV", "uvc": "UVC", "cvc": "CVC", "io": "IO"},
    "given_route": {
        "iv": "IV",
        "io": "IO",
        "uvc": "UVC",
        "ett": "tracheal tube",
        "im": "IM",
        "other": "another route",
    },
    "outcome": {"established": "established", "failed": "failed", "abandoned": "abandoned"},
    "care": {
        "ppv": "ventilation (PPV)",
        "cpap": "CPAP",
        "compressions": "chest compressions",
        "intubation": "intubation",
        "cord_clamping": "cord clamping",
        "cooling": "cooling",
        "other": "other care",
    },
    "because": {
        "retracted": "the entry behind it was corrected",
        "answered": "answered",
        "condition_ended": "no longer so",
        "replaced": "replaced by a newer one",
        "case_closed": "the case was closed",
    },
    "decline": {
        "uvc_in_progress": "umbilical catheter in progress",
        "vein_imminent": "a vein is about to be had",
        "not_critical": "not critical",
        "contraindicated": "contraindicated",
        "refused": "refused",
    },
    "clock": {
        "defibrillator": "defibrillator",
        "monitor": "monitor",
        "room": "room clock",
        "other": "another clock",
    },
    "part": {"well": "went well", "improve": "to improve", "action": "action"},
}
"""Words for people, by list and id. An id that is not here is shown as it is, with spaces."""


class Labelled(Protocol):
    """An entry of a table that has a label."""

    @property
    def label(self) -> str:
        """What people call it."""


def word(words: str, id: str) -> str:
    """The words for an id of one of the lists in `WORDS`."""
    return WORDS[words].get(id) or id.replace("_", " ")


def label(table: Mapping[str, Labelled], id: str) -> str:
    """What a table calls an id; words of people's own stand as they are."""
    return table[id].label if id in table else id.replace("_", " ")


def site_words(site: str | None, side: str | None, tables: Tables) -> str:
    """`left proximal tibia`, or as much of it as is known."""
    known = tables.io_sites if site in tables.io_sites else tables.vein_sites
    name = "" if site is None else label(known, site)
    shown = None if side == "midline" else side
    return " ".join(part for part in (shown, name) if part)


def reason_words(reason: str, tables: Tables) -> str:
    """Why an attempt ended or a line went, in words."""
    known = tables.failure_reasons if reason in tables.failure_reasons else tables.loss_reasons
    return label(known, reason)


NOT_RECORDED = "not recorded"


def value_words(kind: str, field: str, value: Any, tables: Tables) -> str:
    """The JSON value of a field of `kind` in words; None is not recorded."""
    if value is None:
        return NOT_RECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value_words(kind, field, part, tables) for part in value)
    if isinstance(value, dict):
        missing = [label(tables.kit, id) for id, there in value.items() if not there]
        return f"missing: {', '.join(missing)}" if missing else "all there"
    type_ = kinds.fields_of(kind)[field].type
    item = type_.item if isinstance(type_, ListOf) else type_
    if isinstance(item, Id):
        return label(_table(item.list_name, tables), value)
    if isinstance(item, Choice):
        access = kind.startswith("access.")
        words = ("access_route" if access else "given_route") if field == "route" else field
        return WORDS.get(words, {}).get(value) or str(value).replace("_", " ")
    if kind.startswith("access.") and field == "reason":
        return reason_words(value, tables)
    return str(value)


def _table(list_name: str, tables: Tables) -> Mapping[str, Labelled]:
    if list_name == "sites":
        return {**tables.vein_sites, **tables.io_sites}
    table: Mapping[str, Labelled] = getattr(tables, list_name)
    return table


def describe(data: Data, tables: Tables) -> str:
    """One sentence, without its time and without a full stop."""
    writer = _WRITERS.get(type(data))
    return data.KIND if writer is None else writer(data, tables)


def _list(parts: Iterable[str | None]) -> str:
    return ", ".join(part for part in parts if part)


def _after(head: str, rest: str, mark: str = ": ") -> str:
    return f"{head}{mark}{rest}" if rest else head


def _yes_no(value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else (yes if value else no)


def _opened(data: kinds.CaseOpened, tables: Tables) -> str:
    protocol = None if data.protocol is None else f"protocol {data.protocol.id} {data.protocol.version}"
    what = _list(
        (
            word("setting", data.setting),
            f"clock from {word('zero', data.zero)}",
            word("mode", data.mode),
            protocol,
            data.place,
            data.label,
            data.text,
        )
    )
    return f"Case opened: {what}"


def _patient(data: kinds.PatientDescribed, tables: Tables) -> str:
    weight = None if data.weight is None else f"weight {data.weight}"
    if weight and data.weight_source:
        weight += f" ({word('weight_source', data.weight_source)})"
    said = _list(
        (
            weight,
            None if data.gestation_weeks is None else f"{data.gestation_weeks} weeks of gestation",
            None
            if data.age_days is None
            else f"age {data.age_days} {'day' if data.age_days == 1 else 'days'}",
            data.sex,
            None if data.cord is None else f"cord {word('cord', data.cord)}",
            _yes_no(data.cooling, "being cooled", "not being cooled"),
        )
    )
    return _after("Patient", said or "nothing said")


def _condition(data: kinds.ConditionNoted, tables: Tables) -> str:
    where = _list((data.side, None if data.bone is None else label(tables.bones, data.bone))).replace(",", "")
    name = label(tables.conditions, data.condition)
    return _after(f"{name} {'present' if data.present else 'absent'}", where).capitalize()


def _team(data: kinds.TeamNoted, tables: Tables) -> str:
    uvc = _yes_no(
        data.uvc_experienced,
        "experienced with umbilical catheters",
        "not experienced with umbilical catheters",
    )
    io = _yes_no(data.io_experienced, "experienced with IO", "not experienced with IO")
    role = data.role.replace("_", " ")
    who = None if data.person == data.role == "team" else data.person
    return f"Team: {_list((who, role if data.person != data.role and role not in data.person else None, uvc, io))}"


def _needed(data: kinds.AccessNeeded, tables: Tables) -> str:
    return _after(f"Access needed, {data.urgency}", data.reason or "")


def _details(data: Any, tables: Tables) -> str:
    gauge = getattr(data, "gauge", None)
    needle = getattr(data, "needle_mm", None)
    return _list(
        (
            site_words(data.site, data.side, tables),
            None if data.device is None else label(tables.devices, data.device),
            gauge,
            None if needle is None else f"needle {needle} mm",
            getattr(data, "operator", None),
            (getattr(data, "operator_role", None) or "").replace("_", " "),
            data.text,
        )
    )


def _present(data: kinds.AccessPresent, tables: Tables) -> str:
    since = None if data.since is None else f"for {data.since}"
    return _after(
        f"{_route(data.route)} line {data.attempt} in place already", _list((_details(data, tables), since))
    )


def _started(data: kinds.AttemptStarted, tables: Tables) -> str:
    return _after(f"{_route(data.route)} attempt {data.attempt} started", _details(data, tables))


def _described(data: kinds.AttemptDescribed, tables: Tables) -> str:
    return _after(f"Attempt {data.attempt}", _details(data, tables) or "nothing said")


def _ended(data: kinds.AttemptEnded, tables: Tables) -> str:
    reason = "" if data.reason is None else reason_words(data.reason, tables)
    return _after(f"Attempt {data.attempt} {word('outcome', data.outcome)}", reason)


def _confirmed(data: kinds.AccessConfirmed, tables: Tables) -> str:
    signs = _list(label(tables.signs, sign) for sign in data.signs) or "no sign named"
    flush = "" if data.flush is None else f", flush {data.flush}"
    return f"Line {data.attempt} confirmed: {signs}{flush}"


def _checked(data: kinds.AccessChecked, tables: Tables) -> str:
    return f"Limb of line {data.attempt} checked: {label(tables.findings, data.finding)}"


def _lost(data: kinds.AccessLost, tables: Tables) -> str:
    return _after(f"Line {data.attempt} lost: {reason_words(data.reason, tables)}", data.text or "", ", ")


def _removed(data: kinds.AccessRemoved, tables: Tables) -> str:
    return _after(
        f"Line {data.attempt} removed", "" if data.reason is None else reason_words(data.reason, tables)
    )


def _complication(data: kinds.ComplicationNoted, tables: Tables) -> str:
    of = "" if data.attempt is None else f" of attempt {data.attempt}"
    return _after(
        f"Complication{of}: {label(tables.complications, data.complication)}", data.text or "", ", "
    )


def _kit(data: kinds.KitChecked, tables: Tables) -> str:
    ready = _list(label(tables.kit, item) for item, there in data.items.items() if there)
    missing = _list(label(tables.kit, item) for item, there in data.items.items() if not there)
    said = [f"ready {ready}"] if ready else []
    said += [f"missing {missing}"] if missing else []
    return f"Equipment: {'; '.join(said) or 'nothing said'}"


def _drug(data: kinds.DrugGiven, tables: Tables) -> str:
    volume = None
    if data.volume is not None:
        strength = "" if data.concentration is None else f" of {data.concentration}"
        volume = f"({data.volume}{strength})"
    elif data.concentration is not None:
        volume = f"(of {data.concentration})"
    given = " ".join(
        part for part in (label(tables.drugs, data.drug), str(data.dose), volume, _by(data)) if part
    )
    flush = None if data.flush is None else f"flush {data.flush}"
    return _list((_sentence(given), flush, data.text))


def _infusion(data: kinds.InfusionStarted, tables: Tables) -> str:
    amounts = _list(
        None if amount is None else str(amount) for amount in (data.volume, data.rate, data.dose_rate)
    )
    what = " ".join(part for part in (label(tables.fluids, data.fluid), amounts, _by(data)) if part)
    return _list((f"Infusion {data.infusion} started: {what}", data.text))


def _by(data: Any) -> str:
    line = "" if data.attempt is None else f" (line {data.attempt})"
    return f"by {word('given_route', data.route)}{line}"


def _infusion_changed(data: kinds.InfusionChanged, tables: Tables) -> str:
    amounts = _list(None if amount is None else str(amount) for amount in (data.rate, data.dose_rate))
    return _after(f"Infusion {data.infusion} changed", amounts)


def _infusion_stopped(data: kinds.InfusionStopped, tables: Tables) -> str:
    given = None if data.volume is None else f"{data.volume} given"
    return _after(f"Infusion {data.infusion} stopped", _list((given, data.reason)))


def _vital(data: kinds.VitalRecorded, tables: Tables) -> str:
    temperature = None if data.temperature is None else str(data.temperature).replace(" Cel", " °C")
    minute = "" if data.apgar_minute is None else f" at {data.apgar_minute} min"
    return _sentence(
        _list(
            (
                None if data.heart_rate is None else f"heart rate {data.heart_rate}",
                None if data.spo2 is None else f"SpO2 {data.spo2} %",
                None if data.resp_rate is None else f"respiratory rate {data.resp_rate}",
                None if temperature is None else f"temperature {temperature}",
                None if data.systolic is None else f"systolic pressure {data.systolic} mmHg",
                None if data.apgar is None else f"Apgar {data.apgar}{minute}",
            )
        )
    )


def _care_started(data: kinds.CareStarted, tables: Tables) -> str:
    return _after(_sentence(f"{word('care', data.care)} started"), _list((data.result, data.text)))


def _care_ended(data: kinds.CareEnded, tables: Tables) -> str:
    return _after(_sentence(f"{word('care', data.care)} ended"), _list((data.result, data.text)))


def _acknowledged(data: kinds.FlagAcknowledged, tables: Tables) -> str:
    return _after(f"Flag {data.flag} {data.action}", word("decline", data.reason) if data.reason else "")


def _amended(data: kinds.EventAmended, tables: Tables) -> str:
    changes = _list(
        f"{name.replace('_', ' ')} {'removed' if value is None else _value(name, value, tables)}"
        for name, value in data.changes.items()
    )
    return f"#{data.target} amended: {changes}" + ("" if only_adds(data) else f" ({data.reason})")


def only_adds(data: kinds.EventAmended) -> bool:
    """Whether an amendment says what was not known when the entry was made, and mends nothing."""
    return data.reason in {f"{name} added" for name in data.changes}


def _value(name: str, value: Any, tables: Tables) -> str:
    if not isinstance(value, str):
        return str(value)
    if name == "reason":
        return reason_words(value, tables)
    if name == "finding":
        return label(tables.findings, value)
    return value


def _stepped(data: kinds.ClockStepped, tables: Tables) -> str:
    way = "forward" if data.wall_ms >= 0 else "back"
    return f"The wall clock of this machine jumped {way} by {format_elapsed(abs(data.wall_ms))}; the case's time did not"


def _marked(data: kinds.ClockMarked, tables: Tables) -> str:
    return _after(f"The {word('clock', data.clock)} shows {data.shows}", data.text or "", ", ")


def _closed(data: kinds.CaseClosed, tables: Tables) -> str:
    return _after(f"Case closed: {data.outcome}", data.text or "", ", ")


def _signed(data: kinds.CaseSigned, tables: Tables) -> str:
    who = _list((data.person, data.role if data.role != data.person else None))
    return f"Signed by {who}: {data.meaning}"


def _debrief(data: kinds.DebriefNoted, tables: Tables) -> str:
    return _list((f"Debrief, {word('part', data.part)}: {data.text}", data.owner, data.due))


def _received(data: kinds.ArchiveReceived, tables: Tables) -> str:
    return f"Received by the archive {data.archive}: {data.count} entries of terminal {data.terminal}"


def _route(route: str) -> str:
    return word("access_route", route)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_WRITERS: dict[type[Data], Callable[[Any, Tables], str]] = {
    kinds.CaseOpened: _opened,
    kinds.PatientDescribed: _patient,
    kinds.ConditionNoted: _condition,
    kinds.TeamNoted: _team,
    kinds.AccessNeeded: _needed,
    kinds.AccessPresent: _present,
    kinds.AttemptStarted: _started,
    kinds.AttemptDescribed: _described,
    kinds.AttemptEnded: _ended,
    kinds.AccessConfirmed: _confirmed,
    kinds.AccessChecked: _checked,
    kinds.AccessLost: _lost,
    kinds.AccessRemoved: _removed,
    kinds.ComplicationNoted: _complication,
    kinds.KitChecked: _kit,
    kinds.DrugGiven: _drug,
    kinds.InfusionStarted: _infusion,
    kinds.InfusionChanged: _infusion_changed,
    kinds.InfusionStopped: _infusion_stopped,
    kinds.VitalRecorded: _vital,
    kinds.CareStarted: _care_started,
    kinds.CareEnded: _care_ended,
    kinds.ArrestRecognised: lambda data, tables: "Arrest recognised",
    kinds.RoscRecognised: lambda data, tables: "Return of circulation (ROSC)",
    kinds.NoteAdded: lambda data, tables: f"Note: {data.text}",
    kinds.FlagRaised: lambda data, tables: f"{MARKS[data.priority]} {data.text}",
    kinds.FlagAcknowledged: _acknowledged,
    kinds.FlagSnoozed: lambda data, tables: f"Flag {data.flag} snoozed for {data.seconds} s",
    kinds.FlagCleared: lambda data, tables: f"Flag {data.flag} cleared: {word('because', data.because)}",
    kinds.EventAmended: _amended,
    kinds.EventRetracted: lambda data, tables: f"#{data.target} retracted: {data.reason}",
    kinds.ClockStepped: _stepped,
    kinds.ClockMarked: _marked,
    kinds.CaseClosed: _closed,
    kinds.CaseReopened: lambda data, tables: _after("Case reopened", data.reason or ""),
    kinds.CaseSigned: _signed,
    kinds.DebriefNoted: _debrief,
    kinds.ArchiveReceived: _received,
}
