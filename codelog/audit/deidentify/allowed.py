"""What may be told of each kind, field by field. Whatever does not stand here is left out.

Each field has a way in which its JSON value is told: as it is, where its type can only hold what a log format lists or
measures; one of a shipped list; a role in place of a person; a class in place of a figure. None leaves the field out,
and where the log format requires it, the entry with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from codelog.audit.deidentify.names import Names, known_role
from codelog.case.instants import DAY, InstantError, format_instant, parse_instant
from codelog.case.quantities import Quantity, QuantityError
from codelog.clinical.protocols import load_protocol, shipped_protocols
from codelog.clinical.tables import Tables
from codelog.debrief.wording import WORDS
from codelog.rules.catalogue import RULE_IDS, RULES, examples_of

Way = Callable[[Any, Names, str], Any]
"""(JSON value, names, terminal of the entry) -> the JSON value that is told, or None."""

REMOVED = "removed"
"""Stands for words that are not told."""

_MOST_DIGITS = 6
_SOFTWARE = re.compile(r"codelog [0-9]{1,3}(\.[0-9]{1,3}){1,2}")
_GAUGE = re.compile(r"[0-9]{1,2}(\.[0-9])? (G|F|Fr)")
_SEXES = ("female", "male", "indeterminate", "unknown")


def keep(value: Any, names: Names, terminal: str) -> Any:
    """As it is: only for types that the log format closes."""
    return value


def words(value: Any, names: Names, terminal: str) -> Any:
    """Free text: told only where somebody has reviewed it."""
    return value if names.include_text else REMOVED


def amount(value: Any, names: Names, terminal: str) -> Any:
    """A quantity of no more digits than anybody measures."""
    return value if sum(map(str.isdigit, value.partition(" ")[0])) <= _MOST_DIGITS else None


def number(value: Any, names: Names, terminal: str) -> Any:
    """The number of an attempt, infusion or flag."""
    return names.number(value, terminal)


def entry(value: Any, names: Names, terminal: str) -> Any:
    """The number of an entry."""
    return names.entry(value, terminal)


def entries(value: Any, names: Names, terminal: str) -> Any:
    """Those of the entries that are told."""
    return [told for ref in value if (told := names.entry(ref, terminal)) is not None]


def instant(value: Any, names: Names, terminal: str) -> Any:
    """An instant by its distance from case zero."""
    try:
        return format_instant(names.instant(parse_instant(value)))
    except (InstantError, OverflowError, TypeError):
        return None


def person(value: Any, names: Names, terminal: str) -> Any:
    """A role and a number in place of somebody."""
    return names.person(value)


def role(value: Any, names: Names, terminal: str) -> Any:
    """A known role, or `other`."""
    return known_role(value)


def nothing(value: Any, names: Names, terminal: str) -> Any:
    """An empty list, where the log format requires one."""
    return []


def up_to(most: int) -> Way:
    """A figure that is no larger than it can be."""
    return lambda value, names, terminal: value if abs(value) <= most else None


def one_of(options: Collection[str]) -> Way:
    """One of these words, or nothing."""
    return lambda value, names, terminal: value if value in options else None


def listed(name: str) -> Way:
    """An id of a shipped list; another one is `other` where the list has that, or nothing."""

    def way(value: Any, names: Names, terminal: str) -> Any:
        known = names.tables.vocabulary().ids(name)
        return value if value in known else "other" if "other" in known else None

    return way


def code(value: Any, names: Names, terminal: str) -> Any:
    """A reason or finding: a code of the shipped lists, or words."""
    return value if value in _codes(names.tables) else words(value, names, terminal)


def matching(pattern: re.Pattern[str]) -> Way:
    """A text of a form that says no more than it has to."""
    return lambda value, names, terminal: value if pattern.fullmatch(value) else None


def _setting(value: Any, names: Names, terminal: str) -> Any:
    return names.exactness.setting(value)


def _age(value: Any, names: Names, terminal: str) -> Any:
    return names.exactness.age_days(value)


def _gestation(value: Any, names: Names, terminal: str) -> Any:
    return names.exactness.gestation_weeks(value)


def _weight(value: Any, names: Names, terminal: str) -> Any:
    try:
        return str(names.exactness.weight(Quantity.parse(value)))
    except QuantityError:
        return None


def _protocol(value: Any, names: Names, terminal: str) -> Any:
    """A protocol that is shipped: a house's own would name the house."""
    if value["id"] not in shipped_protocols():
        return None
    shipped = load_protocol(value["id"])
    return value if (shipped.version, shipped.digest) == (value["version"], value["digest"]) else None


def _basis(value: Any, names: Names, terminal: str) -> Any:
    return value if value in _bases() else REMOVED


def _signs(value: Any, names: Names, terminal: str) -> Any:
    return [sign for sign in value if sign in names.tables.signs]


def _kit(value: Any, names: Names, terminal: str) -> Any:
    return {id: there for id, there in value.items() if id in names.tables.kit}


def _facts(value: Any, names: Names, terminal: str) -> Any:
    told = {}
    for name, way in _FACTS.items():
        kind = int if name in _COUNTS else str
        if type(value.get(name)) is kind and (fact := way(value[name], names, terminal)) is not None:
            told[name] = fact
    return told


