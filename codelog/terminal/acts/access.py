"""Attempts at access, from the first key to the working line, and what becomes of the line."""

from __future__ import annotations

from functools import partial
from typing import Any

from codelog.case.access import Attempt
from codelog.clinical.entries import Device
from codelog.debrief.gaps import UNDESCRIBED
from codelog.debrief.wording import label, site_words, word
from codelog.rules.bones import Bones, SiteStatus
from codelog.terminal.acts.scribe import HANDLERS, Scribe, act
from codelog.terminal.device_fit import doubt
from codelog.terminal.session import Press, Target
from codelog.terminal.strip import Choice, Number, Step, Strip

WHOLE_TEAM = "team"
"""Stands for everybody in a note that names nobody."""

_UMBILICAL = {"site": "umbilical_vein", "side": "midline"}
_PREFERENCES = {
    "disputed": "disputed",
    "theoretical": "theoretical",
    "rare": "rarely used",
    "not_recommended": "not recommended",
}
GAUGE = Number(lambda gauge: f"{gauge} G", most=30, least=14)


def start(route: str, scribe: Scribe, press: Press) -> Strip | None:
    """An attempt by a route begins; site, side, device and operator follow as they are told."""
    data = {"route": route} | (_UMBILICAL if route == "uvc" else {})
    title = f"{word('access_route', route)} attempt"
    ticket = scribe.submit("access.attempt_started", data, press)
    steps = Details(scribe, Target(route, title, ticket=ticket))
    return Strip(title, steps.operator() if route == "uvc" else steps.site())


for _route in ("piv", "uvc", "cvc", "io"):
    HANDLERS[f"attempt.{_route}"] = partial(start, _route)


class Details:
    """The questions about an attempt. Every answer is entered at once."""

    def __init__(self, scribe: Scribe, attempt: Target) -> None:
        self._scribe = scribe
        self._tables = scribe.tables
        self._route = attempt.route
        self._attempt = attempt

    def site(self) -> Step:
        """Site and side in one digit."""
        if self._route != "io":
            return Step(
                "site?", self._site_chosen, vein_sites(self._scribe, self._route), on_skip=self.device
            )
        bones = partial(io_sites, self._scribe, self._attempt)
        return Step("site?", self._site_chosen, bones(), on_skip=self.device, anew=bones)

    def device(self) -> Step:
        """The device, or for a vein the gauge of the cannula."""
        devices = [device for device in self._tables.devices.values() if device.route == self._route]
        if self._route == "piv":
            return Step("gauge? type it", self._gauge_typed, number=GAUGE, on_skip=self.operator)
        if self._route != "io":
            return self.operator()
        choices = [Choice(device.label, device, remark=self._doubt(device)) for device in devices]
        return Step("device?", self._device_chosen, choices, on_skip=self.operator)

    def needle(self, device: Device) -> Step:
        """The length of the needle, where the device comes in several."""
        choices = [Choice(f"{length} mm", length) for length in device.needle_mm]
        return Step("needle?", self._needle_chosen, choices, on_skip=self.operator)

    def operator(self) -> Step:
        """Who does it: somebody of the team, or a role."""
        team = self._scribe.view.state().team
        people = [(name, member.role) for name, member in team.items() if name != WHOLE_TEAM]
        choices = [Choice(name, {"operator": name, "operator_role": role}) for name, role in people]
        choices += [Choice(role, {"operator_role": role}) for role in self._scribe.config.operator_roles]
        return Step("operator?", self._operator_chosen, choices)

    def say(self, **details: Any) -> None:
        """Enter details of the attempt."""
        self._scribe.submit("access.attempt_described", details, self._scribe.press, about=self._attempt)

    def _site_chosen(self, value: tuple[str, str]) -> Step:
        self.say(site=value[0], side=value[1])
        return self.device()

    def _gauge_typed(self, gauge: int) -> Step:
        kinds = [device.id for device in self._tables.devices.values() if device.route == self._route]
        self.say(gauge=GAUGE.words(gauge), **({"device": kinds[0]} if len(kinds) == 1 else {}))
        return self.operator()

    def _device_chosen(self, device: Device) -> Step:
        lengths = device.needle_mm
        self.say(device=device.id, **({"needle_mm": lengths[0]} if len(lengths) == 1 else {}))
        return self.operator() if len(lengths) < 2 else self.needle(device)

    def _needle_chosen(self, length: int) -> Step:
        self.say(needle_mm=length)
        return self.operator()

    def _operator_chosen(self, who: dict[str, str]) -> None:
        self.say(**who)

    def _doubt(self, device: Device) -> str | None:
        state = self._scribe.view.state()
        weight = state.value("weight")
        return doubt(device, None if weight is None else weight.to("g"), state.age_days())


def io_sites(scribe: Scribe, about: Target | None = None) -> list[Choice]:
    """The bones in the order of preference, each with what speaks against it: before an attempt, or now."""
    view = scribe.view
    attempt = None if about is None else _attempt_of(scribe, about)
    bones = Bones(view.state(), scribe.tables, view.protocol.thresholds.same_bone_hours, view.now(), attempt)
    waiting = _bones_on_their_way(scribe, about)
    return [_io_choice(status, scribe, waiting) for status in bones.sites()]


def _io_choice(status: SiteStatus, scribe: Scribe, waiting: set[tuple[str, str]]) -> Choice:
    against = None
    if status.ruled_out is not None:
        against = label(scribe.tables.conditions, status.ruled_out.why)
    elif (status.site.bone, status.side) in waiting:
        against = "tried just now"
    words = site_words(status.site.id, status.side, scribe.tables)
    return Choice(words, (status.site.id, status.side), against, _PREFERENCES.get(status.preference))


