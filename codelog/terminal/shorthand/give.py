"""Sentences about what is given: drugs and fluids, and infusions that change or stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from codelog.case.access import Attempt
from codelog.case.infusions import Infusion
from codelog.case.quantities import Quantity, dimension_of
from codelog.clinical.entries import DOSE_AGES, Drug
from codelog.debrief.wording import label
from codelog.terminal.acts.doses import amount_in, rounded, volume_of
from codelog.terminal.session import Target
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.sentences import (
    BECAUSE,
    OTHER,
    VERB,
    Entry,
    Said,
    Sentence,
    Unfit,
    Unsaid,
    about,
    ask_which,
    numbers,
    verb,
    verbs,
)
from codelog.terminal.shorthand.shapes import TIME_UNITS, Amount, Numbered, PerKg, Strength
from codelog.terminal.shorthand.slots import Figure, Led, Pick, Rest, Slot
from codelog.terminal.shorthand.terms import Term, phrases, term

_MASSES = ("mass", "substance", "equivalents", "international units")
_RATE = Figure(
    "rate",
    "a rate such as 12mL/h",
    shape=Amount("12mL/h", ("flow", "flow per kg"), {"ml/hr": "mL/h", "ml/kg/hr": "mL/kg/h"}),
)
_DOSE_RATE = Figure(
    "dose_rate", "a rate such as 5ug/kg/min", shape=Amount("5ug/kg/min", ("dose rate per kg",))
)
_OVER = Led(
    "over",
    "over and a time",
    lead=(term(None, "over"),),
    then=Figure("over", "a time such as 5m", shape=Amount("5m", ("time",), TIME_UNITS)),
)
_FLUSH = Led(
    "flush",
    "flush and a volume",
    lead=(term(None, "flush"),),
    then=Figure("flush", "a volume such as 3mL", shape=Amount("3mL", ("volume",))),
)


@dataclass(frozen=True, slots=True)
class Substance:
    """What an id stands for: a drug, a fluid, or both, as adrenaline is."""

    id: str
    drug: Drug | None
    fluid: Drug | None

    @property
    def entry(self) -> Drug:
        """The entry whose strength and ranges a dose is read by."""
        found = self.drug or self.fluid
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class _Route:
    """A route of a dose, and the routes of the lines that it can go through."""

    given: str
    lines: tuple[str, ...]


_ROUTES = {
    "iv": _Route("iv", ("piv", "cvc")),
    "io": _Route("io", ("io",)),
    "uvc": _Route("uvc", ("uvc",)),
    "piv": _Route("iv", ("piv",)),
    "cvc": _Route("iv", ("cvc",)),
    "im": _Route("im", ()),
    "ett": _Route("ett", ()),
}
_ROUTES_SAID = [Term(route, phrases("given_routes", id)) for id, route in _ROUTES.items()]


def give_verbs(context: Context) -> list[Term]:
    """The verbs, in the order in which they are offered."""
    known = _substances(context)
    running = bool(context.state.running_infusions())
    unnamed = Substance("other", context.tables.drugs.get("other"), None)
    unnamed_fluid = Substance("other", None, context.tables.fluids.get("other"))
    return [
        *verbs(GIVE, "substance", known),
        verb(GIVE, "drug", unnamed=unnamed),
        verb(GIVE, "infusion", "fluid", "drip", unnamed=unnamed_fluid),
        verb(CHANGE, "rate", offered=running),
        verb(STOP, "stop", offered=running),
    ]


def _substances(context: Context, *, drugs: bool = True, fluids: bool = True) -> list[Term]:
    tables = context.tables
    ids = dict.fromkeys((*(tables.drugs if drugs else ()), *(tables.fluids if fluids else ())))
    found = []
    for id in ids:
        if id != "other":
            drug = tables.drugs.get(id) if drugs else None
            substance = Substance(id, drug, tables.fluids.get(id) if fluids else None)
            found.append(Term(substance, phrases("substances", id, substance.entry.label)))
    return found


def _give_slots(said: Said, context: Context) -> list[Slot]:
    unnamed: Substance | None = said.get("unnamed")
    substance: Substance | None = said.get("substance")
    slots: list[Slot] = []
    if unnamed is not None and substance is None:
        named = _substances(context, drugs=unnamed.drug is not None, fluids=unnamed.drug is None)
        slots.append(Pick("substance", "a name", terms=named))
    meant = substance or unnamed
    assert meant is not None
    slots += _amounts(meant, said, context)
    slots += _route_slots(said, context)
    if meant.fluid is not None:
        slots += [_OVER, _RATE, _DOSE_RATE]
    what = "its name" if substance is None else "the route"
    if meant.drug is not None:
        slots.append(_FLUSH)
    return [*slots, *_strength(meant), Rest("text", f"other, and {what}", lead=OTHER)]


def _strength(substance: Substance) -> list[Slot]:
    if substance.drug is None and substance.entry.standard_concentration is None:
        return []
    known = [str(strength).replace(" ", "") for strength in substance.entry.concentrations]
    shape = Strength("0.1mg/mL", ("concentration", "molar concentration"))
    return [Figure("concentration", "a strength such as 0.1mg/mL", shape=shape, offers=known)]


def _route_slots(said: Said, context: Context) -> list[Slot]:
    route: _Route | None = said.get("route")
    lines = [line for line in context.lines if route is None or line.route in route.lines]
    return [
        Pick(
            "route", "a route", terms=[replace(each, offered="number" not in said) for each in _ROUTES_SAID]
        ),
        Figure("number", "the number of a line", shape=Numbered("#1"), offers=numbers(lines, context)),
    ]


def _amounts(substance: Substance, said: Said, context: Context) -> list[Slot]:
    entry = substance.entry
    told = any(name in said for name in ("per_kg", "dose", "volume"))
    likely = _likely(entry, context) if context.state.weight_kg() and not told else []
    example = next((each.replace(" ", "") for each in likely), "0.1mg" if substance.drug else "10mL/kg")
    masses = (*_MASSES, *(f"{mass} per kg" for mass in _MASSES[:3]))
    return [
        Figure("per_kg", f"a dose such as {example}", shape=PerKg(example), offers=likely),
        Figure("dose", f"a dose such as {example}", shape=Amount(example, masses)),
        Figure("volume", "a volume such as 5mL", shape=Amount(example, ("volume", "volume per kg"))),
    ]


def _likely(entry: Drug, context: Context) -> list[str]:
    """The doses per kilogram of the table, the usual ones first, for the ages that the child may have."""
    age = context.state.age_days()
    ages: Sequence[str] = DOSE_AGES if age is None else (context.tables.dose_age(age),)
    ranges = [each for each in entry.ranges if each.age in ages]
    per_kg = [q for each in ranges for q in (each.usual, each.min, each.max) if q is not None]
    return list(dict.fromkeys(str(q).replace(" ", "") for q in per_kg if q.unit.endswith("/kg")))


def _give(said: Said, context: Context) -> list[Entry]:
    substance = said.get("substance")
    if substance is None and "text" in said:
        substance = said["unnamed"]
    if substance is None:
        raise Unsaid("say what was given")
    runs = any(name in said for name in ("over", "rate", "dose_rate")) or "unnamed" in said
    if substance.fluid is not None and (substance.drug is None or runs):
        return [_infusion(substance.fluid, said, context)]
    return [_drug(substance.drug, said, context)]


def _drug(drug: Drug, said: Said, context: Context) -> Entry:
    strength: Quantity | None = said.get("concentration", drug.standard_concentration)
    dose, volume = _dose_and_volume(drug, said, context, drug_given=True)
    if dose is None and volume is None:
        raise Unsaid(f"{drug.label} needs a dose", _likely(drug, context))
    data: dict[str, Any] = {"drug": drug.id}
    both = dose is not None and volume is not None
    if dose is None and volume is not None:
        dose = volume if strength is None else amount_in(volume, strength)
    assert dose is not None
    data["dose"] = str(dose)
    if volume is None and strength is not None:
        volume = volume_of(dose, strength)
    if volume is not None and volume != dose:
        data["volume"] = str(volume)
        if strength is not None and (not both or "concentration" in said):
            data["concentration"] = str(strength)
    elif "concentration" in said:
        data["concentration"] = str(strength)
    if "flush" in said:
        data["flush"] = str(said["flush"])
    route, line = _through(said, context)
    return about("drug.given", data | route | said.only("text"), line)


def _infusion(fluid: Drug, said: Said, context: Context) -> Entry:
    strength: Quantity | None = said.get("concentration", fluid.standard_concentration)
    dose, volume = _dose_and_volume(fluid, said, context, drug_given=False)
    if "flush" in said:
        raise Unfit("flush", "an infusion has no flush; leave it out")
    if dose is not None and volume is not None:
        raise Unfit("dose", "an infusion has a volume; leave out the dose")
    if dose is None and "concentration" in said:
        raise Unfit("concentration", "an infusion is told by its volume or rate; leave out the strength")
    if dose is not None:
        volume = None if strength is None else volume_of(dose, strength)
        if volume is None:
            raise Unfit(
                "dose" if "dose" in said else "per_kg",
                f"{fluid.label} is started with a volume or a rate; write 10mL, 10mL/kg or 12mL/h",
            )
    data: dict[str, Any] = {"fluid": fluid.id}
    if volume is not None:
        data["volume"] = str(volume)
    rate = said.get("rate")
    if "over" in said:
        if rate is not None:
            raise Unfit("over", "a rate is said already; leave out over and its time")
        rate = _rate_over(volume, said["over"])
    if rate is not None:
        data["rate"] = str(rate)
    if "dose_rate" in said:
        data["dose_rate"] = str(said["dose_rate"])
    route, line = _through(said, context)
    return about("infusion.started", data | route | said.only("text"), line)


def _rate_over(volume: Quantity | None, time: Quantity) -> Quantity:
    if volume is None:
        raise Unsaid("say the volume that runs over this time, such as 10mL/kg")
    if not time.value:
        raise Unfit("over", "a volume does not run over no time; write a time such as 5m")
    return Quantity(rounded(volume.to("mL") / time.to("h")), "mL/h")


def _dose_and_volume(
    entry: Drug, said: Said, context: Context, *, drug_given: bool
) -> tuple[Quantity | None, Quantity | None]:
    """What was said of the amount, for the whole child."""
    dose = _whole("dose", said.get("dose"), context)
    volume = _whole("volume", said.get("volume"), context)
    per_kg: Decimal | None = said.get("per_kg")
    if per_kg is None:
        return dose, volume
    if dose is not None or volume is not None:
        raise Unfit("per_kg", "a dose is said already; write one of them")
    unit = _unit_per_kg(entry, per_kg, drug_given=drug_given)
    meant = _whole("per_kg", Quantity(per_kg, unit), context)
    return (None, meant) if dimension_of(unit) == "volume per kg" else (meant, None)


def _whole(name: str, amount: Quantity | None, context: Context) -> Quantity | None:
    """An amount for the whole child, of one that may be per kilogram."""
    if amount is None or not amount.unit.endswith("/kg"):
        return amount
    weight = context.state.weight_kg()
    if not weight:
        raise Unfit(name, "the weight is not known; enter it first, such as 1700g, or write the dose itself")
    return Quantity(rounded(amount.value * weight), amount.unit.removesuffix("/kg"))


def _unit_per_kg(entry: Drug, number: Decimal, *, drug_given: bool) -> str:
    """The unit of a bare number per kilogram: that of the table, as long as the number is one of its doses.

    Beyond them another unit may be meant: of glucose 10 %, 2/kg is 2 mL and would be ten times too much in grams.
    """
    known = [q for each in entry.ranges for q in (each.min, each.usual, each.max) if q is not None]
    by_weight = [q for q in known if q.unit.endswith("/kg")]
    units = {q.unit for q in by_weight}
    if len(units) == 1:
        unit = units.pop()
        values = [q.value for q in by_weight]
        if not drug_given or min(values) <= number <= max(values):
            return unit
        choice = f"{number}{unit} or {number}mL/kg"
    else:
        choice = f"{number}mg/kg or {number}mL/kg" if drug_given else f"{number}mL/kg or a rate"
    raise Unfit("per_kg", f"the unit of {number}/kg is not certain; write {choice}")


def _through(said: Said, context: Context) -> tuple[dict[str, Any], Target | None]:
    """The route, and the line: the one said, the only one there can be, or asked for."""
    route: _Route | None = said.get("route")
    number = said.get("number")
    if route is None and "text" in said and "substance" in said:
        return {"route": "other"}, None
    if number is not None:
        line = _line(number, context)
        of = _given_by(line.route)
        if route is not None and line.route not in route.lines:
            raise Unfit("number", f"#{number} is {line.words}; leave out the number or the route")
        return {"route": of.given}, line
    if route is None:
        if not context.lines:
            raise Unsaid("say the route: io, iv, uvc, im or ett", ("io", "iv", "uvc", "im", "ett"))
        ask_which(context.lines, context)
        return {"route": _given_by(context.lines[0].route).given}, context.lines[0]
    lines = [line for line in context.lines if line.route in route.lines]
    ask_which(lines, context)
    return {"route": route.given}, (lines[0] if lines else None)


def _given_by(line_route: str) -> _Route:
    return _ROUTES[line_route]


def _line(number: int, context: Context) -> Target:
    """A line by its number; one that is gone by now too, since a late entry may have gone through it."""
    for line in context.lines:
        if context.number(line) == number:
            return line
    gone: Attempt | None = context.state.access.attempts.get(number)
    if gone is None or gone.established is None:
        known = ", ".join(line.words for line in context.lines) or "none is in place"
        raise Unfit("number", f"#{number} is not a line; the lines are: {known}")
    return Target(gone.route, f"line {number}", number=number)


def _infusion_slots(said: Said, context: Context) -> list[Slot]:
    running = _meant(said, context)
    fluids = {i.fluid: context.tables.fluids[i.fluid] for i in running if i.fluid in context.tables.fluids}
    names = [Term(id, phrases("substances", id, entry.label)) for id, entry in fluids.items()]
    of_these = [f"#{infusion.number}" for infusion in running]
    return [
        Pick("fluid", "the name of an infusion", terms=names),
        Figure("number", "the number of an infusion", shape=Numbered("#1"), offers=of_these),
    ]


def _meant(said: Said, context: Context) -> list[Infusion]:
    number, fluid = said.get("number"), said.get("fluid")
    running = context.state.running_infusions()
    return [i for i in running if number in (None, i.number) and fluid in (None, i.fluid)]


def _running(said: Said, context: Context) -> Infusion:
    if not context.state.running_infusions():
        raise Unfit(VERB, "no infusion is running")
    meant = _meant(said, context)
    if not meant:
        raise Unfit("number", f"#{said.get('number')} is not a running infusion of that name")
    if len(meant) > 1:
        named = [f"#{i.number} ({label(context.tables.fluids, i.fluid)})" for i in meant]
        raise Unsaid(f"say which one: {' or '.join(named)}", [f"#{i.number}" for i in meant])
    return meant[0]


def _change_slots(said: Said, context: Context) -> list[Slot]:
    return [*_infusion_slots(said, context), _RATE, _DOSE_RATE]


def _change(said: Said, context: Context) -> list[Entry]:
    infusion = _running(said, context)
    rates = {name: str(value) for name, value in said.only("rate", "dose_rate").items()}
    if not rates:
        raise Unsaid("say the new rate, such as 12mL/h or 5ug/kg/min")
    return [Entry("infusion.changed", {"infusion": infusion.number} | rates)]


def _stop_slots(said: Said, context: Context) -> list[Slot]:
    given = Figure("volume", "the volume given, such as 17mL", shape=Amount("17mL", ("volume",)))
    return [*_infusion_slots(said, context), given, BECAUSE]


def _stop(said: Said, context: Context) -> list[Entry]:
    data: dict[str, Any] = {"infusion": _running(said, context).number} | said.only("reason")
    if "volume" in said:
        data["volume"] = str(said["volume"])
    return [Entry("infusion.stopped", data)]


GIVE = Sentence(_give_slots, _give)
CHANGE = Sentence(_change_slots, _change)
STOP = Sentence(_stop_slots, _stop)
