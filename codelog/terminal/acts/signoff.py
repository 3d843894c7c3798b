"""Sign-off: what the record lacks, each one digit to fill or to mark as not known; then the outcome, and who signs.

What is told now of what was known (a site, a weight) is an entry now. What happened earlier (an end, a sign, a dose)
is entered when it happened: as stated, or in the middle of the time in which it must lie, with half of that as its
uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from codelog.case.access import Attempt
from codelog.case.events import AccessLost, DrugGiven, Event, InfusionStarted, NoteAdded
from codelog.case.instants import MINUTE, SECOND
from codelog.case.vocabulary import ATTEMPT_OUTCOMES, CASE_OUTCOMES, SETTINGS, URGENCIES
from codelog.debrief.gaps import (
    Gap,
    gaps,
    is_undescribed,
    lines_at,
    lines_for,
    sides,
    to_fill,
    unknown_note,
)
from codelog.debrief.wording import WORDS, word
from codelog.terminal.acts import access, child, give, record
from codelog.terminal.acts.access import WHOLE_TEAM, Details
from codelog.terminal.acts.give import ROUTE_OF, Giving
from codelog.terminal.acts.scribe import Scribe
from codelog.terminal.session import Press, Target
from codelog.terminal.strip import Choice, Number, Step, Strip

REASONS = ("nobody saw it", "not said", "not done")
"""Why a gap cannot be filled."""
GOES_ON = "it still goes on"
DESCRIBED = "described at sign-off"
_SCRIBE = "scribe"
_ROUTES = ("iv", "io", "uvc", "ett", "im")


@dataclass(frozen=True, slots=True)
class _Unknown:
    """The answer that a gap cannot be filled."""

    reason: str


class SignOff(Strip):
    """The strip that ends a case. `press` is the key that began it, `leave` leaves the case open."""

    def __init__(self, scribe: Scribe, press: Press, leave: Callable[[], None]) -> None:
        self._scribe = scribe
        self._press = press
        self._leave = leave
        self._answered: set[Gap] = set()
        super().__init__("Sign-off", self._next())

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What the record lacks as saved, what is marked as not known included, without what was answered just now."""
        view = self._scribe.view
        found = gaps(view.entries, view.state(), view.flags, view.tables)
        return tuple(gap for gap in found if gap not in self._answered)

    @property
    def numbered(self) -> dict[Gap, int]:
        """The digits of the gaps that can be chosen now."""
        return {
            choice.value: digit
            for digit, choice in enumerate(self.shown, start=1)
            if isinstance(choice.value, Gap)
        }

    def _next(self) -> Step:
        choices = self._choices()
        if not choices:
            return self._outcome()
        return Step(
            "what is missing? one digit each",
            self._fill,
            choices,
            on_skip=self._outcome,
            skips_to="close the case",
            anew=self._choices,
            starts_over=True,
        )

    def _choices(self) -> list[Choice]:
        return [Choice(f"{gap.subject}: {gap.short}", gap) for gap in to_fill(self.gaps)]

    def _fill(self, gap: Gap) -> Step:
        newest = self._scribe.newest

        def back() -> Step:
            if self._scribe.newest != newest:
                self._answered.add(gap)
            return self._next()

        return self._or_unknown(gap, _QUESTIONS[gap.field](Filling(self._scribe, gap))).then(back)

    def _or_unknown(self, gap: Gap, step: Step) -> Step:
        """The question with the answers that it cannot be answered: among the choices, or for Enter where one types."""

        def mark(reason: str) -> None:
            self._scribe.submit("note.added", {"text": unknown_note(gap, reason)}, self._scribe.press)

        def answer(value: Any) -> Step | None:
            if not isinstance(value, _Unknown):
                return step.on_choice(value)
            mark(value.reason)
            return None

        if step.number is not None:
            why = Step(
                "why is it not known?", mark, [Choice(one, one) for one in REASONS], skips_to="leave it"
            )
            return replace(step, on_skip=lambda: why, skips_to="not known")
        unknown = [Choice(f"not known: {reason}", _Unknown(reason)) for reason in REASONS]
        runs = [Choice(GOES_ON, _Unknown(GOES_ON))] if gap.field == "end" else []
        return replace(step, on_choice=answer, choices=[*runs, *step.choices, *unknown])

    def _outcome(self) -> Step:
        def end(outcome: str | None) -> Step | None:
            if outcome is None:
                self._leave()
                return None
            # The case ends when that is said, not when the gaps were opened: what was told meanwhile lies before it.
            press = Press(self._scribe.press.boot_ms, self._press.ago_ms)
            self._scribe.ago_ms = 0
            self._scribe.submit("case.closed", {"outcome": outcome}, press)
            return self._signature()

        choices = [Choice(outcome, outcome) for outcome in CASE_OUTCOMES]
        choices.append(Choice("leave it open, to be resumed", None))
        return Step("with which outcome?", end, choices, skips_to="not yet: go on recording")

    def _signature(self) -> Step:
        def sign(who: tuple[str, str]) -> None:
            signed = {"person": who[0], "role": who[1], "meaning": "recorded"}
            self._scribe.submit("case.signed", signed, self._scribe.press)

        team = self._scribe.view.state().team
        people = [(name, member.role) for name, member in team.items() if name != WHOLE_TEAM]
        people += [(role, role) for role in (_SCRIBE, *self._scribe.config.operator_roles)]
        choices = [Choice(person, (person, role)) for person, role in people]
        return Step("closed; who signs?", sign, choices, skips_to="nobody now")


