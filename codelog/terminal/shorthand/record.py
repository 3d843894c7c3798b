"""Sentences about conditions, complications, the team, the equipment; and notes."""

from __future__ import annotations

from typing import Any

from codelog.case.vocabulary import SIDES
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.sentences import (
    OTHER,
    YES_NO,
    Entry,
    Said,
    Sentence,
    Unfit,
    Unsaid,
    verb,
    verbs,
)
from codelog.terminal.shorthand.shapes import Numbered
from codelog.terminal.shorthand.slots import Figure, Led, Name, Pick, Rest, Slot
from codelog.terminal.shorthand.terms import Term, fixed, term, terms

_PLACELESS = ("systemic", "caution")


def _condition_slots(said: Said, context: Context) -> list[Slot]:
    slots: list[Slot] = [Pick("present", "yes or no", terms=YES_NO)]
    condition = context.tables.conditions[said["condition"]]
    if condition.scope not in _PLACELESS and condition.bone is None:
        slots.append(Pick("side", "a side", terms=fixed("sides", SIDES)))
        slots.append(Pick("bone", "a bone", terms=terms("bones", context.tables.bones)))
    return slots


def _condition(said: Said, context: Context) -> list[Entry]:
    if "present" not in said:
        raise Unsaid("say yes for present or no for absent", ("yes", "no"))
    if "side" in said and "bone" not in said:
        raise Unsaid("say the bone of that side, such as tibia")
    return [Entry("condition.noted", said.only("condition", "present", "bone", "side"))]


def _complication_slots(said: Said, context: Context) -> list[Slot]:
    found = terms("complications", context.tables.complications, but=("other",))
    numbers = [f"#{number}" for number in context.state.access.attempts]
    return [
        Pick("complication", "a complication", terms=found),
        Figure("number", "the number of an attempt", shape=Numbered("#1"), offers=numbers),
        Rest("text", "other, and which", lead=OTHER),
    ]


def _complication(said: Said, context: Context) -> list[Entry]:
    complication = said.get("complication", "other" if "text" in said else None)
    if complication is None:
        raise Unsaid("say which complication, such as extravasation")
    data = {"complication": complication} | said.only("text")
    number = said.get("number")
    if number is not None:
        if number not in context.state.access.attempts:
            raise Unfit("number", f"there is no attempt {number}")
        data["attempt"] = number
    return [Entry("complication.noted", data)]


def _team_slots(said: Said, context: Context) -> list[Slot]:
    return [
        Pick("role", "a role", terms=[term(role, role) for role in context.roles]),
        Led("uvc", "uvc yes or no", lead=(term(None, "uvc"),), then=Pick("uvc", "yes or no", terms=YES_NO)),
        Led("io", "io yes or no", lead=(term(None, "io"),), then=Pick("io", "yes or no", terms=YES_NO)),
        Name("person", "a name", terms=[term(name, name) for name in context.state.team if name.split()]),
    ]


def _team(said: Said, context: Context) -> list[Entry]:
    team = context.state.team
    person, role = said.get("person"), said.get("role")
    if role is None and person in team:
        role = team[person].role
    if role is None:
        raise Unsaid(f"say the role, such as {' or '.join(context.roles[:2])}", context.roles)
    if person is None:
        person = f"{role} {1 + sum(member.role == role for member in team.values())}"
    data: dict[str, Any] = {"person": person, "role": role}
    for name, field in (("uvc", "uvc_experienced"), ("io", "io_experienced")):
        if name in said:
            data[field] = said[name]
    return [Entry("team.noted", data)]


def _kit_slots(said: Said, context: Context) -> list[Slot]:
    items = terms("kit", context.tables.kit)
    missing = Pick("missing", "what is missing", many=True, terms=items)
    if "no" in said:
        return [missing]
    return [
        Pick("ready", "what is ready", many=True, terms=items),
        Pick("all", "all", terms=(term(True, "all", "ok", "complete"),)),
        Pick("no", "no, and what is missing", terms=(term(True, "no", "missing"),)),
    ]


def _kit(said: Said, context: Context) -> list[Entry]:
    items: dict[str, bool] = dict.fromkeys(context.tables.kit if "all" in said else (), True)
    items |= dict.fromkeys(said.get("ready", ()), True)
    items |= dict.fromkeys(said.get("missing", ()), False)
    if not items or ("no" in said and "missing" not in said):
        raise Unsaid("say all, or what is there, or no and what is missing")
    return [Entry("kit.checked", {"items": items})]


def _note_slots(said: Said, context: Context) -> list[Slot]:
    return [Rest("text", "the words of the note")]


def _note(said: Said, context: Context) -> list[Entry]:
    if "text" not in said:
        raise Unsaid("write the words after note")
    return [Entry("note.added", said.only("text"))]


NOTE = Sentence(_note_slots, _note)
CONDITION = Sentence(_condition_slots, _condition)
COMPLICATION = Sentence(_complication_slots, _complication)
TEAM = Sentence(_team_slots, _team)
KIT = Sentence(_kit_slots, _kit)


def record_verbs(context: Context) -> list[Term]:
    """The verbs, in the order in which they are offered."""
    return [
        *verbs(CONDITION, "condition", terms("conditions", context.tables.conditions)),
        verb(COMPLICATION, "complication"),
        verb(TEAM, "team"),
        verb(KIT, "kit", "equipment"),
        verb(NOTE, "note", "text"),
    ]
