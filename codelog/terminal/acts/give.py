"""Drugs and fluids. The instant is that of the letter; the entry is made when the dose is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from codelog.case.events import DrugGiven, write_data
from codelog.case.quantities import Quantity
from codelog.clinical.entries import DOSE_AGES, Drug
from codelog.debrief.gaps import (
    DRUG_UNDESCRIBED,
    FLUID_UNDESCRIBED,
    ROUTE_UNDESCRIBED,
    dose_undescribed,
)
from codelog.debrief.wording import word
from codelog.terminal.acts.doses import TUBE, Dose, by_volume, doses, rounded
from codelog.terminal.acts.scribe import Scribe, act
from codelog.terminal.session import Press, Target
from codelog.terminal.strip import Choice, Number, Step, Strip

ROUTE_OF = {"piv": "iv", "cvc": "iv", "uvc": "uvc", "io": "io"}
_ANOTHER = "another dose"

Through = Callable[[str, Target | None], None]


@dataclass(frozen=True, slots=True)
class Giving:
    """A drug or fluid that is being described, and what is done with what is said of it.

    `lines` gives the lines it can have gone through; `enter` takes a kind, its data and the line; `keep` takes a note
    of what was given where the rest is not said, so that the letter is not lost.
    """

    scribe: Scribe
    lines: Callable[[], Sequence[Target]]
    enter: Callable[[str, Mapping[str, Any], Target | None], None]
    keep: Callable[[str], None]
    skips_to: str = "note it without"


@act("drug.adrenaline")
def adrenaline(scribe: Scribe, press: Press) -> Strip | None:
    """Adrenaline: a dose by weight, and the line it goes through if there are several."""
    drug = scribe.tables.drugs["adrenaline"]
    return Strip("Adrenaline", which_dose(_now(scribe, press), drug))


@act("drug.other")
def other_drug(scribe: Scribe, press: Press) -> Strip | None:
    """Any drug of the table."""
    drugs = [drug for drug in scribe.tables.drugs.values() if drug.id != "adrenaline"]
    return Strip("Drug", which_drug(_now(scribe, press), drugs))


def _now(scribe: Scribe, press: Press) -> Giving:
    """What is given at the press."""

    def enter(kind: str, data: Mapping[str, Any], line: Target | None) -> None:
        scribe.submit(kind, data, press, about=line)

    def keep(text: str) -> None:
        scribe.submit("note.added", {"text": text}, press)

    return Giving(scribe, scribe.session.lines, enter, keep)


def which_drug(giving: Giving, drugs: Sequence[Drug]) -> Step:
    """The drug, its dose, its line."""
    note = partial(giving.keep, DRUG_UNDESCRIBED)
    choices = [Choice(drug.label, drug) for drug in drugs]
    return Step(
        "which drug?",
        lambda drug: which_dose(giving, drug),
        choices,
        on_skip=note,
        on_close=note,
        skips_to=giving.skips_to,
    )


@act("drug.repeat")
def repeat(scribe: Scribe, press: Press) -> Strip | None:
    """The last drug again: the same dose, by the same route."""
    data = _last_drug(scribe)
    if data is None:
        first, other = scribe.keymap.key("drug.adrenaline"), scribe.keymap.key("drug.other")
        scribe.tell(
            f"Nothing entered: no drug was given yet. {first} gives adrenaline, {other} another drug."
        )
        return None
    again = {
        name: data[name]
        for name in ("drug", "dose", "route", "attempt", "concentration", "volume")
        if name in data
    }
    if again.get("attempt") not in scribe.view.state().access.working:
        again.pop("attempt", None)
    scribe.submit("drug.given", again, press)
    return None


def _last_drug(scribe: Scribe) -> Any:
    for pending in reversed(scribe.session.pending.values()):
        if pending.kind == "drug.given" and pending.undo is None:
            return pending.data
    gone = scribe.session.retracted()
    for event in reversed(scribe.view.events):
        if isinstance(event.data, DrugGiven) and event.seq not in gone:
            return write_data(event.data)
    return None


def which_dose(giving: Giving, drug: Drug) -> Step:
    """The dose by weight or by hand, and the line."""
    scribe = giving.scribe
    state = scribe.view.state()
    age = state.age_days()
    ages: tuple[str, ...] = DOSE_AGES if age is None else (scribe.tables.dose_age(age),)
    weight = state.weight_kg()
    offered = doses(drug, weight, ages) if weight else []
    note = partial(giving.keep, dose_undescribed(drug.label))

    def given(dose: Dose) -> Step | None:
        return _through(giving, dose.group, lambda route, line: _give(giving, drug, dose, route, line))

    def typed(tenths: int) -> Step | None:
        return given(by_volume(drug, tenths))

    def shown(tenths: int) -> str:
        return by_volume(drug, tenths).words

    by_hand = Step(
        "volume in tenths of a mL (6 is 0.6 mL), then Enter",
        typed,
        number=Number(shown, most=999, least=1),
        on_skip=note,
        on_close=note,
        skips_to=giving.skips_to,
    )
    if not offered:
        return by_hand
    choices = [Choice(dose.words, dose) for dose in offered] + [Choice(_ANOTHER, None)]
    return Step(
        f"which dose for {state.value('weight')}?",
        lambda dose: by_hand if dose is None else given(dose),
        choices,
        on_skip=note,
        on_close=note,
        skips_to=giving.skips_to,
    )


def _give(giving: Giving, drug: Drug, dose: Dose, route: str, line: Target | None) -> None:
    data: dict[str, Any] = {"drug": drug.id, "dose": str(dose.amount), "route": route}
    if dose.volume is not None and dose.volume != dose.amount:
        data["volume"] = str(dose.volume)
    if dose.concentration is not None:
        data["concentration"] = str(dose.concentration)
    if route == "other":
        data["text"] = ROUTE_UNDESCRIBED
    giving.enter("drug.given", data, line)


def _through(giving: Giving, group: str, give: Through) -> Step | None:
    """The line it goes through: the only one there is, or asked for. Left unanswered, that is said in the entry."""
    if group == TUBE:
        give("ett", None)
        return None
    lines = giving.lines()
    if len(lines) == 1:
        give(ROUTE_OF[lines[0].route], lines[0])
        return None
    choices = [Choice(line.words, (ROUTE_OF[line.route], line)) for line in lines]
    if not lines:
        choices = [
            Choice(word("given_route", route), (route, None)) for route in ("iv", "io", "uvc", "im", "other")
        ]

    def chosen(value: tuple[str, Target | None]) -> None:
        give(*value)

    def unsaid() -> None:
        give("other", None)

    prompt = "through which line?" if lines else "by which route? (no line is in place)"
    return Step(prompt, chosen, choices, on_skip=unsaid, on_close=unsaid, skips_to="not known")


@act("fluid")
def fluid(scribe: Scribe, press: Press) -> Strip | None:
    """A bolus or an infusion begins: fluid, volume, line."""
    return Strip("Fluid", which_fluid(_now(scribe, press)))


def which_fluid(giving: Giving) -> Step:
    """The fluid, its volume, its line."""
    choices = [Choice(fluid.label, fluid) for fluid in giving.scribe.tables.fluids.values()]
    note = partial(giving.keep, FLUID_UNDESCRIBED)
    return Step(
        "which fluid?",
        lambda fluid: _volume(giving, fluid),
        choices,
        on_skip=note,
        on_close=note,
        skips_to=giving.skips_to,
    )


def _volume(giving: Giving, fluid: Drug) -> Step | None:
    scribe = giving.scribe
    state = scribe.view.state()
    age, weight = state.age_days(), state.weight_kg()

    def started(volume: Quantity | None) -> Step | None:
        data = {"fluid": fluid.id} | ({} if volume is None else {"volume": str(volume)})

        def through(route: str, line: Target | None) -> None:
            text = {"text": ROUTE_UNDESCRIBED} if route == "other" else {}
            giving.enter("infusion.started", data | {"route": route} | text, line)

        return _through(giving, "line", through)

    def unsaid() -> None:
        data = {"fluid": fluid.id, "route": "other", "text": ROUTE_UNDESCRIBED}
        giving.enter("infusion.started", data, None)

    by_hand = Step(
        "volume in mL, then Enter",
        lambda volume: started(Quantity(Decimal(volume), "mL")),
        number=Number(lambda volume: f"{volume} mL", most=5000, least=1),
        on_skip=lambda: started(None),
        on_close=unsaid,
        skips_to="no volume",
    )
    if not weight:
        return by_hand
    usual = None if age is None else fluid.range_for("iv", scribe.tables.dose_age(age))
    rates = (
        [usual.usual.value]
        if usual is not None and usual.usual is not None and usual.usual.unit == "mL/kg"
        else []
    )
    rates += [Decimal(rate) for rate in scribe.config.bolus_ml_per_kg if rate not in rates]
    choices = [_bolus(rate, weight) for rate in rates] + [Choice("another volume", None)]
    return Step(
        f"how much for {state.value('weight')}?",
        lambda volume: by_hand if volume is None else started(volume),
        choices,
        on_skip=lambda: started(None),
        on_close=unsaid,
        skips_to="no volume",
    )


def _bolus(rate: Decimal, weight: Decimal) -> Choice:
    volume = Quantity(rounded(rate * weight), "mL")
    return Choice(f"{volume} ({rate} mL/kg)", volume)