class Filling:
    """The questions that fill one gap, with the means of the act that left it."""

    def __init__(self, scribe: Scribe, gap: Gap) -> None:
        self._scribe = scribe
        self._tables = scribe.tables
        self._gap = gap
        self._state = scribe.view.state()

    def site(self) -> Step:
        """Site and side in one digit."""
        return _alone(self._details().site())

    def side(self) -> Step:
        """The side of a site that is known."""
        attempt = self._attempt()
        details = self._details()
        choices = [
            Choice(side, side) for side in sides(attempt.route, attempt.text("site") or "", self._tables)
        ]
        return Step("which side?", lambda side: details.say(side=side), choices)

    def device(self) -> Step:
        """The device, or for a vein the gauge of the cannula."""
        return _alone(self._details().device())

    def needle(self) -> Step:
        """The length of the needle."""
        device = self._tables.devices[self._attempt().text("device") or ""]
        return _alone(self._details().needle(device))

    def operator(self) -> Step:
        """Who did it."""
        return self._details().operator()

    def outcome(self) -> Step:
        """How an attempt ended, and when."""
        attempt = self._attempt()

        def ended(outcome: str) -> Step:
            def enter(press: Press) -> None:
                self._scribe.submit(
                    "access.attempt_ended", {"outcome": outcome}, press, about=self._target(attempt)
                )

            return self._when(attempt.start.at, enter, ended=True)

        choices = [Choice(word("outcome", outcome), outcome) for outcome in ATTEMPT_OUTCOMES]
        return Step("with which outcome?", ended, choices)

    def end(self) -> Step:
        """When an infusion or a care ended."""
        infusion = isinstance(self._entry().data, InfusionStarted)
        kind, name = ("infusion.stopped", "infusion") if infusion else ("care.ended", "care")

        def enter(press: Press) -> None:
            self._scribe.submit(kind, {name: self._gap.about}, press)

        return self._when(self._gap.at, enter, ended=False)

    def reason(self) -> Step:
        """Why an attempt ended without access, or why a line was lost."""
        if isinstance(self._entry().data, AccessLost):
            found = [Choice(reason.label, reason.id) for reason in self._tables.loss_reasons.values()]
        else:
            route = self._attempt().route
            found = [Choice(reason.label, reason.id) for reason in self._tables.failure_reasons_for(route)]
        return Step("why?", self._amend, found)

    def finding(self) -> Step:
        """What was found on a limb."""
        findings = self._tables.findings.values()
        return Step(
            "what was found?", self._amend, [Choice(finding.label, finding.id) for finding in findings]
        )

    def setting(self) -> Step:
        """Where the case took place."""
        choices = [Choice(word("setting", setting), setting) for setting in SETTINGS if setting != "other"]
        return Step("where was it?", self._amend, choices)

    def volume(self) -> Step:
        """The volume of an infusion."""
        number = Number(lambda ml: f"{ml} mL", most=5000, least=1)
        return Step("volume in mL, then Enter", lambda ml: self._amend(f"{ml} mL"), number=number)

    def signs(self) -> Step:
        """The signs that confirmed a line, seen some time while it was in place."""
        line = self._attempt()
        since = line.start.at if line.established is None else line.established.at
        seen = self._between(since, None if line.gone is None else line.gone.at)
        return access.signs(self._scribe, self._target(line), seen=seen)

    def kit(self) -> Step:
        """The equipment, looked at some time before the first needle."""
        looked = self._between(self._state.zero, self._gap.at)
        return record.kit(self._scribe, self._scribe.press, looked)

    def conditions(self) -> Step:
        """A contraindication that was asked about."""
        return record.asked(self._scribe, self._scribe.press)

    def need(self) -> Step:
        """How urgently access was needed: at the first attempt at the latest."""

        def say(urgency: str) -> None:
            self._scribe.submit("access.needed", {"urgency": urgency}, self._then())

        return Step("how urgently?", say, [Choice(urgency, urgency) for urgency in URGENCIES])

    def answer(self) -> Step:
        """What was said to a flag."""

        def say(reason: str | None) -> None:
            declined = {"action": "accepted"} if reason is None else {"action": "declined", "reason": reason}
            self._scribe.submit(
                "flag.acknowledged", {"flag": self._gap.about, **declined}, self._scribe.press
            )

        choices = [Choice("accepted", None)]
        choices += [Choice(f"declined: {words}", reason) for reason, words in WORDS["decline"].items()]
        return Step("what was said to it?", say, choices)

    def weight(self) -> Step:
        """The weight."""
        return child.weight(self._scribe, self._scribe.press)

    def age(self) -> Step:
        """The age."""
        return child.age(self._scribe, self._scribe.press)

    def gestation(self) -> Step:
        """The weeks of gestation."""
        return child.gestation(self._scribe, self._scribe.press)

    def drug(self) -> Step:
        """Which drug was given, its dose and its line."""
        return give.which_drug(self._giving(), list(self._tables.drugs.values()))

    def dose(self) -> Step:
        """The dose of a drug and its line."""
        return give.which_dose(self._giving(), self._tables.drugs[str(self._gap.about)])

    def fluid(self) -> Step:
        """Which fluid was started, its volume and its line."""
        return give.which_fluid(self._giving())

    def line(self) -> Step:
        """The line that a drug or fluid went through, or its route where no line was in place."""
        given = self._entry().data
        assert isinstance(given, (DrugGiven, InfusionStarted))
        lines = lines_for(given, self._gap.at, self._state)

        def say(changes: Mapping[str, Any]) -> None:
            # The words that nobody had said the route are not true any more.
            cleared = {"text": None} if is_undescribed(given) else {}
            self._change({**changes, **cleared})

        choices = [
            Choice(self._target(line).words, {"route": ROUTE_OF[line.route], "attempt": line.number})
            for line in lines
        ]
        if not lines:
            choices = [Choice(word("given_route", route), {"route": route}) for route in _ROUTES]
        return Step("through which line?" if lines else "by which route?", say, choices)

    def _giving(self) -> Giving:
        """What a note says was given, to be described: the entry takes its place, at its instant."""
        note = self._entry().data
        assert isinstance(note, NoteAdded)
        then = self._then()

        def retract() -> None:
            self._scribe.submit(
                "event.retracted", {"target": self._gap.seq, "reason": DESCRIBED}, self._scribe.press
            )

        def enter(kind: str, data: Mapping[str, Any], line: Target | None) -> None:
            self._scribe.submit(kind, data, then, about=line)
            retract()

        def keep(text: str) -> None:
            if text != note.text:
                self._scribe.submit("note.added", {"text": text}, then)
                retract()

        def lines() -> list[Target]:
            return [self._target(line) for line in lines_at(self._gap.at, self._state)]

        return Giving(self._scribe, lines, enter, keep, skips_to="leave it")

    def _attempt(self) -> Attempt:
        assert self._gap.about is not None
        return self._state.access.attempts[self._gap.about]

    def _target(self, attempt: Attempt) -> Target:
        return self._scribe.session.target(attempt)

    def _details(self) -> Details:
        return Details(self._scribe, self._target(self._attempt()))

    def _entry(self) -> Event:
        return next(event for event in self._scribe.view.entries if event.seq == self._gap.seq)

    def _amend(self, value: Any) -> None:
        self._change({self._gap.field: value})

    def _change(self, changes: Mapping[str, Any]) -> None:
        data = {"target": self._gap.seq, "changes": changes, "reason": f"{self._gap.field} added"}
        self._scribe.submit("event.amended", data, self._scribe.press)

    def _when(self, since: int, enter: Callable[[Press], None], *, ended: bool) -> Step:
        """How long ago something ended. `ended`: that it did was said already, so that passing this over enters it."""

        def ago(seconds: int) -> None:
            enter(Press(self._scribe.press.boot_ms, seconds * SECOND))

        def unsaid() -> None:
            enter(self._between(since))

        past = self._now() - since
        minutes = Step(
            "minutes ago? then Enter",
            lambda count: ago(count * 60),
            number=Number(lambda count: f"{count} min", most=max(1, past // MINUTE), least=1),
            on_skip=unsaid,
            on_close=unsaid,
            skips_to="not known when",
        )
        answers: dict[str, Callable[[], Step | None]] = {}

        def offer(words: str, act: Callable[[], Step | None]) -> Choice:
            answers[words] = act
            return Choice(words, words)

        choices = [offer("just now", partial(ago, 0))]
        for seconds in self._scribe.config.ago_seconds:
            if seconds * SECOND <= past:
                choices.append(offer(f"{record.ago_words(seconds)} ago", partial(ago, seconds)))
        if past >= MINUTE:
            choices.append(offer("another time", lambda: minutes))
        choices.append(offer("ended, not known when", unsaid))
        step = Step("when did it end?", lambda words: answers[words](), choices)
        return replace(step, on_skip=unsaid, on_close=unsaid, skips_to="not known when") if ended else step

    def _then(self) -> Press:
        """The instant of the entry that the gap belongs to."""
        return Press(self._scribe.press.boot_ms, max(0, self._now() - self._gap.at), "reconstructed")

    def _between(self, since: int, until: int | None = None) -> Press:
        """Some instant from `since` until another or now: the middle, uncertain by half."""
        now = self._now()
        until = max(since, now if until is None else min(until, now))
        middle = (since + until) // 2
        half = -(-(until - since) // 2)
        return Press(self._scribe.press.boot_ms, max(0, now - middle), "reconstructed", half)

    def _now(self) -> int:
        return self._scribe.view.instant(self._scribe.press.boot_ms)


def _alone(step: Step) -> Step:
    """A question without those that follow it while an attempt is described."""

    def answer(value: Any) -> None:
        step.on_choice(value)

    return replace(step, on_choice=answer, on_skip=lambda: None)


_QUESTIONS: dict[str, Callable[[Filling], Step]] = {
    "outcome": Filling.outcome,
    "drug": Filling.drug,
    "fluid": Filling.fluid,
    "dose": Filling.dose,
    "site": Filling.site,
    "side": Filling.side,
    "line": Filling.line,
    "signs": Filling.signs,
    "device": Filling.device,
    "needle_mm": Filling.needle,
    "gauge": Filling.device,
    "reason": Filling.reason,
    "finding": Filling.finding,
    "need": Filling.need,
    "volume": Filling.volume,
    "end": Filling.end,
    "answer": Filling.answer,
    "weight": Filling.weight,
    "age_days": Filling.age,
    "gestation_weeks": Filling.gestation,
    "conditions": Filling.conditions,
    "kit": Filling.kit,
    "operator_role": Filling.operator,
    "setting": Filling.setting,
}
"""What fills each field of `codelog.debrief.gaps.FIELDS`."""