@cache
def _bases() -> frozenset[str]:
    return frozenset(
        flag.basis for rule in RULES for example in examples_of(rule)[0] for flag in example.flags
    )


def _codes(tables: Tables) -> Collection[str]:
    lists = (tables.failure_reasons, tables.loss_reasons, tables.findings, WORDS["decline"])
    return frozenset(id for known in lists for id in known)


_COUNTS = ("seconds_without_access", "venous_attempts_failed", "io_attempt")
_FACTS: Mapping[str, Way] = {
    "seconds_without_access": up_to(DAY),
    "venous_attempts_failed": up_to(99),
    "io_attempt": number,
    "needed_at": instant,
    "io_started_at": instant,
    "need_began_by": one_of(("need", "attempt", "loss")),
    "caution": listed("conditions"),
    "condition": listed("conditions"),
    "device": listed("devices"),
    "site": listed("sites"),
    "drug": listed("drugs"),
}

_DETAILS: Mapping[str, Way] = {
    "site": listed("sites"),
    "side": keep,
    "device": listed("devices"),
    "gauge": matching(_GAUGE),
    "needle_mm": up_to(200),
    "operator": person,
    "operator_role": role,
    "text": words,
}

ALLOWED: Mapping[str, Mapping[str, Way]] = {
    "case.opened": {
        "setting": _setting,
        "zero": keep,
        "mode": keep,
        "protocol": _protocol,
        "software": matching(_SOFTWARE),
        "text": words,
    },
    "patient.described": {
        "age_days": _age,
        "gestation_weeks": _gestation,
        "weight": _weight,
        "weight_source": keep,
        "sex": one_of(_SEXES),
        "cord": keep,
        "cooling": keep,
    },
    "condition.noted": {
        "condition": listed("conditions"),
        "present": keep,
        "bone": listed("bones"),
        "side": keep,
    },
    "team.noted": {"person": person, "role": role, "uvc_experienced": keep, "io_experienced": keep},
    "access.needed": {"urgency": keep, "reason": code},
    "access.present": {
        "attempt": number,
        "route": keep,
        "site": listed("sites"),
        "side": keep,
        "device": listed("devices"),
        "since": amount,
        "text": words,
    },
    "access.attempt_started": {"attempt": number, "route": keep, **_DETAILS},
    "access.attempt_described": {"attempt": number, **_DETAILS},
    "access.attempt_ended": {"attempt": number, "outcome": keep, "reason": code},
    "access.confirmed": {"attempt": number, "signs": _signs, "flush": amount},
    "access.checked": {"attempt": number, "finding": code},
    "access.lost": {"attempt": number, "reason": code, "text": words},
    "access.removed": {"attempt": number, "reason": code},
    "complication.noted": {"complication": listed("complications"), "attempt": number, "text": words},
    "kit.checked": {"items": _kit},
    "drug.given": {
        "drug": listed("drugs"),
        "dose": amount,
        "route": keep,
        "attempt": number,
        "concentration": amount,
        "volume": amount,
        "flush": amount,
        "text": words,
    },
    "infusion.started": {
        "infusion": number,
        "fluid": listed("fluids"),
        "route": keep,
        "attempt": number,
        "volume": amount,
        "rate": amount,
        "dose_rate": amount,
        "text": words,
    },
    "infusion.changed": {"infusion": number, "rate": amount, "dose_rate": amount},
    "infusion.stopped": {"infusion": number, "volume": amount, "reason": code},
    "vital.recorded": {
        "heart_rate": up_to(400),
        "spo2": keep,
        "resp_rate": up_to(200),
        "temperature": amount,
        "systolic": up_to(300),
        "apgar": keep,
        "apgar_minute": up_to(60),
    },
    "care.started": {"care": keep, "result": words, "text": words},
    "care.ended": {"care": keep, "result": words, "text": words},
    "arrest.recognised": {},
    "rosc.recognised": {},
    "note.added": {"text": words},
    "flag.raised": {
        "flag": number,
        "rule": one_of(RULE_IDS),
        "basis": _basis,
        "priority": keep,
        "text": words,
        "evidence": entries,
        "facts": _facts,
        "unknown": nothing,
        "alternatives": nothing,
        "threshold": words,
        "source": words,
        "due_at": instant,
        "attempt": number,
        "entry": entry,
    },
    "flag.acknowledged": {"flag": number, "action": keep, "reason": code},
    "flag.snoozed": {"flag": number, "seconds": keep},
    "flag.cleared": {"flag": number, "because": keep, "evidence": entries},
    # The changes are told field by field in the ways of the kind that they change.
    "event.amended": {"target": entry, "reason": words},
    "event.retracted": {"target": entry, "reason": words},
    "clock.stepped": {"wall_ms": up_to(DAY)},
    "case.closed": {"outcome": keep, "text": words},
    "case.reopened": {"reason": code},
    "case.signed": {"person": person, "role": role, "meaning": keep},
    "debrief.noted": {"part": keep, "text": words},
}
"""Every kind and field that is told. `clock.marked` (the time on a wall) and `archive.received` (who keeps a copy) are not."""
