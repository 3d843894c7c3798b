"""Drugs and fluids. The instant is that of the letter; the entry is made when the dose is known."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from codelog.case.events import DrugGiven, write_data
from codelog.case.quantities import Quantity
from codelog.clinical.entries import DOSE_AGES, Drug
from codelog.debrief.wording import word
from codelog.terminal.acts.doses import TUBE, Dose, by_volume, doses, rounded
from codelog.terminal.acts.scribe import UNDESCRIBED, Scribe, act
from codelog.terminal.session import Press, Target
from codelog.terminal.strip import Choice, Number, Step, Strip

BOLUS_ML_PER_KG = (10, 20, 5)
"""Offered for a fluid after the volume that its table calls usual."""

_ROUTE_OF = {"piv": "iv", "cvc": "iv", "uvc": "uvc", "io": "io"}
_ANOTHER = "another dose"
_NOT_ENTERED = "note it without"

Through = Callable[[str, Target | None], None]


@act("drug.adrenaline")
def adrenaline(scribe: Scribe, press: Press) -> Strip | None:
    """Adrenaline: a dose by weight, and the line it goes through if there are several."""
    drug = scribe.tables.drugs["adrenaline"]
    return Strip("Adrenaline", _dose(scribe, press, drug))


@act("drug.other")
def other_drug(scribe: Scribe, press: Press) -> Strip | None:
    """Any drug of the table."""
    drugs = [drug for drug in scribe.tables.drugs.values() if drug.id != "adrenaline"]
    choices = [Choice(drug.label, drug) for drug in drugs]
    note = _note(scribe, press, "A drug was given: which one was not described")
    step = Step("which drug?", lambda drug: _dose(scribe, press, drug), choices, on_skip=note, on_close=note)
    return Strip("Drug", step)


@act("drug.repeat")
def repeat(scribe: Scribe, press: Press) -> Strip | None:
    """The last drug again: the same dose, by the same route."""
    data = _last_drug(scribe)
    if data is None:
        scribe.tell("Nothing entered: no drug was given yet. a gives adrenaline, d another drug.")
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


def _dose(scribe: Scribe, press: Press, drug: Drug) -> Step:
    state = scribe.view.state()
    age = state.age_days()
    ages: tuple[str, ...] = DOSE_AGES if age is None else (scribe.tables.dose_age(age),)
    weight = state.weight_kg()
    offered = doses(drug, weight, ages) if weight else []
    note = _note(scribe, press, f"{drug.label} was given: the dose was not described")

    def given(dose: Dose) -> Step | None:
        return _through(scribe, dose.group, lambda route, line: _give(scribe, press, drug, dose, route, line))

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
        skips_to=_NOT_ENTERED,
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
        skips_to=_NOT_ENTERED,
    )


def _give(scribe: Scribe, press: Press, drug: Drug, dose: Dose, route: str, line: Target | None) -> None:
    data: dict[str, Any] = {"drug": drug.id, "dose": str(dose.amount), "route": route}
    if dose.volume is not None and dose.volume != dose.amount:
        data["volume"] = str(dose.volume)
    if dose.concentration is not None:
        data["concentration"] = str(dose.concentration)
    if route == "other":
        data["text"] = f"route {UNDESCRIBED}"
    scribe.submit("drug.given", data, press, about=line)


def _through(scribe: Scribe, group: str, give: Through) -> Step | None:
    """The line it goes through: the only one there is, or asked for. Left unanswered, that is said in the entry."""
    if group == TUBE:
        give("ett", None)
        return None
    lines = scribe.session.lines()
    if len(lines) == 1:
        give(_ROUTE_OF[lines[0].route], lines[0])
        return None
    choices = [Choice(line.words, (_ROUTE_OF[line.route], line)) for line in lines]
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
    choices = [Choice(fluid.label, fluid) for fluid in scribe.tables.fluids.values()]
    note = _note(scribe, press, "A fluid was started: which one was not described")
    step = Step(
        "which fluid?", lambda fluid: _volume(scribe, press, fluid), choices, on_skip=note, on_close=note
    )
    return Strip("Fluid", step)


def _volume(scribe: Scribe, press: Press, fluid: Drug) -> Step | None:
    state = scribe.view.state()
    age, weight = state.age_days(), state.weight_kg()

    def started(volume: Quantity | None) -> Step | None:
        data = {"fluid": fluid.id} | ({} if volume is None else {"volume": str(volume)})

        def through(route: str, line: Target | None) -> None:
            text = {"text": f"route {UNDESCRIBED}"} if route == "other" else {}
            scribe.submit("infusion.started", data | {"route": route} | text, press, about=line)

        return _through(scribe, "line", through)

    def unsaid() -> None:
        scribe.submit(
            "infusion.started", {"fluid": fluid.id, "route": "other", "text": f"route {UNDESCRIBED}"}, press
        )

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
    rates += [Decimal(rate) for rate in BOLUS_ML_PER_KG if rate not in rates]
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


def _note(scribe: Scribe, press: Press, text: str) -> Callable[[], None]:
    """Something was given, and what was not said: kept as a note, so that the letter is not lost."""

    def write() -> None:
        scribe.submit("note.added", {"text": text}, press)

    return write
