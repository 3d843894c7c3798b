"""The clocks: from case zero, without access, the attempts, the adrenaline, and what is running."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content

from codelog.case.corrections import corrected
from codelog.case.events import CORRECTIONS, DrugGiven, Event
from codelog.case.quantities import QuantityError
from codelog.debrief.wording import label, site_words, word
from codelog.live.view import CaseView
from codelog.terminal.acts.doses import rounded
from codelog.terminal.session import Session
from codelog.terminal.widgets.calm import Calm
from codelog.terminal.widgets.figures import ALARM, CALM, WORTH_A_LOOK, Reading, access_clock, attempts, clock


def case_clock(session: Session) -> Reading:
    """Time from case zero, and small the wall's. Runs even while the opening itself waits to be saved."""
    view = session.view
    state, now = view.state(), view.now()
    elapsed = clock(max(0, now - session.zero))
    wall = datetime.fromtimestamp(now / 1000, UTC).astimezone().strftime("%H:%M")
    if state.opened is None:
        return Reading("CASE", elapsed, wall)
    title = "TRAINING CASE" if state.opened.mode == "training" else "CASE"
    if state.closed is not None:
        return Reading(title, clock(state.closed.at - state.zero), "closed")
    since = word("zero", state.opened.zero).split()[0]
    return Reading(title, elapsed, f"from {since}, {wall}")


class Adrenaline:
    """Keeps the doses as they are saved and corrected, so that a long case costs no more than a short one."""

    def __init__(self) -> None:
        self._seen = 0
        self._relevant: list[Event] = []
        self._doses: list[Event] = []
        self._total: Decimal | None = None

    def reading(self, view: CaseView) -> Reading:
        """How long ago, how many, and how much per kilogram."""
        news = [event for event in view.events[self._seen :] if event.kind in ("drug.given", *CORRECTIONS)]
        self._seen = len(view.events)
        if news:
            self._relevant += news
            drugs = [(event, event.data) for event in corrected(self._relevant)]
            self._doses = [
                event for event, data in drugs if isinstance(data, DrugGiven) and data.drug == "adrenaline"
            ]
            self._total = _total_mg(self._doses)
        if not self._doses:
            return Reading("ADRENALINE", "none")
        ago = max(0, view.now() - self._doses[-1].at)
        times = f"{len(self._doses)} x"
        total = _per_kg(self._total, view.state().weight_kg())
        return Reading("ADRENALINE", f"{clock(ago)} ago", f"{times}{'' if total is None else f', {total}'}")


def _total_mg(doses: list[Event]) -> Decimal | None:
    """All doses together; None where one is not a mass."""
    try:
        return sum(
            (event.data.dose.to("mg") for event in doses if isinstance(event.data, DrugGiven)), Decimal(0)
        )
    except QuantityError:
        return None


def _per_kg(total: Decimal | None, weight: Decimal | None) -> str | None:
    if total is None:
        return None
    return f"{rounded(total / weight)} mg/kg" if weight else f"{rounded(total)} mg"


def running(session: Session) -> Content:
    """The attempts, infusions and care that go on, each with its own clock."""
    view = session.view
    state, now, tables = view.state(), view.now(), view.tables
    parts: list[tuple[str, str]] = []
    for attempt in state.access.in_progress.values():
        where = site_words(attempt.text("site"), attempt.text("side"), tables)
        parts.append(
            (
                f"{word('access_route', attempt.route)} attempt {attempt.number} {where}".strip(),
                clock(now - attempt.start.at),
            )
        )
    for infusion in state.running_infusions():
        volume = "" if infusion.ordered is None else f" {infusion.ordered}"
        parts.append((f"{label(tables.fluids, infusion.fluid)}{volume}", clock(now - infusion.start.at)))
    for care, stamp in state.cares.items():
        parts.append((word("care", care), clock(now - stamp.at)))
    if state.arrest is not None:
        parts.append(("arrest", clock(now - state.arrest.at)))
    if not parts:
        return Content.assemble(("Nothing is running", "$quiet"))
    shown: list[tuple[str, str]] = []
    for words, span in parts:
        shown += [("   " if shown else "", ""), (f"{words} ", ""), (span, "bold $primary")]
    return Content.assemble(*shown)


class Tile(Calm):
    """One figure with its title."""

    def read(self, reading: Reading) -> None:
        """Show a reading."""
        tone = {CALM: "", WORTH_A_LOOK: "$warning", ALARM: "$alarm-foreground"}[reading.tone]
        self.set_class(reading.tone == ALARM, "-alarm")
        self.show(
            Content.assemble(
                (reading.title, f"bold {tone}" if tone else "$quiet"),
                "\n",
                (reading.figure, f"bold {tone}".strip()),
                "\n",
                (reading.beneath, tone or "$quiet"),
            )
        )


class Clocks(Horizontal):
    """The row of tiles."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._adrenaline = Adrenaline()

    def compose(self) -> ComposeResult:
        """Four tiles."""
        for name in ("case", "access", "attempts", "adrenaline"):
            yield Tile(id=f"tile-{name}")

    def read(self, session: Session) -> None:
        """Show the case as it stands now."""
        view = session.view
        self.query_one("#tile-case", Tile).read(case_clock(session))
        self.query_one("#tile-access", Tile).read(access_clock(view))
        self.query_one("#tile-attempts", Tile).read(attempts(view))
        self.query_one("#tile-adrenaline", Tile).read(self._adrenaline.reading(view))