def _attempt_of(scribe: Scribe, target: Target) -> Attempt | None:
    if target.ticket is not None:
        return scribe.session.attempt_of(target.ticket)
    return None if target.number is None else scribe.view.state().access.attempts.get(target.number)


def _bones_on_their_way(scribe: Scribe, but: Target | None) -> set[tuple[str, str]]:
    """The bones of other attempts whose site is not saved yet."""
    sites = scribe.tables.io_sites
    waiting = [
        pending for pending in scribe.session.pending.values() if pending.kind == "access.attempt_described"
    ]
    said = [pending.data for pending in waiting if but is None or not but.meant_by(pending)]
    return {(sites[data["site"]].bone, data["side"]) for data in said if data.get("site") in sites}


def vein_sites(scribe: Scribe, route: str) -> list[Choice]:
    """The veins on both sides; the table begins with the hand, so that it is read from its end for a central line."""
    sites = [
        site for site in scribe.tables.vein_sites.values() if site.id not in (_UMBILICAL["site"], "other")
    ]
    if route == "cvc":
        sites.reverse()
    return [Choice(f"{side} {site.label}", (site.id, side)) for site in sites for side in ("left", "right")]


@act("attempt.established")
def established(scribe: Scribe, press: Press) -> Strip | None:
    """An attempt gave a line; the signs that confirm it follow."""

    def end(target: Target) -> Step | None:
        scribe.submit("access.attempt_ended", {"outcome": "established"}, press, about=target)
        return signs(scribe, target)

    return scribe.one_of(scribe.session.in_progress(), "Established", _no_attempt(scribe), end)


@act("attempt.failed")
def failed(scribe: Scribe, press: Press) -> Strip | None:
    """An attempt failed; the reason follows."""
    return _without_access(scribe, press, "failed")


@act("attempt.abandoned")
def abandoned(scribe: Scribe, press: Press) -> Strip | None:
    """An attempt was broken off; the reason follows."""
    return _without_access(scribe, press, "abandoned")


_NO_LINE = "Nothing entered: no line is in place."


def _no_attempt(scribe: Scribe) -> str:
    *keys, last = (scribe.keymap.key(f"attempt.{route}") for route in ("piv", "uvc", "cvc", "io"))
    return f"Nothing entered: no attempt is in progress. {', '.join(keys)} or {last} begins one."


def _without_access(scribe: Scribe, press: Press, outcome: str) -> Strip | None:
    def end(target: Target) -> Step | None:
        ticket = scribe.submit("access.attempt_ended", {"outcome": outcome}, press, about=target)
        reasons = [Choice(r.label, r.id) for r in scribe.tables.failure_reasons_for(target.route)]
        return Step("why?", lambda reason: scribe.add(ticket, "reason", reason), reasons)

    return scribe.one_of(
        scribe.session.in_progress(), word("outcome", outcome).capitalize(), _no_attempt(scribe), end
    )


def signs(scribe: Scribe, target: Target, chosen: tuple[str, ...] = (), seen: Press | None = None) -> Step:
    """The signs that a line is where it should be; each digit enters one, as seen then or else at the digit."""

    def say(sign: str) -> Step:
        if sign not in chosen:
            scribe.submit("access.confirmed", {"signs": [sign]}, seen or scribe.press, about=target)
        return signs(scribe, target, (*chosen, sign), seen)

    choices = [Choice(sign.label, sign.id, marked=sign.id in chosen) for sign in scribe.tables.signs.values()]
    return Step("signs that it is in place?", say, choices, skips_to="done")


@act("line.signs")
def confirm(scribe: Scribe, press: Press) -> Strip | None:
    """Signs that a line is where it should be."""
    return scribe.one_of(scribe.session.lines(), "Signs", _NO_LINE, lambda target: signs(scribe, target))


@act("line.limb")
def limb(scribe: Scribe, press: Press) -> Strip | None:
    """The limb of an IO line was looked at; what was found follows."""

    def check(target: Target) -> Step | None:
        ticket = scribe.submit("access.checked", {"finding": UNDESCRIBED}, press, about=target)
        findings = [Choice(finding.label, finding.id) for finding in scribe.tables.findings.values()]
        return Step("what was found?", lambda finding: scribe.add(ticket, "finding", finding), findings)

    return scribe.one_of(
        scribe.session.lines("io") or scribe.session.lines(), "Limb checked", _NO_LINE, check
    )


@act("line.lost")
def lost(scribe: Scribe, press: Press) -> Strip | None:
    """A line does not work any more; why follows."""

    def lose(target: Target) -> Step | None:
        ticket = scribe.submit("access.lost", {"reason": UNDESCRIBED}, press, about=target)
        reasons = [Choice(reason.label, reason.id) for reason in scribe.tables.loss_reasons.values()]
        return Step("why?", lambda reason: scribe.add(ticket, "reason", reason), reasons)

    return scribe.one_of(scribe.session.lines(), "Lost", _NO_LINE, lose)


@act("line.removed")
def removed(scribe: Scribe, press: Press) -> Strip | None:
    """A line was taken out as planned."""

    def remove(target: Target) -> Step | None:
        scribe.submit("access.removed", {}, press, about=target)
        return None

    return scribe.one_of(scribe.session.lines(), "Removed", _NO_LINE, remove)


@act("access.need")
def need(scribe: Scribe, press: Press) -> Strip | None:
    """Access is needed. It counts as urgent from the press on, until a digit says otherwise."""
    ticket = scribe.submit("access.needed", {"urgency": "urgent"}, press)

    def say(urgency: str) -> None:
        if urgency != "urgent":
            scribe.add(ticket, "urgency", urgency)

    choices = [Choice(urgency, urgency) for urgency in ("emergent", "urgent", "routine")]
    return Strip("Access needed", Step("how urgently?", say, choices, skips_to="urgent"))
