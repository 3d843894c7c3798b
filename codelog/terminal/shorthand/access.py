"""Sentences about access: attempts with their details and ends, lines, limbs, the need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codelog.case.vocabulary import ACCESS_ROUTES, ATTEMPT_OUTCOMES, SIDES, URGENCIES
from codelog.clinical.tables import Tables
from codelog.debrief.wording import site_words
from codelog.terminal.acts.access import GAUGE, WHOLE_TEAM
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.sentences import (
    BECAUSE,
    OTHER,
    Entry,
    Said,
    Sentence,
    Unfit,
    Unsaid,
    about,
    the_one,
    verb,
    verbs,
    which,
)
from codelog.terminal.shorthand.shapes import TIME_UNITS, Amount, Count
from codelog.terminal.shorthand.slots import Figure, Led, Name, Pick, Rest, Slot
from codelog.terminal.shorthand.terms import Term, fixed, term, terms

_UMBILICAL = {"site": "umbilical_vein", "side": "midline"}
_SIDE = Pick("side", "a side", terms=fixed("sides", SIDES))
_GAUGE_SHAPE = Figure(
    "gauge", "a gauge such as 24g", shape=Count("24g", "the gauge", GAUGE.least, GAUGE.most, "g", 0, True)
)
_NEEDLE = Figure(
    "needle_mm", "a needle such as 25mm", shape=Count("25mm", "the needle", 1, 200, "mm", 0, True)
)
_FLUSH = Figure("flush", "a flush such as 3mL", shape=Amount("3mL", ("volume",)))
_SINCE = Led(
    "since",
    "since when, such as since 12m",
    lead=(term(None, "since"), term(None, "for")),
    then=Figure("since", "a time such as 12m", shape=Amount("12m", ("time",), TIME_UNITS)),
)
_NO_ATTEMPT = "no attempt is in progress; piv, uvc, cvc or io begins one"
_NO_LINE = "no line is in place"
_OTHER_OF = {"piv": "site", "cvc": "site", "uvc": "device", "io": "device"}
"""What the word `other` is about."""


def access_verbs(context: Context) -> list[Term]:
    """The verbs, in the order in which they are offered."""
    trying, placed = bool(context.in_progress), bool(context.lines)
    return [
        *verbs(ATTEMPT, "route", fixed("access_routes", ACCESS_ROUTES)),
        *verbs(END, "outcome", fixed("outcomes", ATTEMPT_OUTCOMES), offered=trying),
        verb(DETAIL, "detail", offered=trying),
        verb(SIGNS, "signs", "confirmed", offered=placed),
        verb(LIMB, "limb", offered=placed),
        verb(LOST, "lost", offered=placed),
        verb(REMOVED, "removed", offered=placed),
        verb(NEED, "need", "needed", "access"),
        verb(PRESENT, "present", "already"),
    ]


def _details(route: str, context: Context) -> list[Slot]:
    tables = context.tables
    devices = [id for id, device in tables.devices.items() if device.route == route]
    slots: list[Slot] = []
    if route != "uvc":
        slots += [_SIDE, Pick("site", "a site", terms=_sites(route, tables))]
    slots += [
        Pick(
            "device",
            "a device",
            terms=terms("devices", {id: tables.devices[id] for id in devices}, but=("other",)),
        ),
        _NEEDLE if route == "io" else _GAUGE_SHAPE,
        *_operator(context),
        Rest("text", "other, and what it was", lead=OTHER),
    ]
    return slots


def _operator(context: Context) -> list[Slot]:
    team = [person for person in context.state.team if person != WHOLE_TEAM]
    people = [term(person, person) for person in team if person.split()]
    name = Name("operator", "a name", terms=people)
    return [
        Pick("operator_role", "a role", terms=[term(role, role) for role in context.roles]),
        Led("operator", "by and a name", lead=(term(None, "by"),), then=name),
    ]


def _sites(route: str, tables: Tables) -> list[Term]:
    if route == "io":
        return terms("io_sites", tables.io_sites)
    return terms("vein_sites", tables.vein_sites, but=(_UMBILICAL["site"], "other"))


def _described(said: Said, context: Context, route: str) -> dict[str, Any]:
    """The details as the log has them, with what follows from the device or the route alone."""
    found = said.only("site", "side", "device", "operator", "operator_role", "text")
    tables = context.tables
    if "text" in found:
        found.setdefault(_OTHER_OF[route], "other")
    if "gauge" in said:
        kinds = [device.id for device in tables.devices.values() if device.route == route]
        found["gauge"] = GAUGE.words(int(said["gauge"]))
        if len(kinds) == 1:
            found.setdefault("device", kinds[0])
    device = tables.devices.get(found.get("device", ""))
    if "needle_mm" in said:
        found["needle_mm"] = int(said["needle_mm"])
    elif device is not None and len(device.needle_mm) == 1:
        found["needle_mm"] = device.needle_mm[0]
    site = tables.io_sites.get(found.get("site", ""))
    if site is not None:
        if len(site.sides) == 1:
            found.setdefault("side", site.sides[0])
        if found.get("side") not in (None, *site.sides):
            raise Unfit("side", f"the {site_words(site.id, None, tables)} is {' or '.join(site.sides)}")
    role = context.state.team.get(found.get("operator", ""))
    if role is not None:
        found.setdefault("operator_role", role.role)
    return found


def _reasons(routes: Sequence[str], context: Context) -> Pick:
    found = {r.id: r for route in routes for r in context.tables.failure_reasons_for(route)}
    return Pick("reason", "a reason", terms=terms("failure_reasons", found))


def _signs(context: Context) -> list[Slot]:
    return [Pick("signs", "a sign", many=True, terms=terms("signs", context.tables.signs)), _FLUSH]


def _after(outcome: str | None, routes: Sequence[str], context: Context) -> list[Slot]:
    if outcome is None:
        return [Pick("outcome", "how it ended", terms=fixed("outcomes", ATTEMPT_OUTCOMES))]
    return _signs(context) if outcome == "established" else [_reasons(routes, context), BECAUSE]


def _ended(said: Said) -> list[tuple[str, dict[str, Any]]]:
    entries = [("access.attempt_ended", said.only("outcome", "reason"))]
    if "signs" in said or "flush" in said:
        entries.append(("access.confirmed", _confirmed(said)))
    return entries


def _confirmed(said: Said) -> dict[str, Any]:
    flush = {"flush": str(said["flush"])} if "flush" in said else {}
    return {"signs": list(dict.fromkeys(said.get("signs", ())))} | flush


def _attempt_slots(said: Said, context: Context) -> list[Slot]:
    route = said["route"]
    return [*_details(route, context), *_after(said.get("outcome"), (route,), context)]


def _attempt(said: Said, context: Context) -> list[Entry]:
    route = said["route"]
    known = _UMBILICAL if route == "uvc" else {}
    entries = [Entry("access.attempt_started", {"route": route} | known | _described(said, context, route))]
    if "outcome" in said:
        entries += [Entry(kind, data, follows=0) for kind, data in _ended(said)]
    return entries


def _end_slots(said: Said, context: Context) -> list[Slot]:
    routes = [target.route for target in context.in_progress]
    of = [said["of"]] if "of" in said else (routes or ACCESS_ROUTES)
    return [*which(context.in_progress, said, context), *_after(said["outcome"], of, context)]


def _end(said: Said, context: Context) -> list[Entry]:
    target = the_one(context.in_progress, said, context, _NO_ATTEMPT)
    return [about(kind, data, target) for kind, data in _ended(said)]


def _detail_slots(said: Said, context: Context) -> list[Slot]:
    routes = list(dict.fromkeys(target.route for target in context.in_progress))
    route = said.get("of", routes[0] if len(routes) == 1 else None)
    return [*which(context.in_progress, said, context), *([] if route is None else _details(route, context))]


def _detail(said: Said, context: Context) -> list[Entry]:
    target = the_one(context.in_progress, said, context, _NO_ATTEMPT)
    found = _described(said, context, target.route)
    if not found:
        raise Unsaid("say a detail: a side, a site, a device, who did it")
    return [about("access.attempt_described", found, target)]


def _signs_slots(said: Said, context: Context) -> list[Slot]:
    return [*_signs(context), *which(context.lines, said, context)]


def _sign(said: Said, context: Context) -> list[Entry]:
    line = the_one(context.lines, said, context, _NO_LINE)
    if "signs" not in said:
        raise Unsaid("say a sign, such as aspirate or flush")
    return [about("access.confirmed", _confirmed(said), line)]


def _limb_slots(said: Said, context: Context) -> list[Slot]:
    findings = terms("findings", context.tables.findings)
    return [Pick("finding", "what was found", terms=findings), *which(context.lines, said, context)]


def _limb(said: Said, context: Context) -> list[Entry]:
    through_bone = [line for line in context.lines if line.route == "io"]
    named = "number" in said or "of" in said
    lines = context.lines if named or not through_bone else through_bone
    line = the_one(lines, said, context, _NO_LINE)
    if "finding" not in said:
        raise Unsaid("say what was found, such as ok, swelling or cold")
    return [about("access.checked", {"finding": said["finding"]}, line)]


def _lost_slots(said: Said, context: Context) -> list[Slot]:
    reasons = terms("loss_reasons", context.tables.loss_reasons, but=("other",))
    return [
        Pick("reason", "a reason", terms=reasons),
        BECAUSE,
        Rest("text", "other, and why", lead=OTHER),
        *which(context.lines, said, context),
    ]


def _lost(said: Said, context: Context) -> list[Entry]:
    line = the_one(context.lines, said, context, _NO_LINE)
    reason = said.get("reason", "other" if "text" in said else None)
    if reason is None:
        raise Unsaid("say why, such as dislodged, infiltrated or occluded")
    return [about("access.lost", {"reason": reason} | said.only("text"), line)]


def _removed_slots(said: Said, context: Context) -> list[Slot]:
    return [*which(context.lines, said, context), BECAUSE]


def _removed(said: Said, context: Context) -> list[Entry]:
    line = the_one(context.lines, said, context, _NO_LINE)
    return [about("access.removed", said.only("reason"), line)]


def _need_slots(said: Said, context: Context) -> list[Slot]:
    return [Pick("urgency", "an urgency", terms=fixed("urgencies", URGENCIES)), BECAUSE]


def _need(said: Said, context: Context) -> list[Entry]:
    # As the key does: urgent until somebody says otherwise.
    return [Entry("access.needed", {"urgency": "urgent"} | said.only("urgency", "reason"))]


def _present_slots(said: Said, context: Context) -> list[Slot]:
    if "route" not in said:
        return [Pick("route", "a route", terms=fixed("access_routes", ACCESS_ROUTES))]
    kept = ("side", "site", "device", "text")
    return [_SINCE, *(slot for slot in _details(said["route"], context) if slot.name in kept)]


def _present(said: Said, context: Context) -> list[Entry]:
    if "route" not in said:
        raise Unsaid("say the route of the line: piv, uvc, cvc or io", ACCESS_ROUTES)
    route = said["route"]
    known = _UMBILICAL if route == "uvc" else {}
    found = {k: v for k, v in _described(said, context, route).items() if k != "needle_mm"}
    since = {"since": str(said["since"])} if "since" in said else {}
    return [Entry("access.present", {"route": route} | known | found | since)]


ATTEMPT = Sentence(_attempt_slots, _attempt)
END = Sentence(_end_slots, _end)
DETAIL = Sentence(_detail_slots, _detail)
SIGNS = Sentence(_signs_slots, _sign)
LIMB = Sentence(_limb_slots, _limb)
LOST = Sentence(_lost_slots, _lost)
REMOVED = Sentence(_removed_slots, _removed)
NEED = Sentence(_need_slots, _need)
PRESENT = Sentence(_present_slots, _present)
